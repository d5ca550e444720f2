//! Persons: one user, or the same human in several sub-accounts.

use super::{PersonId, UserId};

/// All persons. A person without a name of its own is named after its only user, so the name need
/// not be kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Persons {
    first_users: Vec<UserId>,
    /// The names that were given, by person.
    given: Vec<(PersonId, Box<str>)>,
}

impl Persons {
    pub(super) fn len(&self) -> usize {
        self.first_users.len()
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.first_users.reserve_exact(more);
    }

    /// A person whose first user this is.
    pub(super) fn push(&mut self, user: UserId, given: Option<&str>) -> PersonId {
        let id = PersonId(self.first_users.len() as u32);
        self.first_users.push(user);
        if let Some(name) = given {
            self.given.push((id, name.into()));
        }
        id
    }

    pub(super) fn first_user(&self, id: PersonId) -> UserId {
        self.first_users[id.index()]
    }

    pub(super) fn given_name(&self, id: PersonId) -> Option<&str> {
        let at = self.given.binary_search_by_key(&id, |it| it.0).ok()?;
        Some(&self.given[at].1)
    }
}
