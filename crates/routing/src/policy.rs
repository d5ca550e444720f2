//! Routing policies: one file each below `policy/`, one line each in [`POLICIES`].
//!
//! [`decide`] is the whole of a decision: what holds in every policy, then the policy.

use crate::account::{Accounts, NumberId};
use crate::call::{Availability, InboundCall};
use crate::decision::Decision;
use crate::params::RoutingParams;
use crate::trace::Trace;

/// What a policy is told about one call to a number that takes calls.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The call.
    pub call: &'a InboundCall,
    /// The number it came to.
    pub number: NumberId,
    /// All accounts.
    pub accounts: &'a Accounts,
    /// The open questions.
    pub params: &'a RoutingParams,
    /// Who is logged in.
    pub world: &'a dyn Availability,
}
