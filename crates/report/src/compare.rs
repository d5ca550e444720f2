//! Two sides compared, for people and for scripts.
//!
//! Everything is told of a [`Comparison`], whose texts show no real phone number any more.

mod calls;
mod json;
mod text;

use measure::difference::Difference;
use measure::moves::Change;
use measure::{Fingerprint, Metric, Verdict};
use serde_json::Value;

pub use json::json;
pub use text::{markdown, text};

/// One of the sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called.
    pub label: String,
    /// Of its inputs, arrivals and outcomes, where they are known.
    pub inputs: Option<Fingerprint>,
    /// Of its fresh calls.
    pub arrivals: Option<Fingerprint>,
    /// Of how its calls ended.
    pub outcomes: Option<Fingerprint>,
    /// How many replications it has.
    pub replications: u64,
}

/// A parameter that differs between the sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// Its key.
    pub key: String,
    /// Its value on each side; none where it has none.
    pub values: [Option<String>; 2],
}

/// A gate on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// What it asks.
    pub asked: String,
    /// What it says on each side.
    pub held: [Verdict; 2],
    /// What was found on each side.
    pub found: [String; 2],
    /// What that means for B.
    pub verdict: &'static str,
}

/// What became of a call on one side, in words and numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Lived {
    /// The life as an object: outcome, cause, times in seconds from the arrival.
    pub life: Value,
    /// The same for people.
    pub told: String,
    /// The decision with its trace as an object; none when a limit stopped the call.
    pub decision: Option<Value>,
    /// The same for people.
    pub why: String,
}

/// A call that ends otherwise on B.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name in `calls.csv`.
    pub id: String,
    /// In which replication.
    pub replication: u32,
    /// When it arrived, in local time.
    pub at: String,
    /// Who called, as a pseudonym; none when withheld.
    pub from: Option<String>,
    /// And whom.
    pub to: String,
    /// Its life on each side.
    pub lived: [Lived; 2],
}

/// Calls that end otherwise, and the first of each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// Fresh calls in all replications together.
    pub all: u64,
    /// Those that lived alike, in all replications together.
    pub unchanged: u64,
    /// The same a replication.
    pub unchanged_mean: Metric,
    /// The kinds of change, the most frequent first, with the first calls of each.
    pub changes: Vec<(Change, Vec<Call>)>,
}

/// Two sides compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub name: String,
    /// A and B.
    pub sides: [Side; 2],
    /// Parameters in which they differ.
    pub differs: Vec<Differs>,
    /// Every metric.
    pub differences: Vec<Difference>,
    /// Every gate.
    pub gates: Vec<Gate>,
    /// Which calls end otherwise; none when the sides met other calls, or only their summaries are
    /// known.
    pub calls: Option<Calls>,
    /// Whether both sides met the same calls.
    pub same_calls: bool,
    /// What whoever reads this must know.
    pub warnings: Vec<String>,
    /// Why the sides cannot be compared; then nothing else is said.
    pub not_comparable: Vec<String>,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// All together.
    pub verdict: &'static str,
}

impl Comparison {
    /// The metrics that a page shows: those that people ask for, those of gates, and no zeros.
    fn main(&self) -> Vec<&Difference> {
        let asks = |asked: &str, name: &str| asked.split(' ').next() == Some(name);
        let gated = |name: &str| self.gates.iter().any(|it| asks(&it.asked, name));
        let shown = |it: &&Difference| {
            let zero = [&it.a, &it.b]
                .into_iter()
                .flatten()
                .all(|metric| metric.value == 0.0);
            gated(&it.name) || (is_main(&it.name) && !zero)
        };
        self.differences.iter().filter(shown).collect()
    }
}

fn is_main(name: &str) -> bool {
    const MAIN: [&str; 13] = [
        "callers.reached.share",
        "callers.attempts.mean",
        "calls.offered",
        "calls.redials",
        "answer.delay_s.mean",
        "answer.delay_s.p90",
        "hold.waited.share",
        "hold.wait_s.mean",
        "limit.violations",
        "limit.block.chance",
        "limit.accounts_blocked",
        "staff.occupancy",
        "staff.busy.mean",
    ];
    let within = |start: &str, end: &str| {
        let rest = name.strip_prefix(start).and_then(|it| it.strip_suffix(end));
        rest.is_some()
    };
    within("calls.", ".share") || within("service_level.", ".of_offered") || MAIN.contains(&name)
}

pub use calls::{Pages, told};
