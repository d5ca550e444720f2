//! Roughly how much memory a run takes, before it is begun.

use routing::Nanos;

use crate::job::Job;

/// A call in the system, or a caller who will call again.
const LIVE_CALL_BYTES: f64 = 400.0;
/// The program itself with its zones and fonts.
const PROGRAM_BYTES: f64 = 2e7;
/// Histograms and counters of a replication, beside its intervals.
const REPLICATION_BYTES: f64 = 2.8e5;
/// Counters of an interval. Both measured: 1 to 2000 replications of office-day, 20 and 600
/// intervals.
const INTERVAL_BYTES: f64 = 1000.0;
/// The most that a run may be expected to take.
pub const MOST_BYTES: f64 = 16.0 * (1_u64 << 30) as f64;

/// The run is refused: it would take more memory than [`MOST_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "about {gib:.0} GiB of memory for {replications} replications of {intervals} intervals each, \
     expected at most 16 GiB\n  help: fewer `replications`, or a longer `interval`"
)]
pub struct TooMuch {
    gib: f64,
    replications: u32,
    intervals: u64,
}

impl Job {
    /// Bytes that a run is expected to take at its most, to a factor of two.
    pub fn expected_bytes(&self) -> f64 {
        let accounts = &self.plan.accounts;
        let duration = self.setup.duration;
        // A caller lives for the call and the wait before a redial: an hour is much.
        let share = (Nanos::HOUR.0 as f64 / duration.0 as f64).min(1.0);
        let live = self.expected_calls() * share;
        let held = self.plan.sources.iter().map(|it| it.process.held_bytes());
        let held: f64 = held.sum();
        let tables = accounts.sub_accounts().len() * 400
            + accounts.numbers().len() * 300
            + accounts.users().len() * 200;
        let replication = REPLICATION_BYTES + self.intervals() as f64 * INTERVAL_BYTES;
        PROGRAM_BYTES
            + live * LIVE_CALL_BYTES
            + held
            + tables as f64
            + f64::from(self.replications) * replication
    }

    /// Whether a run fits into [`MOST_BYTES`]: every replication is kept until the last is over.
    ///
    /// # Errors
    /// When it does not.
    pub fn fits(&self) -> Result<(), TooMuch> {
        let bytes = self.expected_bytes();
        if bytes <= MOST_BYTES {
            return Ok(());
        }
        Err(TooMuch {
            gib: bytes / (1_u64 << 30) as f64,
            replications: self.replications,
            intervals: self.intervals(),
        })
    }

    fn intervals(&self) -> u64 {
        self.setup.duration.0.div_ceil(self.setup.interval.0)
    }
}
