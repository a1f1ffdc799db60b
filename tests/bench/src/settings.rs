//! Settings of the programs, from the environment: the same names that generated crates use.

use std::net::SocketAddr;

/// Where the services of the shop are, without a slash at the end.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Upstreams {
    pub users: String,
    pub orders: String,
    pub notifications: String,
    pub catalog: String,
    pub reviews: String,
    pub recommendations: String,
    pub inventory: String,
}

impl Upstreams {
    /// Environment variables that say where a service is.
    pub const VARIABLES: [&'static str; 7] = [
        "USERS_URL",
        "ORDERS_URL",
        "NOTIFICATIONS_URL",
        "CATALOG_URL",
        "REVIEWS_URL",
        "RECOMMENDATIONS_URL",
        "INVENTORY_URL",
    ];

    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env() -> Result<Self, String> {
        let read = |name: &str| {
            std::env::var(name)
                .map(|url| url.trim_end_matches('/').to_owned())
                .map_err(|_| format!("{name} is not set: it says where that service is"))
        };
        let [users, orders, notifications, catalog, reviews, recommendations, inventory] = Self::VARIABLES;
        Ok(Self {
            users: read(users)?,
            orders: read(orders)?,
            notifications: read(notifications)?,
            catalog: read(catalog)?,
            reviews: read(reviews)?,
            recommendations: read(recommendations)?,
            inventory: read(inventory)?,
        })
    }
}

/// `BFF_LISTEN`.
///
/// # Errors
/// Says what is wrong with the variable.
pub fn listen_address() -> Result<SocketAddr, String> {
    let text = std::env::var("BFF_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    text.parse().map_err(|error| format!("BFF_LISTEN is {text:?}, not an address: {error}"))
}

/// Whether a path segment is a product id: `^prd_[0-9a-z]{6,12}$`.
pub fn is_product_id(text: &str) -> bool {
    text.strip_prefix("prd_").is_some_and(|code| {
        (6..=12).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    })
}
