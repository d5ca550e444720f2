//! Time of the run by the clock on the wall.

use std::time::{Duration, Instant};

use routing::Nanos;

/// Where the run began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    /// Begins now.
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time of the run at this instant.
    pub(super) fn at(self, now: Instant) -> Nanos {
        nanos(now.saturating_duration_since(self.0))
    }

    /// When this time of the run is.
    pub(super) fn when(self, at: Nanos) -> Instant {
        let from_start = Duration::from_nanos(at.0);
        self.0.checked_add(from_start).unwrap_or(self.0)
    }

    /// The run stood still for so long.
    pub(super) fn held(&mut self, long: Duration) {
        self.0 += long;
    }
}

/// The same length of time.
pub(super) fn nanos(time: Duration) -> Nanos {
    Nanos(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX / 2))
}
