//! A simulated day held against the recorded one, interval by interval.
//!
//! The recorded value is one draw. If the simulation is right it falls into the band in which
//! another replication would fall with 95 %; so it does in about 95 intervals of a hundred.

use std::fmt;

use calllog::{CanonicalCall, Direction};
use measure::{Replication, Summary, estimate};
use routing::Nanos;
use routing::record::Outcome;

/// At least this share of the intervals has to lie in the band.
pub const AGREES: f64 = 0.9;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The share of calls that a person answered.
    Answered,
    /// Calls that nobody answered.
    Missed,
    /// From arrival to answer, mean in seconds.
    Wait,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Answered, Self::Missed, Self::Wait];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered.share",
            Self::Missed => "missed",
            Self::Wait => "wait_s",
        }
    }
}

/// What was recorded in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Recorded {
    /// Calls whose outcome is known.
    pub calls: u64,
    /// Calls whose outcome is not known: how many were missed is not known either.
    pub unknown: u64,
    /// Of those whose outcome is known, answered by a person.
    pub answered: u64,
    /// Answered calls whose wait is known, and these waits together, ns.
    pub waits: (u64, u128),
}

impl Recorded {
    /// Counts a call.
    pub fn add(&mut self, call: &CanonicalCall) {
        let Some(outcome) = call.outcome else {
            self.unknown += 1;
            return;
        };
        self.calls += 1;
        if outcome != Outcome::Answered {
            return;
        }
        self.answered += 1;
        if call.ring.is_some() || call.hold.is_some() {
            let waited = [call.ring, call.hold].into_iter().flatten();
            self.waits.0 += 1;
            self.waits.1 += waited.map(|it| u128::from(it.0)).sum::<u128>();
        }
    }

    /// Its value; none where nothing is known.
    pub fn value(&self, what: What) -> Option<f64> {
        let share = |part: u64| (self.calls > 0).then(|| part as f64 / self.calls as f64);
        match what {
            What::Answered => share(self.answered),
            What::Missed => {
                let known = self.calls > 0 && self.unknown == 0;
                known.then(|| (self.calls - self.answered) as f64)
            }
            What::Wait => {
                let (n, ns) = self.waits;
                (n > 0).then(|| ns as f64 / 1e9 / n as f64)
            }
        }
    }
}

/// Whether a call is one that is offered in a replay.
pub fn is_offered(call: &CanonicalCall) -> bool {
    let inbound = matches!(call.direction, Direction::Inbound | Direction::Unknown);
    inbound && call.to.is_some()
}

/// One value of one interval on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// As it was recorded.
    pub recorded: f64,
    /// The mean over the replications.
    pub simulated: f64,
    /// Where another replication would fall, with 95 %; cut to what is possible.
    pub band: (f64, f64),
    /// Half of the band before it was cut.
    pub half: f64,
}

impl Held {
    /// Whether what was recorded lies in the band.
    pub fn inside(&self) -> bool {
        let slack = 1e-9;
        self.recorded >= self.band.0 - slack && self.recorded <= self.band.1 + slack
    }

    /// How many halves of the band it is off.
    pub fn off(&self) -> f64 {
        (self.recorded - self.simulated).abs() / self.half.max(1e-9)
    }
}

/// What is compared, and of which intervals something is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Calls with a known outcome that an interval must have.
    pub fewest: u64,
    /// So many times the recorded calls were offered: other than 1, counts are not comparable.
    pub scale: f64,
}

/// Why a value is compared in no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// One replication has no band.
    OneReplication,
    /// The log tells no outcome.
    NoOutcome,
    /// Every interval has too few calls: the most that one has, and the fewest that it must have.
    TooFew(u64, u64),
    /// Another number of calls was offered than was recorded.
    Scaled,
    /// In every interval there are calls of unknown outcome.
    SomeUnknown,
    /// No recorded call tells how long it waited for its answer.
    NoWait,
    /// Fewer than two replications have a value in each of these intervals.
    NothingSimulated,
}

impl WhyNot {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneReplication => "one-replication",
            Self::NoOutcome => "no-outcome-known",
            Self::TooFew(..) => "too-few-calls",
            Self::Scaled => "offered-scale",
            Self::SomeUnknown => "some-outcomes-unknown",
            Self::NoWait => "no-wait-known",
            Self::NothingSimulated => "nothing-simulated",
        }
    }

    /// All of one value, of these recorded intervals.
    fn of(what: What, replications: usize, recorded: &[Recorded], terms: Terms) -> Self {
        let most = recorded.iter().map(|it| it.calls).max().unwrap_or(0);
        let mut enough = recorded.iter().filter(|it| terms.compares(it));
        if most == 0 {
            Self::NoOutcome
        } else if most < terms.fewest {
            Self::TooFew(most, terms.fewest)
        } else if what == What::Missed && terms.is_scaled() {
            Self::Scaled
        } else if replications < 2 {
            Self::OneReplication
        } else if enough.any(|it| it.value(what).is_some()) {
            Self::NothingSimulated
        } else if what == What::Wait {
            Self::NoWait
        } else {
            Self::SomeUnknown
        }
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneReplication => {
                f.write_str("one replication has no band: give --replications 2 or more")
            }
            Self::NoOutcome => f.write_str("the log tells no outcome of its calls"),
            Self::TooFew(most, fewest) => write!(
                f,
                "no interval has {fewest} calls of known outcome (the most is {most}): give a \
                 longer --per or a lower --fewest"
            ),
            Self::Scaled => {
                f.write_str("with --offered-scale other calls were offered than recorded")
            }
            Self::SomeUnknown => {
                f.write_str("every interval has calls whose outcome the log does not tell")
            }
            Self::NoWait => f.write_str("the log does not tell how long answered calls waited"),
            Self::NothingSimulated => f.write_str("the simulation has no value in these intervals"),
        }
    }
}

impl Terms {
    fn compares(self, recorded: &Recorded) -> bool {
        recorded.calls >= self.fewest.max(1)
    }

    /// Whether counts of both sides are of as many calls.
    #[expect(
        clippy::float_cmp,
        reason = "exactly one is what was typed or left out"
    )]
    pub fn is_scaled(self) -> bool {
        self.scale != 1.0
    }
}

/// One interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Its start and end, from the start of the run.
    pub bounds: (Nanos, Nanos),
    /// What was recorded.
    pub recorded: Recorded,
    /// In the order of [`What::ALL`]; none where one of the sides knows nothing.
    pub held: [Option<Held>; 3],
}

/// All intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// In order of time; those with too few recorded calls are left out.
    pub intervals: Vec<Interval>,
    /// In the order of [`What::ALL`]: why this is compared in none of them.
    pub why_not: [Option<WhyNot>; 3],
}

impl Backtest {
    /// Holds a run against what was recorded in each of its intervals.
    pub fn new(summary: &Summary, recorded: &[Recorded], terms: Terms) -> Self {
        let runs = &summary.replications;
        let series = runs.first().and_then(|it| it.series.first());
        let rows = series.map_or(0, |it| it.rows.len()).min(recorded.len());
        let recorded = &recorded[..rows];
        let held = |row: usize, it: &Recorded, what: What| {
            let left_out = what == What::Missed && terms.is_scaled();
            held(&values(runs, row, what), it.value(what)?, what).filter(|_| !left_out)
        };
        let interval = |(row, it): (usize, &Recorded)| {
            Some(Interval {
                bounds: series?.bounds(row),
                recorded: *it,
                held: What::ALL.map(|what| held(row, it, what)),
            })
        };
        let compared = recorded.iter().enumerate();
        let compared = compared.filter(|(_, it)| terms.compares(it));
        let intervals: Vec<Interval> = compared.filter_map(interval).collect();
        let why_not = What::ALL.map(|what| {
            let none = intervals.iter().all(|it| it.held[what as usize].is_none());
            none.then(|| WhyNot::of(what, runs.len(), recorded, terms))
        });
        Self { intervals, why_not }
    }

    /// How many intervals are compared in this, and how many of them lie in the band.
    pub fn inside(&self, what: What) -> (usize, usize) {
        let held = self
            .intervals
            .iter()
            .filter_map(|it| it.held[what as usize]);
        let (inside, outside): (Vec<_>, Vec<_>) = held.partition(Held::inside);
        (inside.len() + outside.len(), inside.len())
    }

    /// Whether enough intervals lie in the band; none where there is nothing to compare.
    pub fn agrees(&self, what: What) -> Option<bool> {
        let (all, inside) = self.inside(what);
        (all > 0).then_some(inside as f64 >= AGREES * all as f64)
    }

    /// The intervals that are off most, the worst first.
    pub fn worst(&self, what: What, count: usize) -> Vec<(&Interval, Held)> {
        let held = self.intervals.iter();
        let mut held: Vec<_> = held
            .filter_map(|it| Some((it, it.held[what as usize]?)))
            .collect();
        held.retain(|(_, held)| !held.inside());
        held.sort_by(|a, b| b.1.off().total_cmp(&a.1.off()));
        held.truncate(count);
        held
    }
}

/// What each replication has in this interval.
fn values(replications: &[Replication], row: usize, what: What) -> Vec<f64> {
    let value = |it: &Replication| {
        let counts = &it.series.first()?.rows.get(row)?.counts;
        let (offered, answered) = (counts.offered(), counts.outcome(Outcome::Answered));
        match what {
            What::Answered => (offered > 0).then(|| answered as f64 / offered as f64),
            What::Missed => Some((offered - answered) as f64),
            What::Wait => counts.answer_delay.moments.mean_s(),
        }
    };
    replications.iter().filter_map(value).collect()
}

/// Held against the band of these values: t·s·√(1 + 1/n), because another replication differs from
/// their mean by its own chance and that of the mean. None of fewer than two.
fn held(values: &[f64], recorded: f64, what: What) -> Option<Held> {
    let mean = estimate::mean(values)?;
    // Of the mean alone it is t·s/√n.
    let half = estimate::half_width(values)? * (values.len() as f64 + 1.0).sqrt();
    let most = match what {
        What::Answered => 1.0,
        What::Missed | What::Wait => f64::INFINITY,
    };
    Some(Held {
        recorded,
        simulated: mean,
        band: ((mean - half).max(0.0), (mean + half).min(most)),
        half,
    })
}

#[cfg(test)]
mod tests;
