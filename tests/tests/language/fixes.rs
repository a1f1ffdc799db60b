//! Safe mends, over all cases: what is mended is no longer found, and nothing else is found in its place.

use std::collections::BTreeMap;

use bffgen::fix::fix;
use bffgen::{Compiled, Options};

use crate::check::{self, Files};
use crate::pages;

fn messages(compiled: &Compiled) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for found in &compiled.diagnostics {
        *all.entry(format!("{} {}", found.code, found.message)).or_insert(0) += 1;
    }
    all
}

#[test]
fn what_is_mended_is_gone() {
    let (mut made, mut left, mut codes) = (0, Vec::new(), std::collections::BTreeSet::new());
    for page in pages() {
        for case in &page.cases {
            let title = format!("{} ## {}", page.name, case.title);
            let mut files = check::files(&page, std::iter::once(case));
            files.insert("web.bff.yaml".to_owned(), check::composition(&page, &case.composition));
            let before = bffgen::compile("web.bff.yaml", &mut Files(files.clone()), &Options::default());
            let fixed = fix("web.bff.yaml", &mut Files(files.clone()), &Options::default());
            files.extend(fixed.files.clone());
            let then = bffgen::compile("web.bff.yaml", &mut Files(files), &Options::default());
            assert_eq!(messages(&fixed.compiled), messages(&then), "{title}: what is told is what is there");
            let (before, then) = (messages(&before), messages(&then));
            for edit in &fixed.made {
                let key = format!("{} {}", edit.code, edit.finding);
                let count = |of: &BTreeMap<String, usize>| of.get(&key).copied().unwrap_or(0);
                assert!(count(&then) < count(&before).max(1), "{title}: {key} is still there");
                codes.insert(edit.code);
            }
            assert_eq!(fixed.made.is_empty(), fixed.files.is_empty(), "{title}");
            made += fixed.made.len();
            left.extend(fixed.left.iter().map(|edit| format!("{title}: {}", edit.finding)));
        }
    }
    if std::env::var_os("ONLY").is_none() {
        assert!(made > 15 && codes.len() > 5, "{made} mended, of {codes:?}; left {left:#?}");
    }
}
