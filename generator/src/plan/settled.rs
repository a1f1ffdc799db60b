//! Whether the types of what a call sends leave nothing of the operation's schema to be checked when it is sent.

use super::implies::{implies, is_plain, says_only_a_type, surely_valid};
use super::ir::{Function, TExpr, TKind, TShape, TShapeKind};
use super::ty::TyKind;
use super::{batch, turn};
use crate::composition::ast::{Call, Pages};
use crate::schema::{ArrayRules, Json, Kind, SchemaId, Schemas};

/// What is known of the values of a call, beside their types.
#[derive(Clone, Copy)]
pub struct Settled<'s> {
    schemas: &'s Schemas,
    /// The schema of a key, where the call sends many.
    key: Option<SchemaId>,
    /// The least number of a page, where pages are counted.
    first_page: Option<i64>,
}

impl<'s> Settled<'s> {
    /// What is known of a call. `batch`: the batch that it is made of, if it is.
    pub fn new(schemas: &'s Schemas, call: &Call, batch: Option<&batch::Start>) -> Settled<'s> {
        let first_page = call.paginate.as_ref().and_then(|paginate| match paginate.pages {
            Pages::Page { first, .. } => Some(i64::from(first)),
            Pages::Offset { .. } => Some(0),
            _ => None,
        });
        Settled { schemas, key: batch.and_then(batch::Start::key_schema), first_page }
    }

    /// Whether what is made always is as its schema says: where its parts are values of schemas that say no less, checked
    /// when they came, or are wanted as a type and no more.
    pub fn shape(self, shape: &TShape, wanted: SchemaId) -> bool {
        let wanted = self.schemas.canonical(wanted);
        if says_only_a_type(self.schemas, wanted) {
            return true;
        }
        match &shape.kind {
            TShapeKind::Expr(value) => self.value(value, wanted),
            TShapeKind::Literal(json) => surely_valid(self.schemas, wanted, json),
            TShapeKind::When(_, inner) => self.shape(inner, wanted),
            TShapeKind::Match(matching) => matching.shapes().all(|inner| self.shape(inner, wanted)),
            TShapeKind::Array(items) => self.list(wanted).is_some_and(|rules| {
                let count = items.len() as u64;
                let counts = rules.min_items.is_none_or(|least| least <= count)
                    && rules.max_items.is_none_or(|most| count <= most)
                    && !rules.unique_items;
                counts && items.iter().all(|item| self.shape(item, rules.items))
            }),
            TShapeKind::Each(each) => {
                self.list(wanted).is_some_and(|rules| is_any_list(rules) && self.shape(&each.item, rules.items))
            }
            TShapeKind::Object { spreads, fields } if spreads.is_empty() => {
                let schema = self.schemas.get(wanted);
                let Kind::Object(rules) = &schema.kind else { return false };
                let of = |name: &str| rules.properties.iter().find(|property| property.name == name);
                schema.allowed.is_none()
                    && schema.clauses.is_empty()
                    && is_plain(rules)
                    && fields
                        .iter()
                        .all(|field| of(&field.name).is_some_and(|property| self.shape(&field.shape, property.schema)))
            }
            _ => false,
        }
    }

    /// The same of an argument that is no JSON: null leaves it out, as absence does.
    pub fn argument(self, value: &TExpr, wanted: SchemaId) -> bool {
        match self.schemas.get(wanted).kind {
            Kind::Nullable(inner) => self.value(value, inner),
            _ => self.value(value, wanted),
        }
    }

    fn value(self, value: &TExpr, wanted: SchemaId) -> bool {
        let wanted = self.schemas.canonical(wanted);
        if says_only_a_type(self.schemas, wanted) {
            return true;
        }
        let fits = |json: Json| surely_valid(self.schemas, wanted, &json);
        match &value.kind {
            TKind::Error | TKind::Absent | TKind::Null => true,
            TKind::Bool(value) => fits(Json::from(*value)),
            TKind::Int(value) => fits(Json::from(*value)),
            TKind::Double(value) => fits(Json::from(*value)),
            TKind::Str(value) => fits(Json::from(value.as_str())),
            TKind::Cond { then, otherwise, .. } => self.value(then, wanted) && self.value(otherwise, wanted),
            TKind::OrValue(value, other) => self.value(value, wanted) && self.value(other, wanted),
            TKind::Some(value) | TKind::NotNull(value) | TKind::Widen(value) => self.value(value, wanted),
            TKind::Local(name) if name == batch::KEYS => self.list(wanted).is_some_and(|rules| {
                // As many as fit are sent at a time, each once.
                let counts = rules.min_items.is_none_or(|least| least <= 1);
                counts && (says_only_a_type(self.schemas, rules.items) || self.keys_are(rules.items))
            }),
            TKind::Local(name) if name == turn::AT => self.is_page(wanted),
            TKind::Function(Function::Native(native), _) if native.path == turn::NUMBER => self.is_page(wanted),
            _ => self.of_type(value, wanted),
        }
    }

    fn of_type(self, value: &TExpr, wanted: SchemaId) -> bool {
        let ty = value.ty.present();
        if let Some(came) = ty.schema {
            return implies(self.schemas, came, wanted);
        }
        let TyKind::List(item) = &ty.bare().kind else { return false };
        self.list(wanted).is_some_and(|rules| {
            is_any_list(rules) && item.schema.is_some_and(|came| implies(self.schemas, came, rules.items))
        })
    }

    fn keys_are(self, wanted: SchemaId) -> bool {
        self.key.is_some_and(|key| implies(self.schemas, key, wanted))
    }

    /// Whether a number that counts pages, or the items before one, always fits.
    fn is_page(self, wanted: SchemaId) -> bool {
        let schema = self.schemas.get(wanted);
        let (Some(first), Kind::Integer(rules), None, true) =
            (self.first_page, &schema.kind, &schema.allowed, schema.clauses.is_empty())
        else {
            return false;
        };
        rules.maximum.is_none()
            && rules.exclusive_maximum.is_none()
            && rules.multiple_of.is_none()
            && surely_valid(self.schemas, wanted, &Json::from(first))
    }

    /// What a list must look like, where that is all.
    fn list(self, wanted: SchemaId) -> Option<&'s ArrayRules> {
        let schema = self.schemas.get(wanted);
        match &schema.kind {
            Kind::Array(rules) if schema.allowed.is_none() && schema.clauses.is_empty() => {
                Some(rules).filter(|rules| rules.prefix_items.is_empty())
            }
            _ => None,
        }
    }
}

/// Whether a list may be of any length.
fn is_any_list(rules: &ArrayRules) -> bool {
    rules.min_items.is_none() && rules.max_items.is_none() && !rules.unique_items
}
