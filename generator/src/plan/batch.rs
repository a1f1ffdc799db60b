//! `batch`: an operation that takes many keys at once and gives an element for each that it knows.

use super::calls;
use super::inputs::find_parameter;
use super::ir::{TExpr, TKind};
use super::keyed;
use super::model::{Batch, Each, Member};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::{self, Call, ObjectShape, Shape, ShapeField, ShapeKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::schema::{Kind, Property, SchemaId};
use crate::source::{Span, Spanned};

/// What the keys of one call are called in its arguments: no name that anyone can write.
pub const KEYS: &str = "the keys";

/// How many keys a call takes where nothing is said.
const DEFAULT_SIZE: u32 = 100;

/// A batch before its arguments are checked.
pub struct Start {
    /// The call with its keys as an argument.
    pub call: Call,
    /// The type of [`KEYS`].
    pub keys: Ty,
    key: Option<TExpr>,
    size: u32,
}

impl Start {
    /// The schema of the keys.
    pub fn key_schema(&self) -> Option<SchemaId> {
        self.key.as_ref()?.ty.schema
    }
}

/// Checks the key, and puts the keys where `param` says.
pub fn start(
    env: &mut Env,
    scope: &mut Scope,
    call: &Call,
    (batch, each): (&ast::Batch, &ast::Each),
    item: &Ty,
    resolved: &Resolved,
) -> Start {
    let found = env.diags.len();
    let key = key(env, scope, each, item);
    // Where the keys stand in `with`, that is what is wrong.
    let parameters = &resolved.operation.parameters;
    let at = find_parameter(parameters, &batch.param.value);
    if key.is_none()
        && at.is_some_and(|at| call.with.iter().any(|(n, _)| find_parameter(parameters, &n.value) == Some(at)))
    {
        env.diags.truncate(found);
    }
    let known = key.as_ref().map_or_else(Ty::error, |key| Ty { schema: None, ..key.ty.clone() });
    let (call, schema) = wired(env, call, batch, each, resolved);
    let mut keys = Ty::list(known);
    let mut limit = None;
    if let Some(schema) = schema {
        let schema = match env.specs.schemas.get(schema).kind {
            Kind::Nullable(inner) => inner,
            _ => schema,
        };
        match &env.specs.schemas.get(schema).kind {
            Kind::Array(rules) => {
                limit = rules.max_items.and_then(|max| u32::try_from(max).ok()).map(|max| (max, schema))
            }
            Kind::Any | Kind::Union(_) => {}
            _ => {
                let found = ty::of_schema(&env.specs.schemas, schema).describe(&env.specs.schemas);
                let message = format!("`{}` is {found}: it takes no list of keys", batch.param.value);
                let at = env.specs.schemas.get(schema).span;
                let diag = Diagnostic::error("BFF0425", message, batch.param.span).label(at, "declared here");
                env.diags.push(diag.help("`param` names a list: a parameter, `body`, or a field `body.ids`"));
                keys = Ty::error();
            }
        }
    }
    let size = match (&batch.size, limit) {
        (Some(size), Some((max, schema))) if size.value > max => {
            let message = format!("`{}` takes at most {max} keys at a time", batch.param.value);
            let at = env.specs.schemas.get(schema).span;
            let diag = Diagnostic::error("BFF0425", message, size.span).label(at, "its `maxItems`");
            env.diags.push(diag.fix(format!("write `{max}`"), size.span, max.to_string()));
            max
        }
        (Some(size), _) => size.value,
        (None, Some((max, _))) => max,
        (None, None) => DEFAULT_SIZE,
    };
    Start { call, keys, key, size: size.max(1) }
}

/// What is said under `key`, or an element that is a key itself.
fn key(env: &mut Env, scope: &mut Scope, each: &ast::Each, item: &Ty) -> Option<TExpr> {
    let span = each.variable.span;
    let key = match &each.key {
        Some(key) => scope.with_local(&each.variable.value, item.clone(), |scope| super::expr::check(env, scope, key)),
        None if matches!(item.kind, TyKind::Str | TyKind::Int | TyKind::Error) => {
            TExpr { ty: item.clone(), kind: TKind::Local(each.variable.value.clone()), span }
        }
        None => {
            let message = "a batch of what is no string or integer needs a `key`";
            let help = format!("say what of an element is its key: `key: {}.id`", each.variable.value);
            env.diags.push(Diagnostic::error("BFF0418", message, span).help(help));
            return None;
        }
    };
    keyed::as_key(env, key)
}

/// The call with the keys as an argument, and the schema of what takes them.
fn wired(
    env: &mut Env,
    call: &Call,
    batch: &ast::Batch,
    each: &ast::Each,
    resolved: &Resolved,
) -> (Call, Option<SchemaId>) {
    let variable = &each.variable.value;
    let keys_in = find_parameter(&resolved.operation.parameters, &batch.param.value);
    let others = call.with.iter().filter(|(name, _)| {
        keys_in.is_none() || find_parameter(&resolved.operation.parameters, &name.value) != keys_in
    });
    for shape in others.map(|(_, shape)| shape).chain(&call.body) {
        if calls::mentions(shape, variable) {
            let message = format!("an argument of a batch cannot depend on `{variable}`");
            let help = "one call is for many elements: all that it sends of each is its `key`";
            env.diags.push(Diagnostic::error("BFF0425", message, shape.span).help(help));
        }
    }
    let span = batch.param.span;
    let keys = Shape { span, kind: ShapeKind::Expr(Expr { span, kind: ExprKind::Ident(KEYS.into()) }) };
    let mut made = call.clone();
    made.with.retain(|(_, shape)| !calls::mentions(shape, variable));
    made.body = made.body.filter(|shape| !calls::mentions(shape, variable));
    let parameters = &resolved.operation.parameters;
    let name = &batch.param.value;
    let at = find_parameter(parameters, name);
    let in_body = resolved.sends.as_ref().map(|sends| sends.schema);
    let twice = |given: Span| {
        let message = format!("`{name}` is given here and by `batch`");
        let diag = Diagnostic::error("BFF0425", message, given).label(span, "the keys go there");
        match each.key {
            Some(_) => diag.help("drop one of them"),
            None => {
                diag.help(format!("leave it out here, and say what of an element is its key: `key: {variable}.id`"))
            }
        }
    };
    if at.is_none() && name == "body" {
        if let Some(body) = made.body.replace(keys) {
            env.diags.push(twice(body.span));
        }
        return (made, in_body);
    }
    let Some(field) = name.strip_prefix("body.").filter(|_| at.is_none()) else {
        if let Some(given) =
            at.and_then(|at| call.with.iter().find(|(n, _)| find_parameter(parameters, &n.value) == Some(at)))
        {
            env.diags.push(twice(given.0.span));
            made.with.retain(|(n, _)| find_parameter(parameters, &n.value) != at);
        }
        made.with.push((batch.param.clone(), keys));
        return (made, at.map(|at| parameters[at].schema));
    };
    let field = Spanned::new(field.to_string(), span);
    let schema = in_body.and_then(|body| property(env, body, &field.value)).map(|property| property.schema);
    let keys = ShapeField { name: field.clone(), shape: keys };
    match made.body.as_mut().map(|body| (body.span, &mut body.kind)) {
        None => {
            let object = ObjectShape { fields: vec![keys], ..ObjectShape::default() };
            made.body = Some(Shape { span, kind: ShapeKind::Object(Box::new(object)) });
        }
        Some((_, ShapeKind::Object(object))) if is_plain(object) => {
            if let Some(given) = object.fields.iter().find(|given| given.name.value == field.value) {
                env.diags.push(twice(given.name.span));
            }
            object.fields.retain(|given| given.name.value != field.value);
            object.fields.push(keys);
        }
        Some((body, _)) => {
            let message = format!("this body has no place for `{}`", field.value);
            let diag = Diagnostic::error("BFF0425", message, body).label(span, "the keys go there");
            env.diags.push(diag.help("write its fields out: `body: { lang: query.lang }`"));
        }
    }
    (made, schema)
}

/// Whether an object is fields and what is copied.
pub fn is_plain(object: &ObjectShape) -> bool {
    object.each.is_none()
        && object.when.is_none()
        && object.value.is_none()
        && object.use_shape.is_none()
        && object.matching.is_none()
}

/// A member of an object.
pub fn property<'e>(env: &'e Env, object: SchemaId, name: &str) -> Option<&'e Property> {
    let id = match env.specs.schemas.get(object).kind {
        Kind::Nullable(inner) => inner,
        _ => object,
    };
    let Kind::Object(rules) = &env.specs.schemas.get(id).kind else { return None };
    rules.properties.iter().find(|property| property.name == name)
}

/// Checks what comes back: where the elements are, and that they can be matched.
pub fn finish(
    env: &mut Env,
    call: &Call,
    (batch, each): (&ast::Batch, &ast::Each),
    list: TExpr,
    start: Start,
    resolved: &Resolved,
) -> Option<Each> {
    let bounds = keyed::bounds(env, call, each, &list);
    let found = elements(env, batch, resolved);
    let key = start.key?;
    let Found { path, list: all, element, nullable } = found?;
    path.iter().for_each(|step| env.demand.field(step.owner, &step.name));
    env.demand.items(&all);
    let batch = matched(env, batch, &key, element)?;
    let (concurrency, max) = bounds?;
    let batch = Batch { size: start.size, path, nullable, ..batch };
    Some(Each { variable: each.variable.value.clone(), list, key, concurrency, max, batch: Some(batch) })
}

/// Where the elements are in an answer.
pub struct Found {
    path: Vec<Member>,
    list: Ty,
    /// The type of one.
    pub element: Ty,
    nullable: bool,
}

/// Finds the list of elements in what comes back.
pub fn elements(env: &mut Env, batch: &ast::Batch, resolved: &Resolved) -> Option<Found> {
    let root = resolved.came.ty(env).present().clone();
    let id = &resolved.operation.head.id;
    let path = match &batch.items {
        Some(items) => match segments(items) {
            Some(path) => path,
            None if matches!(items.kind, ExprKind::Broken) => return None,
            None => {
                let message = "`items` is a path of names in the answer";
                env.diags.push(Diagnostic::error("BFF0425", message, items.span).help("write it like `data.results`"));
                return None;
            }
        },
        None => match &root.kind {
            TyKind::Object(object) => vec![the_list(env, *object, batch, id)?],
            _ => Vec::new(),
        },
    };
    let (mut ty, mut steps) = (root, Vec::new());
    for name in &path {
        let TyKind::Object(owner) = ty.kind else {
            no_list(env, name.span, id, &ty);
            return None;
        };
        let Some((schema, required)) = property(env, owner, &name.value).map(|p| (p.schema, p.required)) else {
            unknown(env, owner, name);
            return None;
        };
        let field = ty::of_schema(&env.specs.schemas, schema);
        let nullable = matches!(field.kind, TyKind::Nullable(_));
        steps.push(Member { owner, name: name.value.clone(), optional: !required, nullable });
        ty = field.bare().clone();
    }
    let span = batch.items.as_ref().map_or(batch.span, |items| items.span);
    let item = match &ty.kind {
        TyKind::List(item) if matches!(item.bare().kind, TyKind::Object(_)) => item.as_ref().clone(),
        TyKind::Error => return None,
        _ => {
            no_list(env, span, id, &ty);
            return None;
        }
    };
    let nullable = matches!(item.kind, TyKind::Nullable(_));
    Some(Found { path: steps, element: item.bare().clone(), list: ty, nullable })
}

/// `data.results` as names.
fn segments(expr: &Expr) -> Option<Vec<Spanned<String>>> {
    let (base, name) = match &expr.kind {
        ExprKind::Ident(name) => return Some(vec![Spanned::new(name.clone(), expr.span)]),
        ExprKind::Select { base, field, .. } => (base, field.clone()),
        ExprKind::Index { base, index, .. } => match &index.kind {
            ExprKind::Str(name) => (base, Spanned::new(name.clone(), index.span)),
            _ => return None,
        },
        _ => return None,
    };
    let mut path = segments(base)?;
    path.push(name);
    Some(path)
}

/// The one member of an answer that is a list of objects.
fn the_list(env: &mut Env, object: SchemaId, batch: &ast::Batch, id: &str) -> Option<Spanned<String>> {
    let schema = env.specs.schemas.get(object);
    let Kind::Object(rules) = &schema.kind else { return None };
    let is_list = |property: &&Property| {
        let ty = ty::of_schema(&env.specs.schemas, property.schema);
        matches!(&ty.bare().kind, TyKind::List(item) if matches!(item.bare().kind, TyKind::Object(_)))
    };
    let lists: Vec<&str> = rules.properties.iter().filter(is_list).map(|p| p.name.as_str()).collect();
    let diag = match lists.as_slice() {
        [one] => return Some(Spanned::new(one.to_string(), batch.span)),
        [] => {
            let message = format!("the answer of `{id}` is not a list of objects, and has none among its members");
            let help = "a batch wants an answer with an element for each key; a list further in is named with `items: data.results`";
            Diagnostic::error("BFF0425", message, batch.span).help(help)
        }
        [first, ..] => {
            let message =
                format!("the answer of `{id}` has several lists of objects: {}", super::expr::backticked(&lists));
            Diagnostic::error("BFF0425", message, batch.span).help(format!("say which one: `items: {first}`"))
        }
    };
    let diag = diag.label(schema.span, "its schema");
    env.diags.push(diag);
    None
}

fn no_list(env: &mut Env, span: Span, id: &str, ty: &Ty) {
    let found = ty.describe(&env.specs.schemas);
    let message = format!("`{id}` gives no list of objects here, but {found}");
    let mut diag = Diagnostic::error("BFF0425", message, span);
    if let Some(schema) = ty.schema {
        diag = diag.label(env.specs.schemas.get(schema).span, "its schema");
    }
    env.diags.push(diag.help("a batch wants an answer with an element for each key that it knows"));
}

/// Says that an object has no such field.
pub fn unknown(env: &mut Env, object: SchemaId, name: &Spanned<String>) {
    let schema = env.specs.schemas.get(object);
    let Kind::Object(rules) = &schema.kind else { return };
    let names: Vec<&str> = rules.properties.iter().map(|p| p.name.as_str()).collect();
    let diag = Diagnostic::error("BFF0404", format!("`{}` has no field `{}`", schema.name, name.value), name.span)
        .label(schema.span, "its schema");
    let diag = match did_you_mean(&name.value, names.iter().copied()) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None => diag.help(format!("it has {}", super::expr::backticked(&names))),
    };
    env.diags.push(diag);
}

/// Checks that `match` is of the key's type.
fn matched(env: &mut Env, batch: &ast::Batch, key: &TExpr, element: Ty) -> Option<Batch> {
    let TyKind::Object(object) = element.kind else { return None };
    let name = &batch.matching;
    let Some((schema, required, span)) = property(env, object, &name.value).map(|p| (p.schema, p.required, p.span))
    else {
        unknown(env, object, name);
        return None;
    };
    let field = ty::of_schema(&env.specs.schemas, schema);
    let alike = matches!(
        (&field.bare().kind, &key.ty.kind),
        (TyKind::Str, TyKind::Str) | (TyKind::Int, TyKind::Int) | (_, TyKind::Error)
    );
    if !alike {
        let schemas = &env.specs.schemas;
        let (found, wanted) = (field.bare().describe(schemas), key.ty.describe(schemas));
        let message = format!("`{}` is {found}, the key is {wanted}", name.value);
        let diag = Diagnostic::error("BFF0425", message, name.span)
            .label(key.span, "the key")
            .label(span, "declared here")
            .help("elements are found by their key: convert it, as with `string(o.productId)`, or match another field");
        env.diags.push(diag);
        return None;
    }
    env.demand.field(object, &name.value);
    let nullable_match = matches!(field.kind, TyKind::Nullable(_));
    Some(Batch {
        size: 0,
        path: Vec::new(),
        nullable: false,
        element,
        matching: name.value.clone(),
        optional_match: !required,
        nullable_match,
    })
}

/// The keyed value and what a default is checked against: an element.
pub fn element(each: Option<&Each>) -> Option<&Ty> {
    each.and_then(|each| each.batch.as_ref()).map(|batch| &batch.element)
}
