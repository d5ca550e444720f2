//! Who calls again after nobody answered.
//!
//! Only callers with a number of their own can be followed. Some would have called again in any
//! case: the share that returns after an answered call is taken off.

use calllog::CanonicalCall;
use jiff::Timestamp;
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};
use rustc_hash::FxHashMap;

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
}

/// Follows callers through a log, call by call in order of time.
#[derive(Debug, Default)]
pub struct Recorded {
    last: FxHashMap<PhoneNumber, Last>,
    /// After an unanswered call, and after an answered one: how many, and how many came back.
    after: [(u64, u64); 2],
    delays: Durations,
}

/// Callers who call again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Redials {
    /// The share that calls again within four hours, ordinary returns taken off.
    pub share: f64,
    /// The same with them.
    pub gross: f64,
    /// The share that returns after an answered call.
    pub ordinary: f64,
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
        if let Some(last) = self.last.get(&from) {
            let ns = call.start.duration_since(last.ended).as_nanos();
            let ns = u64::try_from(ns).unwrap_or(0);
            if ns <= WITHIN.0 {
                self.after[usize::from(last.answered)].1 += 1;
                redial = !last.answered;
                if redial {
                    keep(&mut self.delays, ns);
                }
            }
        }
        let answered = match call.outcome {
            Some(Outcome::Answered | Outcome::VoiceAi | Outcome::Ivr) => true,
            Some(_) => false,
            None => return redial,
        };
        self.after[usize::from(answered)].0 += 1;
        let spans = [call.ring, call.hold, call.talk].into_iter().flatten();
        let lasted = call
            .total
            .map_or_else(|| spans.map(|it| it.0).sum(), |it| it.0);
        let lasted = jiff::SignedDuration::from_nanos(i64::try_from(lasted).unwrap_or(0));
        let ended = call.start.saturating_add(lasted).unwrap_or(call.start);
        if self.last.len() < MOST || self.last.contains_key(&from) {
            self.last.insert(from, Last { ended, answered });
        }
        redial
    }

    pub(super) fn fit(&self) -> Option<Redials> {
        let [(n, again), (served, returned)] = self.after;
        if n < FEWEST {
            return None;
        }
        let gross = again as f64 / n as f64;
        let ordinary = if served == 0 {
            0.0
        } else {
            returned as f64 / served as f64
        };
        let share = ((gross - ordinary) / (1.0 - ordinary).max(1e-9)).clamp(0.0, 1.0);
        Some(Redials {
            share,
            gross,
            ordinary,
            n,
            delay: Lognormal::fit(&self.delays),
        })
    }
}
