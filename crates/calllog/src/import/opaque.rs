//! Fictional numbers for texts that are no phone numbers, and the table of which is which.

use std::fmt::Write as _;

use routing::PhoneNumber;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::error::Fault;

/// The unassigned country code, and the room behind it.
const COUNTRY: u64 = 999;
const ROOM: u64 = 1_000_000_000_000;

/// Below this the numbers of callers without a name begin, above it those of texts.
const NAMED: u64 = 200_000_000_000;

/// The most texts that are kept.
const MOST: usize = 4_000_000;

/// The fictional number of each text, stable from run to run.
#[derive(Debug, Default)]
pub struct Keys {
    of: FxHashMap<Box<str>, PhoneNumber>,
    taken: FxHashSet<PhoneNumber>,
    nameless: u64,
}

impl Keys {
    /// The number of a text: made of its SHA-256, the next one where two texts would share it.
    pub(super) fn number(&mut self, text: &str) -> Result<PhoneNumber, Fault> {
        if let Some(known) = self.of.get(text) {
            return Ok(*known);
        }
        if self.of.len() >= MOST {
            return Err(Fault::TooManyTexts(MOST));
        }
        let hash = Sha256::digest(text.as_bytes());
        let head = hash
            .iter()
            .take(8)
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        let mut at = head % (ROOM - NAMED);
        let number = loop {
            let number = fictional(NAMED + at);
            if !self.taken.contains(&number) {
                break number;
            }
            at = (at + 1) % (ROOM - NAMED);
        };
        self.taken.insert(number);
        self.of.insert(text.into(), number);
        Ok(number)
    }

    /// A number that nobody had before.
    pub(super) fn nameless(&mut self) -> PhoneNumber {
        self.nameless += 1;
        fictional(self.nameless % NAMED)
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The table: `number,text`, by text.
    pub fn to_csv(&self) -> String {
        let mut rows: Vec<_> = self.of.iter().collect();
        rows.sort_unstable();
        let mut csv = String::from("number,text\n");
        for (text, number) in rows {
            let _ = writeln!(csv, "{number},\"{}\"", text.replace('"', "\"\""));
        }
        csv
    }
}

fn fictional(behind: u64) -> PhoneNumber {
    PhoneNumber::from_digits(COUNTRY * ROOM + behind).expect("fifteen digits, the first a 9")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_from_run_to_run() {
        let (mut one, mut other) = (Keys::default(), Keys::default());
        let first = one.number("c00001").unwrap();
        other.number("c00002").unwrap();
        assert_eq!(other.number("c00001").unwrap(), first);
        assert_ne!(one.number("c00002").unwrap(), first);
        assert!(first.to_string().starts_with("+999") && first.to_string().len() == 16);
        assert_ne!(one.nameless(), one.nameless());
        assert_eq!(one.to_csv().lines().count(), 3);
    }
}
