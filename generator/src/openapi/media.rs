//! What a media type means: how a body goes out, and how an answer's comes in.

use super::Media;
use super::bytes::{ANY_BYTES, is_binary, is_bytes};
use crate::schema::{Kind, Schemas};

/// How a body is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carried {
    /// JSON, decoded into a type.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// `text/event-stream`
    Events,
    /// A text, passed as it is.
    Text,
    /// Bytes, passed as they are.
    Bytes,
}

/// The media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// How the body of a media type is carried. A wildcard is JSON where its schema is no text.
pub fn carried(schemas: &Schemas, media: &Media) -> Carried {
    let essence = essence(&media.media_type);
    let binary = media.schema.is_some_and(|id| is_binary(schemas, id));
    match essence.as_str() {
        _ if media.is_json() && !binary => Carried::Json,
        "application/x-www-form-urlencoded" => Carried::Form,
        "multipart/form-data" => Carried::Multipart,
        "text/event-stream" => Carried::Events,
        "*/*" | "application/*" => match media.schema.map(|id| &schemas.get(id).kind) {
            Some(Kind::String(_)) if !media.schema.is_some_and(|id| is_bytes(schemas, id)) => Carried::Text,
            Some(Kind::String(_)) | None => Carried::Bytes,
            Some(_) => Carried::Json,
        },
        text if text.starts_with("text/") && !binary => Carried::Text,
        _ => Carried::Bytes,
    }
}

/// What is sent for a media type: a wildcard stands for one.
pub fn concrete(media_type: &str, carried: Carried) -> String {
    match (media_type.contains('*'), carried) {
        (false, _) => media_type.trim().to_string(),
        (true, Carried::Json) => "application/json".into(),
        (true, Carried::Text) => "text/plain".into(),
        (true, _) => ANY_BYTES.into(),
    }
}

/// The media types that a client takes of those that a body may have: one for each way to carry it. Where JSON
/// is offered, the same in another coat (XML, text) is left aside.
pub fn chosen<'m>(schemas: &Schemas, content: &'m [Media], answer: bool) -> Vec<(Carried, &'m Media)> {
    let mut all: Vec<(Carried, &Media)> = Vec::new();
    for media in content {
        let how = carried(schemas, media);
        if !all.iter().any(|(known, _)| *known == how) {
            all.push((how, media));
        }
    }
    let offered = |all: &[(Carried, &Media)], how| all.iter().any(|(known, _)| *known == how);
    if offered(&all, Carried::Json) {
        all.retain(|(how, media)| match how {
            Carried::Json | Carried::Events => true,
            // What an answer is depends on what is asked for, and JSON is asked for.
            _ if answer => false,
            Carried::Text => false,
            Carried::Bytes => !is_markup(&media.media_type),
            Carried::Form | Carried::Multipart => !same_schema(schemas, content, media),
        });
    } else if all.len() > 1 && answer {
        // Events, text or bytes: one of them, the richest.
        let best = [Carried::Events, Carried::Text, Carried::Bytes];
        let best = best.into_iter().find(|how| offered(&all, *how));
        all.retain(|(how, _)| best.is_none_or(|best| best == *how));
    }
    all
}

/// The media type that is used of several: JSON where it is one of them, else the first that is taken.
pub fn used<'m>(schemas: &Schemas, content: &'m [Media], answer: bool) -> Option<(Carried, &'m Media)> {
    let all = chosen(schemas, content, answer);
    let json = all.iter().find(|(how, _)| *how == Carried::Json);
    json.or(all.first()).copied()
}

fn is_markup(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("xml") || essence.ends_with("yaml") || essence.ends_with("+cbor") || essence == "*/*"
}

/// Whether a media type carries the same schema as the JSON beside it.
fn same_schema(schemas: &Schemas, content: &[Media], media: &Media) -> bool {
    let canonical = |media: &Media| media.schema.map(|id| schemas.canonical(id));
    content.iter().any(|other| carried(schemas, other) == Carried::Json && canonical(other) == canonical(media))
}
