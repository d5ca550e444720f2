//! A dialect back to its file: what `--save-dialect` writes.

use std::fmt::Write as _;

use super::{Dialect, Is, Rule, SECOND_NS, Source, Test};
use crate::call::Column;
use crate::rows::Encoding;
use crate::times::TimeFormat;

impl Dialect {
    /// The TOML file of a header-mapped dialect, as [`Dialect::read`] reads it.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        };
        line("name", &self.name);
        line("help", &self.help);
        if let Some(delimiter) = self.delimiter {
            line("delimiter", &char::from(delimiter).to_string());
        }
        if self.encoding == Encoding::Latin1 {
            line("encoding", "latin-1");
        }
        if self.time_format != TimeFormat::Known {
            line("time_format", self.time_format.name());
        }
        for (key, value) in [
            ("time_zone", &self.time_zone),
            ("country_code", &self.country_code),
            ("parent", &self.parent),
        ] {
            if let Some(value) = value {
                line(key, value);
            }
        }
        let opaque = [("from", self.opaque.0), ("to", self.opaque.1)];
        let opaque: Vec<&str> = opaque.iter().filter(|it| it.1).map(|it| it.0).collect();
        if !opaque.is_empty() {
            let _ = writeln!(text, "opaque = [\"{}\"]", opaque.join("\", \""));
        }
        if self.empty_from_distinct {
            text.push_str("empty_from = \"distinct\"\n");
        }
        for (key, names) in [("columns", &self.columns), ("join", &self.join)] {
            if !names.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(names));
            }
        }
        text.push_str("\n[map]\n");
        let named = |column: &Column| *column != Column::SourceRow;
        for (column, source) in self.map.iter().filter(|it| named(it.0)) {
            let _ = writeln!(text, "{} = {}", column.name(), of_source(source));
        }
        rules(
            &mut text,
            "outcome",
            &self.outcomes,
            routing::record::Outcome::name,
        );
        rules(
            &mut text,
            "direction",
            &self.directions,
            crate::call::Direction::name,
        );
        text
    }
}

fn rules<T: Copy>(
    text: &mut String,
    key: &str,
    rules: &[Rule<Is<T>>],
    name: impl Fn(T) -> &'static str,
) {
    for rule in rules {
        let tests: Vec<String> = rule
            .when
            .iter()
            .map(|(column, test)| format!("{} = {}", quoted(column), of_test(test)))
            .collect();
        let is = match rule.is {
            Is::Word(word) => name(word),
            Is::Unknown => "unknown",
            Is::Skip => "skip",
        };
        let _ = write!(
            text,
            "\n[[{key}]]\nwhen = {{ {} }}\nis = \"{is}\"\n",
            tests.join(", ")
        );
    }
}

fn of_test(test: &Test) -> String {
    match test {
        Test::OneOf(words) => list(words),
        Test::Starts(start) => format!("{{ starts = {} }}", quoted(start)),
        Test::Above(bound) => format!("{{ above = {bound} }}"),
        Test::Empty(empty) => format!("{{ empty = {empty} }}"),
    }
}

fn of_source(source: &Source) -> String {
    match source {
        Source::Columns {
            columns,
            strip,
            cut,
            unit_ns,
        } => {
            let unit = match *unit_ns {
                SECOND_NS => "",
                1_000_000 => ", unit = \"ms\"",
                _ => ", unit = \"min\"",
            };
            let more = [("strip", strip), ("cut", cut)];
            let more: String = more
                .iter()
                .filter_map(|(key, it)| Some(format!(", {key} = {}", quoted(it.as_ref()?))))
                .collect();
            if more.is_empty() && unit.is_empty() {
                list(columns)
            } else {
                format!("{{ column = {}{more}{unit} }}", list(columns))
            }
        }
        Source::Between { from, until } => {
            format!("{{ from = {}, until = {} }}", list(from), list(until))
        }
    }
}

fn list(names: &[String]) -> String {
    if let [one] = names {
        quoted(one)
    } else {
        let names: Vec<String> = names.iter().map(|it| quoted(it)).collect();
        format!("[{}]", names.join(", "))
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
