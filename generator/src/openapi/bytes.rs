//! What of a body is a file: bytes that are no JSON and no text, and of which media types they may be. For BFFs, clients
//! and stand-ins alike.

use crate::schema::{ArrayRules, Kind, Schema, SchemaId, Schemas, StringRules};

use super::Encoding;
use super::media::essence;

/// Bytes of which nothing is known (RFC 2046, section 4.5.1).
pub const ANY_BYTES: &str = "application/octet-stream";

/// At least and at most so many.
pub type Bounds = (Option<u64>, Option<u64>);

/// A part of a body that is a file, or several of one name.
#[derive(Clone, Debug)]
pub struct File {
    /// There may be several: so many.
    pub several: Option<Bounds>,
    /// How many bytes each has (OpenAPI 3.1.1, section 4.4.2: for unencoded binary, the length is the number of octets).
    pub length: Bounds,
    /// Media types and ranges of them that it may be of, without parameters; none: of any.
    pub types: Vec<String>,
    /// The media type as it is sent where nothing is known of the file.
    pub usual: String,
}

/// The part of a schema, as a file; none where it is a text or JSON. A list of files is several files of one name.
pub fn file(schemas: &Schemas, part: SchemaId, encoding: Option<&Encoding>) -> Option<File> {
    let (item, several) = match &bare(schemas, part).kind {
        Kind::Array(ArrayRules { items, min_items, max_items, .. }) => (*items, Some((*min_items, *max_items))),
        _ => (part, None),
    };
    let text = match &bare(schemas, item).kind {
        Kind::String(rules) => rules.clone(),
        Kind::Any => StringRules::default(),
        _ => return None,
    };
    // What the encoding says goes before `contentMediaType` (OpenAPI 3.1.1, section 4.4.2).
    let said = encoding.and_then(|encoding| encoding.content_type.as_deref());
    let said: Vec<&str> = said.or(text.content_media_type.as_deref()).unwrap_or_default().split(',').collect();
    let said: Vec<&str> = said.into_iter().map(str::trim).filter(|one| is_media_type(one)).collect();
    let types: Vec<String> = said.iter().map(|one| essence(one)).collect();
    let of_bytes = !types.is_empty() && types.iter().all(|one| is_of_bytes(one));
    if !is_binary(schemas, item) && (text.content_encoding.is_some() || !of_bytes) {
        return None;
    }
    let usual = said.iter().find(|one| !one.contains('*')).map_or(ANY_BYTES, |one| one);
    Some(File { several, length: (text.min_length, text.max_length), usual: usual.to_owned(), types })
}

/// Whether a schema is of bytes by its format: `binary`, or what Swagger called `type: file`.
pub fn is_binary(schemas: &Schemas, id: SchemaId) -> bool {
    matches!(&bare(schemas, id).kind, Kind::String(rules) if matches!(rules.format.as_deref(), Some("binary" | "file")))
}

/// Whether a whole body of a schema is bytes: by its format, or by a `contentMediaType` that no text has (OpenAPI 3.1.1,
/// section 4.4.2).
pub fn is_bytes(schemas: &Schemas, id: SchemaId) -> bool {
    is_binary(schemas, id) || file(schemas, id, None).is_some_and(|file| file.several.is_none())
}

/// At least and at most how many bytes, of bytes that are not encoded.
pub fn length(schemas: &Schemas, id: SchemaId) -> Bounds {
    match &bare(schemas, id).kind {
        Kind::String(rules) if rules.content_encoding.is_none() => (rules.min_length, rules.max_length),
        _ => (None, None),
    }
}

fn bare(schemas: &Schemas, id: SchemaId) -> &Schema {
    match schemas.get(id).kind {
        Kind::Nullable(inner) => schemas.get(inner),
        _ => schemas.get(id),
    }
}

fn is_media_type(text: &str) -> bool {
    text.contains('/') && !text.chars().any(|c| c.is_control() || c == '"')
}

/// Whether a text of JSON could not be it: pictures and the like, and what only programs read.
fn is_of_bytes(essence: &str) -> bool {
    let text = ["json", "xml", "yaml", "x-www-form-urlencoded"];
    match essence.split_once('/') {
        Some(("image" | "audio" | "video" | "font" | "model", _)) => true,
        Some(("application", kind)) => kind != "*" && !text.iter().any(|text| kind.ends_with(text)),
        _ => false,
    }
}
