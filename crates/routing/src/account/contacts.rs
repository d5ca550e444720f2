//! The contacts of a sub-account.

use std::ops::Range;

use super::{Contact, UserId};
use crate::number::PhoneNumber;

/// A contact that is nobody's.
const NOBODY: u16 = u16::MAX;

/// All contacts of all sub-accounts. Those of one whose numbers follow each other take two bytes
/// each: their owners; others sixteen.
#[derive(Debug, Clone, Default)]
pub(super) struct ContactTables {
    listed: Vec<Contact>,
    /// Owners, by their place among the users of the sub-account.
    owners: Vec<u16>,
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
        let ordinal = |user: UserId| {
            u16::try_from(user.0 - first_user)
                .ok()
                .filter(|it| *it != NOBODY)
        };
        let follow = contacts
            .windows(2)
            .all(|two| two[0].phone.digits() + 1 == two[1].phone.digits());
        let fits = contacts
            .iter()
            .all(|it| it.assigned_to.is_none_or(|user| ordinal(user).is_some()));
        match contacts.first() {
            Some(first) if follow && fits => {
                let phone = first.phone;
                let owners = contacts
                    .iter()
                    .map(|it| it.assigned_to.and_then(ordinal).unwrap_or(NOBODY));
                self.push_numbered(phone, owners)
            }
            _ => {
                let start = self.listed.len() as u32;
                self.listed.append(&mut contacts);
                let end = self.listed.len() as u32;
                ContactRange {
                    first: None,
                    start,
                    end,
                }
            }
        }
    }

    /// Adds contacts whose numbers follow each other, by their owners.
    pub(super) fn push_numbered(
        &mut self,
        first: PhoneNumber,
        owners: impl Iterator<Item = u16>,
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

    /// Appends others; where the two tables of them begin.
    pub(super) fn append(&mut self, mut other: Self) -> (u32, u32) {
        let at = (self.listed.len() as u32, self.owners.len() as u32);
        self.listed.append(&mut other.listed);
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

/// The contacts of one sub-account, sorted by number.
#[derive(Debug, Clone, Copy)]
pub struct Contacts<'a>(Form<'a>);

#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    Listed(&'a [Contact]),
    Numbered {
        first: PhoneNumber,
        owners: &'a [u16],
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
