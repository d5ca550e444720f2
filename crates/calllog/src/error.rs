//! What can be wrong with a call log, and where.

use std::fmt::{self, Write as _};

use routing::number::NumberError;
use routing::record::Outcome;

use crate::call::Column;

/// What is wrong with one place of a log: what was found, what was expected, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing to read.
    #[error("the file is empty; a header row with at least `start` and `to` is expected")]
    EmptyFile,
    /// The header lacks a required column.
    #[error("no column {missing}; the header has {found}")]
    MissingColumns {
        /// Their names in backticks.
        missing: String,
        /// The names that are there, in backticks.
        found: String,
    },
    /// Two headers mean the same column.
    #[error("a second column `{0}`; one of them has to go")]
    ColumnTwice(&'static str),
    /// Not as many fields as the header has.
    #[error("{found} fields, where the header names {expected}; quote a value that holds a comma")]
    Ragged {
        /// In this row.
        found: usize,
        /// In the header.
        expected: usize,
    },
    /// A quote is still open at the end of the file.
    #[error("a quote opens here and is never closed")]
    UnclosedQuote,
    /// A quote is still open where the bound of a record is reached.
    #[error("a quote opens here and is not closed within {0} bytes, the most that a row may have")]
    QuoteTooLong(usize),
    /// A row without quotes to blame reaches the bound.
    #[error("a row of more than {0} bytes; is this a call log?")]
    RowTooLong(usize),
    /// Something between a closing quote and the next delimiter.
    #[error("text after a closing quote; a quote inside quotes is written twice")]
    AfterQuote,
    /// A carriage return that does not end a line.
    #[error("a carriage return without a line feed; save the file with LF or CRLF line ends")]
    LoneCarriageReturn,
    /// A zero byte.
    #[error("a NUL byte; the file is damaged, or not UTF-8 text")]
    Nul,
    /// Not UTF-8.
    #[error("not UTF-8; convert the file first (for example with iconv -t UTF-8)")]
    NotUtf8,
    /// A byte order mark of UTF-16.
    #[error("UTF-16 text, where UTF-8 is expected; convert it (for example with iconv -t UTF-8)")]
    Utf16,
    /// No start time.
    #[error("no start time; RFC 3339 with offset is expected, as in 2026-03-02T15:00:05-05:00")]
    NoStart,
    /// Not a time.
    #[error(
        "`{0}` is not a time; RFC 3339 with offset is expected, as in 2026-03-02T15:00:05-05:00"
    )]
    Start(String),
    /// A time of day without its offset.
    #[error("`{0}` has no UTC offset; add it, as in 2026-03-02T15:00:05-05:00, or Z for UTC")]
    NoOffset(String),
    /// A local time, and nobody said of which zone.
    #[error(
        "`{0}` has no UTC offset and the file names no zone: say which with --tz, as in \
         --tz America/New_York"
    )]
    NoZone(String),
    /// Not a time of any form.
    #[error("`{0}` is not a time; name its form with --time-format, as in \"%d.%m.%Y %H:%M:%S\"")]
    Time(String),
    /// A date of which nobody can know what is the day and what the month.
    #[error(
        "`{0}`: is the day first or the month? Say so with --time-format, as in \
         \"%m/%d/%Y %H:%M:%S\""
    )]
    TimeOrder(String),
    /// Not a time of the form that was named.
    #[error("`{found}` is not a time of the form `{pattern}`")]
    TimeByPattern {
        /// What stands there.
        found: String,
        /// The form.
        pattern: String,
    },
    /// Not a phone number.
    #[error("`{found}` is not a phone number: {why}")]
    Number {
        /// What stands there.
        found: String,
        /// Why it is none.
        why: NumberError,
    },
    /// A number in scientific notation.
    #[error(
        "`{0}`: a spreadsheet destroyed this number; export the log again and do not open it in one"
    )]
    Spreadsheet(String),
    /// Not a direction.
    #[error("`{0}` is no direction; inbound, outbound, internal or nothing is expected")]
    Direction(String),
    /// Not an outcome.
    #[error("`{0}` is no outcome; expected is one of {all}, or nothing", all = outcomes())]
    Outcome(String),
    /// A word for an outcome that nobody has said the meaning of.
    #[error(
        "nobody has said what outcome `{0}` is; say so with --outcome '{0}=…', or skip \
         such rows with --outcome '{0}=skip'"
    )]
    UnknownOutcome(String),
    /// Digits without a country code.
    #[error(
        "`{0}` has no country code: say which with --country-code, as in --country-code 1; if \
         the column holds no phone numbers, say so with --opaque"
    )]
    NoCountryCode(String),
    /// A text that is no phone number at all.
    #[error("`{0}` is no phone number; if the column holds none, say so with --opaque")]
    NoNumber(String),
    /// More distinct texts in opaque columns than are kept.
    #[error("more than {0} distinct texts in the columns of --opaque; are they what you mean?")]
    TooManyTexts(usize),
    /// Older than what was handed on already.
    #[error(
        "this call is {seconds} s older than one that was handed on already: calls are sorted within \
         {window} rows; sort the log by time first, or widen --order-window"
    )]
    OutOfOrder {
        /// By so much.
        seconds: u64,
        /// So many calls are held back to be sorted.
        window: usize,
    },
    /// Not JSON.
    #[error("not a JSON object: {0}")]
    Json(String),
    /// The file ends within an object, a list or a page, or there is something else between the
    /// objects of one.
    #[error(
        "this object or list does not end as it should: the file ends within it, a bracket is \
         missing, or something stands between its objects; what is behind cannot be told apart"
    )]
    JsonCut,
    /// A field that nobody has so long: some ten thousand of them are held at a time.
    #[error("a text of {found} bytes, where at most {most} are expected; is the column right?")]
    TextTooLong {
        /// How long it is.
        found: usize,
        /// How long it may be.
        most: usize,
    },
    /// A JSON object longer than a record may be.
    #[error("a JSON object of more than {0} bytes; is this a call log?")]
    ObjectTooLong(usize),
    /// A column that the command line names is not there.
    #[error("no column `{wanted}`; the header has {found}")]
    NoColumn {
        /// As it was named.
        wanted: String,
        /// The names that are there, in backticks.
        found: String,
    },
    /// Not a span of time.
    #[error("`{found}` is no span of time in seconds: {why}")]
    Span {
        /// What stands there.
        found: String,
        /// Why it is none.
        why: SpanFault,
    },
    /// Not a row number.
    #[error("`{0}` is no row number; a whole number is expected")]
    SourceRow(String),
    /// The file could not be read on.
    #[error("cannot read on: {0}")]
    Read(String),
}

impl Fault {
    /// Its short name in reports and side files.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EmptyFile
            | Self::MissingColumns { .. }
            | Self::NoColumn { .. }
            | Self::ColumnTwice(_) => "header",
            Self::Ragged { .. } => "ragged-row",
            Self::UnclosedQuote | Self::QuoteTooLong(_) => "unclosed-quote",
            Self::RowTooLong(_) | Self::ObjectTooLong(_) => "row-too-long",
            Self::AfterQuote => "text-after-quote",
            Self::LoneCarriageReturn => "carriage-return",
            Self::Nul => "nul-byte",
            Self::NotUtf8 | Self::Utf16 => "encoding",
            Self::NoStart => "no-start-time",
            Self::Start(_)
            | Self::NoOffset(_)
            | Self::NoZone(_)
            | Self::Time(_)
            | Self::TimeOrder(_)
            | Self::TimeByPattern { .. } => "bad-time",
            Self::Number { .. } | Self::NoCountryCode(_) | Self::NoNumber(_) => "bad-number",
            Self::TooManyTexts(_) => "too-many-texts",
            Self::Spreadsheet(_) => "spreadsheet-number",
            Self::Direction(_) => "bad-direction",
            Self::Outcome(_) | Self::UnknownOutcome(_) => "unknown-outcome",
            Self::Span { .. } => "bad-duration",
            Self::SourceRow(_) => "bad-source-row",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::Json(_) | Self::JsonCut => "bad-json",
            Self::TextTooLong { .. } => "text-too-long",
            Self::Read(_) => "unreadable",
        }
    }
}

/// Why a text is no span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanFault {
    /// Not of any form.
    #[error("expected is a number such as 125 or 12.5, or 2:05, or 2m 5s")]
    Form,
    /// Below zero.
    #[error("it is negative")]
    Negative,
    /// `1:75`.
    #[error("minutes and seconds after a colon go from 00 to 59")]
    Sixty,
    /// Too long for the program's clock.
    #[error("it is longer than 584 years")]
    TooLong,
}

fn outcomes() -> String {
    let names: Vec<&str> = Outcome::ALL.iter().map(|it| it.name()).collect();
    names.join(", ")
}

/// A fault with its place. Printed as `LINE:COLUMN: message`; [`LogError::in_file`] adds the file,
/// the source line and a caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogError {
    /// The line, from 1.
    pub line: u64,
    /// The character within it, from 1.
    pub column: u64,
    /// The column of the log, where the fault is one field's.
    pub field: Option<Column>,
    /// What is wrong.
    pub fault: Fault,
    /// The source line, shortened around the place when it is long, and the caret's position in
    /// it.
    excerpt: Box<str>,
    caret: u32,
}

/// Characters of a source line that are shown before the place and after it.
const SHOWN_BEFORE: usize = 60;
const SHOWN_AFTER: usize = 60;

/// A text of a file as a message may hold it: no control characters (a terminal would obey them),
/// and not too long.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN_AFTER)
        .map(without_control)
        .collect();
    if text.chars().nth(SHOWN_AFTER).is_some() {
        shown.push('…');
    }
    shown
}

fn without_control(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

impl LogError {
    /// The fault at this byte of a record that begins on `first_line`.
    pub(crate) fn new(
        record: &[u8],
        first_line: u64,
        offset: usize,
        field: Option<Column>,
        fault: Fault,
    ) -> Self {
        let before = &record[..offset.min(record.len())];
        let line_start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let line = first_line + before.split(|b| *b == b'\n').count() as u64 - 1;
        let left = String::from_utf8_lossy(&before[line_start..]);
        let rest = &record[before.len()..];
        // No more of the line than can be shown, at 4 bytes a character.
        let rest = &rest[..rest.len().min(4 * SHOWN_AFTER)];
        let right = rest
            .split(|b| matches!(b, b'\n' | b'\r'))
            .next()
            .unwrap_or_default();
        let right = String::from_utf8_lossy(right);
        let column = left.chars().count();
        let cut = column.saturating_sub(SHOWN_BEFORE);
        let shown = left
            .chars()
            .skip(cut)
            .chain(right.chars().take(SHOWN_AFTER));
        let excerpt: String = shown
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let caret = (column - cut) as u32;
        let column = column as u64 + 1;
        Self {
            line,
            column,
            field,
            fault,
            excerpt: excerpt.into(),
            caret,
        }
    }

    /// A fault that no text can be shown for.
    pub(crate) fn bare(line: u64, fault: Fault) -> Self {
        Self {
            line,
            column: 1,
            field: None,
            fault,
            excerpt: "".into(),
            caret: 0,
        }
    }

    /// Whether nothing behind it can be read.
    pub(crate) const fn ends_the_reading(&self) -> bool {
        matches!(
            self.fault,
            Fault::Read(_)
                | Fault::UnclosedQuote
                | Fault::QuoteTooLong(_)
                | Fault::RowTooLong(_)
                | Fault::ObjectTooLong(_)
                | Fault::JsonCut
        )
    }

    /// The input failed.
    pub(crate) fn unreadable(line: u64, why: &std::io::Error) -> Self {
        Self::bare(line, Fault::Read(why.to_string()))
    }

    /// `FILE:LINE:COLUMN: message`, then the source line with a caret below the place.
    pub fn in_file<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        InFile { error: self, file }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if let Some(field) = self.field {
            write!(f, "{}: ", field.name())?;
        }
        self.fault
            .to_string()
            .chars()
            .try_for_each(|c| f.write_char(without_control(c)))
    }
}

impl std::error::Error for LogError {}

struct InFile<'a> {
    error: &'a LogError,
    file: &'a str,
}

impl fmt::Display for InFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.error)?;
        if !self.error.excerpt.is_empty() {
            write!(f, "\n  {}", self.error.excerpt)?;
            write!(f, "\n  {:>1$}", "^", self.error.caret as usize + 1)?;
        }
        Ok(())
    }
}

/// All that is wrong with a file, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogErrors {
    /// The name of the file.
    pub file: String,
    /// The first of them, in file order; at least one.
    pub errors: Vec<LogError>,
    /// How many more there are.
    pub more: u64,
}

impl fmt::Display for LogErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, error) in self.errors.iter().enumerate() {
            let line_end = if nth == 0 { "" } else { "\n" };
            write!(f, "{line_end}{}", error.in_file(&self.file))?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more errors in {}", self.file),
        }
    }
}

impl std::error::Error for LogErrors {}
