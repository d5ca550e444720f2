//! The top of a scenario file: its keys, and what they say before accounts and arrivals are read.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use routing::Nanos;
use routing::policy::POLICIES;

use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::Clock;
use crate::spec::{KeySpec, Takes, key, later};
use crate::table::Table;
use crate::{backend, gates, limits, people, routing_keys, values};

/// The most replications of a run.
const MOST_REPLICATIONS: u64 = 100_000;

const WARM_UP: Takes = Takes::Other("a duration such as \"30min\"", crate::schema::duration);

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
        "inside duration, left out of the statistics",
    )
    .default("\"0s\""),
    key(
        "replications",
        Takes::Whole(1, MOST_REPLICATIONS),
        "runs with other draws",
    )
    .default("1"),
    later(
        "precision",
        "comes later: this version runs a fixed number of replications",
    ),
    key(
        "antithetic",
        Takes::Flag,
        "pairs of replications with opposite draws",
    )
    .default("false"),
    key("interval", Takes::Duration(false), "of the time series").default("\"15min\""),
    key("accounts", Takes::Path, "the accounts file"),
    later("population", "comes later: this version takes `accounts`"),
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
    pub(crate) warm_up: Nanos,
    pub(crate) replications: u32,
    pub(crate) interval: Nanos,
    pub(crate) policy: &'static str,
}

/// The policy that a table names.
pub(crate) fn policy(table: &Table<'_>) -> &'static str {
    table.word("policy").unwrap_or(routing::policy::DEFAULT)
}

/// The single values at the top.
pub(crate) fn read(table: &Table<'_>) -> Top {
    let top = Top {
        name: table.text("name"),
        seed: table.whole("seed").unwrap_or(1),
        clock: Clock::Virtual,
        start: table.given("start").and_then(|_| table.date_time("start")),
        time_zone: table.zone("time_zone").unwrap_or(TimeZone::UTC),
        duration: table
            .given("duration")
            .and_then(|_| table.duration("duration")),
        warm_up: table.take("warm_up", warm_up).unwrap_or_default(),
        replications: table.whole("replications").unwrap_or(1) as u32,
        interval: table
            .duration("interval")
            .unwrap_or(Nanos(15 * Nanos::MINUTE.0)),
        policy: policy(table),
    };
    if table.word("clock") == Some("wall") {
        let message = "\"wall\" comes later: this version runs on the virtual clock";
        table.error("clock", Fault::new(message));
    }
    if table.flag("antithetic") {
        let message = "`antithetic = true` comes later: this version draws each replication alone";
        table.error("antithetic", Fault::new(message));
    }
    top
}

fn warm_up(r: &Reading<'_>, node: &Node) -> Option<Nanos> {
    if matches!(&node.value, Value::Text(text) if text == "auto") {
        let fault = Fault::new("\"auto\" comes later: this version takes a duration");
        r.error(node.span, fault);
        return None;
    }
    values::duration(r, node, true)
}
