//! What a phone system calls things: a dialect is data, a TOML file each.
//!
//! [`BUILT_IN`] lists those that come with the program, [`Dialect::read`] reads one of somebody
//! else's. A dialect knows columns and words; what becomes of the rows is `import`'s business.

use std::collections::BTreeMap;

use routing::record::Outcome;

use crate::call::{Column, Direction};
use crate::rows::{Encoding, Quoting};
use crate::times::TimeFormat;

mod built_in;
mod detect;
mod fields;
mod read;
mod rule;
mod save;

pub use built_in::{BUILT_IN, BuiltIn, find};
pub(crate) use detect::delimiter;
pub use detect::{Looks, detect};
pub use read::DialectErrors;
pub use rule::{Is, Rule, Test};

/// Whether a log is rows of fields or JSON objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Format {
    /// Rows of fields.
    #[default]
    Csv,
    /// JSON objects, one after the other, or in the lists of pages.
    Json {
        /// The key of a page under which its list stands.
        pages: Option<String>,
    },
}

/// Where a value of ours comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// From the first of these columns that is not empty.
    Columns {
        /// Their names.
        columns: Vec<String>,
        /// Taken off the front, where it stands there.
        strip: Option<String>,
        /// The last of these, and all behind it, is taken off the end.
        cut: Option<String>,
        /// What a number stands for, in nanoseconds: a second for most.
        unit_ns: u64,
    },
    /// The time between two columns.
    Between {
        /// The first of these that is not empty.
        from: Vec<String>,
        /// The first of these that is not empty.
        until: Vec<String>,
    },
}

impl Source {
    /// A column as it is.
    pub fn column(name: &str) -> Self {
        Self::Columns {
            columns: vec![name.to_owned()],
            strip: None,
            cut: None,
            unit_ns: SECOND_NS,
        }
    }

    /// All columns that it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let (one, other): (&[String], &[String]) = match self {
            Self::Columns { columns, .. } => (columns, &[]),
            Self::Between { from, until } => (from, until),
        };
        one.iter().chain(other).map(String::as_str)
    }
}

pub(crate) const SECOND_NS: u64 = 1_000_000_000;

/// What a text means that should be a phone number and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OddNumbers {
    /// The row is malformed.
    #[default]
    Error,
    /// The number is unknown; how many there were is told.
    Unknown,
}

/// What the key that joins rows has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyForm {
    /// Like anything.
    #[default]
    Any,
    /// `1772463605.1`, perhaps with a name in front: a second and a count. Whatever else stands in
    /// the column is no key.
    Epoch,
}

/// One dialect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialect {
    /// Its name, as `--dialect` takes it.
    pub name: String,
    /// A line about it.
    pub help: String,
    /// Rows or objects.
    pub format: Format,
    /// Between fields; found out where it is left out.
    pub delimiter: Option<u8>,
    /// How quotes stand within quotes.
    pub quoting: Quoting,
    /// How bytes are text.
    pub encoding: Encoding,
    /// Names of the columns where the file has no header row.
    pub columns: Vec<String>,
    /// By how many fields a row has: the names of those behind `columns`. Empty when every row is
    /// alike.
    pub more_columns: BTreeMap<usize, Vec<String>>,
    /// How times are written.
    pub time_format: TimeFormat,
    /// The zone of times that name none, where the format fixes it.
    pub time_zone: Option<String>,
    /// Put before numbers of national form.
    pub country_code: Option<String>,
    /// The first of these columns that is not empty says which call a row belongs to. Empty: a row
    /// is a call.
    pub join: Vec<String>,
    /// What that has to look like.
    pub key_form: KeyForm,
    /// The column that is empty in the row of the call itself.
    pub parent: Option<String>,
    /// Whether the columns of callers, and of called numbers, hold no phone numbers: their texts
    /// get fictional ones.
    pub opaque: (bool, bool),
    /// Every call without a caller comes from somebody else, not from a withheld number.
    pub empty_from_distinct: bool,
    /// What becomes of numbers that are none.
    pub odd_numbers: OddNumbers,
    /// Where our fields come from.
    pub map: BTreeMap<Column, Source>,
    /// What the words for outcomes mean; the first rule that fits decides.
    pub outcomes: Vec<Rule<Is<Outcome>>>,
    /// What tells the direction; the first rule that fits decides.
    pub directions: Vec<Rule<Is<Direction>>>,
    /// How a file of it looks.
    pub looks: Vec<Looks>,
    /// Which calls such a log is known to lose.
    pub loses: Option<String>,
    /// What was assumed of it, where nobody has checked.
    pub assumed: Option<String>,
}

impl Dialect {
    /// Columns by name from the header, nothing else known: `--map` and `--outcome` say the rest.
    pub fn generic() -> Self {
        let own = Column::ALL.map(|it| (it, Source::column(it.name())));
        Self {
            name: "generic".to_owned(),
            help: "any CSV with a header row; --map and --outcome say what is what".to_owned(),
            map: own.into(),
            ..Self::default()
        }
    }

    /// The columns that its map, its joins and its words ask for, some of them more than once.
    pub(crate) fn asked(&self) -> Vec<&str> {
        let mut asked: Vec<&str> = self.map.values().flat_map(Source::columns).collect();
        asked.extend(self.join.iter().chain(&self.parent).map(String::as_str));
        let outcomes = self.outcomes.iter().flat_map(|it| &it.when);
        let directions = self.directions.iter().flat_map(|it| &it.when);
        let when = outcomes.chain(directions);
        asked.extend(when.map(|(column, _)| column.as_str()));
        asked
    }
}

/// Names are compared without case, blanks, `_` and `-`.
pub(crate) fn bare(name: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-');
    name.chars()
        .filter(kept)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;
