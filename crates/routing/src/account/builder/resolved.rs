//! Sub-accounts that were made, not declared: taken as they are, in one piece or in parts that
//! were made beside each other.

use super::super::persons::Persons;
use super::super::{
    AgencyId, HoldStaff, Number, NumberBlocks, NumberId, PersonId, Resolved, SubAccount,
    SubAccountId, User, UserId,
};
use super::AccountsBuilder;

/// So many of each table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableSizes {
    /// Sub-accounts.
    pub sub_accounts: usize,
    /// Users.
    pub users: usize,
    /// Numbers.
    pub numbers: usize,
    /// Contacts.
    pub contacts: usize,
}

impl AccountsBuilder {
    /// For sub-accounts that are made, of these sizes in all: their numbers lie in blocks, and
    /// nothing but [`AccountsBuilder::add`] and [`AccountsBuilder::append`] may bring them.
    pub fn of_blocks(blocks: NumberBlocks, sizes: TableSizes) -> Self {
        let mut builder = Self::new();
        let accounts = &mut builder.accounts;
        accounts.blocks = Some(blocks);
        accounts.sub_accounts.reserve_exact(sizes.sub_accounts);
        accounts.users.reserve_exact(sizes.users);
        accounts.persons.reserve(sizes.users);
        accounts.numbers.reserve_exact(sizes.numbers);
        accounts.dialled.reserve_exact(sizes.numbers);
        accounts.contacts.reserve_owners(sizes.contacts);
        builder
    }

    /// Adds a sub-account that was made, and leaves `made` empty. Nothing is checked: a generator
    /// makes no faults. Its first user and its first number got these ids.
    pub fn add(&mut self, made: &mut Resolved) -> (UserId, NumberId) {
        let id = SubAccountId(self.accounts.sub_accounts.len() as u32);
        let (first_user, first_number) = (
            self.accounts.users.len() as u32,
            self.accounts.numbers.len() as u32,
        );
        let agency = made.agency.take().map(|name| self.agency(&name));
        for (at, (mut user, person)) in (first_user..).zip(made.users.drain(..)) {
            user.sub_account = id;
            user.person = match &person {
                Some(name) => self.person(name, true, UserId(at)),
                None => self.accounts.persons.push(UserId(at), None),
            };
            self.accounts.users.push(user);
        }
        for mut number in made.numbers.drain(..) {
            number.sub_account = id;
            moved(&mut number, first_user);
            self.accounts.dialled.push(number.number);
            self.accounts.numbers.push(number);
        }
        let contacts = match made.first_contact.take() {
            Some(first) => {
                let contacts = &mut self.accounts.contacts;
                let range = contacts.push_numbered(first, &made.contact_owners, first_user);
                made.contact_owners.clear();
                range
            }
            None => super::ContactRange::NONE,
        };
        self.accounts.sub_accounts.push(SubAccount {
            agency,
            users: first_user..self.accounts.users.len() as u32,
            numbers: first_number..self.accounts.numbers.len() as u32,
            contacts,
            ..std::mem::take(&mut made.account)
        });
        (UserId(first_user), NumberId(first_number))
    }

    /// Appends what another builder took with [`AccountsBuilder::add`], and says which ids its
    /// first user and its first number have now.
    pub fn append(&mut self, part: Self) -> (UserId, NumberId) {
        let first_account = self.accounts.sub_accounts.len() as u32;
        let first_user = self.accounts.users.len() as u32;
        let first_number = self.accounts.numbers.len() as u32;
        let part = part.accounts;
        let agencies: Vec<AgencyId> = part.agencies.iter().map(|it| self.agency(it)).collect();
        let persons = self.append_persons(&part.persons, first_user);
        let contacts = self.accounts.contacts.append(part.contacts, first_user);
        self.accounts
            .users
            .extend(part.users.into_iter().map(|user| User {
                sub_account: SubAccountId(user.sub_account.0 + first_account),
                person: persons[user.person.index()],
                ..user
            }));
        self.accounts.dialled.extend_from_slice(&part.dialled);
        for mut number in part.numbers {
            number.sub_account.0 += first_account;
            moved(&mut number, first_user);
            self.accounts.numbers.push(number);
        }
        let shifted = |range: std::ops::Range<u32>, by: u32| range.start + by..range.end + by;
        self.accounts
            .sub_accounts
            .extend(part.sub_accounts.into_iter().map(|it| SubAccount {
                agency: it.agency.map(|id| agencies[id.index()]),
                users: shifted(it.users, first_user),
                numbers: shifted(it.numbers, first_number),
                contacts: it.contacts.rebased(contacts),
                ..it
            }));
        (UserId(first_user), NumberId(first_number))
    }

    /// Who the persons of a part are here.
    fn append_persons(&mut self, part: &Persons, first_user: u32) -> Vec<PersonId> {
        let taken = |id: u32| {
            let user = UserId(part.first_user(PersonId(id)).0 + first_user);
            match part.given_name(PersonId(id)) {
                Some(name) => self.person(name, true, user),
                None => self.accounts.persons.push(user, None),
            }
        };
        (0..part.len() as u32).map(taken).collect()
    }
}

/// A number among users that begin at this id now.
fn moved(number: &mut Number, first_user: u32) {
    if first_user == 0 {
        return;
    }
    if let Some(owner) = &mut number.assigned_to {
        owner.0 += first_user;
    }
    for user in &mut number.ring_more {
        user.0 += first_user;
    }
    if let HoldStaff::Users(users) = &mut number.hold_staff {
        for user in users {
            user.0 += first_user;
        }
    }
}
