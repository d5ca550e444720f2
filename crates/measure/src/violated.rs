//! Whose limits were exceeded, and how often: of the callers, or of which number.

use std::collections::BTreeMap;

use routing::account::NumberId;
use routing::record::Cause;

/// Violations by the limit that was exceeded. Holds an entry for each number that was called too
/// often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violated {
    /// By the number whose own limit it was.
    to: BTreeMap<NumberId, u64>,
    /// By the number that was called when a caller's limit was exceeded.
    from: BTreeMap<NumberId, u64>,
}

impl Violated {
    pub(crate) fn add(&mut self, number: NumberId, cause: Cause, count: u64) {
        let of = if cause == Cause::FromRate {
            &mut self.from
        } else {
            &mut self.to
        };
        *of.entry(number).or_default() += count;
    }

    /// Adds those of another part or replication.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.to, &other.to), (&mut self.from, &other.from)] {
            for (number, count) in theirs {
                *mine.entry(*number).or_default() += count;
            }
        }
    }

    /// Of the limits of numbers (calls to one number): (number, violations), in the order of the
    /// numbers.
    pub fn to(&self) -> impl Iterator<Item = (NumberId, u64)> {
        self.to.iter().map(|(number, count)| (*number, *count))
    }

    /// Of the limits of callers (calls from one caller): (number called, violations).
    pub fn from(&self) -> impl Iterator<Item = (NumberId, u64)> {
        self.from.iter().map(|(number, count)| (*number, *count))
    }

    /// All of them.
    pub fn all(&self) -> u64 {
        self.to.values().sum::<u64>() + self.from.values().sum::<u64>()
    }
}
