//! What a scenario file says, checked.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::arrivals::Source;
use model::ivr::Workflow;
use model::people::People;
use model::population::Population;
use model::random_time::RandomTime;
use model::roster::Roster;
use model::{Calendar, Share};
use routing::Nanos;
use routing::account::{Accounts, NumberId};
use routing::limit::LimitParams;
use routing::params::RoutingParams;

use crate::problem::{Place, Problem};
use crate::tables::TableSpec;

/// Which clock drives the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// Virtual time: as fast as it can be computed.
    #[default]
    Virtual,
    /// The clock on the wall.
    Wall,
}

/// How long after its start a run begins to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    /// This long; shorter than the run.
    Given(Nanos),
    /// To be found from the run itself (`"auto"`).
    Auto,
}

impl Default for WarmUp {
    fn default() -> Self {
        Self::Given(Nanos::ZERO)
    }
}

impl WarmUp {
    /// As long as it was given; zero while it is to be found.
    pub const fn given(self) -> Nanos {
        match self {
            Self::Given(time) => time,
            Self::Auto => Nanos::ZERO,
        }
    }
}

/// How a live router is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// The provider's webhook.
    Twilio,
    /// One JSON question, one JSON answer.
    Json,
}

impl Wire {
    /// Its word in scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Json => "json",
        }
    }
}

/// A live router and how it is asked; the provider's rules (domain.md 2.5) are the defaults. URLs
/// are texts here: whoever connects checks them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveBackend {
    /// Where it listens.
    pub url: String,
    /// How it is spoken to; none is JSON for a path that ends in `/route`, else Twilio.
    pub protocol: Option<Wire>,
    /// The URL that is signed, where it is another one.
    pub signed_as: Option<String>,
    /// The environment variable with the token; none is not signed.
    pub token_env: Option<String>,
    /// Asked when the router fails.
    pub fallback_url: Option<String>,
    /// Told of the end of each call, over the provider's wire; none is not told.
    pub status_url: Option<String>,
    /// For a connection alone.
    pub connect_timeout: Nanos,
    /// How often a connection that failed is tried again.
    pub connect_retries: u32,
    /// Connections at once.
    pub max_connections: u32,
    /// So many requests under way, in a closed loop; none is open, by the schedule.
    pub closed: Option<u32>,
    /// Whether a refused caller redials no sooner than the router's `Retry-After` says.
    pub honours_retry_after: bool,
    /// The longest `Retry-After` that is believed.
    pub retry_after_max: Nanos,
    /// Our own lag at p99 may be this; none is the rule of contract.md section 5.
    pub max_lag: Option<Nanos>,
}

/// `[backend]`.
#[derive(Debug, Clone, PartialEq)]
pub struct BackendParams {
    /// A live router; none decides in this process.
    pub live: Option<LiveBackend>,
    /// Modelled time of a decision.
    pub latency: RandomTime,
    /// The caller hears an error after this.
    pub timeout: Nanos,
}

/// How a value is held against a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundOp {
    /// `min`, `>=`.
    AtLeast,
    /// `>`.
    Above,
    /// `max`, `<=`.
    AtMost,
    /// `<`.
    Below,
    /// `equals`, `==`, `=`.
    Equals,
}

/// A bound of a gate, converted to the metric's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// How.
    pub op: BoundOp,
    /// The number, in the unit of the metric.
    pub value: f64,
    /// As it was written.
    pub text: String,
}

impl Bound {
    /// Whether this value meets the bound.
    pub fn holds(&self, value: f64) -> bool {
        match self.op {
            BoundOp::AtLeast => value >= self.value,
            BoundOp::Above => value > self.value,
            BoundOp::AtMost => value <= self.value,
            BoundOp::Below => value < self.value,
            #[expect(clippy::float_cmp, reason = "`equals` means exactly that")]
            BoundOp::Equals => value == self.value,
        }
    }
}

/// One gate, of the scenario or of `--gate`.
#[derive(Debug, Clone, PartialEq)]
pub struct GateSpec {
    /// The metric.
    pub metric: String,
    /// Its bounds, one or more (`min` and `max` may stand together); all must hold.
    pub bounds: Vec<Bound>,
    /// In each interval of this length.
    pub each: Option<Nanos>,
    /// On at least this share of the replications; none is on average.
    pub holds_on: Option<Share>,
    /// Where the metric's name stands.
    pub place: Place,
}

/// Tells which metrics there are: the unit of one (`"s"`, `"us"`, `"calls"`, `"share"`, …),
/// or, of a name that cannot exist, the nearest that can.
pub type MetricNames<'a> = &'a dyn Fn(&str) -> Result<&'static str, Option<String>>;

/// One value set on the command line: `--set KEY=VALUE`, or a flag that stands for a key (`--seed
/// 7`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What is named in messages: `--set`, `--seed`.
    pub flag: String,
    /// `KEY=VALUE`, as messages show it.
    pub text: String,
    /// Where in `text` the value begins, in bytes.
    pub(crate) value_at: usize,
}

/// `--vary KEY=a,b,c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vary {
    /// The key.
    pub key: String,
    /// The values, each as `--set` takes it.
    pub values: Vec<String>,
}

/// What is asked for beside the file.
pub struct Options<'a> {
    /// Values from the command line, in order; of several for one key the last holds.
    pub overrides: Vec<Override>,
    /// `--gate` texts.
    pub gates: Vec<String>,
    /// Which metrics there are.
    pub metrics: MetricNames<'a>,
}

/// A checked scenario.
pub struct Scenario {
    /// Default: the file's stem.
    pub name: String,
    /// Default 1.
    pub seed: u64,
    /// Default virtual.
    pub clock: Clock,
    /// Local time in `time_zone`. Default 2026-01-05T00:00:00; with a log, the full hour at or
    /// before its first call.
    pub start: DateTime,
    /// Default UTC.
    pub time_zone: TimeZone,
    /// Local time over the run.
    pub calendar: Calendar,
    /// Calls arrive before this. With nothing but logs, left out: just past the last call.
    pub duration: Nanos,
    /// From when on calls count.
    pub warm_up: WarmUp,
    /// 1 to 100 000; with `precision` the most, by default 1000.
    pub replications: u32,
    /// Replicate until half the 95 % interval of every gated metric is below this share of it;
    /// above 0 and below 1. With it there is a gate.
    pub precision: Option<f64>,
    /// Pairs of replications with opposite draws; then `replications` is even.
    pub antithetic: bool,
    /// Of the time series; default 15 min.
    pub interval: Nanos,
    /// A name of the routing policies.
    pub policy: &'static str,
    /// Sub-accounts, users, numbers, contacts.
    pub accounts: Arc<Accounts>,
    /// What the IVR of a number does; a number with `ivr = true` has the default one.
    pub workflows: Vec<(NumberId, Workflow)>,
    /// What the accounts were made from, where they were not read from a file.
    pub population: Option<Population>,
    /// Unnamed agents over time, by [`routing::account::RosterId`].
    pub rosters: Vec<Roster>,
    /// `[people]`.
    pub people: People,
    /// `[routing]`.
    pub routing: RoutingParams,
    /// `[limits]`.
    pub limits: LimitParams,
    /// `[backend]`.
    pub backend: BackendParams,
    /// `[[arrivals]]`, in file order.
    pub sources: Vec<Source>,
    /// `[[gate]]`, then those of the command line.
    pub gates: Vec<GateSpec>,
    /// `[[table]]`: runs under other settings, beside this one.
    pub tables: Vec<TableSpec>,
    /// Every parameter in force with its value in canonical text, defaults too, in the order of the
    /// manual.
    pub parameters: Vec<(String, String)>,
    /// For the fingerprint of the inputs: all that the files and the command line say, in canonical
    /// order, without paths; files that it names by their sha256.
    pub canonical: Vec<u8>,
    /// Of the scenario's text as it is, in hex.
    pub sha256: String,
    /// What is odd, and what had no effect.
    pub warnings: Vec<Problem>,
}

/// A checked accounts file.
pub struct AccountsFile {
    /// Sub-accounts, users, numbers, contacts.
    pub accounts: Arc<Accounts>,
    /// What the IVR of a number does.
    pub workflows: Vec<(NumberId, Workflow)>,
    /// `[routing]`, defaults and `--set routing.KEY=…`.
    pub routing: RoutingParams,
    /// `--set policy=…`, or the default one.
    pub policy: &'static str,
    /// `--set time_zone=…`, or UTC.
    pub time_zone: TimeZone,
    /// Of the accounts in canonical form, in hex.
    pub sha256: String,
    /// What is odd, and what had no effect.
    pub warnings: Vec<Problem>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Some key of a scenario stands at its top.
    Scenario,
    /// `sub_account` stands at its top, or it is JSON or JSON Lines.
    Accounts,
}
