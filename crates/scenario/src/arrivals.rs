//! `[[arrivals]]`: generic over the kinds that the model registers.

mod forecast;
mod sending;
pub(crate) mod targets;

use std::sync::Arc;

use model::Calendar;
use model::arrivals::{
    KINDS, Key, Kind, LoggedCall, Setting, Source, Spread, Takes as Wants, Value as Given, Values,
};
use model::callers::{Callers, Targets};
use routing::account::{Accounts, SubAccountId};

use crate::files::LogReading;
use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::problem::{Level, Place};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::source::Span;
use crate::spec::{KeySpec, Takes, key, later};
use crate::table::Table;
use crate::values;

/// The most that a day factor may vary.
const MOST_CV: f64 = 10.0;

const CALLER_WORDS: [(&str, Callers); 4] = [
    ("unique", Callers::Unique),
    ("contacts", Callers::Contacts),
    ("private", Callers::Private),
    ("spoofed", Callers::Spoofed),
];

/// One `[[arrivals]]` before its numbers are looked up and its times are laid on the calendar.
pub(crate) struct Draft {
    kind: &'static Kind,
    /// None where a value is missing or cannot be read.
    values: Option<Values>,
    callers: Callers,
    spread: Spread,
    /// The calls of a log.
    pub(crate) calls: Option<Arc<[LoggedCall]>>,
}

/// The keys of this kind: its own and those that all have.
pub(crate) fn keys(kind: &Kind) -> Vec<KeySpec> {
    let words = Takes::Words(|| KINDS.iter().map(|kind| kind.name).collect());
    let mut keys = vec![key("kind", words, "how the calls come").required()];
    keys.extend(kind.keys.iter().map(spec));
    let callers = Takes::Other(
        "\"unique\", \"contacts\", \"private\", \"spoofed\" or { pool = 500 }",
        callers_schema,
    );
    let to = Takes::Other(
        "a list of numbers, a table of numbers with weights, \"all\" or \"by-size\"",
        to_schema,
    );
    if kind.brings_calls {
        let brings = "is not a key of this kind: each call brings its own";
        let factors = "is not a key of this kind: its calls come as they were recorded";
        keys.extend([later("to", brings), later("callers", brings)]);
        keys.extend([later("day_cv", factors), later("period_cv", factors)]);
        let dialect = "how the log is written: the name of a dialect, or a dialect file; found out \
                       where it is left out";
        keys.push(key("dialect", Takes::Text, dialect));
    } else {
        keys.extend([
            key("to", to, "which of our numbers are called").required(),
            key("callers", callers, CALLERS_HELP).default(callers_default(kind)),
            key("day_cv", Takes::Spread, DAY_HELP).default("0.0"),
            key("period_cv", Takes::Spread, PERIOD_HELP).default("0.0"),
        ]);
    }
    keys
}

const CALLERS_HELP: &str = "who calls; contacts: those of the called sub-account, and strangers \
                            where it has none";

const DAY_HELP: &str = "coefficient of variation of the gamma day factor; .16 to .18 in a small \
                        centre, .09 in a large one (Anonymous Bank, 1999)";

const PERIOD_HELP: &str = "coefficient of variation of the factors of half-hours, which hang \
                           together as .92 e^(-lag/18.6) (Anonymous Bank, 1999)";

/// As it would be written; empty where it hangs on other keys.
fn callers_default(kind: &Kind) -> &'static str {
    let modes = kind.keys.iter().any(|key| key.name == "mode");
    if modes { "" } else { "\"unique\"" }
}

fn spec(of: &Key) -> KeySpec {
    let takes = match of.takes {
        Wants::Rate => Takes::Rate,
        Wants::Rates => Takes::Rates,
        Wants::Duration => Takes::Duration(false),
        Wants::Share => Takes::Share,
        Wants::Factor => Takes::Factor,
        Wants::Word(_) => Takes::Other(
            "one of its words",
            || serde_json::json!({ "type": "string" }),
        ),
        Wants::Days => Takes::Days,
        Wants::CallLog | Wants::Forecast => Takes::Path,
        Wants::Spread => Takes::Spread,
        Wants::Whole(least, most) => Takes::Whole(least, most),
        Wants::Time => Takes::Time(false),
        Wants::Moment => Takes::DateTime,
        Wants::Sending => sending::TAKES,
    };
    let mut spec = key(of.name, takes, of.help);
    spec.required = of.required;
    spec.default = of.default.unwrap_or("");
    spec
}

fn callers_schema() -> serde_json::Value {
    let words: Vec<&str> = CALLER_WORDS.iter().map(|(word, _)| *word).collect();
    let pool = serde_json::json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX });
    serde_json::json!({ "anyOf": [
        { "enum": words },
        { "type": "object", "properties": { "pool": pool }, "required": ["pool"],
          "additionalProperties": false },
    ] })
}

fn to_schema() -> serde_json::Value {
    let phone = crate::schema::phone();
    serde_json::json!({ "anyOf": [
        { "enum": ["all", "by-size"] },
        { "type": "array", "items": phone, "minItems": 1 },
        { "type": "object", "additionalProperties": { "type": "number", "minimum": 0 } },
    ] })
}

/// One `[[arrivals]]`, but for its numbers.
pub(crate) fn draft(r: &Reading<'_>, at: usize, node: &Node) -> Option<Draft> {
    let kind = kind(r, node)?;
    let keys = keys(kind);
    let table = Table::open(r, node, &keys, Some(format!("arrivals.{at}.")))?;
    table.text("kind");
    let dialect = kind
        .brings_calls
        .then(|| table.take("dialect", dialect))
        .flatten();
    let mut values = Values::default();
    let mut whole = true;
    for key in kind.keys {
        match value(&table, key, dialect.as_ref()) {
            Some(value) => {
                values.0.insert(key.name, value);
            }
            None => whole &= !key.required && table.given(key.name).is_none(),
        }
    }
    let (mut callers, mut spread) = ((kind.callers)(&values), Spread::NONE);
    if !kind.brings_calls {
        callers = table.take("callers", read_callers).unwrap_or(callers);
        spread = Spread {
            day_cv: variation(&table, "day_cv"),
            period_cv: variation(&table, "period_cv"),
        };
    }
    let calls = kind
        .keys
        .iter()
        .find_map(|key| values.calls(key.name).cloned());
    Some(Draft {
        kind,
        values: whole.then_some(values),
        callers,
        spread,
        calls,
    })
}

/// A coefficient of variation.
fn variation(table: &Table<'_>, name: &'static str) -> f64 {
    let found = table.number(name).unwrap_or_default();
    if found > MOST_CV {
        let message = format!("found {found}, expected at most {MOST_CV}");
        table.error(name, Fault::new(message));
    }
    found
}

fn kind(r: &Reading<'_>, node: &Node) -> Option<&'static Kind> {
    let here: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let Some(value) = node.get("kind") else {
        let fault = if matches!(node.value, Value::Table(_)) {
            let help = format!("expected one of {}", here.join(", "));
            Fault::new("`kind` is missing").help(help)
        } else {
            values::mismatch(node, "a table")
        };
        r.error(node.span, fault);
        return None;
    };
    let name = r.text_of(value).unwrap_or_default();
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
        return Some(kind);
    }
    let fault = values::mismatch(value, &format!("one of {}", here.join(", ")));
    let fault = match nearest(&name, KINDS.iter().map(|kind| kind.name)) {
        Some(near) => fault.help(format!("did you mean {near:?}?")),
        None => fault,
    };
    r.error(value.span, fault);
    None
}

fn value(table: &Table<'_>, key: &Key, dialect: Option<&NamedDialect>) -> Option<Given> {
    match key.takes {
        Wants::Rate => table.rate(key.name).map(Given::Rate),
        Wants::Rates => table.take(key.name, |r, node| {
            let Value::List(list) = &node.value else {
                r.error(node.span, values::mismatch(node, &Takes::Rates.expected()));
                return None;
            };
            let rates: Vec<_> = list.iter().map(|node| values::rate(r, node)).collect();
            rates
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .map(Given::Rates)
        }),
        Wants::Duration => table.duration(key.name).map(Given::Duration),
        Wants::Share => table.share(key.name).map(Given::Share),
        Wants::Factor | Wants::Spread => table.number(key.name).map(Given::Factor),
        Wants::Whole(..) => table.whole(key.name).map(Given::Whole),
        Wants::Time => table.time(key.name).map(Given::Time),
        Wants::Moment => table.date_time(key.name).map(Given::Moment),
        Wants::Sending => table.take(key.name, sending::read).map(Given::Sending),
        Wants::Forecast => table.take(key.name, forecast::read).map(Given::Forecast),
        Wants::Word(words) => table
            .take(key.name, |r, node| values::word(r, node, words))
            .map(Given::Word),
        Wants::Days => table.take(key.name, values::days).map(Given::Days),
        Wants::CallLog => {
            let read = |r: &Reading<'_>, node: &Node| call_log(r, node, dialect);
            table.take(key.name, read).map(Given::Calls)
        }
    }
}

/// A dialect as it is written, and as a file beside the scenario.
type NamedDialect = (String, std::path::PathBuf);

fn dialect(r: &Reading<'_>, node: &Node) -> Option<NamedDialect> {
    let name = values::text(r, node)?;
    let path = r.path_of(node)?;
    // A file of the user's is part of the inputs; a name is one of the program's own.
    if name.contains(['.', '/', '\\']) {
        r.hash_file(node.span, &path)?;
    }
    Some((name, path))
}

fn call_log(
    r: &Reading<'_>,
    node: &Node,
    dialect: Option<&NamedDialect>,
) -> Option<Arc<[LoggedCall]>> {
    values::text(r, node)?;
    let path = r.path_of(node)?;
    r.hash_file(node.span, &path)?;
    let how = LogReading {
        zone: r.zone.borrow().clone(),
        dialect: dialect.cloned(),
    };
    match r.files.call_log_as(&path, &how) {
        Ok(calls) if calls.is_empty() => {
            r.error(
                node.span,
                Fault::new(format!("`{}` holds no call", path.display())),
            );
            None
        }
        Ok(calls) => Some(calls),
        Err(faults) => {
            let order = r.sources.borrow_mut().add_file(&path, "".into());
            for fault in &faults {
                foreign(r, node.span, order, fault);
            }
            if faults.is_empty() {
                let message = format!("`{}` cannot be read as a call log", path.display());
                r.error(node.span, Fault::new(message));
            }
            None
        }
    }
}

/// Errors that come ready to print: each begins with `FILE:LINE:COLUMN: ` on a line of its own, and
/// what follows up to the next belongs to it.
fn foreign(r: &Reading<'_>, span: Span, order: u32, text: &str) {
    let mut found: Vec<(Place, String)> = Vec::new();
    for line in text.lines() {
        match (foreign_place(line), found.last_mut()) {
            (Some((place, message)), _) => {
                found.push((Place { order, ..place }, message.to_owned()));
            }
            (None, Some((_, message))) => {
                message.push('\n');
                message.push_str(line);
            }
            (None, None) => found.push((r.place(span), line.to_owned())),
        }
    }
    for (place, message) in found {
        r.push_at(Level::Error, place, Fault::new(message));
    }
}

fn foreign_place(line: &str) -> Option<(Place, &str)> {
    let (place, message) = line.split_once(": ")?;
    let mut parts = place.rsplitn(3, ':');
    let (column, number) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let whole = Place::whole(parts.next()?);
    let message = message.strip_prefix("error: ").unwrap_or(message);
    Some((
        Place {
            line: number,
            column,
            ..whole
        },
        message,
    ))
}

fn read_callers(r: &Reading<'_>, node: &Node) -> Option<Callers> {
    let pool =
        const { &[key("pool", Takes::Whole(1, u32::MAX as u64), "so many people").required()] };
    if let Value::Table(_) = node.value {
        let table = Table::open(r, node, pool, None)?;
        return table.whole("pool").map(|size| Callers::Pool(size as u32));
    }
    let words: Vec<&str> = CALLER_WORDS.iter().map(|(word, _)| *word).collect();
    let word = values::word(r, node, &words)?;
    CALLER_WORDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, callers)| *callers)
}

/// Says where `callers = "contacts"` finds nobody: strangers call there.
fn without_contacts(r: &Reading<'_>, node: &Node, targets: &Targets, accounts: &Accounts) {
    let mut called: Vec<SubAccountId> = Vec::new();
    targets.each_share(&mut |number, _| {
        let sub_account = accounts.number(number).sub_account;
        if called.last() != Some(&sub_account) {
            called.push(sub_account);
        }
    });
    called.sort_unstable();
    called.dedup();
    let bare = |id: &&SubAccountId| accounts.contacts_of(**id).is_empty();
    let (without, all) = (called.iter().filter(bare).count(), called.len());
    if without == 0 {
        return;
    }
    let message = match (without, all) {
        (1, 1) => "the called sub-account has no contacts: strangers call it".to_owned(),
        _ => {
            format!("{without} of {all} called sub-accounts have no contacts: strangers call them")
        }
    };
    let span = node.get("callers").map_or(node.span, |it| it.span);
    r.warn(span, Fault::new(message));
}

impl Draft {
    /// The whole of it, its numbers looked up.
    pub(crate) fn finish(
        self,
        r: &Reading<'_>,
        at: usize,
        node: &Node,
        ours: &targets::Ours<'_>,
        calendar: Option<&Calendar>,
    ) -> Option<Source> {
        let targets = match node.get("to") {
            Some(to) if !self.kind.brings_calls => {
                let targets = targets::read(r, to, ours);
                let text = r.text_of(to).unwrap_or_else(|| to.render());
                r.parameter(&format!("arrivals.{at}.to"), text);
                targets
            }
            _ => None,
        };
        let setting = Setting {
            calendar: calendar?,
            numbers: targets.as_ref().map_or(1, |it| it.count() as u64),
        };
        let made = (self.kind.make)(&self.values?, &setting);
        let process = made.map_err(|fault| {
            let span = node.get(fault.key).map_or(node.span, |it| it.span);
            r.error(span, Fault::new(fault.message));
        });
        if targets.is_none() && !self.kind.brings_calls {
            return None;
        }
        if let (Callers::Contacts, Some(targets), Some(accounts)) =
            (self.callers, &targets, ours.accounts)
        {
            without_contacts(r, node, targets, accounts);
        }
        Some(Source {
            process: process.ok()?,
            targets,
            callers: self.callers,
            spread: self.spread,
        })
    }
}
