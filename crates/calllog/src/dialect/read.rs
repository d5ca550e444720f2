//! A dialect's TOML text to its value, or every error with its place.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use routing::record::Outcome;
use toml::de::{DeTable, DeValue};

use super::fields::{self, Fields, Value, Wrong};
use super::{Dialect, Format, Is, KeyForm, Looks, OddNumbers, Rule, SECOND_NS, Source, Test, bare};
use crate::call::{Column, Direction};
use crate::rows::{Encoding, Quoting};
use crate::times::TimeFormat;

/// Everything that is wrong with a dialect file: `FILE:LINE:COLUMN: message` a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialectErrors(Vec<String>);

impl fmt::Display for DialectErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for DialectErrors {}

impl Dialect {
    /// Reads a dialect file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str, file: &str) -> Result<Self, DialectErrors> {
        let mut wrong = Vec::new();
        let dialect = match DeTable::parse(text) {
            Ok(table) => {
                let fields = Fields::new(table.get_ref(), 0..0);
                dialect(fields, &mut wrong)
            }
            Err(why) => {
                let message = why.message().trim().replace('\n', ", ");
                wrong.push((why.span().unwrap_or(0..0), message));
                Self::default()
            }
        };
        if wrong.is_empty() {
            return Ok(dialect);
        }
        wrong.sort_by_key(|(span, _)| span.start);
        let told = wrong.iter().map(|(span, message)| {
            let (line, column) = place(text, span);
            format!("{file}:{line}:{column}: {message}")
        });
        Err(DialectErrors(told.collect()))
    }
}

fn place(text: &str, span: &Range<usize>) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

fn dialect(mut fields: Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> Dialect {
    let name = fields.text("name", wrong).unwrap_or_default();
    let help = fields.text("help", wrong).unwrap_or_default();
    let pages = fields.text("pages", wrong);
    let json = fields.word("format", &[("csv", false), ("json", true)], wrong);
    let format = if json == Some(true) {
        Format::Json { pages }
    } else {
        Format::Csv
    };
    let quotes = [("doubled", Quoting::Doubled), ("raw", Quoting::Raw)];
    let encodings = [
        ("auto", Encoding::Auto),
        ("utf-8", Encoding::Utf8),
        ("latin-1", Encoding::Latin1),
    ];
    let odd = [
        ("error", OddNumbers::Error),
        ("unknown", OddNumbers::Unknown),
    ];
    let forms = [("any", KeyForm::Any), ("epoch", KeyForm::Epoch)];
    let dialect = Dialect {
        name,
        help,
        format,
        delimiter: delimiter(&mut fields, wrong),
        quoting: fields.word("quotes", &quotes, wrong).unwrap_or_default(),
        encoding: fields
            .word("encoding", &encodings, wrong)
            .unwrap_or_default(),
        columns: fields.texts("columns", wrong),
        more_columns: more_columns(&mut fields, wrong),
        time_format: time_format(&mut fields, wrong),
        time_zone: time_zone(&mut fields, wrong),
        country_code: country_code(&mut fields, wrong),
        join: fields.texts("join", wrong),
        key_form: fields.word("join_form", &forms, wrong).unwrap_or_default(),
        parent: fields.text("parent", wrong),
        opaque: opaque(&mut fields, wrong),
        empty_from_distinct: fields
            .word(
                "empty_from",
                &[("private", false), ("distinct", true)],
                wrong,
            )
            .unwrap_or_default(),
        odd_numbers: fields.word("odd_numbers", &odd, wrong).unwrap_or_default(),
        map: map(&mut fields, wrong),
        outcomes: rules(&mut fields, "outcome", &outcome_words(), wrong),
        directions: rules(&mut fields, "direction", &direction_words(), wrong),
        looks: looks(&mut fields, wrong),
        loses: fields.text("loses", wrong),
        assumed: fields.text("assumed", wrong),
    };
    fields.finish(wrong);
    unknown_columns(&dialect, wrong);
    dialect
}

/// Where there is no header row, a name that no column has is a slip of the pen.
fn unknown_columns(dialect: &Dialect, wrong: &mut Vec<Wrong>) {
    let more = dialect.more_columns.values().flatten();
    let names: Vec<String> = dialect
        .columns
        .iter()
        .chain(more)
        .map(|it| bare(it))
        .collect();
    if dialect.columns.is_empty() {
        return;
    }
    for name in dialect.asked() {
        if !names.contains(&bare(name)) {
            wrong.push((0..0, format!("`columns` has no column `{name}`")));
        }
    }
}

fn delimiter(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> Option<u8> {
    let value = fields.get("delimiter")?;
    if let [byte @ (b',' | b';' | b'\t' | b'|')] = fields::text(value, wrong)?.as_bytes() {
        Some(*byte)
    } else {
        let expected = "expected one of \",\", \";\", \"\\t\" and \"|\"";
        wrong.push((value.span(), expected.to_owned()));
        None
    }
}

fn opaque(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> (bool, bool) {
    let Some(value) = fields.get("opaque") else {
        return (false, false);
    };
    let names = fields::texts(value, wrong);
    if let Some(odd) = names.iter().find(|it| *it != "from" && *it != "to") {
        wrong.push((
            value.span(),
            format!("found {odd:?}, expected \"from\" or \"to\""),
        ));
    }
    let has = |name: &str| names.iter().any(|it| it == name);
    (has("from"), has("to"))
}

fn more_columns(
    fields: &mut Fields<'_, '_>,
    wrong: &mut Vec<Wrong>,
) -> BTreeMap<usize, Vec<String>> {
    let mut more = BTreeMap::new();
    let Some(value) = fields.get("more_columns") else {
        return more;
    };
    if let DeValue::Table(table) = value.get_ref() {
        for (width, names) in table {
            if let Ok(width) = width.get_ref().parse() {
                more.insert(width, fields::texts(names, wrong));
            } else {
                let message = "expected a number of fields, as in 18 = [\"uniqueid\", …]";
                wrong.push((width.span(), message.to_owned()));
            }
        }
    } else {
        fields::table(value, wrong);
    }
    more
}

fn time_format(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> TimeFormat {
    let Some(value) = fields.get("time_format") else {
        return TimeFormat::Known;
    };
    let text = fields::text(value, wrong).unwrap_or_default();
    TimeFormat::new(&text).unwrap_or_else(|why| {
        wrong.push((value.span(), why));
        TimeFormat::Known
    })
}

fn time_zone(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> Option<String> {
    let value = fields.get("time_zone")?;
    let name = fields::text(value, wrong)?;
    if jiff::tz::TimeZone::get(&name).is_err() {
        let message = format!("there is no time zone {name:?}; expected is one as Europe/Berlin");
        wrong.push((value.span(), message));
    }
    Some(name)
}

fn country_code(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> Option<String> {
    let value = fields.get("country_code")?;
    let code = fields::text(value, wrong)?;
    let digits = code.trim_start_matches('+').to_owned();
    let valid = (1..=3).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    if !valid {
        wrong.push((
            value.span(),
            format!("found {code:?}, expected one to three digits"),
        ));
    }
    Some(digits)
}

fn map(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> BTreeMap<Column, Source> {
    let mut map = BTreeMap::new();
    let Some(value) = fields.get("map") else {
        let message = "`[map]` is missing: it says which column is what, at least start and to";
        wrong.push((fields.span(), message.to_owned()));
        return map;
    };
    let Some(mut table) = fields::table(value, wrong) else {
        return map;
    };
    for column in Column::ALL {
        if let Some(value) = table.get(column.name()) {
            map.extend(source(value, wrong).map(|it| (column, it)));
        }
    }
    table.finish(wrong);
    for column in Column::REQUIRED {
        if !map.contains_key(&column) {
            let message = format!("[map] does not say which column is `{}`", column.name());
            wrong.push((value.span(), message));
        }
    }
    map
}

fn source(value: &Value<'_>, wrong: &mut Vec<Wrong>) -> Option<Source> {
    if !matches!(value.get_ref(), DeValue::Table(_)) {
        let columns = fields::texts(value, wrong);
        return Some(Source::Columns {
            columns,
            strip: None,
            cut: None,
            unit_ns: SECOND_NS,
        });
    }
    let mut table = fields::table(value, wrong)?;
    let columns = table.texts("column", wrong);
    let strip = table.text("strip", wrong);
    let cut = table.text("cut", wrong);
    let units = [("s", SECOND_NS), ("ms", 1_000_000), ("min", 60 * SECOND_NS)];
    let unit_ns = table.word("unit", &units, wrong).unwrap_or(SECOND_NS);
    let (from, until) = (table.texts("from", wrong), table.texts("until", wrong));
    table.finish(wrong);
    match (columns.is_empty(), from.is_empty(), until.is_empty()) {
        (false, true, true) => Some(Source::Columns {
            columns,
            strip,
            cut,
            unit_ns,
        }),
        (true, false, false) => Some(Source::Between { from, until }),
        _ => {
            let message = "expected `column`, or `from` and `until`";
            wrong.push((value.span(), message.to_owned()));
            None
        }
    }
}

fn outcome_words() -> Vec<(&'static str, Is<Outcome>)> {
    let words = Outcome::ALL.iter().map(|it| (it.name(), Is::Word(*it)));
    words.chain(odd_words()).collect()
}

fn direction_words() -> Vec<(&'static str, Is<Direction>)> {
    let all = [Direction::Inbound, Direction::Outbound, Direction::Internal];
    let words = all.into_iter().map(|it| (it.name(), Is::Word(it)));
    words.chain(odd_words()).collect()
}

fn odd_words<T>() -> [(&'static str, Is<T>); 2] {
    [("unknown", Is::Unknown), ("skip", Is::Skip)]
}

fn rules<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    words: &[(&str, T)],
    wrong: &mut Vec<Wrong>,
) -> Vec<Rule<T>> {
    let Some(value) = fields.get(key) else {
        return Vec::new();
    };
    let DeValue::Array(list) = value.get_ref() else {
        let message = format!("expected a list of tables, each as [[{key}]]");
        wrong.push((value.span(), message));
        return Vec::new();
    };
    let mut rules = Vec::new();
    for value in list {
        let Some(mut table) = fields::table(value, wrong) else {
            continue;
        };
        let when = table
            .get("when")
            .map_or_else(Vec::new, |it| when(it, wrong));
        let is = table.word("is", words, wrong);
        if is.is_none() && table.get("is").is_none() {
            wrong.push((table.span(), "`is` is missing".to_owned()));
        }
        table.finish(wrong);
        rules.extend(is.map(|is| Rule { when, is }));
    }
    rules
}

fn when(value: &Value<'_>, wrong: &mut Vec<Wrong>) -> Vec<(String, Test)> {
    let DeValue::Table(table) = value.get_ref() else {
        fields::table(value, wrong);
        return Vec::new();
    };
    let test = |value: &Value<'_>, wrong: &mut Vec<Wrong>| -> Option<Test> {
        if !matches!(value.get_ref(), DeValue::Table(_)) {
            return Some(Test::OneOf(fields::texts(value, wrong)));
        }
        let mut table = fields::table(value, wrong)?;
        let starts = table.text("starts", wrong).map(Test::Starts);
        let above = table.get("above").and_then(|it| fields::whole(it, wrong));
        let empty = match table.get("empty").map(toml::Spanned::get_ref) {
            Some(DeValue::Boolean(empty)) => Some(Test::Empty(*empty)),
            _ => None,
        };
        table.finish(wrong);
        let found = starts.or(above.map(Test::Above)).or(empty);
        if found.is_none() {
            let message = "expected `starts`, `above` or `empty = true`";
            wrong.push((value.span(), message.to_owned()));
        }
        found
    };
    let tests = table
        .iter()
        .filter_map(|(column, value)| Some((column.get_ref().to_string(), test(value, wrong)?)));
    tests.collect()
}

fn looks(fields: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>) -> Vec<Looks> {
    let Some(value) = fields.get("looks") else {
        return Vec::new();
    };
    let DeValue::Array(list) = value.get_ref() else {
        wrong.push((
            value.span(),
            "expected tables, each as [[looks]]".to_owned(),
        ));
        return Vec::new();
    };
    let mut all = Vec::new();
    for value in list {
        let Some(mut table) = fields::table(value, wrong) else {
            continue;
        };
        let number = |key, table: &mut Fields<'_, '_>, wrong: &mut Vec<Wrong>| {
            let value = table.get(key)?;
            fields::whole(value, wrong).map(|it| it as usize)
        };
        let widths = table
            .get("fields")
            .map_or_else(Vec::new, |it| match it.get_ref() {
                DeValue::Array(list) => list
                    .iter()
                    .filter_map(|it| fields::whole(it, wrong))
                    .collect(),
                _ => fields::whole(it, wrong).into_iter().collect(),
            });
        all.push(Looks {
            header: table.texts("header", wrong),
            keys: table.texts("keys", wrong),
            fields: widths.into_iter().map(|it| it as usize).collect(),
            time_field: number("time_field", &mut table, wrong),
            word_field: number("word_field", &mut table, wrong),
            words: table.texts("words", wrong),
            ends: table.text("ends", wrong),
        });
        table.finish(wrong);
    }
    all
}
