//! The draws of one thing that is made: each decision has its own address.

use routing::record::FreshId;

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

/// Which uniform of a sub-account is for what. The places are part of every population: they never
/// change, new ones are added.
pub(super) mod of_account {
    pub(crate) const STAFF: usize = 0;
    pub(crate) const NUMBERS: usize = 1;
    pub(crate) const CONTACTS: usize = 2;
    pub(crate) const BUSINESS_PHONE: usize = 3;
    pub(crate) const NOT_FORWARDED: usize = 4;
    pub(crate) const PREFERS_CONTACT: usize = 5;
    pub(crate) const REFUSES_PRIVATE: usize = 6;
    pub(crate) const GREETING: usize = 7;
    pub(crate) const RING_TIME: usize = 8;
    pub(crate) const POOL: usize = 9;
    pub(crate) const LOOP: usize = 10;
    pub(crate) const FIRST_OWNER: usize = 11;
}

/// The same of a user, and of a person of an agency.
pub(super) mod of_user {
    pub(crate) const WEB: usize = 0;
    pub(crate) const MOBILE: usize = 1;
    pub(crate) const DESK: usize = 2;
    pub(crate) const PHONE: usize = 3;
    pub(crate) const GREETING: usize = 4;
    pub(crate) const RING_TIME: usize = 5;
    /// Logged out, else the shift.
    pub(crate) const SHIFT: usize = 6;
    pub(crate) const SHARED: usize = 7;
}

/// The same of a number.
pub(super) mod of_number {
    pub(crate) const OWNED: usize = 0;
    pub(crate) const FORWARDED: usize = 1;
    pub(crate) const RING_TIME: usize = 2;
    pub(crate) const CALL_CONNECT: usize = 3;
    pub(crate) const WHISPER: usize = 4;
    pub(crate) const PASSES_CALLED: usize = 5;
    pub(crate) const NOT_CAPABLE: usize = 6;
    pub(crate) const IVR: usize = 7;
    pub(crate) const VOICE_AI: usize = 8;
    pub(crate) const AI_HOURS: usize = 9;
    pub(crate) const BACKUP: usize = 10;
    /// Whether it rings more, and who is the first of them.
    pub(crate) const RING_MORE: usize = 11;
    pub(crate) const EXTRA_USERS: usize = 12;
    pub(crate) const BRANCHES: usize = 13;
}

/// The same of a branch of a menu.
pub(super) mod of_branch {
    pub(crate) const USERS: usize = 0;
    pub(crate) const FIRST_USER: usize = 1;
    pub(crate) const VOICEMAIL: usize = 2;
}

/// The uniforms of one thing: four a block, all made together.
pub(super) struct Item<const BLOCKS: usize>([[u32; 4]; BLOCKS]);

impl<const BLOCKS: usize> Item<BLOCKS> {
    /// The thing of this kind at a place of a sub-account (or agency); its blocks from this one.
    #[inline]
    pub(super) fn new(draws: &Draws, kind: Kind, of: u32, place: u32, block: u32) -> Self {
        let fresh = FreshId {
            source: kind as u16,
            n: u64::from(of),
        };
        let address = Address {
            who: place,
            ..Address::of(fresh, block, Purpose::Population)
        };
        Self(draws.blocks(address))
    }

    /// The uniform of this place.
    #[inline]
    pub(super) fn uniform(&self, at: usize) -> u32 {
        self.0[at / 4][at % 4]
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flatten().copied()
    }

    /// Whether the uniform of this place is below this many of 2^32.
    #[inline]
    pub(super) fn is(&self, at: usize, odds: u64) -> bool {
        u64::from(self.uniform(at)) < odds
    }

    /// The same, and where it is a uniform that is left of it.
    #[inline]
    pub(super) fn within(&self, at: usize, odds: u64) -> Option<u32> {
        let uniform = u64::from(self.uniform(at));
        (uniform < odds).then(|| ((uniform << 32) / odds) as u32)
    }

    /// Where it is not, a uniform that is left of it.
    #[inline]
    pub(super) fn beyond(&self, at: usize, odds: u64) -> Option<u32> {
        let uniform = u64::from(self.uniform(at));
        let left = (1u64 << 32).checked_sub(odds)?;
        (uniform >= odds).then(|| (((uniform - odds) << 32) / left.max(1)) as u32)
    }

    /// Which of so many (above 0).
    #[inline]
    pub(super) fn one_of(&self, at: usize, count: u32) -> u32 {
        below(self.uniform(at), count)
    }
}

/// The first of these whose share, added to those before, is above the uniform.
pub(super) fn among<T>(uniform: u32, values: &[(u64, T)]) -> Option<&T> {
    let mut so_far = 0;
    let found = values.iter().find(|(share, _)| {
        so_far += share;
        u64::from(uniform) < so_far
    });
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_uniform_is_one() {
        let item = |uniform| Item::<1>([[uniform, 0, 0, 0]]);
        let quarter = 1 << 30;
        assert_eq!(item(0).within(0, quarter), Some(0));
        assert_eq!(item(1 << 29).within(0, quarter), Some(1 << 31));
        assert_eq!(item(1 << 30).within(0, quarter), None);
        assert_eq!(item(1 << 30).beyond(0, quarter), Some(0));
        assert_eq!(item(u32::MAX).beyond(0, quarter), Some(u32::MAX - 1));
        assert_eq!(item(5).beyond(0, 0), Some(5));
        assert_eq!(item(5).beyond(0, 1 << 32), None);
        assert_eq!(item(5).within(0, 0), None);
    }
}
