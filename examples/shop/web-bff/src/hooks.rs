//! The hooks of this BFF. This file is the team's: it is written once and never overwritten.

use crate::generated::hooks::{Breadcrumb, Hooks};
use crate::generated::upstreams::catalog::Category;
use bff_runtime::codegen::{Cx, HookError};

/// Needs nothing but what it is given.
#[derive(Clone, Debug, Default)]
pub struct AppHooks;

impl Hooks for AppHooks {
    async fn breadcrumbs(&self, _cx: &Cx, category: &Category<'_>) -> Result<Vec<Breadcrumb>, HookError> {
        let above = category.ancestors.iter().map(|above| (above.name, above.slug));
        let links = above.chain([(category.name, category.slug)]);
        Ok(links.map(|(name, slug)| Breadcrumb { name: name.to_string(), url: format!("/c/{slug}") }).collect())
    }
}
