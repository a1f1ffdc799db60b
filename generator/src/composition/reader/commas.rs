//! What a comma does to an expression without quotes in `{ ... }`: it ends it, which is a surprise.

use crate::diag::Diagnostic;
use crate::source::Sources;

/// Says so where an expression that is not complete ends at a comma.
pub(super) fn explain(found: &mut Diagnostic, sources: &Sources) {
    let Some(span) = found.labels.first().map(|label| label.span) else { return };
    let ends = found.code == "BFF0333" && found.message.ends_with("this is the end");
    let behind = sources.file(span.source).text.get(span.end as usize..).unwrap_or_default();
    if ends && behind.trim_start().starts_with(',') {
        found.help =
            vec!["In `{ ... }` and `[ ... ]`, a comma ends the value: put quotes around the whole expression.".into()];
    }
}
