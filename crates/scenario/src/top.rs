//! The top of a scenario file: its keys, and what they say before accounts and arrivals are read.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use routing::Nanos;
use routing::policy::POLICIES;
use serde_json::json;

use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::{Clock, WarmUp};
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::{backend, gates, limits, people, population, routing_keys, tables, values};

/// The most replications of a run.
const MOST_REPLICATIONS: u64 = 100_000;

/// The most replications of a run to a precision, where the scenario does not say.
const MOST_TO_PRECISION: u32 = 1000;

const WARM_UP: Takes = Takes::Other(
    "a duration such as \"30min\", or \"auto\"",
    || json!({ "anyOf": [crate::schema::duration(), { "const": "auto" }] }),
);

const PRECISION: Takes = Takes::Other(
    "a share above 0 and below 1",
    || json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }),
);

pub(crate) const POLICY: KeySpec =
    key("policy", Takes::Words(policies), "the routing policy").default("\"stages-2026\"");

pub(crate) const TIME_ZONE: KeySpec = key(
    "time_zone",
    Takes::Zone,
    "IANA name; profiles, shifts and hours are in it",
)
.default("\"UTC\"");

pub(crate) const ROUTING: KeySpec = key(
    "routing",
    Takes::Table(routing_keys::KEYS),
    "open questions of the documents",
);

/// The keys of a scenario file.
pub(crate) const KEYS: &[KeySpec] = &[
    key(
        "name",
        Takes::Text,
        "what the run is called; default the file's name",
    ),
    key("seed", Takes::Whole(0, u64::MAX), "of all draws").default("1"),
    key(
        "clock",
        Takes::Words(|| vec!["virtual", "wall"]),
        "which clock drives the run",
    )
    .default("\"virtual\""),
    key(
        "start",
        Takes::DateTime,
        "local time in time_zone; default 2026-01-05T00:00:00",
    ),
    TIME_ZONE,
    key(
        "duration",
        Takes::Duration(false),
        "calls arrive before this",
    ),
    key(
        "warm_up",
        WARM_UP,
        "inside duration, left out of the statistics; \"auto\" finds it by MSER-5",
    )
    .default("\"0s\""),
    key(
        "replications",
        Takes::Whole(1, MOST_REPLICATIONS),
        "runs with other draws; with precision the most, by default 1000",
    )
    .default("1"),
    key(
        "precision",
        PRECISION,
        "replicate until half the interval of every gated metric is below this share of it",
    ),
    key(
        "antithetic",
        Takes::Flag,
        "pairs of replications with opposite draws",
    )
    .default("false"),
    key("interval", Takes::Duration(false), "of the time series").default("\"15min\""),
    key("accounts", Takes::Path, "the accounts file"),
    key(
        "population",
        Takes::Table(population::KEYS),
        "synthetic sub-accounts instead of an accounts file",
    ),
    POLICY,
    key(
        "arrivals",
        Takes::Tables(&[]),
        "how calls come; several add up",
    ),
    key(
        "people",
        Takes::Table(people::KEYS),
        "how callers and staff behave",
    ),
    ROUTING,
    key("limits", Takes::Table(limits::KEYS), "admission limits"),
    key(
        "backend",
        Takes::Table(backend::KEYS),
        "where decisions are made",
    ),
    key(
        "gate",
        Takes::Tables(gates::KEYS),
        "what must hold of a run",
    ),
    key(
        "table",
        Takes::Tables(tables::KEYS),
        "the same run under several settings, printed as a table after the summary",
    ),
];

fn policies() -> Vec<&'static str> {
    POLICIES.iter().map(|it| it.name).collect()
}

/// What stands at the top.
pub(crate) struct Top {
    pub(crate) name: Option<String>,
    pub(crate) seed: u64,
    pub(crate) clock: Clock,
    pub(crate) start: Option<DateTime>,
    pub(crate) time_zone: TimeZone,
    pub(crate) duration: Option<Nanos>,
    pub(crate) warm_up: WarmUp,
    pub(crate) replications: u32,
    pub(crate) precision: Option<f64>,
    pub(crate) antithetic: bool,
    pub(crate) interval: Nanos,
    pub(crate) policy: &'static str,
}

/// The policy that a table names.
pub(crate) fn policy(table: &Table<'_>) -> &'static str {
    table.word("policy").unwrap_or(routing::policy::DEFAULT)
}

/// The single values at the top.
pub(crate) fn read(table: &Table<'_>) -> Top {
    let name = table.text("name");
    let seed = table.whole("seed").unwrap_or(1);
    let clock = match table.word("clock") {
        Some("wall") => Clock::Wall,
        _ => Clock::Virtual,
    };
    let start = table.date_time("start");
    let time_zone = table.zone("time_zone").unwrap_or(TimeZone::UTC);
    let duration = table.duration("duration");
    let warm_up = table.take("warm_up", warm_up).unwrap_or_default();
    let precision = table.take("precision", share_below_one);
    if clock == Clock::Wall && precision.is_some() {
        let message = "a run on the wall clock is as long as it is told to be: it cannot go on to \
                       a precision";
        let help = "leave `precision` out, or run on the virtual clock";
        table.error("precision", Fault::new(message).help(help));
    }
    let replications = replications(table, precision.is_some());
    let antithetic = table.flag("antithetic");
    if antithetic && !replications.is_multiple_of(2) {
        let message =
            format!("antithetic replications come in pairs, and {replications} is no even number");
        let key = if table.given("replications").is_some() {
            "replications"
        } else {
            "antithetic"
        };
        let help = format!("write `replications = {}`", replications + 1);
        table.error(key, Fault::new(message).help(help));
    }
    let interval = table
        .duration("interval")
        .unwrap_or(Nanos(15 * Nanos::MINUTE.0));
    let policy = policy(table);
    Top {
        name,
        seed,
        clock,
        start,
        time_zone,
        duration,
        warm_up,
        replications,
        precision,
        antithetic,
        interval,
        policy,
    }
}

/// The replications of a run, or the most of them when it runs to a precision.
fn replications(table: &Table<'_>, to_precision: bool) -> u32 {
    let written = table.whole("replications").unwrap_or(1) as u32;
    if to_precision && table.given("replications").is_none() {
        MOST_TO_PRECISION
    } else {
        written
    }
}

fn warm_up(r: &Reading<'_>, node: &Node) -> Option<WarmUp> {
    if matches!(&node.value, Value::Text(text) if text == "auto") {
        return Some(WarmUp::Auto);
    }
    values::duration(r, node, true).map(WarmUp::Given)
}

fn share_below_one(r: &Reading<'_>, node: &Node) -> Option<f64> {
    let value = values::number(r, node, false)?;
    if value < 1.0 {
        return Some(value);
    }
    let message = format!("found {}, expected {}", node.render(), PRECISION.expected());
    r.error(node.span, Fault::new(message));
    None
}

impl Top {
    /// The parameters, with what was worked out in place of what is left out.
    pub(crate) fn parameters(&self, mut all: Vec<(String, String)>) -> Vec<(String, String)> {
        if let Some(found) = all.iter_mut().find(|(key, _)| key == "replications") {
            found.1 = self.replications.to_string();
        }
        all
    }
}
