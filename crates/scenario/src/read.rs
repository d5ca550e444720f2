//! From the text of a scenario to a [`Scenario`]: what is read in which order.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::Calendar;
use model::arrivals::Source;
use routing::Nanos;
use sha2::{Digest, Sha256};

use crate::accounts::{self, AccountsText, add_text};
use crate::arrivals::{self, Draft, Ours};
use crate::files::Files;
use crate::node::{Node, Value};
use crate::overrides::Setting;
use crate::problem::Problems;
use crate::quantity::{self, Fault};
use crate::reading::{Reading, hex};
use crate::scenario::{AccountsFile, FileKind, GateSpec, Options, Override, Scenario};
use crate::source::Span;
use crate::table::Table;
use crate::top::{self, Top};
use crate::{backend, gates, limits, no_effect, people, routing_keys, toml_text, values};

/// The largest scenario file.
const LARGEST: u64 = 16 << 20;

/// The most `[[arrivals]]`: a source is addressed with sixteen bits.
const MOST_SOURCES: usize = 10_000;

/// The most intervals of a time series.
const MOST_INTERVALS: u64 = 10_000_000;

/// How long after the end of arrivals local time is still known.
const AFTERWARDS: Nanos = Nanos(60 * Nanos::DAY.0);

/// Reads a scenario with its accounts.
///
/// # Errors
/// Every error of the scenario, of its accounts and of the command line's values, each with its place.
pub fn read_scenario(
    path: &Path,
    files: &dyn Files,
    options: &Options<'_>,
) -> Result<Scenario, Problems> {
    let reading = Reading::new(files);
    let scenario = read_with(&reading, path, options);
    let warnings = reading.finish()?;
    match scenario {
        Some(scenario) => Ok(Scenario {
            warnings,
            ..scenario
        }),
        // Nothing is left out without an error; should it happen, it is said.
        None => Err(Problems::unexplained(path)),
    }
}

fn read_with(r: &Reading<'_>, path: &Path, options: &Options<'_>) -> Option<Scenario> {
    let (mut root, sha256) = load(r, path)?;
    let settings: Vec<Setting> = options
        .overrides
        .iter()
        .filter_map(|it| Setting::new(r, it))
        .collect();
    let (inner, outer): (Vec<&Setting>, Vec<&Setting>) =
        settings.iter().partition(|it| it.is_of_accounts());
    let before = root.clone();
    for setting in outer {
        setting.apply(&mut root, top::KEYS);
        setting.check_reached(r);
    }
    let table = Table::open(r, &root, top::KEYS, Some(String::new()))?;
    let top = top::read(&table);
    let drafts = drafts(&table);
    let clockwork = Clockwork::of(&table, &top, &drafts);
    let accounts = read_accounts_of(r, &table, &inner);
    let sources = sources(&table, drafts, accounts.as_ref());
    let people = people::read(&table.section("people"));
    let routing = routing_keys::read(&table.section("routing"));
    let limits = limits::read(&table.section("limits"));
    let backend = backend::read(&table.section("backend"));
    let gates = read_gates(&table, options);
    let (clockwork, accounts) = (clockwork?, accounts?);
    let parameters = clockwork.parameters(r.parameters());
    let until = clockwork.duration + AFTERWARDS;
    let rosters = accounts.rosters.iter();
    let rosters =
        rosters.map(|it| it.resolve(r, table.span("accounts"), &clockwork.calendar, until));
    let scenario = Scenario {
        name: top.name.unwrap_or_else(|| stem(path)),
        seed: top.seed,
        clock: top.clock,
        start: clockwork.start,
        time_zone: top.time_zone,
        rosters: rosters.collect(),
        calendar: clockwork.calendar,
        duration: clockwork.duration,
        warm_up: top.warm_up,
        replications: top.replications,
        interval: top.interval,
        policy: top.policy,
        accounts: Arc::new(accounts.accounts),
        workflows: accounts.workflows,
        people,
        routing,
        limits,
        backend,
        sources,
        gates,
        parameters,
        canonical: canonical(r, &root, options),
        sha256,
        warnings: Vec::new(),
    };
    if !r.failed() {
        let accounts_path = table.given("accounts").and_then(|node| r.path_of(node));
        no_effect::report(r, &scenario, &before, accounts_path.as_deref(), &settings);
    }
    Some(scenario)
}

fn stem(path: &Path) -> String {
    let stem = path
        .file_stem()
        .and_then(|it| it.to_str())
        .unwrap_or("scenario");
    stem.to_owned()
}

/// The tree of the scenario's text, and the text's sha256.
fn load(r: &Reading<'_>, path: &Path) -> Option<(Node, String)> {
    let nowhere = r.sources.borrow_mut().add_file(path, "".into());
    let bytes = r.bytes(Span::new(nowhere, &(0..0)), path, LARGEST)?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let (source, text) = add_text(r, path, bytes)?;
    let (root, faults) = toml_text::file(source, &text);
    for (range, message) in faults {
        r.error(Span::new(source, &range), Fault::new(message));
        r.mark_broken(source);
    }
    Some((root, sha256))
}

/// A list of tables at the top.
fn list<'r>(table: &Table<'r>, name: &'static str) -> &'r [Node] {
    accounts::sub_account::tables(table, name)
}

fn drafts<'r>(table: &Table<'r>) -> Vec<(usize, &'r Node, Option<Draft>)> {
    let r = table.reading;
    let nodes = list(table, "arrivals");
    if nodes.is_empty() && table.given("arrivals").is_none() {
        missing(
            table,
            "arrivals",
            "expected at least one [[arrivals]]: how the calls come",
        );
    }
    if matches!(table.given("arrivals"), Some(Node { value: Value::List(list), .. }) if list.is_empty())
    {
        table.error(
            "arrivals",
            Fault::new("an empty list, expected at least one [[arrivals]]"),
        );
    }
    if nodes.len() > MOST_SOURCES {
        let message = format!(
            "{} [[arrivals]], expected at most {MOST_SOURCES}",
            nodes.len()
        );
        table.error("arrivals", Fault::new(message));
    }
    let nodes = nodes.iter().take(MOST_SOURCES).enumerate();
    nodes
        .map(|(at, node)| (at, node, arrivals::draft(r, at, node)))
        .collect()
}

/// Reports a key that must be there, unless the text is broken and may have it.
fn missing(table: &Table<'_>, name: &str, help: &str) {
    let Some(node) = table.node else { return };
    if !table.reading.is_broken(node.span.source) {
        let start = Span {
            end: node.span.start,
            ..node.span
        };
        let fault = Fault::new(format!("`{name}` is missing")).help(help);
        table.reading.error(start, fault);
    }
}

fn read_accounts_of(
    r: &Reading<'_>,
    table: &Table<'_>,
    settings: &[&Setting],
) -> Option<AccountsText> {
    let Some(node) = table.given("accounts") else {
        if table
            .node
            .is_some_and(|node| node.get("population").is_none())
        {
            missing(table, "accounts", "expected the path of an accounts file");
        }
        return None;
    };
    values::text(r, node)?;
    let accounts = accounts::read(r, node.span, &r.path_of(node)?, settings)?;
    r.note_hash(node.span, &accounts.sha256);
    Some(accounts)
}

fn sources(
    table: &Table<'_>,
    drafts: Vec<(usize, &Node, Option<Draft>)>,
    accounts: Option<&AccountsText>,
) -> Vec<Source> {
    let none = BTreeSet::new();
    let ours = match accounts {
        Some(it) => Ours {
            accounts: Some(&it.accounts),
            declared: &it.declared,
            whole: it.whole,
        },
        None => Ours {
            accounts: None,
            declared: &none,
            whole: false,
        },
    };
    let finish = |(at, node, draft): (usize, &Node, Option<Draft>)| {
        draft.and_then(|draft| draft.finish(table.reading, at, node, &ours))
    };
    drafts.into_iter().filter_map(finish).collect()
}

fn read_gates(table: &Table<'_>, options: &Options<'_>) -> Vec<GateSpec> {
    let r = table.reading;
    let written = list(table, "gate").iter();
    let mut gates: Vec<GateSpec> = written
        .filter_map(|node| gates::read(r, node, options.metrics))
        .collect();
    for text in &options.gates {
        let source = r.sources.borrow_mut().add_argument("--gate", text);
        gates.extend(gates::argument(r, source, text, options.metrics));
    }
    gates
}

/// For the fingerprint of the inputs.
fn canonical(r: &Reading<'_>, root: &Node, options: &Options<'_>) -> Vec<u8> {
    let mut text = root.canonical(&|span| r.hash_at(span));
    for gate in &options.gates {
        text.push_str("\ngate ");
        text.push_str(gate.trim());
    }
    text.into_bytes()
}

/// When the run begins and ends.
struct Clockwork {
    start: DateTime,
    duration: Nanos,
    calendar: Calendar,
}

impl Clockwork {
    fn of(table: &Table<'_>, top: &Top, drafts: &[(usize, &Node, Option<Draft>)]) -> Option<Self> {
        let known = || drafts.iter().filter_map(|(_, _, draft)| draft.as_ref());
        let calls = || {
            known()
                .filter_map(|draft| draft.calls.as_ref())
                .flat_map(|it| it.iter())
        };
        let times = || calls().filter(|call| call.inbound).map(|call| call.at);
        let only_logs = !drafts.is_empty()
            && drafts
                .iter()
                .all(|(_, _, draft)| draft.as_ref().is_some_and(|it| it.calls.is_some()));
        let first = match (top.start, times().min()) {
            (Some(start), _) => first_instant(&top.time_zone, start),
            (None, Some(call)) => Some(full_hour(&top.time_zone, call)),
            (None, None) => first_instant(&top.time_zone, DEFAULT_START),
        };
        let Some(first) = first else {
            table.error(
                "start",
                Fault::new("the start lies outside the years 1 to 9999"),
            );
            return None;
        };
        let duration = match (top.duration, times().max()) {
            (Some(duration), _) => duration,
            (None, Some(last)) if only_logs && table.given("duration").is_none() => {
                just_past(table, first, last)?
            }
            (None, _) => {
                let log = |node: &Node| node.get("kind").and_then(Node::as_text) == Some("log");
                let other = drafts.iter().any(|(_, node, _)| !log(node));
                if table.given("duration").is_none() && (other || drafts.is_empty()) {
                    missing(
                        table,
                        "duration",
                        "expected how long calls arrive, as in \"10h\"",
                    );
                }
                return None;
            }
        };
        if top.warm_up >= duration {
            let message = "the warm-up lasts as long as the run, expected less than `duration`";
            table.error("warm_up", Fault::new(message));
        }
        if duration.0 / top.interval.0.max(1) > MOST_INTERVALS {
            let message = format!("more than {MOST_INTERVALS} intervals in the run");
            table.error("interval", Fault::new(message));
        }
        let zone = top.time_zone.clone();
        let Ok(calendar) = Calendar::at(zone.clone(), first, duration + AFTERWARDS) else {
            let key = if top.start.is_some() {
                "start"
            } else {
                "duration"
            };
            table.error(
                key,
                Fault::new("the run leaves the years that the calendar knows"),
            );
            return None;
        };
        Some(Self {
            start: first.to_zoned(zone).datetime(),
            duration,
            calendar,
        })
    }

    /// The parameters, with those that were worked out in place of what is left out.
    fn parameters(&self, mut all: Vec<(String, String)>) -> Vec<(String, String)> {
        let worked_out = [
            ("start", self.start.to_string()),
            ("duration", quantity::duration_text(self.duration)),
        ];
        for (name, value) in worked_out {
            match all.iter_mut().find(|(key, _)| key == name) {
                Some(found) => found.1 = value,
                None => all.insert(0, (name.to_owned(), value)),
            }
        }
        all
    }
}

const DEFAULT_START: DateTime = DateTime::constant(2026, 1, 5, 0, 0, 0, 0);

fn first_instant(zone: &TimeZone, start: DateTime) -> Option<Timestamp> {
    if start.year() < 1 {
        return None;
    }
    zone.to_ambiguous_zoned(start)
        .compatible()
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// The full local hour at or before an instant.
fn full_hour(zone: &TimeZone, at: Timestamp) -> Timestamp {
    let local = at.to_zoned(zone.clone());
    let into = i64::from(local.minute()) * 60 + i64::from(local.second());
    let span = jiff::SignedDuration::new(into, local.subsec_nanosecond());
    at.checked_sub(span).unwrap_or(at)
}

/// The whole second after the last call.
fn just_past(table: &Table<'_>, first: Timestamp, last: Timestamp) -> Option<Nanos> {
    let Ok(since) = u64::try_from(last.duration_since(first).as_nanos()) else {
        let fault = Fault::new("the run starts after the last call of the log");
        table.error("start", fault);
        return None;
    };
    let seconds = since / Nanos::SECOND.0 + 1;
    let past = Nanos::from_secs(seconds);
    if past > quantity::LONGEST {
        let message = "the log spans more than ten years";
        table.error(
            "arrivals",
            Fault::new(message).help("set `start` and `duration`"),
        );
        return None;
    }
    Some(past)
}

/// Reads an accounts file on its own, for `busyhour route` and `check`. Of the command line's values it
/// takes those below `accounts.` and `routing.`, `policy` and `time_zone`.
///
/// # Errors
/// Every error of the file and of the command line's values, each with its place.
pub fn read_accounts(
    path: &Path,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<AccountsFile, Problems> {
    const KEYS: &[crate::spec::KeySpec] = &[top::POLICY, top::TIME_ZONE, top::ROUTING];
    let reading = Reading::new(files);
    let r = &reading;
    let file = (|| {
        let nowhere = r.sources.borrow_mut().add_file(path, "".into());
        let named_at = Span::new(nowhere, &(0..0));
        let settings: Vec<Setting> = overrides
            .iter()
            .filter_map(|it| Setting::new(r, it))
            .collect();
        let (inner, outer): (Vec<&Setting>, Vec<&Setting>) =
            settings.iter().partition(|it| it.is_of_accounts());
        let mut root = Node {
            span: named_at,
            value: Value::Table(Vec::new()),
        };
        for setting in outer {
            setting.apply(&mut root, KEYS);
            setting.check_reached(r);
        }
        let table = Table::open(r, &root, KEYS, Some(String::new()))?;
        let routing = routing_keys::read(&table.section("routing"));
        let (policy, time_zone) = (top::policy(&table), table.zone("time_zone"));
        let text = accounts::read(r, named_at, path, &inner)?;
        let file = AccountsFile {
            accounts: Arc::new(text.accounts),
            workflows: text.workflows,
            routing,
            policy,
            time_zone: time_zone.unwrap_or(TimeZone::UTC),
            sha256: text.sha256,
            warnings: Vec::new(),
        };
        if !r.failed() {
            no_effect::report_accounts(r, &file, path, &settings);
        }
        Some(file)
    })();
    let warnings = reading.finish()?;
    match file {
        Some(file) => Ok(AccountsFile { warnings, ..file }),
        None => Err(Problems::unexplained(path)),
    }
}

/// What a file is, by its name and its text: accounts when `sub_account` stands at its top or it is JSON.
pub fn kind_of(path: &Path, text: &[u8]) -> FileKind {
    if accounts::format(path, text) != accounts::Format::Toml {
        return FileKind::Accounts;
    }
    let text = String::from_utf8_lossy(&text[..text.len().min(accounts::LARGEST as usize)]);
    let (root, _) = toml_text::file(0, &text);
    let has = |name: &str| root.get(name).is_some();
    let scenario = top::KEYS.iter().any(|key| has(key.name));
    if has("sub_account") && !scenario {
        FileKind::Accounts
    } else {
        FileKind::Scenario
    }
}
