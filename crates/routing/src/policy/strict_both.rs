//! `strict-both`: a user rings only if number and lead are both assigned (S1, overview).
//!
//! Then the number owner's phone; else, or without a phone, F, else B. Phones only: this copy
//! knows no apps.

use super::ending::{self, Targets, WhenEmpty};
use super::{PolicyEntry, Question, RoutingPolicy, legs, owners};
use crate::decision::{Decision, Leg};
use crate::trace::{Fact, RuleId, Trace, Verdict};

const NAME: &str = "strict-both";

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "white-label copy: number owner's phone if the contact is assigned too, else F, B",
    policy: &StrictBoth,
};

struct StrictBoth;

impl RoutingPolicy for StrictBoth {
    fn name(&self) -> &'static str {
        NAME
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let mut targets = Targets::default();
        let number_owner = owners::number_owner(question);
        let contact_owner = owners::contact_owner(question);
        let both = number_owner.filter(|_| contact_owner.is_some());
        let phone = both.and_then(|user| legs::own_phone(question, user));
        let verdict = if phone.is_some() {
            Verdict::Applies
        } else {
            Verdict::Passes
        };
        trace.step(RuleId::BothAssigned, verdict, || {
            [
                ("number_owner", Fact::from(number_owner)),
                ("contact_owner", Fact::from(contact_owner)),
                ("phone", Fact::from(phone.and_then(Leg::number))),
            ]
        });
        if let Some(leg) = phone {
            targets.add(leg, RuleId::BothAssigned);
        } else {
            legs::add_forwarding_or_business(question, &mut targets, trace);
        }
        ending::conclude(question, targets, WhenEmpty::Drop, trace)
    }
}
