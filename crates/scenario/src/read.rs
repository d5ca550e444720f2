//! From the text of a scenario to a [`Scenario`]: what is read in which order.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::Calendar;
use model::arrivals::Source;
use model::population::Population;
use sha2::{Digest, Sha256};

use crate::accounts::{self, AccountsText, add_text};
use crate::arrivals::targets::Ours;
use crate::arrivals::{self, Draft};
use crate::clockwork::{AFTERWARDS, Clockwork};
use crate::files::Files;
use crate::node::{Node, Value};
use crate::overrides::Setting;
use crate::problem::Problems;
use crate::quantity::Fault;
use crate::reading::{Reading, hex};
use crate::scenario::{AccountsFile, FileKind, GateSpec, Options, Override, Scenario};
use crate::source::Span;
use crate::table::Table;
use crate::top;
use crate::{
    backend, gates, limits, no_effect, people, population, routing_keys, tables, toml_text, values,
};

/// The largest scenario file.
const LARGEST: u64 = 16 << 20;

/// The most `[[arrivals]]`: a source is addressed with sixteen bits.
const MOST_SOURCES: usize = 10_000;

/// Reads a scenario with its accounts.
///
/// # Errors
/// Every error of the scenario, of its accounts and of the command line's values, each with its
/// place.
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
    if table.given("time_zone").is_some() {
        *r.zone.borrow_mut() = Some(top.time_zone.clone());
    }
    let drafts = drafts(&table);
    let clockwork = Clockwork::of(&table, &top, &drafts);
    let (population, accounts) = read_accounts_of(r, &table, top.seed, &inner);
    let calendar = clockwork.as_ref().map(|it| &it.calendar);
    let sources = sources(&table, drafts, accounts.as_ref(), calendar);
    let people = people::read(&table.section("people"));
    let routing = routing_keys::read(&table.section("routing"));
    let limits = limits::read(&table.section("limits"));
    let backend = backend::read(&table.section("backend"));
    let gates = read_gates(&table, options);
    let tables = list(&table, "table").iter();
    let tables: Vec<_> = tables
        .filter_map(|node| tables::read(r, node, options.metrics))
        .collect();
    check_precision(&table, options);
    let (clockwork, accounts) = (clockwork?, accounts?);
    let parameters = top.parameters(clockwork.parameters(r.parameters()));
    let parameters = backend::without_secrets(parameters);
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
        precision: top.precision,
        antithetic: top.antithetic,
        interval: top.interval,
        policy: top.policy,
        accounts: Arc::new(accounts.accounts),
        workflows: accounts.workflows,
        population,
        people,
        routing,
        limits,
        backend,
        sources,
        gates,
        tables,
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

/// The tree of a scenario with the command line's values in it, and those that mean the accounts.
pub(crate) fn root(
    r: &Reading<'_>,
    path: &Path,
    overrides: &[Override],
) -> Option<(Node, Vec<Setting>)> {
    let (mut root, _) = load(r, path)?;
    let settings = overrides.iter().filter_map(|it| Setting::new(r, it));
    let (inner, outer): (Vec<Setting>, Vec<Setting>) = settings.partition(Setting::is_of_accounts);
    for setting in &outer {
        setting.apply(&mut root, top::KEYS);
        setting.check_reached(r);
    }
    Some((root, inner))
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
    let empty = |node: &Node| matches!(&node.value, Value::List(list) if list.is_empty());
    if table.given("arrivals").is_some_and(empty) {
        let message = "an empty list, expected at least one [[arrivals]]";
        table.error("arrivals", Fault::new(message));
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
pub(crate) fn missing(table: &Table<'_>, name: &str, help: &str) {
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
    seed: u64,
    settings: &[&Setting],
) -> (Option<Population>, Option<AccountsText>) {
    if table.given("population").is_some() {
        return population::read(table, seed, settings).unzip();
    }
    let Some(node) = table.given("accounts") else {
        let help = "expected the path of an accounts file, or [population]";
        missing(table, "accounts", help);
        return (None, None);
    };
    (None, read_file(r, node, settings))
}

fn read_file(r: &Reading<'_>, node: &Node, settings: &[&Setting]) -> Option<AccountsText> {
    values::text(r, node)?;
    let accounts = accounts::read(r, node.span, &r.path_of(node)?, settings)?;
    r.note_hash(node.span, &accounts.sha256);
    Some(accounts)
}

fn sources(
    table: &Table<'_>,
    drafts: Vec<(usize, &Node, Option<Draft>)>,
    accounts: Option<&AccountsText>,
    calendar: Option<&Calendar>,
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
        draft.and_then(|draft| draft.finish(table.reading, at, node, &ours, calendar))
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

/// A precision is that of the gated metrics: without a gate there is nothing to reach.
fn check_precision(table: &Table<'_>, options: &Options<'_>) {
    let gated = !list(table, "gate").is_empty() || !options.gates.is_empty();
    if table.given("precision").is_some() && !gated {
        let fault = Fault::new("`precision` is that of the gated metrics, and there is no gate");
        let help = "add a [[gate]] or --gate 'METRIC >= VALUE' with the metric that matters";
        table.error("precision", fault.help(help));
    }
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

/// Reads an accounts file on its own, for `busyhour route` and `check`. Of the command line's
/// values it takes those below `accounts.` and `routing.`, `policy` and `time_zone`.
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

/// What a file is, by its name and its text: accounts when `sub_account` stands at its top or it is
/// JSON.
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
