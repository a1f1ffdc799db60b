//! A value that one call gives and others wait for.

use crate::failure::Failure;
use std::future::Future;
use tokio::sync::SetOnce;

/// A cell that is filled once, by a call that runs beside those who wait for it.
pub struct Later<T> {
    cell: SetOnce<T>,
}

impl<T> Later<T> {
    /// An empty cell.
    pub fn new() -> Later<T> {
        Later { cell: SetOnce::new() }
    }

    /// Runs the call and fills the cell. If the call fails, the cell stays empty and who waits is to be dropped.
    pub async fn fill(&self, call: impl Future<Output = Result<T, Failure>>) -> Result<(), Failure> {
        self.cell.set(call.await?).map_err(|_| Failure::internal("filled_twice"))
    }

    /// Waits for the value.
    pub async fn get(&self) -> &T {
        self.cell.wait().await
    }

    /// The value, once the call has ended.
    pub fn value(&self) -> Result<&T, Failure> {
        self.cell.get().ok_or_else(|| Failure::internal("never_filled"))
    }
}

impl<T> Default for Later<T> {
    fn default() -> Self {
        Later::new()
    }
}

/// Makes a call only if a condition holds.
pub async fn when<T, F>(condition: bool, call: impl FnOnce() -> F) -> Result<Option<T>, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    if condition { call().await.map(Some) } else { Ok(None) }
}
