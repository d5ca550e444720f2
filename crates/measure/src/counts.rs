//! Counts over calls: of the whole run and, in the same shape, of each interval.

use routing::Nanos;
use routing::record::{CallRecord, Cause, Outcome};

use crate::delays::{Delays, Moments};
use crate::setup::{SHORT, ServiceLevel, Setup};

/// How many outcomes there are.
pub const OUTCOMES: usize = Outcome::ALL.len();
/// How many causes there are, "none" included.
pub const CAUSES: usize = Cause::ALL.len();

/// What a service level needs beside the outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelCount {
    /// The level.
    pub within: Nanos,
    /// Answered within it.
    pub answered: u64,
    /// Abandoned after it.
    pub late_abandons: u64,
}

/// Counted calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// Fresh calls: what is left without the redials, once the books are closed.
    pub fresh: u64,
    /// Redials.
    pub redials: u64,
    /// Hops over our own numbers.
    pub hops: u64,
    /// By outcome.
    pub outcomes: [u64; OUTCOMES],
    /// By cause, for those outcomes that have causes.
    pub causes: [u64; CAUSES],
    /// Abandoned within [`SHORT`].
    pub short_abandons: u64,
    /// Waited on hold for longer than no time at all.
    pub waited: u64,
    /// From arrival to a person's answer.
    pub answer_delay: Delays,
    /// On hold, over all that reached it.
    pub hold_wait: Delays,
    /// On hold, over those whom a person answered.
    pub hold_served: Moments,
    /// On hold, over those who left.
    pub hold_abandoned: Moments,
    /// On hold, over all others; the three together are the sums of `hold_wait` once the books are
    /// closed.
    hold_rest: Moments,
    /// One for each service level of the setup.
    pub levels: Box<[LevelCount]>,
}

impl Counts {
    /// None yet; `delays` says whether distributions are kept.
    pub fn new(setup: &Setup, delays: bool) -> Self {
        let level = |level: &ServiceLevel| LevelCount {
            within: level.within,
            answered: 0,
            late_abandons: 0,
        };
        Self {
            fresh: 0,
            redials: 0,
            hops: 0,
            outcomes: [0; OUTCOMES],
            causes: [0; CAUSES],
            short_abandons: 0,
            waited: 0,
            answer_delay: Delays::new(delays),
            hold_wait: Delays::new(delays),
            hold_served: Moments::default(),
            hold_abandoned: Moments::default(),
            hold_rest: Moments::default(),
            levels: setup.service_levels.iter().map(level).collect(),
        }
    }

    /// One more call.
    #[inline]
    pub fn add(&mut self, call: &CallRecord) {
        self.redials += u64::from(call.attempt > 1);
        self.hops += u64::from(call.hops);
        self.outcomes[call.outcome as usize] += 1;
        self.causes[call.cause as usize] += u64::from(comes_with(call.outcome, call.cause));
        if call.outcome == Outcome::Abandoned {
            self.add_abandoned(call.ended.since(call.arrived));
        }
        if let Some(delay) = answer_delay(call) {
            self.answer_delay.add(delay);
            if let [standard, others @ ..] = &mut *self.levels {
                standard.answered += u64::from(delay <= standard.within);
                if !others.is_empty() {
                    answered_at(others, delay);
                }
            }
        }
        if let Some((from, until)) = call.held {
            self.add_hold(call, until.since(from));
        }
    }

    fn add_abandoned(&mut self, lasted: Nanos) {
        self.short_abandons += u64::from(lasted <= SHORT);
        for level in &mut self.levels {
            level.late_abandons += u64::from(lasted > level.within);
        }
    }

    #[inline]
    fn add_hold(&mut self, call: &CallRecord, wait: Nanos) {
        self.waited += u64::from(wait > Nanos::ZERO);
        self.hold_wait.add_without_sums(wait);
        let sums = match (call.outcome, call.cause) {
            (Outcome::Answered, _) => &mut self.hold_served,
            (Outcome::Abandoned, Cause::Hold) => &mut self.hold_abandoned,
            _ => &mut self.hold_rest,
        };
        sums.add(wait);
    }

    /// All those of another part.
    pub fn merge(&mut self, other: &Self) {
        self.redials += other.redials;
        self.hops += other.hops;
        add_each(&mut self.outcomes, &other.outcomes);
        add_each(&mut self.causes, &other.causes);
        self.short_abandons += other.short_abandons;
        self.waited += other.waited;
        self.answer_delay.merge(&other.answer_delay);
        self.hold_wait.merge(&other.hold_wait);
        self.hold_served.merge(&other.hold_served);
        self.hold_abandoned.merge(&other.hold_abandoned);
        self.hold_rest.merge(&other.hold_rest);
        for (mine, theirs) in self.levels.iter_mut().zip(&other.levels) {
            mine.answered += theirs.answered;
            mine.late_abandons += theirs.late_abandons;
        }
    }

    /// Nothing is added any more: see [`Delays::close`]. To be called once.
    pub fn close(&mut self) {
        self.fresh = self.offered() - self.redials;
        for part in [self.hold_served, self.hold_abandoned, self.hold_rest] {
            self.hold_wait.moments.merge(&part);
        }
        self.answer_delay.close();
        self.hold_wait.close();
    }

    /// All calls.
    pub fn offered(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Calls with this outcome.
    pub const fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    /// Calls with this cause.
    pub const fn cause(&self, cause: Cause) -> u64 {
        self.causes[cause as usize]
    }

    /// What was counted for this service level, if it was asked for.
    pub fn level(&self, within: Nanos) -> Option<&LevelCount> {
        self.levels.iter().find(|level| level.within == within)
    }
}

/// Of each outcome the causes with which it comes, a bit each: the search was made beforehand.
const CAUSES_OF: [u32; OUTCOMES] = {
    assert!(CAUSES <= 32);
    let mut bits = [0; OUTCOMES];
    let mut at = 0;
    while at < OUTCOMES {
        let causes = Outcome::ALL[at].causes();
        let mut which = 0;
        while which < causes.len() {
            bits[at] |= 1 << causes[which] as u32;
            which += 1;
        }
        at += 1;
    }
    bits
};

/// An answer after this delay, for levels beside the usual one.
#[cold]
fn answered_at(levels: &mut [LevelCount], delay: Nanos) {
    for level in levels {
        level.answered += u64::from(delay <= level.within);
    }
}

/// Whether this outcome has this cause; none at all is no cause.
#[inline]
const fn comes_with(outcome: Outcome, cause: Cause) -> bool {
    CAUSES_OF[outcome as usize] >> cause as u32 & 1 == 1
}

/// From arrival to a person's answer, of an answered call.
#[inline]
fn answer_delay(call: &CallRecord) -> Option<Nanos> {
    let answer = call.answered.filter(|_| call.outcome == Outcome::Answered);
    answer.map(|at| at.since(call.arrived))
}

/// The distributions of answer delays and of waits on hold, without their sums.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waits {
    /// See [`Counts::answer_delay`].
    pub(crate) answer: Delays,
    /// See [`Counts::hold_wait`].
    pub(crate) hold: Delays,
}

impl Waits {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            answer: Delays::new(true),
            hold: Delays::new(true),
        }
    }

    /// One more call.
    #[inline]
    pub(crate) fn add(&mut self, call: &CallRecord) {
        if let Some(delay) = answer_delay(call) {
            self.answer.note(delay);
        }
        if let Some((from, until)) = call.held {
            self.hold.note(until.since(from));
        }
    }

    /// All those of another part.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.answer.merge(&other.answer);
        self.hold.merge(&other.hold);
    }
}

pub(crate) fn add_each(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_comes_with_its_own_causes_only() {
        for &outcome in Outcome::ALL {
            for &cause in Cause::ALL {
                let listed = outcome.causes().contains(&cause);
                assert_eq!(comes_with(outcome, cause), listed, "{outcome:?} {cause:?}");
            }
        }
        assert!(!comes_with(Outcome::Answered, Cause::None));
    }
}
