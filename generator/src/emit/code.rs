//! A piece of emitted Rust with what is known of its value: place, reference or temporary, and how
//! texts and numbers are held.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::ty::{Ty, TyKind};

/// How the tokens denote the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A temporary, or a copy.
    Value,
    /// A variable or a field: to be borrowed with `&`.
    Place,
    /// A reference already.
    Ref,
    /// An iterator over a list, with the form of its items.
    Iter(ItemForm),
}

/// How an iterator gives its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemForm {
    /// By value.
    Value,
    /// By reference.
    Ref,
}

/// How strings and numbers in a value are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// `Str<'a>` and `Number<'a>`: text of a body.
    Borrowed,
    /// `&'static str`, `f64`.
    Literal,
    /// `String`, `f64`.
    Owned,
}

/// Rust for an expression.
#[derive(Clone, Debug)]
pub struct Code {
    /// The expression.
    pub tokens: TokenStream,
    /// What it denotes.
    pub form: Form,
    /// How texts and numbers in it are held.
    pub leaf: Leaf,
    /// How many lists, options and nullables deep there are references instead of values: 0 nowhere, 1 for
    /// `Vec<&T>` and `Option<&T>`, 2 for `Vec<Vec<&T>>`. An iterator counts as the list that it makes.
    pub refs: u8,
    /// A reference to a list that is `&[T]` rather than `&Vec<T>`.
    pub slice: bool,
    /// An operator or a block: needs parentheses beside another operator.
    pub compound: bool,
}

impl Code {
    /// A temporary.
    pub fn value(tokens: TokenStream, leaf: Leaf) -> Code {
        Code { tokens, form: Form::Value, leaf, refs: 0, slice: false, compound: false }
    }

    /// A variable or field.
    pub fn place(tokens: TokenStream, leaf: Leaf) -> Code {
        Code { tokens, form: Form::Place, leaf, refs: 0, slice: false, compound: false }
    }

    /// A reference.
    pub fn reference(tokens: TokenStream, leaf: Leaf) -> Code {
        Code { tokens, form: Form::Ref, leaf, refs: 0, slice: false, compound: false }
    }

    /// Says where there are references.
    pub fn with_refs(self, refs: u8) -> Code {
        Code { refs, ..self }
    }

    /// The depth of references in a container of this: one more, where there are any.
    pub fn refs_around(&self) -> u8 {
        if self.refs == 0 { 0 } else { self.refs.saturating_add(1) }
    }

    /// Marks a slice.
    pub fn sliced(self) -> Code {
        Code { slice: true, ..self }
    }

    /// Marks an operator.
    pub fn compound(mut self) -> Code {
        self.compound = true;
        self
    }

    /// The tokens, in parentheses where they are an operator.
    pub fn atom(&self) -> TokenStream {
        let tokens = &self.tokens;
        if self.compound {
            quote! { (#tokens) }
        } else {
            tokens.clone()
        }
    }

    /// `&value`.
    pub fn borrowed(&self) -> TokenStream {
        let tokens = self.atom();
        match self.form {
            Form::Value | Form::Place => quote! { &#tokens },
            Form::Ref => tokens,
            Form::Iter(_) => {
                let list = super::lists::collect(tokens, quote! { collect::<Vec<_>>() });
                quote! { &#list }
            }
        }
    }
}

/// Whether Rust copies values of the type.
pub fn is_copy(ty: &Ty, leaf: Leaf) -> bool {
    match &ty.kind {
        TyKind::Bool | TyKind::Int | TyKind::Double | TyKind::Timestamp | TyKind::Duration => true,
        TyKind::Str => leaf != Leaf::Owned,
        TyKind::Optional(inner) | TyKind::Nullable(inner) => is_copy(inner, leaf),
        _ => false,
    }
}
