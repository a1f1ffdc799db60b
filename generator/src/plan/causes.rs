//! One cause, one finding: what a broken schema brings about is told once, where the composition meets it.

use crate::diag::{Diagnostic, Label, Severity};
use crate::source::Span;

/// Takes out findings that say again what another one says of the same place of a document.
pub fn once(diags: &mut Vec<Diagnostic>) {
    let mut told: Vec<(Span, usize)> = Vec::new();
    let mut keep = vec![true; diags.len()];
    // Where the composition meets it: the first place.
    for (at, diag) in diags.iter().enumerate().filter(|(_, diag)| diag.code == "BFF0413") {
        let Some(cause) = diag.labels.get(1).map(|label| label.span) else { continue };
        match told.iter().any(|(span, _)| *span == cause) {
            true => keep[at] = false,
            false => told.push((cause, at)),
        }
    }
    // Where it stands.
    for (at, diag) in diags.iter().enumerate().filter(|(_, diag)| diag.code == "BFF0413" && diag.labels.len() == 1) {
        let cause = diag.labels[0].span;
        match told.iter().any(|(span, _)| *span == cause) {
            true => keep[at] = false,
            false => told.push((cause, at)),
        }
    }
    let mut helps: Vec<(usize, String)> = Vec::new();
    let mut places: Vec<(usize, Span)> = Vec::new();
    for (at, diag) in diags.iter().enumerate() {
        let Some(place) = diag.labels.first().map(|label| label.span) else { continue };
        let within = told.iter().find(|(cause, _)| holds(*cause, place)).map(|(_, by)| *by);
        match (diag.code, diag.severity, within) {
            ("BFF0203" | "BFF0204" | "BFF0205", Severity::Warning, Some(by)) => {
                keep[at] = false;
                helps.extend(diag.help.iter().map(|help| (by, help.clone())));
            }
            // The circle that a use names.
            ("BFF0204", Severity::Warning, None) => {
                let name = diag.message.split('`').nth(1).unwrap_or_default();
                let circle = format!("circle of references through `{name}`");
                let by = told.iter().map(|(_, by)| *by).find(|by| diags[*by].message.contains(&circle));
                keep[at] = by.is_none();
                places.extend(by.map(|by| (by, place)));
            }
            // A member that could not be read cannot be told from the others.
            ("BFF0441", ..) if diag.message.contains("could not be read") => {
                let union = diag.labels.get(1).map(|label| label.span);
                if union.is_some_and(|union| told.iter().any(|(cause, _)| holds(union, *cause))) {
                    keep[at] = false;
                }
            }
            _ => {}
        }
    }
    for (by, place) in places {
        if diags[by].labels.iter().all(|label| label.span != place) {
            diags[by].labels.push(Label { span: place, text: "it leads back to itself".into() });
        }
    }
    for (by, help) in helps {
        if !diags[by].help.contains(&help) {
            diags[by].help.insert(0, help);
        }
    }
    let mut keep = keep.into_iter();
    diags.retain(|_| keep.next().unwrap_or(true));
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}
