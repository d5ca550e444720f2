//! Calls of a job that can be told beforehand never to reach the back end, or never anybody behind
//! it.
//!
//! Says only what holds whatever the draws are: rates are means, logs are counted. What hangs on
//! the hour of the day or on who redials is for the run to tell.

use std::collections::{BTreeMap, BTreeSet};

use model::arrivals::{Source, Start};
use model::callers::Callers;
use model::{Calendar, Draws};
use routing::account::{NumberId, SubAccountId};
use routing::limit::{AnonymousFrom, LimitClass};
use routing::lint::{Finding, FindingKind};
use routing::{Nanos, PhoneNumber};

use crate::job::Job;

/// The most minutes of a run that are looked at, evenly laid.
const MOST_MINUTES: u64 = 1000;

/// One reason why calls do not arrive anywhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Unreached {
    /// An `[[arrivals]]` brings no call within the run.
    NoCalls {
        /// Its index.
        arrivals: usize,
    },
    /// A log calls numbers that nobody owns.
    NobodyOwns {
        /// Its index.
        arrivals: usize,
        /// How many of its calls.
        calls: u64,
        /// The numbers, in order.
        numbers: Vec<PhoneNumber>,
    },
    /// Every number that an `[[arrivals]]` calls drops every call.
    OnlyDeadEnds {
        /// Its index.
        arrivals: usize,
    },
    /// On average more calls a minute to a number than its limit admits: the rest is blocked.
    OverToLimit {
        /// The number.
        number: NumberId,
        /// Expected calls in its busiest minute.
        per_minute: f64,
        /// Its limit.
        limit: u32,
    },
    /// On average more withheld callers a minute than one caller may be, and they count as one.
    OverPrivateLimit {
        /// Whose numbers they call.
        sub_account: SubAccountId,
        /// Expected calls in the busiest minute.
        per_minute: f64,
        /// The limit of one caller.
        limit: u32,
    },
}

/// The places of the `[[arrivals]]` that bring no call within the run, whatever the draws are.
pub fn silent(job: &Job) -> Vec<usize> {
    let (calendar, until) = (&job.plan.calendar, job.plan.duration);
    let brings = |source: &Source| source.process.expected(calendar, until) > 0.0;
    let sources = job.plan.sources.iter().enumerate();
    sources
        .filter(|(_, source)| !brings(source))
        .map(|(at, _)| at)
        .collect()
}

/// Everything of this kind. `findings` are those of the lint of the job's accounts.
pub fn find(job: &Job, findings: &[Finding]) -> Vec<Unreached> {
    let dead: BTreeSet<NumberId> = findings
        .iter()
        .filter(|it| it.kind == FindingKind::DeadEnd)
        .filter_map(|it| it.number)
        .collect();
    let silent = silent(job);
    let mut found = Vec::new();
    for (arrivals, source) in job.plan.sources.iter().enumerate() {
        match &source.targets {
            None => found.extend(of_log(job, arrivals, source)),
            Some(targets) => {
                if silent.contains(&arrivals) {
                    found.push(Unreached::NoCalls { arrivals });
                }
                let mut reached = false;
                targets.each_share(&mut |number, _| reached |= !dead.contains(&number));
                if !reached {
                    found.push(Unreached::OnlyDeadEnds { arrivals });
                }
            }
        }
    }
    found.extend(over_limits(job));
    found
}

/// What a log brings within the run.
fn of_log(job: &Job, arrivals: usize, source: &Source) -> Option<Unreached> {
    let start = Start {
        draws: Draws::new(job.plan.seed, 0),
        source: arrivals as u16,
        calendar: &job.plan.calendar,
        until: job.plan.duration,
        spread: source.spread,
    };
    let mut cursor = source.process.start(&start);
    let (mut all, mut calls, mut numbers) = (0u64, 0u64, BTreeSet::new());
    while let Some(due) = cursor.next() {
        all += 1;
        let called = due.call.map(|(_, to)| to);
        if let Some(to) = called.filter(|to| job.plan.accounts.find_number(*to).is_none()) {
            calls += 1;
            numbers.insert(to);
        }
    }
    if all == 0 {
        return Some(Unreached::NoCalls { arrivals });
    }
    (calls > 0).then(|| Unreached::NobodyOwns {
        arrivals,
        calls,
        numbers: numbers.into_iter().collect(),
    })
}

/// The source's mean calls in each of these minutes, and the largest of them.
struct Minutes {
    calls: Vec<f64>,
    peak: f64,
}

impl Minutes {
    fn of(source: &Source, calendar: &Calendar, begins: &[Nanos]) -> Self {
        let process = &source.process;
        let within = |begin: &Nanos| {
            let end = *begin + Nanos::MINUTE;
            process.expected(calendar, end) - process.expected(calendar, *begin)
        };
        let calls: Vec<f64> = begins.iter().map(within).collect();
        let peak = calls.iter().copied().fold(0.0, f64::max);
        Self { calls, peak }
    }
}

fn over_limits(job: &Job) -> Vec<Unreached> {
    let (plan, limits) = (&job.plan, &job.plan.limits);
    if !limits.enabled {
        return Vec::new();
    }
    let whole = plan.duration.0.div_ceil(Nanos::MINUTE.0);
    let step = whole.div_ceil(MOST_MINUTES).max(1) as usize;
    let begins = (0..whole)
        .step_by(step)
        .map(|minute| Nanos(minute * Nanos::MINUTE.0));
    let begins: Vec<Nanos> = begins.collect();
    let drawn = plan
        .sources
        .iter()
        .filter(|source| source.targets.is_some());
    let sources: Vec<(&Source, Minutes)> = drawn
        .map(|source| (source, Minutes::of(source, &plan.calendar, &begins)))
        .collect();
    let mut to = Busiest::default();
    let mut private = Busiest::default();
    for (at, (source, minutes)) in sources.iter().enumerate() {
        let (mut numbers, mut withheld) = (Vec::new(), BTreeMap::<_, f64>::new());
        let mut look = |number: NumberId, share: f64| {
            let called = plan.accounts.number(number);
            let Some(class) = limits.class_of(called) else {
                return;
            };
            numbers.push((number, share, limits.of(class).to_per_minute));
            if source.callers == Callers::Private && class == LimitClass::Regular {
                *withheld.entry(called.sub_account).or_default() += share;
            }
        };
        if let Some(targets) = &source.targets {
            targets.each_share(&mut look);
        }
        let limit = limits.regular.from_per_minute;
        let withheld = withheld.into_iter().map(|(id, share)| (id, share, limit));
        to.add(at, minutes.peak, sources.len(), numbers);
        private.add(at, minutes.peak, sources.len(), withheld);
    }
    let mut found: Vec<Unreached> = to
        .over(&sources)
        .map(|(number, per_minute, limit)| Unreached::OverToLimit {
            number,
            per_minute,
            limit,
        })
        .collect();
    if limits.anonymous_from == AnonymousFrom::Shared {
        found.extend(
            private
                .over(&sources)
                .map(
                    |(sub_account, per_minute, limit)| Unreached::OverPrivateLimit {
                        sub_account,
                        per_minute,
                        limit,
                    },
                ),
        );
    }
    found
}

/// Who may get more than a limit, with the sources that call them: (source, share) and the limit.
struct Busiest<K>(BTreeMap<K, (Vec<(usize, f64)>, u32)>);

impl<K> Default for Busiest<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Busiest<K> {
    /// Of these those that a source alone brings to its part of the limit: of a million numbers
    /// few.
    fn add(
        &mut self,
        source: usize,
        peak: f64,
        sources: usize,
        called: impl IntoIterator<Item = (K, f64, u32)>,
    ) {
        for (key, share, limit) in called {
            if share * peak * sources as f64 > f64::from(limit) {
                let entry = self.0.entry(key).or_insert_with(|| (Vec::new(), limit));
                entry.0.push((source, share));
            }
        }
    }

    /// Those over their limit in some minute: whom, calls in the busiest minute, limit.
    fn over(&self, sources: &[(&Source, Minutes)]) -> impl Iterator<Item = (K, f64, u32)> {
        self.0.iter().filter_map(|(key, (parts, limit))| {
            let minutes = sources.first().map_or(0, |it| it.1.calls.len());
            let in_minute = |minute: usize| -> f64 {
                let part = |(at, share): &(usize, f64)| sources[*at].1.calls[minute] * share;
                parts.iter().map(part).sum()
            };
            let busiest = (0..minutes).map(in_minute).fold(0.0, f64::max);
            (busiest > f64::from(*limit)).then_some((*key, busiest, *limit))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::callers::Targets;

    #[test]
    fn shares_add_up_to_all_calls() {
        let (a, b) = (NumberId(0), NumberId(1));
        let even = Targets::evenly(vec![a, b]).unwrap();
        let shares = |targets: &Targets| {
            let mut all = Vec::new();
            targets.each_share(&mut |number, share| all.push((number, share)));
            all
        };
        assert_eq!(shares(&even), [(a, 0.5), (b, 0.5)]);
        let weighted = Targets::weighted(&[(a, 3.0), (b, 1.0)]).unwrap();
        assert_eq!(shares(&weighted), [(a, 0.75), (b, 0.25)]);
    }
}
