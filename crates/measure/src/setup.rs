//! What a tally has to know beforehand: the window, the intervals, what is asked, and who there is.
//!
//! Knows no scenario file: whoever wires a run fills it in.

use std::sync::Arc;

use routing::Nanos;

use crate::names::{Kind, Known, Percentile, Span, Stat};

/// The most intervals that one time series may have.
pub const MAX_INTERVALS: u64 = 200_000;

/// Calls abandoned within this time are short: they are taken out of `of_offered_less_short`.
pub const SHORT: Nanos = Nanos::from_secs(5);

/// The stretch of time that is counted: from the end of the warm-up until before the end of the
/// run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub from: Nanos,
    /// The first instant after it.
    pub until: Nanos,
}

impl Window {
    /// Whether this instant is counted.
    pub const fn contains(self, at: Nanos) -> bool {
        self.from.0 <= at.0 && at.0 < self.until.0
    }

    /// How much of a stretch lies inside, in nanoseconds.
    pub fn clip(self, from: Nanos, until: Nanos) -> u64 {
        until.min(self.until).since(from.max(self.from)).0
    }

    /// Its length in nanoseconds.
    pub const fn length_ns(self) -> u64 {
        self.until.since(self.from).0
    }
}

/// A time within which an answer is good service, by the name that whoever asked gave it (`20s`,
/// `1min`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLevel {
    /// As it stands in the metric's name.
    pub name: Box<str>,
    /// How long: an answer at exactly this time still counts.
    pub within: Nanos,
}

impl ServiceLevel {
    /// The one that is always reported.
    pub fn standard() -> Self {
        Self {
            name: "20s".into(),
            within: Nanos::from_secs(20),
        }
    }
}

/// What is to be counted, and over whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Calls that arrive before this are not counted.
    pub warm_up: Nanos,
    /// The end of the run: nothing arrives from here on.
    pub duration: Nanos,
    /// The interval of the time series.
    pub interval: Nanos,
    /// Other intervals that a gate asks for with `each`.
    pub each: Vec<Nanos>,
    /// Service levels; the first is always 20 s.
    pub service_levels: Vec<ServiceLevel>,
    /// Percentiles beside the usual ones.
    pub percentiles: Vec<(Span, Percentile)>,
    /// Whether every interval keeps its own distribution of delays. Costs up to a megabyte an
    /// interval, so only when a gate with `each` asks for a percentile.
    pub interval_delays: bool,
    /// How many sub-accounts there are.
    pub sub_accounts: usize,
    /// How many people there are on the staff.
    pub persons: usize,
    /// For each `[[arrivals]]` table whether every fresh call of it is a person of its own.
    pub source_is_unique: Vec<bool>,
    /// For each person how long they are logged in within the window, in nanoseconds.
    pub staff_logged_in_ns: Vec<u128>,
    /// The time of all unnamed agents together within the window, in nanoseconds.
    pub unnamed_agents_ns: u128,
    /// For each user a number that stays the same whatever other accounts there are (its place
    /// within its sub-account): what stands for the user in the fingerprint of the decisions.
    pub ordinals: Arc<[u32]>,
    /// Whether replications `2k` and `2k + 1` are a pair with opposite draws: then the mean of the
    /// two is one observation.
    pub pairs: bool,
    /// How long a block of an account lasts; none when for good.
    pub block_lasts: Option<Nanos>,
    /// For each sub-account the number of the account that is blocked with it (its agency's, say);
    /// empty when each is blocked alone.
    pub blocked_as: Arc<[u32]>,
}

/// What is wrong with a setup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupFault {
    /// Nothing would be counted.
    #[error("the warm-up ({warm_up}) is not shorter than the run ({duration}): shorten it")]
    EmptyWindow {
        /// The warm-up.
        warm_up: Nanos,
        /// The run.
        duration: Nanos,
    },
    /// A time series without steps.
    #[error("an interval of zero: give one longer than that")]
    NoInterval,
    /// More rows than anybody reads.
    #[error("{intervals} intervals of {interval}, at most {MAX_INTERVALS}: take a longer interval")]
    TooManyIntervals {
        /// How many there would be.
        intervals: u64,
        /// Of this length.
        interval: Nanos,
    },
}

impl Setup {
    /// A run without staff, accounts or sources; the rest is filled in by whoever knows them.
    pub fn new(warm_up: Nanos, duration: Nanos, interval: Nanos) -> Self {
        Self {
            warm_up,
            duration,
            interval,
            each: Vec::new(),
            service_levels: vec![ServiceLevel::standard()],
            percentiles: Vec::new(),
            interval_delays: false,
            sub_accounts: 0,
            persons: 0,
            source_is_unique: Vec::new(),
            staff_logged_in_ns: Vec::new(),
            unnamed_agents_ns: 0,
            ordinals: Arc::new([]),
            pairs: false,
            block_lasts: None,
            blocked_as: Arc::new([]),
        }
    }

    /// Sees to it that this metric will be there, and in each of these intervals if some are given.
    pub fn want(&mut self, metric: &Known, each: Option<Nanos>) {
        match metric.kind {
            Kind::ServiceLevel(within, _)
            | Kind::AnsweredWithin(within)
            | Kind::AbandonedWithin(within) => self.want_level(metric, within),
            Kind::Delay(span, Stat::Percentile(percentile)) => {
                if !Percentile::USUAL.contains(&percentile)
                    && !self.percentiles.contains(&(span, percentile))
                {
                    self.percentiles.push((span, percentile));
                }
                self.interval_delays |= each.is_some();
            }
            _ => {}
        }
        if let Some(each) = each
            && each != self.interval
            && !self.each.contains(&each)
        {
            self.each.push(each);
        }
    }

    fn want_level(&mut self, metric: &Known, within: Nanos) {
        let name = metric.name.split_once('.').and_then(|(_, rest)| {
            if matches!(metric.kind, Kind::AnsweredWithin(_)) {
                return Some(rest);
            }
            rest.rsplit_once('.').map(|(name, _)| name)
        });
        if let Some(name) = name
            && !self.service_levels.iter().any(|level| *level.name == *name)
        {
            self.service_levels.push(ServiceLevel {
                name: name.into(),
                within,
            });
        }
    }

    /// The sub-accounts that a block of this one stops, itself among them.
    pub(crate) fn blocked_with(&self, account: usize) -> Vec<usize> {
        let Some(blocked) = self.blocked_as.get(account) else {
            return vec![account];
        };
        let all = self.blocked_as.iter().enumerate();
        all.filter(|(_, other)| *other == blocked)
            .map(|(at, _)| at)
            .collect()
    }

    /// The window of the statistics.
    pub const fn window(&self) -> Window {
        Window {
            from: self.warm_up,
            until: self.duration,
        }
    }

    /// Whether this can be counted at all.
    ///
    /// # Errors
    /// An empty window, an interval of zero, more intervals than [`MAX_INTERVALS`].
    pub fn check(&self) -> Result<(), SetupFault> {
        if self.warm_up >= self.duration {
            let (warm_up, duration) = (self.warm_up, self.duration);
            return Err(SetupFault::EmptyWindow { warm_up, duration });
        }
        for &interval in std::iter::once(&self.interval).chain(&self.each) {
            if interval == Nanos::ZERO {
                return Err(SetupFault::NoInterval);
            }
            let intervals = self.duration.0.div_ceil(interval.0);
            if intervals > MAX_INTERVALS {
                return Err(SetupFault::TooManyIntervals {
                    intervals,
                    interval,
                });
            }
        }
        Ok(())
    }
}
