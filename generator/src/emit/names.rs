//! Names of Rust: casing, keywords, and names that are not taken yet.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span};

/// Letters and digits that are plain in an identifier: ASCII and the letters of Latin-1. Rust warns of
/// others where they look like a letter of another script, or does not take them at all (`½`).
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
}

/// Words of a name, split where case changes and at anything that is no letter or digit. Letters that are
/// not plain are written by their code: `日本` is `u65e5` and `u672c`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut chars: Vec<char> = Vec::with_capacity(name.len());
    for c in name.chars() {
        if is_plain(c) || !c.is_alphanumeric() {
            chars.push(c);
        } else {
            chars.extend(format!("_u{:x}_", u32::from(c)).chars());
        }
    }
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend((!current.is_empty()).then(|| std::mem::take(&mut current)));
            continue;
        }
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts_word && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        current.extend(c.to_lowercase());
    }
    words.extend((!current.is_empty()).then_some(current));
    words
}

/// `createdAt` -> `created_at`
pub fn snake(name: &str) -> String {
    starting_with_letter(words(name).join("_"), "n")
}

/// `order item` -> `OrderItem`
pub fn pascal(name: &str) -> String {
    let text: String = words(name)
        .iter()
        .map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
        })
        .collect();
    starting_with_letter(text, "N")
}

/// `order item` -> `ORDER_ITEM`
pub fn screaming(name: &str) -> String {
    starting_with_letter(words(name).join("_"), "n").to_uppercase()
}

/// `web` -> `web-bff`, `Ma Shop` -> `ma-shop-bff`
pub fn kebab(name: &str) -> String {
    starting_with_letter(words(name).join("-"), "n")
}

fn starting_with_letter(name: String, prefix: &str) -> String {
    match name.chars().next() {
        None => format!("{prefix}ameless"),
        Some(c) if c.is_alphabetic() => name,
        Some(_) => format!("{prefix}{name}"),
    }
}

/// An identifier; keywords become raw ones, or get a `_` where Rust has no raw form.
pub fn ident(name: &str) -> Ident {
    if matches!(name, "self" | "Self" | "super" | "crate" | "_") {
        return Ident::new(&format!("{name}_"), Span::call_site());
    }
    // Reserved since the edition of 2024, which `syn` does not know.
    if name == "gen" {
        return Ident::new_raw(name, Span::call_site());
    }
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        Err(_) => Ident::new_raw(name, Span::call_site()),
    }
}

/// Hands out names that are not taken yet, in one scope.
#[derive(Clone, Default)]
pub struct Names {
    taken: HashSet<String>,
    /// The number to try next behind a name.
    numbers: HashMap<String, usize>,
}

impl Names {
    /// A scope in which these are taken.
    pub fn with(taken: &[&str]) -> Names {
        Names { taken: taken.iter().map(|name| name.to_string()).collect(), numbers: HashMap::new() }
    }

    /// Gives a name back.
    pub fn free(&mut self, name: &str) {
        self.taken.remove(name);
        self.numbers.clear();
    }

    /// The name, or with `suffix` where it is taken, or with a number.
    pub fn take(&mut self, base: &str, suffix: &str) -> String {
        // As `ident` writes it, so that `self` and `self_` are not two names here and one in Rust.
        let with_underscore = matches!(base, "self" | "super" | "crate").then(|| format!("{base}_"));
        let first = with_underscore.as_deref().unwrap_or(base);
        if self.taken.insert(first.to_string()) {
            return first.to_string();
        }
        let second = format!("{base}{suffix}");
        let mut name = second.clone();
        // Numbers below were tried before: trying them again takes the square of thousands of names that are one.
        let mut count = self.numbers.get(&second).copied().unwrap_or(2);
        while self.taken.contains(&name) {
            name = format!("{second}{count}");
            count += 1;
        }
        if count > 2 {
            self.numbers.insert(second, count);
        }
        self.taken.insert(name.clone());
        name
    }
}
