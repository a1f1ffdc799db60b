//! An append-only list: values can be added through a shared reference and never move.

use std::sync::OnceLock;

/// A list that only grows. What was added can be borrowed for as long as the list itself, without locks.
#[derive(Debug)]
pub(crate) struct Chain<T> {
    first: Link<T>,
}

type Link<T> = OnceLock<Box<Node<T>>>;

#[derive(Debug)]
struct Node<T> {
    value: T,
    next: Link<T>,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain { first: OnceLock::new() }
    }
}

impl<T> Chain<T> {
    /// Adds a value at the end and returns it (always `Some`: what was set can be read).
    /// Walks the list, which is short wherever it is used.
    pub(crate) fn push(&self, value: T) -> Option<&T> {
        let mut node = Box::new(Node { value, next: OnceLock::new() });
        let mut link = &self.first;
        loop {
            match link.set(node) {
                Ok(()) => return link.get().map(|node| &node.value),
                Err(mine) => node = mine,
            }
            link = &link.get()?.next;
        }
    }

    /// The values, first added first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let mut link = &self.first;
        std::iter::from_fn(move || {
            let node = link.get()?;
            link = &node.next;
            Some(&node.value)
        })
    }
}

impl<T> Drop for Chain<T> {
    /// One node after the other: the compiler's own drop would recurse once a node.
    fn drop(&mut self) {
        let mut node = self.first.take();
        while let Some(mut this) = node {
            node = this.next.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Chain;

    #[test]
    fn keeps_what_many_threads_add() {
        let chain = Chain::default();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let chain = &chain;
                scope.spawn(move || (0..500).for_each(|i| assert_eq!(chain.push((thread, i)), Some(&(thread, i)))));
            }
        });
        assert_eq!(chain.iter().count(), 2000);
        for thread in 0..4 {
            let of_thread: Vec<i32> = chain.iter().filter(|v| v.0 == thread).map(|v| v.1).collect();
            assert_eq!(of_thread, (0..500).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_long_chain_is_dropped_without_recursion() {
        let mut chain = Chain::default();
        // Built from the back, so that the test is not quadratic.
        for i in 0..200_000 {
            let rest = std::mem::take(&mut chain.first);
            let _ = chain.first.set(Box::new(super::Node { value: i, next: rest }));
        }
        drop(chain);
    }
}
