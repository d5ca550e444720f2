//! An inbound call as routing sees it, and what routing may ask about the world.

use crate::account::{Accounts, NumberId, UserId};
use crate::hours::LocalTime;
use crate::number::PhoneNumber;

/// A call that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboundCall {
    /// The caller; none when the number is withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled, ours or not.
    pub to: PhoneNumber,
}

/// What a decision may know of the world beside the accounts: never who is busy.
pub trait Availability {
    /// Whether this user's apps are logged in now.
    fn logged_in(&self, user: UserId) -> bool;
    /// Whether the Voice AI of this number is within its hours now. Says nothing of whether there
    /// is one.
    fn voice_ai_open(&self, number: NumberId) -> bool;
}

/// The world at one moment of the week as the accounts tell it, or at no moment in particular.
#[derive(Debug, Clone, Copy)]
pub struct AtTime<'a> {
    accounts: &'a Accounts,
    now: Option<LocalTime>,
}

impl<'a> AtTime<'a> {
    /// At this local time; `None` ignores all hours (what is `available = false` stays logged out).
    pub fn new(accounts: &'a Accounts, now: Option<LocalTime>) -> Self {
        Self { accounts, now }
    }
}

impl Availability for AtTime<'_> {
    fn logged_in(&self, user: UserId) -> bool {
        let user = self.accounts.user(user);
        let in_hours = match (&user.hours, self.now) {
            (Some(hours), Some(now)) => hours.contains(now),
            _ => true,
        };
        user.available && in_hours
    }

    fn voice_ai_open(&self, number: NumberId) -> bool {
        match (&self.accounts.number(number).voice_ai_hours, self.now) {
            (Some(hours), Some(now)) => hours.contains(now),
            _ => true,
        }
    }
}
