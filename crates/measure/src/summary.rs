//! Replications in their order -> every metric with its interval, or why it is absent.

use routing::Nanos;

use crate::counts::OUTCOMES;
use crate::estimate::{Spread, half_width, mean, spread, wilson_95};
use crate::fingerprint::{Fingerprint, Fingerprints};
use crate::names::table::computed;
use crate::names::{Kind, Known};
use crate::replication::{Absence, Replication};
use crate::staff::{PersonCount, earlier};

/// How a value came about: what a comparison may assume of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// One replication: the same inputs give the same value.
    Exact,
    /// The mean over replications.
    Estimate,
    /// A clock measured it.
    Sampled,
}

impl Class {
    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimate => "estimate",
            Self::Sampled => "sampled",
        }
    }
}

/// The value of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// The value, or its mean over the replications that have one.
    pub value: f64,
    /// Its 95 % interval; none of one replication.
    pub ci95: Option<(f64, f64)>,
    /// How it lies over the replications; none of one, and none of yes and no.
    pub spread: Option<Spread>,
    /// How many replications have it; with antithetic pairs how many pairs, but for yes and no.
    pub n: u64,
    /// What a share is of.
    pub of: Option<&'static str>,
    /// The unit; none for a share.
    pub unit: Option<&'static str>,
    /// How it came about.
    pub class: Class,
    /// Whether it counts things: then the value of one replication is a whole number.
    pub count: bool,
}

impl Metric {
    /// What a clock measured once.
    pub const fn sampled(value: f64, unit: &'static str) -> Self {
        Self {
            value,
            ci95: None,
            spread: None,
            n: 1,
            of: None,
            unit: Some(unit),
            class: Class::Sampled,
            count: false,
        }
    }

    /// Half the width of its interval as a share of the value: what `precision` bounds. None
    /// without an interval; infinite about a value of zero.
    pub fn precision(&self) -> Option<f64> {
        let (low, high) = self.ci95?;
        Some(if high > low {
            (high - low) / 2.0 / self.value.abs()
        } else {
            0.0
        })
    }

    /// From the values of those replications that have one, in their order; none without any.
    pub fn of_values(known: &Known, values: &[f64], replications: usize) -> Option<Self> {
        Self::of_observations(known, values, values, replications)
    }

    /// The same where the independent observations are something else than the replications: the
    /// means of antithetic pairs. A chance is still counted over the replications, and the spread
    /// is theirs.
    pub fn of_observations(
        known: &Known,
        values: &[f64],
        observations: &[f64],
        replications: usize,
    ) -> Option<Self> {
        let value = mean(observations)?;
        let several = values.len() > 1;
        let yes_or_no = matches!(known.kind, Kind::BlockChance);
        let ci95 = if yes_or_no && several {
            let yes = values.iter().filter(|value| **value > 0.5).count();
            wilson_95(yes as u64, values.len() as u64)
        } else {
            half_width(observations).map(|half| (value - half, value + half))
        };
        let n = if yes_or_no { values } else { observations };
        Some(Self {
            value,
            ci95,
            spread: spread(values).filter(|_| several && !yes_or_no),
            n: n.len() as u64,
            of: known.of,
            unit: known.unit,
            class: if replications > 1 {
                Class::Estimate
            } else {
                Class::Exact
            },
            count: known.kind.is_count(),
        })
    }
}

/// A metric without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Its name.
    pub name: String,
    /// Why, in the first replication that lacked it.
    pub reason: String,
}

/// What the sub-account of the same place in the accounts got, added over all replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountSums {
    /// Calls by outcome.
    pub outcomes: [u64; OUTCOMES],
    /// Violations of rate limits.
    pub violations: u64,
    /// In how many replications it was blocked.
    pub blocked_in: u64,
    /// When it was first blocked, in whichever replication that was soonest.
    pub first_block: Option<Nanos>,
}

impl AccountSums {
    /// All calls.
    pub fn offered(&self) -> u64 {
        self.outcomes.iter().sum()
    }
}

/// What a person did, added over all replications.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PersonSums {
    /// Rings, answers, talk, busy time.
    pub sums: PersonCount,
    /// The mean share of their logged-in time that they were busy; none if never logged in.
    pub occupancy: Option<f64>,
}

/// All that is known of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// In their order.
    pub replications: Vec<Replication>,
    /// By name, in the order of reports.
    pub metrics: Vec<(String, Metric)>,
    /// What has no value, and why.
    pub absent: Vec<Absent>,
    /// What a clock measured, by name.
    pub measured: Vec<(String, Metric)>,
    /// One a sub-account, and a last one for calls to numbers that nobody owns.
    pub accounts: Vec<AccountSums>,
    /// One a person.
    pub people: Vec<PersonSums>,
    /// Of the inputs, and of all replications together.
    pub fingerprints: Fingerprints,
}

impl Summary {
    /// Sums up replications of the same setup. Of no replications nothing is known.
    pub fn new(
        replications: Vec<Replication>,
        inputs: Fingerprint,
        measured: Vec<(String, Metric)>,
    ) -> Self {
        let mut fingerprints = Fingerprints {
            inputs,
            ..Fingerprints::default()
        };
        for replication in &replications {
            fingerprints
                .arrivals
                .merge(replication.fingerprints.arrivals);
            fingerprints
                .decisions
                .merge(replication.fingerprints.decisions);
            fingerprints
                .outcomes
                .merge(replication.fingerprints.outcomes);
        }
        let (mut metrics, mut absent) = (Vec::new(), Vec::new());
        for known in replications.first().map(known_by).unwrap_or_default() {
            match over(&replications, &known, |it| it.value(known.kind)) {
                Ok(metric) => metrics.push((known.name.into_owned(), metric)),
                Err(why) => {
                    absent.push(Absent {
                        name: known.name.into_owned(),
                        reason: why.to_string(),
                    });
                }
            }
        }
        Self {
            accounts: accounts(&replications),
            people: people(&replications),
            replications,
            metrics,
            absent,
            measured,
            fingerprints,
        }
    }

    /// A metric by its name, measured ones included.
    pub fn get(&self, name: &str) -> Option<&Metric> {
        let all = self.metrics.iter().chain(&self.measured);
        all.into_iter()
            .find(|(it, _)| it == name)
            .map(|(_, metric)| metric)
    }

    /// Why a metric has no value, if it is one that was looked for.
    pub fn reason(&self, name: &str) -> Option<&str> {
        self.absent
            .iter()
            .find(|it| it.name == name)
            .map(|it| it.reason.as_str())
    }

    /// The mean alone of [`Summary::interval`]: what a long table needs, without the cost of
    /// intervals.
    ///
    /// # Errors
    /// Why it has no value there.
    pub fn interval_mean(&self, kind: Kind, series: usize, row: usize) -> Result<f64, Absence> {
        let (values, why) = values(&self.replications, |it| {
            let series = it.series.get(series).ok_or(Absence::NotAsked)?;
            it.interval_value(kind, series, row)
        });
        mean(&values).ok_or(why)
    }

    /// A metric in one interval of one of the series (0 is the run's own).
    ///
    /// # Errors
    /// Why it has no value there.
    pub fn interval(&self, known: &Known, series: usize, row: usize) -> Result<Metric, Absence> {
        over(&self.replications, known, |it| {
            let series = it.series.get(series).ok_or(Absence::NotAsked)?;
            it.interval_value(known.kind, series, row)
        })
    }
}

/// Everything that is computed from the records of this replication.
fn known_by(replication: &Replication) -> Vec<Known> {
    computed(
        &replication.setup.service_levels,
        &replication.setup.percentiles,
    )
}

/// One metric over all replications that have it.
pub(crate) fn over(
    replications: &[Replication],
    known: &Known,
    value: impl Fn(&Replication) -> Result<f64, Absence>,
) -> Result<Metric, Absence> {
    if replications.first().is_some_and(|it| it.setup.pairs) {
        let observations = pair_means(replications, &value);
        let (values, why) = values(replications, value);
        return Metric::of_observations(known, &values, &observations, replications.len())
            .ok_or(why);
    }
    let (values, why) = values(replications, value);
    Metric::of_values(known, &values, replications.len()).ok_or(why)
}

/// The means of antithetic pairs, in their order; where only one of a pair has a value, that one.
pub fn pair_means(
    replications: &[Replication],
    value: impl Fn(&Replication) -> Result<f64, Absence>,
) -> Vec<f64> {
    let pairs = replications.chunk_by(|a, b| a.number / 2 == b.number / 2);
    pairs
        .filter_map(|pair| mean(&values(pair, &value).0))
        .collect()
}

/// The values of those that have one, and why the first of the others has none.
fn values(
    replications: &[Replication],
    value: impl Fn(&Replication) -> Result<f64, Absence>,
) -> (Vec<f64>, Absence) {
    let mut values = Vec::with_capacity(replications.len());
    let mut why = None;
    for replication in replications {
        match value(replication) {
            Ok(value) => values.push(value),
            Err(absence) => why = why.or(Some(absence)),
        }
    }
    (values, why.unwrap_or(Absence::NoneOf("replications")))
}

fn accounts(replications: &[Replication]) -> Vec<AccountSums> {
    let rows = replications.first().map_or(0, |it| it.accounts.len());
    let mut sums = vec![AccountSums::default(); rows];
    for replication in replications {
        for (sum, account) in sums.iter_mut().zip(&replication.accounts) {
            crate::counts::add_each(&mut sum.outcomes, &account.outcomes);
            sum.violations += account.violations;
            sum.blocked_in += u64::from(account.blocked_at.is_some());
            sum.first_block = earlier(sum.first_block, account.blocked_at);
        }
    }
    sums
}

fn people(replications: &[Replication]) -> Vec<PersonSums> {
    let rows = replications.first().map_or(0, |it| it.people.len());
    let person = |row: usize| {
        let mut person = PersonSums::default();
        let mut shares = Vec::new();
        for replication in replications {
            if let Some(count) = replication.people.get(row) {
                person.sums.merge(count);
            }
            shares.extend(replication.occupancy_of(row).ok());
        }
        person.occupancy = mean(&shares);
        person
    };
    (0..rows).map(person).collect()
}
