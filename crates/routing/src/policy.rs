//! Routing policies: one file each below `policy/`, one line each in [`POLICIES`].
//!
//! [`decide`] is the whole of a decision: what holds in every policy, then the policy, then the
//! whisper. A policy must not know the wire, the clock or who is busy.

mod ending;
mod layers_legacy;
mod legs;
mod owners;
mod prelude;
mod priority_2025;
mod ring_time;
mod stages_2026;
mod strict_both;
mod table_2024;
mod tree_owner_first;
mod whisper;

use crate::account::{Accounts, Number, NumberId, SubAccount};
use crate::call::{Availability, InboundCall};
use crate::decision::{Decision, DropCause, Terminal};
use crate::params::RoutingParams;
use crate::trace::{Fact, RuleId, Trace, Verdict};

pub use ring_time::{
    DEFAULT_RING, LONGEST_RING, RingLevel, SHORTEST_RING, really_rings, ring_time,
};
pub use whisper::{broken_placeholder, whisper_resolves};

/// Every policy, in the order of contract.md section 3. A new one is a file and a line here.
pub const POLICIES: &[PolicyEntry] = &[
    stages_2026::ENTRY,
    table_2024::ENTRY,
    priority_2025::ENTRY,
    tree_owner_first::ENTRY,
    strict_both::ENTRY,
    layers_legacy::ENTRY,
];

/// The policy of a scenario that names none.
pub const DEFAULT: &str = "stages-2026";

/// A policy as it is registered.
#[derive(Clone, Copy)]
pub struct PolicyEntry {
    /// Its name in files and on the command line.
    pub name: &'static str,
    /// What it does and which documents it follows, in one line.
    pub help: &'static str,
    /// The policy itself; policies have no state.
    pub policy: &'static dyn RoutingPolicy,
}

/// The policy with this name.
pub fn find(name: &str) -> Option<&'static dyn RoutingPolicy> {
    POLICIES
        .iter()
        .find(|entry| entry.name == name)
        .map(|entry| entry.policy)
}

/// One reading of the documents: who rings when a call comes to a number that takes calls.
pub trait RoutingPolicy: Send + Sync {
    /// Its name, the same as in its [`PolicyEntry`].
    fn name(&self) -> &'static str;

    /// Who rings and what comes then. Total: gives a decision for every question, of one stage or
    /// none.
    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision;

    /// Whether a direct Voice AI stands at a rank of this policy's own instead of before all
    /// (domain.md D8).
    fn ranks_voice_ai(&self, _params: &RoutingParams) -> bool {
        false
    }
}

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

impl<'a> Question<'a> {
    /// The number that the call came to.
    pub fn called(&self) -> &'a Number {
        self.accounts.number(self.number)
    }

    /// The sub-account that owns it.
    pub fn sub_account(&self) -> &'a SubAccount {
        self.accounts.sub_account(self.called().sub_account)
    }
}

/// The whole decision for one call: what holds in all policies, then the policy, then the whisper.
///
/// Total, and a function of its arguments: the same call, accounts, parameters and world give the
/// same decision, with the trace on or off.
pub fn decide(
    policy: &dyn RoutingPolicy,
    call: &InboundCall,
    accounts: &Accounts,
    params: &RoutingParams,
    world: &dyn Availability,
    trace: &mut Trace,
) -> Decision {
    let to = call.to;
    let Some(number) = accounts.find_number(to) else {
        trace.step(RuleId::UnknownNumber, Verdict::Decides, || {
            [("to", Fact::Number(to))]
        });
        let finally = Terminal::Drop(DropCause::UnknownNumber);
        return Decision::at_once(finally, RuleId::UnknownNumber);
    };
    trace.step(RuleId::UnknownNumber, Verdict::Passes, || {
        [("to", Fact::Number(to))]
    });
    let question = Question {
        call,
        number,
        accounts,
        params,
        world,
    };
    let decision = match prelude::decide(policy, &question, trace) {
        Some(decision) => decision,
        None => policy.decide(&question, trace),
    };
    whisper::guard(&question, decision, trace)
}
