//! What a run of a scenario would be: its calls, and roughly its memory and time.

use capacity::Job;
use serde_json::{Value, json};

/// Calls that one core of 2026 simulates in a second, to a factor of two.
const CALLS_PER_S: f64 = 5e5;
/// Numbers that are made ready to run in a second, with all that belongs to them, in one core.
const NUMBERS_MADE_PER_S: f64 = 1e6;

/// What a run would be.
pub(super) struct Planned {
    calls: f64,
    replications: u32,
    /// Sub-accounts that are made from a seed.
    pub(super) population: u32,
    sub_accounts: usize,
    numbers: usize,
    users: usize,
    memory_mib: f64,
    seconds: f64,
}

impl Planned {
    pub(super) fn of(job: &Job, population: u32) -> Self {
        let accounts = &job.plan.accounts;
        let (sub_accounts, numbers) = (accounts.sub_accounts().len(), accounts.numbers().len());
        let users = accounts.users().len();
        let calls = job.expected_calls();
        let replications = job.replications;
        Self {
            calls,
            replications,
            population,
            sub_accounts,
            numbers,
            users,
            memory_mib: job.expected_bytes() / f64::from(1 << 20),
            seconds: calls * f64::from(replications) / CALLS_PER_S
                + numbers as f64 / NUMBERS_MADE_PER_S,
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
