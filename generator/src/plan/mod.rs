//! Resolves and types a composition against the documents: composition and specs -> [`Plan`].

pub mod answers;
pub mod arguments;
pub mod batch;
pub mod bodies;
pub mod by_type;
pub mod call_headers;
pub mod calls;
mod causes;
pub mod constants;
pub mod demand;
pub mod endpoint;
pub mod expr;
pub mod fails;
pub mod files;
pub mod fit;
pub mod functions;
mod hooks;
mod implies;
pub mod inline;
pub mod inputs;
pub mod ir;
pub mod judge;
mod keyed;
mod lenient;
pub mod lints;
pub mod matching;
pub mod meta;
pub mod model;
pub mod narrow;
pub mod one_by_one;
pub mod operations;
pub mod order;
pub mod pages;
pub mod paginate;
pub mod partial;
mod promise;
pub mod refs;
pub mod routes;
mod sameness;
pub mod scope;
pub mod settled;
pub mod shape;
pub mod stream;
pub mod structure;
pub mod time;
pub mod turn;
pub mod ty;
pub mod types;
pub mod unresolved;
pub mod walk;
pub mod wire;
pub mod writes;

pub use model::Plan;

use std::collections::{HashMap, HashSet};

use crate::Loader;
use crate::composition::ast::{self, Composition};
use crate::diag::{Diagnostic, Severity};
use crate::openapi::Specs;
use crate::schema::{Additional, Direction, Kind, SchemaId, contradictions};
use crate::source::Sources;
use indexmap::IndexSet;

use calls::{Context, Deferred};
use demand::Demand;
use scope::{Env, Scope};
use shape::ShapeSignature;
use types::{TypeNames, schema_of};

/// Checks a composition. A plan is there when nothing that it needs is missing; whether it may be
/// emitted, the diagnostics say.
pub fn build(
    composition: &Composition,
    source: &str,
    sources: &mut Sources,
    specs: &mut Specs,
    loader: &mut dyn Loader,
) -> (Option<Plan>, Vec<Diagnostic>) {
    let mut env = Env {
        specs,
        demand: Demand::default(),
        diags: Vec::new(),
        hooks: Vec::new(),
        refused_hooks: HashSet::new(),
        hooks_used: Vec::new(),
        answer_unions: Vec::new(),
        circular_shapes: HashSet::new(),
        gaps: Vec::new(),
        shape_bodies: Vec::new(),
        shapes_fitted: HashSet::new(),
        refused: HashSet::new(),
    };
    let (mut upstreams, names, whole) = open_upstreams(&mut env, composition, sources, loader);
    if !whole {
        // Without a document every name in it would be reported as unknown.
        return (None, env.diags);
    }
    let hooks = hooks::declared(&mut env, &names, &composition.hooks);
    let mut signatures: Vec<(ShapeSignature, bool)> = Vec::new();
    let mut deferred = Vec::new();
    let shapes = named_shapes(&mut env, &names, composition, &mut signatures);

    let mut context = Context {
        upstreams: &mut upstreams,
        declared: &composition.upstreams,
        file: &composition.policies,
        shapes: &mut signatures,
        deferred: &mut deferred,
    };
    let mut endpoints = Vec::new();
    for (at, endpoint) in composition.endpoints.iter().enumerate() {
        env.demand.reading = Some(at);
        endpoints.extend(endpoint::endpoint(&mut env, &names, &mut context, composition.strict, endpoint));
    }
    unique_ids(&mut env, composition, &endpoints);
    routes::shadowed(&mut env, &composition.endpoints);
    env.demand.settle(&env.specs.schemas);
    matching::of_hooks(&mut env);
    let demand = env.demand.clone();
    for Deferred { made, schema, endpoint } in &deferred {
        let which = |_: &Env, object: SchemaId, name: &str| {
            demand.is_raw(object) || demand.of(object).is_some_and(|used| used.fields.contains(name))
        };
        let why = |object: SchemaId, name: &str| {
            let other = composition.endpoints.get(demand.other_reader(object, name, *endpoint)?)?;
            let other = format!("{} {}", other.method.as_str(), other.path);
            Some(format!("`{other}` reads it, and a body is read in the same way for all endpoints"))
        };
        fit::check(
            &mut env,
            made,
            *schema,
            false,
            &fit::Needed { which: &which, why: &why, whole: false, sent: false },
        );
    }
    by_type::propose(&mut env, sources);
    one_by_one::check(&mut env, sources, &composition.endpoints, &endpoints, &upstreams);
    unused(&mut env, composition, &upstreams, &signatures);
    unsupported(&mut env);

    let used = std::mem::take(&mut env.hooks_used);
    let plan = Plan {
        name: composition.bff.value.clone(),
        title: composition.title.clone().unwrap_or_else(|| composition.bff.value.clone()),
        version: composition.version.clone(),
        description: composition.description.clone(),
        source: source.to_string(),
        runtime: composition.runtime.clone(),
        demand,
        upstreams,
        hooks: hooks.into_iter().flatten().zip(used).map(|(hook, used)| model::Hook { used, ..hook }).collect(),
        shapes: shapes
            .into_iter()
            .zip(signatures)
            .map(|((name, params, shape), (_, used))| model::NamedShape { name, params, shape, used })
            .collect(),
        endpoints,
    };
    causes::once(&mut env.diags);
    // What is broken uses nothing: what else does, is known when it is mended.
    if env.diags.iter().any(|diag| diag.severity == Severity::Error) {
        env.diags.retain(|diag| !matches!(diag.code, "BFF0411" | "BFF0419"));
    }
    (Some(plan), env.diags)
}

type Opened = (Vec<model::Upstream>, TypeNames, bool);

fn open_upstreams(env: &mut Env, composition: &Composition, sources: &mut Sources, loader: &mut dyn Loader) -> Opened {
    let mut upstreams = Vec::new();
    let mut names = TypeNames::new();
    let mut whole = true;
    for upstream in &composition.upstreams {
        let overlays: Vec<String> = upstream.overlays.iter().map(|path| path.value.clone()).collect();
        let (doc, findings) = env.specs.open_with(sources, &upstream.spec.value, &overlays, loader);
        for mut finding in findings {
            if finding.labels.is_empty() {
                finding.labels.push(crate::diag::Label { span: upstream.spec.span, text: "named here".into() });
            }
            env.diags.push(finding);
        }
        let Some(doc) = doc else {
            whole = false;
            continue;
        };
        names.insert(upstream.name.value.clone(), doc);
        let (title, version) = env.specs.info(doc);
        let (title, version) = (title.to_string(), version.to_string());
        let headers = upstream.headers.iter().filter_map(|(name, value)| header(env, name, value)).collect();
        upstreams.push(model::Upstream {
            name: upstream.name.value.clone(),
            doc,
            title,
            version,
            spec: upstream.spec.value.clone(),
            url: upstream.url.as_ref().map_or_else(|| default_url(&upstream.name.value), |url| url.value.clone()),
            headers,
            forward: upstream.auth.as_ref().is_some_and(|auth| auth.value == ast::UpstreamAuth::Forward),
            timeout: upstream.policies.timeout.as_ref().or(composition.policies.timeout.as_ref()).map(|t| t.value),
            operations: Vec::new(),
        });
    }
    (upstreams, names, whole)
}

/// `user-service` -> `${USER_SERVICE_URL}`.
fn default_url(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("${{{name}_URL}}")
}

fn header(env: &mut Env, name: &crate::source::Spanned<String>, value: &ast::Shape) -> Option<(String, String)> {
    let text = match &value.kind {
        ast::ShapeKind::Literal(serde_json::Value::String(text)) => text.clone(),
        ast::ShapeKind::Literal(other @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => {
            other.to_string()
        }
        ast::ShapeKind::Expr(expr) => match &expr.kind {
            crate::expr::ast::ExprKind::Str(text) => text.clone(),
            _ => {
                expr::unsupported(env, value.span, "a header of an upstream that is not a constant");
                return None;
            }
        },
        _ => {
            expr::unsupported(env, value.span, "a header of an upstream that is not a constant");
            return None;
        }
    };
    if text.chars().any(|c| c.is_control()) {
        env.diags.push(Diagnostic::error("BFF0422", "a header's value has no control characters", value.span));
        return None;
    }
    Some((name.value.to_ascii_lowercase(), text))
}

type Shapes = Vec<(String, Vec<(String, ty::Ty)>, ir::TShape)>;

/// Checks named shapes, each after the ones it uses; shapes that use themselves are refused.
fn named_shapes(
    env: &mut Env,
    names: &TypeNames,
    composition: &Composition,
    signatures: &mut Vec<(ShapeSignature, bool)>,
) -> Shapes {
    let declared = &composition.shapes;
    let positions: HashMap<&str, usize> =
        declared.iter().enumerate().rev().map(|(at, shape)| (shape.name.value.as_str(), at)).collect();
    let uses: Vec<Vec<usize>> = declared
        .iter()
        .map(|shape| {
            let mut found = Vec::new();
            refs::shapes_in(&shape.shape, &mut |name| {
                found.extend(positions.get(name));
            });
            found
        })
        .collect();
    let order = order::in_order(&uses);
    let mut made = Shapes::new();
    for at in order.iter().copied() {
        let shape = &declared[at];
        let mut params = Vec::new();
        for (name, node) in &shape.params {
            let schema = schema_of(env, names, node, &name.value);
            let schema = schema.map(|schema| env.specs.schemas.one_way(schema, Direction::Response));
            let ty = schema.map(|schema| ty::of_schema(&env.specs.schemas, schema));
            params.push((name.value.clone(), ty.unwrap_or_else(ty::Ty::error)));
        }
        let mut scope = Scope { locals: params.clone(), no_hooks: Some("a named shape"), ..Scope::default() };
        let since = env.diags.len();
        let body = shape::shape(env, &mut scope, signatures, &shape.shape);
        lints::named_shape(env, &body, since);
        signatures.push((
            ShapeSignature {
                name: shape.name.value.clone(),
                params: params.clone(),
                span: shape.name.span,
                optional: body.out.optional,
            },
            false,
        ));
        env.shape_bodies.push(body.clone());
        made.push((shape.name.value.clone(), params, body));
    }
    let done: HashSet<usize> = order.into_iter().collect();
    for (_, shape) in declared.iter().enumerate().filter(|(at, _)| !done.contains(at)) {
        env.diags.push(
            Diagnostic::error("BFF0423", format!("the shape `{}` uses itself", shape.name.value), shape.name.span)
                .help("a shape makes a JSON of known depth: list the levels that the client needs"),
        );
        env.circular_shapes.insert(shape.name.value.clone());
    }
    made
}

fn unique_ids(env: &mut Env, composition: &Composition, endpoints: &[model::Endpoint]) {
    let place = |e: &'_ ast::Endpoint| e.id.as_ref().map_or(e.span, |id| id.span);
    let places: HashMap<_, _> = composition.endpoints.iter().map(|e| ((e.path.as_str(), e.method), place(e))).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    for endpoint in endpoints {
        if !seen.insert(&endpoint.id)
            && let Some(&span) = places.get(&(endpoint.path.as_str(), endpoint.method))
        {
            env.diags.push(
                Diagnostic::error("BFF0412", format!("two endpoints have the id `{}`", endpoint.id), span)
                    .help("give one of them another `id:`"),
            );
        }
    }
}

fn unused(env: &mut Env, composition: &Composition, upstreams: &[model::Upstream], shapes: &[(ShapeSignature, bool)]) {
    for (upstream, declared) in upstreams.iter().zip(&composition.upstreams) {
        // What an included file offers need not be used by each client.
        let own = declared.name.span.source == composition.bff.span.source;
        if upstream.operations.is_empty() && own {
            let message = format!("no call uses the upstream `{}`", upstream.name);
            env.diags.push(Diagnostic::warning("BFF0419", message, declared.name.span).help("remove it"));
        }
    }
    for (shape, used) in shapes {
        if !used && shape.span.source == composition.bff.span.source {
            let message = format!("nothing uses the shape `{}`", shape.name);
            env.diags
                .push(Diagnostic::warning("BFF0419", message, shape.span).help("use it with `$use`, or remove it"));
        }
    }
    for (hook, used) in env.hooks.iter().zip(&env.hooks_used) {
        if !used && hook.span.source == composition.bff.span.source {
            let message = format!("nothing calls the hook `{}`", hook.name);
            env.diags.push(
                Diagnostic::warning("BFF0419", message, hook.span).help("call it in an expression, or remove it"),
            );
        }
    }
}

/// Names each construct of a schema that is read and not checked.
fn unsupported(env: &mut Env) {
    let mut findings = Vec::new();
    for id in reached(env).into_iter().filter(|id| !env.refused.contains(id)) {
        let schemas = &env.specs.schemas;
        let schema = schemas.get(id);
        findings.extend(contradictions(schemas, id));
        for (what, span) in &schema.unsupported {
            findings.push(
                Diagnostic::warning("BFF0424", format!("{what} of `{}` is not checked", schema.name), *span)
                    .help("all else that the schema says is checked"),
            );
        }
        let within = schemas.clauses_of(id).into_iter().flat_map(|id| schemas.clauses(id).unsupported.clone());
        for (what, span) in within.collect::<Vec<_>>() {
            findings.push(
                Diagnostic::warning("BFF0424", format!("{what} within `{}` is not checked", schema.name), span)
                    .help("all else that the schema says is checked"),
            );
        }
        match &schema.kind {
            Kind::Unsupported { what, span } => {
                findings.push(Diagnostic::error("BFF0413", format!("`{}` uses {}", schema.name, not_yet(what)), *span))
            }
            Kind::String(rules) => {
                if let Some(Err(why)) = rules.pattern.as_deref().map(crate::schema::pattern::parts) {
                    let message =
                        format!("the `pattern` of `{}` is not checked: {why} has no linear-time form", schema.name);
                    findings.push(Diagnostic::warning("BFF0424", message, schema.span));
                }
            }
            _ => {}
        }
    }
    env.diags.extend(findings);
}

/// A construct that cannot be used, and why: a reference to nothing will not be supported, ever.
pub fn not_yet(what: &str) -> String {
    match what.ends_with("to nothing") {
        true => what.to_owned(),
        false => format!("{what}, which is not supported yet"),
    }
}

/// Every schema whose values are read or passed on, in the order of demand.
fn reached(env: &Env) -> Vec<SchemaId> {
    let schemas = &env.specs.schemas;
    let mut found: IndexSet<SchemaId> = IndexSet::new();
    let mut open: Vec<(SchemaId, bool)> = Vec::new();
    for (id, used) in env.demand.iter() {
        open.push((id, used.raw));
        while let Some((id, whole)) = open.pop() {
            if !found.insert(id) && !whole {
                continue;
            }
            let fields = env.demand.of(schemas.canonical(id)).map(|used| &used.fields);
            let next: Vec<SchemaId> = match &schemas.get(id).kind {
                Kind::Nullable(inner) => vec![*inner],
                Kind::Array(rules) => vec![rules.items],
                Kind::Union(rules) => rules.members.clone(),
                Kind::Object(rules) => {
                    let wanted = |p: &&crate::schema::Property| whole || fields.is_some_and(|f| f.contains(&p.name));
                    let mut next: Vec<SchemaId> = rules.properties.iter().filter(wanted).map(|p| p.schema).collect();
                    if let (Additional::Schema(values), true) =
                        (&rules.additional, whole || rules.properties.is_empty())
                    {
                        next.push(*values);
                    }
                    if whole {
                        next.extend(rules.heirs.iter().flat_map(|heirs| &heirs.members));
                    }
                    next
                }
                _ => Vec::new(),
            };
            open.extend(next.into_iter().filter(|id| !found.contains(id)).map(|id| (id, whole)));
        }
    }
    found.into_iter().collect()
}
