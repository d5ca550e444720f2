//! `[[arrivals]]`: generic over the kinds that the model registers.

pub(crate) mod targets;

use std::sync::Arc;

use model::arrivals::{
    ArrivalProcess, KINDS, Key, Kind, LoggedCall, Source, Takes as Wants, Value as Given, Values,
};
use model::callers::Callers;

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

/// One `[[arrivals]]` before its numbers are looked up.
pub(crate) struct Draft {
    process: Option<Box<dyn ArrivalProcess>>,
    brings_calls: bool,
    callers: Callers,
    day_cv: f64,
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
            key("callers", callers, "who calls").default("\"unique\""),
            key(
                "day_cv",
                Takes::Spread,
                "coefficient of variation of the day factor",
            )
            .default("0.0"),
            later("period_cv", "comes later: this version has `day_cv`"),
        ]);
    }
    keys
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
        Wants::CallLog => Takes::Path,
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
    let (mut callers, mut day_cv) = (Callers::default(), 0.0);
    if !kind.brings_calls {
        callers = table.take("callers", read_callers).unwrap_or_default();
        day_cv = table.number("day_cv").unwrap_or_default();
        if day_cv > MOST_CV {
            let message = format!("found {day_cv}, expected at most {MOST_CV}");
            table.error("day_cv", Fault::new(message));
        }
    }
    let calls = kind
        .keys
        .iter()
        .find_map(|key| values.calls(key.name).cloned());
    let make = kind.make.filter(|_| whole);
    let process = make.and_then(|make| {
        make(&values)
            .map_err(|fault| table.error(fault.key, Fault::new(fault.message)))
            .ok()
    });
    Some(Draft {
        process,
        brings_calls: kind.brings_calls,
        callers,
        day_cv,
        calls,
    })
}

fn kind(r: &Reading<'_>, node: &Node) -> Option<&'static Kind> {
    let here: Vec<&str> = KINDS
        .iter()
        .filter(|kind| kind.make.is_some())
        .map(|kind| kind.name)
        .collect();
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
    let kind = KINDS.iter().find(|kind| kind.name == name);
    let fault = match kind {
        Some(kind) if kind.make.is_some() => return Some(kind),
        Some(_) => Fault::new(format!(
            "`{name}` comes later: this version has {}",
            here.join(", ")
        )),
        None => {
            let fault = values::mismatch(value, &format!("one of {}", here.join(", ")));
            match nearest(&name, KINDS.iter().map(|kind| kind.name)) {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None => fault,
            }
        }
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
        Wants::Factor => table.number(key.name).map(Given::Factor),
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

impl Draft {
    /// The whole of it, its numbers looked up.
    pub(crate) fn finish(
        self,
        r: &Reading<'_>,
        at: usize,
        node: &Node,
        ours: &targets::Ours<'_>,
    ) -> Option<Source> {
        let targets = match node.get("to") {
            Some(to) if !self.brings_calls => {
                let targets = targets::read(r, to, ours)?;
                let text = r.text_of(to).unwrap_or_else(|| to.render());
                r.parameter(&format!("arrivals.{at}.to"), text);
                Some(targets)
            }
            _ => None,
        };
        if targets.is_none() && !self.brings_calls {
            return None;
        }
        let Self {
            callers, day_cv, ..
        } = self;
        Some(Source {
            process: self.process?,
            targets,
            callers,
            day_cv,
        })
    }
}
