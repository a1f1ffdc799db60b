//! Expressions: text -> tree, or what is wrong with it.

use bffgen::diag::Diagnostic;
use bffgen::expr::ast::{Expr, ExprKind};
use bffgen::expr::{Place, parse, parse_each, parse_sort, parse_use};
use bffgen::source::{SourceId, Span};

fn place(text: &str) -> Place<'static> {
    Place::verbatim(Span { source: SourceId(0), start: 0, end: text.len() as u32 }, 0)
}

/// The tree with every pair of parentheses.
fn print(expr: &Expr) -> String {
    let all = |items: &[Expr]| items.iter().map(print).collect::<Vec<_>>().join(", ");
    let mark = |optional: &bool| if *optional { "?" } else { "" };
    match &expr.kind {
        ExprKind::Broken => "broken".to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Double(value) => format!("{value:?}"),
        ExprKind::Str(value) => format!("{value:?}"),
        ExprKind::Bytes(value) => format!("b{value:?}"),
        ExprKind::List(items) => {
            let items: Vec<String> = items.iter().map(|(item, opt)| format!("{}{}", mark(opt), print(item))).collect();
            format!("[{}]", items.join(", "))
        }
        ExprKind::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(k, v, opt)| format!("{}{}: {}", mark(opt), print(k), print(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        ExprKind::Ident(name) => name.clone(),
        ExprKind::Select { base, field, optional } => format!("{}.{}{}", print(base), mark(optional), field.value),
        ExprKind::Index { base, index, optional } => format!("{}[{}{}]", print(base), mark(optional), print(index)),
        ExprKind::Call { target: Some(target), function, args } => {
            format!("{}.{}({})", print(target), function.value, all(args))
        }
        ExprKind::Call { target: None, function, args } => format!("{}({})", function.value, all(args)),
        ExprKind::Not(inner) => format!("!{}", print(inner)),
        ExprKind::Negate(inner) => format!("-({})", print(inner)),
        ExprKind::Binary { op, left, right } => format!("({} {:?} {})", print(left), op.value, print(right)),
        ExprKind::Ternary { condition, then, otherwise } => {
            format!("({} ? {} : {})", print(condition), print(then), print(otherwise))
        }
    }
}

/// The tree, or code, place and text of the finding.
fn outcome<T>((value, found): (Option<T>, Vec<Diagnostic>), print: impl Fn(&T) -> String) -> String {
    match (value, found.first()) {
        (Some(value), None) => print(&value),
        (_, Some(found)) => {
            let span = found.labels[0].span;
            format!("{}@{}..{} {}", found.code, span.start, span.end, found.message)
        }
        (None, None) => panic!("a value or a finding"),
    }
}

fn check(text: &str, expected: &str) {
    assert_eq!(outcome(parse(text, place(text)), print), expected, "{text}");
}

#[test]
fn trees() {
    let cases = [
        ("a.b.c", "a.b.c"),
        ("a + b * c - d", "((a Add (b Mul c)) Sub d)"),
        ("a - b - c", "((a Sub b) Sub c)"),
        ("(a - b) % c / d", "(((a Sub b) Rem c) Div d)"),
        ("a || b && c == d + 1", "(a Or (b And (c Eq (d Add 1))))"),
        ("a && b || c && d", "((a And b) Or (c And d))"),
        ("a < b != c >= d", "(((a Lt b) Ne c) Ge d)"),
        ("x in [1, 2] && !y", "((x In [1, 2]) And !y)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? (b ? c : d) : e", "(a ? (b ? c : d) : e)"),
        ("a ?.5:1", "(a ? 0.5 : 1)"),
        ("!!a", "!!a"),
        ("--a", "-(-(a))"),
        ("-1", "-1"),
        ("- 1", "-1"),
        ("--1", "-(-1)"),
        ("2 -1", "(2 Sub 1)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-0x8000000000000000", "-9223372036854775808"),
        ("9223372036854775807", "9223372036854775807"),
        ("0xFf + 0x0", "(255 Add 0)"),
        ("1e3", "1000.0"),
        ("1.5E-2", "0.015"),
        (".5", "0.5"),
        ("[1,2,]", "[1, 2]"),
        ("[?a, b]", "[?a, b]"),
        ("{}", "{}"),
        ("{'k': v, ?\"o\": w,}", "{\"k\": v, ?\"o\": w}"),
        ("a.?b[?0]['x-y'].c", "a.?b[?0][\"x-y\"].c"),
        ("a.`x-y`", "a.x-y"),
        ("a.package.for", "a.package.for"),
        ("size(x) + x.size()", "(size(x) Add x.size())"),
        ("math.greatest(1, 2)", "math.greatest(1, 2)"),
        ("items.filter(n, !n.read).map(n, n.id)", "items.filter(n, !n.read).map(n, n.id)"),
        ("has(a.b) && true != false", "(has(a.b) And (true Ne false))"),
        ("null", "null"),
        (r#""a\"b" + 'it\'s'"#, r#"("a\"b" Add "it's")"#),
        (r#"r"\d+" + R'\n'"#, r#"("\\d+" Add "\\n")"#),
        ("'''two\nlines''' + \"\"\"a\"b\"\"\"", r#"("two\nlines" Add "a\"b")"#),
        (r"'\a\b\f\n\r\t\v\\\?\`\x41\u00e4\U0001F600\101'", "\"\\u{7}\\u{8}\\u{c}\\n\\r\\t\\u{b}\\\\?`Aä😀A\""),
        (r"b'a\xff\377'", "b[97, 255, 255]"),
        ("B'ä'", "b[195, 164]"),
        ("br'\\x'", "b[92, 120]"),
        ("a // comment\n + b", "(a Add b)"),
        ("'ä' + 'ö'", r#"("ä" Add "ö")"#),
        ("inbox.items", "inbox.items"),
        ("index", "index"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn findings() {
    let cases = [
        ("", "BFF0333@0..0 an expression is missing"),
        ("a = b", "BFF0335@2..3 `=` does not compare"),
        ("a & b", "BFF0335@2..3 a single `&` is no operator here"),
        ("a | b", "BFF0335@2..3 a single `|` is no operator here"),
        ("a and b", "BFF0335@2..5 `and` is no operator here"),
        ("a or b", "BFF0335@2..4 `or` is no operator here"),
        ("not a", "BFF0335@0..3 `not` is no operator here"),
        ("not (a)", "BFF0335@0..3 `not` is no operator here"),
        ("a === b", "BFF0335@4..5 `=` does not compare"),
        ("'abc", "BFF0331@0..4 this text has no closing quote"),
        ("\"a\nb\"", "BFF0331@0..2 this text has no closing quote"),
        ("'''a'", "BFF0331@0..5 this text has no closing quote"),
        (r"'\q'", r"BFF0331@1..3 `\q` is not an escape"),
        (r"'\u12'", r"BFF0331@1..3 `\u` wants 4 digits"),
        (r"'\ud800'", "BFF0331@1..7 U+d800 is not a character"),
        (r"b'\u0041'", r"BFF0331@2..4 `\u` is not possible in a byte text"),
        ("a.b.", "BFF0333@4..4 after the dot, the name of a field is missing; this is the end"),
        ("a.0", "BFF0333@1..3 a number is too much here"),
        ("a. 0", "BFF0333@3..4 a position is not written after a dot"),
        ("a.in", "BFF0334@2..4 `in` cannot be a field after a dot"),
        (".a", "BFF0333@0..1 an expression does not begin with a dot"),
        ("if(a)", "BFF0334@0..2 `if` is a reserved word and cannot be a name"),
        ("package", "BFF0334@0..7 `package` is a reserved word and cannot be a name"),
        ("in x", "BFF0333@0..2 before `in`, a value is missing"),
        ("(a + b", "BFF0333@0..1 this parenthesis is not closed"),
        ("(a b)", "BFF0333@3..4 here, `)` is missing; this is `b`"),
        ("a)", "BFF0333@1..2 `)` is too much here"),
        ("a b", "BFF0333@2..3 `b` is too much here"),
        ("a +", "BFF0333@3..3 here, a value is missing; this is the end"),
        ("f(a,)", "BFF0333@4..5 an argument is missing after the comma"),
        ("[1, 2", "BFF0333@5..5 here, `]` is missing; this is the end"),
        ("{a}", "BFF0333@2..3 here, `:` is missing; this is `}`"),
        ("a ? b", "BFF0333@5..5 here, `:` is missing; this is the end"),
        ("a ? b ? c : d : e", "BFF0333@6..7 a `? :` between `?` and `:` needs parentheses"),
        ("!-a", "BFF0333@1..2 `!` and `-` in a row need parentheses"),
        ("9223372036854775808", "BFF0332@0..19 this integer is too large"),
        ("-9223372036854775809", "BFF0332@1..20 this integer is too large"),
        ("0x", "BFF0332@0..2 `0x` is not a number"),
        ("1a", "BFF0332@0..2 `1a` is not a number"),
        ("1e999", "BFF0332@0..5 this number is too large"),
        ("1u", "BFF0337@0..2 unsigned integers are not part of this language"),
        ("google.Type{a: 1}", "BFF0337@11..12 making messages (`Type{...}`) is not part of this language"),
        ("$a", "BFF0330@0..1 `$` means nothing here"),
        ("größe", "BFF0330@2..4 `ö` means nothing here"),
        ("“a”", "BFF0330@0..3 this is a typographic quote"),
        ("`a`", "BFF0333@0..3 here, a value is missing; this is `a`"),
        ("a.`b", "BFF0331@2..3 this name in backticks has no end"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn sizes_are_limited() {
    let cases = [
        ("(".repeat(5_000), "BFF0336"),
        ("[".repeat(5_000), "BFF0336"),
        ("a ? b : ".repeat(1_000), "BFF0336"),
        ("!".repeat(5_000) + "a", "BFF0336"),
        ("a".to_owned() + &".b".repeat(4_000), "BFF0336"),
        ("a+".repeat(4_000) + "a", "BFF0336"),
        ("a".repeat(10_001), "BFF0336"),
    ];
    for (text, code) in cases {
        let (value, found) = parse(&text, place(&text));
        assert!(value.is_none() && found[0].code == code, "{:.10}", text);
    }
    for text in ["(".repeat(90) + "a" + &")".repeat(90), "a+".repeat(90) + "a"] {
        assert!(parse(&text, place(&text)).0.is_some(), "{:.10}", text);
    }
}

#[test]
fn places() {
    let text = "a.b + f(c)";
    let expr = parse(text, place(text)).0.expect("an expression");
    assert_eq!((expr.span.start, expr.span.end), (0, 10));
    let ExprKind::Binary { op, right, .. } = expr.kind else { panic!("a sum") };
    assert_eq!((op.span.start, op.span.end, right.span.start), (4, 5, 6));
    let whole = Span { source: SourceId(0), start: 7, end: 9 };
    assert_eq!(parse(text, Place::whole(whole)).0.expect("an expression").span, whole);
}

#[test]
fn snippets() {
    let each = |text: &str| {
        outcome(parse_each(text, place(text)), |(name, list)| format!("{} <- {}", name.value, print(list)))
    };
    assert_eq!(each("o in orders.items"), "o <- orders.items");
    assert_eq!(each("orders.items"), "BFF0338@0..12 this is not of the form `x in list`");
    assert_eq!(each("for in x"), "BFF0334@0..3 `for` is a reserved word and cannot be a name");
    assert_eq!(each("o in"), "BFF0333@4..4 here, a value is missing; this is the end");
    let sort = |text: &str| outcome(parse_sort(text, place(text)), |(key, down)| format!("{} {down}", print(key)));
    assert_eq!(sort("o.date desc"), "o.date true");
    assert_eq!(sort("-o.date"), "-(o.date) false");
    assert_eq!(sort("o.date down"), "BFF0338@7..11 `down` is not a direction");
    let uses = |text: &str| {
        outcome(parse_use(text, place(text)), |(name, args)| {
            format!("{}({})", name.value, args.iter().map(print).collect::<Vec<_>>().join(", "))
        })
    };
    assert_eq!(uses("OrderCard(o, 1)"), "OrderCard(o, 1)");
    assert_eq!(uses("Footer"), "Footer()");
    assert_eq!(uses("OrderCard o"), "BFF0338@0..11 this is not of the form `Shape(value)`");
}
