//! The contacts of a sub-account.

use std::ops::Range;

use super::resolved::Resolved;
use super::{Contact, UserId};
use crate::number::PhoneNumber;

/// A contact that is nobody's.
const NOBODY: u8 = u8::MAX;

/// All contacts of all sub-accounts. Those of one whose numbers follow each other and whose owners
/// are among its first 255 users take one byte each: their owners; others sixteen.
#[derive(Debug, Clone, Default)]
pub(super) struct ContactTables {
    listed: Vec<Contact>,
    /// Owners, by their place among the users of the sub-account.
    owners: Vec<u8>,
}

/// Where the contacts of one sub-account lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContactRange {
    /// The first number, where they follow each other.
    first: Option<PhoneNumber>,
    start: u32,
    end: u32,
}

impl ContactRange {
    pub(super) const NONE: Self = Self {
        first: None,
        start: 0,
        end: 0,
    };

    /// Moves it to where its part of the tables was appended.
    pub(super) fn rebased(self, (listed, owners): (u32, u32)) -> Self {
        let by = if self.first.is_some() { owners } else { listed };
        Self {
            first: self.first,
            start: self.start + by,
            end: self.end + by,
        }
    }

    fn indices(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl ContactTables {
    pub(super) fn len(&self) -> usize {
        self.listed.len() + self.owners.len()
    }

    pub(super) fn reserve_owners(&mut self, more: usize) {
        self.owners.reserve_exact(more);
    }

    /// Adds the contacts of a sub-account, whose first user has this id.
    pub(super) fn push(&mut self, mut contacts: Vec<Contact>, first_user: u32) -> ContactRange {
        contacts.sort_unstable_by_key(|contact| contact.phone);
        let follow = contacts
            .windows(2)
            .all(|two| two[0].phone.digits() + 1 == two[1].phone.digits());
        let owner = |contact: &Contact| match contact.assigned_to {
            None => Some(NOBODY),
            Some(user) => byte(user.0 - first_user),
        };
        let owners: Option<Vec<u8>> = contacts.iter().map(owner).collect();
        match (contacts.first(), owners) {
            (Some(first), Some(owners)) if follow => self.push_bytes(first.phone, owners),
            _ => self.push_listed(contacts),
        }
    }

    /// Adds contacts whose numbers follow each other, by the places of their owners among the
    /// users, of whom the first has this id.
    pub(super) fn push_numbered(
        &mut self,
        first: PhoneNumber,
        owners: &[u16],
        first_user: u32,
    ) -> ContactRange {
        let place = |owner: &u16| (*owner != Resolved::NOBODY).then_some(u32::from(*owner));
        let one_byte = |owner: &u16| place(owner).is_none_or(|place| byte(place).is_some());
        if owners.iter().all(one_byte) {
            let byte = |owner| place(owner).and_then(byte).unwrap_or(NOBODY);
            return self.push_bytes(first, owners.iter().map(byte));
        }
        let contact = |(at, owner)| {
            Some(Contact {
                phone: PhoneNumber::from_digits(first.digits() + at)?,
                assigned_to: place(owner).map(|place| UserId(first_user + place)),
            })
        };
        let contacts = (0..).zip(owners).filter_map(contact);
        self.push_listed(contacts.collect())
    }

    fn push_bytes(
        &mut self,
        first: PhoneNumber,
        owners: impl IntoIterator<Item = u8>,
    ) -> ContactRange {
        let start = self.owners.len() as u32;
        self.owners.extend(owners);
        let end = self.owners.len() as u32;
        ContactRange {
            first: Some(first),
            start,
            end,
        }
    }

    fn push_listed(&mut self, mut contacts: Vec<Contact>) -> ContactRange {
        let start = self.listed.len() as u32;
        self.listed.append(&mut contacts);
        let end = self.listed.len() as u32;
        ContactRange {
            first: None,
            start,
            end,
        }
    }

    /// Appends others, whose users got ids that are so much higher; where the two tables of them
    /// begin.
    pub(super) fn append(&mut self, other: Self, users: u32) -> (u32, u32) {
        let at = (self.listed.len() as u32, self.owners.len() as u32);
        let moved = |it: Contact| Contact {
            assigned_to: it.assigned_to.map(|user| UserId(user.0 + users)),
            ..it
        };
        self.listed.extend(other.listed.into_iter().map(moved));
        self.owners.extend_from_slice(&other.owners);
        at
    }

    pub(super) fn of(&self, range: ContactRange, first_user: u32) -> Contacts<'_> {
        Contacts(match range.first {
            Some(first) => Form::Numbered {
                first,
                owners: &self.owners[range.indices()],
                first_user,
            },
            None => Form::Listed(&self.listed[range.indices()]),
        })
    }
}

/// The place of a user in one byte, where it fits beside [`NOBODY`].
fn byte(place: u32) -> Option<u8> {
    u8::try_from(place).ok().filter(|it| *it != NOBODY)
}

/// The contacts of one sub-account, sorted by number.
#[derive(Debug, Clone, Copy)]
pub struct Contacts<'a>(Form<'a>);

#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    Listed(&'a [Contact]),
    Numbered {
        first: PhoneNumber,
        owners: &'a [u8],
        first_user: u32,
    },
}

impl<'a> Contacts<'a> {
    /// How many there are.
    #[inline]
    pub fn len(self) -> usize {
        match self.0 {
            Form::Listed(list) => list.len(),
            Form::Numbered { owners, .. } => owners.len(),
        }
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The one at this place, from 0.
    #[inline]
    pub fn get(self, at: usize) -> Option<Contact> {
        match self.0 {
            Form::Listed(list) => list.get(at).copied(),
            Form::Numbered {
                first,
                owners,
                first_user,
            } => {
                let owner = *owners.get(at)?;
                Some(Contact {
                    phone: PhoneNumber::from_digits(first.digits() + at as u64)?,
                    assigned_to: (owner != NOBODY).then(|| UserId(first_user + u32::from(owner))),
                })
            }
        }
    }

    /// The one with this number: exact match (domain.md section 7, question 13).
    #[inline]
    pub fn find(self, phone: PhoneNumber) -> Option<Contact> {
        match self.0 {
            Form::Listed(list) => {
                let at = list.binary_search_by_key(&phone, |it| it.phone).ok()?;
                Some(list[at])
            }
            Form::Numbered { first, .. } => {
                let at = phone.digits().checked_sub(first.digits())?;
                self.get(usize::try_from(at).ok()?)
            }
        }
    }

    /// All of them, by number.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Contact> + 'a {
        (0..self.len()).map(move |at| {
            self.get(at)
                .unwrap_or_else(|| unreachable!("below its length"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn owners_behind_the_255th_user_are_kept_too_and_move_with_their_users() {
        let first = PhoneNumber::from_digits(100).unwrap();
        let owners = [3, Resolved::NOBODY, 254, 255, 399];
        for owners in [&owners[..3], &owners] {
            let mut part = ContactTables::default();
            let range = part.push_numbered(first, owners, 7);
            let mut whole = ContactTables::default();
            whole.push(vec![contact((5, Some(1)))], 0);
            whole.push_listed(vec![contact((9, Some(2)))]);
            let range = range.rebased(whole.append(part, 20));
            let kept: Vec<_> = whole.of(range, 27).iter().collect();
            let given = (100..).zip(owners).map(|(digits, owner)| {
                let owner = (*owner != Resolved::NOBODY).then(|| 27 + u32::from(*owner));
                contact((digits, owner))
            });
            assert_eq!(kept, given.collect::<Vec<_>>());
        }
    }

    fn contact((digits, owner): (u64, Option<u32>)) -> Contact {
        Contact {
            phone: PhoneNumber::from_digits(digits).unwrap(),
            assigned_to: owner.map(UserId),
        }
    }

    proptest! {
        /// Whichever way they are kept, they are the contacts that were put in.
        #[test]
        fn contacts_are_those_that_were_put_in(
            given in prop::collection::btree_map(100u64..130, prop::option::of(7u32..9), 0..30),
        ) {
            let given: Vec<Contact> = given.into_iter().map(contact).collect();
            let mut tables = ContactTables::default();
            tables.push(vec![contact((5, None))], 0);
            let range = tables.push(given.clone(), 7);
            let kept = tables.of(range, 7);
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), given.clone());
            for digits in 99..131 {
                let phone = PhoneNumber::from_digits(digits).unwrap();
                let found = given.iter().find(|it| it.phone == phone).copied();
                prop_assert_eq!(kept.find(phone), found);
            }
        }
    }
}
