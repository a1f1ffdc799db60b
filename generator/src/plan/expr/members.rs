//! Members of objects, elements of lists and maps.

use super::literals::same_literal;
use super::{backticked, coerce, mismatch, unless_there, unsupported};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::plan::ir::{TExpr, TKind};
use crate::plan::scope::Env;
use crate::plan::ty::{self, Ty, TyKind};
use crate::plan::{by_type, not_yet};
use crate::schema::{Additional, Direction, Kind, SchemaId};
use crate::source::{Span, Spanned};

/// Reads a member.
pub(super) fn select(env: &mut Env, base: TExpr, field: &Spanned<String>, optional: bool, span: Span) -> TExpr {
    let through = base.ty.is_optional();
    let lifted = |ty: Ty| if through { ty.optional() } else { ty };
    let made = |ty: Ty, member_optional: bool, base: TExpr| TExpr {
        ty,
        kind: TKind::Field { base: Box::new(base), name: field.value.clone(), member_optional },
        span,
    };
    match base.ty.present().kind.clone() {
        TyKind::Error => {
            by_type::extend(env, base.span, span);
            TExpr::error(span)
        }
        TyKind::Object(id) => {
            let Some((schema, required)) = property(env, id, field) else {
                if env.diags.last().is_some_and(|diag| diag.code == "BFF0404" && diag.fixes.is_empty()) {
                    by_type::no_member(env, &base, field.span, span);
                }
                return TExpr::error(span);
            };
            env.demand.field(id, &field.value);
            let ty = ty::of_schema(&env.specs.schemas, schema);
            if !required && !optional && !through {
                absent_read(env, id, field);
                return TExpr::error(span);
            }
            let ty = if !required || through { ty.optional() } else { ty };
            made(ty, !required, base)
        }
        TyKind::Map(_) | TyKind::Table(..) => {
            let key = TExpr { ty: Ty::string(), kind: TKind::Str(field.value.clone()), span: field.span };
            element(env, base, key, optional, span)
        }
        kind @ (TyKind::Warning | TyKind::Partial) => match (field.value.as_str(), kind) {
            ("call" | "code" | "message", _) => made(lifted(Ty::string()), false, base),
            ("parts", TyKind::Partial) => made(lifted(Ty::list(Ty::string())), false, base),
            (other, TyKind::Partial) => {
                let diag = Diagnostic::error("BFF0404", format!("a missing part has no field `{other}`"), field.span);
                env.diags.push(diag.help("it has `call`, `code`, `message` and `parts`"));
                TExpr::error(span)
            }
            (other, _) => {
                let diag = Diagnostic::error("BFF0404", format!("a warning has no field `{other}`"), field.span)
                    .help("a warning has `call`, `code` and `message`");
                env.diags.push(diag);
                TExpr::error(span)
            }
        },
        TyKind::Nullable(_) => unless_there(env, &base, "a field is read from an object that is there", |ty| {
            matches!(ty.kind, TyKind::Object(_))
        }),
        TyKind::Union(_) => crate::plan::matching::not_apart(env, &base),
        kind => {
            let error = mismatch(env, &base, &format!("`.{}` is read from an object", field.value));
            if let Some(diag) = env.diags.last_mut().filter(|_| matches!(kind, TyKind::List(_))) {
                let name = &field.value;
                diag.help.push(format!("of each item: `list.map(x, x.{name})`; of one: `list[0].{name}`"));
            }
            error
        }
    }
}

/// The schema of a declared member, and whether it is required; says where there is none of the name.
pub fn property(env: &mut Env, id: SchemaId, field: &Spanned<String>) -> Option<(SchemaId, bool)> {
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return None };
    if let Some(found) = rules.properties.iter().find(|p| p.name == field.value) {
        let found = (found.schema, found.required);
        if let Kind::Unsupported { what, span } = &env.specs.schemas.get(found.0).kind {
            let diag = Diagnostic::error("BFF0413", format!("`{}` uses {}", field.value, not_yet(what)), field.span)
                .label(*span, "its schema");
            env.diags.push(diag);
            return None;
        }
        return Some(found);
    }
    let mut diag =
        Diagnostic::error("BFF0404", format!("`{}` has no field `{}`", schema.name, field.value), field.span)
            .label(schema.span, "its schema");
    let names: Vec<&str> = rules.properties.iter().map(|p| p.name.as_str()).collect();
    match did_you_mean(&field.value, names.iter().copied()) {
        Some(near) => {
            diag = diag.meant(near, field.span);
        }
        None if names.is_empty() => diag = diag.help("its schema declares no fields: it can only go out whole"),
        None => diag = diag.help(format!("it has {}", backticked(&names))),
    }
    if matches!(rules.additional, Additional::Schema(_)) {
        diag = diag.help("members that the schema does not name can only go out whole");
    }
    env.diags.push(diag);
    None
}

fn absent_read(env: &mut Env, id: SchemaId, field: &Spanned<String>) {
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return };
    let Some(property) = rules.properties.iter().find(|p| p.name == field.value) else { return };
    let why = match schema.going {
        Some((way, _)) if way.lacks(env.specs.schemas.get(property.schema)) => match way {
            Direction::Request => "optional: it is `readOnly`, and not asked of requests",
            Direction::Response => "optional: it is `writeOnly`, and not asked of answers",
        },
        _ => "optional: `required` of its schema does not name it",
    };
    let at = Span { end: field.span.start, ..field.span };
    env.diags.push(
        Diagnostic::error("BFF0406", format!("`{}` may be absent from `{}`", field.value, schema.name), field.span)
            .at("read as if it were always there")
            .label(property.span, why)
            .help(format!(
                "write `.?{}` to let it be optional from here on, with `.orValue(...)` where a value is needed",
                field.value
            ))
            .fix(format!("write `.?{}`", field.value), at, "?")
            .safe(),
    );
}

/// Where the member is declared that is read and may be absent.
pub(super) fn absent_from(env: &Env, read: &TExpr) -> Option<Span> {
    let TKind::Field { base, name, .. } = &read.kind else { return None };
    let TyKind::Object(id) = base.ty.present().kind else { return None };
    let Kind::Object(rules) = &env.specs.schemas.get(id).kind else { return None };
    rules.properties.iter().find(|property| property.name == *name).map(|property| property.span)
}

/// Reads an element by position or key.
pub(super) fn element(env: &mut Env, base: TExpr, index: TExpr, optional: bool, span: Span) -> TExpr {
    let through = base.ty.is_optional();
    let (item, key) = match &base.ty.present().kind {
        TyKind::List(item) => (item.as_ref().clone(), Ty::int()),
        TyKind::Map(item) => (item.as_ref().clone(), Ty::string()),
        TyKind::Table(key, _) if matches!(key.kind, TyKind::Never) => {
            return mismatch(env, &base, "nothing can be read from a map that is always empty");
        }
        TyKind::Table(key, item) | TyKind::Keyed(key, item) => (item.as_ref().clone(), key.as_ref().clone()),
        TyKind::Object(_) => return unsupported(env, span, "a computed key of an object with declared fields"),
        TyKind::Error => return TExpr::error(span),
        _ => return mismatch(env, &base, "`[...]` reads from a list or a map"),
    };
    env.demand.items(base.ty.present());
    let index = coerce(env, index, &Ty { schema: None, ..key }, "the index");
    // What is written out with this key has it.
    let known = match &base.kind {
        TKind::Table(entries) => {
            entries.iter().any(|(key, value)| same_literal(key, &index) && !value.ty.is_optional())
        }
        _ => false,
    };
    if matches!(base.ty.present().kind, TyKind::Map(_) | TyKind::Table(..)) && !optional && !through && !known {
        env.diags.push(
            Diagnostic::error("BFF0406", "a map may lack this key", index.span)
                .help("write `[?key]` (or `.?key`) to let it be optional from here on"),
        );
    }
    let empty = matches!(&base.kind, TKind::List(items) if items.is_empty());
    if empty || matches!(item.kind, TyKind::Never) {
        return mismatch(env, &base, "nothing can be read from a list that is always empty");
    }
    if item.is_optional() && !optional && !through {
        env.diags.push(
            Diagnostic::error(
                "BFF0406",
                "this key may be missing: a call that fails is left out (`on_error: absent`)",
                index.span,
            )
            .help("write `[?key]` to let it be optional from here on"),
        );
        return TExpr::error(span);
    }
    let optional = optional || through || item.is_optional();
    let ty = if optional { item.optional() } else { item };
    TExpr { ty, kind: TKind::Index { base: Box::new(base), index: Box::new(index), optional }, span }
}
