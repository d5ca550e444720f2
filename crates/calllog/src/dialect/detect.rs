//! Which dialect a file is written in, by its first rows.

use super::{BUILT_IN, Dialect, Format, bare};
use crate::rows::{Encoding, Rows};

/// How a file of a dialect looks. Everything that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// Columns that the header row has.
    pub header: Vec<String>,
    /// Keys that the first JSON object has.
    pub keys: Vec<String>,
    /// How many fields a row may have.
    pub fields: Vec<usize>,
    /// The field, from 1, that holds a time.
    pub time_field: Option<usize>,
    /// The field, from 1, that holds one of `words`.
    pub word_field: Option<usize>,
    /// Words of that field.
    pub words: Vec<String>,
    /// How each line ends.
    pub ends: Option<String>,
}

/// The first rows of a file, in every way in which they may be read.
struct Head {
    /// By the delimiter that cuts the first row into the most fields.
    rows: Vec<Vec<String>>,
    /// The same, with quotes as they are.
    lines: Vec<String>,
    /// The first JSON object, keys and the names of lists in it.
    object: Option<serde_json::Map<String, serde_json::Value>>,
    delimiter: u8,
}

/// So many rows are looked at.
const ROWS: usize = 20;

/// The delimiters that there are.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The dialect of a file that begins so, built-in or one of `more`; none when it is none that is
/// known.
pub fn detect(head: &[u8], more: &[Dialect]) -> Option<Dialect> {
    let head = Head::read(head);
    let built_in = BUILT_IN.iter().map(super::BuiltIn::dialect);
    let known = more.iter().cloned().chain(built_in);
    let share = |dialect: &Dialect| {
        let all = dialect.looks.iter().map(|it| head.fits(it, dialect));
        all.fold(0.0, f64::max)
    };
    // A file with a few odd rows is read, so that each of them is told with its place.
    let all: Vec<(f64, Dialect)> = known.map(|it| (share(&it), it)).collect();
    let best = all.into_iter().rev().max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|it| it.0 > 0.5).map(|it| it.1)
}

/// The delimiter that cuts the first row into the most fields.
pub(crate) fn delimiter(head: &[u8]) -> u8 {
    let count = |delimiter: &u8| {
        let mut rows =
            Rows::new(head, *delimiter, crate::rows::MAX_RECORD).encoding(Encoding::Auto);
        rows.next_row()
            .and_then(Result::ok)
            .map_or(0, |it| it.len())
    };
    let best = DELIMITERS.iter().rev().max_by_key(|it| count(it));
    best.copied().unwrap_or(b',')
}

impl Head {
    fn read(head: &[u8]) -> Self {
        let delimiter = delimiter(head);
        let quoting = crate::rows::Quoting::Raw;
        let mut rows = Rows::new(head, delimiter, crate::rows::MAX_RECORD)
            .encoding(Encoding::Auto)
            .quoting(quoting);
        let mut table = Vec::new();
        while table.len() < ROWS
            && let Some(row) = rows.next_row()
        {
            let Ok(row) = row else { continue };
            table.push(row.values().map(str::to_owned).collect());
        }
        let text = String::from_utf8_lossy(head);
        let object = crate::import::first_object(head);
        Self {
            rows: table,
            lines: text
                .lines()
                .take(ROWS)
                .map(|it| it.trim_end().to_owned())
                .collect(),
            object,
            delimiter,
        }
    }

    /// The share of the first rows that fit.
    fn fits(&self, looks: &Looks, dialect: &Dialect) -> f64 {
        let all = |fits: bool| f64::from(u8::from(fits));
        let json = matches!(dialect.format, Format::Json { .. });
        if json != self.object.is_some() {
            return 0.0;
        }
        if let Some(object) = &self.object {
            return all(looks.keys.iter().all(|key| object.contains_key(key)));
        }
        if dialect.delimiter.is_some_and(|it| it != self.delimiter) {
            return 0.0;
        }
        let Some(first) = self.rows.first() else {
            return 0.0;
        };
        let has = |name: &String| first.iter().any(|it| bare(it) == bare(name));
        if !looks.header.is_empty() {
            return all(looks.header.iter().all(has));
        }
        let ends = looks.ends.as_deref().unwrap_or_default();
        if !self.lines.first().is_some_and(|it| it.ends_with(ends)) {
            return 0.0;
        }
        let fitting = self.rows.iter().filter(|row| looks.row_fits(row)).count();
        fitting as f64 / self.rows.len() as f64
    }
}

impl Looks {
    fn row_fits(&self, row: &[String]) -> bool {
        let field = |nth: usize| row.get(nth.wrapping_sub(1)).map(|it| it.trim_matches('"'));
        let time = |nth| field(nth).is_some_and(is_a_time);
        let word = |nth| field(nth).is_some_and(|it| self.words.iter().any(|word| word == it));
        !self.fields.is_empty()
            && self.fields.contains(&row.len())
            && self.time_field.is_none_or(time)
            && self.word_field.is_none_or(word)
    }
}

/// `2026-03-02 15:00:05`, with any marks between.
fn is_a_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 19
        && bytes[..19]
            .iter()
            .enumerate()
            .all(|(at, byte)| matches!(at, 4 | 7 | 10 | 13 | 16) != byte.is_ascii_digit())
}
