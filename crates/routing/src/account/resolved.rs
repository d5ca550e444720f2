//! A sub-account whose references are resolved already: what a generator of accounts makes.

use super::{Number, SubAccount, User};
use crate::number::PhoneNumber;

/// A sub-account, complete. A [`super::UserId`] in it is the place of a user among its own;
/// whoever makes it answers for it: nothing is named twice, and no reference leads to nobody.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// Itself; where its users, numbers and contacts lie is filled in when it is taken.
    pub account: SubAccount,
    /// Its agency by name.
    pub agency: Option<String>,
    /// Its users with the name of the person, where that is not `<sub-account>/<id>`.
    pub users: Vec<(User, Option<String>)>,
    /// Its numbers.
    pub numbers: Vec<Number>,
    /// The number of its first contact; the others follow it.
    pub first_contact: Option<PhoneNumber>,
    /// The owners of its contacts by their place among the users; [`Resolved::NOBODY`] for none.
    pub contact_owners: Vec<u16>,
}

impl Resolved {
    /// A contact without owner, in [`Resolved::contact_owners`].
    pub const NOBODY: u16 = u16::MAX;

    /// Empties it, so that the next one can be made in its memory.
    pub fn clear(&mut self) {
        self.account = SubAccount::default();
        self.agency = None;
        self.users.clear();
        self.numbers.clear();
        self.first_contact = None;
        self.contact_owners.clear();
    }
}

/// Numbers that can be found without a table: number `k` of sub-account `n` is
/// `first + n * room + k`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberBlocks {
    /// The digits of the first number of the first sub-account.
    pub first: u64,
    /// How far the first numbers of two neighbours lie apart: more than any has numbers.
    pub room: u64,
}

impl NumberBlocks {
    /// Which number of which sub-account this would be.
    #[inline]
    pub(super) fn place(self, number: PhoneNumber) -> Option<(u64, u64)> {
        let within = number.digits().checked_sub(self.first)?;
        Some((within / self.room, within % self.room))
    }
}
