//! `tree-owner-first`: one destination by a tree of owners (V4-474, V1).
//!
//! Number owner, contact owner, F, B: the first that has a leg; V1 adds the extra users' apps
//! beside it, and asks a known contact's owner first with `contact_first`.

use super::ending::{self, Targets, WhenEmpty};
use super::legs::{self, Channels};
use super::owners::{self, Kind};
use super::{PolicyEntry, Question, RoutingPolicy};
use crate::account::Prefer;
use crate::decision::Decision;
use crate::trace::Trace;

const NAME: &str = "tree-owner-first";

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "older guides: first of number owner, contact owner, F, B; extra users' apps too",
    policy: &TreeOwnerFirst,
};

struct TreeOwnerFirst;

impl RoutingPolicy for TreeOwnerFirst {
    fn name(&self) -> &'static str {
        NAME
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let prefer = if question.params.contact_first {
            Prefer::ContactOwner
        } else {
            Prefer::NumberOwner
        };
        let order = Kind::by_preference(prefer);
        let mut targets = Targets::default();
        let owner = owners::first_with_legs(question, order, trace).map(|(owner, legs)| {
            targets.add_all(legs, owner.rule);
            owner.user
        });
        if targets.is_empty() {
            legs::add_forwarding_or_business(question, &mut targets, trace);
        }
        legs::add_ring_more(question, owner, Channels::Apps, &mut targets, trace);
        ending::conclude(question, targets, WhenEmpty::Drop, trace)
    }
}
