//! Takes the records of one replication, or of a part of it, and holds nothing but integers.

use std::sync::Arc;

use routing::Nanos;
use routing::account::PersonId;
use routing::record::{
    CallRecord, DecisionRecord, FreshCall, LegRecord, Level, QueueSpan, Sink, ViolationRecord,
};

use crate::callers::Callers;
use crate::counts::{Counts, Waits};
use crate::fingerprint::Prints;
use crate::levels::Levels;
use crate::replication::Replication;
use crate::series::Series;
use crate::setup::{Setup, SetupFault, Window};
use crate::staff::{AccountCount, PersonTally, earlier};
use crate::violated::Violated;

/// The queue of one number over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct QueueSums {
    /// Callers times time, ns.
    pub(crate) sum: u128,
    /// Callers squared times time, ns.
    pub(crate) squares: u128,
}

/// The queues of all numbers, by number. Numbers at the end that never had a queue may be left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Queues(Vec<QueueSums>);

impl Queues {
    /// The sums of a number.
    #[inline]
    fn of(&mut self, number: usize) -> &mut QueueSums {
        if number >= self.0.len() {
            self.0.resize(number + 1, QueueSums::default());
        }
        &mut self.0[number]
    }

    /// Those of all numbers, in their order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &QueueSums> {
        self.0.iter().filter(|sums| sums.sum > 0)
    }
}

impl PartialEq for Queues {
    fn eq(&self, other: &Self) -> bool {
        let shorter = self.0.len().min(other.0.len());
        let nothing = |rest: &[QueueSums]| rest.iter().all(|sums| sums.sum == 0);
        self.0[..shorter] == other.0[..shorter]
            && nothing(&self.0[shorter..])
            && nothing(&other.0[shorter..])
    }
}

/// Sums of time within the window, ns. Those of calls and of staff are counted by interval and added
/// up in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TimeSums {
    /// Of calls in the system.
    pub(crate) calls: u128,
    /// Of legs.
    pub(crate) legs: u128,
    /// Of callers who will call again.
    pub(crate) pending: u128,
    /// Of people and unnamed agents who talk or wrap up.
    pub(crate) busy: u128,
}

/// Everything counted about one replication, or about a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    pub(crate) setup: Arc<Setup>,
    pub(crate) window: Window,
    pub(crate) replication: u32,
    /// The distributions over the whole window, where the intervals do not keep theirs. All else
    /// is counted once, in the intervals of the run's own series, and added up in the end.
    pub(crate) waits: Option<Waits>,
    pub(crate) callers: Callers,
    pub(crate) times: TimeSums,
    pub(crate) levels: Levels,
    pub(crate) queues: Queues,
    /// The run's own series first, then one for each other interval that a gate asks for.
    pub(crate) series: Vec<Series>,
    /// One a sub-account, and a last one for calls to numbers that nobody owns.
    pub(crate) accounts: Vec<AccountCount>,
    pub(crate) people: Vec<PersonTally>,
    pub(crate) violations: u64,
    pub(crate) violated: Violated,
    pub(crate) first_violation: Option<Nanos>,
    pub(crate) first_block: Option<Nanos>,
    pub(crate) prints: Prints,
}

/// Two tallies that are no parts of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeFault {
    /// Their setups differ.
    #[error("parts that were counted under different setups do not add up: count them alike")]
    Setup,
    /// Their replications differ.
    #[error("a part of replication {theirs} added to one of replication {mine}")]
    Replication {
        /// The replication of the tally that was added to.
        mine: u32,
        /// The replication of the other.
        theirs: u32,
    },
    /// One of them keeps no more than a run in one piece needs.
    #[error(
        "a tally of a run in one piece cannot be added to another: make it without `undivided`"
    )]
    Undivided,
}

impl Tally {
    /// Nothing counted yet. `replication` counts from 0 and enters the fingerprints.
    ///
    /// # Errors
    /// A setup that cannot be counted: see [`Setup::check`].
    pub fn new(setup: Arc<Setup>, replication: u32) -> Result<Self, SetupFault> {
        setup.check()?;
        let intervals = std::iter::once(&setup.interval).chain(&setup.each);
        Ok(Self {
            window: setup.window(),
            replication,
            waits: (!setup.interval_delays).then(Waits::new),
            callers: Callers::default(),
            times: TimeSums::default(),
            levels: Levels::default(),
            queues: Queues::default(),
            series: intervals
                .map(|&interval| Series::new(&setup, interval))
                .collect(),
            accounts: vec![AccountCount::default(); setup.sub_accounts + 1],
            people: vec![PersonTally::default(); setup.persons],
            violations: 0,
            violated: Violated::default(),
            first_violation: None,
            first_block: None,
            prints: Prints::new(replication),
            setup,
        })
    }

    /// The same for a replication that runs in one piece: nothing is kept that only parts need, so
    /// that its memory does not grow with its length. It cannot be merged.
    #[must_use]
    pub fn undivided(self) -> Self {
        Self {
            levels: Levels::undivided(),
            ..self
        }
    }

    /// Adds another part of the same replication: exactly, in any order.
    ///
    /// # Errors
    /// The other is no part of the same replication.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeFault> {
        if !Arc::ptr_eq(&self.setup, &other.setup) && self.setup != other.setup {
            return Err(MergeFault::Setup);
        }
        if self.levels.is_undivided() || other.levels.is_undivided() {
            return Err(MergeFault::Undivided);
        }
        if self.replication != other.replication {
            let (mine, theirs) = (self.replication, other.replication);
            return Err(MergeFault::Replication { mine, theirs });
        }
        if let (Some(mine), Some(theirs)) = (&mut self.waits, &other.waits) {
            mine.merge(theirs);
        }
        self.callers.merge(&other.callers);
        self.times.calls += other.times.calls;
        self.times.legs += other.times.legs;
        self.times.pending += other.times.pending;
        self.times.busy += other.times.busy;
        self.levels.merge(&other.levels);
        for (number, sums) in other.queues.0.iter().enumerate() {
            let mine = self.queues.of(number);
            mine.sum += sums.sum;
            mine.squares = mine.squares.saturating_add(sums.squares);
        }
        self.series
            .iter_mut()
            .zip(&other.series)
            .for_each(|(mine, it)| mine.merge(it));
        self.accounts
            .iter_mut()
            .zip(&other.accounts)
            .for_each(|(mine, it)| mine.merge(it));
        self.people
            .iter_mut()
            .zip(&other.people)
            .for_each(|(mine, it)| mine.merge(it));
        self.violations += other.violations;
        self.violated.merge(&other.violated);
        self.first_violation = earlier(self.first_violation, other.first_violation);
        self.first_block = earlier(self.first_block, other.first_block);
        self.prints.merge(&other.prints);
        Ok(())
    }

    /// Closes the books: what is no longer needed to add parts is dropped.
    pub fn finish(mut self) -> Replication {
        let counts = self.counts();
        for row in self.series.first().map_or(&[][..], |series| &series.rows) {
            self.times.calls += row.calls_ns;
            self.times.busy += row.busy_ns;
        }
        let rows = self.series.iter_mut().flat_map(|series| &mut series.rows);
        rows.for_each(|row| row.counts.close());
        Replication::new(self, counts)
    }

    /// Over the whole window, closed: every call in it lies in an interval of the run's own series.
    fn counts(&self) -> Counts {
        let mut counts = Counts::new(&self.setup, true);
        for row in self.series.first().map_or(&[][..], |series| &series.rows) {
            counts.merge(&row.counts);
        }
        if let Some(waits) = &self.waits {
            counts.answer_delay.merge(&waits.answer);
            counts.hold_wait.merge(&waits.hold);
        }
        counts.close();
        counts
    }

    /// What the person who talked did.
    #[inline]
    fn person(&mut self, call: &CallRecord, busy: Option<(Nanos, Nanos)>, counted: bool) {
        let person = call
            .person
            .and_then(|person| self.people.get_mut(person.index()));
        if let (Some(person), Some((from, until))) = (person, busy) {
            person.busy_ns += self.window.clip(from, until);
            if counted {
                person.answered += 1;
                person.talk_ns += call.ended.since(from).0;
            }
        }
    }

    /// A block, of this account and of those that are blocked with it. One that was made in the
    /// warm-up and still stands after it counts: callers of the window meet it.
    fn block(&mut self, account: usize, at: Nanos) {
        let lasts = self.setup.block_lasts;
        let until = lasts.map_or(Nanos::NEVER, |lasts| at + lasts);
        if at >= self.window.until || until <= self.window.from {
            return;
        }
        self.first_block = earlier(self.first_block, Some(at));
        for sister in self.setup.blocked_with(account) {
            let account = self.account(Some(sister));
            account.blocked_at = earlier(account.blocked_at, Some(at));
        }
    }

    #[inline]
    fn account(&mut self, index: Option<usize>) -> &mut AccountCount {
        let nobody = self.accounts.len() - 1;
        &mut self.accounts[index.map_or(nobody, |index| index.min(nobody))]
    }
}

/// Who talked was busy from the answer until the end of the wrap-up.
#[inline]
fn busy(call: &CallRecord) -> Option<(Nanos, Nanos)> {
    let staff = call.person.is_some() | call.unnamed_agent;
    let answered = call.answered.filter(|_| staff);
    answered.map(|from| (from, call.ended + call.wrap_up))
}

/// The same call in the intervals of gates, which few runs have.
#[cold]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a reference would have the record of every call written to memory"
)]
fn add_to(series: &mut [Series], call: CallRecord, busy: Option<(Nanos, Nanos)>, counted: bool) {
    for series in series {
        series.add(&call, busy, counted);
    }
}

impl Sink for Tally {
    #[inline]
    fn record(&mut self, call: &CallRecord) {
        self.prints.outcome(call);
        let busy = busy(call);
        let counted = self.window.contains(call.arrived);
        if let [own, others @ ..] = &mut *self.series {
            own.add(call, busy, counted);
            if !others.is_empty() {
                add_to(others, call.clone(), busy, counted);
            }
        }
        self.person(call, busy, counted);
        if let Some(again) = call.redial_at {
            self.times.pending += u128::from(self.window.clip(call.ended, again));
        }
        if !counted {
            return;
        }
        if let Some(waits) = &mut self.waits {
            waits.add(call);
        }
        self.callers.add(call, &self.setup, self.window);
        let account = self.account(call.sub_account.map(routing::account::SubAccountId::index));
        account.outcomes[call.outcome as usize] += 1;
    }

    #[inline]
    fn fresh(&mut self, call: &FreshCall) {
        self.prints.arrival(call);
    }

    #[inline]
    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.prints.decision(record, &self.setup.ordinals);
    }

    #[inline]
    fn leg(&mut self, leg: &LegRecord) {
        self.times.legs += u128::from(self.window.clip(leg.from, leg.until));
        let person = leg.person.filter(|_| leg.first_of_person);
        if let Some(person) = person.and_then(|person| self.people.get_mut(person.index()))
            && self.window.contains(leg.call_arrived)
        {
            person.rung += 1;
        }
    }

    #[inline]
    fn legs(&mut self, common: &LegRecord, each: impl Iterator<Item = (Option<PersonId>, bool)>) {
        let counted = self.window.contains(common.call_arrived);
        let mut count = 0;
        for (person, first_of_person) in each {
            count += 1;
            if counted
                && first_of_person
                && let Some(person) = person.and_then(|it| self.people.get_mut(it.index()))
            {
                person.rung += 1;
            }
        }
        let time = u128::from(self.window.clip(common.from, common.until));
        self.times.legs += count * time;
    }

    fn violation(&mut self, violation: &ViolationRecord) {
        let at = violation.at;
        if violation.blocks_account {
            self.block(violation.sub_account.index(), at);
        }
        if !self.window.contains(at) {
            return;
        }
        let count = u64::from(violation.count);
        self.violations += count;
        self.violated.add(violation.number, violation.cause, count);
        self.first_violation = earlier(self.first_violation, Some(at));
        for series in &mut self.series {
            series.violations(at, count);
        }
        let account = self.account(Some(violation.sub_account.index()));
        account.violations += count;
    }

    #[inline]
    fn queue(&mut self, span: &QueueSpan) {
        let time = self.window.clip(span.from, span.until);
        let length = u64::from(span.length);
        if length > 0 && time > 0 {
            let queue = self.queues.of(span.number.index());
            queue.sum += u128::from(length) * u128::from(time);
            let square = u128::from(length * length) * u128::from(time);
            queue.squares = queue.squares.saturating_add(square);
        }
    }

    fn level(&mut self, level: &Level) {
        self.levels.add(level, self.window);
    }
}
