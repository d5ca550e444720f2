//! The text of a table to its rows, or every fault with its place.
//!
//! CSV with a header row, columns by name; quotes as RFC 4180 has them. Tables are small: the text
//! is held as a whole.

use std::fmt;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of its name")]
pub enum Column {
    TableId,
    Model,
    Lambda,
    Servers,
    Room,
    Service,
    Patience,
    Metric,
    Value,
    HalfWidth,
    Kind,
    Certainty,
    OurCheck,
    OurHalfWidth,
    Note,
}

/// Every column with its name, and whether a table must have it.
const COLUMNS: [(Column, &str, bool); 15] = [
    (Column::TableId, "table_id", true),
    (Column::Model, "model", true),
    (Column::Lambda, "lambda", true),
    (Column::Servers, "servers", true),
    (Column::Room, "room", true),
    (Column::Service, "service", true),
    (Column::Patience, "patience", true),
    (Column::Metric, "metric", true),
    (Column::Value, "value", true),
    (Column::HalfWidth, "ci95_halfwidth", false),
    (Column::Kind, "kind", true),
    (Column::Certainty, "certainty", false),
    (Column::OurCheck, "our_check", false),
    (Column::OurHalfWidth, "our_ci95_halfwidth", false),
    (Column::Note, "note", false),
];

/// One row: the text of each column, empty where the table has no such column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    texts: [String; COLUMNS.len()],
}

impl Row {
    /// The text of a column.
    pub fn get(&self, column: Column) -> &str {
        &self.texts[column as usize]
    }

    /// The same row with this text in a column.
    #[must_use]
    pub fn with(mut self, column: Column, text: impl Into<String>) -> Self {
        self.texts[column as usize] = text.into();
        self
    }
}

/// A fault of a table, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was found and what is expected.
    pub message: String,
    /// The line itself.
    pub text: String,
}

/// The longest part of a line that is shown, in characters.
const WIDEST: usize = 160;

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file, line, column, ..
        } = self;
        write!(f, "{file}:{line}:{column}: error: {}", self.message)?;
        let cut = self.column.saturating_sub(WIDEST / 2);
        let shown = self.text.chars().skip(cut).take(WIDEST);
        let shown: String = shown
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if shown.is_empty() {
            return Ok(());
        }
        write!(f, "\n{shown}\n{:>1$}", "^", (self.column - cut).max(1))
    }
}

/// A field with its place.
struct Field {
    text: String,
    line: usize,
    column: usize,
}

/// Reads a table. Lines without anything are skipped.
///
/// # Errors
/// Every fault of the text, in order.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Row>, Vec<TableFault>> {
    let lossy = String::from_utf8_lossy(bytes);
    let text = lossy.strip_prefix('\u{feff}').unwrap_or(&lossy);
    let lines: Vec<&str> = text.lines().collect();
    let mut faults = Vec::new();
    let mut fault = |line: usize, column: usize, message: String| {
        faults.push(TableFault {
            file: file.to_owned(),
            line,
            column,
            message,
            text: lines.get(line - 1).copied().unwrap_or_default().to_owned(),
        });
    };
    if let Some(at) = text.find('\u{fffd}') {
        let line = text[..at].lines().count().max(1);
        fault(line, 1, "not UTF-8; convert the file first".to_owned());
    }
    let mut records = records(text, &mut fault).into_iter();
    let Some(header) = records.next() else {
        fault(
            1,
            1,
            "the table is empty; a header row is expected".to_owned(),
        );
        return Err(in_order(faults));
    };
    let places = columns(&header, &mut fault);
    let mut rows = Vec::new();
    for record in records {
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            let message = format!("{found} fields, where the header names {expected}");
            fault(record[0].line, record[0].column, message);
            continue;
        }
        let mut row = Row::default();
        for (column, at) in &places {
            let field = &record[*at];
            field
                .text
                .trim()
                .clone_into(&mut row.texts[*column as usize]);
            let half_width = matches!(column, Column::HalfWidth | Column::OurHalfWidth);
            if half_width && !is_half_width(field.text.trim()) {
                let message = format!("`{}` is no half-width: a number is expected", field.text);
                fault(field.line, field.column, message);
            }
        }
        rows.push(row);
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(in_order(faults))
    }
}

/// As they stand in the file.
fn in_order(mut faults: Vec<TableFault>) -> Vec<TableFault> {
    faults.sort_by_key(|it| (it.line, it.column));
    faults
}

/// Nothing, or a number of zero or more.
fn is_half_width(text: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|it| it.is_finite());
    text.is_empty() || number(text).is_some_and(|it| it >= 0.0)
}

/// Where each column stands.
fn columns(header: &[Field], fault: &mut impl FnMut(usize, usize, String)) -> Vec<(Column, usize)> {
    let mut places = Vec::new();
    for (column, name, required) in COLUMNS {
        let mut found = (0..header.len()).filter(|at| header[*at].text.trim() == name);
        match (found.next(), found.next()) {
            (Some(_), Some(again)) => {
                let field = &header[again];
                fault(
                    field.line,
                    field.column,
                    format!("a second column `{name}`"),
                );
            }
            (Some(at), None) => places.push((column, at)),
            (None, _) if required => fault(1, 1, format!("no column `{name}`")),
            (None, _) => {}
        }
    }
    places
}

/// The fields of each row.
fn records(text: &str, fault: &mut impl FnMut(usize, usize, String)) -> Vec<Vec<Field>> {
    let mut records = Vec::new();
    let mut record: Vec<Field> = Vec::new();
    let mut letters = text.chars().peekable();
    let (mut line, mut column) = (1, 1);
    let mut field = Field {
        text: String::new(),
        line,
        column,
    };
    // The place where a quote opened that is still open, and whether one was closed.
    let (mut open, mut closed) = (None, false);
    while let Some(letter) = letters.next() {
        column += 1;
        match letter {
            '"' if open.is_some() && letters.peek() == Some(&'"') => {
                letters.next();
                column += 1;
                field.text.push('"');
            }
            '"' if open.is_some() => (open, closed) = (None, true),
            '"' if field.text.is_empty() && !closed => open = Some((line, column - 1)),
            ',' | '\n' if open.is_none() => {
                if letter == '\n' {
                    (line, column) = (line + 1, 1);
                }
                let next = Field {
                    text: String::new(),
                    line,
                    column,
                };
                record.push(std::mem::replace(&mut field, next));
                closed = false;
                if letter == '\n' {
                    keep(&mut records, std::mem::take(&mut record));
                }
            }
            '\r' if open.is_none() && letters.peek() == Some(&'\n') => {}
            _ if closed => fault(line, column - 1, "text after a closing quote".to_owned()),
            _ => {
                field.text.push(letter);
                if letter == '\n' {
                    (line, column) = (line + 1, 1);
                }
            }
        }
    }
    if let Some((line, column)) = open {
        let message = "a quote opens here and is never closed".to_owned();
        fault(line, column, message);
    }
    record.push(field);
    keep(&mut records, record);
    records
}

/// A line without anything is no row.
fn keep(records: &mut Vec<Vec<Field>>, record: Vec<Field>) {
    if record.len() > 1 || !record[0].text.is_empty() {
        records.push(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "table_id,model,lambda,servers,room,service,patience,metric,value,kind";

    fn faults(text: &str) -> Vec<String> {
        let faults = read("t.csv", text.as_bytes()).expect_err(text);
        faults
            .iter()
            .map(|it| it.to_string().lines().next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let text = format!(
            "\u{feff}note,{HEADER}\r\n\"a, \"\"b\"\"\",T,M/M/s,1,2,0,M mean 1,none,blocking,0.2,exact\r\n\r\n"
        );
        let rows = read("t.csv", text.as_bytes()).expect("a table");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get(Column::Note), "a, \"b\"");
        assert_eq!(rows[0].get(Column::Service), "M mean 1");
        assert_eq!(rows[0].get(Column::OurCheck), "");
    }

    #[test]
    fn every_fault_has_its_place() {
        assert_eq!(
            faults(""),
            ["t.csv:1:1: error: the table is empty; a header row is expected"]
        );
        assert_eq!(
            faults(&HEADER.replace("value", "worth")),
            ["t.csv:1:1: error: no column `value`"]
        );
        assert_eq!(
            faults(&format!("{HEADER}\na,b\n,,,,,,,\"x\"y,,\n")),
            [
                "t.csv:2:1: error: 2 fields, where the header names 10",
                "t.csv:3:11: error: text after a closing quote",
            ]
        );
        assert_eq!(
            faults(&format!(
                "{HEADER},ci95_halfwidth\na,b,c,d,e,f,g,h,1,exact,wide\n"
            ))[0],
            "t.csv:2:25: error: `wide` is no half-width: a number is expected"
        );
        assert!(faults(&format!("{HEADER}\n\"a,b"))[0].starts_with("t.csv:2:1: error: a quote"));
    }
}
