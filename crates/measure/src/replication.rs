//! One finished replication: every metric as a number, or why there is none.

use std::fmt;
use std::sync::Arc;

use routing::Nanos;

use crate::counts::Counts;
use crate::delays::variance;
use crate::fingerprint::Fingerprints;
use crate::names::{Denominator, Kind, Level, Span, Stat};
use crate::series::Series;
use crate::setup::Setup;
use crate::staff::{AccountCount, PersonCount};
use crate::tally::{QueueSums, Tally, TimeSums};
use crate::violated::Violated;

/// Why a metric has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// There was none of these, so nothing can be said of them.
    NoneOf(&'static str),
    /// A percentile of too few samples.
    TooFew {
        /// How many there were.
        have: u64,
        /// How many it takes.
        need: u64,
    },
    /// The distribution was not kept.
    NotKept,
    /// Nobody asked for this one before the run.
    NotAsked,
    /// It is not known for intervals.
    NotByInterval,
    /// Only a live back end or a clock tells it.
    NotMeasured,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneOf(what) => write!(f, "there were no {what}"),
            Self::TooFew { have, need } => write!(f, "{have} samples, it takes {need}"),
            Self::NotKept => f.write_str("the distribution was not kept"),
            Self::NotAsked => f.write_str("it was not asked for before the run"),
            Self::NotByInterval => f.write_str("it is not known for each interval"),
            Self::NotMeasured => f.write_str("only a live back end tells it"),
        }
    }
}

/// What became of one replication.
#[derive(Debug, Clone, PartialEq)]
pub struct Replication {
    /// What it was counted under.
    pub setup: Arc<Setup>,
    /// Its number, from 0.
    pub number: u32,
    /// The whole window.
    pub counts: Counts,
    /// Distinct people who tried, and who were reached.
    pub callers: (u64, u64),
    /// The run's own intervals first, then those that gates ask for.
    pub series: Vec<Series>,
    /// One a sub-account, and a last one for calls to numbers that nobody owns.
    pub accounts: Vec<AccountCount>,
    /// One a person.
    pub people: Vec<PersonCount>,
    /// Of arrivals, decisions and outcomes.
    pub fingerprints: Fingerprints,
    times: TimeSums,
    /// Calls and legs.
    peak: (u64, u64),
    /// The mean and the variance of the callers on hold, over all numbers.
    queue: (f64, f64),
    violations: u64,
    /// The violations by the limit that was exceeded.
    pub violated: Violated,
    /// When the first of them came, in the window.
    pub first_violation: Option<Nanos>,
    /// When an account was first blocked.
    pub first_block: Option<Nanos>,
}

impl Replication {
    pub(crate) fn new(tally: Tally, counts: Counts) -> Self {
        let window_ns = u128::from(tally.window.length_ns());
        Self {
            number: tally.replication,
            callers: (tally.callers.offered(), tally.callers.reached()),
            peak: tally.levels.peak(),
            queue: queue(tally.queues.all(), window_ns),
            fingerprints: tally.prints.so_far,
            counts,
            series: tally.series,
            accounts: tally.accounts,
            people: tally.people.into_iter().map(PersonCount::from).collect(),
            times: tally.times,
            violations: tally.violations,
            violated: tally.violated,
            first_violation: tally.first_violation,
            first_block: tally.first_block,
            setup: tally.setup,
        }
    }

    /// A metric over the whole window.
    ///
    /// # Errors
    /// Why it has no value.
    pub fn value(&self, kind: Kind) -> Result<f64, Absence> {
        let window_ns = self.setup.window().length_ns() as f64;
        let mean = |sum: u128| Ok(sum as f64 / window_ns);
        let (offered, reached) = self.callers;
        match kind {
            Kind::CallersOffered => Ok(offered as f64),
            Kind::CallersReached => Ok(reached as f64),
            Kind::CallersReachedShare => share(reached, offered, "callers"),
            Kind::CallersGaveUp => Ok(offered.saturating_sub(reached) as f64),
            Kind::CallersAttempts => share(self.counts.offered(), offered, "callers"),
            Kind::InSystem | Kind::ConcurrentMean(Level::Calls) => mean(self.times.calls),
            Kind::ConcurrentMean(Level::Legs) => mean(self.times.legs),
            Kind::ConcurrentMax(Level::Calls) => Ok(self.peak.0 as f64),
            Kind::ConcurrentMax(Level::Legs) => Ok(self.peak.1 as f64),
            Kind::RedialsPending => mean(self.times.pending),
            Kind::QueueMean => Ok(self.queue.0),
            Kind::QueueVariance => Ok(self.queue.1),
            Kind::BusyMean => mean(self.times.busy),
            Kind::Occupancy => self.occupancy(),
            Kind::Violations => Ok(self.violations as f64),
            Kind::AccountsBlocked => Ok(self
                .accounts
                .iter()
                .filter(|it| it.blocked_at.is_some())
                .count() as f64),
            Kind::FirstViolation => seconds(self.first_violation, "violations"),
            Kind::FirstBlock => seconds(self.first_block, "blocked accounts"),
            Kind::BlockChance => Ok(f64::from(u8::from(self.first_block.is_some()))),
            _ => of_calls(&self.counts, kind),
        }
    }

    /// A metric over one row of one of the series.
    ///
    /// # Errors
    /// Why it has no value there.
    pub fn interval_value(&self, kind: Kind, series: &Series, row: usize) -> Result<f64, Absence> {
        let Some(interval) = series.rows.get(row) else {
            return Err(Absence::NotByInterval);
        };
        let length_ns = series.length_ns(row) as f64;
        match kind {
            Kind::InSystem | Kind::ConcurrentMean(Level::Calls) => {
                Ok(interval.calls_ns as f64 / length_ns)
            }
            Kind::BusyMean => Ok(interval.busy_ns as f64 / length_ns),
            Kind::Violations => Ok(interval.violations as f64),
            _ if !kind.by_interval() => Err(Absence::NotByInterval),
            _ => of_calls(&interval.counts, kind),
        }
    }

    /// The intervals of this length, if they were counted.
    pub fn series_of(&self, interval: Nanos) -> Option<&Series> {
        self.series
            .iter()
            .find(|series| series.interval == interval)
    }

    /// The share of their logged-in time that a person was busy.
    ///
    /// # Errors
    /// They were never logged in.
    pub fn occupancy_of(&self, person: usize) -> Result<f64, Absence> {
        let logged_in = self
            .setup
            .staff_logged_in_ns
            .get(person)
            .copied()
            .unwrap_or(0);
        let busy = self.people.get(person).map_or(0, |person| person.busy_ns);
        ratio(busy, logged_in, "logged-in time")
    }

    fn occupancy(&self) -> Result<f64, Absence> {
        let named: u128 = self.setup.staff_logged_in_ns.iter().sum();
        ratio(
            self.times.busy,
            named + self.setup.unnamed_agents_ns,
            "staff logged in",
        )
    }
}

/// Means and variances of the queues of all numbers, added up. The variances are each number's own
/// over time; that of the sum would take queues side by side, which no part of a run can see.
fn queue<'a>(sums: impl Iterator<Item = &'a QueueSums>, window_ns: u128) -> (f64, f64) {
    sums.fold((0.0, 0.0), |(mean, spread), queue| {
        (
            mean + queue.sum as f64 / window_ns as f64,
            spread + variance(window_ns, queue.sum, queue.squares),
        )
    })
}

/// What follows from counted calls alone.
fn of_calls(counts: &Counts, kind: Kind) -> Result<f64, Absence> {
    let offered = counts.offered();
    match kind {
        Kind::Offered => Ok(offered as f64),
        Kind::Fresh => Ok(counts.fresh as f64),
        Kind::Redials => Ok(counts.redials as f64),
        Kind::Outcome(outcome) => Ok(counts.outcome(outcome) as f64),
        Kind::OutcomeShare(outcome) => share(counts.outcome(outcome), offered, "calls offered"),
        Kind::Cause(_, cause) => Ok(counts.cause(cause) as f64),
        Kind::Hops => Ok(counts.hops as f64),
        Kind::Waited => share(counts.waited, offered, "calls offered"),
        Kind::Delay(span, stat) => delay(counts, span, stat),
        Kind::ServiceLevel(within, of) => service_level(counts, within, of),
        Kind::AnsweredWithin(within) => {
            let level = counts.level(within).ok_or(Absence::NotAsked)?;
            Ok(level.answered as f64)
        }
        Kind::AbandonedWithin(within) => abandoned_within(counts, within),
        Kind::Measured => Err(Absence::NotMeasured),
        _ => Err(Absence::NotByInterval),
    }
}

fn delay(counts: &Counts, span: Span, stat: Stat) -> Result<f64, Absence> {
    let (moments, delays) = match span {
        Span::Answer => (&counts.answer_delay.moments, Some(&counts.answer_delay)),
        Span::Hold => (&counts.hold_wait.moments, Some(&counts.hold_wait)),
        Span::HoldServed => (&counts.hold_served, None),
        Span::HoldAbandoned => (&counts.hold_abandoned, None),
    };
    let none = Absence::NoneOf(span.of());
    if moments.n == 0 {
        return Err(none);
    }
    match stat {
        Stat::Mean => moments.mean_s().ok_or(none),
        Stat::Variance => moments.variance_s2().ok_or(none),
        Stat::Percentile(percentile) => delays
            .ok_or(Absence::NotKept)
            .and_then(|delays| delays.percentile_s(percentile)),
    }
}

fn service_level(counts: &Counts, within: Nanos, of: Denominator) -> Result<f64, Absence> {
    let level = counts.level(within).ok_or(Absence::NotAsked)?;
    let answered = counts.outcome(routing::record::Outcome::Answered);
    let denominator = match of {
        Denominator::Offered => counts.offered(),
        Denominator::Answered => answered,
        Denominator::OfferedLessShort => counts.offered() - counts.short_abandons,
        Denominator::AnsweredOrLate => answered + level.late_abandons,
    };
    share(level.answered, denominator, of.words())
}

fn abandoned_within(counts: &Counts, within: Nanos) -> Result<f64, Absence> {
    let level = counts.level(within).ok_or(Absence::NotAsked)?;
    let abandoned = counts.outcome(routing::record::Outcome::Abandoned);
    let in_time = abandoned.saturating_sub(level.late_abandons);
    share(in_time, abandoned, "abandoned calls")
}

fn share(part: u64, whole: u64, of: &'static str) -> Result<f64, Absence> {
    ratio(u128::from(part), u128::from(whole), of)
}

fn ratio(part: u128, whole: u128, of: &'static str) -> Result<f64, Absence> {
    if whole == 0 {
        Err(Absence::NoneOf(of))
    } else {
        Ok(part as f64 / whole as f64)
    }
}

fn seconds(at: Option<Nanos>, of: &'static str) -> Result<f64, Absence> {
    at.map(Nanos::as_secs_f64).ok_or(Absence::NoneOf(of))
}
