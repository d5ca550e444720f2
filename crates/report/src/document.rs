//! All that a report may tell.

use std::fmt;
use std::sync::Arc;

use measure::{GateResult, Precision, Summary, Verdict};
use routing::Nanos;
use serde_json::Value;

use crate::crosstab::Crosstab;
use crate::decided::Decided;

/// What was run, as far as the result depends on it: no thread count, no path, no date.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The scenario's name.
    pub name: String,
    /// The seed.
    pub seed: u64,
    /// SHA-256 of the scenario's text, in hexadecimal.
    pub scenario_sha256: String,
    /// The version of the program.
    pub busyhour: String,
    /// `virtual` or `wall`.
    pub clock: String,
    /// `in-process`, or the protocol of a live one.
    pub backend: String,
    /// Every parameter with its value, in the order of the documents.
    pub parameters: Vec<(String, Value)>,
}

/// Turns an instant of the run into local time, as RFC 3339 with offset.
#[derive(Clone)]
pub struct LocalTime(Arc<dyn Fn(Nanos) -> String + Send + Sync>);

impl LocalTime {
    /// By this function.
    pub fn new(tell: impl Fn(Nanos) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The local time of this instant.
    pub fn of(&self, at: Nanos) -> String {
        (self.0)(at)
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalTime({})", self.of(Nanos::ZERO))
    }
}

/// A warm-up that was found, not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundWarmUp {
    /// How long it is.
    pub warm_up: Nanos,
    /// Over how many pilot replications the calls in the system were averaged.
    pub pilots: u32,
    /// In steps of this length.
    pub step: Nanos,
    /// Whether the run is too short to tell.
    pub too_short: bool,
}

/// A run with everything that is said of it.
#[derive(Debug, Clone)]
pub struct Document {
    /// What was run.
    pub manifest: Manifest,
    /// What came out.
    pub summary: Summary,
    /// What became of the gates, in the order of the scenario.
    pub gates: Vec<GateResult>,
    /// What the gates say together.
    pub verdict: Verdict,
    /// What whoever reads this must know.
    pub warnings: Vec<String>,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// How the run came to its number of replications, when that was left to it.
    pub precision: Option<Precision>,
    /// The warm-up, when it was left to the run to find it.
    pub warm_up: Option<FoundWarmUp>,
    /// The names of the sub-accounts, in the order of the summary's table.
    pub sub_accounts: Vec<String>,
    /// The names of the people, in the order of the summary's table.
    pub people: Vec<String>,
    /// The time of the day of each instant.
    pub local_time: LocalTime,
    /// For words about what decided a storm.
    pub decided: Option<Decided>,
    /// The tables that the scenario asks for.
    pub tables: Vec<Crosstab>,
}

impl Document {
    /// How many replications there were.
    pub fn replications(&self) -> usize {
        self.summary.replications.len()
    }
}
