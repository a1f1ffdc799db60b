//! The plan: everything the emitter needs, nothing it has to look up again.

use std::rc::Rc;

use super::answers::Came;
use super::bodies::Carrying;
use super::demand::Demand;
use super::files::File;
use super::ir::{Input, TExpr, TShape};
use super::stream::Passed;
use super::ty::Ty;
use crate::composition::ast::{Leniency, OnInvalid, RuntimeSource, Validate};
use crate::openapi::{DocId, Method, Operation};
use crate::schema::SchemaId;

/// A client's BFF, resolved and typed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `web`
    pub name: String,
    /// Title of the published document.
    pub title: String,
    /// Version of the published document.
    pub version: String,
    /// Description of the published document.
    pub description: Option<String>,
    /// Path of the composition, as the user wrote it.
    pub source: String,
    /// How the runtime is had.
    pub runtime: Option<RuntimeSource>,
    /// What is read of the schemas.
    pub demand: Demand,
    /// Services that are called.
    pub upstreams: Vec<Upstream>,
    /// Hooks that are called.
    pub hooks: Vec<Hook>,
    /// Named shapes that are used or not, by position.
    pub shapes: Vec<NamedShape>,
    /// Endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// A service, with the operations that are called.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// Its document.
    pub doc: DocId,
    /// Title of its document.
    pub title: String,
    /// Version of its document.
    pub version: String,
    /// Path of its document, as written.
    pub spec: String,
    /// Run-time address: `${USERS_URL}`.
    pub url: String,
    /// Constant headers.
    pub headers: Vec<(String, String)>,
    /// The caller's `Authorization` is passed on.
    pub forward: bool,
    /// Default time for a call, in milliseconds.
    pub timeout: Option<u64>,
    /// What is called, in the order in which it is first.
    pub operations: Vec<UpstreamOperation>,
}

/// An operation that is called.
#[derive(Clone, Debug)]
pub struct UpstreamOperation {
    /// As in the document.
    pub operation: Rc<Operation>,
    /// Positions of its parameters that any call wires, in the order of the document.
    pub params: Vec<usize>,
    /// Of those, the ones that some call may leave out.
    pub optional_params: Vec<usize>,
    /// The request body, where any call sends one.
    pub sends: Option<Carrying>,
    /// Positions of the parameters whose values are checked before they are sent: types alone do not say of some call
    /// that they fit.
    pub checked_params: Vec<usize>,
    /// The schema by which the body is checked, where it is.
    pub checked_body: Option<SchemaId>,
    /// Some call sends files of this name.
    pub files: Vec<String>,
    /// What a successful call gives.
    pub came: Came,
}

impl UpstreamOperation {
    /// Adds what a call needs to be checked.
    pub fn check(&mut self, params: &[usize], body: Option<SchemaId>, files: &[File]) {
        let new: Vec<usize> = params.iter().copied().filter(|at| !self.checked_params.contains(at)).collect();
        self.checked_params.extend(new);
        self.checked_body = self.checked_body.or(body);
        for file in files {
            if !self.files.contains(&file.name) {
                self.files.push(file.name.clone());
            }
        }
    }
}

/// A hook.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// Arguments.
    pub args: Vec<(String, Ty)>,
    /// Result.
    pub returns: Ty,
    /// Whether it is called anywhere.
    pub used: bool,
}

/// A named shape.
#[derive(Clone, Debug)]
pub struct NamedShape {
    /// Its name.
    pub name: String,
    /// Parameters.
    pub params: Vec<(String, Ty)>,
    /// What it makes.
    pub shape: TShape,
    /// Whether anything uses it.
    pub used: bool,
}

/// An endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path template.
    pub path: String,
    /// Operation id in the published document.
    pub id: String,
    /// Summary.
    pub summary: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Unknown query parameters are refused.
    pub strict: bool,
    /// Deadline in milliseconds, where it is not the default.
    pub timeout: Option<u64>,
    /// Inputs.
    pub inputs: Vec<Input>,
    /// Calls, in the order of the composition.
    pub calls: Vec<Call>,
    /// Positions of `calls`, each after what it depends on.
    pub order: Vec<usize>,
    /// What is answered.
    pub answer: Answer,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer.
    pub headers: Vec<(String, TExpr)>,
    /// Calls that can fail without failing the answer: name, and pointers of what then misses something.
    pub parts: Vec<(String, Vec<String>)>,
}

/// What an endpoint answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// No body.
    Empty,
    /// A shape.
    Shape(Box<TShape>),
    /// A text or bytes as they are, of a media type.
    Content(Box<TExpr>, String),
    /// The body of a call as it comes.
    Stream(Box<StreamAnswer>),
}

impl Answer {
    /// Calls `visit` with every expression of it.
    pub fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a TExpr)) {
        match self {
            Answer::Empty => {}
            Answer::Shape(shape) => super::walk::shape(shape, visit),
            Answer::Content(value, _) => super::walk::expr(value, visit),
            Answer::Stream(stream) => super::walk::expr(&stream.value, visit),
        }
    }
}

/// A body that is passed on as it comes.
#[derive(Clone, Debug)]
pub struct StreamAnswer {
    /// The call.
    pub value: TExpr,
    /// What goes on.
    pub passed: Passed,
    /// Statuses that the answer may have.
    pub statuses: Vec<u16>,
    /// The status is the upstream's.
    pub as_it_came: bool,
}

/// Limits of a body that is passed on.
#[derive(Clone, Debug)]
pub struct Stream {
    /// How long nothing may come, in milliseconds.
    pub idle: Option<u64>,
    /// Its size.
    pub max_bytes: Option<u64>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Position of the upstream.
    pub upstream: usize,
    /// Position of the operation in the upstream.
    pub operation: usize,
    /// Position of the parameter in the operation, and its value, of the parameter's type.
    pub args: Vec<(usize, TExpr)>,
    /// The same of what is made as JSON: objects, and whatever has no one type.
    pub made_args: Vec<(usize, TShape)>,
    /// Headers of its own: name in lower case, value.
    pub headers: Vec<(String, TExpr)>,
    /// Request body.
    pub body: Option<TShape>,
    /// Files among the parts of the body.
    pub files: Vec<File>,
    /// Skipped when false.
    pub when: Option<TExpr>,
    /// One call per key.
    pub each: Option<Each>,
    /// Calls it waits for.
    pub depends_on: Vec<usize>,
    /// What its failure means.
    pub on_error: OnError,
    /// Text of the warning.
    pub warn: Option<String>,
    /// Whether the answer of the upstream depends on who calls (its credential is passed on).
    pub caller: bool,
    /// What is said for this call alone.
    pub policy: Policy,
    /// Its pages are gathered.
    pub gather: Option<Gather>,
    /// What names the page behind the one that the client asked for.
    pub next_token: Option<TExpr>,
    /// Its body is passed on.
    pub stream: Option<Stream>,
    /// Type of its value.
    pub ty: Ty,
}

/// How pages are gathered.
#[derive(Clone, Debug)]
pub struct Gather {
    /// How they are told apart.
    pub kind: Kind,
    /// How many items a whole page has, where that is known and says which one is the last.
    pub size: Option<TExpr>,
    /// The way to the list in the body, the body first.
    pub steps: Vec<Step>,
    /// At most so many items.
    pub max: u32,
    /// At most so many pages.
    pub pages: u32,
}

/// See [`Gather`].
#[derive(Clone, Debug)]
pub enum Kind {
    /// By a number, from the first one's.
    Numbered(u32),
    /// By the position of the first item.
    Offset,
    /// By what the page before says, of the local `body` and what is known of the call.
    Cursor {
        /// A string or an integer, or absent or null.
        next: Box<TExpr>,
        /// It is an integer.
        is_integer: bool,
    },
    /// By the link of the page before.
    Link,
}

/// A part of the way to a list: the body, or a member of what comes before.
#[derive(Clone, Debug)]
pub struct Step {
    /// The object and the member's name; none for the body.
    pub member: Option<(SchemaId, String)>,
    /// It may be absent.
    pub optional: bool,
    /// It may be null.
    pub nullable: bool,
}

/// Keys of a keyed call.
#[derive(Clone, Debug)]
pub struct Each {
    /// The element's name.
    pub variable: String,
    /// The list.
    pub list: TExpr,
    /// The key, of the element.
    pub key: TExpr,
    /// At most so many at a time.
    pub concurrency: u32,
    /// At most so many in all.
    pub max: u32,
    /// Where one call is for many keys.
    pub batch: Option<Batch>,
}

/// How one call is for many keys.
#[derive(Clone, Debug)]
pub struct Batch {
    /// At most so many keys a call.
    pub size: u32,
    /// The way from the answer to its list of elements.
    pub path: Vec<Member>,
    /// An element may be null.
    pub nullable: bool,
    /// The type of an element.
    pub element: Ty,
    /// The member of an element that holds its key: JSON name.
    pub matching: String,
    /// That member may be absent.
    pub optional_match: bool,
    /// That member may be null.
    pub nullable_match: bool,
}

/// A member on the way to something.
#[derive(Clone, Debug)]
pub struct Member {
    /// The object that it is a member of.
    pub owner: SchemaId,
    /// JSON name.
    pub name: String,
    /// It may be absent.
    pub optional: bool,
    /// It may be null.
    pub nullable: bool,
}

/// What a failed call means.
#[derive(Clone, Debug)]
pub enum OnError {
    /// The answer fails; upstream status to the client's.
    Fail(Vec<(u16, u16)>),
    /// The value is absent.
    Absent,
    /// This value instead.
    Default(TShape),
}

/// How a call is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// In milliseconds.
    pub timeout: Option<u64>,
    /// How much is checked.
    pub validate: Option<Validate>,
    /// What a violation means.
    pub on_invalid: Option<OnInvalid>,
    /// Undeclared members pass.
    pub open: bool,
    /// `format` is not checked.
    pub any_format: bool,
    /// What does not pass against the document.
    pub refused: Vec<Leniency>,
    /// Of a million answers, so many are checked whole on the side.
    pub sample: u32,
}
