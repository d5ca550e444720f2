//! How long a stage rings: the lookup user, number, company (domain.md 1.7, H4 and V4).
//!
//! Independent of who was routed to: the user level is that of the number's owner, whoever rings.

use crate::account::{Accounts, NumberId};
use crate::params::RoutingParams;
use crate::time::Nanos;

/// The ring time when nobody set one (H3, H4, V4).
pub const DEFAULT_RING: Nanos = Nanos(60 * Nanos::SECOND.0);

/// Where a ring time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RingLevel {
    /// `[routing] ring_timeout`.
    Parameter,
    /// The number's owner.
    User,
    /// The number.
    Number,
    /// The sub-account.
    Company,
    /// Set nowhere.
    Default,
}

impl RingLevel {
    /// Its word in traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::User => "user",
            Self::Number => "number",
            Self::Company => "company",
            Self::Default => "default",
        }
    }
}

/// The ring time of a number as it is set, and the level that set it. What rings is this, clamped
/// to 5..600 s, and the dial buffer (domain.md 3.4).
pub fn ring_time(
    accounts: &Accounts,
    number: NumberId,
    params: &RoutingParams,
) -> (Nanos, RingLevel) {
    let number = accounts.number(number);
    let user = || accounts.user(number.assigned_to?).incoming_timeout;
    let company = || accounts.sub_account(number.sub_account).incoming_timeout;
    let at = |ring: Option<Nanos>, level| Some((ring?, level));
    at(params.ring_timeout, RingLevel::Parameter)
        .or_else(|| at(user(), RingLevel::User))
        .or_else(|| at(number.incoming_timeout, RingLevel::Number))
        .or_else(|| at(company(), RingLevel::Company))
        .unwrap_or((DEFAULT_RING, RingLevel::Default))
}

/// The shortest that a dial rings (domain.md 3.4, T2).
pub const SHORTEST_RING: Nanos = Nanos(5 * Nanos::SECOND.0);

/// The longest that a dial rings (domain.md 3.4, T2).
pub const LONGEST_RING: Nanos = Nanos(600 * Nanos::SECOND.0);

/// How long a stage really rings with this setting: clamped, and the buffer on top.
pub fn really_rings(ring: Nanos, dial_buffer: Nanos) -> Nanos {
    ring.clamp(SHORTEST_RING, LONGEST_RING) + dial_buffer
}
