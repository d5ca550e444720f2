//! Who calls whom: which number a fresh call dials, and which number it shows.

use std::sync::Arc;

use routing::PhoneNumber;
use routing::account::{Accounts, NumberId};
use routing::record::FreshId;

use crate::by_size::BySize;
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
    /// All there are, so many, each as often as the others.
    All(u32),
    /// In proportion to the size of their sub-account.
    BySize(BySize),
}

impl Targets {
    /// These, evenly.
    pub fn evenly(numbers: Vec<NumberId>) -> Option<Self> {
        (!numbers.is_empty()).then(|| Self::Evenly(numbers.into()))
    }

    /// All numbers of these accounts, evenly.
    pub fn all(accounts: &Accounts) -> Option<Self> {
        let count = accounts.numbers().len() as u32;
        (count > 0).then_some(Self::All(count))
    }

    /// All numbers of these accounts, in proportion to the size of their sub-account.
    pub fn by_size(accounts: &Accounts) -> Option<Self> {
        BySize::of(accounts).map(Self::BySize)
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
            Self::All(count) => NumberId(below(uniform, *count)),
            Self::BySize(sizes) => sizes.draw(uniform),
        }
    }

    /// How many numbers can be called.
    pub fn count(&self) -> usize {
        match self {
            Self::Evenly(numbers) => numbers.len(),
            Self::All(count) => *count as usize,
            Self::Weighted(_) | Self::BySize(_) => {
                let mut count = 0;
                self.each_share(&mut |_, _| count += 1);
                count
            }
        }
    }

    /// Tells of each number that can be called its share of the calls, in order.
    pub fn each_share(&self, each: &mut dyn FnMut(NumberId, f64)) {
        match self {
            Self::Evenly(numbers) => {
                let share = 1.0 / numbers.len() as f64;
                numbers.iter().for_each(|number| each(*number, share));
            }
            Self::Weighted(numbers) => {
                let all = numbers.last().map_or(1.0, |(_, so_far)| *so_far);
                let mut before = 0.0;
                for (number, so_far) in numbers.iter() {
                    if *so_far > before {
                        each(*number, (so_far - before) / all);
                    }
                    before = *so_far;
                }
            }
            Self::All(count) => {
                let share = 1.0 / f64::from(*count);
                (0..*count).for_each(|number| each(NumberId(number), share));
            }
            Self::BySize(sizes) => {
                for (numbers, share) in sizes.shares() {
                    numbers.for_each(|number| each(NumberId(number), share));
                }
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
                let at = below(uniform, contacts.len() as u32) as usize;
                contacts.get(at).map(|it| it.phone)
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
