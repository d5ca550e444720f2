//! The draws of one thing that is made: each decision has its own address.

use routing::record::FreshId;

use super::keys::Odd;
use crate::draws::{Address, Draws, Purpose, below};

/// What is made: part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    SubAccount = 0,
    User = 1,
    Number = 2,
    Contact = 3,
    Branch = 4,
    AgencyStaff = 5,
}

/// What is drawn beside the shares. New ones go to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Staff,
    Numbers,
    Contacts,
    RingTime,
    Shift,
    Extras,
    FirstExtra,
    Backup,
    VoiceAi,
    Branches,
    BranchUsers,
    FirstBranchUser,
    FirstOwner,
    AgencyPerson,
}

/// Shares lie below this slot, picks from it on.
const PICKS: u32 = 64;

/// One thing with its draws. A block holds four of them; the last one made is kept.
pub(super) struct Item<'a> {
    draws: &'a Draws,
    odds: &'a [u64],
    address: Address,
    block: u32,
    words: [u32; 4],
}

impl<'a> Item<'a> {
    /// The thing of this kind at a place of a sub-account (or agency).
    pub(super) fn new(draws: &'a Draws, odds: &'a [u64], kind: Kind, of: u32, place: u32) -> Self {
        let fresh = FreshId {
            source: kind as u16,
            n: u64::from(of),
        };
        let address = Address {
            who: place,
            ..Address::of(fresh, 0, Purpose::Population)
        };
        Self {
            draws,
            odds,
            address,
            block: u32::MAX,
            words: [0; 4],
        }
    }

    #[inline]
    fn uniform(&mut self, slot: u32) -> u32 {
        let block = slot / 4;
        if block != self.block {
            self.block = block;
            self.words = self.draws.block(Address {
                attempt: block,
                ..self.address
            });
        }
        self.words[(slot % 4) as usize]
    }

    /// Whether this is true of it. What is always or never true is not drawn.
    #[inline]
    pub(super) fn is(&mut self, odd: Odd) -> bool {
        match self.odds[odd as usize] {
            0 => false,
            all if all >= 1 << 32 => true,
            some => u64::from(self.uniform(odd as u32)) < some,
        }
    }

    /// A uniform of 32 bits.
    #[inline]
    pub(super) fn pick(&mut self, what: Pick) -> u32 {
        self.uniform(PICKS + what as u32)
    }

    /// Which of so many (above 0).
    #[inline]
    pub(super) fn one_of(&mut self, what: Pick, count: u32) -> u32 {
        below(self.pick(what), count)
    }

    /// The four uniforms of a thing that needs no more.
    pub(super) fn four(&mut self) -> [u32; 4] {
        self.uniform(0);
        self.words
    }

    /// The first of these whose share, added to those before, is above the uniform.
    pub(super) fn among<'v, T>(&mut self, what: Pick, values: &'v [(u64, T)]) -> Option<&'v T> {
        if values.is_empty() {
            return None;
        }
        let uniform = u64::from(self.pick(what));
        let mut so_far = 0;
        values
            .iter()
            .find(|(share, _)| {
                so_far += share;
                uniform < so_far
            })
            .map(|(_, value)| value)
    }
}
