//! The web BFF as it is usually written by hand: axum, reqwest, serde, owned types of whole bodies.

mod answers;
mod types;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use bffgen_bench::settings::{Upstreams, is_product_id, listen_address};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use answers::{Breadcrumb, Dashboard, Distribution, OrderCard, ProductPage, Reviews, Unread, User};
use types::{Category, NotificationPage, OrderPage, Product, Profile, RelatedList, ReviewPage, Stock};

struct App {
    client: reqwest::Client,
    upstreams: Upstreams,
}

/// A call that failed: what the upstream said, where it said something.
struct CallError(Option<StatusCode>);

/// A problem document.
struct Problem(StatusCode, &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "title": self.1, "status": self.0.as_u16() });
        (self.0, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

impl From<CallError> for Problem {
    fn from(_: CallError) -> Self {
        Problem(StatusCode::BAD_GATEWAY, "A service that this answer needs did not work.")
    }
}

impl App {
    async fn get<T: DeserializeOwned>(&self, url: String, caller: Option<&HeaderMap>) -> Result<T, CallError> {
        let mut request = self.client.get(url);
        if let Some(authorization) = caller.and_then(|headers| headers.get(AUTHORIZATION)) {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = request.send().await.map_err(|_| CallError(None))?;
        if !response.status().is_success() {
            return Err(CallError(Some(response.status())));
        }
        response.json().await.map_err(|_| CallError(None))
    }

    async fn product(&self, id: &str) -> Result<Product, Problem> {
        if !is_product_id(id) {
            return Err(Problem(StatusCode::BAD_REQUEST, "The id is not a product id."));
        }
        self.get(format!("{}/products/{id}", self.upstreams.catalog), None).await.map_err(|error| match error.0 {
            Some(StatusCode::NOT_FOUND | StatusCode::GONE) => {
                Problem(StatusCode::NOT_FOUND, "There is no such product.")
            }
            _ => error.into(),
        })
    }
}

#[derive(Deserialize)]
struct DashboardQuery {
    limit: Option<i64>,
}

async fn dashboard(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(query): Query<DashboardQuery>,
) -> Result<Json<Dashboard>, Problem> {
    let limit = query.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Problem(StatusCode::BAD_REQUEST, "limit must be from 1 to 100."));
    }
    let caller = Some(&headers);
    let (profile, orders, inbox) = tokio::join!(
        app.get::<Profile>(format!("{}/me", app.upstreams.users), caller),
        app.get::<OrderPage>(format!("{}/orders?limit={limit}", app.upstreams.orders), caller),
        app.get::<NotificationPage>(format!("{}/notifications", app.upstreams.notifications), caller),
    );
    let (profile, orders) = (profile?, orders?);
    let mut warnings = Vec::new();
    let inbox = inbox.unwrap_or_else(|_| {
        warnings.push("Notifications are temporarily unavailable.".to_owned());
        NotificationPage::default()
    });
    Ok(Json(Dashboard {
        user: User { name: profile.full_name, email: profile.email, avatar: profile.avatar_url },
        recent_orders: orders
            .items
            .into_iter()
            .map(|o| OrderCard { id: o.id, total: o.total, status: o.status, date: o.created_at })
            .collect(),
        unread_notifications: inbox
            .items
            .into_iter()
            .filter(|n| !n.read)
            .map(|n| Unread { id: n.id, title: n.title })
            .collect(),
        warnings,
    }))
}

async fn product_page(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Json<ProductPage>, Problem> {
    let upstreams = &app.upstreams;
    let (product, reviews, related, stock) = tokio::join!(
        app.product(&id),
        app.get::<ReviewPage>(format!("{}/products/{id}/reviews?limit=20", upstreams.reviews), None),
        app.get::<RelatedList>(format!("{}/products/{id}/related?limit=8", upstreams.recommendations), None),
        app.get::<Stock>(format!("{}/stock/{id}", upstreams.inventory), None),
    );
    let product = product?;
    let mut warnings = Vec::new();
    let reviews = reviews.unwrap_or_else(|_| {
        warnings.push("Reviews are temporarily unavailable.".to_owned());
        ReviewPage::default()
    });
    let stock = stock.ok();
    let count = |stars: u8| reviews.items.iter().filter(|review| review.rating == stars).count();
    let distribution = Distribution { five: count(5), four: count(4), three: count(3), two: count(2), one: count(1) };
    Ok(Json(ProductPage {
        breadcrumbs: breadcrumbs(&product.category),
        product,
        in_stock: stock.as_ref().map(|stock| stock.available > 0),
        stock_level: stock.map(|stock| stock.level),
        reviews: Reviews {
            items: reviews.items,
            total_count: reviews.total_count,
            average_rating: reviews.average_rating,
            distribution,
        },
        related: related.ok().map(|related| related.items),
        warnings,
    }))
}

/// The way from the front page to the category.
fn breadcrumbs(category: &Category) -> Vec<Breadcrumb> {
    let above = category.ancestors.iter().map(|above| (&above.name, &above.slug));
    above
        .chain([(&category.name, &category.slug)])
        .map(|(name, slug)| Breadcrumb { name: name.clone(), url: format!("/c/{slug}") })
        .collect()
}

async fn catalog(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Json<Product>, Problem> {
    app.product(&id).await.map(Json)
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(2))
        .no_proxy()
        .build()?;
    let app = Arc::new(App { client, upstreams: Upstreams::from_env()? });
    let router = Router::new()
        .route("/api/dashboard", get(dashboard))
        .route("/api/products/{id}", get(product_page))
        .route("/api/catalog/{id}", get(catalog))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind(listen_address()?).await?.tap_io(|stream| {
        // Without it an answer may wait; if it cannot be set, the answer only waits.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
