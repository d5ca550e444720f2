//! `stages-2026`: one dial to all destinations together (H2a, H2b, H5).
//!
//! The owner by the account's preference, the owner's apps and one phone slot U > F > B, and
//! beside them the extra users. Empty targets are an unset stage and skipped: the backup takes
//! the call (D3).

use super::ending::{self, WhenEmpty};
use super::legs::{self, Channels};
use super::owners::{self, Kind};
use super::{PolicyEntry, Question, RoutingPolicy};
use crate::decision::Decision;
use crate::params::OwnerFallthrough;
use crate::trace::Trace;

const NAME: &str = "stages-2026";

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "newest guide: owner's apps, one phone of U, F, B and extra users ring together",
    policy: &Stages2026,
};

struct Stages2026;

impl RoutingPolicy for Stages2026 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let order = Kind::by_preference(question.sub_account().prefer);
        let asked = match question.params.owner_fallthrough {
            OwnerFallthrough::OtherOwner => &order[..],
            OwnerFallthrough::NextLayer => &order[..1],
        };
        let owner = owners::first_assigned(question, asked, trace);
        let mut targets = legs::closed_form(question, owner, trace);
        let rung = owner.map(|owner| owner.user);
        legs::add_ring_more(question, rung, Channels::All, &mut targets, trace);
        ending::conclude(question, targets, WhenEmpty::Backup, trace)
    }
}
