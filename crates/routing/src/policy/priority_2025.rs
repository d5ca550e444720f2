//! `priority-2025`: only the highest available priority rings (H1a, H1b).
//!
//! Number owner, contact owner, extra users, F, (a direct Voice AI with `ai_rank = 3`,) B: the
//! first that has a leg, and nothing else.

use super::ending::{self, Targets, WhenEmpty};
use super::legs::{self, Channels};
use super::owners::{self, Kind};
use super::{PolicyEntry, Question, RoutingPolicy, prelude};
use crate::decision::Decision;
use crate::params::RoutingParams;
use crate::trace::Trace;

const NAME: &str = "priority-2025";

/// The `ai_rank` that puts the Voice AI behind team member and external number (H1a).
const BEHIND_FORWARDING: u8 = 3;

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "settings screen: the first of owners, extra users, F, B that can ring, alone",
    policy: &Priority2025,
};

struct Priority2025;

impl RoutingPolicy for Priority2025 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn ranks_voice_ai(&self, params: &RoutingParams) -> bool {
        params.ai_rank == BEHIND_FORWARDING
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let mut targets = Targets::default();
        let order = [Kind::Number, Kind::Contact];
        if let Some((owner, legs)) = owners::first_with_legs(question, order, trace) {
            targets.add_all(legs, owner.rule);
        }
        if targets.is_empty() {
            legs::add_ring_more(question, None, Channels::All, &mut targets, trace);
        }
        if targets.is_empty() {
            legs::add_forwarding(question, &mut targets, trace);
        }
        if targets.is_empty()
            && self.ranks_voice_ai(question.params)
            && let Some(decision) = prelude::voice_ai_direct(question, trace)
        {
            return decision;
        }
        if targets.is_empty() {
            legs::add_business(question, &mut targets, trace);
        }
        ending::conclude(question, targets, WhenEmpty::Backup, trace)
    }
}
