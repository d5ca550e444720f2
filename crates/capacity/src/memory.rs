//! Roughly how much memory a run takes, before it is begun.

use measure::delays::{DelayClass, Delays};
use routing::Nanos;

use crate::job::Job;
use crate::units;

/// A call in the system, or a caller who will call again.
const LIVE_CALL_BYTES: f64 = 400.0;
/// The program itself with its zones and fonts.
const PROGRAM_BYTES: f64 = 2e7;
/// Histograms and counters of a replication, beside its intervals.
const REPLICATION_BYTES: f64 = 2.8e5;
/// Counters of an interval. Both measured: 1 to 2000 replications of office-day, 20 and 600
/// intervals.
const INTERVAL_BYTES: f64 = 1000.0;
/// The tables of accounts, with their names in the report. Measured by `benches/population`:
/// together 348 bytes a number on the default mix of a population.
const SUB_ACCOUNT_BYTES: f64 = 300.0;
const NUMBER_BYTES: f64 = 190.0;
const USER_BYTES: f64 = 300.0;
const CONTACT_BYTES: f64 = 8.0;
const WORKFLOW_BYTES: f64 = 400.0;
/// What every part of a run keeps for all of them, and the tally that is kept of it.
const SUB_ACCOUNT_BOOKS: f64 = 130.0;
const NUMBER_BOOKS: f64 = 70.0;
const PERSON_BOOKS: f64 = 150.0;
/// Parts at work at once, with the one that they are added up in.
const BOOKS: f64 = 3.0;
/// The most that a run may be expected to take.
pub const MOST_BYTES: f64 = 16.0 * (1_u64 << 30) as f64;

/// The run is refused: it would take more memory than [`MOST_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "about {gib:.0} GiB of memory for {replications} replications of {intervals} intervals each, \
     expected at most 16 GiB\n  help: {help}"
)]
pub struct TooMuch {
    gib: f64,
    replications: u32,
    intervals: u64,
    help: &'static str,
}

impl Job {
    /// Bytes that a run is expected to take at its most, to a factor of two.
    pub fn expected_bytes(&self) -> f64 {
        let accounts = &self.plan.accounts;
        let duration = self.setup.duration;
        // A caller lives for the call and the wait before a redial: an hour is much.
        let share = (Nanos::HOUR.0 as f64 / duration.0 as f64).min(1.0);
        let live = self.expected_calls() * share;
        let (sub_accounts, numbers) = (accounts.sub_accounts().len(), accounts.numbers().len());
        let (users, persons) = (accounts.users().len(), accounts.persons().len());
        let tables = sub_accounts as f64 * SUB_ACCOUNT_BYTES
            + numbers as f64 * NUMBER_BYTES
            + users as f64 * USER_BYTES
            + accounts.contact_count() as f64 * CONTACT_BYTES
            + self.plan.workflows.len() as f64 * WORKFLOW_BYTES;
        let books = sub_accounts as f64 * SUB_ACCOUNT_BOOKS
            + numbers as f64 * NUMBER_BOOKS
            + persons as f64 * PERSON_BOOKS;
        let intervals = self.intervals() as f64;
        let replication = REPLICATION_BYTES + intervals * INTERVAL_BYTES + self.delays_bytes();
        PROGRAM_BYTES
            + live * LIVE_CALL_BYTES
            + self.held_bytes()
            + tables
            + BOOKS * books
            + f64::from(self.replications) * replication
            + self.open_delays_bytes()
    }

    /// Of calls that are known before they come.
    fn held_bytes(&self) -> f64 {
        let held = self.plan.sources.iter().map(|it| it.process.held_bytes());
        held.sum()
    }

    /// What is kept of the distributions of a replication that is over, where intervals have their
    /// own: answers and waits, each in a class of its own at worst.
    fn delays_bytes(&self) -> f64 {
        if !self.setup.interval_delays {
            return 0.0;
        }
        let series = 1 + self.setup.each.len();
        2.0 * self.expected_calls() * series as f64 * size_of::<DelayClass>() as f64
    }

    /// The same of those that are under way, whose classes all have their room.
    fn open_delays_bytes(&self) -> f64 {
        if !self.setup.interval_delays {
            return 0.0;
        }
        let each = 2.0 * Delays::OPEN_BYTES as f64;
        // An interval without a call has none.
        let series = 1 + self.setup.each.len();
        let seen = (self.intervals() as f64).min(self.expected_calls() * series as f64);
        units::books_at_once(self) as f64 * seen * each
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
            help: if self.held_bytes() > bytes / 4.0 {
                "fewer `recipients`, or a smaller `response_share`: who will call is held until then"
            } else {
                "fewer `replications`, or a longer `interval`"
            },
        })
    }

    /// Of the run's own series and of those that gates ask for.
    fn intervals(&self) -> u64 {
        let lengths = std::iter::once(&self.setup.interval).chain(&self.setup.each);
        lengths
            .map(|length| self.setup.duration.0.div_ceil(length.0))
            .sum()
    }
}
