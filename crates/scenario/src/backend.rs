//! `[backend]`, as far as the virtual clock needs it.

use routing::Nanos;

use crate::quantity::Fault;
use crate::scenario::BackendParams;
use crate::spec::{KeySpec, Takes, key, later};
use crate::table::Table;

const INERT: [&str; 5] = [
    "url",
    "protocol",
    "signed_as",
    "token_env",
    "max_connections",
];

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
    later("closed", "comes later: this version has open arrivals only"),
];

/// `[backend]`, read.
pub(crate) fn read(table: &Table<'_>) -> BackendParams {
    if table.word("kind") == Some("http") {
        let message = "\"http\" comes later: this version decides \"in-process\"";
        table.error("kind", Fault::new(message));
    }
    for name in ["url", "signed_as", "token_env"] {
        silently(table, name);
    }
    if let Some(node) = table.given("protocol") {
        crate::values::word(table.reading, node, &["twilio", "json"]);
    }
    if let Some(node) = table.given("max_connections") {
        crate::values::whole(table.reading, node, 1, 1_000_000);
    }
    let default = BackendParams {
        latency: model::RandomTime::constant(Nanos::ZERO),
        timeout: Nanos::from_secs(15),
    };
    BackendParams {
        timeout: table.duration("timeout").unwrap_or(default.timeout),
        latency: table.time("latency").unwrap_or(default.latency),
    }
}

fn silently(table: &Table<'_>, name: &'static str) {
    if let Some(node) = table.given(name) {
        crate::values::text(table.reading, node);
    }
}

/// The keys that mean nothing to a back end in process.
pub(crate) fn is_inert(path: &str) -> bool {
    path.strip_prefix("backend.")
        .is_some_and(|name| INERT.contains(&name))
}
