//! Where the rules of an upstream stand in its document: found when a violation is told, and only then.

/// Where schemas stand in a document: those of answers, and those that they lead to.
#[derive(Debug)]
pub struct Places {
    document: &'static str,
    answers: &'static [(&'static str, &'static str)],
    leads: &'static [(&'static str, &'static str)],
}

/// A place of a body, whichever item or key it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// JSON Pointer; places in lists and keys of maps are `*`.
    pub(crate) pointer: String,
    /// Where the rule stands: `catalog.yaml#/components/schemas/Product/properties/price`.
    pub(crate) place: Option<String>,
}

impl Places {
    /// The document's name; the schema of each operation's answer; and what a schema leads to, by the pointer that it
    /// would have if it stood there, both sorted. `#...` is a place in the document, `common.yaml#...` in another;
    /// behind `.../*` is what the members of any name are.
    pub const fn new(
        document: &'static str,
        answers: &'static [(&'static str, &'static str)],
        leads: &'static [(&'static str, &'static str)],
    ) -> Places {
        Places { document, answers, leads }
    }

    /// Finds a rule by an operation and a pointer whose places in lists are `*`.
    pub(crate) fn spot(&self, operation: &str, form: &str, rule: &str) -> Option<Spot> {
        let mut at = found(self.answers, operation)?.to_owned();
        let (mut pointer, mut owner) = (String::with_capacity(form.len()), at.clone());
        for segment in form.split('/').skip(1) {
            owner = at;
            let (named, any) = match segment {
                "*" => (format!("{owner}/items"), None),
                name => (format!("{owner}/properties/{name}"), found(self.leads, &format!("{owner}/*"))),
            };
            let known = found(self.leads, &named);
            let folds = known.is_none() && any.is_some();
            pointer.push('/');
            pointer.push_str(if folds { "*" } else { segment });
            at = known.or(any).map_or(named, str::to_owned);
        }
        // These are said by the object, not by its member.
        let of_owner =
            matches!(rule, "required" | "dependentRequired" | "additionalProperties" | "unevaluatedProperties");
        let at = if of_owner { owner } else { at };
        let place = if at.starts_with('#') { format!("{}{at}", self.document) } else { at };
        Some(Spot { pointer, place: Some(place) })
    }
}

fn found(table: &'static [(&'static str, &'static str)], key: &str) -> Option<&'static str> {
    let at = table.binary_search_by(|(known, _)| (*known).cmp(key)).ok()?;
    table.get(at).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    static PLACES: Places = Places::new(
        "shop.yaml",
        &[
            ("getOrder", "#/components/schemas/Order"),
            ("list", "#/paths/~1list/get/responses/200/content/a~1json/schema"),
        ],
        &[
            ("#/components/schemas/Category/properties/parent", "#/components/schemas/Category"),
            ("#/components/schemas/Order/properties/category", "common.yaml#/Category"),
            (
                "#/components/schemas/Order/properties/labels/*",
                "#/components/schemas/Order/properties/labels/additionalProperties",
            ),
            ("#/paths/~1list/get/responses/200/content/a~1json/schema/items", "#/components/schemas/Category"),
        ],
    );

    #[test]
    fn a_place_is_found_through_references_lists_and_maps() {
        let cases = [
            ("getOrder", "", "type", "", "shop.yaml#/components/schemas/Order"),
            ("getOrder", "/total", "minimum", "/total", "shop.yaml#/components/schemas/Order/properties/total"),
            ("getOrder", "/total", "required", "/total", "shop.yaml#/components/schemas/Order"),
            (
                "getOrder",
                "/lines/*/id",
                "type",
                "/lines/*/id",
                "shop.yaml#/components/schemas/Order/properties/lines/items/properties/id",
            ),
            ("getOrder", "/category/id", "type", "/category/id", "common.yaml#/Category/properties/id"),
            (
                "getOrder",
                "/labels/a@b.c",
                "type",
                "/labels/*",
                "shop.yaml#/components/schemas/Order/properties/labels/additionalProperties",
            ),
            (
                "list",
                "/*/parent/parent/id",
                "type",
                "/*/parent/parent/id",
                "shop.yaml#/components/schemas/Category/properties/id",
            ),
        ];
        for (operation, form, rule, pointer, place) in cases {
            let spot = Spot { pointer: pointer.to_owned(), place: Some(place.to_owned()) };
            assert_eq!(PLACES.spot(operation, form, rule), Some(spot), "{operation} {form} {rule}");
        }
        assert_eq!(PLACES.spot("other", "/a", "type"), None);
    }
}
