//! Tidies generated code, so that what a composition says is no warning in Rust: parentheses that are not
//! needed go, and a variable that nothing reads gets a `_`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Block, Expr, ExprForLoop, ExprMethodCall, File, FnArg, ItemFn, Local, Macro, Pat, Stmt, Token, parse_quote,
};

use super::reads;

/// Tidies a file.
pub fn tidy(file: &mut File) {
    Tidy.visit_file_mut(file);
}

struct Tidy;

impl VisitMut for Tidy {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        match e {
            Expr::Call(call) => {
                call.args.iter_mut().for_each(bare);
                if is_of_lists(&call.func) {
                    call.args.iter_mut().for_each(without_into_iter);
                }
            }
            Expr::MethodCall(call) => {
                call.args.iter_mut().for_each(bare);
                flat_map(call);
                as_deref(call);
                find(call);
                call.args.iter_mut().for_each(plain_call);
                if call.method == "keep" {
                    call.args.iter_mut().for_each(without_into_iter);
                }
                eager(call);
                some_of_each(call);
            }
            Expr::Closure(closure) => {
                bare(&mut closure.body);
                let body = &closure.body;
                closure.inputs.iter_mut().for_each(|pattern| unused(pattern, &|name| reads::expr(body, name)));
            }
            Expr::ForLoop(each) => {
                bare(&mut each.expr);
                let body = &each.body;
                unused(&mut each.pat, &|name| reads::block(body, name));
                uncopied(each);
            }
            Expr::If(branch) => {
                let (cond, then) = (branch.cond.to_token_stream(), &branch.then_branch);
                // What one part of a condition proves may be used by the next.
                let chain = !matches!(&*branch.cond, Expr::Let(_));
                in_condition(&mut branch.cond, &|name| reads::block(then, name) || chain && mentions(&cond, name) > 1);
            }
            Expr::Match(choice) => bare(&mut choice.expr),

            Expr::Let(proof) if !matches!(&*proof.expr, Expr::Paren(outer) if matches!(*outer.expr, Expr::Binary(_))) =>
            {
                bare(&mut proof.expr);
            }
            Expr::Array(array) => array.elems.iter_mut().for_each(bare),
            Expr::Paren(outer) if matches!(*outer.expr, Expr::Paren(_)) => bare(&mut outer.expr),
            _ => {}
        }
        if let Expr::If(branch) = e
            && matches!(*branch.cond, Expr::Block(_))
        {
            let block = std::mem::replace(&mut *branch.cond, parse_quote! { holds });
            *e = parse_quote! { { let holds = #block; #branch } };
        }
        if let Some(value) = value_or(e) {
            *e = value;
        }
        if let Some(mapped) = mapped_some(e) {
            *e = mapped;
        }
    }

    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        visit_mut::visit_item_fn_mut(self, function);
        let body = &function.block;
        for input in &mut function.sig.inputs {
            if let FnArg::Typed(param) = input {
                unused(&mut param.pat, &|name| reads::block(body, name));
            }
        }
    }

    /// `format!` holds expressions, too.
    fn visit_macro_mut(&mut self, call: &mut Macro) {
        if let Some(mut args) = format_args(call) {
            for arg in &mut args {
                self.visit_expr_mut(arg);
                bare(arg);
            }
            call.tokens = args.to_token_stream();
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        block.stmts = std::mem::take(&mut block.stmts).into_iter().flat_map(named_condition).collect();
        if let Some(Stmt::Expr(value, None)) = block.stmts.last_mut() {
            bare(value);
        }
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        local.init.iter_mut().for_each(|init| bare(&mut init.expr));
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        visit_mut::visit_arm_mut(self, arm);
        bare(&mut arm.body);
    }
}

/// `x.or_else(|| y)` is `x.or(y)` where `y` is only named.
fn eager(call: &mut ExprMethodCall) {
    let method = match call.method.to_string().as_str() {
        "or_else" => "or",
        "unwrap_or_else" => "unwrap_or",
        _ => return,
    };
    let Some(Expr::Closure(closure)) = call.args.first_mut() else { return };
    if closure.inputs.is_empty() && method == "unwrap_or" && is_empty_text(&closure.body) {
        call.args = Punctuated::new();
        call.method = Ident::new("unwrap_or_default", call.method.span());
    } else if closure.inputs.is_empty() && is_named(&closure.body) {
        let value = std::mem::replace(&mut *closure.body, Expr::PLACEHOLDER);
        call.args = [value].into_iter().collect();
        call.method = Ident::new(method, call.method.span());
    }
}

/// `"".to_string()`
fn is_empty_text(e: &Expr) -> bool {
    e.to_token_stream().to_string() == "\"\" . to_string ()"
}

/// `if let Some(x) = y { x } else { z }` is `y.unwrap_or(z)` where `z` is only named.
fn value_or(e: &Expr) -> Option<Expr> {
    let Expr::If(branch) = e else { return None };
    let (Expr::Let(proof), Some((_, otherwise))) = (&*branch.cond, &branch.else_branch) else { return None };
    let Expr::Block(otherwise) = &**otherwise else { return None };
    let (then, otherwise) = (only(&branch.then_branch)?, only(&otherwise.block)?);
    let pattern = proof.pat.to_token_stream().to_string();
    if pattern != format!("Some ({})", then.to_token_stream()) {
        return None;
    }
    let option = &proof.expr;
    let option: Expr = match **option {
        Expr::Binary(_) | Expr::Unary(_) | Expr::Reference(_) | Expr::Cast(_) => parse_quote! { (#option) },
        _ => parse_quote! { #option },
    };
    if is_empty_text(otherwise) {
        return Some(parse_quote! { #option.unwrap_or_default() });
    }
    is_named(otherwise).then(|| parse_quote! { #option.unwrap_or(#otherwise) })
}

/// The value of a block that is nothing else.
fn only(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(value, None)] => Some(value),
        _ => None,
    }
}

/// The name of a condition that is a block, and the `if` with it: two statements where it is one.
fn named_condition(statement: Stmt) -> Vec<Stmt> {
    match statement {
        Stmt::Expr(Expr::Block(block), end) if is_named_condition(&block.block) => {
            let mut statements = block.block.stmts;
            if let Some(Stmt::Expr(_, last)) = statements.last_mut()
                && end.is_some()
            {
                *last = end;
            }
            statements
        }
        other => vec![other],
    }
}

fn is_named_condition(block: &Block) -> bool {
    matches!(block.stmts.as_slice(), [Stmt::Local(local), Stmt::Expr(Expr::If(_), _)]
        if matches!(&local.pat, Pat::Ident(name) if name.ident == "holds"))
}

/// Whether an expression only names what there is.
fn is_named(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(field) => is_named(&field.base),
        Expr::Reference(lent) => is_named(&lent.expr),
        Expr::Paren(inner) => is_named(&inner.expr),
        Expr::Unary(sign) => is_named(&sign.expr),
        Expr::Call(call) => {
            matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Some")) && call.args.iter().all(is_named)
        }
        _ => false,
    }
}

/// `x.and_then(|value| Some(y))` is `x.map(|value| y)`.
fn some_of_each(call: &mut ExprMethodCall) {
    let (true, Some(Expr::Closure(closure))) = (call.method == "and_then", call.args.first_mut()) else { return };
    let Expr::Call(some) = &mut *closure.body else { return };
    if matches!(&*some.func, Expr::Path(path) if path.path.is_ident("Some"))
        && let Some(value) = some.args.pop()
    {
        *closure.body = value;
        call.method = Ident::new("map", call.method.span());
    }
}

/// `list.map(...).flatten()` is `list.flat_map(...)`.
fn flat_map(call: &mut ExprMethodCall) {
    let Expr::MethodCall(map) = &mut *call.receiver else { return };
    if call.method == "flatten" && call.args.is_empty() && map.method == "map" {
        map.method = Ident::new("flat_map", map.method.span());
        let map = std::mem::replace(&mut *call.receiver, Expr::PLACEHOLDER);
        if let Expr::MethodCall(map) = map {
            *call = map;
        }
    }
}

/// `list.as_ref().map(Vec::as_slice)` is `list.as_deref()`.
fn as_deref(call: &mut ExprMethodCall) {
    let slices = call.method == "map" && call.args.to_token_stream().to_string() == "Vec :: as_slice";
    if let Expr::MethodCall(lent) = &mut *call.receiver
        && slices
        && lent.method == "as_ref"
    {
        lent.method = Ident::new("as_deref", lent.method.span());
        if let Expr::MethodCall(lent) = std::mem::replace(&mut *call.receiver, Expr::PLACEHOLDER) {
            *call = lent;
        }
    }
}

/// `list.rev().next()` is `list.next_back()`, `list.filter(...).next()` is `list.find(...)`.
fn find(call: &mut ExprMethodCall) {
    if call.method == "next"
        && let Expr::MethodCall(reversed) = &mut *call.receiver
        && reversed.method == "rev"
    {
        *call.receiver = std::mem::replace(&mut *reversed.receiver, Expr::PLACEHOLDER);
        call.method = Ident::new("next_back", call.method.span());
    }
    let method = match call.method.to_string().as_str() {
        "next" => "find",
        "next_back" => "rfind",
        _ => return,
    };
    if matches!(&*call.receiver, Expr::MethodCall(filter) if filter.method == "filter") {
        let filter = std::mem::replace(&mut *call.receiver, Expr::PLACEHOLDER);
        if let Expr::MethodCall(mut filter) = filter {
            filter.method = Ident::new(method, filter.method.span());
            *call = filter;
        }
    }
}

/// What makes a value of exactly what it is given; a function may be given what only coerces to its argument.
const MAKERS: &[&str] = &["Nullable :: Value", "Number :: computed", "Some", "Str :: plain"];

/// `|value| Str::plain(value)` is `Str::plain`.
fn plain_call(argument: &mut Expr) {
    let Expr::Closure(closure) = &mut *argument else { return };
    let (Some(Pat::Ident(value)), 1) = (closure.inputs.first(), closure.inputs.len()) else { return };
    let Expr::Call(call) = &*closure.body else { return };
    let is_value = matches!(call.args.first(), Some(Expr::Path(path)) if path.path.is_ident(&value.ident));
    let makes = MAKERS.contains(&call.func.to_token_stream().to_string().as_str());
    if makes && is_value && call.args.len() == 1 && closure.capture.is_none() {
        let Expr::Call(call) = std::mem::replace(&mut *closure.body, Expr::PLACEHOLDER) else { return };
        *argument = *call.func;
    }
}

/// `Some(f(x))` of `Some(x).map(f)`.
fn mapped_some(e: &Expr) -> Option<Expr> {
    let Expr::MethodCall(call) = e else { return None };
    let (Expr::Call(some), Some(function @ Expr::Path(_))) = (&*call.receiver, call.args.first()) else { return None };
    let is_some = matches!(&*some.func, Expr::Path(path) if path.path.is_ident("Some"));
    let value = some.args.first().filter(|_| is_some && call.method == "map")?;
    Some(parse_quote! { Some(#function(#value)) })
}

/// Whether it is a function of the runtime that takes anything that can be iterated over.
fn is_of_lists(function: &Expr) -> bool {
    let path = function.to_token_stream().to_string();
    ["list ::", "table ::"].iter().any(|module| path.starts_with(module)) || path == "text :: join"
}

fn without_into_iter(argument: &mut Expr) {
    if let Expr::MethodCall(call) = argument
        && call.method == "into_iter"
    {
        *argument = std::mem::replace(&mut *call.receiver, Expr::PLACEHOLDER);
        bare(argument);
    }
}

/// The expression within parentheses.
fn bare(e: &mut Expr) {
    while let Expr::Paren(outer) = e {
        let inner = std::mem::replace(&mut *outer.expr, Expr::PLACEHOLDER);
        *e = inner;
    }
}

/// The patterns of a condition: of `let` and of what `&&` joins.
fn in_condition(condition: &mut Expr, used: &dyn Fn(&Ident) -> bool) {
    match condition {
        Expr::Let(proof) => unused(&mut proof.pat, used),
        Expr::Binary(both) => {
            in_condition(&mut both.left, used);
            in_condition(&mut both.right, used);
        }
        _ => {}
    }
}

/// Marks the variables of a pattern that are not used.
fn unused(pattern: &mut Pat, used: &dyn Fn(&Ident) -> bool) {
    match pattern {
        Pat::Ident(variable) if !used(&variable.ident) && !variable.ident.to_string().starts_with('_') => {
            let name = variable.ident.to_string();
            variable.ident = Ident::new(&format!("_{}", name.trim_start_matches("r#")), variable.ident.span());
        }
        Pat::Reference(inner) => unused(&mut inner.pat, used),
        Pat::Tuple(inner) => inner.elems.iter_mut().for_each(|pattern| unused(pattern, used)),
        Pat::TupleStruct(inner) => inner.elems.iter_mut().for_each(|pattern| unused(pattern, used)),
        _ => {}
    }
}

/// An element that nothing reads, or that is lent wherever it is read, is not copied.
fn uncopied(each: &mut ExprForLoop) {
    let Pat::Ident(variable) = &*each.pat else { return };
    let name = variable.ident.clone();
    let mut lent = Lent { name: &name, count: 0, take: false };
    lent.visit_block_mut(&mut each.body);
    if let Expr::MethodCall(copied) = &mut *each.expr
        && copied.method == "copied"
        && lent.count == mentions(&each.body.to_token_stream(), &name)
    {
        *each.expr = std::mem::replace(&mut *copied.receiver, Expr::PLACEHOLDER);
        Lent { name: &name, count: 0, take: true }.visit_block_mut(&mut each.body);
    }
}

/// Counts where a variable is lent (`&x`, `x.method()`, in a `format!`), or makes `&x` the variable itself.
struct Lent<'a> {
    name: &'a Ident,
    count: usize,
    take: bool,
}

impl Lent<'_> {
    fn is_it(&self, e: &Expr) -> bool {
        matches!(e, Expr::Path(path) if path.path.is_ident(self.name))
    }
}

impl VisitMut for Lent<'_> {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        match e {
            Expr::MethodCall(call) if self.is_it(&call.receiver) => self.count += 1,
            Expr::Reference(lent) if self.is_it(&lent.expr) => {
                self.count += 1;
                if self.take {
                    *e = std::mem::replace(&mut *lent.expr, Expr::PLACEHOLDER);
                }
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let Some(mut args) = format_args(call) else { return };
        for arg in &mut args {
            let inlined = matches!(arg, Expr::Lit(text) if is_inlined(&text.to_token_stream().to_string(), self.name));
            self.count += usize::from(inlined || self.is_it(arg));
            self.visit_expr_mut(arg);
        }
        call.tokens = args.to_token_stream();
    }
}

/// What `format!` is given.
fn format_args(call: &Macro) -> Option<Punctuated<Expr, Token![,]>> {
    call.path.is_ident("format").then(|| call.parse_body_with(Punctuated::parse_terminated).ok()).flatten()
}

/// How often a variable is named, also within the text of a `format!`; fields of the name do not count.
pub(super) fn mentions(tokens: &TokenStream, name: &Ident) -> usize {
    mentions_within(tokens, name, false)
}

/// Whether the text of a `format!` holds a variable; `{{` is a brace.
fn is_inlined(text: &str, name: &Ident) -> bool {
    text.replace("{{", "").contains(&format!("{{{}}}", name.to_string().trim_start_matches("r#")))
}

fn mentions_within(tokens: &TokenStream, name: &Ident, format: bool) -> usize {
    let (mut count, mut after_dot, mut after_format) = (0, false, false);
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(ident) => count += usize::from(ident == name && !after_dot),
            TokenTree::Literal(text) if format => {
                count += usize::from(is_inlined(&text.to_string(), name));
            }
            TokenTree::Group(group) => count += mentions_within(&group.stream(), name, after_format),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
        after_dot = matches!(&token, TokenTree::Punct(dot) if dot.as_char() == '.');
        after_format = match &token {
            TokenTree::Ident(ident) => ident == "format",
            TokenTree::Punct(mark) => after_format && mark.as_char() == '!',
            _ => false,
        };
    }
    count
}
