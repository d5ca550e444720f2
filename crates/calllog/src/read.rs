//! The canonical log as a stream of calls.

use std::collections::VecDeque;
use std::io::Read;

use crate::call::{CanonicalCall, Column, Direction};
use crate::error::{Fault, LogError, LogErrors, shown};
use crate::rows::{MAX_RECORD, Row, Rows};
use crate::value;

/// So many faults of a file are told; the rest are counted.
pub const MAX_ERRORS: usize = 20;

/// Reads the canonical log call by call. A row with faults gives an error for each of them in the
/// place of its call, and reading goes on; an open quote or a failing input ends it.
#[derive(Debug)]
pub struct CanonicalReader<R> {
    rows: Rows<R>,
    header: Header,
    /// Faults of the last row that are yet to be told.
    told_later: VecDeque<LogError>,
}

/// Which field of a row is which column.
#[derive(Debug)]
struct Header {
    fields: usize,
    places: [Option<usize>; Column::ALL.len()],
}

impl<R: Read> CanonicalReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// An empty file, a header without `start` or `to` or with a column twice, or text that is
    /// none.
    pub fn new(input: R) -> Result<Self, LogError> {
        let mut rows = Rows::new(input, b',', MAX_RECORD);
        let header = match rows.next_row() {
            None => return Err(LogError::bare(1, Fault::EmptyFile)),
            Some(row) => Header::read(&row?)?,
        };
        Ok(Self {
            rows,
            header,
            told_later: VecDeque::new(),
        })
    }

    /// Whether the log has this column at all.
    pub fn has(&self, column: Column) -> bool {
        self.header.places[column as usize].is_some()
    }
}

impl<R: Read> Iterator for CanonicalReader<R> {
    type Item = Result<CanonicalCall, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.told_later.pop_front() {
            return Some(Err(error));
        }
        let row = match self.rows.next_row()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error)),
        };
        let call = self.header.call(&row, &mut self.told_later);
        match self.told_later.pop_front() {
            Some(error) => Some(Err(error)),
            None => call.map(Ok),
        }
    }
}

impl Header {
    fn read(row: &Row<'_>) -> Result<Self, LogError> {
        let mut places = [None; Column::ALL.len()];
        for (nth, name) in row.values().enumerate() {
            let Some(column) = Column::from_header(name) else {
                continue;
            };
            if places[column as usize].replace(nth).is_some() {
                return Err(row.fault(nth, None, Fault::ColumnTwice(column.name())));
            }
        }
        let absent = |it: &Column| places[*it as usize].is_none();
        let missing = Column::REQUIRED
            .into_iter()
            .filter(absent)
            .map(Column::name);
        let missing = in_backticks(missing, " and ");
        if !missing.is_empty() {
            let found = in_backticks(row.values().take(40), ", ");
            return Err(row.fault(0, None, Fault::MissingColumns { missing, found }));
        }
        Ok(Self {
            fields: row.len(),
            places,
        })
    }

    /// The call of a row; its faults go to `faults`, and then there is no call.
    fn call(&self, row: &Row<'_>, faults: &mut VecDeque<LogError>) -> Option<CanonicalCall> {
        if row.len() != self.fields {
            let fault = Fault::Ragged {
                found: row.len(),
                expected: self.fields,
            };
            // The first field too many, or the last there is.
            let nth = self.fields.min(row.len() - 1);
            faults.push_back(row.fault(nth, None, fault));
            return None;
        }
        let mut fields = Fields {
            header: self,
            row,
            faults,
        };
        let start = match fields.get(Column::Start, value::start) {
            None if fields.is_empty(Column::Start) => {
                fields.blame(Column::Start, Fault::NoStart);
                None
            }
            start => start,
        };
        Some(CanonicalCall {
            from: fields.get(Column::From, value::number),
            to: fields.get(Column::To, value::number),
            direction: fields
                .get(Column::Direction, value::direction)
                .unwrap_or(Direction::Unknown),
            outcome: fields.get(Column::Outcome, value::outcome),
            ring: fields.get(Column::RingS, value::span),
            hold: fields.get(Column::HoldS, value::span),
            talk: fields.get(Column::TalkS, value::span),
            wrap: fields.get(Column::WrapS, value::span),
            total: fields.get(Column::TotalS, value::span),
            user: fields.get(Column::User, |text| Ok(text.to_owned())),
            source_row: fields.get(Column::SourceRow, value::source_row),
            start: start?,
        })
    }
}

fn in_backticks<'a>(names: impl Iterator<Item = &'a str>, between: &str) -> String {
    let names: Vec<String> = names.map(|it| format!("`{}`", shown(it))).collect();
    names.join(between)
}

/// The fields of one row by column, and what is wrong with them.
struct Fields<'a, 'r> {
    header: &'a Header,
    row: &'a Row<'r>,
    faults: &'a mut VecDeque<LogError>,
}

impl Fields<'_, '_> {
    /// The value of a column; none when there is no such column, nothing in it, or a fault.
    fn get<T>(&mut self, column: Column, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let nth = self.header.places[column as usize]?;
        let text = self.row.value(nth);
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.blame(column, fault);
                None
            }
        }
    }

    fn is_empty(&self, column: Column) -> bool {
        self.header.places[column as usize].is_none_or(|nth| self.row.value(nth).is_empty())
    }

    fn blame(&mut self, column: Column, fault: Fault) {
        let nth = self.header.places[column as usize].unwrap_or(0);
        self.faults
            .push_back(self.row.fault(nth, Some(column), fault));
    }
}

/// Every call of a file that is in memory.
///
/// # Errors
/// All faults of the file: the first [`MAX_ERRORS`] with their places, and how many more there
/// are.
pub fn read_all(bytes: &[u8], file: &str) -> Result<Vec<CanonicalCall>, LogErrors> {
    let mut calls = Vec::new();
    let mut found = LogErrors {
        file: file.to_owned(),
        errors: Vec::new(),
        more: 0,
    };
    match CanonicalReader::new(bytes) {
        Err(error) => found.errors.push(error),
        Ok(reader) => {
            for call in reader {
                match call {
                    Ok(call) if found.errors.is_empty() => calls.push(call),
                    Ok(_) => {}
                    Err(error) if found.errors.len() < MAX_ERRORS => found.errors.push(error),
                    Err(_) => found.more += 1,
                }
            }
        }
    }
    if found.errors.is_empty() {
        Ok(calls)
    } else {
        Err(found)
    }
}

#[cfg(test)]
mod tests;
