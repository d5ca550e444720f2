//! How much is under way: connections and requests, counted while they last.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Something that there may only be so much of.
#[derive(Debug, Clone, Default)]
pub(super) struct Gauge(Arc<AtomicUsize>);

/// One of it; given back when dropped.
#[derive(Debug)]
pub(super) struct Held(Gauge);

impl Gauge {
    /// One more, and how many there are with it.
    pub(super) fn enter(&self) -> (Held, usize) {
        let now = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        (Held(self.clone()), now)
    }

    /// How many there are.
    pub(super) fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
