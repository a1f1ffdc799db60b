//! The definition of each named type: structs, enumerations of texts, lists and maps that hold themselves.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Model, Type, is_named_enum, map_values, places};
use super::unions;
use crate::emit::names::{Names, ident, pascal, snake};
use crate::emit::print::{docs, first_sentence};
use crate::schema::{Additional, Json, Kind, ObjectRules, Property, SchemaId};

/// Every named type with what it holds, in the order of the document.
pub fn all(model: &mut Model) -> Vec<TokenStream> {
    let mut made = Vec::new();
    let mut at = 0;
    // A definition may need types that nothing needed before.
    while let Some(id) = model.nth(at) {
        at += 1;
        let items = one(model, id);
        let span = model.schemas.get(id).span;
        made.push(((span.source, span.start, model.name(id).to_string()), items));
    }
    made.sort_by(|(a, _), (b, _)| a.cmp(b));
    made.into_iter().flat_map(|(_, items)| items).collect()
}

fn one(model: &mut Model, id: SchemaId) -> Vec<TokenStream> {
    let schemas = model.schemas;
    let schema = schemas.get(id);
    if is_named_enum(schemas, id) {
        return vec![enumeration(model, id, schema.allowed.as_deref().unwrap_or_default())];
    }
    if let Some(rules) = schema.kind.alternatives() {
        return unions::define(model, id, rules);
    }
    match &schema.kind {
        Kind::Object(rules) if !rules.properties.is_empty() => vec![structure(model, id, rules)],
        Kind::Object(rules) => {
            let values = map_values(rules).flatten().map_or(Type::Json, |values| model.of(values));
            let map = model.rust(&Type::Map(Box::new(values)), None);
            vec![newtype(model, id, &map)]
        }
        Kind::Array(rules) => {
            if let Some(places) = places(schemas, rules) {
                return vec![tuple(model, id, places)];
            }
            let item = model.of(rules.items);
            let list = model.rust(&Type::List(Box::new(item)), None);
            vec![newtype(model, id, &list)]
        }
        _ => Vec::new(),
    }
}

/// The doc comment of a type.
pub fn type_docs(model: &Model, id: SchemaId) -> TokenStream {
    let schema = model.schemas.get(id);
    let mut text = schema.description.as_deref().or(schema.title.as_deref()).unwrap_or_default().trim().to_string();
    if schema.deprecated {
        text.push_str("\n\nDeprecated in the document.");
    }
    docs(text.trim_start())
}

/// A tuple that holds itself, or that is too complex to go without a name.
fn tuple(model: &mut Model, id: SchemaId, places: &[SchemaId]) -> TokenStream {
    let mut items: Vec<TokenStream> = Vec::new();
    for place in places {
        let ty = model.of(*place);
        let item = model.rust(&ty, None);
        items.push(if model.boxed(id, &ty) {
            quote! { Box<#item> }
        } else {
            item
        });
    }
    newtype(model, id, &quote! { (#(#items,)*) })
}

fn newtype(model: &Model, id: SchemaId, inner: &TokenStream) -> TokenStream {
    let (docs, name) = (type_docs(model, id), ident(model.name(id)));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct #name(pub #inner);
    }
}

fn enumeration(model: &Model, id: SchemaId, values: &[Json]) -> TokenStream {
    let (docs, name) = (type_docs(model, id), ident(model.name(id)));
    // `Other`, unless the document has a value of that name.
    let taken: Vec<String> = values.iter().filter_map(Json::as_str).map(|value| pascal(&spelled(value))).collect();
    let other = ["Other", "Unknown", "Unnamed"].into_iter().find(|name| !taken.iter().any(|other| other == name));
    let other = other.unwrap_or("NotNamed");
    let mut names = Names::with(&[other]);
    let other = ident(other);
    let all: Vec<(&str, String)> = values
        .iter()
        .filter_map(Json::as_str)
        .map(|value| (value, names.take(&pascal(&spelled(value)), "Value")))
        .collect();
    let rules = ["lowercase", "UPPERCASE", "snake_case", "SCREAMING_SNAKE_CASE", "kebab-case", "camelCase"];
    let rule = rules.into_iter().find(|rule| all.iter().all(|(value, variant)| variant_cased(variant, rule) == *value));
    let plain = all.iter().all(|(value, variant)| value == variant);
    let rename_all = rule.filter(|_| !plain && all.len() > 1).map(|rule| quote! { #[serde(rename_all = #rule)] });
    let variants = all.iter().map(|(value, variant)| {
        let rename = (variant != value && rename_all.is_none()).then(|| quote! { #[serde(rename = #value)] });
        let variant = ident(variant);
        quote! { #rename #variant }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #rename_all
        pub enum #name {
            #(#variants,)*
            /// A value that the document does not name.
            #[serde(untagged)]
            #other(String),
        }
    }
}

/// Signs that tell one value from another, in words: `+1`, `-1`, `-created`, `*`.
pub fn spelled(value: &str) -> String {
    if value.is_empty() {
        return "empty".into();
    }
    let word = |c: char| match c {
        '+' => Some("plus"),
        '-' => Some("minus"),
        '*' => Some("star"),
        '<' => Some("less"),
        '>' => Some("greater"),
        '=' => Some("equal"),
        '!' => Some("not"),
        '/' => Some("slash"),
        '.' => Some("dot"),
        '~' => Some("tilde"),
        '&' => Some("and"),
        '%' => Some("percent"),
        _ => None,
    };
    let signs = |text: &str| text.chars().filter_map(word).collect::<Vec<_>>().join(" ");
    let first = value.find(char::is_alphanumeric).unwrap_or(value.len());
    match value.split_at(first) {
        ("", text) => text.to_string(),
        (lead, text) => format!("{} {text}", signs(lead)),
    }
}

/// A member of a struct.
struct Member {
    json: String,
    rust: String,
    docs: TokenStream,
    attributes: Vec<TokenStream>,
    ty: TokenStream,
}

fn structure(model: &mut Model, id: SchemaId, rules: &ObjectRules) -> TokenStream {
    let mut names = Names::default();
    let mut optional = true;
    let mut members: Vec<Member> = Vec::new();
    for property in &rules.properties {
        let rust = names.take(&snake(&spelled(&property.name)), "_");
        let (member, may_be_absent) = member(model, id, property, rust);
        optional &= may_be_absent;
        members.push(member);
    }
    let additional = additional(model, rules).map(|values| {
        let name = ident(&names.take("additional", "_members"));
        let values = model.rust(&values, None);
        quote! {
            /// Members that the document does not name.
            #[serde(flatten)]
            pub #name: BTreeMap<String, #values>
        }
    });
    let (docs, name) = (type_docs(model, id), ident(model.name(id)));
    let rule = ["camelCase", "PascalCase", "kebab-case", "SCREAMING_SNAKE_CASE"]
        .into_iter()
        .find(|rule| members.len() > 1 && members.iter().all(|m| cased(&m.rust, rule).as_ref() == Some(&m.json)));
    let plain = members.iter().all(|m| m.rust == m.json);
    let rename_all = rule.filter(|_| !plain).map(|rule| quote! { #[serde(rename_all = #rule)] });
    let default = optional.then(|| quote! { Default, });
    let fields = members.iter().map(|member| {
        let (json, docs, ty, field) = (&member.json, &member.docs, &member.ty, ident(&member.rust));
        let mut attributes = member.attributes.clone();
        if rename_all.is_none() && member.rust != *json {
            attributes.insert(0, quote! { rename = #json });
        }
        let serde = (!attributes.is_empty()).then(|| quote! { #[serde(#(#attributes),*)] });
        quote! { #docs #serde pub #field: #ty }
    });
    let additional = additional.into_iter();
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, Serialize, Deserialize)]
        #rename_all
        pub struct #name { #(#fields,)* #(#additional,)* }
    }
}

/// A member, and whether it may be absent.
fn member(model: &mut Model, owner: SchemaId, property: &Property, rust: String) -> (Member, bool) {
    let schema = model.schemas.get(property.schema);
    let ty = model.of(property.schema);
    let mut tokens = model.rust(&ty, None);
    if model.boxed(owner, &ty) {
        tokens = quote! { Box<#tokens> };
    }
    // What goes one way only is not there the other way.
    let absent = !property.required || schema.read_only || schema.write_only;
    let mut attributes = Vec::new();
    if absent {
        // serde takes null for absent, and absent for null, unless it is told to look.
        if matches!(ty, Type::Nullable(_) | Type::Json | Type::Null) {
            attributes.extend([quote! { default }, quote! { deserialize_with = "typed::present" }]);
        }
        attributes.push(quote! { skip_serializing_if = "Option::is_none" });
        tokens = quote! { Option<#tokens> };
    } else if matches!(ty, Type::Nullable(_)) {
        attributes.push(quote! { deserialize_with = "typed::required" });
    }
    let mut text = schema.description.as_deref().or(schema.title.as_deref()).map(first_sentence).unwrap_or_default();
    let notes = [
        (schema.read_only, "Only in answers."),
        (schema.write_only, "Only in requests."),
        (schema.deprecated, "Deprecated in the document."),
    ];
    for (_, note) in notes.into_iter().filter(|(there, _)| *there) {
        text = format!("{text} {note}");
    }
    let member = Member { json: property.name.clone(), rust, docs: docs(text.trim_start()), attributes, ty: tokens };
    (member, absent)
}

/// The type of members that are not declared, where they belong to the contract.
fn additional(model: &mut Model, rules: &ObjectRules) -> Option<Type> {
    match rules.additional {
        Additional::Any => Some(Type::Json),
        Additional::Schema(values) => Some(model.of(values)),
        Additional::Unsaid | Additional::Forbidden => None,
    }
}

/// A field's name by one of serde's `rename_all` rules.
fn cased(field: &str, rule: &str) -> Option<String> {
    let words: Vec<&str> = field.split('_').collect();
    if words.iter().any(|word| word.is_empty()) {
        return None;
    }
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    Some(match rule {
        "camelCase" => {
            words[..1].iter().map(|w| (*w).to_string()).chain(words[1..].iter().map(|w| capital(w))).collect()
        }
        "PascalCase" => words.iter().map(|word| capital(word)).collect(),
        "kebab-case" => words.join("-"),
        _ => field.to_uppercase(),
    })
}

/// A variant's name by one of serde's `rename_all` rules.
fn variant_cased(variant: &str, rule: &str) -> String {
    let separated = |separator: char| {
        let mut text = String::new();
        for (at, c) in variant.char_indices() {
            if at > 0 && c.is_uppercase() {
                text.push(separator);
            }
            text.extend(c.to_lowercase());
        }
        text
    };
    match rule {
        "lowercase" => variant.to_ascii_lowercase(),
        "UPPERCASE" => variant.to_ascii_uppercase(),
        "snake_case" => separated('_'),
        "SCREAMING_SNAKE_CASE" => separated('_').to_ascii_uppercase(),
        "kebab-case" => separated('-'),
        _ => {
            let first = variant.chars().next().map_or(0, char::len_utf8);
            format!("{}{}", variant[..first].to_ascii_lowercase(), &variant[first..])
        }
    }
}
