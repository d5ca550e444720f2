//! All that a run told, and how tests read it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use engine::Plan;
use routing::Nanos;
use routing::account::{Accounts, PersonId};
use routing::decision::Terminal;
use routing::record::{
    CallRecord, Cause, DecisionRecord, LegRecord, Level, QueueSpan, Sink, ViolationRecord,
};

/// All that a run told.
pub(crate) struct Told {
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) records: Vec<CallRecord>,
    pub(crate) legs: Vec<LegRecord>,
    pub(crate) violations: Vec<ViolationRecord>,
    pub(crate) spans: Vec<QueueSpan>,
    pub(crate) levels: Vec<Level>,
    pub(crate) decisions: Vec<(u16, Terminal)>,
}

impl Told {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            accounts: plan.accounts.clone(),
            records: Vec::new(),
            legs: Vec::new(),
            violations: Vec::new(),
            spans: Vec::new(),
            levels: Vec::new(),
            decisions: Vec::new(),
        }
    }

    /// Records by fresh call and attempt.
    pub(crate) fn sorted(mut self) -> Vec<CallRecord> {
        self.records.sort_by_key(|it| (it.fresh, it.attempt));
        self.records
    }

    fn who(&self, person: Option<PersonId>) -> Cow<'_, str> {
        person.map_or(Cow::Borrowed("nobody"), |id| self.accounts.person_name(id))
    }

    /// Every call in a line, by fresh call and attempt; what did not happen is left out.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut records: Vec<_> = self.records.iter().collect();
        records.sort_by_key(|it| (it.fresh, it.attempt));
        records.into_iter().map(|it| self.line(it)).collect()
    }

    fn line(&self, it: &CallRecord) -> String {
        let mut line = format!("{}", secs(it.arrived));
        let mut add = |what: &str, at: Option<Nanos>| {
            if let Some(at) = at {
                write!(line, " {what} {}", secs(at)).unwrap();
            }
        };
        add("rang", it.rang);
        add("held", it.held.map(|held| held.0));
        add("until", it.held.map(|held| held.1));
        add("answered", it.answered);
        add("ended", Some(it.ended));
        add("redials", it.redial_at);
        if it.hops > 0 {
            write!(line, " hops {}", it.hops).unwrap();
        }
        if it.person.is_some() {
            write!(line, " by {}", self.who(it.person)).unwrap();
        }
        if it.unnamed_agent {
            line.push_str(" by an agent");
        }
        write!(line, ": {}", it.outcome.name()).unwrap();
        if it.cause != Cause::None {
            write!(line, "/{}", it.cause.name()).unwrap();
        }
        line
    }

    /// Every leg in a line, in order of their start, end and person.
    pub(crate) fn leg_lines(&self) -> Vec<String> {
        let mut legs = self.legs.clone();
        legs.sort_by_key(|leg| (leg.from, leg.until, leg.person, !leg.first_of_person));
        let line = |leg: &LegRecord| {
            let (from, until) = (secs(leg.from), secs(leg.until));
            let busy = if leg.busy { " busy" } else { "" };
            format!("{} {from}-{until}{busy}", self.who(leg.person))
        };
        legs.iter().map(line).collect()
    }

    /// Calls at this whole second, and legs.
    pub(crate) fn level(&self, second: u64) -> (u32, u32) {
        let holds = |it: &&Level| (it.from_s..it.until_s).contains(&second);
        let found: Vec<_> = self.levels.iter().filter(holds).collect();
        assert_eq!(found.len(), 1, "every second is told once");
        (found[0].calls, found[0].legs)
    }
}

fn secs(at: Nanos) -> f64 {
    at.as_secs_f64()
}

impl Sink for Told {
    fn record(&mut self, record: &CallRecord) {
        self.records.push(record.clone());
    }
    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.decisions.push((record.hop, record.decision.finally));
    }
    fn leg(&mut self, leg: &LegRecord) {
        self.legs.push(*leg);
    }
    fn violation(&mut self, violation: &ViolationRecord) {
        self.violations.push(*violation);
    }
    fn queue(&mut self, span: &QueueSpan) {
        self.spans.push(*span);
    }
    fn level(&mut self, level: &Level) {
        self.levels.push(*level);
    }
}
