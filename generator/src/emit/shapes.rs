//! Named shapes as functions.

use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Code, Leaf, is_copy};
use super::names::{Names, ident, snake};
use super::print::{docs, file};
use super::scope::Scope;
use super::shape::{Target, each_items, members, write};
use super::types::{Types, Uses};
use crate::plan::ir::{TShape, TShapeKind};
use crate::plan::model::Plan;
use crate::plan::ty::{Ty, TyKind};
use crate::plan::walk;

/// What callers need to know of a named shape.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The function.
    pub function: String,
    /// Whether it can fail.
    pub fails: bool,
    /// What it writes.
    pub makes: Makes,
}

/// What a named shape writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Makes {
    /// The members of an object.
    Object,
    /// The items of a list.
    List,
    /// A value of any kind, or none.
    Any,
}

/// What callers need of each named shape.
pub fn signatures(plan: &Plan) -> Vec<Signature> {
    let mut names = Names::default();
    let mut made: Vec<Signature> = Vec::new();
    for shape in &plan.shapes {
        let fails = can_fail(&shape.shape, &made);
        let makes = match shape.shape.kind {
            TShapeKind::Object { .. } => Makes::Object,
            TShapeKind::Each(_) => Makes::List,
            _ => Makes::Any,
        };
        made.push(Signature { function: names.take(&snake(&shape.name), "_shape"), fails, makes });
    }
    made
}

fn can_fail(shape: &TShape, known: &[Signature]) -> bool {
    let mut fails = false;
    walk::shape(shape, &mut |e| fails |= crate::plan::fails::alone(e));
    fails || uses(shape).iter().any(|at| known.get(*at).is_some_and(|known| known.fails))
}

fn uses(shape: &TShape) -> Vec<usize> {
    match &shape.kind {
        TShapeKind::Use(at, _) => vec![*at],
        TShapeKind::Array(items) => items.iter().flat_map(uses).collect(),
        TShapeKind::Object { fields, .. } => fields.iter().flat_map(|f| uses(&f.shape)).collect(),
        TShapeKind::Each(each) => uses(&each.item),
        TShapeKind::When(_, inner) => uses(inner),
        TShapeKind::Match(matching) => matching.shapes().flat_map(uses).collect(),
        TShapeKind::Expr(_) | TShapeKind::Literal(_) => Vec::new(),
    }
}

/// The module's text; none where no named shape is used.
pub fn module(plan: &Plan, types: &Types, signatures: &Rc<[Signature]>) -> Result<Option<String>, String> {
    let mut uses = Uses::default();
    let mut items = Vec::new();
    for (shape, signature) in plan.shapes.iter().zip(signatures.iter()).filter(|(shape, _)| shape.used) {
        items.push(function(types, shape, signature, signatures, &mut uses));
    }
    if items.is_empty() {
        return Ok(None);
    }
    uses.mentioned(&items, super::RUNTIME_NAMES);
    if super::mentions(&items, "shapes") {
        uses.path("crate::generated", "shapes");
    }
    file(&super::head(&["Shapes that several places share.".to_string()]), uses.tokens(), items).map(Some)
}

fn function(
    types: &Types,
    shape: &crate::plan::model::NamedShape,
    signature: &Signature,
    signatures: &Rc<[Signature]>,
    uses: &mut Uses,
) -> TokenStream {
    let mut scope = Scope { names: super::scope::reserved(), shapes: Rc::clone(signatures), ..Scope::default() };
    for writer in ["object", "items", "place"] {
        scope.names.take(writer, "");
    }
    let name = ident(&signature.function);
    let mut params = Vec::new();
    for (param, ty) in &shape.params {
        let ident = ident(&scope.bind_name(param));
        let rust = parameter(types, ty, "", uses);
        let code = match is_copy(ty, Leaf::Borrowed) {
            true => Code::value(quote! { #ident }, Leaf::Borrowed),
            false if ty.is_optional() => Code::place(quote! { #ident }, Leaf::Borrowed).with_refs(1),
            false => Code { slice: is_slice(types, ty), ..Code::reference(quote! { #ident }, Leaf::Borrowed) },
        };
        scope.push_local(param, code);
        params.push(quote! { #ident: #rust });
    }
    let (writer, body) = match &shape.shape.kind {
        TShapeKind::Object { spreads, fields } => {
            let writer = ident("object");
            let body = members(types, &mut scope, &writer, spreads, fields);
            (quote! { mut #writer: ObjectWriter<'_> }, quote! { #body #writer.end(); })
        }
        TShapeKind::Each(each) => {
            let writer = ident("items");
            let body = each_items(types, &mut scope, &writer, each);
            (quote! { mut #writer: ArrayWriter<'_> }, quote! { #body #writer.end(); })
        }
        _ => {
            let place = ident("place");
            let body = write(types, &mut scope, &Target::Place(place.clone()), &shape.shape);
            (quote! { #place: Place<'_> }, body)
        }
    };
    let text = format!("`{}`", shape.name);
    let docs = docs(&text);
    scope.modules.iter().for_each(|(parent, module)| uses.path(parent, module));
    let (result, end) = match signature.fails {
        true => (quote! { -> Result<(), EvalError> }, quote! { Ok(()) }),
        false => (quote! {}, quote! {}),
    };
    // Beside the writer; clippy counts more as too many.
    let expected = (params.len() > 6).then(|| {
        quote! { #[expect(clippy::too_many_arguments, reason = "a shape takes what the composition says")] }
    });
    quote! {
        #docs
        #expected
        pub fn #name(#writer, #(#params),*) #result {
            #body
            #end
        }
    }
}

/// Whether a parameter is a slice.
fn is_slice(types: &Types, ty: &Ty) -> bool {
    matches!(ty.kind, TyKind::List(_)) && ty.schema.is_some_and(|id| types.demand.is_typed(id))
}

/// The Rust type of a parameter: copies by value, the rest by reference. `from`: the module that it stands in.
pub fn parameter(types: &Types, ty: &Ty, from: &str, uses: &mut Uses) -> TokenStream {
    let rust = |ty: &Ty, uses: &mut Uses| -> TokenStream {
        let tokens = match (&ty.kind, ty.schema) {
            (_, Some(schema)) => types.rust(schema, from, false, uses),
            (TyKind::Object(id) | TyKind::Union(id), None) => types.rust(*id, from, false, uses),
            (TyKind::Bool, None) => quote! { bool },
            (TyKind::Int, None) => quote! { i64 },
            (TyKind::Double, None) => quote! { Number<'a> },
            _ => quote! { Str<'a> },
        };
        tokens.to_string().replace("'a", "'_").parse().unwrap_or(tokens)
    };
    match &ty.kind {
        _ if is_copy(ty, Leaf::Borrowed) => rust(ty, uses),
        TyKind::Optional(inner) => {
            let inner = rust(inner, uses);
            quote! { Option<&#inner> }
        }
        TyKind::List(item) if is_slice(types, ty) => {
            let item = rust(item, uses);
            quote! { &[#item] }
        }
        _ => {
            let rust = rust(ty, uses);
            quote! { &#rust }
        }
    }
}
