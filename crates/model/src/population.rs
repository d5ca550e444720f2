//! Synthetic sub-accounts: a population of up to a million of them, each made from the seed alone.
//!
//! What a sub-account is like is a function of its place in the population and of the keys of
//! `[population]`, not of its neighbours: any of them can be made alone, and all of them beside
//! each other. Nothing is read and nothing is written here; who keeps or prints what is made
//! is somebody else.
//!
//! **Numbers.** A population has more numbers than any range of examples: all of them have the
//! unassigned country code 999, then one digit for what they are ([`NumberOf`]), six for the
//! sub-account (or agency) and four for the place within it, fourteen digits in all. Made-up
//! callers ([`crate::callers::made_up`]) and pseudonyms have fifteen, so that none is taken for
//! one of these.

mod build;
mod count;
mod item;
mod keys;
mod make;
mod values;

pub use build::{Built, TooLarge};
pub use count::{Count, CountError, Law, MOST as MOST_COUNT};
pub use keys::{Key, MIXES, OTHERS, SHARES, Takes, keys};
pub use values::{Value, ValueFault, Values};

use std::sync::Arc;

use routing::account::{NumberBlocks, Resolved, TableSizes};
use routing::hours::WeekHours;
use routing::{Nanos, PhoneNumber};

use crate::draws::{Draws, threshold};
use crate::ivr::Workflow;
use crate::random_time::RandomTime;
use item::{Item, Kind, of_account};
use keys::Odd;

/// The most sub-accounts of a population.
pub const MOST_SUB_ACCOUNTS: u32 = 1_000_000;

/// The most numbers of a population.
pub const MOST_NUMBERS: u64 = 10_000_000;

/// The most branches of a menu.
const MOST_BRANCHES: u32 = 64;

/// 999 and eleven digits.
const FIRST: u64 = 99_900_000_000_000;

/// Numbers of one kind.
const OF_A_KIND: u64 = 10_000_000_000;

/// Numbers of one sub-account and kind.
const OF_A_SUB_ACCOUNT: u64 = 10_000;

/// What a made number belongs to: the digit behind 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberOf {
    /// One of our numbers.
    Account = 1,
    /// The phone of a user (U).
    User = 2,
    /// A forwarding number (F).
    Forwarding = 3,
    /// The business phone (B).
    Business = 4,
    /// A contact.
    Contact = 5,
    /// The phone of a person of an agency.
    AgencyStaff = 6,
}

impl NumberOf {
    /// The number of this kind at this place of a sub-account or agency (below a million, below
    /// ten thousand).
    pub fn number(self, of: u32, place: u32) -> PhoneNumber {
        let (of, place) = (
            u64::from(of) % 1_000_000,
            u64::from(place) % OF_A_SUB_ACCOUNT,
        );
        let digits = FIRST + self as u64 * OF_A_KIND + of * OF_A_SUB_ACCOUNT + place;
        PhoneNumber::from_digits(digits).unwrap_or_else(|| unreachable!("fourteen digits"))
    }

    /// Where our numbers lie.
    pub const BLOCKS: NumberBlocks = NumberBlocks {
        first: FIRST + Self::Account as u64 * OF_A_KIND,
        room: OF_A_SUB_ACCOUNT,
    };
}

/// A sub-account as it is made: what the tables take, and what its IVRs do.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Itself.
    pub resolved: Resolved,
    /// What the IVR of the number at this place does; its users by their places too.
    pub workflows: Vec<(u32, Workflow)>,
}

/// A population: its keys, checked, and the seed.
#[derive(Debug, Clone)]
pub struct Population {
    sub_accounts: u32,
    seed: u64,
    draws: Draws,
    /// How many of the 2^32 uniforms hit, by [`Odd`].
    odds: Vec<u64>,
    /// The same as shares, for the branches of menus.
    connects: f64,
    hang_up: crate::Share,
    staff: Count,
    numbers: Count,
    contacts: Count,
    extra_users: Count,
    rings: Vec<(u64, Nanos)>,
    shifts: Vec<(u64, Arc<WeekHours>)>,
    voice_ai_hours: Option<Arc<WeekHours>>,
    ivr_branches: Count,
    ivr_users: Count,
    ivr_menu: RandomTime,
    ivr_timeout: Nanos,
    agency_size: u32,
    agency_staff: u32,
}

impl Population {
    /// A population of so many sub-accounts (at most [`MOST_SUB_ACCOUNTS`]) under this seed.
    ///
    /// # Errors
    /// The first key whose value is missing or does not go with the others.
    pub fn new(sub_accounts: u32, seed: u64, values: &Values) -> Result<Self, ValueFault> {
        let odds = Odd::ALL.iter().zip(SHARES);
        let odds: Vec<u64> = odds
            .map(|(_, key)| values.share(key.name).map(|share| threshold(share.get())))
            .collect::<Result<_, _>>()?;
        let share_of = |odd: Odd| odds[odd as usize];
        for (first, others) in [
            (Odd::AiDirect, &[Odd::AiBackup][..]),
            (Odd::Held, &[Odd::BackupAi, Odd::NoBackup][..]),
        ] {
            let sum: u64 = others.iter().map(|odd| share_of(*odd)).sum::<u64>() + share_of(first);
            if sum > (1 << 32) + 4 {
                return Err(ValueFault::above_one(SHARES, first, others));
            }
        }
        Ok(Self {
            sub_accounts: sub_accounts.min(MOST_SUB_ACCOUNTS),
            seed,
            draws: Draws::new(seed, 0),
            connects: values.share("ivr_connects")?.get(),
            hang_up: values.share("ivr_hang_up")?,
            odds,
            staff: values.count("staff")?,
            numbers: values.count("numbers")?,
            contacts: values.count("contacts")?,
            extra_users: values
                .count("extra_users")?
                .at_most(routing::account::MAX_RING_MORE as u32),
            rings: values.rings("ring_times")?,
            shifts: values.shifts("shifts")?,
            voice_ai_hours: values.hours("voice_ai_hours")?.map(Arc::new),
            ivr_branches: values.count("ivr_branches")?.at_most(MOST_BRANCHES),
            ivr_users: values
                .count("ivr_users")?
                .at_most(crate::ivr::MAX_CONNECT as u32),
            ivr_menu: values.time("ivr_menu")?,
            ivr_timeout: values.duration("ivr_timeout")?,
            agency_size: values.whole("agency_size")?,
            agency_staff: values.whole("agency_staff")?,
        })
    }

    /// How many sub-accounts there are.
    pub fn sub_accounts(&self) -> u32 {
        self.sub_accounts
    }

    /// The first so many of them, where there are more.
    pub fn first(&self, sub_accounts: u32) -> Option<Self> {
        (self.sub_accounts > sub_accounts).then(|| Self {
            sub_accounts,
            ..self.clone()
        })
    }

    /// The seed that it is made from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How many of each a sub-account has on average.
    pub fn means(&self) -> TableMeans {
        TableMeans {
            users: self.staff.mean(),
            numbers: self.numbers.mean(),
            contacts: self.contacts.mean(),
        }
    }

    /// How many users, numbers and contacts the sub-account at this place has.
    pub fn sizes(&self, at: u32) -> TableSizes {
        let item: Item<1> = self.item(Kind::SubAccount, at, 0);
        TableSizes {
            sub_accounts: 1,
            users: self.staff.draw(item.uniform(of_account::STAFF)) as usize,
            numbers: self.numbers.draw(item.uniform(of_account::NUMBERS)) as usize,
            contacts: self.contacts.draw(item.uniform(of_account::CONTACTS)) as usize,
        }
    }

    fn item<const BLOCKS: usize>(&self, kind: Kind, of: u32, place: u32) -> Item<BLOCKS> {
        Item::new(&self.draws, kind, of, place, 0)
    }

    /// How many of the 2^32 uniforms hit.
    #[inline]
    fn odds(&self, odd: Odd) -> u64 {
        self.odds[odd as usize]
    }
}

/// How many of each a sub-account has on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableMeans {
    /// Users.
    pub users: f64,
    /// Numbers.
    pub numbers: f64,
    /// Contacts.
    pub contacts: f64,
}

#[cfg(test)]
mod tests;
