//! Schemas as OpenAPI 3.0 writes them: for the document that the BFF publishes and for its contracts.

mod keywords;
mod reach;

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::names::{Names, pascal};
use crate::composition::ast::Leniency;
use crate::plan::demand::Demand;
use crate::plan::ir::{Out, OutKind};
use crate::plan::model::Plan;
use crate::schema::{Additional, Kind, ObjectRules, SchemaId, Schemas, Tell, UnionRules};
use keywords::{discriminator, literal, missing_part, null_alone, nullable, number, object, set, warning};
use reach::{exclude_each_other, lenient, sent};

/// Schemas of one document: what is named goes to `components`, once.
pub struct Published<'a> {
    plan: &'a Plan,
    schemas: &'a Schemas,
    /// Only what is read, for a contract; everything, for the published document.
    pruned: Option<(&'a Demand, HashSet<SchemaId>)>,
    /// What a client sends: there, what is closed is refused and so published as closed.
    sent: HashSet<SchemaId>,
    /// What upstreams may answer with members that an enumeration does not list.
    growing: HashSet<SchemaId>,
    /// What upstreams may answer with values of several members of a `oneOf`.
    overlapping: HashSet<SchemaId>,
    names: IndexMap<SchemaId, String>,
    shape_names: IndexMap<usize, String>,
    taken: Names,
    components: IndexMap<String, Value>,
}

impl<'a> Published<'a> {
    /// For the published document.
    pub fn new(plan: &'a Plan, schemas: &'a Schemas) -> Self {
        let mut taken = Names::with(&["Problem", "Warning", "MissingPart"]);
        let shape_names =
            plan.shapes.iter().enumerate().map(|(at, s)| (at, taken.take(&pascal(&s.name), "Shape"))).collect();
        Published {
            plan,
            schemas,
            pruned: None,
            sent: sent(plan, schemas),
            growing: lenient(plan, schemas, Leniency::UnknownEnumMembers),
            overlapping: lenient(plan, schemas, Leniency::SeveralOneOf),
            names: IndexMap::new(),
            shape_names,
            taken,
            components: IndexMap::new(),
        }
    }

    /// For a contract: only what is read.
    pub fn pruned(plan: &'a Plan, schemas: &'a Schemas) -> Self {
        let whole = plan.demand.whole_schemas(schemas);
        let (growing, overlapping) = Default::default();
        Published { pruned: Some((&plan.demand, whole)), growing, overlapping, ..Published::new(plan, schemas) }
    }

    /// A component that is not a schema of a document.
    pub fn add(&mut self, name: &str, schema: Value) {
        self.components.insert(name.to_string(), schema);
    }

    /// All components, sorted by name as they were first used.
    pub fn into_components(self) -> IndexMap<String, Value> {
        self.components
    }

    /// What is published of a value.
    pub fn out(&mut self, out: &Out) -> Value {
        let mut schema = match &out.kind {
            OutKind::Error | OutKind::Any => json!({}),
            OutKind::Schema(id) => self.schema(*id),
            OutKind::Bool => json!({ "type": "boolean" }),
            OutKind::Int => json!({ "type": "integer", "format": "int64" }),
            OutKind::Double => json!({ "type": "number" }),
            OutKind::Timestamp => json!({ "type": "string", "format": "date-time" }),
            OutKind::Str => json!({ "type": "string" }),
            OutKind::Bytes => json!({ "type": "string", "format": "binary" }),
            OutKind::Null => null_alone(),
            OutKind::Literal(value) => literal(value),
            OutKind::Object(fields) => {
                let mut properties = Map::new();
                let mut required = Vec::new();
                for (name, out) in fields {
                    properties.insert(name.clone(), self.out(out));
                    if !out.optional {
                        required.push(name.clone());
                    }
                }
                object(properties, required)
            }
            OutKind::Array(item) => {
                let item = self.out(item);
                json!({ "type": "array", "items": item })
            }
            OutKind::Map(item) => {
                let item = self.out(item);
                json!({ "type": "object", "additionalProperties": item })
            }
            OutKind::Shape(at) => self.shape(*at),
            OutKind::OneOf(outs) => {
                let members = outs.iter().map(|out| self.out(out)).collect();
                super::one_of::schema(members, &self.components)
            }
            OutKind::Warning => {
                if !self.components.contains_key("Warning") {
                    self.components.insert("Warning".into(), warning());
                }
                json!({ "$ref": "#/components/schemas/Warning" })
            }
            OutKind::Partial => {
                if !self.components.contains_key("MissingPart") {
                    self.components.insert("MissingPart".into(), missing_part());
                }
                json!({ "$ref": "#/components/schemas/MissingPart" })
            }
        };
        if out.nullable {
            schema = nullable(schema);
        }
        schema
    }

    fn shape(&mut self, at: usize) -> Value {
        let Some(name) = self.shape_names.get(&at).cloned() else { return json!({}) };
        if !self.components.contains_key(&name) {
            // Reserved first: shapes do not hold themselves, but order stays that of first use.
            self.components.insert(name.clone(), Value::Null);
            let out = self.plan.shapes[at].shape.out.clone();
            let schema = self.out(&out);
            self.components.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// A schema of a document.
    pub fn schema(&mut self, id: SchemaId) -> Value {
        // A copy of a component that differs in annotations only is that component.
        let id = if self.schemas.get(id).component { self.schemas.canonical(id) } else { id };
        let schema = self.schemas.get(id);
        let named = schema.component
            && matches!(schema.kind, Kind::Object(_) | Kind::Union(_) | Kind::String(_) if schema.allowed.is_some() || !matches!(schema.kind, Kind::String(_)));
        if !named && !self.holds_itself(id) {
            return self.inline(id, 0);
        }
        if let Some(name) = self.names.get(&id) {
            return json!({ "$ref": format!("#/components/schemas/{name}") });
        }
        let name = self.taken.take(&pascal(&schema.type_name()), "Value");
        self.names.insert(id, name.clone());
        self.components.insert(name.clone(), Value::Null);
        let value = self.inline(id, 0);
        self.components.insert(name.clone(), value);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// Whether a schema without a name leads back to itself through others without one: written out, it has no end.
    fn holds_itself(&self, root: SchemaId) -> bool {
        let (mut open, mut seen) = (vec![root], HashSet::new());
        while let Some(id) = open.pop() {
            let schema = self.schemas.get(id);
            if schema.component && id != root {
                continue;
            }
            let inner = schema.kind.parts();
            if inner.contains(&root) {
                return true;
            }
            open.extend(inner.into_iter().filter(|id| seen.insert(*id)));
        }
        false
    }

    fn inline(&mut self, id: SchemaId, depth: u8) -> Value {
        let schema = self.schemas.get(id);
        if depth > 32 {
            return json!({});
        }
        let mut value = match &schema.kind {
            Kind::Any | Kind::Unsupported { .. } => json!({}),
            Kind::Never => json!({ "not": {} }),
            Kind::Null => null_alone(),
            Kind::Nullable(inner) => nullable(self.schema(*inner)),
            Kind::Boolean => json!({ "type": "boolean" }),
            Kind::Integer(rules) => number("integer", rules),
            Kind::Number(rules) => number("number", rules),
            Kind::String(rules) => {
                let mut map = Map::new();
                map.insert("type".into(), "string".into());
                set(&mut map, "format", rules.format.clone().map(Value::from));
                set(&mut map, "minLength", rules.min_length.map(Value::from));
                set(&mut map, "maxLength", rules.max_length.map(Value::from));
                set(&mut map, "pattern", rules.pattern.clone().map(Value::from));
                Value::Object(map)
            }
            Kind::Array(rules) => {
                let mut map = Map::new();
                map.insert("type".into(), "array".into());
                let items = self.schema(rules.items);
                map.insert("items".into(), items);
                set(&mut map, "minItems", rules.min_items.map(Value::from));
                set(&mut map, "maxItems", rules.max_items.map(Value::from));
                set(&mut map, "uniqueItems", rules.unique_items.then_some(Value::Bool(true)));
                Value::Object(map)
            }
            Kind::Object(ObjectRules { heirs: Some(heirs), .. }) if self.is_whole(id) => self.heirs(heirs),
            Kind::Object(rules) => {
                let mut properties = Map::new();
                let mut required = Vec::new();
                for property in &rules.properties {
                    if !self.wanted(id, &property.name) {
                        continue;
                    }
                    properties.insert(property.name.clone(), self.schema(property.schema));
                    if property.required {
                        required.push(property.name.clone());
                    }
                }
                let mut value = object(properties, required);
                if let Value::Object(map) = &mut value {
                    match &rules.additional {
                        Additional::Unsaid => {}
                        Additional::Any => {
                            map.insert("additionalProperties".into(), Value::Bool(true));
                        }
                        Additional::Forbidden if self.sent.contains(&id) => {
                            map.insert("additionalProperties".into(), Value::Bool(false));
                        }
                        // What is closed upstream is cut on its way out: the client need not care.
                        Additional::Forbidden => {}
                        Additional::Schema(values) => {
                            let values = self.schema(*values);
                            map.insert("additionalProperties".into(), values);
                        }
                    }
                    set(map, "minProperties", rules.min_properties.map(Value::from));
                    set(map, "maxProperties", rules.max_properties.map(Value::from));
                }
                value
            }
            Kind::Union(rules) => {
                let members: Vec<Value> = rules.members.iter().map(|member| self.schema(*member)).collect();
                let mut map = Map::new();
                let overlap = self.overlapping.contains(&id)
                    && !self.sent.contains(&id)
                    && !exclude_each_other(self.schemas, rules);
                let key = if rules.exactly_one && !overlap { "oneOf" } else { "anyOf" };
                // OpenAPI 3.0, section 4.7.25: a discriminator speaks of schemas with a name.
                let told = match &rules.tell {
                    Tell::Discriminator { property, mapping, .. } if self.is_whole(id) => {
                        discriminator(property, mapping, &members)
                    }
                    _ => None,
                };
                set(&mut map, "discriminator", told);
                map.insert(key.into(), Value::Array(members));
                Value::Object(map)
            }
        };
        let annotated = value.get("$ref").is_none();
        if let (Value::Object(map), true) = (&mut value, annotated) {
            set(map, "title", schema.title.clone().map(Value::from));
            set(map, "description", schema.description.clone().map(Value::from));
            set(map, "deprecated", schema.deprecated.then_some(Value::Bool(true)));
            // What a client should not send.
            let given = schema.read_only && self.sent.contains(&id);
            set(map, "readOnly", given.then_some(Value::Bool(true)));
            // A promise that only the upstream could keep is none: the known members, and others may follow.
            let grows = self.growing.contains(&id) && !self.sent.contains(&id);
            let grows = grows && schema.allowed.as_ref().is_some_and(|allowed| allowed.len() > 1);
            let key = if grows { "x-extensible-enum" } else { "enum" };
            set(map, key, schema.allowed.clone().map(Value::Array));
            set(map, "default", schema.default.clone().filter(|default| !default.is_null()));
        }
        value
    }

    /// Whether all of a schema is published, and so what its heirs add.
    fn is_whole(&self, id: SchemaId) -> bool {
        self.pruned.as_ref().is_none_or(|(_, whole)| whole.contains(&id))
    }

    /// The heirs of a base, listed: whoever reads this need not look for them.
    fn heirs(&mut self, rules: &UnionRules) -> Value {
        let members: Vec<Value> = rules.members.iter().map(|member| self.schema(*member)).collect();
        let mut map = Map::new();
        if let Some(said) = &rules.discriminator {
            set(&mut map, "discriminator", discriminator(&said.property, &said.mapping, &members));
        }
        map.insert("anyOf".into(), Value::Array(members));
        Value::Object(map)
    }

    fn wanted(&self, object: SchemaId, name: &str) -> bool {
        match &self.pruned {
            None => true,
            Some((demand, whole)) => {
                whole.contains(&object)
                    || demand.of(object).is_none_or(|used| !used.typed || used.fields.contains(name))
            }
        }
    }
}
