//! A simulated day held against the recorded one, interval by interval.
//!
//! The recorded value is one draw. If the simulation is right it falls into the band in which
//! another replication would fall with 95 %; so it does in about 95 intervals of a hundred.

use calllog::{CanonicalCall, Direction};
use measure::{Replication, Summary};
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
    /// Of these, answered by a person.
    pub answered: u64,
    /// Answered calls whose wait is known, and these waits together, ns.
    pub waits: (u64, u128),
}

impl Recorded {
    /// Counts a call.
    pub fn add(&mut self, call: &CanonicalCall) {
        let Some(outcome) = call.outcome else {
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
            What::Missed => (self.calls > 0).then(|| (self.calls - self.answered) as f64),
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
    /// Where another replication would fall, with 95 %.
    pub band: (f64, f64),
}

impl Held {
    /// Whether what was recorded lies in the band.
    pub fn inside(&self) -> bool {
        let slack = 1e-9;
        self.recorded >= self.band.0 - slack && self.recorded <= self.band.1 + slack
    }

    /// How many deviations it is off.
    pub fn off(&self) -> f64 {
        let half = (self.band.1 - self.simulated).max(1e-9);
        (self.recorded - self.simulated).abs() / half
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
    /// In order of time; those without a recorded call are left out.
    pub intervals: Vec<Interval>,
}

impl Backtest {
    /// Holds a run against what was recorded in each of its intervals. Of intervals with fewer than
    /// `fewest` calls nothing is said.
    pub fn new(summary: &Summary, recorded: &[Recorded], fewest: u64) -> Self {
        let Some(series) = summary
            .replications
            .first()
            .and_then(|it| it.series.first())
        else {
            return Self {
                intervals: Vec::new(),
            };
        };
        let rows = recorded.iter().enumerate().take(series.rows.len());
        let rows = rows.filter(|(_, it)| it.calls >= fewest.max(1));
        let interval = |(row, recorded): (usize, &Recorded)| Interval {
            bounds: series.bounds(row),
            recorded: *recorded,
            held: What::ALL.map(|what| held(&summary.replications, row, recorded, what)),
        };
        Self {
            intervals: rows.map(interval).collect(),
        }
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

fn held(replications: &[Replication], row: usize, recorded: &Recorded, what: What) -> Option<Held> {
    let value = |it: &Replication| {
        let counts = &it.series.first()?.rows.get(row)?.counts;
        let (offered, answered) = (counts.offered(), counts.outcome(Outcome::Answered));
        match what {
            What::Answered => (offered > 0).then(|| answered as f64 / offered as f64),
            What::Missed => Some((offered - answered) as f64),
            What::Wait => counts.answer_delay.moments.mean_s(),
        }
    };
    let values: Vec<f64> = replications.iter().filter_map(value).collect();
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (n - 1.0);
    // Another replication differs from the mean by its own chance and that of the mean.
    let half = 1.96 * (variance * (1.0 + 1.0 / n)).sqrt();
    Some(Held {
        recorded: recorded.value(what)?,
        simulated: mean,
        band: (mean - half, mean + half),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_at(recorded: f64) -> Held {
        Held {
            recorded,
            simulated: 0.8,
            band: (0.7, 0.9),
        }
    }

    fn backtest(recorded: &[f64]) -> Backtest {
        let interval = |recorded: &f64| Interval {
            bounds: (Nanos::ZERO, Nanos::HOUR),
            recorded: Recorded::default(),
            held: [Some(held_at(*recorded)), None, None],
        };
        Backtest {
            intervals: recorded.iter().map(interval).collect(),
        }
    }

    #[test]
    fn nine_of_ten_intervals_in_the_band_agree() {
        let mut values = [0.8; 20];
        values[3] = 0.2;
        values[4] = 0.95;
        let agrees = backtest(&values);
        assert_eq!(agrees.inside(What::Answered), (20, 18));
        assert_eq!(agrees.agrees(What::Answered), Some(true));
        assert_eq!(agrees.agrees(What::Wait), None);
        let worst = agrees.worst(What::Answered, 3);
        assert_eq!(
            worst.iter().map(|it| it.1.recorded).collect::<Vec<_>>(),
            [0.2, 0.95]
        );
        values[5] = 0.0;
        assert_eq!(backtest(&values).agrees(What::Answered), Some(false));
    }

    #[test]
    fn a_recorded_interval_knows_what_its_calls_tell() {
        let mut recorded = Recorded::default();
        let mut call = CanonicalCall::at(jiff::Timestamp::UNIX_EPOCH);
        recorded.add(&call);
        assert_eq!(
            recorded.value(What::Answered),
            None,
            "an unknown outcome says nothing"
        );
        call.outcome = Some(Outcome::Answered);
        call.hold = Some(Nanos::from_secs(30));
        recorded.add(&call);
        call.outcome = Some(Outcome::Abandoned);
        recorded.add(&call);
        assert_eq!(recorded.value(What::Answered), Some(0.5));
        assert_eq!(recorded.value(What::Missed), Some(1.0));
        assert_eq!(recorded.value(What::Wait), Some(30.0));
    }
}
