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
    /// Fresh calls.
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
            levels: setup.service_levels.iter().map(level).collect(),
        }
    }

    /// One more call.
    #[inline]
    pub fn add(&mut self, call: &CallRecord) {
        let fresh = call.attempt <= 1;
        self.fresh += u64::from(fresh);
        self.redials += u64::from(!fresh);
        self.hops += u64::from(call.hops);
        self.outcomes[call.outcome as usize] += 1;
        if call.cause != Cause::None && call.outcome.causes().contains(&call.cause) {
            self.causes[call.cause as usize] += 1;
        }
        let abandoned = call.outcome == Outcome::Abandoned;
        let lasted = call.ended.since(call.arrived);
        self.short_abandons += u64::from(abandoned && lasted <= SHORT);
        let delay = answer_delay(call);
        if let Some(delay) = delay {
            self.answer_delay.add(delay);
        }
        for level in &mut self.levels {
            level.answered += u64::from(delay.is_some_and(|delay| delay <= level.within));
            level.late_abandons += u64::from(abandoned && lasted > level.within);
        }
        if let Some((from, until)) = call.held {
            self.add_hold(call, until.since(from));
        }
    }

    fn add_hold(&mut self, call: &CallRecord, wait: Nanos) {
        self.waited += u64::from(wait > Nanos::ZERO);
        self.hold_wait.add(wait);
        match (call.outcome, call.cause) {
            (Outcome::Answered, _) => self.hold_served.add(wait),
            (Outcome::Abandoned, Cause::Hold) => self.hold_abandoned.add(wait),
            _ => {}
        }
    }

    /// All those of another part.
    pub fn merge(&mut self, other: &Self) {
        self.fresh += other.fresh;
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
        for (mine, theirs) in self.levels.iter_mut().zip(&other.levels) {
            mine.answered += theirs.answered;
            mine.late_abandons += theirs.late_abandons;
        }
    }

    /// Nothing is added any more: see [`Delays::close`].
    pub fn close(&mut self) {
        self.answer_delay.close();
        self.hold_wait.close();
    }

    /// All calls.
    pub const fn offered(&self) -> u64 {
        self.fresh + self.redials
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
