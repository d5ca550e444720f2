//! `[backend]`: who decides, and how a live router is asked.

use routing::Nanos;

use crate::quantity::Fault;
use crate::scenario::{BackendParams, LiveBackend, Wire};
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;

/// How many connections at once, where nothing is said: enough that waiting for one is seldom.
const MAX_CONNECTIONS: u32 = 4096;

/// What only a live router knows.
const LIVE: [&str; 6] = [
    "url",
    "protocol",
    "signed_as",
    "token_env",
    "fallback_url",
    "max_connections",
];

/// The keys of `closed`.
const CLOSED: &[KeySpec] = &[key(
    "connections",
    Takes::Whole(1, 65_536),
    "so many requests are always under way",
)];

/// The keys of `[backend]`.
pub(crate) const KEYS: &[KeySpec] = &[
    key(
        "kind",
        Takes::Words(|| vec!["in-process", "http"]),
        "where decisions are made",
    )
    .default("\"in-process\""),
    key("url", Takes::Text, "http: where the router listens"),
    key(
        "protocol",
        Takes::Words(|| vec!["twilio", "json"]),
        "http: the wire",
    ),
    key(
        "timeout",
        Takes::Duration(false),
        "the caller hears an error after this",
    )
    .default("\"15s\""),
    key(
        "latency",
        Takes::Time(false),
        "virtual clock: modelled time of a decision",
    )
    .default("{ constant = \"0s\" }"),
    key(
        "signed_as",
        Takes::Text,
        "http: the URL that is signed; default url",
    ),
    key(
        "token_env",
        Takes::Text,
        "http: environment variable with the token",
    ),
    key(
        "max_connections",
        Takes::Whole(1, 1_000_000),
        "http: connections at once",
    ),
    key(
        "fallback_url",
        Takes::Text,
        "http, twilio: asked once when the router fails",
    ),
    key(
        "closed",
        Takes::Table(CLOSED),
        "http: a closed loop for peak throughput, instead of calls when they are due",
    ),
];

/// `[backend]`, read.
pub(crate) fn read(table: &Table<'_>) -> BackendParams {
    let default = BackendParams {
        latency: model::RandomTime::constant(Nanos::ZERO),
        timeout: Nanos::from_secs(15),
        live: None,
    };
    let live = live(table);
    BackendParams {
        timeout: table.duration("timeout").unwrap_or(default.timeout),
        latency: table.time("latency").unwrap_or(default.latency),
        live: live.filter(|_| table.word("kind") == Some("http")),
    }
}

/// What is said of a live router, read whether it is used or not: a fault in it is one.
fn live(table: &Table<'_>) -> Option<LiveBackend> {
    let address = |name: &'static str| {
        let given = table.given(name)?;
        let text = crate::values::text(table.reading, given)?;
        if text.starts_with("http://") || text.starts_with("https://") {
            return Some(text);
        }
        let message = format!("found {text:?}, expected a URL as http://127.0.0.1:8080/voice");
        table.error(name, Fault::new(message));
        None
    };
    let url = address("url");
    if table.word("kind") == Some("http") && table.given("url").is_none() {
        let message = "kind is \"http\", and no url says where the router listens";
        table.error("kind", Fault::new(message));
    }
    let protocol = table
        .given("protocol")
        .and_then(|node| crate::values::word(table.reading, node, &["twilio", "json"]));
    let protocol = protocol.map(|word| match word {
        "json" => Wire::Json,
        _ => Wire::Twilio,
    });
    let token_env = table
        .given("token_env")
        .and_then(|node| crate::values::text(table.reading, node));
    let max_connections = table
        .given("max_connections")
        .and_then(|node| crate::values::whole(table.reading, node, 1, 1_000_000));
    let closed = table
        .optional_section("closed")
        .and_then(|section| section.whole("connections"));
    let (signed_as, fallback_url) = (address("signed_as"), address("fallback_url"));
    Some(LiveBackend {
        url: url?,
        protocol,
        signed_as,
        token_env,
        fallback_url,
        max_connections: max_connections.map_or(MAX_CONNECTIONS, |n| n as u32),
        closed: closed.map(|n| n as u32),
    })
}

/// The keys that mean nothing to a back end in process.
pub(crate) fn is_inert(path: &str) -> bool {
    path.strip_prefix("backend.")
        .is_some_and(|name| LIVE.contains(&name) || name.starts_with("closed"))
}
