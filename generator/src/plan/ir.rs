//! What the checker makes of expressions and shapes: the same tree, resolved and typed.

use super::ty::Ty;
use super::wire::Wire;
use crate::composition::ast::InputPlace;
use crate::expr::ast::BinaryOp;
use crate::openapi::media::Carried;
use crate::schema::{Json, SchemaId};
use crate::source::Span;

/// A typed expression.
#[derive(Clone, Debug)]
pub struct TExpr {
    /// Its type.
    pub ty: Ty,
    /// What it is.
    pub kind: TKind,
    /// Where it stands.
    pub span: Span,
}

impl TExpr {
    /// What could not be checked; a finding says why.
    pub fn error(span: Span) -> Self {
        TExpr { ty: Ty::error(), kind: TKind::Error, span }
    }
}

/// See [`TExpr`].
#[derive(Clone, Debug)]
pub enum TKind {
    /// Stands for what could not be checked.
    Error,
    /// `null`
    Null,
    /// A literal.
    Bool(bool),
    /// A literal.
    Int(i64),
    /// A literal.
    Double(f64),
    /// A literal.
    Str(String),
    /// A literal.
    Bytes(Vec<u8>),
    /// `[a, b]`, each of the list's item type.
    List(Vec<TExpr>),
    /// `{a: b}`: keys and values, each of the map's types; an optional value is left out when absent.
    Table(Vec<(TExpr, TExpr)>),
    /// `optional.none()`
    Absent,
    /// A variable of a macro, of `$each`, of a shape, or a value proved to be there.
    Local(String),
    /// An input of the endpoint, by position.
    Input(usize),
    /// A call's value, by position.
    Call(usize),
    /// The warnings of the calls that can fail softly.
    Warnings,
    /// The calls that failed softly, with what misses them.
    Partial,
    /// What is known of a call, by position, beside its value.
    Meta(usize, MetaField),
    /// The same of one of the calls for each element.
    KeyedMeta {
        /// The call, by position.
        call: usize,
        /// Its key.
        key: Box<TExpr>,
        /// `[?`, or the call may be skipped: absent where no call was made for the key.
        optional: bool,
        /// What is asked.
        what: MetaField,
    },
    /// A declared member of an object. The type is optional where the member is.
    Field {
        /// The object, possibly optional or null-free.
        base: Box<TExpr>,
        /// JSON name.
        name: String,
        /// The member may be absent: in Rust it is an `Option`.
        member_optional: bool,
    },
    /// `list[i]`, `map[key]`, `keyed[key]`, and with `?` the optional forms.
    Index {
        /// List, map or keyed call.
        base: Box<TExpr>,
        /// Position or key.
        index: Box<TExpr>,
        /// `[?`
        optional: bool,
    },
    /// Whether an optional value is there.
    HasValue(Box<TExpr>),
    /// `!x`
    Not(Box<TExpr>),
    /// `-x`
    Negate(Box<TExpr>),
    /// Both sides already of a common type.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left.
        left: Box<TExpr>,
        /// Right.
        right: Box<TExpr>,
    },
    /// `x == null` (or `!=`, negated).
    IsNull {
        /// The nullable value.
        value: Box<TExpr>,
        /// `!=`
        negated: bool,
    },
    /// A ternary, or `&&` whose left side proves that something is there.
    Cond {
        /// All must hold, in order; each sees what the ones before it proved.
        clauses: Vec<Clause>,
        /// If they do.
        then: Box<TExpr>,
        /// If not.
        otherwise: Box<TExpr>,
    },
    /// `all`, `exists`, `exists_one`, `map`, `filter`.
    Macro {
        /// Which.
        op: MacroOp,
        /// The list.
        list: Box<TExpr>,
        /// The element's name.
        variable: String,
        /// Of the three-argument `map`.
        filter: Option<Box<TExpr>>,
        /// Predicate or result.
        body: Box<TExpr>,
    },
    /// A function of the language, arguments as it wants them.
    Function(Function, Vec<TExpr>),
    /// `optional.orValue(default)`; also on a value that may be null.
    OrValue(Box<TExpr>, Box<TExpr>),
    /// `optional.optMap(x, body)`
    OptMap {
        /// The optional value.
        value: Box<TExpr>,
        /// Its name in `body`.
        variable: String,
        /// The result.
        body: Box<TExpr>,
    },
    /// An integer where a number is wanted.
    Widen(Box<TExpr>),
    /// A present value where an optional one is wanted (a branch of a ternary).
    Some(Box<TExpr>),
    /// A value where one that may be null is wanted.
    NotNull(Box<TExpr>),
    /// A value made into one of another type that it fits by its parts: the type of this says which.
    Convert(Box<TExpr>),
    /// An object that is written out, as an argument.
    Made {
        /// Its schema.
        object: SchemaId,
        /// Values by name, each of its member's type.
        fields: Vec<(String, TExpr)>,
    },
    /// A hook, by position. Only where nothing waits on a lambda.
    Hook(usize, Vec<TExpr>),
}

/// A part of `meta.<call>`.
#[derive(Clone, Debug)]
pub enum MetaField {
    /// The status; optional where the call need not end well.
    Status {
        /// Whether it need not.
        soft: bool,
    },
    /// A header.
    Header {
        /// In lower case.
        name: String,
        /// The document promises it.
        required: bool,
    },
    /// Why it failed.
    Error,
    /// Whether its value is an old one.
    Stale,
    /// Whether all of its pages were gathered.
    Complete,
}

/// A condition of [`TKind::Cond`].
#[derive(Clone, Debug)]
pub enum Clause {
    /// A boolean.
    Test(TExpr),
    /// The value is there (or not null) and has this name from here on.
    Bind {
        /// Optional or nullable.
        value: TExpr,
        /// Its name.
        variable: String,
    },
}

/// A function that is called by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Native {
    /// `text::contains`, or `.hours` for a method of the first argument.
    pub path: &'static str,
    /// Whether it can fail.
    pub fails: bool,
}

/// The macros over lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum MacroOp {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    SortBy,
    GroupBy,
    IndexBy,
}

/// The functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Function {
    /// Any that takes and gives plain values.
    Native(Native),
    /// A part of a timestamp: the method that gives it.
    Part(&'static str),
    SizeList,
    SizeMap,
    Matches,
    Join,
    Substring,
    SumInt,
    SumDouble,
    Min,
    Max,
    Flatten,
    Distinct,
    First,
    Last,
    Reverse,
    Sort,
    Slice,
    Take,
    Concat,
    Keys,
    Present,
    Value,
    Or,
    DoubleOfInt,
    TextOfShown,
    Format,
    Same,
}

/// A typed shape.
#[derive(Clone, Debug)]
pub struct TShape {
    /// What it makes.
    pub kind: TShapeKind,
    /// What is published of it.
    pub out: Out,
    /// Where it stands.
    pub span: Span,
}

impl TShape {
    /// What could not be checked; a finding says why.
    pub fn error(span: Span) -> Self {
        TShape { kind: TShapeKind::Expr(TExpr::error(span)), out: Out::new(OutKind::Error), span }
    }
}

/// See [`TShape`].
#[derive(Clone, Debug)]
pub enum TShapeKind {
    /// A value.
    Expr(TExpr),
    /// A constant.
    Literal(Json),
    /// A fixed list.
    Array(Vec<TShape>),
    /// An object.
    Object {
        /// What is copied in, before the fields.
        spreads: Vec<TSpread>,
        /// The fields.
        fields: Vec<TField>,
    },
    /// A list made of a list.
    Each(Box<TEach>),
    /// Left out when false.
    When(TExpr, Box<TShape>),
    /// A named shape, by position, with its arguments.
    Use(usize, Vec<TExpr>),
    /// By what a value is.
    Match(Box<TMatch>),
}

/// `$match`
#[derive(Clone, Debug)]
pub struct TMatch {
    /// The value: of the union's type, or that or null, or absent.
    pub value: TExpr,
    /// The union.
    pub union: SchemaId,
    /// For each member that has one.
    pub cases: Vec<TCase>,
    /// `null:`, where the value may be null.
    pub null: Option<TShape>,
    /// `_:`
    pub otherwise: Option<TShape>,
}

impl TMatch {
    /// What it may become, in all cases.
    pub fn shapes(&self) -> impl Iterator<Item = &TShape> {
        self.cases.iter().map(|case| &case.shape).chain(&self.null).chain(&self.otherwise)
    }
}

/// A case of `$match`.
#[derive(Clone, Debug)]
pub struct TCase {
    /// Position of the member in the union.
    pub member: usize,
    /// What the value is called in the shape, where that uses it, and its type there.
    pub bound: Option<(String, Ty)>,
    /// What it becomes.
    pub shape: TShape,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct TField {
    /// JSON name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its value; left out where that is optional and absent.
    pub shape: TShape,
}

/// `$spread`
#[derive(Clone, Debug)]
pub struct TSpread {
    /// An object, carried as text.
    pub value: TExpr,
    /// Members that are not copied: `$omit`, and fields that win over them.
    pub omit: Vec<String>,
    /// `$pick`
    pub pick: Option<Vec<String>>,
}

/// `$each`
#[derive(Clone, Debug)]
pub struct TEach {
    /// The element's name.
    pub variable: String,
    /// The list.
    pub list: TExpr,
    /// `$where`
    pub filter: Option<TExpr>,
    /// `$sort`: key, descending.
    pub sort: Vec<(TExpr, bool)>,
    /// `$skip`
    pub skip: Option<TExpr>,
    /// `$take`
    pub take: Option<TExpr>,
    /// What each element becomes.
    pub item: TShape,
}

/// What is published of a value.
#[derive(Clone, Debug)]
pub struct Out {
    /// Its JSON.
    pub kind: OutKind,
    /// It may be left out.
    pub optional: bool,
    /// It may be null.
    pub nullable: bool,
}

/// See [`Out`].
#[derive(Clone, Debug)]
pub enum OutKind {
    /// Not known, since something is wrong.
    Error,
    /// An unchanged value of a schema.
    Schema(SchemaId),
    /// `boolean`
    Bool,
    /// `integer`
    Int,
    /// `number`
    Double,
    /// `string`
    Str,
    /// `string` of the format `binary`
    Bytes,
    /// `string` with the format `date-time`
    Timestamp,
    /// Anything.
    Any,
    /// `null` only.
    Null,
    /// A constant.
    Literal(Json),
    /// An object: name, value.
    Object(Vec<(String, Out)>),
    /// A list.
    Array(Box<Out>),
    /// A map.
    Map(Box<Out>),
    /// A named shape, by position.
    Shape(usize),
    /// One of several.
    OneOf(Vec<Out>),
    /// `{call, code, message}`
    Warning,
    /// `{call, code, message, parts}`
    Partial,
}

impl Out {
    /// Neither optional nor nullable.
    pub fn new(kind: OutKind) -> Out {
        Out { kind, optional: false, nullable: false }
    }

    /// May be left out.
    pub fn optional(mut self) -> Out {
        self.optional = true;
        self
    }
}

/// An input of an endpoint.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it comes from.
    pub place: InputPlace,
    /// Its name; `body` for the body.
    pub name: String,
    /// Its schema.
    pub schema: SchemaId,
    /// How it stands in its place, where that is more than one text and no repeated parameter of the query.
    pub wire: Option<Wire>,
    /// How a body that is no JSON is carried, and as which media type.
    pub carried: Option<(Carried, String)>,
    /// It must be sent.
    pub required: bool,
    /// What it is when not sent.
    pub default: Option<Json>,
    /// Its type in expressions.
    pub ty: Ty,
    /// Description.
    pub description: Option<String>,
    /// Where it is declared, or first used.
    pub span: Span,
}
