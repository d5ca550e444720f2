//! `[backend]`: who decides, how a live router is asked, and how long a decision is modelled to
//! take where there is none.

use routing::Nanos;

use crate::problem::Level;
use crate::quantity::Fault;
use crate::scenario::{BackendParams, LiveBackend, Wire};
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;

/// What means something to a live back end only.
const LIVE: [&str; 13] = [
    "url",
    "protocol",
    "signed_as",
    "token_env",
    "fallback_url",
    "status_url",
    "connect_timeout",
    "connect_retries",
    "max_connections",
    "closed",
    "retry_after",
    "retry_after_max",
    "max_lag",
];

/// The keys of `closed`.
const CLOSED: &[KeySpec] = &[key(
    "connections",
    Takes::Whole(1, 65_536),
    "requests under way at any time",
)
.required()];

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
        "http: the wire; default json for a URL that ends in /route, else twilio",
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
        "fallback_url",
        Takes::Text,
        "twilio: the URL that is asked when the router fails; default none",
    ),
    key(
        "status_url",
        Takes::Text,
        "twilio: the URL at the same host that is told when a call has ended; default none",
    ),
    key(
        "connect_timeout",
        Takes::Duration(false),
        "http: for a connection alone",
    )
    .default("\"5s\""),
    key(
        "connect_retries",
        Takes::Whole(0, 5),
        "http: how often a connection that failed is tried again",
    )
    .default("1"),
    key(
        "max_connections",
        Takes::Whole(1, 1_000_000),
        "http: connections at once, with status_url a quarter of them for the ends of calls; what \
         finds none waits",
    )
    .default("4096"),
    key(
        "closed",
        Takes::Table(CLOSED),
        "closed loop: the next request leaves when an answer is there; for peak throughput only",
    ),
    key(
        "retry_after",
        Takes::Words(|| vec!["ignored", "honoured"]),
        "http: whether a caller who is told to come back later redials no sooner",
    )
    .default("\"ignored\""),
    key(
        "retry_after_max",
        Takes::Duration(false),
        "http: a Retry-After of more than this counts as this",
    )
    .default("\"1h\""),
    key(
        "max_lag",
        Takes::Duration(false),
        "wall clock: a run is invalid when our own lag exceeds this at p99; default 1 ms and 5 % \
         of the response",
    ),
];

/// `[backend]`, read.
pub(crate) fn read(table: &Table<'_>) -> BackendParams {
    let default = BackendParams {
        latency: model::RandomTime::constant(Nanos::ZERO),
        timeout: Nanos::from_secs(15),
        live: None,
    };
    let live = table.word("kind") == Some("http");
    let asked = read_live(table);
    if live && table.given("url").is_none() {
        let help = "write `url = \"http://127.0.0.1:8080/voice\"`, or say --backend URL";
        let fault = Fault::new("kind is \"http\", and no url says where the router listens");
        table.error("kind", fault.help(help));
    }
    BackendParams {
        live: asked.filter(|_| live),
        timeout: table.duration("timeout").unwrap_or(default.timeout),
        latency: table.time("latency").unwrap_or(default.latency),
    }
}

/// Read in any case, so that every fault is told; none without a URL.
fn read_live(table: &Table<'_>) -> Option<LiveBackend> {
    let seconds = |name, default| table.duration(name).unwrap_or(Nanos::from_secs(default));
    let protocol = table.word("protocol").map(|word| match word {
        "json" => Wire::Json,
        _ => Wire::Twilio,
    });
    let closed = table
        .optional_section("closed")
        .and_then(|it| it.whole("connections"));
    let url = address(table, "url");
    let (signed_as, token_env) = (address(table, "signed_as"), table.text("token_env"));
    let fallback_url = address(table, "fallback_url");
    let status_url = address(table, "status_url");
    let live = LiveBackend {
        url: url.clone().unwrap_or_default(),
        protocol,
        signed_as,
        token_env,
        fallback_url,
        status_url,
        connect_timeout: seconds("connect_timeout", 5),
        connect_retries: table.whole("connect_retries").unwrap_or(1) as u32,
        max_connections: table.whole("max_connections").unwrap_or(4096) as u32,
        closed: closed.map(|it| it as u32),
        honours_retry_after: table.word("retry_after") == Some("honoured"),
        retry_after_max: seconds("retry_after_max", 3600),
        max_lag: table.duration("max_lag"),
    };
    if live.status_url.is_some() {
        may_be_told(table, &live);
    }
    url.map(|_| live)
}

/// Whether the ends of calls can be told, in this loop, over this wire and so many connections.
fn may_be_told(table: &Table<'_>, live: &LiveBackend) {
    let is_json = live
        .protocol
        .map_or_else(|| is_of_json(&live.url), |named| named == Wire::Json);
    if live.closed.is_some() {
        let help = "leave out one of the two: in a closed loop the ends of calls have no time";
        let fault = Fault::new("the ends of calls are not told in a closed loop");
        table.error("status_url", fault.help(help));
    }
    if is_json {
        let help = "leave it out, or ask over the twilio wire";
        let fault = Fault::new("the json wire does not know the ends of calls");
        table.error("status_url", fault.help(help));
    }
    if live.max_connections == 1 {
        let help = "allow at least 2, or leave status_url out";
        let fault = Fault::new("the ends of calls need a connection of their own");
        table.error("max_connections", fault.help(help));
    }
}

/// Whether a URL of which the protocol is not said means the JSON wire: by its path.
fn is_of_json(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.ends_with("/route")
}

/// A URL as it may be printed and stored: without a name and password before the host, and with
/// `...` for the values of the query, where tokens are. Any text may be given.
pub fn shown_url(text: &str) -> String {
    let (before, fragment) = text.split_once('#').unzip();
    let (address, query) = before.unwrap_or(text).split_once('?').unzip();
    let address = address.or(before).unwrap_or(text);
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), address),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let mut shown = format!("{scheme}{host}{path}");
    if let Some(query) = query {
        let value = |it: &str| match it.split_once('=') {
            Some((name, _)) => format!("{name}=..."),
            None => "...".to_owned(),
        };
        let values: Vec<String> = query.split('&').map(value).collect();
        shown.push('?');
        shown += &values.join("&");
    }
    if fragment.is_some() {
        shown += "#...";
    }
    shown
}

/// The parameters as a report may tell them: without what the URLs hold in secret.
pub(crate) fn without_secrets(mut all: Vec<(String, String)>) -> Vec<(String, String)> {
    const URLS: [&str; 4] = ["url", "signed_as", "fallback_url", "status_url"];
    for (key, value) in &mut all {
        let name = key.strip_prefix("backend.");
        if name.is_some_and(|it| URLS.contains(&it)) {
            *value = shown_url(value);
        }
    }
    all
}

/// A line of a scenario as a message may show it: what is secret in URLs is dots, as many as it has
/// characters, because carets stand below.
pub(crate) fn line_without_secrets(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + 3);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        let (url, behind) = url.split_at(url.find(ends).unwrap_or(url.len()));
        let authority = url.find(['/', '?', '#']).unwrap_or(url.len());
        let user = url[..authority].rfind('@').unwrap_or(0);
        let query = url.find(['?', '#']).unwrap_or(url.len());
        let dotted = url.char_indices().map(|(at, c)| {
            let kept = matches!(c, '?' | '&' | '=' | '#') && at >= query;
            let open = (user..query).contains(&at) || kept;
            if open { c } else { '.' }
        });
        shown.push_str(before);
        shown.extend(dotted);
        rest = behind;
    }
    shown + rest
}

/// As far as can be seen without connecting.
fn address(table: &Table<'_>, name: &'static str) -> Option<String> {
    let text = table.text(name)?;
    if text.starts_with("http://") || text.starts_with("https://") {
        return Some(text);
    }
    let found = shown_url(&text);
    let message = format!("found {found:?}, expected a URL as http://127.0.0.1:8080/voice");
    // What is no URL may be a password in any of its parts: the line is not shown.
    let mut place = table.reading.place(table.span(name));
    place.text.clear();
    table
        .reading
        .push_at(Level::Error, place, Fault::new(message));
    None
}

/// The keys that mean nothing to a back end in process.
pub(crate) fn is_of_live(path: &str) -> bool {
    path.strip_prefix("backend.").is_some_and(|name| {
        let name = name.split('.').next().unwrap_or(name);
        LIVE.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::{line_without_secrets, shown_url};

    #[test]
    fn a_line_keeps_its_width_without_what_may_be_secret() {
        for (line, shown) in [
            (
                "url = \"http://bob:S@h/a?t=SS&b=S\" # x=1",
                "url = \"http://.....@h/a?.=..&.=.\" # x=1",
            ),
            ("a=http://h/a=b#S x=2", "a=http://h/a=b#. x=2"),
            ("duration = \"1h\"", "duration = \"1h\""),
        ] {
            assert_eq!(line_without_secrets(line), shown);
        }
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        for (url, shown) in [
            ("http://127.0.0.1:1/route", "http://127.0.0.1:1/route"),
            ("http://h/a?token=S", "http://h/a?token=..."),
            ("http://h?a=S&b=S&S", "http://h?a=...&b=...&..."),
            ("https://bob:S@h:8080/a@b", "https://h:8080/a@b"),
            ("bob:S@h/route?x=S#S", "h/route?x=...#..."),
            ("http://h/a#S", "http://h/a#..."),
            ("", ""),
        ] {
            assert_eq!(shown_url(url), shown, "{url}");
        }
    }
}
