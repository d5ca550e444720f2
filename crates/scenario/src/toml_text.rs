//! TOML to the tree, with every syntax error and duplicate key at its place.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::node::{Key, Node, Value};
use crate::source::Span;

/// A fault of the text: bytes and message.
pub(crate) type TextFault = (Range<usize>, String);

/// The tree of a file, as far as it can be read, and what is wrong with it.
pub(crate) fn file(source: u32, text: &str) -> (Node, Vec<TextFault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let faults = errors.iter().map(fault).collect();
    let span = Span::new(source, &table.span());
    (
        Node {
            span,
            value: of_table(source, 0, table.get_ref()),
        },
        faults,
    )
}

/// The value of an argument, if it is TOML. Its places start at byte `offset` of the source.
pub(crate) fn value(source: u32, offset: usize, text: &str) -> Option<Node> {
    if text.contains('\n') {
        return None;
    }
    let (value, errors) = DeValue::parse_recoverable(text);
    if !errors.is_empty() {
        return None;
    }
    Some(node(source, offset, &value.span(), value.get_ref()))
}

/// Some faults are of the file as a whole, such as tables within tables without end.
fn fault(error: &toml::de::Error) -> TextFault {
    let span = error.span().unwrap_or(0..0);
    (span, error.message().trim().replace('\n', ", "))
}

fn node(source: u32, offset: usize, span: &Range<usize>, value: &DeValue<'_>) -> Node {
    let span = Span::new(source, &(span.start + offset..span.end + offset));
    Node {
        span,
        value: of_value(source, offset, value),
    }
}

fn of_value(source: u32, offset: usize, value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            match i128::from_str_radix(&digits, number.radix()) {
                Ok(whole) => Value::Whole(whole),
                Err(_) => Value::Number(f64::INFINITY),
            }
        }
        DeValue::Float(number) => {
            let digits = number.as_str().replace('_', "");
            Value::Number(digits.parse().unwrap_or(f64::NAN))
        }
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(list) => Value::List(
            list.iter()
                .map(|it| node(source, offset, &it.span(), it.get_ref()))
                .collect(),
        ),
        DeValue::Table(table) => of_table(source, offset, table),
    }
}

fn of_table(source: u32, offset: usize, table: &DeTable<'_>) -> Value {
    let entry = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, _)| {
        let value: &toml::Spanned<DeValue<'_>> = value;
        let range = key.span().start + offset..key.span().end + offset;
        let name = Key {
            span: Span::new(source, &range),
            name: key.get_ref().to_string(),
        };
        (name, node(source, offset, &value.span(), value.get_ref()))
    };
    Value::Table(table.iter().map(entry).collect())
}
