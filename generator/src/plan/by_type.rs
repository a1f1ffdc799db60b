//! "Did you mean" by type: where a value of a known type is wanted and there is another or none, what is at hand that
//! fits.

use super::ir::{TExpr, TKind};
use super::scope::{Env, Scope, place_name};
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::InputPlace;
use crate::diag::Diagnostic;
use crate::expr::primary::is_reserved;
use crate::expr::{Place, parse};
use crate::schema::{Kind, SchemaId, Schemas};
use crate::source::{Sources, Span};

/// So many are a proposal; of more, none is likelier than the others.
const MOST: usize = 3;

/// Of more findings, none is helped: a file that has so many is not meant to be read so.
const MOST_FINDINGS: usize = 200;

/// Fields are looked for in an object, and in the objects that it has.
const LEVELS: usize = 2;

/// What is wanted at a place.
#[derive(Clone, Debug)]
pub enum Want {
    /// A value of a type.
    Ty(Ty),
    /// A list of anything.
    List,
}

/// A finding that a value of a known type would mend.
pub struct Gap {
    code: &'static str,
    /// The primary place of the finding.
    at: Span,
    /// The expression that does not fit.
    span: Span,
    /// Where to look, one after the other.
    sources: Vec<Source>,
    want: Option<Want>,
}

enum Source {
    /// The fields of an object that stands at a place, which may be absent.
    Fields { object: SchemaId, base: Span, optional: bool },
    /// Names with their types.
    Names(Vec<(String, Ty)>),
}

/// What could be meant: how it is written, its type, and whether it can be written without quotes.
struct Candidate {
    text: String,
    ty: Ty,
    plain: bool,
}

/// A member that an object does not have, and that is like none.
pub fn no_member(env: &mut Env, base: &TExpr, field: Span, span: Span) {
    let TyKind::Object(object) = base.ty.present().kind else { return };
    let sources = vec![Source::Fields { object, base: base.span, optional: base.ty.is_optional() }];
    env.gaps.push(Gap { code: "BFF0404", at: field, span, sources, want: None });
}

/// A name that is not known, and that is like none.
pub fn no_name(env: &mut Env, scope: &Scope, code: &'static str, span: Span) {
    env.gaps.push(Gap { code, at: span, span, sources: vec![Source::Names(reach(scope))], want: None });
}

/// What is unknown is read from: the whole is what may be wanted.
pub fn extend(env: &mut Env, base: Span, whole: Span) {
    if let Some(gap) = env.gaps.iter_mut().rev().find(|gap| gap.span == base && gap.want.is_none()) {
        gap.span = whole;
    }
}

/// An expression that is unknown stands where a value of a type is wanted.
pub fn wanted(env: &mut Env, span: Span, want: Want) {
    if let Some(gap) = env.gaps.iter_mut().rev().find(|gap| gap.span == span && gap.want.is_none()) {
        gap.want = Some(want);
    }
}

/// A value of another type stands where one is wanted; the finding that says so is at `at`.
pub fn misfit(env: &mut Env, at: Span, value: &TExpr, want: Want) {
    let mut sources = Vec::new();
    if let TyKind::Object(object) = value.ty.present().kind
        && is_path(&value.kind)
    {
        sources.push(Source::Fields { object, base: value.span, optional: value.ty.is_optional() });
    }
    if let TKind::Field { base, .. } = &value.kind
        && let TyKind::Object(object) = base.ty.present().kind
    {
        sources.push(Source::Fields { object, base: base.span, optional: base.ty.is_optional() });
    }
    if !sources.is_empty() {
        env.gaps.push(Gap { code: "BFF0405", at, span: value.span, sources, want: Some(want) });
    }
}

/// Whether fields can be written behind it as it stands.
fn is_path(kind: &TKind) -> bool {
    matches!(kind, TKind::Local(_) | TKind::Call(_) | TKind::Input(_) | TKind::Field { .. } | TKind::Index { .. })
}

/// What can be named at a place.
fn reach(scope: &Scope) -> Vec<(String, Ty)> {
    let mut all: Vec<(String, Ty)> = Vec::new();
    for (name, ty) in scope.written_locals().rev() {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.clone(), ty.clone()));
        }
    }
    for (name, ty) in &scope.calls {
        if let Some(ty) = ty
            && !all.iter().any(|(known, _)| known == name)
        {
            all.push((name.clone(), ty.clone()));
        }
    }
    let input = |place: InputPlace, name: &str| match place {
        InputPlace::Body => "body".to_owned(),
        _ => format!("{}{}", place_name(place), step(name, false)),
    };
    all.extend(scope.inputs.iter().map(|found| (input(found.place, &found.name), found.ty.clone())));
    all
}

/// Adds to each finding what fits its place, where that is little enough to be a proposal.
pub fn propose(env: &mut Env, sources: &Sources) {
    for gap in std::mem::take(&mut env.gaps).into_iter().take(MOST_FINDINGS) {
        let (Some(want), schemas) = (&gap.want, &env.specs.schemas) else { continue };
        let found = gap.sources.iter().map(|source| candidates(schemas, sources, source, want, gap.span));
        let Some(found) = found.into_iter().find(|found| !found.is_empty()).filter(|found| found.len() <= MOST) else {
            continue;
        };
        let help = sentence(schemas, want, &found);
        let here = |diag: &&mut Diagnostic| {
            diag.code == gap.code && diag.labels.first().is_some_and(|label| label.span == gap.at)
        };
        let Some(diag) = env.diags.iter_mut().rev().find(here).filter(|diag| !diag.help.contains(&help)) else {
            continue;
        };
        if let [one] = found.as_slice()
            && one.plain
            && want.takes(&one.ty)
            && exact(gap.span, sources).is_some()
        {
            *diag = diag.clone().fix(format!("write `{}`", one.text), gap.span, one.text.as_str());
        }
        diag.help.push(help);
    }
}

/// `a` is a number; each of `a` and `b` is a number.
fn sentence(schemas: &Schemas, want: &Want, found: &[Candidate]) -> String {
    let wanted = match want {
        Want::List => "a list".to_owned(),
        Want::Ty(ty) => ty.bare().describe(schemas),
    };
    match found {
        [one] => {
            let what = one.ty.bare().describe(schemas);
            let but = match want.takes(&one.ty) {
                true => "",
                false if one.ty.is_optional() => " that may be absent",
                false => " that may be null",
            };
            format!("`{}` is {what}{but}", one.text)
        }
        [others @ .., last] => {
            let others: Vec<String> = others.iter().map(|other| format!("`{}`", other.text)).collect();
            format!("each of {} and `{}` is {wanted}", others.join(", "), last.text)
        }
        [] => String::new(),
    }
}

impl Want {
    /// Whether a value of a type is what is wanted.
    pub fn takes(&self, ty: &Ty) -> bool {
        match self {
            Want::List => matches!(ty.kind, TyKind::List(_)),
            Want::Ty(want) => ty::fits(ty, want),
        }
    }

    /// Whether a value may be meant: of texts, a date is none where a name is wanted, and an enumeration only where all
    /// of it is.
    fn means(&self, schemas: &Schemas, ty: &Ty) -> bool {
        let Want::Ty(want) = self else { return true };
        if !matches!(want.bare().kind, TyKind::Str) {
            return true;
        }
        let told = |ty: &Ty| match ty.bare().schema.map(|id| schemas.get(id)) {
            Some(schema) => {
                let format = match &schema.kind {
                    Kind::String(rules) => rules.format.clone(),
                    _ => None,
                };
                (format, schema.allowed.clone())
            }
            None => (None, None),
        };
        let ((wanted, all), (format, some)) = (told(want), told(ty));
        let listed = match (all, some) {
            (Some(all), Some(some)) => some.iter().all(|value| all.contains(value)),
            (all, some) => all.is_none() && some.is_none(),
        };
        wanted == format && listed
    }

    /// Whether it says anything: everything fits where any value does.
    fn says(&self) -> bool {
        match self {
            Want::List => true,
            Want::Ty(want) => !matches!(want.bare().kind, TyKind::Any | TyKind::Error | TyKind::Never | TyKind::Null),
        }
    }
}

/// What of a source fits: as it is, else but for being absent or null. Decimals go before integers where both do.
fn candidates(schemas: &Schemas, sources: &Sources, source: &Source, want: &Want, whole: Span) -> Vec<Candidate> {
    if !want.says() {
        return Vec::new();
    }
    let mut all = Vec::new();
    match source {
        Source::Fields { object, base, optional } => {
            let Some(text) = exact(*base, sources) else { return all };
            let base = Candidate { text: text.to_owned(), ty: Ty::new(TyKind::Object(*object)), plain: true };
            fields(schemas, &base, *optional, LEVELS, &mut all);
        }
        Source::Names(names) => {
            for (name, ty) in names {
                let named = Candidate { text: name.clone(), ty: ty.clone(), plain: !name.contains('"') };
                fields(schemas, &named, ty.is_optional(), LEVELS, &mut all);
                all.push(named);
            }
        }
    }
    let written = whole.text(sources);
    all.retain(|one| one.text != written && !matches!(one.ty.bare().kind, TyKind::Error | TyKind::Never));
    all.retain(|one| want.means(schemas, &one.ty));
    if all.iter().any(|one| want.takes(&one.ty)) {
        all.retain(|one| want.takes(&one.ty));
    } else {
        all.retain(|one| want.takes(one.ty.bare()));
    }
    let decimal = |one: &Candidate| matches!(one.ty.bare().kind, TyKind::Double);
    if matches!(want, Want::Ty(want) if matches!(want.bare().kind, TyKind::Double)) && all.iter().any(decimal) {
        all.retain(decimal);
    }
    all
}

/// The fields of an object, and those of objects in it.
fn fields(schemas: &Schemas, base: &Candidate, optional: bool, levels: usize, all: &mut Vec<Candidate>) {
    let TyKind::Object(object) = base.ty.present().kind else { return };
    let Kind::Object(rules) = &schemas.get(object).kind else { return };
    for property in &rules.properties {
        let step = step(&property.name, !property.required);
        let ty = ty::of_schema(schemas, property.schema);
        let absent = optional || !property.required;
        let ty = if absent { ty.optional() } else { ty };
        let field = Candidate { plain: base.plain && !step.contains('"'), text: format!("{}{step}", base.text), ty };
        if levels > 1 {
            fields(schemas, &field, absent, levels - 1, all);
        }
        all.push(field);
    }
}

/// `.name`, `.?name`, `["user-id"]`
fn step(name: &str, optional: bool) -> String {
    let mark = if optional { "?" } else { "" };
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_reserved(name);
    match plain {
        true => format!(".{mark}{name}"),
        false => format!("[{mark}{name:?}]"),
    }
}

/// The text of an expression, where it stands in the file as it is.
fn exact(span: Span, sources: &Sources) -> Option<&str> {
    let text = span.text(sources);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && !text.contains(['\n', '\\', '#']) && parse(text, Place::whole(span)).0.is_some()).then_some(text)
}
