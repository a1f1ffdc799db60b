//! The struct of an object: its fields that are read, and how it is decoded or written.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Types, Uses, json_key};
use crate::emit::names::ident;
use crate::emit::print::{docs, first_sentence};
use crate::emit::rules::Rules;
use crate::schema::{Direction, Kind, SchemaId};

impl Types<'_> {
    /// The struct of an object, or the enumeration of a union, with its decoder.
    pub fn item(&self, id: SchemaId, rules: &mut Rules, uses: &mut Uses) -> Vec<TokenStream> {
        let Some(home) = self.home(id) else { return Vec::new() };
        let schema = self.schemas.get(id);
        if let Kind::Union(union) = &schema.kind {
            return self.union(id, union, rules, uses);
        }
        let fields = self.fields(id, &home.module, home.owned, uses);
        let name = ident(&home.name);
        let doc = schema.description.as_deref().or(schema.title.as_deref());
        let way = match schema.going {
            None => "",
            Some((Direction::Request, _)) => " as it is sent",
            Some((Direction::Response, _)) => " as it comes",
        };
        let fallback = format!("`{}`{way}, the fields that are read.", schema.name);
        let docs_tokens = docs(doc.unwrap_or(&fallback));
        let raw = self.demand.is_raw(id) && !home.owned;
        let lifetime = if self.borrows(id) {
            quote! { <'a> }
        } else {
            quote! {}
        };
        let raw_field = raw.then(|| {
            uses.runtime("Raw");
            quote! {
                /// The whole object, as it goes out.
                pub raw: Raw<'a>,
            }
        });
        let members = fields.iter().map(|field| {
            let (docs, ident, ty) = (docs(&field.doc), ident(&field.rust), &field.ty);
            quote! { #docs pub #ident: #ty }
        });
        let mut items = vec![quote! {
            #docs_tokens
            #[derive(Clone, Debug)]
            pub struct #name #lifetime { #raw_field #(#members),* }
        }];
        if home.owned {
            items.push(self.write_impl(&name, &fields, uses));
            return items;
        }
        items.push(self.decode_impl(id, &name, &fields, raw, rules, uses));
        if raw {
            uses.runtime("WriteJson");
            uses.runtime("JsonBuffer");
            items.push(quote! {
                impl WriteJson for #name<'_> {
                    fn write_json(&self, json: &mut JsonBuffer) {
                        self.raw.write_json(json);
                    }
                }
            });
        }
        items
    }

    fn decode_impl(
        &self,
        id: SchemaId,
        name: &proc_macro2::Ident,
        fields: &[Member],
        raw: bool,
        rules: &mut Rules,
        uses: &mut Uses,
    ) -> TokenStream {
        for needed in ["Decode", "Reader", "Rule", "Slot"] {
            uses.runtime(needed);
        }
        let owner = self.home(id).map_or("", |home| home.name.as_str());
        let lifetime = if self.borrows(id) {
            quote! { <'a> }
        } else {
            quote! {}
        };
        let slots: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
        // With several required members each is looked for before the first that is missing ends it.
        let required: Vec<&Member> = fields.iter().filter(|field| field.required).collect();
        let several = required.len() > 1;
        let names: Vec<_> = required.iter().map(|field| ident(&field.rust)).collect();
        let finds = required.iter().map(|field| {
            let (slot, key) = (ident(&field.rust), &field.json);
            quote! { #slot.required(r, #key) }
        });
        let found = several.then(|| quote! { let (#(#names),*) = (#(#finds),*); });
        let values: Vec<TokenStream> = fields
            .iter()
            .map(|field| {
                let (slot, key) = (ident(&field.rust), &field.json);
                match (field.required, several) {
                    (true, true) => quote! { #slot: #slot? },
                    (true, false) => quote! { #slot: #slot.required(r, #key)? },
                    (false, _) => quote! { #slot: #slot.optional() },
                }
            })
            .collect();
        let slots_let = match slots.as_slice() {
            [] => quote! {},
            [one] => quote! { let mut #one = Slot::default(); },
            many => {
                let muts = many.iter().map(|slot| quote! { mut #slot });
                let defaults = many.iter().map(|_| quote! { Slot::default() });
                quote! { let (#(#muts),*) = (#(#defaults),*); }
            }
        };
        // A table checks them itself.
        let holds = (!raw).then(|| rules.clauses(self.schemas, self.schemas.canonical(id))).flatten();
        let holds = holds.map(|own| quote! { r.holds(#own); });
        let sized = if raw { None } else { self.sized(id, uses) };
        if raw {
            // Checked and cut by its table, which hands out the members that are read on the way.
            let rule = rules.reference(self.schemas, id);
            let reads: Vec<_> = fields.iter().map(|field| ident(&field.rust)).collect();
            let keys: Vec<_> = fields.iter().map(|field| &field.json).collect();
            let read = match (reads.as_slice(), keys.as_slice()) {
                ([], _) => quote! { Raw::decode(r, #rule)? },
                ([slot], [key]) => quote! {
                    r.object_with_raw(#rule, |r, key, rule| if key == #key { #slot.read(r, rule) })?
                },
                _ => quote! {
                    r.object_with_raw(#rule, |r, key, rule| match key {
                        #(#keys => #reads.read(r, rule),)*
                        _ => {}
                    })?
                },
            };
            return quote! {
                impl<'a> Decode<'a> for #name<'a> {
                    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
                        #slots_let
                        let raw = #read;
                        #found
                        Some(#name { raw, #(#values),* })
                    }
                }
            };
        }
        let names: Vec<_> = fields.iter().map(|field| &field.json).collect();
        let keys = rules.keys(owner, &names);
        if !names.is_empty() {
            uses.runtime("Key");
        }
        let reads = fields.iter().map(|field| {
            let slot = ident(&field.rust);
            let canonical = self.schemas.canonical(field.schema);
            let whole =
                self.demand.is_raw(canonical) && !self.demand.is_typed(canonical) || self.is_opaque(field.schema);
            let rule = if whole {
                rules.member(self.schemas, owner, &field.json, field.schema, true)
            } else {
                rules.typed_member(self, owner, &field.json, field.schema)
            };
            let read = ident(if self.may_be_absent(field) { "read_optional" } else { "read" });
            quote! { #slot.#read(r, #rule) }
        });
        let reads: Vec<_> = reads.collect();
        let read = match reads.as_slice() {
            [] => quote! { |_, _| {} },
            [read] => quote! { |r, _| #read },
            _ => quote! { |r, key| match key { #(#names => #reads,)* _ => {} } },
        };
        quote! {
            impl<'a> Decode<'a> for #name #lifetime {
                fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
                    #holds
                    #sized
                    #slots_let
                    r.object_of(#keys, #read)?;
                    #found
                    Some(#name { #(#values),* })
                }
            }
        }
    }

    /// Looks at how many members there are, where the schema says so.
    fn sized(&self, id: SchemaId, uses: &mut Uses) -> Option<TokenStream> {
        let Kind::Object(rules) = &self.schemas.get(self.schemas.canonical(id)).kind else { return None };
        let said = [("MinProperties", rules.min_properties), ("MaxProperties", rules.max_properties)];
        let said = said.into_iter().filter_map(|(name, count)| {
            let (name, count) = (ident(name), Literal::u64_unsuffixed(count?));
            Some(quote! { Clause::#name(#count) })
        });
        let said: Vec<TokenStream> = said.collect();
        if said.is_empty() {
            return None;
        }
        uses.runtime("Clause");
        Some(quote! { r.holds(&[#(#said),*]); })
    }

    /// Whether a null can stand for a member's absence: it need not be there, and null is no value of it.
    fn may_be_absent(&self, field: &Member) -> bool {
        let takes_null = matches!(
            self.schemas.get(self.schemas.canonical(field.schema)).kind,
            Kind::Nullable(_) | Kind::Any | Kind::Null | Kind::Unsupported { .. }
        );
        !field.required && !takes_null
    }

    /// How an owned struct is written: it goes out as it is.
    fn write_impl(&self, name: &proc_macro2::Ident, fields: &[Member], uses: &mut Uses) -> TokenStream {
        uses.runtime("WriteJson");
        uses.runtime("JsonBuffer");
        let writes = fields.iter().map(|field| {
            let (slot, key) = (ident(&field.rust), json_key(&field.json));
            let method = ident(if field.required { "field" } else { "optional" });
            quote! { object.#method(#key, &self.#slot); }
        });
        quote! {
            impl WriteJson for #name {
                fn write_json(&self, json: &mut JsonBuffer) {
                    let mut object = json.object();
                    #(#writes)*
                    object.end();
                }
            }
        }
    }

    fn fields(&self, id: SchemaId, module: &str, owned: bool, uses: &mut Uses) -> Vec<Member> {
        self.read(id)
            .into_iter()
            .zip(self.field_names(id))
            .map(|((json, schema, required), rust)| {
                let ty = self.rust(schema, module, owned, uses);
                let ty = if self.boxed(id, schema) {
                    quote! { Box<#ty> }
                } else {
                    ty
                };
                let ty = if required {
                    ty
                } else {
                    quote! { Option<#ty> }
                };
                let about = self.schemas.get(schema);
                let text = about.description.as_deref().or(about.title.as_deref()).map(first_sentence);
                let doc = text.filter(|t| !t.is_empty()).unwrap_or_else(|| format!("`{json}`"));
                Member { json, rust, schema, required, ty, doc }
            })
            .collect()
    }
}

struct Member {
    json: String,
    rust: String,
    schema: SchemaId,
    required: bool,
    ty: TokenStream,
    doc: String,
}
