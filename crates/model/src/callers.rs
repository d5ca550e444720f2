//! Who calls whom: which number a fresh call dials, and which number it shows.

use std::sync::Arc;

use routing::PhoneNumber;
use routing::account::{Accounts, NumberId};
use routing::record::FreshId;

use crate::draws::{below, unit, widen};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Callers {
    /// Each fresh call another person.
    #[default]
    Unique,
    /// The contacts of the called sub-account, drawn evenly; one without contacts is called by
    /// unique ones.
    Contacts,
    /// Withheld numbers.
    Private,
    /// So many people, drawn evenly.
    Pool(u32),
    /// A made-up number in every call, drawn evenly from those of the called number's first digits.
    Spoofed,
}

/// Which numbers are called, with their weights.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// Each as often as the others.
    Evenly(Arc<[NumberId]>),
    /// In proportion to a weight: (number, weight so far).
    Weighted(Arc<[(NumberId, f64)]>),
}

impl Targets {
    /// These, evenly.
    pub fn evenly(numbers: Vec<NumberId>) -> Option<Self> {
        (!numbers.is_empty()).then(|| Self::Evenly(numbers.into()))
    }

    /// These with weights that are finite and not negative, one at least above 0.
    pub fn weighted(numbers: &[(NumberId, f64)]) -> Option<Self> {
        let mut so_far = 0.0;
        let mut cumulative = Vec::with_capacity(numbers.len());
        for (number, weight) in numbers {
            if !(*weight >= 0.0 && weight.is_finite()) {
                return None;
            }
            so_far += weight;
            cumulative.push((*number, so_far));
        }
        (so_far > 0.0 && so_far.is_finite()).then(|| Self::Weighted(cumulative.into()))
    }

    /// The number of this uniform ([`crate::draws::FreshDraws::to`]).
    #[inline]
    pub fn draw(&self, uniform: u32) -> NumberId {
        match self {
            Self::Evenly(numbers) => numbers[below(uniform, numbers.len() as u32) as usize],
            Self::Weighted(numbers) => {
                let at = unit(widen(uniform)) * numbers[numbers.len() - 1].1;
                let found = numbers.partition_point(|(_, so_far)| *so_far <= at);
                numbers[found.min(numbers.len() - 1)].0
            }
        }
    }

    /// How many numbers can be called.
    pub fn count(&self) -> usize {
        match self {
            Self::Evenly(numbers) => numbers.len(),
            Self::Weighted(_) => self.numbers().len(),
        }
    }

    /// The numbers that can be called.
    pub fn numbers(&self) -> Vec<NumberId> {
        match self {
            Self::Evenly(numbers) => numbers.to_vec(),
            Self::Weighted(numbers) => {
                let mut before = 0.0;
                let mut kept = Vec::new();
                for (number, so_far) in numbers.iter() {
                    if *so_far > before {
                        kept.push(*number);
                    }
                    before = *so_far;
                }
                kept
            }
        }
    }
}

/// The number of a made-up person: from the unassigned country code 999, so that nobody has it.
pub fn made_up(source: u16, n: u64) -> PhoneNumber {
    const ROOM: u64 = 1_000_000_000_000;
    let within = (u64::from(source) * 97_000_000_001 + n) % ROOM;
    PhoneNumber::from_digits(999 * ROOM + within).unwrap_or_else(|| unreachable_number(within))
}

/// 999 and twelve digits always make a number of fifteen; this keeps the function total.
fn unreachable_number(within: u64) -> PhoneNumber {
    PhoneNumber::from_digits(within + 1).unwrap_or_else(|| made_up(0, 0))
}

impl Callers {
    /// Who makes this fresh call to this number, by this uniform
    /// ([`crate::draws::FreshDraws::from`]).
    #[inline]
    pub fn draw(
        self,
        uniform: u32,
        fresh: FreshId,
        to: NumberId,
        accounts: &Accounts,
    ) -> Option<PhoneNumber> {
        match self {
            Self::Private => None,
            Self::Unique => Some(made_up(fresh.source, fresh.n)),
            Self::Pool(size) => Some(made_up(
                fresh.source,
                u64::from(below(uniform, size.max(1))),
            )),
            Self::Contacts => {
                let contacts = accounts.contacts_of(accounts.number(to).sub_account);
                if contacts.is_empty() {
                    return Some(made_up(fresh.source, fresh.n));
                }
                Some(contacts[below(uniform, contacts.len() as u32) as usize].phone)
            }
            Self::Spoofed => {
                let near = accounts.number(to).number.digits() / 10_000 * 10_000;
                PhoneNumber::from_digits(near + u64::from(below(uniform, 10_000)))
            }
        }
    }

    /// Whether each fresh call is another person.
    pub const fn all_different(self) -> bool {
        matches!(self, Self::Unique | Self::Private | Self::Spoofed)
    }
}
