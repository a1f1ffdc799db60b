//! What a stand-in answers: the operation's success response, with a body that satisfies its schema.

use crate::diag::Diagnostic;
use crate::openapi::media::{self, Carried};
use crate::openapi::{DocId, In, Media, Operation, Response, Specs, StatusKey};
use crate::schema::{Direction, Json, Kind, SchemaId, Schemas};
use serde_json::json;

use super::check;
use super::data::sample;
use super::random::mix;
use super::route::{Route, decode};

/// Query parameters that say how many items are wanted.
const LIMITS: [&str; 8] = ["limit", "size", "pageSize", "page_size", "perPage", "per_page", "count", "first"];

/// A service that exists only as its document.
#[derive(Clone, Debug)]
pub struct Service {
    name: String,
    /// In the order of the document.
    operations: Vec<Operation>,
    /// Positions of operations, the most literal paths first, so that `/users/me` wins over `/users/{id}`.
    routes: Vec<(usize, Route)>,
    schemas: Schemas,
}

/// A request, as far as it matters.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// `GET`
    pub method: &'a str,
    /// Path, still percent-encoded.
    pub path: &'a str,
    /// Query without `?`.
    pub query: &'a str,
}

/// A request that a service understands.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The path with the required query parameters.
    pub target: String,
    /// Required headers.
    pub headers: Vec<(String, String)>,
    /// The JSON body, where the operation takes one.
    pub body: Option<Json>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers: name in lower case, value.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty for none.
    pub body: String,
    /// What in the body does not satisfy its schema, a sentence each.
    pub notes: Vec<String>,
}

impl Service {
    /// A stand-in for the service of a document; reads all its operations. Also what was found in them.
    pub fn new(name: impl Into<String>, specs: &mut Specs, doc: DocId) -> (Service, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let mut operations = Vec::new();
        for index in 0..specs.operations(doc).len() {
            let (operation, diagnostics) = specs.operation(doc, index);
            operations.push((*operation).clone());
            found.extend(diagnostics);
        }
        let mut routes: Vec<_> =
            operations.iter().map(|operation| Route::parse(&operation.head.path)).enumerate().collect();
        routes.sort_by_key(|(_, route)| route.rank());
        (Service { name: name.into(), operations, routes, schemas: specs.schemas.clone() }, found)
    }

    /// The service's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its operations, in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn routes(&self) -> impl Iterator<Item = (&Route, &Operation)> {
        self.routes.iter().map(|(at, route)| (route, &self.operations[*at]))
    }

    /// The operation that a request is for, with the path parameters.
    pub fn find(&self, call: Call<'_>) -> Option<(&Operation, Vec<(String, String)>)> {
        let of = |method: &str| {
            let mut known = self.routes().filter(|(_, operation)| operation.head.method.as_str() == method);
            known.find_map(|(route, operation)| Some((operation, route.matches(call.path)?)))
        };
        of(call.method).or_else(|| if call.method == "HEAD" { of("GET") } else { None })
    }

    /// The answer to a request. The same request and seed give the same answer.
    pub fn answer(&self, call: Call<'_>, seed: u64) -> Answer {
        let Some((operation, parameters)) = self.find(call) else { return self.unknown(call) };
        let Some((status, response)) = success(operation) else {
            return Answer::problem(
                501,
                "No success response",
                &format!("The document of `{}` names no success response for `{}`.", self.name, operation.head.id),
            );
        };
        let mut answer = Answer { status, headers: Vec::new(), body: String::new(), notes: Vec::new() };
        // What whoever calls takes of several: a BFF, a client.
        if let Some(body) = media::used(&self.schemas, &response.content, true).filter(|_| status != 204) {
            answer.headers.push(("content-type", a_type(&body.1.media_type, body.0)));
            self.fill(&mut answer, body, operation, (&parameters, call.query), self.seed_of(call, seed));
        }
        if status == 201 {
            let id = serde_json::from_str::<Json>(&answer.body).ok().and_then(|body| body.get("id").cloned());
            let id = id.map_or_else(|| "1".to_owned(), |id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
            answer.headers.push(("location", format!("{}/{}", call.path.trim_end_matches('/'), encode(&id))));
        }
        answer
    }

    fn fill(
        &self,
        answer: &mut Answer,
        (carried, media): (Carried, &Media),
        operation: &Operation,
        (path, query): (&[(String, String)], &str),
        seed: u64,
    ) {
        let json = carried == Carried::Json;
        // There is no null among texts and bytes.
        let some = |id| match self.schemas.get(id).kind {
            Kind::Nullable(inner) if !json => inner,
            _ => id,
        };
        // A schema that says nothing of bytes makes none.
        let says = |id: &SchemaId| carried != Carried::Bytes || !matches!(self.schemas.get(*id).kind, Kind::Any);
        let schema = media.schema.map(some).filter(says);
        let mut examples = media.examples.iter().filter(|example| json || !example.is_null());
        let made = match (schema, examples.find(|example| self.fits(media, example))) {
            (_, Some(example)) => Some(example.clone()),
            (Some(schema), None) => {
                let sample = sample(&self.schemas, schema, seed, Direction::Response);
                answer.notes = sample.notes;
                Some(sample.value)
            }
            (None, None) => None,
        };
        answer.body = match (made, media.schema) {
            (Some(mut value), schema) if json => {
                self.echo(&mut value, schema, operation, path);
                self.shorten(&mut value, schema, operation, query);
                self.keyed(&mut value, schema, operation, query);
                value.to_string()
            }
            (Some(Json::String(text)), _) => text,
            (Some(value), _) => value.to_string(),
            (None, _) if json => "{}".to_owned(),
            (None, _) => format!("{}: {}", self.name, operation.head.id),
        };
    }

    fn fits(&self, media: &Media, example: &Json) -> bool {
        media.schema.is_none_or(|schema| check::valid(&self.schemas, schema, example))
    }

    /// Puts path parameters where the answer has a member of that name which takes the value; the last one, as
    /// `userId` or `user_id`, also goes for `id`.
    fn echo(&self, value: &mut Json, schema: Option<SchemaId>, operation: &Operation, path: &[(String, String)]) {
        let Some(members) = value.as_object_mut() else { return };
        for (at, (name, text)) in path.iter().enumerate() {
            let last = at + 1 == path.len() && operation.head.path.trim_end_matches('/').ends_with('}');
            let id = last && (name.ends_with("Id") || name.ends_with("_id") || name.ends_with("-id"));
            let key = if members.contains_key(name) { name.as_str() } else { "id" };
            if !(key == name || id) {
                continue;
            }
            let Some(before) = members.get(key).cloned() else { continue };
            let echoed = match &before {
                Json::String(_) => Json::from(text.as_str()),
                _ => serde_json::from_str(text).unwrap_or(Json::Null),
            };
            let same_type = std::mem::discriminant(&before) == std::mem::discriminant(&echoed);
            let allowed = schema.and_then(|schema| self.property(schema, key));
            if same_type && allowed.is_none_or(|schema| check::valid(&self.schemas, schema, &echoed)) {
                members.insert(key.to_owned(), echoed);
            }
        }
    }

    /// Gives an item for each key that is asked for, where the schema allows it.
    fn keyed(&self, value: &mut Json, schema: Option<SchemaId>, operation: &Operation, query: &str) {
        let Some((name, keys)) = super::keys::asked(operation, query) else { return };
        let before = value.clone();
        super::keys::fill(value, &name, &keys);
        if schema.is_some_and(|schema| !check::valid(&self.schemas, schema, value)) {
            *value = before;
        }
    }

    /// Leaves no more items than `limit` asks for, where the schema allows so few.
    fn shorten(&self, value: &mut Json, schema: Option<SchemaId>, operation: &Operation, query: &str) {
        let asked = query.split('&').filter_map(|pair| pair.split_once('=')).find_map(|(name, count)| {
            let declared = operation.parameters.iter().any(|p| p.location == In::Query && p.name == name);
            (declared && LIMITS.contains(&name)).then(|| count.parse::<usize>().ok())?
        });
        let Some(limit) = asked else { return };
        let before = value.clone();
        match value {
            Json::Array(items) => items.truncate(limit),
            Json::Object(members) => {
                members.values_mut().filter_map(Json::as_array_mut).for_each(|items| items.truncate(limit));
            }
            _ => {}
        }
        if schema.is_some_and(|schema| !check::valid(&self.schemas, schema, value)) {
            *value = before;
        }
    }

    fn property(&self, id: SchemaId, name: &str) -> Option<SchemaId> {
        match &self.schemas.get(id).kind {
            Kind::Object(rules) => rules.properties.iter().find(|p| p.name == name).map(|p| p.schema),
            Kind::Nullable(inner) => self.property(*inner, name),
            _ => None,
        }
    }

    fn unknown(&self, call: Call<'_>) -> Answer {
        let here = self.routes().filter(|(route, _)| route.matches(call.path).is_some());
        let methods: Vec<&str> = here.map(|(_, operation)| operation.head.method.as_str()).collect();
        if methods.is_empty() {
            let detail = format!("The document of `{}` has no path for `{} {}`.", self.name, call.method, call.path);
            return Answer::problem(404, "Unknown path", &detail);
        }
        let detail = format!("The document of `{}` has no {} at `{}`.", self.name, call.method, call.path);
        let mut answer = Answer::problem(405, "Unknown method", &detail);
        answer.headers.push(("allow", methods.join(", ")));
        answer
    }

    /// The order of query parameters does not matter.
    fn seed_of(&self, call: Call<'_>, seed: u64) -> u64 {
        let mut query: Vec<String> = call.query.split('&').filter(|pair| !pair.is_empty()).map(decode).collect();
        query.sort();
        mix(seed, &format!("{} {} {}?{}", self.name, call.method, decode(call.path), query.join("&")))
    }

    /// A request that the service understands.
    pub fn example(&self, operation: &Operation, seed: u64) -> Example {
        let seed = mix(seed, &operation.head.id);
        let make = |schema, name: &str| sample(&self.schemas, schema, mix(seed, name), Direction::Request).value;
        let text = |value: Json| match value {
            Json::String(text) => text,
            other => other.to_string(),
        };
        let (mut path, mut query, mut headers) = (operation.head.path.clone(), Vec::new(), Vec::new());
        for parameter in &operation.parameters {
            match parameter.location {
                In::Path => {
                    let value = encode(&text(make(parameter.schema, &parameter.name)));
                    path = path.replace(&format!("{{{}}}", parameter.name), &value);
                }
                In::Query if parameter.required => {
                    let value = encode(&text(make(parameter.schema, &parameter.name)));
                    query.push(format!("{}={value}", encode(&parameter.name)));
                }
                In::Header if parameter.required => {
                    headers.push((parameter.name.clone(), text(make(parameter.schema, &parameter.name))));
                }
                In::Query | In::Header | In::Cookie => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let media = operation.body.as_ref().and_then(|body| body.content.iter().find(|media| media.is_json()));
        let body = media.and_then(|media| {
            let example = media.examples.iter().find(|example| self.fits(media, example)).cloned();
            example.or_else(|| media.schema.map(|schema| make(schema, "body")))
        });
        Example { target: path, headers, body }
    }
}

impl Answer {
    /// A problem document (RFC 9457).
    pub fn problem(status: u16, title: &str, detail: &str) -> Answer {
        let body = json!({ "type": "about:blank", "title": title, "status": status, "detail": detail });
        Answer {
            status,
            headers: vec![("content-type", "application/problem+json".to_owned())],
            body: body.to_string(),
            notes: Vec::new(),
        }
    }
}

/// The media type of an answer: of a wildcard, one that it stands for.
fn a_type(media_type: &str, carried: Carried) -> String {
    match media::essence(media_type).as_str() {
        "image/*" => "image/png".to_owned(),
        "audio/*" => "audio/mpeg".to_owned(),
        "video/*" => "video/mp4".to_owned(),
        "font/*" => "font/woff2".to_owned(),
        _ => media::concrete(media_type, carried),
    }
}

/// The first success response of the document: a 2xx, else `2XX`, else `default`, the latter two as 200.
fn success(operation: &Operation) -> Option<(u16, &Response)> {
    let find = |test: &dyn Fn(StatusKey) -> Option<u16>| {
        operation.responses.iter().find_map(|response| Some((test(response.status)?, response)))
    };
    find(&|key| matches!(key, StatusKey::Code(200..=299)).then(|| code(key)))
        .or_else(|| find(&|key| (key == StatusKey::Range(2)).then_some(200)))
        .or_else(|| find(&|key| (key == StatusKey::Default).then_some(200)))
}

fn code(key: StatusKey) -> u16 {
    match key {
        StatusKey::Code(code) => code,
        StatusKey::Range(_) | StatusKey::Default => 200,
    }
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
fn encode(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}
