//! Keys that stand twice in one object: reported, the last wins.

use super::Member;
use crate::diag::Diagnostic;

/// Objects up to this size are compared pair by pair, which is faster than sorting.
const PAIRWISE: usize = 12;

/// Reports keys that occur again and removes all but the last of each.
pub(super) fn settle(members: &mut Vec<Member>, found: &mut Vec<Diagnostic>) {
    if !has_duplicates(members) {
        return;
    }
    let mut last = std::collections::HashMap::new();
    for (i, member) in members.iter().enumerate() {
        if let Some(earlier) = last.insert(member.key.clone(), i) {
            let message = format!("the key `{}` stands twice in one object", member.key);
            found.push(
                Diagnostic::error("BFF0106", message, member.key_span)
                    .at("here again")
                    .label(members[earlier].key_span, "first here")
                    .help("Only the last would count. Remove or rename one of the two."),
            );
        }
    }
    let mut i = 0;
    members.retain(|member| {
        i += 1;
        last.get(&member.key) == Some(&(i - 1))
    });
}

fn has_duplicates(members: &[Member]) -> bool {
    if members.len() <= PAIRWISE {
        return (1..members.len()).any(|i| members[..i].iter().any(|m| m.key == members[i].key));
    }
    let mut keys: Vec<&str> = members.iter().map(|m| &*m.key).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
