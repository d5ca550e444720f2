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
    /// When it ended and whether it was answered; none where that is not known.
    matter: Option<(Timestamp, bool)>,
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
            // Taken: one call is returned to once, and whatever comes now ends its matter.
            if let Some((ended, answered)) = last.matter.take() {
                let ns = call.start.duration_since(ended).as_nanos();
                let ns = u64::try_from(ns).unwrap_or(0);
                if ns <= WITHIN.0 {
                    self.again.back(&mut last.counts, answered);
                    redial = !answered;
                    if redial {
                        keep(&mut self.delays, ns);
                    }
                }
            }
            counts = last.counts;
        }
        let answered = match call.outcome {
            Some(Outcome::Answered | Outcome::VoiceAi | Outcome::Ivr) => true,
            Some(_) => false,
            None => return redial,
        };
        if self.last.len() < MOST || self.last.contains_key(&from) {
            self.again.call(&mut counts, answered);
            let matter = Some((ended(call), answered));
            self.last.insert(from, Last { matter, counts });
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

/// When a call ended, by its total or else by the spans that are known.
fn ended(call: &CanonicalCall) -> Timestamp {
    let spans = [call.ring, call.hold, call.talk].into_iter().flatten();
    let lasted = call
        .total
        .map_or_else(|| spans.map(|it| it.0).sum(), |it| it.0);
    let lasted = jiff::SignedDuration::from_nanos(i64::try_from(lasted).unwrap_or(0));
    call.start.saturating_add(lasted).unwrap_or(call.start)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn call(caller: u64, minute: i64, outcome: Option<Outcome>) -> CanonicalCall {
        let start = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let mut call = CanonicalCall::at(start);
        call.from = PhoneNumber::from_digits(15_555_550_100 + caller);
        call.outcome = outcome;
        call
    }

    #[test]
    fn calls_of_unknown_outcome_return_to_one_call_once() {
        let mut all = Recorded::default();
        for caller in 0..60 {
            all.call(&call(caller, 0, Some(Outcome::NoAnswer)));
            let redials = [2, 4, 6].map(|minute| all.call(&call(caller, minute, None)));
            assert_eq!(redials, [true, false, false]);
            // What came before the unknown ones is over.
            assert!(!all.call(&call(caller, 8, Some(Outcome::Answered))));
        }
        let found = all.fit().unwrap();
        assert_eq!((found.gross, found.ordinary, found.share), (1.0, 0.0, 1.0));
    }

    fn outcome() -> impl Strategy<Value = Option<Outcome>> {
        prop_oneof![
            Just(None),
            Just(Some(Outcome::Answered)),
            Just(Some(Outcome::Abandoned))
        ]
    }

    proptest! {
        #[test]
        fn no_share_is_above_one_or_no_number(
            calls in prop::collection::vec((0..6u64, 0..400i64, outcome()), 150..400),
        ) {
            let mut all = Recorded::default();
            let mut minute = 0;
            for (caller, later, outcome) in calls {
                minute += later / 10;
                all.call(&call(caller, minute, outcome));
            }
            let Some(found) = all.fit() else { return Ok(()) };
            for share in [found.share, found.gross, found.ordinary] {
                prop_assert!((0.0..=1.0).contains(&share), "{found:?}");
            }
            let ends = [found.share_ci95, found.gross_ci95, found.ordinary_ci95];
            for ends in ends.into_iter().flatten() {
                prop_assert!(0.0 <= ends.low && ends.low <= ends.high && ends.high <= 1.0);
            }
        }
    }
}
