//! From nodes to schemas. Schemas are read one level at a time from a queue, so neither recursion nor a
//! long chain of references can exhaust the stack.

use std::collections::{HashSet, VecDeque};

use super::key::{Key, Part, Type, View};
use super::types::Shape;
use super::{Clause, ClausesId, Interned, Kind, Schema, SchemaId, Schemas};
use super::{
    annotations, arrays, contradictions, enums, flatten, heirs, numbers, objects, residue, settle, strings, types,
    unions, unsupported,
};
use crate::diag::{Diagnostic, Severity};
use crate::openapi::{At, Dialect, Lookup, mixed, nullable};
use crate::source::{Node, Span};

/// Schemas that one reading may reach. The largest real operations reach a few thousand.
const MAX_SCHEMAS: usize = 200_000;

/// Those among them that are made of several: unions beside unions multiply, and nobody has so many cases.
const MAX_COMBINED: usize = 20_000;

/// Reads schemas into the model.
pub(crate) struct Reader<'a, 'r> {
    pub(super) lookup: Lookup<'a, 'r>,
    pub(super) schemas: &'r mut Schemas,
    pub(super) interned: &'r mut Interned,
    queue: VecDeque<Work<'a>>,
    /// Ids made by this reading, to be settled at its end.
    fresh: Vec<SchemaId>,
    /// Lists of clauses whose content is not read yet, and whether they only say what is spoken of.
    pub(super) clauses: VecDeque<(ClausesId, At<'a>, bool)>,
    /// How many of them are made of several parts.
    combined: usize,
    pub(super) found: Vec<Diagnostic>,
}

/// A schema whose id is given and whose content is not read yet.
pub(super) struct Work<'a> {
    pub(super) id: SchemaId,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) only: Option<Type>,
    not_null: bool,
}

impl<'a, 'r> Reader<'a, 'r> {
    pub(crate) fn new(lookup: Lookup<'a, 'r>, schemas: &'r mut Schemas, interned: &'r mut Interned) -> Self {
        Reader {
            lookup,
            schemas,
            interned,
            queue: VecDeque::new(),
            fresh: Vec::new(),
            clauses: VecDeque::new(),
            combined: 0,
            found: Vec::new(),
        }
    }

    /// Reads a schema and all that it reaches. The name is for an inline schema.
    pub(crate) fn read(self, at: At<'a>, name: &str) -> (SchemaId, Vec<Diagnostic>) {
        self.read_named(at, name, false)
    }

    /// Reads a schema that may be a component.
    pub(crate) fn read_named(mut self, at: At<'a>, name: &str, component: bool) -> (SchemaId, Vec<Diagnostic>) {
        let id = self.id_of(at, name, component);
        while let Some(work) = self.queue.pop_front() {
            self.fill(&work);
        }
        self.fill_clauses();
        settle::settle(self.schemas, &self.fresh);
        // parts are read once for each schema they take part in
        let mut said = HashSet::new();
        self.found.retain(|d| said.insert((d.code, d.labels.first().map(|label| label.span), d.message.clone())));
        (id, self.found)
    }

    pub(super) fn dialect(&self, at: At<'_>) -> Dialect {
        at.base.dialect(self.lookup.files)
    }

    /// The id of what is made of several parts, all of which must hold.
    pub(super) fn intern(&mut self, parts: Vec<Part<'a>>, name: &str, component: bool) -> SchemaId {
        self.intern_as(parts, None, false, name, component)
    }

    pub(super) fn intern_as(
        &mut self,
        parts: Vec<Part<'a>>,
        only: Option<Type>,
        not_null: bool,
        name: &str,
        component: bool,
    ) -> SchemaId {
        let key = Key::new(&parts, only, not_null);
        if let Some(id) = self.interned.ids.get(&key) {
            return *id;
        }
        let id = self.add(parts[0].at.node.span, name, component);
        self.interned.ids.insert(key, id);
        self.combined += usize::from(parts.len() > 1);
        self.queue.push_back(Work { id, parts, only, not_null });
        id
    }

    /// Notes that a node is a schema that has an id already.
    pub(super) fn remember(&mut self, at: At<'a>, view: View, id: SchemaId) {
        self.interned.ids.insert(Key::new(&[Part { at, view }], None, false), id);
    }

    pub(super) fn known(&self, at: At<'a>, view: View) -> Option<SchemaId> {
        self.interned.ids.get(&Key::new(&[Part { at, view }], None, false)).copied()
    }

    /// A new schema of kind [`Kind::Any`], to be completed.
    pub(super) fn add(&mut self, span: Span, name: &str, component: bool) -> SchemaId {
        let mut schema = Schema::new(span, name, Kind::Any);
        schema.component = component;
        let id = self.schemas.add(schema);
        self.fresh.push(id);
        id
    }

    /// A schema of a given kind that no node stands for.
    pub(super) fn add_kind(&mut self, span: Span, name: &str, kind: Kind) -> SchemaId {
        let id = self.add(span, name, false);
        self.schemas.get_mut(id).kind = kind;
        id
    }

    /// A schema that cannot be read: matters only where it is used, so here it is a warning.
    pub(super) fn poison(&mut self, span: Span, name: &str, what: &str, mut why: Diagnostic) -> SchemaId {
        why.severity = Severity::Warning;
        self.found.push(why);
        self.add_kind(span, name, Kind::Unsupported { what: what.to_owned(), span })
    }

    pub(super) fn lint(&mut self, code: &'static str, message: impl Into<String>, span: Span, help: &str) {
        self.found.push(Diagnostic::warning(code, message, span).help(help));
    }

    fn fill(&mut self, work: &Work<'a>) {
        let combines = work.parts.len() > 1 && self.combined > MAX_COMBINED;
        if combines || self.fresh.len() > MAX_SCHEMAS {
            let what = "a schema that combines into too many others".to_owned();
            self.schemas.get_mut(work.id).kind = Kind::Unsupported { what, span: work.parts[0].at.node.span };
            return;
        }
        let name = self.schemas.get(work.id).name.clone();
        let flat = flatten::flatten(self, &work.parts);
        if flat.too_many {
            let what = format!("a schema that combines more than {} others", flatten::MAX_PARTS);
            self.schemas.get_mut(work.id).kind = Kind::Unsupported { what, span: flat.span };
            return;
        }
        annotations::annotate(self, work.id, &flat.owns);
        flat.owns.iter().for_each(|at| self.note_mixed(*at));
        if flat.never {
            self.schemas.get_mut(work.id).kind = Kind::Never;
            return;
        }
        let null = types::allows_null(&flat);
        if null == types::Null::Also && !work.not_null {
            let is_a_type = !flat.null && !flat.owns.iter().any(|at| nullable(at.node));
            self.wrap_nullable(work, &name, is_a_type);
            return;
        }
        let enums = enums::allowed(self, &flat.owns);
        let none_left = enums.as_ref().is_some_and(Vec::is_empty) && null != types::Null::Only;
        let enums = enums.filter(|values| !values.is_empty());
        let is_empty = |(_, node): (At<'a>, &Node)| node.as_array().is_some_and(<[_]>::is_empty);
        if none_left && !work.not_null && work.only.is_none() && !flat.all("enum").any(is_empty) {
            let span = flat.all("enum").chain(flat.all("const")).next().map_or(flat.span, |(_, node)| node.span);
            self.found.push(contradictions::contradiction(&name, "`enum` and `const` leave no value", span));
        }
        let shape = match work.only {
            Some(only) => Shape::Types(vec![only]),
            None => types::shape(self, &flat, enums.as_deref()),
        };
        let kind = match shape {
            Shape::Types(_) | Shape::Any if null == types::Null::Only => Kind::Null,
            Shape::Never(what, span) => Kind::Unsupported { what, span },
            Shape::Types(one) if one.len() == 1 && flat.unions.is_empty() => self.of_type(&flat, one[0], &name),
            Shape::Types(several) if several.len() > 1 && flat.unions.is_empty() => {
                unions::of_types(self, work, &several, &name)
            }
            shape => unions::of_members(self, work, &flat, shape, &name),
        };
        let enum_span = flat.all("enum").next().map_or(flat.span, |(_, node)| node.span);
        let quiet = work.only.is_some();
        let enums_said = enums.is_some();
        let allowed = enums.and_then(|values| enums::fitting(self, work.id, values, &kind, enum_span, quiet));
        let mut kind = if allowed.as_ref().is_some_and(Vec::is_empty) { Kind::Never } else { kind };
        if let Kind::Object(rules) = &mut kind {
            rules.heirs = heirs::of(self, work, rules, &name);
        }
        let said = work.only.is_some() || flat.all("type").next().is_some() || enums_said;
        let single = !matches!(kind, Kind::Any | Kind::Union(_) | Kind::Null | Kind::Never | Kind::Unsupported { .. });
        let implied = single && !said;
        residue::note(self, work, &flat, &kind, implied);
        let kind = unsupported::note(self, work, &flat, kind);
        let schema = self.schemas.get_mut(work.id);
        if none_left {
            // Where null is one of the types, it is the only value.
            let left = if work.not_null { vec!["null".to_owned()] } else { Vec::new() };
            schema.clauses.push(Clause::Enum(left));
        }
        schema.allowed = allowed.filter(|values| !values.is_empty());
        schema.implied = implied;
        schema.kind = kind;
    }

    /// Keywords of another version of OpenAPI: said once a document and kind.
    fn note_mixed(&mut self, at: At<'a>) {
        let dialect = self.dialect(at);
        for (key, node, right) in mixed(at.node, dialect) {
            if self.interned.mixed.insert((at.base, right)) {
                let version = if dialect == Dialect::V30 { "3.0" } else { "3.1" };
                let message = format!("this `{key}` is not of OpenAPI {version}; it is understood all the same");
                let note = Diagnostic::new("BFF0209", Severity::Note, message, Some(node.span));
                self.found.push(note.help(right).help("It is said once, however often it occurs."));
            }
        }
    }

    /// What a schema of one type says.
    pub(super) fn of_type(&mut self, flat: &flatten::Flat<'a>, one: Type, name: &str) -> Kind {
        match one {
            Type::Boolean => Kind::Boolean,
            Type::Integer => Kind::Integer(numbers::rules(&flat.owns)),
            Type::Number => Kind::Number(numbers::rules(&flat.owns)),
            Type::String => Kind::String(strings::rules(&flat.owns)),
            Type::Array => Kind::Array(arrays::rules(self, &flat.owns, name)),
            Type::Object => Kind::Object(objects::rules(self, &flat.owns, name)),
        }
    }

    /// The schema is null or what it says otherwise: the latter is a schema of its own, and the component.
    fn wrap_nullable(&mut self, work: &Work<'a>, name: &str, is_a_type: bool) {
        let component = self.schemas.get(work.id).component;
        let inner = self.intern_as(work.parts.clone(), work.only, true, name, component);
        let schema = self.schemas.get_mut(work.id);
        schema.component = false;
        schema.null_is_a_type = is_a_type;
        schema.kind = Kind::Nullable(inner);
    }
}
