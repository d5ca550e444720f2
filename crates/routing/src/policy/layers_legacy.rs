//! `layers-legacy`: the layers at the end of the 2024 article (S0, V2, V3).
//!
//! The contact owner's phone, else F, else B. The number's owner is not looked at; phones only.

use super::ending::{self, Targets, WhenEmpty};
use super::{PolicyEntry, Question, RoutingPolicy, legs, owners};
use crate::decision::{Decision, Leg};
use crate::trace::{Fact, RuleId, Trace, Verdict};

const NAME: &str = "layers-legacy";

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "oldest layers: the contact owner's phone, else F, else B; no number owner",
    policy: &LayersLegacy,
};

struct LayersLegacy;

impl RoutingPolicy for LayersLegacy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let mut targets = Targets::default();
        let owner = owners::contact_owner(question);
        let phone = owner.and_then(|user| legs::own_phone(question, user));
        let verdict = if phone.is_some() {
            Verdict::Applies
        } else {
            Verdict::Passes
        };
        trace.step(RuleId::ContactOwner, verdict, || {
            let number = phone.and_then(Leg::number);
            [
                ("assigned_to", Fact::from(owner)),
                ("phone", Fact::from(number)),
            ]
        });
        if let Some(leg) = phone {
            targets.add(leg, RuleId::ContactOwner);
        } else {
            legs::add_forwarding_or_business(question, &mut targets, trace);
        }
        ending::conclude(question, targets, WhenEmpty::Drop, trace)
    }
}
