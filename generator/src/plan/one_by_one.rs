//! Calls for each element where one call for many would do: the same document has an operation that takes a list.

use std::collections::HashMap;

use super::batch::{self, property};
use super::model::{Call, Each, Endpoint, Upstream, UpstreamOperation};
use super::operations::{self, Resolved};
use super::scope::Env;
use super::ty::TyKind;
use crate::composition::ast;
use crate::diag::Diagnostic;
use crate::openapi::{DocId, In, Method, Parameter};
use crate::schema::{Kind, SchemaId};
use crate::source::{Sources, Span, Spanned};

/// An operation that does the work of many calls.
#[derive(Clone)]
struct Offer {
    /// As a composition names it, behind the upstream.
    operation: String,
    span: Span,
    param: String,
    matching: String,
}

/// What was found so far.
#[derive(Default)]
struct Known {
    /// `GET` operations of a document by the path of the collection that they belong to.
    collections: HashMap<DocId, HashMap<String, Vec<usize>>>,
    /// By document, path and whether the key is a string.
    offers: HashMap<(DocId, String, bool), Option<Offer>>,
}

/// Proposes `batch` where it can be had.
pub fn check(
    env: &mut Env,
    sources: &Sources,
    declared: &[ast::Endpoint],
    endpoints: &[Endpoint],
    upstreams: &[Upstream],
) {
    let mut known = Known::default();
    let places: HashMap<_, _> = declared.iter().map(|e| ((e.path.as_str(), e.method), e)).collect();
    for endpoint in endpoints {
        let keyed = || endpoint.calls.iter().enumerate().filter(|(_, call)| call.each.is_some());
        let Some(declared) = places.get(&(endpoint.path.as_str(), endpoint.method)).filter(|_| keyed().count() > 0)
        else {
            continue;
        };
        for (at, call) in keyed() {
            let (Some(each), Some(written)) = (&call.each, declared.calls.get(at)) else { continue };
            let upstream = &upstreams[call.upstream];
            let operation = &upstream.operations[call.operation];
            if each.batch.is_none()
                && let Some(offer) = offer(env, &mut known, (call, each), (call.upstream, upstream), operation)
            {
                tell(env, sources, written, each, upstream, &offer);
            }
        }
    }
}

fn tell(env: &mut Env, sources: &Sources, call: &ast::Call, each: &Each, upstream: &Upstream, offer: &Offer) {
    let plain = offer.operation.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let operation = match plain {
        true => format!("{}.{}", upstream.name, offer.operation),
        false => format!("{}[\"{}\"]", upstream.name, offer.operation),
    };
    let span = each.key.span;
    let text = sources.file(span.source).text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let key = match text == each.variable {
        true => String::new(),
        false => format!(", `key: {text}`"),
    };
    let batch = format!("batch: {{ param: {}, match: {} }}", offer.param, offer.matching);
    let message = format!("`{}` asks one by one for what `{}` gives in one call", call.name.value, offer.operation);
    env.diags.push(
        Diagnostic::warning("BFF0449", message, call.operation.operation.span)
            .label(offer.span, format!("takes a list: `{}`", offer.param))
            .help(format!("write `operation: {operation}`{key} and `{batch}`, and leave the key out of `with`")),
    );
}

/// The operation that could be called instead.
fn offer(
    env: &mut Env,
    known: &mut Known,
    (call, each): (&Call, &Each),
    (at, upstream): (usize, &Upstream),
    called: &UpstreamOperation,
) -> Option<Offer> {
    let operation = &called.operation;
    let (collection, last) = operation.head.path.rsplit_once('/')?;
    let name = last.strip_prefix('{')?.strip_suffix('}')?;
    let param = operation.parameters.iter().position(|p| p.location == In::Path && p.name == name)?;
    let by_key = |(at, value): &(usize, _)| *at == param && super::calls::same(value, &each.key);
    if operation.head.method != Method::Get || !call.args.iter().any(by_key) {
        return None;
    }
    let text = matches!(each.key.ty.kind, TyKind::Str);
    let memo = (upstream.doc, operation.head.path.clone(), text);
    if let Some(offer) = known.offers.get(&memo) {
        return offer.clone();
    }
    let TyKind::Object(wanted) = called.came.ty(env).present().kind else { return None };
    let all = known.collections.entry(upstream.doc).or_insert_with(|| collections(env, upstream.doc));
    let candidates = all.get(collection).cloned().unwrap_or_default();
    let found = candidates.into_iter().find_map(|index| candidate(env, (at, upstream.doc, index), name, text, wanted));
    known.offers.insert(memo, found.clone());
    found
}

/// `GET` operations by their path, and by what stands before its last, fixed segment (`/products/search`).
fn collections(env: &Env, doc: DocId) -> HashMap<String, Vec<usize>> {
    let mut all: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, head) in env.specs.operations(doc).iter().enumerate().filter(|(_, head)| head.method == Method::Get) {
        all.entry(head.path.clone()).or_default().push(index);
        if let Some((before, last)) = head.path.rsplit_once('/')
            && !last.starts_with('{')
        {
            all.entry(before.to_string()).or_default().push(index);
        }
    }
    all
}

/// Whether an operation gives elements of a schema for a list of keys. `key`: what the key is called in the path.
fn candidate(
    env: &mut Env,
    (upstream, doc, index): (usize, DocId, usize),
    key: &str,
    text: bool,
    wanted: SchemaId,
) -> Option<Offer> {
    // What is wrong with an operation that nobody calls, nobody needs to hear.
    let said = env.diags.len();
    let (operation, _) = env.specs.operation(doc, index);
    let operation = operations::as_it_goes(env, operation);
    let span = operation.head.span;
    let param = operation.parameters.iter().find(|param| takes_keys(env, param, key, text))?.clone();
    let others = operation.parameters.iter().filter(|p| p.required && p.location != In::Path);
    if others.clone().any(|other| other.name != param.name) {
        return None;
    }
    let came = super::answers::came(env, &operation, span);
    let named = |name: &str| Spanned::new(name.to_string(), span);
    let batch = ast::Batch { param: named(&param.name), matching: named("id"), size: None, items: None, span };
    let found = came.and_then(|came| {
        let resolved = Resolved { upstream, operation: operation.clone(), came, sends: None };
        batch::elements(env, &batch, &resolved)
    });
    env.diags.truncate(said);
    let TyKind::Object(element) = found?.element.kind else { return None };
    let same_kind = |name: &&str| {
        let kind = property(env, element, name).map(|p| super::ty::of_schema(&env.specs.schemas, p.schema));
        kind.is_some_and(|ty| matches!((&ty.bare().kind, text), (TyKind::Str, true) | (TyKind::Int, false)))
    };
    let matching = [key, "id"].into_iter().find(same_kind)?.to_string();
    let operation = operation.head.id.clone();
    holds(env, element, wanted).then_some(Offer { operation, span, param: param.name, matching })
}

/// Whether a parameter of the query is a list of keys, by its type and by its name: `ids`, `productIds`, `skus`.
fn takes_keys(env: &Env, param: &Parameter, key: &str, text: bool) -> bool {
    let schemas = &env.specs.schemas;
    let Kind::Array(rules) = &schemas.get(param.schema).kind else { return false };
    let item = schemas.get(rules.items);
    let alike = matches!((&item.kind, text), (Kind::String(_), true) | (Kind::Integer(_), false));
    let letters =
        |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let (name, key) = (letters(&param.name), letters(key));
    let named = name == key || name == format!("{key}s") || name == "id" || name.ends_with("ids") || name == "keys";
    param.location == In::Query && alike && item.allowed.is_none() && named
}

/// Whether an element has all that is read of the schema that a call for one gives.
fn holds(env: &Env, element: SchemaId, wanted: SchemaId) -> bool {
    if element == wanted {
        return true;
    }
    let Some(used) = env.demand.of(wanted).filter(|used| !used.raw) else { return false };
    let schemas = &env.specs.schemas;
    used.fields.iter().all(|name| {
        let pair = property(env, element, name).zip(property(env, wanted, name));
        pair.is_some_and(|(a, b)| {
            schemas.canonical(a.schema) == schemas.canonical(b.schema) && a.required == b.required
        })
    })
}
