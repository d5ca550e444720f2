//! Logs of any dialect to canonical calls: streaming, in bounded memory, and with a report of how
//! good the data are.
//!
//! Rows come out of `rows` or `json`, a `plan` takes what is of interest out of each, `join` makes
//! one call of its legs, `order` sorts within a window, `quality` counts what went by. Opens no
//! file and writes none: whoever calls hands in readers and a [`Calls`].

use std::fmt;
use std::io::{self, Read};

use jiff::tz::TimeZone;
use routing::record::Outcome;

use crate::call::{CanonicalCall, Column};
use crate::dialect::{self, Dialect, Format, Is, Source};
use crate::error::{Fault, LogError};
use crate::rows::{Encoding, MAX_RECORD, Rows};
use crate::times::Times;

mod draft;
mod gzip;
mod held;
mod join;
mod json;
mod opaque;
mod options;
mod order;
mod party;
mod plan;
mod quality;
mod rowwise;

pub use gzip::Limits;
pub(crate) use json::first_object;
pub use opaque::Keys;
pub use options::{LONG_RING, OnBadRow, Options};
pub use order::WINDOW;
pub use quality::Quality;

use draft::Draft;
use join::Joiner;
use order::Order;
use rowwise::Reading;

/// Takes what an import brings.
pub trait Calls {
    /// A call, in order of time.
    ///
    /// # Errors
    /// Whatever keeps it from being taken.
    fn call(&mut self, call: &CanonicalCall) -> io::Result<()>;

    /// A row that tells of a call, before its legs are joined: which file it stands in.
    fn leg(&mut self, _file: &str, _call: &CanonicalCall) {}

    /// A row that was left out: where, by which name of a reason, and its text.
    ///
    /// # Errors
    /// Whatever keeps it from being taken.
    fn skipped(&mut self, _file: &str, _line: u64, _reason: &str, _row: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// Why an import ends early.
#[derive(Debug)]
pub enum ImportError {
    /// A malformed row.
    Row {
        /// The file.
        file: String,
        /// What is wrong, and where.
        error: Box<LogError>,
    },
    /// Nobody said what some words mean.
    Words {
        /// The file.
        file: String,
        /// The first of them.
        error: Box<LogError>,
        /// Each word and how often it stands there, the most frequent first.
        seen: Vec<(String, u64)>,
    },
    /// No dialect fits the file.
    Dialect {
        /// The file.
        file: String,
        /// What its first row holds.
        columns: Vec<String>,
    },
    /// What the call was handed to could not take it.
    Output(io::Error),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row { file, error } => write!(f, "{}", error.in_file(file)),
            Self::Words { file, error, seen } => {
                write!(f, "{}\n  seen in this file:", error.in_file(file))?;
                for (word, count) in seen {
                    write!(f, "\n    {} ({count})", crate::error::shown(word))?;
                }
                Ok(())
            }
            Self::Dialect { file, columns } => {
                let known: Vec<&str> = dialect::BUILT_IN.iter().map(|it| it.name).collect();
                write!(
                    f,
                    "{file}:1:1: no dialect is known that looks so; its first row has {}\n  help: \
                     name one with --dialect ({}, or a file), or say what is what with --dialect \
                     generic --map start=… --map to=…",
                    columns.join(", "),
                    known.join(", ")
                )
            }
            Self::Output(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<io::Error> for ImportError {
    fn from(why: io::Error) -> Self {
        Self::Output(why)
    }
}

/// Reads logs, one after the other, as one.
pub struct Importer {
    options: Options,
    quality: Quality,
    keys: Keys,
    joiner: Joiner,
    order: Order,
    /// The dialect of the last file.
    dialect: Option<Dialect>,
}

/// So much of a file is looked at to tell what it is.
const HEAD_BYTES: u64 = 64 << 10;

impl Importer {
    /// With these options, which hold for every file.
    pub fn new(options: Options) -> Self {
        Self {
            order: Order::new(options.order_window, options.suspect_voicemail),
            keys: Keys::default(),
            joiner: Joiner::default(),
            quality: Quality::new(options.zone()),
            dialect: None,
            options,
        }
    }

    /// Reads a log to its end. Calls whose rows may still go on, and those that may have to be
    /// sorted, are handed on later.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub fn read(
        &mut self,
        mut input: impl Read,
        file: &str,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        self.read_from(&mut input, file, calls)
    }

    /// Made once, here, and not for each kind of input wherever it is called.
    fn read_from(
        &mut self,
        input: &mut dyn Read,
        file: &str,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        let row_fault = |error| ImportError::Row {
            file: file.to_owned(),
            error: Box::new(error),
        };
        let mut input = gzip::unpacked(input, self.options.limits).map_err(row_fault)?;
        let mut head = Vec::new();
        let read = (&mut input).take(HEAD_BYTES).read_to_end(&mut head);
        read.map_err(|why| row_fault(LogError::unreadable(1, &why)))?;
        let dialect = self.settle(&head, file)?;
        if !self.joiner.is_of(&dialect) {
            self.close_joined(calls)?;
            self.joiner = Joiner::of(&dialect);
        }
        self.joiner.begin(file);
        let zone = self.options.zone.clone();
        let own = dialect
            .time_zone
            .as_ref()
            .and_then(|it| TimeZone::get(it).ok());
        let times = Times::new(dialect.time_format.clone(), zone.or(own));
        self.quality.file(file, &dialect);
        let delimiter = dialect
            .delimiter
            .unwrap_or_else(|| dialect::delimiter(&head));
        let input = head.as_slice().chain(input);
        let mut reading = Reading {
            options: &self.options,
            quality: &mut self.quality,
            keys: &mut self.keys,
            joiner: &mut self.joiner,
            order: &mut self.order,
            dialect: &dialect,
            times,
            file,
            calls,
            unknown: None,
            draft: Draft::new(),
        };
        match &dialect.format {
            Format::Csv => {
                let rows = Rows::new(input, delimiter, MAX_RECORD)
                    .quoting(dialect.quoting)
                    .encoding(dialect.encoding);
                reading.csv(rows)?;
            }
            Format::Json { pages } => {
                reading.json(json::Objects::new(input, pages.as_deref()))?;
            }
        }
        self.dialect = Some(dialect);
        Ok(())
    }

    /// Hands on the calls whose rows may still go on.
    fn close_joined(&mut self, calls: &mut dyn Calls) -> Result<(), ImportError> {
        let on_bad_row = self.options.on_bad_row;
        self.joiner
            .finish(&mut self.quality, &mut self.order, calls, on_bad_row)
    }

    /// Hands on what is still held back.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub fn finish(mut self, calls: &mut dyn Calls) -> Result<(Quality, Keys), ImportError> {
        self.close_joined(calls)?;
        self.order.finish(&mut self.quality, calls)?;
        self.quality.close();
        Ok((self.quality, self.keys))
    }

    /// The dialect that the last file was read in, with everything that the options say.
    pub fn dialect(&self) -> Option<&Dialect> {
        self.dialect.as_ref()
    }

    /// The dialect of a file, and what the options change in it.
    fn settle(&self, head: &[u8], file: &str) -> Result<Dialect, ImportError> {
        let options = &self.options;
        let generic = !options.map.is_empty();
        let found = match &options.dialect {
            Some(dialect) => Some(dialect.clone()),
            None if generic => Some(Dialect::generic()),
            None => dialect::detect(head, &[]),
        };
        let Some(mut dialect) = found else {
            let file = file.to_owned();
            return Err(match first_row(head) {
                Ok(columns) => ImportError::Dialect { file, columns },
                Err(error) => ImportError::Row {
                    file,
                    error: Box::new(error),
                },
            });
        };
        for (column, source) in &options.map {
            dialect.map.insert(*column, Source::column(source));
        }
        options.outcomes(&mut dialect);
        if let Some(format) = &options.time_format {
            dialect.time_format = format.clone();
        }
        if let Some(encoding) = options.encoding {
            dialect.encoding = encoding;
        }
        if let Some(code) = &options.country_code {
            dialect.country_code = Some(code.clone());
        }
        dialect.opaque.0 |= options.opaque_from;
        dialect.opaque.1 |= options.opaque_to;
        dialect.empty_from_distinct |= options.empty_from_distinct;
        dialect.delimiter = options.delimiter.or(dialect.delimiter);
        if dialect.time_zone.is_none() {
            dialect.time_zone.clone_from(&options.zone_name);
        }
        Ok(dialect)
    }
}

/// The first row of a file in which nothing can be found out, or what is wrong with it.
fn first_row(head: &[u8]) -> Result<Vec<String>, LogError> {
    let mut rows = Rows::new(head, dialect::delimiter(head), MAX_RECORD).encoding(Encoding::Auto);
    let first = rows.next_row();
    let first = first.ok_or_else(|| LogError::bare(1, Fault::EmptyFile))??;
    let shown = |it: &str| format!("`{}`", crate::error::shown(it));
    Ok(first.values().take(40).map(shown).collect())
}

impl Options {
    /// What `--outcome` says, before everything that the dialect says.
    fn outcomes(&self, dialect: &mut Dialect) {
        let column = dialect.map.get(&Column::Outcome).map(Source::columns);
        let column = column
            .and_then(|mut it| it.next())
            .unwrap_or("outcome")
            .to_owned();
        let rule = |(word, is): &(String, Is<Outcome>)| dialect::Rule {
            when: vec![(column.clone(), dialect::Test::OneOf(vec![word.clone()]))],
            is: *is,
        };
        let own: Vec<_> = self.outcomes.iter().map(rule).collect();
        dialect.outcomes.splice(0..0, own);
    }
}

#[cfg(test)]
mod tests;
