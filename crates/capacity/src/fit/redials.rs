//! Who calls again after nobody answered.
//!
//! Only callers with a number of their own can be followed. Some would have called again in any
//! case: the share that returns after an answered call is taken off. How well the shares are known
//! is a matter of callers, not of calls: see `again`.

use calllog::CanonicalCall;
use jiff::Timestamp;
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};
use rustc_hash::FxHashMap;

use super::again::{Again, Counts};
use super::interval::Interval;
use super::lognormal::Lognormal;
use super::{Durations, MOST, keep};

/// A call later than this after the last one is a new matter.
const WITHIN: Nanos = Nanos(4 * Nanos::HOUR.0);

/// Fewer unanswered calls of known callers than this say nothing.
const FEWEST: u64 = 50;

/// Made by an import for callers without a name: each stands for one call.
const NAMELESS: std::ops::RangeInclusive<u64> = 999_000_000_000_000..=999_199_999_999_999;

#[derive(Debug, Clone, Copy)]
struct Last {
    ended: Timestamp,
    answered: bool,
    /// What this caller adds to the shares.
    counts: Counts,
}

/// Follows callers through a log, call by call in order of time.
#[derive(Debug, Default)]
pub struct Recorded {
    last: FxHashMap<PhoneNumber, Last>,
    again: Again,
    delays: Durations,
}

/// Callers who call again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Redials {
    /// The share that calls again within four hours, ordinary returns taken off.
    pub share: f64,
    /// Its 95 % interval, over callers; as those below it none of fewer than two callers.
    pub share_ci95: Option<Interval>,
    /// The same with them.
    pub gross: f64,
    /// The 95 % interval of that.
    pub gross_ci95: Option<Interval>,
    /// The share that returns after an answered call.
    pub ordinary: f64,
    /// The 95 % interval of that; none where no call was answered.
    pub ordinary_ci95: Option<Interval>,
    /// Unanswered calls of known callers.
    pub n: u64,
    /// The time from the end of the failed call.
    pub delay: Option<Lognormal>,
}

impl Recorded {
    /// Whether the call is a redial: its caller was not answered within the last four hours.
    pub fn call(&mut self, call: &CanonicalCall) -> bool {
        let Some(from) = call.from.filter(|it| !NAMELESS.contains(&it.digits())) else {
            return false;
        };
        let mut redial = false;
        let mut counts = Counts::default();
        if let Some(last) = self.last.get_mut(&from) {
            let ns = call.start.duration_since(last.ended).as_nanos();
            let ns = u64::try_from(ns).unwrap_or(0);
            if ns <= WITHIN.0 {
                self.again.back(&mut last.counts, last.answered);
                redial = !last.answered;
                if redial {
                    keep(&mut self.delays, ns);
                }
            }
            counts = last.counts;
        }
        let answered = match call.outcome {
            Some(Outcome::Answered | Outcome::VoiceAi | Outcome::Ivr) => true,
            Some(_) => false,
            None => return redial,
        };
        self.again.call(&mut counts, answered);
        let spans = [call.ring, call.hold, call.talk].into_iter().flatten();
        let lasted = call
            .total
            .map_or_else(|| spans.map(|it| it.0).sum(), |it| it.0);
        let lasted = jiff::SignedDuration::from_nanos(i64::try_from(lasted).unwrap_or(0));
        let ended = call.start.saturating_add(lasted).unwrap_or(call.start);
        if self.last.len() < MOST || self.last.contains_key(&from) {
            let last = Last {
                ended,
                answered,
                counts,
            };
            self.last.insert(from, last);
        }
        redial
    }

    pub(super) fn fit(&self) -> Option<Redials> {
        let n = self.again.unanswered();
        if n < FEWEST {
            return None;
        }
        let (share, share_ci95) = self.again.net();
        let (gross, gross_ci95) = self.again.told(false);
        let (ordinary, ordinary_ci95) = self.again.told(true);
        Some(Redials {
            share,
            share_ci95,
            gross,
            gross_ci95,
            ordinary,
            ordinary_ci95,
            n,
            delay: Lognormal::fit(&self.delays),
        })
    }
}
