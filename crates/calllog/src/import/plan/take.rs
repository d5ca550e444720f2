//! Which fields of a row a value of ours is taken from.

use super::Cells;
use crate::dialect::{SECOND_NS, Source};

/// Where a value of ours is taken from.
#[derive(Debug, Clone)]
pub(super) enum Take {
    /// One field as it stands, in seconds: what most are.
    Field(usize),
    /// The first that is not empty.
    Fields {
        at: Vec<usize>,
        strip: Option<String>,
        cut: Option<String>,
        unit_ns: u64,
    },
    Between {
        from: Vec<usize>,
        until: Vec<usize>,
    },
}

impl Take {
    /// The text, and in which field it stands.
    #[inline(never)]
    pub(super) fn text<'r>(&self, row: &'r impl Cells) -> Option<(usize, &'r str)> {
        let (at, strip, cut) = match self {
            Self::Field(nth) => return Some((*nth, row.cell(*nth))),
            Self::Fields { at, strip, cut, .. } => (at, strip, cut),
            Self::Between { .. } => return None,
        };
        let (nth, mut text) = first(row, at);
        if let Some(strip) = strip
            && let Some(rest) = text.strip_prefix(strip.as_str())
        {
            text = rest.trim_start();
        }
        if let Some(cut) = cut
            && let Some(end) = text.rfind(cut.as_str())
        {
            text = &text[..end];
        }
        Some((nth, text))
    }

    pub(super) fn new(source: &Source, all: impl Fn(&[String]) -> Vec<usize>) -> Option<Self> {
        match source {
            Source::Columns {
                columns,
                strip,
                cut,
                unit_ns,
            } => {
                let at = all(columns);
                let bare = strip.is_none() && cut.is_none() && *unit_ns == SECOND_NS;
                if let ([nth], true) = (&at[..], bare) {
                    return Some(Self::Field(*nth));
                }
                (!at.is_empty()).then(|| Self::Fields {
                    at,
                    strip: strip.clone(),
                    cut: cut.clone(),
                    unit_ns: *unit_ns,
                })
            }
            Source::Between { from, until } => {
                let (from, until) = (all(from), all(until));
                let there = !from.is_empty() && !until.is_empty();
                there.then_some(Self::Between { from, until })
            }
        }
    }
}

/// The first of these fields that is not empty, or the first.
#[inline]
pub(super) fn first<'r>(row: &'r impl Cells, at: &[usize]) -> (usize, &'r str) {
    for nth in at {
        let text = row.cell(*nth);
        if !text.is_empty() {
            return (*nth, text);
        }
    }
    (at.first().copied().unwrap_or(0), "")
}
