//! The endpoints: calls at the same time, one buffer for the answer.

use bffgen_bench::settings::is_product_id;
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::HeaderValue;

use crate::calls::{CallError, Services};
use crate::output::{raw, separate, string};
use crate::types::{NotificationPage, OrderPage, Product, Profile, Rated, RelatedList, ReviewPage, Stock};

/// A problem document: status and title.
pub struct Problem(pub StatusCode, pub &'static str);

impl From<CallError> for Problem {
    fn from(_: CallError) -> Self {
        Problem(StatusCode::BAD_GATEWAY, "A service that this answer needs did not work.")
    }
}

fn decode<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, CallError> {
    serde_json::from_slice(body).map_err(|_| CallError::Failed)
}

/// `GET /api/dashboard`
pub async fn dashboard(
    services: &Services,
    query: Option<&str>,
    caller: Option<&HeaderValue>,
) -> Result<Bytes, Problem> {
    let path = orders_path(query)?;
    let (profile, orders, inbox) = tokio::try_join!(
        services.get(&services.users, "/me", caller),
        services.get(&services.orders, &path, caller),
        async { Ok(services.get(&services.notifications, "/notifications", caller).await.ok()) },
    )?;
    let profile: Profile<'_> = decode(&profile)?;
    let orders: OrderPage<'_> = decode(&orders)?;
    let inbox: Option<NotificationPage<'_>> = inbox.as_ref().and_then(|body| decode(body).ok());

    let mut out = Vec::with_capacity(4096);
    raw(&mut out, r#"{"user":{"name":"#);
    string(&mut out, &profile.full_name);
    raw(&mut out, r#","email":"#);
    string(&mut out, &profile.email);
    raw(&mut out, r#","avatar":"#);
    match &profile.avatar_url {
        Some(url) => string(&mut out, url),
        None => raw(&mut out, "null"),
    }
    raw(&mut out, r#"},"recentOrders":["#);
    for (index, order) in orders.items.iter().enumerate() {
        separate(&mut out, index);
        raw(&mut out, r#"{"id":"#);
        string(&mut out, &order.id);
        raw(&mut out, r#","total":"#);
        raw(&mut out, order.total.get());
        raw(&mut out, r#","status":"#);
        string(&mut out, &order.status);
        raw(&mut out, r#","date":"#);
        string(&mut out, &order.created_at);
        out.push(b'}');
    }
    raw(&mut out, r#"],"unreadNotifications":["#);
    let unread = inbox.iter().flat_map(|inbox| &inbox.items).filter(|notification| !notification.read);
    for (index, notification) in unread.enumerate() {
        separate(&mut out, index);
        raw(&mut out, r#"{"id":"#);
        string(&mut out, &notification.id);
        raw(&mut out, r#","title":"#);
        string(&mut out, &notification.title);
        out.push(b'}');
    }
    raw(&mut out, r#"],"warnings":["#);
    if inbox.is_none() {
        string(&mut out, "Notifications are temporarily unavailable.");
    }
    raw(&mut out, "]}");
    Ok(Bytes::from(out))
}

/// Path of the list of orders with the `limit` of the query, 20 if it has none.
fn orders_path(query: Option<&str>) -> Result<String, Problem> {
    let given = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("limit="));
    let limit: i64 = given.map_or(Ok(20), str::parse).unwrap_or(0);
    if !(1..=100).contains(&limit) {
        return Err(Problem(StatusCode::BAD_REQUEST, "limit must be from 1 to 100."));
    }
    Ok(format!("/orders?limit={limit}"))
}

async fn product(services: &Services, id: &str) -> Result<Bytes, Problem> {
    services.get(&services.catalog, &["/products/", id].concat(), None).await.map_err(|error| match error {
        CallError::Status(StatusCode::NOT_FOUND | StatusCode::GONE) => {
            Problem(StatusCode::NOT_FOUND, "There is no such product.")
        }
        error => error.into(),
    })
}

fn known_form(id: &str) -> Result<(), Problem> {
    if is_product_id(id) { Ok(()) } else { Err(Problem(StatusCode::BAD_REQUEST, "The id is not a product id.")) }
}

/// `GET /api/products/{id}`
pub async fn product_page(services: &Services, id: &str) -> Result<Bytes, Problem> {
    known_form(id)?;
    let paths = [["/products/", id, "/reviews?limit=20"], ["/products/", id, "/related?limit=8"], ["/stock/", id, ""]]
        .map(|parts| parts.concat());
    let (product_body, reviews, related, stock) = tokio::try_join!(
        product(services, id),
        async { Ok::<_, Problem>(services.get(&services.reviews, &paths[0], None).await.ok()) },
        async { Ok(services.get(&services.recommendations, &paths[1], None).await.ok()) },
        async { Ok(services.get(&services.inventory, &paths[2], None).await.ok()) },
    )?;
    let product: Product<'_> = decode(&product_body)?;
    let reviews: Option<(ReviewPage<'_>, [u32; 5])> = reviews.as_ref().and_then(|body| rated(body).ok());
    let related: Option<RelatedList<'_>> = related.as_ref().and_then(|body| decode(body).ok());
    let stock: Option<Stock<'_>> = stock.as_ref().and_then(|body| decode(body).ok());

    let review_size = reviews.as_ref().map_or(0, |(page, _)| page.items.get().len());
    let related_size = related.as_ref().map_or(0, |related| related.items.get().len());
    let mut out = Vec::with_capacity(product_body.len() + review_size + related_size + 1024);
    // The product as it came, without its last brace: what follows goes into the same object.
    let open = product_body.trim_ascii_end().strip_suffix(b"}").unwrap_or_default();
    out.extend_from_slice(open);
    if let Some(stock) = &stock {
        raw(&mut out, if stock.available > 0 { r#","inStock":true"# } else { r#","inStock":false"# });
        raw(&mut out, r#","stockLevel":"#);
        string(&mut out, &stock.level);
    }
    breadcrumbs(&mut out, &product);
    raw(&mut out, r#","reviews":{"items":"#);
    let stars = match &reviews {
        Some((page, stars)) => {
            raw(&mut out, page.items.get());
            raw(&mut out, r#","totalCount":"#);
            raw(&mut out, page.total_count.get());
            raw(&mut out, r#","averageRating":"#);
            raw(&mut out, page.average_rating.map_or("null", |average| average.get()));
            *stars
        }
        None => {
            raw(&mut out, r#"[],"totalCount":0"#);
            [0; 5]
        }
    };
    let [one, two, three, four, five] = stars;
    let distribution = format!(r#","distribution":{{"5":{five},"4":{four},"3":{three},"2":{two},"1":{one}}}}}"#);
    raw(&mut out, &distribution);
    if let Some(related) = &related {
        raw(&mut out, r#","related":"#);
        raw(&mut out, related.items.get());
    }
    raw(&mut out, r#","warnings":["#);
    if reviews.is_none() {
        string(&mut out, "Reviews are temporarily unavailable.");
    }
    raw(&mut out, "]}");
    Ok(Bytes::from(out))
}

/// The reviews as text and how many have one to five stars.
fn rated(body: &[u8]) -> Result<(ReviewPage<'_>, [u32; 5]), CallError> {
    let page: ReviewPage<'_> = decode(body)?;
    let ratings: Vec<Rated> = decode(page.items.get().as_bytes())?;
    let mut stars = [0; 5];
    for review in ratings {
        let place = usize::from(review.rating).checked_sub(1).and_then(|place| stars.get_mut(place));
        *place.ok_or(CallError::Failed)? += 1;
    }
    Ok((page, stars))
}

/// The way from the front page to the product's category.
fn breadcrumbs(out: &mut Vec<u8>, product: &Product<'_>) {
    let category = &product.category;
    raw(out, r#","breadcrumbs":["#);
    let above = category.ancestors.iter().map(|above| (&above.name, &above.slug));
    for (index, (name, slug)) in above.chain([(&category.name, &category.slug)]).enumerate() {
        separate(out, index);
        raw(out, r#"{"name":"#);
        string(out, name);
        raw(out, r#","url":"#);
        string(out, &["/c/", slug].concat());
        out.push(b'}');
    }
    out.push(b']');
}

/// `GET /api/catalog/{id}`: the bytes as they came, unread.
pub async fn catalog(services: &Services, id: &str) -> Result<Bytes, Problem> {
    known_form(id)?;
    product(services, id).await
}
