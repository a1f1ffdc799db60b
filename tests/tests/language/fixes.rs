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

const SHOP: &str = "
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /products:
    get:
      operationId: listProducts
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses:
        '200':
          description: Products.
          content: { application/json: { schema: { type: object, required: [items, media], properties: { items: { type: array, items: { type: string } }, media: { $ref: '#/components/schemas/Media' } } } } }
components:
  schemas:
    Media: { oneOf: [ { $ref: '#/components/schemas/Image' }, { $ref: '#/components/schemas/Video' } ] }
    Image: { type: object, required: [kind, url], properties: { kind: { const: image }, url: { type: string } } }
    Video: { type: object, required: [kind, src], properties: { kind: { const: video }, src: { type: string } } }
";

/// The calls and response of an endpoint, and what `--fix` makes of them.
const FIXED: &[(&str, &str)] = &[
    // An anchor and a tag are no part of what is written behind them.
    ("{ o: shop.listProducts } => { a: &v o.itms, b: *v }", "{ o: shop.listProducts } => { a: &v o.items, b: *v }"),
    ("{ o: shop.listProducts } => { a: !!str o.itms }", "{ o: shop.listProducts } => { a: !!str o.items }"),
    (
        "{ o: shop.listProducts } => { a: &a !!str \"o.itms\" }",
        "{ o: shop.listProducts } => { a: &a !!str \"o.items\" }",
    ),
    ("{ o: &op shop.listProductz } => o.items", "{ o: &op shop.listProducts } => o.items"),
    ("{ o: shop.listProducts } => &a |\n      o.itms", "{ o: shop.listProducts } => &a |\n      o.items"),
    (
        "{ o: shop.listProducts } => !x >- # why\n\n      o\n      .itms",
        "{ o: shop.listProducts } => !x >- # why\n\n      o\n      .items",
    ),
    // What comes to light behind a mend is mended with it.
    ("{ o: shop.listProductz } => o.itms", "{ o: shop.listProducts } => o.items"),
    // The right key stands already: nothing is done there, and all else is.
    (
        "{ o: { operation: shop.listProducts, timout: 3s, timeout: 2s } } => { a: o.items }",
        "{ o: { operation: shop.listProducts, timout: 3s, timeout: 2s } } => { a: o.items }",
    ),
    (
        "{ o: { operation: shop.listProducts, with: { limt: 3, limit: 4 } } } => { a: o.itms, b: o.itemz }",
        "{ o: { operation: shop.listProducts, with: { limt: 3, limit: 4 } } } => { a: o.items, b: o.items }",
    ),
    (
        "{ o: shop.listProducts } => { $match: o.media as m, Imag: m.url, Image: m.url, Video: m.src }",
        "{ o: shop.listProducts } => { $match: o.media as m, Imag: m.url, Image: m.url, Video: m.src }",
    ),
];

#[test]
fn a_mend_makes_nothing_worse() {
    let composition = |text: &str| {
        let (calls, response) = text.split_once(" => ").expect("calls and a response");
        format!(
            "bffgen: 1\nbff: web\nupstreams: {{ shop: {{ spec: shop.yaml }} }}\nendpoints:\n  GET /x:\n    calls: {calls}\n    response: {response}\n"
        )
    };
    for (from, to) in FIXED {
        let files =
            BTreeMap::from([("shop.yaml".to_owned(), SHOP.to_owned()), ("web.bff.yaml".to_owned(), composition(from))]);
        let fixed = fix("web.bff.yaml", &mut Files(files), &Options::default());
        let text = fixed.files.get("web.bff.yaml").cloned().unwrap_or_else(|| composition(from));
        let left: Vec<_> = fixed.left.iter().map(|edit| edit.instead.as_deref().unwrap_or_default()).collect();
        assert_eq!(text, composition(to), "{left:?}");
        assert!(fixed.made.is_empty() != left.is_empty() || from.contains("limt"), "{from}: {left:?}");
        assert!(left.iter().all(|instead| instead.contains("stands twice")), "{from}: {left:?}");
    }
}
