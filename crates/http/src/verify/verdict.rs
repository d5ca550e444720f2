//! What came of a verification.

use std::collections::BTreeMap;

use routing::call::InboundCall;
use routing::decision::Decision;
use routing::policy::POLICIES;
use routing::trace::{RuleId, Trace};

use super::cases::Cases;
use super::compare::Difference;
use super::coverage::{Coverage, Item};
use crate::client::{Given, Turn};
use crate::wire::flaw::Flaw;

/// What disagreements have in common: what differs, where this rule decides.
pub type Class = (Vec<Difference>, RuleId);

/// The first disagreement of a class.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// The call.
    pub call: InboundCall,
    /// What should have been decided.
    pub expected: Decision,
    /// By which steps.
    pub trace: Trace,
    /// What the router said, or why nothing.
    pub given: Result<Given, Flaw>,
    /// Requests and answers.
    pub turns: Vec<Turn>,
    /// How many of this class there were.
    pub count: u32,
}

/// A verification that is over.
#[derive(Debug, Clone)]
pub struct Verification {
    /// What the router should follow.
    pub policy: &'static str,
    /// How many cases were asked.
    pub cases: u32,
    /// In how many the router agreed.
    pub agreed: u32,
    /// Cases left out because of the bound.
    pub left_out: usize,
    /// What fired.
    pub coverage: Coverage,
    /// What should have fired and could not.
    pub not_covered: Vec<Item>,
    /// The agreement with every policy there is, in their order.
    pub by_policy: Vec<(&'static str, u32)>,
    /// The first disagreement of each class, in the order in which they came.
    pub disagreements: Vec<(Class, Disagreement)>,
    places: BTreeMap<Class, usize>,
}

impl Verification {
    pub(super) fn new(policy: &'static str, cases: &Cases) -> Self {
        Self {
            policy,
            cases: cases.calls.len() as u32,
            agreed: 0,
            left_out: cases.left_out,
            coverage: cases.coverage.clone(),
            not_covered: cases.not_covered.clone(),
            by_policy: POLICIES.iter().map(|entry| (entry.name, 0)).collect(),
            disagreements: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        call: InboundCall,
        expected: Decision,
        trace: Trace,
        found: Vec<Difference>,
        given: &Result<Given, Flaw>,
        turns: Vec<Turn>,
    ) {
        if found.is_empty() {
            self.agreed += 1;
            return;
        }
        let class = (found, expected.rule);
        if let Some(at) = self.places.get(&class) {
            self.disagreements[*at].1.count += 1;
            return;
        }
        self.places.insert(class.clone(), self.disagreements.len());
        let first = Disagreement {
            call,
            expected,
            trace,
            given: given.clone(),
            turns,
            count: 1,
        };
        self.disagreements.push((class, first));
    }

    /// Whether the router decided every case as it should.
    pub fn agrees(&self) -> bool {
        self.agreed == self.cases
    }

    /// The policy that the router follows best, if that is a better one than asked for.
    pub fn follows_rather(&self) -> Option<(&'static str, u32)> {
        let best = self
            .by_policy
            .iter()
            .rev()
            .max_by_key(|(_, agreed)| *agreed)?;
        (best.1 > self.agreed).then_some(*best)
    }
}
