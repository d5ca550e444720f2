//! The keys of a dialect file: walked by hand, so that every error has its place and one error does
//! not hide another.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong, by byte.
pub(super) type Wrong = (Range<usize>, String);

/// A table and what was not asked for yet.
pub(super) struct Fields<'a, 'i> {
    table: &'a DeTable<'i>,
    span: Range<usize>,
    known: Vec<&'static str>,
}

pub(super) type Value<'i> = Spanned<DeValue<'i>>;

impl<'a, 'i> Fields<'a, 'i> {
    pub(super) fn new(table: &'a DeTable<'i>, span: Range<usize>) -> Self {
        Self {
            table,
            span,
            known: Vec::new(),
        }
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Value<'i>> {
        self.known.push(key);
        let entry = self.table.iter().find(|(name, _)| name.get_ref() == key);
        entry.map(|(_, value)| value)
    }

    pub(super) fn text(&mut self, key: &'static str, wrong: &mut Vec<Wrong>) -> Option<String> {
        self.get(key).and_then(|value| text(value, wrong))
    }

    pub(super) fn texts(&mut self, key: &'static str, wrong: &mut Vec<Wrong>) -> Vec<String> {
        self.get(key).map_or_else(Vec::new, |it| texts(it, wrong))
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        wrong: &mut Vec<Wrong>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let found = text(value, wrong)?;
        let known = words.iter().find(|(word, _)| *word == found);
        if known.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("found {found:?}, expected one of {}", names.join(", "));
            wrong.push((value.span(), message));
        }
        known.map(|(_, it)| *it)
    }

    /// Whatever was not asked for is not known.
    pub(super) fn finish(self, wrong: &mut Vec<Wrong>) {
        for (name, _) in self.table {
            if !self.known.contains(&name.get_ref().as_ref()) {
                let known = self.known.join(", ");
                let message = format!("no such key `{}`; there are {known}", name.get_ref());
                wrong.push((name.span(), message));
            }
        }
    }
}

pub(super) fn text(value: &Value<'_>, wrong: &mut Vec<Wrong>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        other => {
            wrong.push((
                value.span(),
                format!("found {}, expected a text", kind(other)),
            ));
            None
        }
    }
}

/// A list of texts; a single text is a list of one.
pub(super) fn texts(value: &Value<'_>, wrong: &mut Vec<Wrong>) -> Vec<String> {
    match value.get_ref() {
        DeValue::Array(list) => list.iter().filter_map(|it| text(it, wrong)).collect(),
        _ => text(value, wrong).into_iter().collect(),
    }
}

/// A whole number of 0 or more.
pub(super) fn whole(value: &Value<'_>, wrong: &mut Vec<Wrong>) -> Option<u64> {
    let number = match value.get_ref() {
        DeValue::Integer(it) => u64::from_str_radix(&it.as_str().replace('_', ""), it.radix()).ok(),
        _ => None,
    };
    if number.is_none() {
        let found = kind(value.get_ref());
        wrong.push((
            value.span(),
            format!("found {found}, expected a whole number"),
        ));
    }
    number
}

pub(super) fn table<'a, 'i>(
    value: &'a Value<'i>,
    wrong: &mut Vec<Wrong>,
) -> Option<Fields<'a, 'i>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(Fields::new(table, value.span())),
        other => {
            wrong.push((
                value.span(),
                format!("found {}, expected a table", kind(other)),
            ));
            None
        }
    }
}

pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
