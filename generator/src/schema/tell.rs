//! How the members of a union are told apart, so that a value is read as one of them and never tried as all.

use std::collections::{HashMap, HashSet};

use super::{Discriminator, Json, Kind, SchemaId, Schemas, UnionRules, enums};

/// Unions within unions, and members in all, that are looked at.
const MAX_LEAVES: usize = 512;

/// What tells the members of a union apart. Positions are those of [`super::UnionRules::members`].
#[derive(Clone, Debug, PartialEq)]
pub enum Tell {
    /// By the value of a property, as `discriminator` says.
    Discriminator {
        /// Its JSON name.
        property: String,
        /// Value to position.
        mapping: Vec<(String, usize)>,
        /// The member that values are of whose property is missing or says something else.
        otherwise: Option<usize>,
    },
    /// By a property that every member requires, with values that no other member allows.
    ConstProperty {
        /// Its JSON name.
        property: String,
        /// The values of each member, by position.
        values: Vec<Vec<Json>>,
    },
    /// By members that are there: the first of the list that is there decides.
    Required {
        /// A property, and the position of the only remaining member that declares it.
        marks: Vec<(String, usize)>,
        /// The member whose values have none of these.
        otherwise: usize,
    },
    /// By what the value is in JSON.
    JsonType {
        /// The types of each member, by position.
        types: Vec<Vec<JsonType>>,
        /// Where several members are objects: what tells these apart. It speaks of them only; for other
        /// members, lists of values are empty.
        objects: Option<Box<Tell>>,
    },
    /// Nothing does.
    None {
        /// Why, and what would help: one sentence for people.
        reason: String,
    },
}

/// Types of JSON values. Where one member is [`JsonType::Integer`] and another [`JsonType::Number`], whole
/// numbers are of the former.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum JsonType {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Default for Tell {
    fn default() -> Self {
        Tell::None { reason: "the members were not compared".to_owned() }
    }
}

/// Fills in what tells a union's members apart, once these are settled.
pub(super) fn fill(schemas: &mut Schemas, id: SchemaId) {
    let Kind::Union(union) = &schemas.get(id).kind else { return };
    let by_value = union.discriminator.as_ref().and_then(|discriminator| by_value(schemas, union, discriminator));
    let tell = by_value.unwrap_or_else(|| compare(schemas, &union.members));
    if let Kind::Union(union) = &mut schemas.get_mut(id).kind {
        union.tell = tell;
    }
}

/// By the discriminator, where it has a value for every member. A `const` or `enum` of the property is right
/// where the value (often the component's name, which nobody wrote) is not among its values.
fn by_value(schemas: &Schemas, union: &UnionRules, discriminator: &Discriminator) -> Option<Tell> {
    let name = &discriminator.property;
    let mut mapping: Vec<(String, usize)> = Vec::new();
    for (position, id) in union.members.iter().enumerate() {
        let said = discriminator.mapping.iter().filter(|(_, at)| *at == position).map(|(value, _)| value.clone());
        let mut member = Member { position, types: Vec::new(), objects: Vec::new() };
        let known = collect(schemas, *id, &mut member).ok();
        let own = known.and_then(|()| values(schemas, &[&member], name)).and_then(|mut values| values.pop());
        let mut own: Vec<String> = own.unwrap_or_default().iter().filter_map(Json::as_str).map(str::to_owned).collect();
        let mut said: Vec<String> = said.collect();
        if own.is_empty() {
            own.clone_from(&said);
        }
        said.retain(|value| own.contains(value));
        let values = if said.is_empty() { own } else { said };
        if values.is_empty() {
            return None;
        }
        mapping.extend(values.into_iter().map(|value| (value, position)));
    }
    let mut seen = HashSet::new();
    let clear = mapping.iter().all(|(value, _)| seen.insert(value));
    clear.then(|| Tell::Discriminator { property: name.clone(), mapping, otherwise: None })
}

/// A member, with what it is made of where it is a union itself.
struct Member {
    position: usize,
    types: Vec<JsonType>,
    /// Its objects.
    objects: Vec<SchemaId>,
}

fn compare(schemas: &Schemas, members: &[SchemaId]) -> Tell {
    let mut all = Vec::with_capacity(members.len());
    for (position, id) in members.iter().enumerate() {
        let mut member = Member { position, types: Vec::new(), objects: Vec::new() };
        if let Err(what) = collect(schemas, *id, &mut member) {
            let reason = format!("`{}` {what}, so every value could be one", schemas.get(*id).name);
            return Tell::None { reason };
        }
        all.push(member);
    }
    for (i, one) in all.iter().enumerate() {
        for other in &all[i + 1..] {
            let shared = one.types.iter().find(|t| **t != JsonType::Object && other.types.contains(t));
            if let Some(shared) = shared {
                let reason = format!(
                    "both `{}` and `{}` can be {}",
                    schemas.get(members[one.position]).name,
                    schemas.get(members[other.position]).name,
                    shared.plural()
                );
                return Tell::None { reason };
            }
        }
    }
    let objects: Vec<&Member> = all.iter().filter(|member| !member.objects.is_empty()).collect();
    let apart = (objects.len() > 1).then(|| tell_objects(schemas, members, &objects));
    match apart {
        Some(tell) if objects.len() == all.len() && all.iter().all(|m| m.types.len() == 1) => tell,
        Some(none @ Tell::None { .. }) => none,
        apart => {
            Tell::JsonType { types: all.into_iter().map(|member| member.types).collect(), objects: apart.map(Box::new) }
        }
    }
}

/// Notes the types that a member can be of, unions within it included.
fn collect(schemas: &Schemas, id: SchemaId, member: &mut Member) -> Result<(), &'static str> {
    let mut open = vec![id];
    let mut seen: Vec<SchemaId> = Vec::new();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        if seen.len() > MAX_LEAVES {
            return Err("has too many alternatives");
        }
        let one = match &schemas.get(id).kind {
            Kind::Any => return Err("allows any value"),
            Kind::Unsupported { .. } => return Err("could not be read"),
            Kind::Never | Kind::Null => continue,
            Kind::Nullable(inner) => {
                open.push(*inner);
                continue;
            }
            Kind::Union(union) => {
                open.extend(union.members.iter().rev());
                continue;
            }
            Kind::Boolean => JsonType::Boolean,
            Kind::Integer(_) => JsonType::Integer,
            Kind::Number(_) => JsonType::Number,
            Kind::String(_) => JsonType::String,
            Kind::Array(_) => JsonType::Array,
            Kind::Object(rules) => {
                open.extend(rules.heirs.iter().flat_map(|heirs| heirs.members.iter().rev()));
                member.objects.push(id);
                JsonType::Object
            }
        };
        if !member.types.contains(&one) {
            member.types.push(one);
        }
    }
    Ok(())
}

fn tell_objects(schemas: &Schemas, members: &[SchemaId], objects: &[&Member]) -> Tell {
    let mut optional = None;
    for name in declared(schemas, objects[0]) {
        let Some(values) = values(schemas, objects, &name) else { continue };
        if let Some(forgetful) = objects.iter().find(|member| !requires(schemas, member, &name)) {
            optional.get_or_insert((name, forgetful.position));
            continue;
        }
        let mut by_position = vec![Vec::new(); members.len()];
        for (member, values) in objects.iter().zip(values) {
            by_position[member.position] = values;
        }
        return Tell::ConstProperty { property: name, values: by_position };
    }
    if let Some(tell) = by_required(schemas, objects) {
        return tell;
    }
    let reason = match optional {
        Some((property, position)) => format!(
            "`{property}` would tell the members apart, and `{}` does not require it",
            schemas.get(members[position]).name
        ),
        None => "no property tells the members apart; a `discriminator`, or a required property with a `const` \
                 in each, would"
            .to_owned(),
    };
    Tell::None { reason }
}

/// The values that each member allows for a property, where all have some and share none.
fn values(schemas: &Schemas, objects: &[&Member], name: &str) -> Option<Vec<Vec<Json>>> {
    let mut all: Vec<Vec<Json>> = Vec::with_capacity(objects.len());
    for member in objects {
        let mut own: Vec<Json> = Vec::new();
        for id in &member.objects {
            let property = property(schemas, *id, name)?;
            let mut schema = schemas.get(property.schema);
            if let Kind::Nullable(inner) = schema.kind {
                schema = schemas.get(inner);
            }
            own.extend(schema.allowed.as_ref()?.iter().map(enums::by_value));
        }
        if all.iter().flatten().any(|value| own.contains(value)) {
            return None;
        }
        all.push(own);
    }
    Some(all)
}

/// Takes away, one after the other, members that require what no other remaining one declares.
fn by_required(schemas: &Schemas, objects: &[&Member]) -> Option<Tell> {
    if objects.len() > MAX_LEAVES {
        return None;
    }
    let mut remaining: Vec<&Member> = objects.to_vec();
    let names: Vec<Vec<String>> = objects.iter().map(|member| declared(schemas, member)).collect();
    let mut declaring: HashMap<&str, usize> = HashMap::new();
    for name in names.iter().flatten() {
        *declaring.entry(name).or_default() += 1;
    }
    let mut marks = Vec::new();
    while remaining.len() > 1 {
        let marked = remaining.iter().enumerate().find_map(|(at, member)| {
            let own = names[objects.iter().position(|o| o.position == member.position)?].iter();
            let mark = own.into_iter().find(|name| declaring[name.as_str()] == 1 && requires(schemas, member, name))?;
            Some((at, mark.clone()))
        });
        let (at, mark) = marked?;
        let member = remaining.remove(at);
        for name in declared(schemas, member) {
            if let Some(count) = declaring.get_mut(name.as_str()) {
                *count -= 1;
            }
        }
        marks.push((mark, member.position));
    }
    Some(Tell::Required { marks, otherwise: remaining.first()?.position })
}

/// Names of the properties of a member's objects, each once.
fn declared(schemas: &Schemas, member: &Member) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for id in &member.objects {
        if let Kind::Object(rules) = &schemas.get(*id).kind {
            let new = rules.properties.iter().filter(|property| seen.insert(property.name.clone()));
            names.extend(new.map(|property| property.name.clone()));
        }
    }
    names
}

fn property<'s>(schemas: &'s Schemas, id: SchemaId, name: &str) -> Option<&'s super::Property> {
    match &schemas.get(id).kind {
        Kind::Object(rules) => rules.properties.iter().find(|property| property.name == name),
        _ => None,
    }
}

/// Whether every object of a member has a property.
fn requires(schemas: &Schemas, member: &Member, name: &str) -> bool {
    member.objects.iter().all(|id| property(schemas, *id, name).is_some_and(|property| property.required))
}

impl JsonType {
    fn plural(self) -> &'static str {
        match self {
            JsonType::Boolean => "booleans",
            JsonType::Integer => "integers",
            JsonType::Number => "numbers",
            JsonType::String => "texts",
            JsonType::Array => "lists",
            JsonType::Object => "objects",
        }
    }
}
