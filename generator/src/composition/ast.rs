//! The syntax tree of a composition. Every name and value knows where it stands.

mod policies;

pub use policies::*;

use crate::expr::ast::Expr;
use crate::openapi::Method;
use crate::source::{Node, Span, Spanned};

/// One client's composition, its includes merged in.
#[derive(Clone, Debug)]
pub struct Composition {
    /// Name of the client: `web`. Kebab case.
    pub bff: Spanned<String>,
    /// Title of the published document.
    pub title: Option<String>,
    /// Version of the published document; `0.1.0` where not given.
    pub version: String,
    /// Description of the published document.
    pub description: Option<String>,
    /// Folder of the generated crate, relative to the composition.
    pub output: Option<Spanned<String>>,
    /// How the runtime is had.
    pub runtime: Option<RuntimeSource>,
    /// Unknown query parameters are refused, unless an endpoint says otherwise.
    pub strict: bool,
    /// Defaults for all calls and endpoints.
    pub policies: Policies,
    /// In the order of the file, includes at their place.
    pub upstreams: Vec<Upstream>,
    /// Named shapes.
    pub shapes: Vec<NamedShape>,
    /// Hooks.
    pub hooks: Vec<Hook>,
    /// Endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Files that took part, in order, the composition itself first: paths as in `Sources`.
    pub files: Vec<String>,
}

/// `runtime:`
#[derive(Clone, Debug)]
pub enum RuntimeSource {
    /// `{ path: ../../runtime }`, relative to the composition.
    Path(Spanned<String>),
    /// `{ version: "0.1" }`
    Version(Spanned<String>),
}

/// A downstream service.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Its name in expressions.
    pub name: Spanned<String>,
    /// Path of its document, relative to the file that names it, made relative to where the command
    /// runs.
    pub spec: Spanned<String>,
    /// Overlays that change the document before it is read, in their order; paths like `spec`.
    pub overlays: Vec<Spanned<String>>,
    /// Run-time address: `${USERS_URL:-http://localhost:4001}`.
    pub url: Option<Spanned<String>>,
    /// Constant headers of every call.
    pub headers: Vec<(Spanned<String>, Shape)>,
    /// `auth:`
    pub auth: Option<Spanned<UpstreamAuth>>,
    /// Defaults for its calls.
    pub policies: Policies,
}

/// As whom an upstream is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpstreamAuth {
    /// `forward`: the caller's `Authorization`.
    Forward,
}

/// One endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path template.
    pub path: String,
    /// Where the key stands.
    pub span: Span,
    /// Offset-exact places of `{param}` in the key, with the name.
    pub path_params: Vec<Spanned<String>>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `id`: operation id in the published document.
    pub id: Option<Spanned<String>>,
    /// `tags`.
    pub tags: Vec<String>,
    /// Refuse unknown query parameters.
    pub strict: Option<bool>,
    /// `timeout` is the endpoint's deadline; the others are defaults of its calls.
    pub policies: Policies,
    /// Declared inputs.
    pub inputs: Vec<Input>,
    /// Calls, in the order of the file.
    pub calls: Vec<Call>,
    /// `response`. None: `status: 204`, or the short form.
    pub response: Option<Shape>,
    /// `status`.
    pub status: Option<Spanned<u16>>,
    /// Headers of the answer.
    pub headers: Vec<(Spanned<String>, Expr)>,
    /// `GET /x: users.getX`: the short form.
    pub short: Option<OperationRef>,
}

/// A declared input: `inputs: { query: { limit: {type: integer} }, body: {$ref: ...} }`.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it comes from.
    pub place: InputPlace,
    /// Its name; empty for `body`.
    pub name: Spanned<String>,
    /// Whether it says `required: true` (query, header and cookie; beside the schema's keywords).
    pub required: Option<bool>,
    /// OpenAPI schema syntax, or an object with one `$ref` (`users#/components/schemas/NewUser`).
    pub schema: Node,
}

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum InputPlace {
    Path,
    Query,
    Header,
    Cookie,
    Body,
}

/// A call of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name in expressions.
    pub name: Spanned<String>,
    /// What is called.
    pub operation: OperationRef,
    /// Parameters: name as in the document or `query.id`; a scalar shape is an expression.
    pub with: Vec<(Spanned<String>, Shape)>,
    /// Headers of its own, beside those that are parameters.
    pub headers: Vec<(Spanned<String>, Expr)>,
    /// Request body.
    pub body: Option<Shape>,
    /// Skipped when false.
    pub when: Option<Expr>,
    /// One call per element.
    pub each: Option<Each>,
    /// With `each`: one call for many keys.
    pub batch: Option<Batch>,
    /// `after: [other]`: made when these have ended; an empty list says that no order is meant.
    pub after: Option<Vec<Spanned<String>>>,
    /// The body is passed on as it comes.
    pub stream: Option<Stream>,
    /// It is made page by page.
    pub paginate: Option<Paginate>,
    /// Policies of this call.
    pub policies: Policies,
    /// The whole call.
    pub span: Span,
}

impl Call {
    /// Whether it may stand as `profile: users.getProfile`.
    pub fn is_short(&self) -> bool {
        self.with.is_empty()
            && self.headers.is_empty()
            && self.body.is_none()
            && self.when.is_none()
            && self.each.is_none()
            && self.batch.is_none()
            && self.after.is_none()
            && self.stream.is_none()
            && self.paginate.is_none()
    }
}

/// `users.getUser` or `users["GET /users/{id}"]`.
#[derive(Clone, Debug)]
pub struct OperationRef {
    /// Upstream.
    pub upstream: Spanned<String>,
    /// Operation id, or method and path.
    pub operation: Spanned<String>,
}

/// `stream: true`, or `stream: { idle: 60s, max_bytes: 1000000 }`.
#[derive(Clone, Debug)]
pub struct Stream {
    /// How long nothing may come, in milliseconds.
    pub idle: Option<Spanned<u64>>,
    /// The size of the body.
    pub max_bytes: Option<Spanned<u64>>,
    /// Where it stands.
    pub span: Span,
}

/// `paginate: { page: page, size: limit, items: items, max: 500 }`
#[derive(Clone, Debug)]
pub struct Paginate {
    /// How pages are told apart.
    pub pages: Pages,
    /// The parameter that says how many items a page has.
    pub size: Option<Spanned<String>>,
    /// The path of the list of items in the body; none: the body is the list.
    pub items: Option<Expr>,
    /// All pages or one.
    pub of: PagesOf,
    /// Where it stands.
    pub span: Span,
}

/// How pages are told apart. `param`: the parameter that names one.
#[derive(Clone, Debug)]
pub enum Pages {
    /// By a number, from `first` on.
    Page {
        /// See there.
        param: Spanned<String>,
        /// 0 or 1.
        first: u32,
    },
    /// By the position of the first item.
    Offset {
        /// See there.
        param: Spanned<String>,
    },
    /// By what the page before says: an expression over `body` and `meta`.
    Cursor {
        /// See there.
        param: Spanned<String>,
        /// Of the next page.
        next: Expr,
    },
    /// By the link of the page before.
    Link {
        /// The parameter that the link changes, where one page is passed through.
        param: Option<Spanned<String>>,
    },
}

/// Which pages are wanted.
#[derive(Clone, Debug)]
pub enum PagesOf {
    /// All, up to so many items of so many pages.
    Gathered {
        /// Items.
        max: Spanned<u32>,
        /// Pages.
        pages: Option<Spanned<u32>>,
    },
    /// The one that the client's token names.
    Token(Expr),
}

/// `each: o in orders.items` with `key`, `concurrency`, `max`.
#[derive(Clone, Debug)]
pub struct Each {
    /// The element's name.
    pub variable: Spanned<String>,
    /// The list.
    pub list: Expr,
    /// What tells elements apart; default: the one argument that depends on the element.
    pub key: Option<Expr>,
    /// At most so many at a time.
    pub concurrency: Option<Spanned<u32>>,
    /// At most so many in all.
    pub max: Option<Spanned<u32>>,
}

/// `batch: { param: ids, match: id, size: 100 }`: an operation that takes a list of keys.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The list parameter, `body`, or `body.<field>`.
    pub param: Spanned<String>,
    /// The field of an element that holds its key.
    pub matching: Spanned<String>,
    /// At most so many keys a call.
    pub size: Option<Spanned<u32>>,
    /// The path of the list in the answer, where it is not the only one.
    pub items: Option<Expr>,
    /// The mapping.
    pub span: Span,
}

/// `hooks: { breadcrumbs: { args: {...}, returns: {...} } }`
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its name in expressions: `breadcrumbs(product)`.
    pub name: Spanned<String>,
    /// What it does, for its doc comment.
    pub description: Option<String>,
    /// Name and type of each argument: OpenAPI schema syntax, `$ref` into an upstream, or a string
    /// that is such a reference.
    pub args: Vec<(Spanned<String>, Node)>,
    /// Type of the result.
    pub returns: Node,
}

/// `shapes: { OrderCard(o: orders#/components/schemas/Order): {...} }`
#[derive(Clone, Debug)]
pub struct NamedShape {
    /// Its name.
    pub name: Spanned<String>,
    /// Parameters with their types: a reference, or OpenAPI schema syntax as a flow mapping is not
    /// possible in a key, so: `params:` beside `shape:` in the long form.
    pub params: Vec<(Spanned<String>, Node)>,
    /// What it makes.
    pub shape: Shape,
}

/// The JSON that is made.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ShapeKind,
}

/// See [`Shape`].
#[derive(Clone, Debug)]
pub enum ShapeKind {
    /// A scalar string.
    Expr(Expr),
    /// Another scalar, or `{$text: hello}`.
    Literal(serde_json::Value),
    /// A sequence.
    Array(Vec<Shape>),
    /// A mapping, with or without the language's keys.
    Object(Box<ObjectShape>),
}

/// A mapping.
#[derive(Clone, Debug, Default)]
pub struct ObjectShape {
    /// `$each: x in list`: an array of these.
    pub each: Option<EachShape>,
    /// `$when`: left out when false.
    pub when: Option<Expr>,
    /// `$spread` with `$omit` or `$pick`; before the fields, which win over it.
    pub spread: Vec<Spread>,
    /// `$value`: this instead of an object.
    pub value: Option<Shape>,
    /// `$use: OrderCard(o)`: name and arguments.
    pub use_shape: Option<(Spanned<String>, Vec<Expr>)>,
    /// `$match: payment`: what it is decides; then `fields` is empty.
    pub matching: Option<MatchShape>,
    /// The fields.
    pub fields: Vec<ShapeField>,
}

/// `$match: order.payment` (or `order.payment as p`) with a case for each member of the union.
#[derive(Clone, Debug)]
pub struct MatchShape {
    /// What is looked at.
    pub value: Expr,
    /// Its name in the cases.
    pub name: Option<Spanned<String>>,
    /// Name of the member (or `_`, `null`), and what it becomes.
    pub cases: Vec<ShapeField>,
}

/// `name: shape`
#[derive(Clone, Debug)]
pub struct ShapeField {
    /// The JSON name.
    pub name: Spanned<String>,
    /// Its value.
    pub shape: Shape,
}

/// `$each: x in list` with its companions.
#[derive(Clone, Debug)]
pub struct EachShape {
    /// The element's name.
    pub variable: Spanned<String>,
    /// The list.
    pub list: Expr,
    /// `$where`
    pub filter: Option<Expr>,
    /// `$sort`: key and whether descending.
    pub sort: Vec<(Expr, bool)>,
    /// `$skip`
    pub skip: Option<Expr>,
    /// `$take`
    pub take: Option<Expr>,
}

/// `$spread: product`
#[derive(Clone, Debug)]
pub struct Spread {
    /// The object whose members are copied.
    pub value: Expr,
    /// `$omit`: all but these.
    pub omit: Vec<Spanned<String>>,
    /// `$pick`: only these, where given.
    pub pick: Option<Vec<Spanned<String>>>,
}
