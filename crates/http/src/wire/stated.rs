//! Who is logged in as a request tells it, or the accounts where it tells nothing.

use routing::account::{Accounts, NumberId, UserId};
use routing::call::{AtTime, Availability};
use routing::hours::LocalTime;

/// The world of one request.
#[derive(Debug, Clone)]
pub struct Stated<'a> {
    accounts: &'a Accounts,
    by_hours: AtTime<'a>,
    /// None when the request says nothing about anybody.
    available: Option<Vec<(UserId, bool)>>,
}

impl<'a> Stated<'a> {
    /// At this local time, with what the request states. Without a statement the accounts' hours
    /// count; with one, even an empty one, whoever is not named is as `available` of the accounts
    /// file says.
    pub fn new(
        accounts: &'a Accounts,
        now: Option<LocalTime>,
        available: Option<Vec<(UserId, bool)>>,
    ) -> Self {
        Self {
            accounts,
            by_hours: AtTime::new(accounts, now),
            available,
        }
    }
}

impl Availability for Stated<'_> {
    fn logged_in(&self, user: UserId) -> bool {
        let Some(stated) = &self.available else {
            return self.by_hours.logged_in(user);
        };
        let named = stated.iter().find(|(id, _)| *id == user);
        named.map_or_else(|| self.accounts.user(user).available, |(_, is)| *is)
    }

    fn voice_ai_open(&self, number: NumberId) -> bool {
        self.by_hours.voice_ai_open(number)
    }
}
