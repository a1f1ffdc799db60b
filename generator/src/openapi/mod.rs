//! OpenAPI documents: an index of operations that is cheap, and operations read in full on demand.

mod body;
pub mod bytes;
mod careful;
mod encoding;
mod files;
mod header;
mod identifiers;
mod index;
mod jsonpath;
mod lift;
mod lint;
pub mod media;
mod names;
mod operation;
pub mod overlay;
mod parameter;
mod pointer;
mod reference;
mod rules;
mod security;
mod server;
mod shape;
mod specs;
mod swagger;

pub(crate) use body::malformed;
pub use encoding::Encoding;
pub(crate) use files::Files;
pub use header::Header;
pub(crate) use lift::{Dialect, bound, examples, mixed, nullable, number, ref_siblings_assert, types};
pub(crate) use lint::harden;
pub(crate) use operation::reference_error;
pub(crate) use reference::{At, Base, Lookup, RefError, follow, resolve};
pub use security::{Flow, FlowKind, Requirement, SchemeKind, SecurityScheme};
pub use server::{Server, ServerVariable};
pub use specs::{NotFound, Specs};

use crate::schema::SchemaId;
use crate::source::Span;

/// A document, by position in [`Specs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocId(pub u32);

/// HTTP methods of OpenAPI's path items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

/// What is known of an operation without reading it in full.
#[derive(Clone, Debug)]
pub struct OperationHead {
    /// `operationId`, or a name made of method and path (`get_users_by_id`).
    pub id: String,
    /// Whether the document gives no `operationId`.
    pub derived_id: bool,
    /// Method.
    pub method: Method,
    /// Path template, as written.
    pub path: String,
    /// Where its key (`get`) stands.
    pub span: Span,
    /// First line of summary or description.
    pub summary: Option<String>,
    /// The first of its tags.
    pub tag: Option<String>,
}

/// An operation, read in full.
#[derive(Clone, Debug)]
pub struct Operation {
    /// See [`OperationHead`].
    pub head: OperationHead,
    /// Description.
    pub description: Option<String>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// Path item's and operation's own, the latter winning.
    pub parameters: Vec<Parameter>,
    /// Request body.
    pub body: Option<RequestBody>,
    /// In the order of the document.
    pub responses: Vec<Response>,
    /// Security requirements name at least one scheme (the operation's own or the document's), and
    /// no alternative is empty.
    pub needs_credential: bool,
    /// Security requirements, the operation's own or else the document's: one of the alternatives must be
    /// met, each with all its schemes. An empty alternative: none is needed.
    pub security: Vec<Vec<Requirement>>,
    /// The operation's own servers, or else its path item's; empty: the document's count.
    pub servers: Vec<Server>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum In {
    Path,
    Query,
    Header,
    Cookie,
}

/// `style` (OpenAPI 3.1, section 4.8.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Where it goes.
    pub location: In,
    /// Must be sent.
    pub required: bool,
    /// Style, its default filled in.
    pub style: Style,
    /// `explode`, its default filled in.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// `content` instead of `schema`: the media type.
    pub content: Option<String>,
    /// Its schema.
    pub schema: SchemaId,
    /// Description.
    pub description: Option<String>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// Where it stands.
    pub span: Span,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Must be sent.
    pub required: bool,
    /// By media type, in the order of the document.
    pub content: Vec<Media>,
    /// Description.
    pub description: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// One media type.
#[derive(Clone, Debug)]
pub struct Media {
    /// As written: `application/json; charset=utf-8`.
    pub media_type: String,
    /// Its schema, where there is one.
    pub schema: Option<SchemaId>,
    /// The media type's own examples.
    pub examples: Vec<crate::schema::Json>,
    /// How single properties are written, for forms and multipart; in the order of the document.
    pub encoding: Vec<Encoding>,
    /// Where it stands.
    pub span: Span,
}

impl Media {
    /// `application/json` or `+json`, parameters aside.
    pub fn is_json(&self) -> bool {
        let essence = self.media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        essence == "application/json" || essence.ends_with("+json")
    }

    /// How a property is written, where that is said.
    pub fn encoding_of(&self, property: &str) -> Option<&Encoding> {
        self.encoding.iter().find(|encoding| encoding.property == property)
    }
}

/// Which statuses a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKey {
    /// `200`.
    Code(u16),
    /// `2XX`, as 2.
    Range(u8),
    /// `default`.
    Default,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Which statuses.
    pub status: StatusKey,
    /// Description.
    pub description: Option<String>,
    /// By media type, in the order of the document; empty: no body.
    pub content: Vec<Media>,
    /// In the order of the document, without `Content-Type`, which the media types say.
    pub headers: Vec<Header>,
    /// Where it stands.
    pub span: Span,
}

impl Method {
    /// All, in the order of OpenAPI's path item.
    pub const ALL: [Method; 8] = [
        Method::Get,
        Method::Put,
        Method::Post,
        Method::Delete,
        Method::Options,
        Method::Head,
        Method::Patch,
        Method::Trace,
    ];

    /// As in a request line: `GET`.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Head => "HEAD",
            Method::Patch => "PATCH",
            Method::Trace => "TRACE",
        }
    }

    /// From its name, upper or lower case.
    pub fn parse(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|m| m.as_str().eq_ignore_ascii_case(name))
    }
}
