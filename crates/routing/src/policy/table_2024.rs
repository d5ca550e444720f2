//! `table-2024`: the 16-row table and its questions and answers (S0).
//!
//! The preferred owner, else the other; targets by the closed form of domain.md 1.2; none is a
//! drop. It predates the extra users.

use super::ending::{self, WhenEmpty};
use super::owners::{self, Kind};
use super::{PolicyEntry, Question, RoutingPolicy, legs};
use crate::decision::Decision;
use crate::trace::Trace;

const NAME: &str = "table-2024";

pub(super) const ENTRY: PolicyEntry = PolicyEntry {
    name: NAME,
    help: "table of 2024: owner's apps and one phone of U, F, B; no target is a drop",
    policy: &Table2024,
};

struct Table2024;

impl RoutingPolicy for Table2024 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn decide(&self, question: &Question<'_>, trace: &mut Trace) -> Decision {
        let order = Kind::by_preference(question.sub_account().prefer);
        let owner = owners::first_assigned(question, &order, trace);
        let targets = legs::closed_form(question, owner, trace);
        ending::conclude(question, targets, WhenEmpty::Drop, trace)
    }
}
