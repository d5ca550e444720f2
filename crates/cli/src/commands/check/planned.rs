//! What a run of a scenario would be: its calls, and roughly its memory and time.

use capacity::Job;
use routing::Nanos;
use serde_json::{Value, json};

/// Calls that one core of 2026 simulates in a second, to a factor of two.
const CALLS_PER_S: f64 = 5e5;
/// A call in the system, or a caller who will call again.
const LIVE_CALL_BYTES: f64 = 400.0;
/// The program itself with its zones and fonts.
const PROGRAM_BYTES: f64 = 2e7;
/// Histograms and counters of a replication, beside its intervals.
const REPLICATION_BYTES: f64 = 2.8e5;
/// Counters of an interval. Both measured: 1 to 2000 replications of office-day, 20 and 600
/// intervals.
const INTERVAL_BYTES: f64 = 1000.0;

/// What a run would be.
pub(super) struct Planned {
    calls: f64,
    replications: u32,
    sub_accounts: usize,
    numbers: usize,
    users: usize,
    memory_mib: f64,
    seconds: f64,
}

impl Planned {
    pub(super) fn of(job: &Job) -> Self {
        let accounts = &job.plan.accounts;
        let (sub_accounts, numbers) = (accounts.sub_accounts().len(), accounts.numbers().len());
        let users = accounts.users().len();
        let calls = job.expected_calls();
        let replications = job.replications;
        let intervals = job.setup.duration.0.div_ceil(job.setup.interval.0) as f64;
        // A caller lives for the call and the wait before a redial: an hour is much.
        let live = calls * (Nanos::HOUR.0 as f64 / job.setup.duration.0 as f64).min(1.0);
        let tables = (sub_accounts * 400 + numbers * 300 + users * 200) as f64;
        let memory = PROGRAM_BYTES
            + live * LIVE_CALL_BYTES
            + tables
            + f64::from(replications) * (REPLICATION_BYTES + intervals * INTERVAL_BYTES);
        Self {
            calls,
            replications,
            sub_accounts,
            numbers,
            users,
            memory_mib: memory / (1 << 20) as f64,
            seconds: calls * f64::from(replications) / CALLS_PER_S,
        }
    }

    pub(super) fn text(&self) -> String {
        format!(
            "  {}, {}, {}\n  about {:.0} fresh calls a replication, {}\n  roughly {:.0} MiB and \
             {:.1} s on one core",
            count(self.sub_accounts, "sub-account"),
            count(self.numbers, "number"),
            count(self.users, "user"),
            self.calls,
            count(self.replications as usize, "replication"),
            self.memory_mib.max(1.0),
            self.seconds.max(0.1),
        )
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "fresh_calls": self.calls,
            "replications": self.replications,
            "sub_accounts": self.sub_accounts,
            "numbers": self.numbers,
            "users": self.users,
            "memory_mib": self.memory_mib,
            "seconds": self.seconds,
        })
    }
}

/// So many of something.
fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
