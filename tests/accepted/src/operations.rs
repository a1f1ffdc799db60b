//! Operations by chance: plain ones, and those that give pages, take many keys, or answer in several ways.

use crate::model::{Batching, Body, Component, Field, Form, Operation, Paging, Param, Service, Ty, fields, plain, ty};
use crate::random::Random;

const PLACES: &[&str] = &["query", "header", "query", "cookie", "query"];
const PARAMS: &[&str] = &["limit", "type", "filter", "ids", "x-trace", "q", "page[size]", "fn", "sort-by", "since"];
/// Names of components that an operation brings.
const BROUGHT: &[&str] =
    &["Things", "thing-page", "Listing", "Filter", "Line", "Stock", "Batch", "Area", "Found", "Entry", "Meta", "State"];

/// An operation of a service; what it needs of components is added there.
pub fn operation(random: &mut Random, at: usize, service: &mut Service) -> Operation {
    match random.below(9) {
        0 | 1 => paged(random, at, service),
        2 | 3 => batched(random, at, service),
        4 => mixed(random, at, service),
        5 => streamed(random, at),
        _ => any(random, at, service),
    }
}

fn bring(service: &mut Service, random: &mut Random, component: Component) -> Option<Ty> {
    let free: Vec<_> =
        BROUGHT.iter().filter(|name| service.components.iter().all(|(taken, _)| taken != *name)).collect();
    let name = **random.any(&free)?;
    service.components.push((name, component));
    Some(Ty::Component(service.components.len() - 1))
}

fn object(fields: Vec<Field>) -> Component {
    Component::Object { fields, extends: None, heirs: false }
}

fn param(place: &'static str, name: &'static str, ty: Ty, required: bool) -> Param {
    Param { place, name, ty, required, form: Form::Plain, bounded: false }
}

fn bare(method: &'static str, path: String, body: Body) -> Operation {
    let answers = vec![("200", body)];
    let (params, headers) = (Vec::new(), Vec::new());
    Operation { method, path, id: None, params, sends: None, answers, headers, paging: None, batching: None }
}

fn id(random: &mut Random, at: usize) -> Option<String> {
    (random.below(6) > 0).then(|| format!("{}Thing{at}", random.of(&["get", "list", "do_", "type"])))
}

/// `{id}` behind the path, now and then.
fn by_id(random: &mut Random, made: &mut Operation) {
    if random.once_in(2) {
        made.path.push_str("/{id}");
        let ty = random.of(&[Ty::Str(None), Ty::Int]).clone();
        made.params.push(param("path", "id", ty, true));
    }
}

fn any(random: &mut Random, at: usize, service: &mut Service) -> Operation {
    let method = *random.of(&["get", "get", "get", "get", "post", "put", "delete", "patch"]);
    let count = service.components.len();
    let body = |random: &mut Random| match random.below(12) {
        0 => Body::Text,
        1 => Body::Bytes,
        2 => Body::Nothing,
        3..=5 => Body::Json(Ty::List(Box::new(Ty::Component(random.below(count))))),
        _ => Body::Json(ty(random, count, 2)),
    };
    let mut made = bare(method, format!("/things{at}"), body(random));
    by_id(random, &mut made);
    let first = random.below(PARAMS.len());
    for n in 0..random.below(4) {
        let (place, name) = (*random.of(PLACES), PARAMS[(first + n) % PARAMS.len()]);
        made.params.push(parameter(random, service, place, name));
    }
    if random.once_in(6) {
        made.answers.push((*random.of(&["201", "204", "2XX"]), body(random)));
    }
    if random.once_in(4) {
        made.headers = vec![("X-Total-Count", Ty::Int, random.once_in(2)), ("etag", Ty::Str(None), false)];
    }
    made.sends = matches!(method, "post" | "put" | "patch").then(|| match random.below(8) {
        0 | 1 => Body::Form(flat(random, service), random.once_in(2)),
        2 => Body::Text,
        3 | 4 => Body::Bytes,
        _ => Body::Json(ty(random, count, 2)),
    });
    made.id = id(random, at);
    made
}

/// A parameter of any type and form.
fn parameter(random: &mut Random, service: &mut Service, place: &'static str, name: &'static str) -> Param {
    let mut made = param(place, name, plain(random), random.once_in(4));
    made.bounded = random.once_in(4);
    match random.below(8) {
        0 | 1 => {
            made.ty = Ty::List(Box::new(made.ty));
            made.form = match place {
                "query" => *random.of(&[Form::Plain, Form::Joined, Form::Piped]),
                _ => Form::Plain,
            };
        }
        2 if place == "query" => {
            made.form = *random.of(&[Form::Plain, Form::Deep, Form::Json]);
            made.ty = flat(random, service);
        }
        3 => {
            made.form = Form::Json;
            made.ty = ty(random, service.components.len(), 1);
        }
        _ => {}
    }
    made
}

/// An object without parts of its own parts.
fn flat(random: &mut Random, service: &mut Service) -> Ty {
    let mut all = fields(random, 0);
    for field in &mut all {
        field.ty = if random.once_in(5) { Ty::List(Box::new(Ty::Str(None))) } else { plain(random) };
        if field.ty == Ty::Any {
            field.ty = Ty::Int;
        }
    }
    bring(service, random, object(all)).unwrap_or(Ty::Map(Box::new(Ty::Str(None))))
}

fn paged(random: &mut Random, at: usize, service: &mut Service) -> Operation {
    let element = match random.below(6) {
        0 => plain(random),
        _ => Ty::Component(random.below(service.components.len())),
    };
    let list = Ty::List(Box::new(element.clone()));
    let style = *random.of(&["page", "offset", "cursor", "link"]);
    let mut made = bare("get", format!("/pages{at}"), Body::Nothing);
    by_id(random, &mut made);
    let (name, ty) = match style {
        "cursor" if random.once_in(4) => ("after", Ty::Int),
        "cursor" => ("after", Ty::Str(None)),
        "link" => ("page", random.of(&[Ty::Str(None), Ty::Int]).clone()),
        _ => (*random.of(&["page", "start-at", "type"]), Ty::Int),
    };
    let mut size = (random.below(3) > 0).then_some("page[size]");
    let mut name = name;
    let asked = vec![
        Field { required: random.once_in(2), ..Field::plain("page", ty.clone()) },
        Field { bounded: true, required: false, ..Field::plain("limit", Ty::Int) },
        Field { required: random.once_in(2), ..Field::plain("text", Ty::Str(None)) },
    ];
    if style != "link"
        && random.once_in(4)
        && let Some(body) = bring(service, random, object(asked))
    {
        (name, size) = ("body.page", size.and(Some("body.limit")));
        made.method = "post";
        made.sends = Some(Body::Json(body));
    } else {
        made.params.push(param("query", name, ty.clone(), false));
        if let Some(size) = size {
            made.params.push(Param { bounded: true, ..param("query", size, Ty::Int, false) });
        }
    }
    if random.once_in(2) {
        let other = parameter(random, service, "query", "filter");
        made.params.push(other);
    }
    let (mut next, mut all) = (None, Vec::new());
    if style == "cursor" && random.once_in(3) {
        made.headers.push(("X-Next", Ty::Str(None), false));
        next = Some("meta.headers[\"x-next\"]");
    } else if style == "cursor" {
        all.push(Field { required: false, nullable: random.once_in(2), ..Field::plain("nextCursor", ty) });
        next = Some("body.?nextCursor");
    }
    if style == "link" && random.once_in(2) {
        made.headers.push(("Link", Ty::Str(None), false));
    }
    let mut items = None;
    if random.once_in(4) && all.is_empty() {
        made.answers[0].1 = Body::Json(list);
    } else {
        let (required, nullable) = (random.below(3) > 0, random.once_in(4));
        let inner = Field { required, nullable, ..Field::plain("order-list", list.clone()) };
        if random.once_in(3)
            && let Some(data) = bring(service, random, object(vec![inner]))
        {
            items = Some("data[\"order-list\"]");
            all.push(Field { required, ..Field::plain("data", data) });
        } else {
            items = Some("items");
            all.push(Field { required, nullable, ..Field::plain("items", list.clone()) });
        }
        all.push(Field { required: random.once_in(2), ..Field::plain("total", Ty::Int) });
        match bring(service, random, object(all)) {
            Some(body) => made.answers[0].1 = Body::Json(body),
            // Without a name that is free: the list itself, which no cursor of a body leads on from.
            None => {
                items = None;
                next = next.map(|_| "meta.headers[\"x-next\"]");
                made.answers[0].1 = Body::Json(list);
            }
        }
    }
    made.id = id(random, at);
    made.paging = Some(Paging { style, param: name, size, items, next, element });
    made
}

fn batched(random: &mut Random, at: usize, service: &mut Service) -> Operation {
    let key = random.of(&[Ty::Str(None), Ty::Str(None), Ty::Int]).clone();
    let matched = *random.of(&["id", "user-id", "type", "größe"]);
    let count = service.components.len();
    let mut all = fields(random, count);
    all.retain(|field| field.name != matched);
    all.push(Field::plain(matched, key.clone()));
    let element = match bring(service, random, object(all)) {
        Some(ty) => ty,
        None => return any(random, at, service),
    };
    let list = Ty::List(Box::new(element.clone()));
    let keys = Ty::List(Box::new(key.clone()));
    let mut made = bare("get", format!("/many{at}"), Body::Json(list.clone()));
    by_id(random, &mut made);
    let mut items = None;
    if random.once_in(2) {
        let others = Field { required: false, ..Field::plain("others", Ty::List(Box::new(Ty::Str(None)))) };
        let found = Field { required: random.below(4) > 0, nullable: random.once_in(5), ..Field::plain("found", list) };
        if let Some(body) = bring(service, random, object(vec![found, others])) {
            items = random.once_in(2).then_some("found");
            made.answers[0].1 = Body::Json(body);
        }
    }
    let param = match random.below(4) {
        0 => {
            made.method = "post";
            made.sends = Some(Body::Json(keys));
            "body"
        }
        1 => {
            let mut all = vec![Field::plain("ids", keys)];
            all.extend(random.once_in(2).then(|| Field::plain("deep", Ty::Bool)));
            match bring(service, random, object(all)) {
                Some(body) => {
                    made.method = "post";
                    made.sends = Some(Body::Json(body));
                    "body.ids"
                }
                None => return any(random, at, service),
            }
        }
        _ => {
            let place = *random.of(&["query", "query", "header"]);
            let form =
                if place == "query" { *random.of(&[Form::Plain, Form::Joined, Form::Piped]) } else { Form::Plain };
            made.params.push(Param {
                form,
                bounded: random.once_in(2),
                ..param(place, "ids", keys, random.once_in(2))
            });
            "ids"
        }
    };
    if random.once_in(3) {
        made.headers.push(("X-Left", Ty::Int, random.once_in(2)));
    }
    made.id = id(random, at);
    made.batching = Some(Batching { param, matched, items, key, element });
    made
}

/// Bodies that differ by status.
fn mixed(random: &mut Random, at: usize, service: &mut Service) -> Operation {
    let count = service.components.len();
    let first = Ty::Component(random.below(count));
    let second = match random.below(3) {
        0 => Ty::Component(random.below(count)),
        1 => Ty::List(Box::new(Ty::Component(random.below(count)))),
        _ => random.of(&[Ty::Str(None), Ty::Int, Ty::Bool]).clone(),
    };
    let mut made = bare("get", format!("/mixed{at}"), Body::Json(first));
    by_id(random, &mut made);
    made.answers.push((*random.of(&["202", "2XX", "default"]), Body::Json(second)));
    if random.once_in(4) {
        made.answers.push(("204", Body::Nothing));
    }
    made.id = Some(format!("mixedThing{at}"));
    made
}

/// A body that is passed on as it comes.
fn streamed(random: &mut Random, at: usize) -> Operation {
    let body = random.of(&[Body::Bytes, Body::Bytes, Body::Text, Body::Events, Body::Events]).clone();
    let method = *random.of(&["get", "get", "get", "post"]);
    let mut made = bare(method, format!("/files{at}"), body.clone());
    by_id(random, &mut made);
    if random.once_in(3) {
        made.params.push(param("header", "Range", Ty::Str(None), false));
    }
    if random.once_in(3) {
        made.answers.push(("206", body));
    }
    if random.once_in(2) {
        made.headers = vec![
            ("Content-Disposition", Ty::Str(None), false),
            ("ETag", Ty::Str(None), random.once_in(2)),
            ("X-Owner", Ty::Str(None), random.once_in(2)),
            ("X-Count", Ty::Int, false),
        ];
    }
    made.id = id(random, at);
    made
}
