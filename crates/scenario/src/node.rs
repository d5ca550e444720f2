//! The tree that every format is read into: each value with the stretch of text that it came from.

use std::fmt::Write as _;

use crate::source::Span;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// A key with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) span: Span,
    pub(crate) name: String,
}

/// What TOML and JSON have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// JSON only.
    Null,
    Flag(bool),
    Whole(i128),
    Number(f64),
    Text(String),
    /// A date or time of TOML, as it was written.
    Date(String),
    List(Vec<Node>),
    Table(Vec<(Key, Node)>),
}

impl Node {
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name).map(|(_, node)| node)
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&(Key, Self)> {
        self.entries().iter().find(|(key, _)| key.name == name)
    }

    /// The entries of a table; none of anything else.
    pub(crate) fn entries(&self) -> &[(Key, Self)] {
        if let Value::Table(entries) = &self.value {
            entries
        } else {
            &[]
        }
    }

    /// The elements of a list; none of anything else.
    pub(crate) fn elements(&self) -> &[Self] {
        if let Value::List(elements) = &self.value {
            elements
        } else {
            &[]
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value {
            Some(text)
        } else {
            None
        }
    }

    /// What it is, for messages: "the text \"12\"", "a list".
    pub(crate) fn found(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Flag(flag) => flag.to_string(),
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => format!("{:?}", shortened(text)),
            Value::Date(text) => format!("the date {text}"),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }

    /// The value as TOML in one line, tables in the order in which they stand.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        self.write(
            &mut out,
            &Style {
                sorted: false,
                file: &|_| None,
            },
        );
        out
    }

    /// The same, files replaced by what `file` says of their place.
    pub(crate) fn render_with(&self, file: &dyn Fn(Span) -> Option<String>) -> String {
        let mut out = String::new();
        self.write(
            &mut out,
            &Style {
                sorted: false,
                file,
            },
        );
        out
    }

    /// The value in canonical form: tables sorted, files replaced by what `file` says of their place.
    pub(crate) fn canonical(&self, file: &dyn Fn(Span) -> Option<String>) -> String {
        let mut out = String::new();
        self.write(&mut out, &Style { sorted: true, file });
        out
    }

    fn write(&self, out: &mut String, style: &Style<'_>) {
        if let Some(hash) = (style.file)(self.span) {
            out.push_str(&hash);
            return;
        }
        // Writing to a string cannot fail.
        let _ = match &self.value {
            Value::Null => write!(out, "null"),
            Value::Flag(flag) => write!(out, "{flag}"),
            Value::Whole(number) => write!(out, "{number}"),
            Value::Number(number) => write!(out, "{number}"),
            Value::Text(text) => write!(out, "{text:?}"),
            Value::Date(text) => write!(out, "{text:?}"),
            Value::List(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    element.write(out, style);
                }
                write!(out, "]")
            }
            Value::Table(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                if style.sorted {
                    entries.sort_by(|a, b| a.0.name.cmp(&b.0.name));
                }
                out.push('{');
                for (at, (key, value)) in entries.into_iter().enumerate() {
                    out.push_str(if at == 0 { " " } else { ", " });
                    let _ = if is_bare(&key.name) {
                        write!(out, "{} = ", key.name)
                    } else {
                        write!(out, "{:?} = ", key.name)
                    };
                    value.write(out, style);
                }
                write!(out, " }}")
            }
        };
    }
}

struct Style<'a> {
    sorted: bool,
    file: &'a dyn Fn(Span) -> Option<String>,
}

fn is_bare(name: &str) -> bool {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !name.is_empty() && name.chars().all(bare)
}

/// At most forty characters of a text, for messages.
pub(crate) fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    text.chars().take(39).chain(['…']).collect()
}
