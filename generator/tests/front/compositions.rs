//! Compositions: what is read, and what is said about broken ones.

use super::read;
use bffgen::composition::ast::{OnErrorAction, ShapeKind};
use bffgen::diag::short::short;

/// The example of the design, as users see it first.
const DASHBOARD: &str = r#"# yaml-language-server: $schema=https://bffgen.dev/schema/1.json
bffgen: 1
bff: web
title: Shop, for the web app
version: 1.0.0

upstreams:
  users:         { spec: ../../specs/users.yaml }
  orders:        { spec: ../../specs/orders.yaml, timeout: 800ms }
  notifications: { spec: ../../specs/notifications.yaml }

endpoints:
  GET /api/dashboard:
    summary: Everything the dashboard shows.
    timeout: 2s
    calls:
      profile: users.getProfile
      orders:
        operation: orders.listOrders
        with: { limit: query.limit }
      inbox:
        operation: notifications.list
        on_error: { default: { items: [] }, warn: Notifications are temporarily unavailable. }
    response:
      user: { name: profile.fullName, email: profile.email, avatar: profile.avatarUrl }
      recentOrders:
        $each: o in orders.items
        $where: o.status != "cancelled"
        id: o.id
        total: o.total
        date: o.createdAt
      unread: inbox.items.filter(n, !n.read).size()
      warnings: warnings.map(w, w.message)
"#;

/// Every key once.
pub const EVERYTHING: &str = r##"bffgen: 1
bff: mobile-app
title: All
version: 1.0
description: |
  Two
  lines.
output: ../out
runtime: { path: ../../runtime }
strict: true
timeout: 1m
validate: used
on_invalid: report
upstreams:
  users:
    spec: specs/../users.yaml
    url: ${USERS_URL:-http://localhost:4001}
    headers: { x-client: "'web'", x-n: 3 }
    auth: forward
    open: true
    on_error: absent
  catalog: { spec: /specs/catalog.json, url: "https://catalog", validate: off }
shapes:
  "OrderCard(o: users#/components/schemas/Order, n: users#/components/schemas/N)": { id: o.id }
  Long:
    params: { o: { type: integer } }
    shape: { id: o }
  Footer: { $text: hello }
hooks:
  breadcrumbs:
    description: Where we are.
    args: { category: catalog#/components/schemas/Category, path: { type: string } }
    returns: { type: array, items: { type: string } }
endpoints:
  GET /short: users.getMe
  GET /by-path/{id}: users["GET /users/{id}"]
  POST /orders/{id}/items:
    summary: S
    description: D
    id: addItem
    tags: [a, b]
    strict: false
    timeout: 2s
    inputs:
      path: { id: { type: string } }
      query: { limit: { type: integer, required: true }, all: users#/components/schemas/Flag }
      header: { x-request: { type: string } }
      cookie: { session_id: { type: string } }
      body: { $ref: "users#/components/schemas/NewItem" }
    calls:
      me:
        operation: users.getMe
        with: { id: path.id, query.id: query.id, n: 3 }
        body: { name: body.name, tags: ["'x'", 1] }
        when: query.all
        on_error: { fail: true, status: { 404: 404, 409: 422 } }
      products:
        operation: catalog["GET /products/{id}"]
        each: o in me.items
        key: o.id
        concurrency: 4
        max: 100
        on_error: { absent: true, warn: Products are missing. }
    status: 201
    headers: { Location: "'/orders/' + me.id", x-n: 1 }
    response:
      $spread: [me, { $spread: profile, $omit: [a, b] }]
      $when: me.ok
      list:
        $each: o in me.items
        $where: o.open
        $sort: [o.date desc, o.id]
        $skip: 1
        $take: query.limit
        $value: o.id
      card: { $use: "OrderCard(me, 1)" }
      picked: { $spread: me, $pick: [a] }
      literals: [1, 2.50, true, null, { $text: hello }, "'x'", ~]
"##;

#[test]
fn the_dashboard_of_the_design() {
    let (composition, found, sources) = read(DASHBOARD);
    assert_eq!(short(&found, &sources), "");
    let composition = composition.expect("a composition");
    assert_eq!(composition.bff.value, "web");
    assert_eq!(composition.version, "1.0.0");
    assert_eq!(composition.upstreams[1].policies.timeout.as_ref().map(|t| t.value), Some(800));
    assert_eq!(composition.upstreams[1].spec.value, "../../specs/orders.yaml");
    let endpoint = &composition.endpoints[0];
    assert_eq!(endpoint.path, "/api/dashboard");
    let calls: Vec<_> = endpoint.calls.iter().map(|c| (&*c.name.value, &*c.operation.operation.value)).collect();
    assert_eq!(calls, [("profile", "getProfile"), ("orders", "listOrders"), ("inbox", "list")]);
    let on_error = endpoint.calls[2].policies.on_error.as_ref().expect("on_error");
    assert!(matches!(on_error.action, OnErrorAction::Default(_)));
    assert_eq!(on_error.warn.as_ref().map(|w| &*w.value), Some("Notifications are temporarily unavailable."));
    let Some(ShapeKind::Object(response)) = endpoint.response.as_ref().map(|r| &r.kind) else { panic!("an object") };
    let names: Vec<&str> = response.fields.iter().map(|field| &*field.name.value).collect();
    assert_eq!(names, ["user", "recentOrders", "unread", "warnings"]);
    let ShapeKind::Expr(unread) = &response.fields[2].shape.kind else { panic!("an expression") };
    let text = &sources.file(unread.span.source).text[unread.span.start as usize..unread.span.end as usize];
    assert_eq!(text, "inbox.items.filter(n, !n.read).size()");
}

#[test]
fn every_key() {
    let (composition, found, sources) = read(EVERYTHING);
    assert_eq!(short(&found, &sources), "");
    let all = composition.expect("a composition");
    assert_eq!((all.bff.value.as_str(), all.version.as_str(), all.strict), ("mobile-app", "1.0", true));
    assert_eq!(all.policies.timeout.as_ref().map(|t| t.value), Some(60_000));
    let specs: Vec<&str> = all.upstreams.iter().map(|u| &*u.spec.value).collect();
    assert_eq!(specs, ["users.yaml", "/specs/catalog.json"]);
    let shapes: Vec<_> = all.shapes.iter().map(|s| (&*s.name.value, s.params.len())).collect();
    assert_eq!(shapes, [("OrderCard", 2), ("Long", 1), ("Footer", 0)]);
    let text = |span: bffgen::source::Span| &sources.file(span.source).text[span.start as usize..span.end as usize];
    let (param, schema) = &all.shapes[0].params[1];
    assert_eq!((text(param.span), text(schema.span)), ("n", "users#/components/schemas/N"));
    assert_eq!(all.hooks[0].args.len(), 2);
    assert_eq!(&*all.endpoints[0].short.as_ref().expect("short").operation.value, "getMe");
    let by_path = &all.endpoints[1];
    assert_eq!(text(by_path.short.as_ref().expect("short").operation.span), "GET /users/{id}");
    assert_eq!(text(by_path.path_params[0].span), "id");
    let items = &all.endpoints[2];
    assert_eq!(items.inputs.len(), 6);
    assert_eq!(items.inputs[1].required, Some(true));
    assert!(items.inputs[1].schema.get("required").is_none() && items.inputs[2].schema.get("$ref").is_some());
    let each = items.calls[1].each.as_ref().expect("each");
    assert_eq!((each.max.as_ref().map(|m| m.value), each.concurrency.as_ref().map(|c| c.value)), (Some(100), Some(4)));
    let Some(ShapeKind::Object(response)) = items.response.as_ref().map(|r| &r.kind) else { panic!("an object") };
    assert_eq!((response.spread.len(), response.spread[1].omit.len(), response.fields.len()), (2, 2, 4));
    let ShapeKind::Object(list) = &response.fields[0].shape.kind else { panic!("an object") };
    let each = list.each.as_ref().expect("$each");
    assert_eq!(each.sort.iter().map(|(_, down)| *down).collect::<Vec<_>>(), [true, false]);
    assert!(list.value.is_some() && each.skip.is_some() && each.take.is_some() && each.filter.is_some());
}

#[test]
fn includes() {
    let (composition, found, sources) = read(
        "bffgen: 1\nbff: web\ninclude: [shared/a.yaml, shared/b.yaml]\nupstreams: { own: { spec: own.yaml } }\n\
         endpoints: { GET /a: own.get }\n\
         --- shared/a.yaml\ninclude: [sub/c.yaml]\nupstreams: { a: { spec: ../specs/a.yaml } }\n\
         --- shared/b.yaml\nbffgen: 1\ninclude: [./sub/../sub/c.yaml]\nupstreams: { b: { spec: b.yaml } }\n\
         --- shared/sub/c.yaml\nupstreams: { c: { spec: ../../c.yaml } }\n",
    );
    assert_eq!(short(&found, &sources), "");
    let composition = composition.expect("a composition");
    let specs: Vec<_> = composition.upstreams.iter().map(|u| format!("{}={}", u.name.value, u.spec.value)).collect();
    assert_eq!(specs, ["c=c.yaml", "a=specs/a.yaml", "b=shared/b.yaml", "own=own.yaml"]);
    assert_eq!(composition.files, ["web.bff.yaml", "shared/a.yaml", "shared/sub/c.yaml", "shared/b.yaml"]);
}

/// The findings of a composition, one a line.
fn check(text: &str, expected: &str) {
    let (_, found, sources) = read(text);
    let shown = short(&found, &sources);
    assert_eq!(shown.trim_end(), expected.trim_end(), "\n{text}\n{shown}");
    for one in &found {
        let at =
            |span: bffgen::source::Span| sources.file(span.source).text.get(span.start as usize..span.end as usize);
        assert!(one.labels.iter().all(|label| at(label.span).is_some()), "{one:?}");
        assert!(!one.message.ends_with('.'), "{one:?}");
    }
}

#[test]
fn broken_files() {
    let cases = include_str!("broken.txt");
    let mut count = 0;
    for case in cases.split("\n=====\n") {
        let (text, expected) = case.split_once("\n-----\n").expect("a text and what is said");
        // A fragment of an endpoint or of the file, to keep cases short.
        let whole = if let Some(rest) = text.strip_prefix("!endpoint\n") {
            format!("bffgen: 1\nbff: web\nendpoints:\n  GET /a:\n{rest}")
        } else if let Some(rest) = text.strip_prefix("!file\n") {
            format!("bffgen: 1\nbff: web\nendpoints: {{ GET /a: users.get }}\n{rest}")
        } else {
            text.to_owned()
        };
        check(&whole, expected);
        count += 1;
    }
    assert!(count > 25, "{count} cases");
}

#[test]
fn a_missing_file() {
    let mut sources = bffgen::source::Sources::default();
    let (composition, found) = bffgen::composition::read(&mut sources, "no.yaml", &mut super::Files(Vec::new()));
    assert!(composition.is_none());
    assert_eq!(short(&found, &sources), "error[BFF0316]: `no.yaml` cannot be read: there is no such file\n");
}

#[test]
fn suggestions_are_mends() {
    let (_, found, sources) = read("bffgen: 1\nbff: web\nendpoints:\n  GET /a:\n    cals: {}\n    status: 204\n");
    let fix = &found[0].fixes[0];
    let text = &sources.file(fix.span.source).text[fix.span.start as usize..fix.span.end as usize];
    assert_eq!((text, fix.text.as_str()), ("cals", "calls"));
    assert!(found[0].help.iter().any(|help| help.contains("`response`")), "{:?}", found[0].help);
}

#[test]
fn second_definitions_show_both() {
    let (_, found, sources) = read(
        "bffgen: 1\nbff: web\ninclude: [s.yaml]\nupstreams: { u: { spec: a.yaml } }\n\
         endpoints:\n  GET /a/{x}: u.a\n  GET /a/{y}: u.b\n  POST /a/{z}: u.c\n--- s.yaml\nupstreams: { u: { spec: b.yaml } }\n",
    );
    let places: Vec<Vec<String>> = found
        .iter()
        .map(|one| {
            one.labels.iter().map(|l| format!("{}:{}", sources.file(l.span.source).path, l.span.start)).collect()
        })
        .collect();
    assert_eq!(places[0].len(), 2);
    assert!(places[0][1].starts_with("s.yaml:"), "{places:?}");
    assert_eq!(
        short(&found, &sources),
        "web.bff.yaml:4:14: error[BFF0309]: the upstream `u` is defined twice\n\
         web.bff.yaml:7:3: error[BFF0311]: two endpoints are on one route: the same requests match both\n\
         web.bff.yaml:8:3: error[BFF0311]: two methods of one path name its parameters differently\n"
    );
}

#[test]
fn a_condition_without_quotes() {
    let (_, found, _) = read("bffgen: 1\nbff: web\nendpoints:\n  GET /a:\n    response:\n      x: a ? b : c\n");
    assert!(found[0].help.iter().any(|help| help.contains("stands in quotes")), "{found:?}");
}
