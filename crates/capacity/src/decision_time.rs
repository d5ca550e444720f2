//! How long a decision takes in this process, sampled on the machine's clock. Goes under
//! `measured` and into `latency.hlog`, never into a result.
//!
//! The engine remembers what a policy decided, so most calls take no decision at all. It takes
//! some anew, whatever is remembered ([`Ticket::is_asked_anew`]), and these are what is timed: a
//! sample of the calls as they come, denser at the beginning of a replication. Those that are
//! taken because nothing is remembered yet are not, or the first calls to each number would weigh
//! more than all the others.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use engine::{Backend, InProcess, Request, Submitted, Ticket};
use hdrhistogram::Histogram;

/// Decision times in nanoseconds, gathered from all replications.
#[derive(Clone)]
pub struct DecisionTimes(Arc<Mutex<Histogram<u64>>>);

impl Default for DecisionTimes {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(empty())))
    }
}

/// 1 ns to 1 s with three digits.
fn empty() -> Histogram<u64> {
    let made = Histogram::new_with_bounds(1, 1_000_000_000, 3);
    made.expect("constant bounds that the histogram documents as valid")
}

impl DecisionTimes {
    /// What was gathered so far.
    pub fn gathered(&self) -> Histogram<u64> {
        self.0
            .lock()
            .map_or_else(|broken| broken.into_inner().clone(), |it| it.clone())
    }
}

/// The routing core, with those decisions timed that are asked anew.
pub struct Sampled {
    inner: InProcess,
    own: Histogram<u64>,
    all: DecisionTimes,
}

impl Sampled {
    /// Times `inner`'s decisions into `all`.
    pub fn new(inner: InProcess, all: DecisionTimes) -> Self {
        Self {
            inner,
            own: empty(),
            all,
        }
    }
}

impl Backend for Sampled {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        if !ticket.is_asked_anew() {
            return self.inner.submit(ticket, request);
        }
        let begun = Instant::now();
        let submitted = self.inner.submit(ticket, request);
        self.own
            .saturating_record(u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX));
        submitted
    }

    fn is_steady(&self) -> bool {
        self.inner.is_steady()
    }

    fn rings_the_named(&self) -> bool {
        self.inner.rings_the_named()
    }
}

impl Drop for Sampled {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.0.lock() {
            // Same bounds: adding cannot fail.
            let _ = all.add(&self.own);
        }
    }
}
