//! Where the schemas of answers stand in their documents: what the runtime says of a violation beside its rule.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{Names, ident, screaming};
use super::print::file;
use crate::composition::ast::Validate;
use crate::openapi::Specs;
use crate::plan::Plan;
use crate::schema::{Additional, Kind, ObjectRules, SchemaId};
use crate::source::pointer;

/// The static that has the places of an upstream, by position; none where nothing that it answers is read.
pub struct Places {
    /// Their names.
    pub names: Vec<Option<String>>,
    tables: Vec<TokenStream>,
}

/// What leads where, by the pointer that one would expect.
struct Table<'a> {
    specs: &'a Specs,
    plan: &'a Plan,
    /// What goes out whole, with all that it holds.
    whole: &'a HashSet<SchemaId>,
    document: String,
    leads: BTreeMap<String, String>,
    /// Schemas that were walked, and whether all of them was.
    seen: HashSet<(SchemaId, bool)>,
}

/// A schema that is to be walked: where it stands, and whether all of it is checked.
struct Open {
    at: String,
    id: SchemaId,
    all: bool,
}

/// Tables of all upstreams.
pub fn places(specs: &Specs, plan: &Plan) -> Places {
    let whole = plan.demand.whole_schemas(&specs.schemas);
    let (mut taken, mut names, mut tables) = (Names::default(), Vec::new(), Vec::new());
    for (position, upstream) in plan.upstreams.iter().enumerate() {
        let document = upstream.spec.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let mut table = Table { specs, plan, whole: &whole, document, leads: BTreeMap::new(), seen: HashSet::new() };
        let mut answers: BTreeMap<&str, String> = BTreeMap::new();
        for (at, operation) in upstream.operations.iter().enumerate() {
            let all = is_checked_whole(plan, position, at);
            let Some(schema) = operation.came.checked() else { continue };
            let Some(place) = table.place_of_answer(schema) else { continue };
            table.walk(Open { at: place.clone(), id: schema, all });
            answers.insert(&operation.operation.head.id, place);
        }
        if answers.is_empty() {
            names.push(None);
            continue;
        }
        let name = taken.take(&screaming(&upstream.name), "_PLACES");
        let (ident, document) = (ident(&name), &table.document);
        let answers = answers.iter().map(|(operation, at)| quote! { (#operation, #at) });
        let leads = table.leads.iter().map(|(from, to)| quote! { (#from, #to) });
        let doc = format!(" `{}`.", upstream.name);
        tables.push(quote! {
            #[doc = #doc]
            pub static #ident: Places = Places::new(#document, &[#(#answers),*], &[#(#leads),*]);
        });
        names.push(Some(name));
    }
    Places { names, tables }
}

impl Places {
    /// The module's text; none where there is nothing to tell.
    pub fn module(self) -> Result<Option<String>, String> {
        if self.tables.is_empty() {
            return Ok(None);
        }
        let head = super::head(&[
            "Where the schemas of answers stand in the documents of the services: told with what breaks them.".into(),
            "First what each operation answers, then what a schema leads to that stands elsewhere.".into(),
        ]);
        file(&head, quote! { use bff_runtime::codegen::Places; }, self.tables).map(Some)
    }
}

/// Whether some call has the whole body of an operation checked.
fn is_checked_whole(plan: &Plan, upstream: usize, operation: usize) -> bool {
    let calls = plan.endpoints.iter().flat_map(|endpoint| &endpoint.calls);
    calls
        .filter(|call| (call.upstream, call.operation) == (upstream, operation))
        .any(|call| call.policy.validate == Some(Validate::Full) || call.policy.sample > 0)
}

impl Table<'_> {
    /// The schema behind a reference, whether or not null may stand for it.
    fn bare(&self, id: SchemaId) -> SchemaId {
        let id = self.specs.schemas.canonical(id);
        match self.specs.schemas.get(id).kind {
            Kind::Nullable(inner) => self.specs.schemas.canonical(inner),
            _ => id,
        }
    }

    /// Where a schema stands: `#/components/schemas/User`, or `common.yaml#/User` in another file.
    fn place(&self, id: SchemaId) -> Option<String> {
        let (file, pointer) = self.specs.pointer_of(self.specs.schemas.get(self.bare(id)).span)?;
        Some(if file == self.document { format!("#{pointer}") } else { format!("{file}#{pointer}") })
    }

    /// The same; what differs by status stands where its first member does.
    fn place_of_answer(&self, id: SchemaId) -> Option<String> {
        let members = self.specs.schemas.get(id).kind.alternatives().map(|rules| &rules.members);
        self.place(id).or_else(|| members?.iter().find_map(|member| self.place(*member)))
    }

    /// Notes what a schema leads to, and what that leads to.
    fn walk(&mut self, root: Open) {
        let mut open = vec![root];
        while let Some(next) = open.pop() {
            let id = self.bare(next.id);
            if self.seen.insert((id, next.all)) {
                self.parts(&Open { id, ..next }, &mut HashSet::new(), &mut open);
            }
        }
    }

    /// The parts of a schema, by the names that one would expect.
    fn parts(&mut self, here: &Open, within: &mut HashSet<SchemaId>, open: &mut Vec<Open>) {
        if !within.insert(here.id) {
            return;
        }
        let (at, plan) = (&here.at, self.plan);
        let specs = self.specs;
        let kind = &specs.schemas.get(here.id).kind;
        let all = here.all || self.whole.contains(&here.id);
        match kind {
            Kind::Array(rules) => self.lead(format!("{at}/items"), rules.items, (all, false), open),
            Kind::Object(ObjectRules { properties, additional, .. }) => {
                let values = match additional {
                    Additional::Schema(values) => Some(*values),
                    _ => None,
                };
                let used = plan.demand.of(here.id).filter(|used| used.typed && !all);
                for property in properties {
                    if used.is_some_and(|used| !used.fields.contains(&property.name)) {
                        continue;
                    }
                    let mut name = format!("{at}/properties");
                    pointer::push(&mut name, &property.name);
                    // Beside members of any name, those that have one must be known.
                    self.lead(name, property.schema, (all, values.is_some()), open);
                }
                if let Some(values) = values {
                    self.lead(format!("{at}/*"), values, (all, true), open);
                }
            }
            _ => {}
        }
        for member in kind.alternatives().iter().flat_map(|rules| &rules.members) {
            self.parts(&Open { at: at.clone(), id: self.bare(*member), all: here.all }, within, open);
        }
    }

    /// Notes where one comes from a place, if that is not where one would look, or `always`.
    fn lead(&mut self, from: String, to: SchemaId, (all, always): (bool, bool), open: &mut Vec<Open>) {
        let Some(place) = self.place(to) else { return };
        if !self.leads.contains_key(&from) && (always || place != from) {
            self.leads.insert(from, place.clone());
        }
        open.push(Open { at: place, id: to, all });
    }
}
