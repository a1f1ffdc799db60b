//! Reading bodies: by table and by our own decoding, against serde_json. `cargo bench -p bff-runtime --bench json`.

#[path = "../../tests/bench/src/race.rs"]
mod race;

use std::fmt::Write;

use bff_runtime::json::{Decode, DecodeOptions, Field, Format, Key, Number, Raw, Reader, Rule, Slot, Str, decode};
use race::{Candidate, race};
use serde::Deserialize;
use serde_json::value::RawValue;

static IMAGE: Rule = Rule::object(&[
    Field::required("url", &Rule::string()),
    Field::required("thumbUrl", &Rule::string()),
    Field::optional("alt", &Rule::string().max_length(200)),
]);
static PRODUCT: Rule = Rule::object(&[
    Field::required("id", &Rule::string().format(Format::Uuid)),
    Field::required("sku", &Rule::string().min_length(1).max_length(32)),
    Field::required("name", &Rule::string().min_length(1).max_length(120)),
    Field::optional("description", &Rule::string().max_length(4000)),
    Field::required("price", &PRICE),
    Field::optional("rating", &Rule::number().minimum("0").maximum("5").nullable()),
    Field::required("stock", &Rule::integer().minimum("0")),
    Field::required("active", &Rule::boolean()),
    Field::optional("tags", &Rule::array(&Rule::string()).max_items(20)),
    Field::optional("images", &Rule::array(&IMAGE)),
    Field::optional("createdAt", &Rule::string().format(Format::DateTime)),
]);
static PRICE: Rule = Rule::object(&[
    Field::required("amount", &Rule::number().minimum("0")),
    Field::required("currency", &Rule::string().one_of(&["\"EUR\"", "\"USD\"", "\"GBP\""])),
]);
static PRODUCTS: Rule =
    Rule::object(&[Field::required("items", &Rule::array(&PRODUCT)), Field::required("total", &Rule::integer())]);

/// The products, each with `extra` behind its declared members.
fn products(extra: &str) -> String {
    let mut json = String::from("{\"items\":[");
    for index in 0..54 {
        let comma = if index > 0 { "," } else { "" };
        write!(
            json,
            "{comma}{{\"id\":\"6f1c2a9e-4b7d-4c1a-9f3e-{index:012x}\",\"sku\":\"SKU-{index:05}\",\"name\":\"Product number {index}, blue\",\
             \"description\":\"A fine product for everyday use. It comes in several colours and sizes, and can be returned within thirty days.\",\
             \"price\":{{\"amount\":1{index}9.90,\"currency\":\"EUR\"}},\"rating\":4.{},\"stock\":{index},\"active\":true,\
             \"tags\":[\"new\",\"sale\",\"outdoor\"],\"images\":[{{\"url\":\"https://img.example.com/p/{index}/large.jpg\",\
             \"thumbUrl\":\"https://img.example.com/p/{index}/thumb.jpg\",\"alt\":\"Front view\"}},{{\"url\":\"https://img.example.com/p/{index}/b.jpg\",\
             \"thumbUrl\":\"https://img.example.com/p/{index}/b-thumb.jpg\"}}],\"createdAt\":\"2024-03-{:02}T12:30:00Z\"{extra}}}",
            index % 10,
            index % 28 + 1,
        )
        .expect("writing to a string");
    }
    json.push_str("],\"total\":54}");
    json
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeProducts<'a> {
    #[serde(borrow)]
    items: Vec<SerdeProduct<'a>>,
    total: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeProduct<'a> {
    id: &'a str,
    sku: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    price: SerdePrice<'a>,
    rating: Option<f64>,
    stock: i64,
    active: bool,
    tags: Vec<&'a str>,
    images: Vec<SerdeImage<'a>>,
    created_at: Option<&'a str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdePrice<'a> {
    amount: f64,
    currency: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeImage<'a> {
    url: &'a str,
    thumb_url: &'a str,
    alt: Option<&'a str>,
}

struct Page<'a> {
    items: Vec<Order<'a>>,
}

#[expect(dead_code, reason = "reading them is what is measured")]
struct Order<'a> {
    id: Str<'a>,
    status: Str<'a>,
    total: Number<'a>,
    created_at: Str<'a>,
}

static PAGE_KEYS: [Key; 1] = Key::all(["items"]);
static ORDER_KEYS: [Key; 4] = Key::all(["id", "status", "total", "createdAt"]);
static ID: Rule = Rule::string().min_length(1).max_length(64);
static STATUS: Rule = Rule::string().one_of(&["\"open\"", "\"paid\"", "\"cancelled\""]);
static TOTAL: Rule = Rule::number().minimum("0");
static CREATED_AT: Rule = Rule::string().format(Format::DateTime);
static ORDERS: Rule = Rule::array(&Rule::ANY).max_items(100);

impl<'a> Decode<'a> for Page<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let mut items = Slot::default();
        r.object_of(&PAGE_KEYS, |r, _| items.read(r, &ORDERS))?;
        Some(Page { items: items.required(r, "items")? })
    }
}

impl<'a> Decode<'a> for Order<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut id, mut status) = (Slot::default(), Slot::default());
        let (mut total, mut created_at) = (Slot::default(), Slot::default());
        r.object_of(&ORDER_KEYS, |r, key| match key {
            "id" => id.read(r, &ID),
            "status" => status.read(r, &STATUS),
            "total" => total.read(r, &TOTAL),
            "createdAt" => created_at.read(r, &CREATED_AT),
            _ => {}
        })?;
        Some(Order {
            id: id.required(r, "id")?,
            status: status.required(r, "status")?,
            total: total.required(r, "total")?,
            created_at: created_at.required(r, "createdAt")?,
        })
    }
}

#[derive(Deserialize)]
struct SerdePage<'a> {
    #[serde(borrow)]
    items: Vec<SerdeOrder<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct SerdeOrder<'a> {
    id: &'a str,
    status: &'a str,
    total: f64,
    created_at: &'a str,
}

fn orders() -> String {
    let mut json = String::from("{\"items\":[");
    for index in 0..54 {
        let comma = if index > 0 { "," } else { "" };
        write!(
            json,
            "{comma}{{\"id\":\"ord_{index:08}\",\"number\":{index},\"customerId\":\"cus_000012345\",\"status\":\"paid\",\"currency\":\"EUR\",\
             \"total\":{index}.50,\"tax\":1.90,\"shipping\":4.99,\"createdAt\":\"2024-05-01T10:00:{:02}Z\",\"updatedAt\":\"2024-05-02T10:00:00Z\",\
             \"note\":\"Please leave it with the neighbours if nobody is at home.\",\"shippingAddress\":{{\"name\":\"Jo Example\",\"street\":\"Main Street 12\",\
             \"city\":\"Springfield\",\"zip\":\"12345\",\"country\":\"US\"}},\"lines\":[{{\"productId\":\"p1\",\"quantity\":2,\"price\":9.95}},\
             {{\"productId\":\"p2\",\"quantity\":1,\"price\":19.95}}],\"gift\":false,\"coupon\":null}}",
            index % 60,
        )
        .expect("writing to a string");
    }
    json.push_str("],\"next\":null}");
    json
}

fn main() {
    let raw = |rule: &'static Rule| {
        move |body: &[u8]| {
            decode::<Raw>(body, rule, &DecodeOptions::response()).map_or(0, |decoded| decoded.value.as_json().len())
        }
    };
    let (checked, skipped) = (raw(&PRODUCTS), raw(&Rule::ANY));
    let serde_raw = |body: &[u8]| serde_json::from_slice::<&RawValue>(body).map_or(0, |raw| raw.get().len());
    let serde_typed =
        |body: &[u8]| serde_json::from_slice::<SerdeProducts>(body).map_or(0, |products| products.items.len());
    let (whole, with_more) =
        (products(""), products(",\"internalCost\":12.5,\"warehouse\":{\"row\":7,\"shelf\":\"B\"}"));
    let candidates: [Candidate<'_>; 4] = [
        ("by table, all rules", &checked),
        ("skipped, no rules", &skipped),
        ("serde_json RawValue, no rules", &serde_raw),
        ("serde_json struct, no rules", &serde_typed),
    ];
    race("products, nothing cut", whole.as_bytes(), &candidates);
    race("products, two members of each cut", with_more.as_bytes(), &candidates);

    let page = |body: &[u8]| {
        decode::<Page>(body, &Rule::ANY, &DecodeOptions::response()).map_or(0, |page| page.value.items.len())
    };
    let serde_page = |body: &[u8]| serde_json::from_slice::<SerdePage>(body).map_or(0, |page| page.items.len());
    let candidates: [Candidate<'_>; 2] = [("decoded and checked", &page), ("serde_json struct, no rules", &serde_page)];
    race("orders, 4 of 15 members read", orders().as_bytes(), &candidates);
}
