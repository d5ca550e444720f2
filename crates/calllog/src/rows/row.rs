//! One row: its values, and where each stands.

use crate::call::Column;
use crate::error::{Fault, LogError};

/// Where a field stands in the text of its row, and where its value does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) at: u32,
    pub(super) from: u32,
    pub(super) until: u32,
}

impl Field {
    /// A field whose value stands there as it is.
    #[inline]
    pub(super) const fn new(at: u32, until: u32) -> Self {
        Self {
            at,
            from: at,
            until,
        }
    }
}

/// Where the values of a row stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    /// Between marks in a window, as far as where its line end begins.
    Marked(&'a [u8], &'a [u32], u32),
    /// At these places of a text.
    Placed(&'a str, &'a [Field]),
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(super) line: u64,
    pub(super) raw: &'a [u8],
    pub(super) values: Values<'a>,
    /// No value has a blank around it.
    pub(super) trimmed: bool,
}

impl<'a> Row<'a> {
    /// How many fields it has; at least one.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self.values {
            Values::Marked(_, marks, _) => marks.len() - 1,
            Values::Placed(_, fields) => fields.len(),
        }
    }

    /// The value of a field as bytes of UTF-8, without its quotes and the blanks around it.
    #[expect(
        clippy::inline_always,
        reason = "asked ten times a row; by itself the compiler makes it a call"
    )]
    #[inline(always)]
    pub(crate) fn bytes(&self, nth: usize) -> &'a [u8] {
        let value = match self.values {
            Values::Marked(window, marks, end) => {
                let until = (marks[nth + 1] - 1).min(end);
                &window[marks[nth] as usize..until as usize]
            }
            Values::Placed(text, fields) => {
                let Field { from, until, .. } = fields[nth];
                &text.as_bytes()[from as usize..until as usize]
            }
        };
        if self.trimmed { value } else { trimmed(value) }
    }

    /// The last eight bytes of a field's value, the last one highest, and how many bytes it has.
    /// What stands before a shorter value is anything.
    #[expect(clippy::inline_always, reason = "as above, for each of five spans")]
    #[inline(always)]
    pub(crate) fn tail(&self, nth: usize) -> (u64, usize) {
        if let Values::Marked(window, marks, end) = self.values
            && self.trimmed
        {
            let until = (marks[nth + 1] - 1).min(end);
            let last = window[..until as usize].last_chunk();
            if let Some(last) = last {
                return (u64::from_le_bytes(*last), (until - marks[nth]) as usize);
            }
        }
        crate::value::tail(self.bytes(nth))
    }

    /// The value of a field, without its quotes and the blanks around it.
    #[inline]
    pub(crate) fn value(&self, nth: usize) -> &'a str {
        match self.values {
            // Never an error: the row is UTF-8, and no delimiter is within a character.
            Values::Marked(..) => std::str::from_utf8(self.bytes(nth)).unwrap_or_default(),
            Values::Placed(text, fields) => {
                let Field { from, until, .. } = fields[nth];
                let value = &text[from as usize..until as usize];
                let same = self.trimmed || trimmed(value.as_bytes()).len() == value.len();
                if same { value } else { value.trim() }
            }
        }
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|nth| self.value(nth))
    }

    /// The line on which it begins.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Its text.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// A fault of one field.
    pub(crate) fn fault(&self, nth: usize, column: Option<Column>, fault: Fault) -> LogError {
        let at = match self.values {
            Values::Marked(_, marks, _) => marks.get(nth).map(|it| it - marks[0]),
            Values::Placed(_, fields) => fields.get(nth).map(|it| it.at),
        };
        let at = at.map_or(0, |it| it as usize);
        LogError::new(self.raw, self.line, at, column, fault)
    }
}

/// Without the blanks around it. Apart, because most rows have none.
#[inline(never)]
fn trimmed(value: &[u8]) -> &[u8] {
    // Most values have none either, and a full trim looks at characters.
    match value {
        [] => value,
        [only] if only.is_ascii_graphic() => value,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
        _ => std::str::from_utf8(value).map_or(value, |it| it.trim().as_bytes()),
    }
}
