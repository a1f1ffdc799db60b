//! What is measured: one request each.

use crate::bodies::PRODUCT_ID;

/// One kind of request.
pub struct Scenario {
    /// Its name in the report.
    pub name: &'static str,
    /// What it does to the upstream.
    pub about: &'static str,
    /// Path of the request.
    pub path: String,
}

/// The three of the benchmark.
pub fn scenarios() -> [Scenario; 3] {
    [
        Scenario { name: "dashboard", about: "3 calls, little goes out", path: "/api/dashboard".to_owned() },
        Scenario { name: "product", about: "4 calls, all goes out", path: format!("/api/products/{PRODUCT_ID}") },
        Scenario { name: "passthrough", about: "1 call, unchanged", path: format!("/api/catalog/{PRODUCT_ID}") },
    ]
}
