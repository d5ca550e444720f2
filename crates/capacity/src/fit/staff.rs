//! How many people served one hold queue, by the call log alone.
//!
//! No log says who was there. It shows how many talked while somebody waited: then nobody was idle,
//! so those were all there were. Where nobody waited, more may have been there than talked; whoever
//! talked shortly before and shortly after was there in between.

use std::collections::BTreeMap;

use calllog::{CanonicalCall, Direction};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use routing::record::Outcome;

/// So long is one number of people held to be the same, ms.
const STEP_MS: i64 = 600_000;

/// Somebody has to wait so long in an interval before all are taken to be busy in it, ms.
const WAITED_MS: i64 = 60_000;

/// Who talks again within this was there in between, ms.
const THERE_MS: i64 = 300_000;

/// A longer talk, or wait, is taken to be so long: a telephone that was not hung up, ms.
const LONGEST_MS: i64 = 3_600_000;

/// So many talks of the usual length are added to those of an interval, so that two long ones are
/// no other kind of day.
const USUAL_TALKS: f64 = 5.0;

/// The most calls that are kept.
const MOST_CALLS: usize = 10_000_000;

/// The most intervals: nine years of them.
const MOST_STEPS: i64 = 473_000;

/// One call in the queue, in ms since 1970: from when it waited, to when, and when its talk ended.
#[derive(Debug, Clone, Copy)]
struct Held {
    waits: i64,
    served: i64,
    ends: i64,
}

/// Gathers the calls of one queue.
#[derive(Debug, Default)]
pub struct Staff {
    calls: Vec<Held>,
    /// Talks by who talked: from, to.
    users: BTreeMap<String, Vec<(i64, i64)>>,
    /// Calls behind the most that are kept.
    pub left_out: u64,
}

/// What is known of one interval.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// For so long somebody waited.
    waited_ms: i64,
    /// People times time meanwhile.
    busy_ms: i64,
    most_busy: i64,
    there_ms: i64,
    talk_ms: i64,
    talks: i64,
}

impl Staff {
    /// A call; such that are not inbound are not of the queue.
    pub fn call(&mut self, call: &CanonicalCall) {
        if !matches!(call.direction, Direction::Inbound | Direction::Unknown) {
            return;
        }
        if self.calls.len() >= MOST_CALLS {
            self.left_out += 1;
            return;
        }
        let ms = |it: Option<routing::Nanos>| {
            let ms = it.map_or(0, |it| it.0 / 1_000_000);
            i64::try_from(ms).map_or(LONGEST_MS, |it| it.min(LONGEST_MS))
        };
        let waits = call.start.as_millisecond() + ms(call.ring);
        let served = waits + ms(call.hold);
        let answered = call.outcome == Some(Outcome::Answered);
        let ends = served + if answered { ms(call.talk) } else { 0 };
        self.calls.push(Held {
            waits,
            served,
            ends,
        });
        if let Some(user) = call.user.as_ref().filter(|_| answered) {
            if let Some(talks) = self.users.get_mut(user) {
                talks.push((served, ends));
            } else {
                self.users.insert(user.clone(), vec![(served, ends)]);
            }
        }
    }

    /// People from each local time on, changes only.
    ///
    /// `talk_s` is the mean talk, in seconds, of the scenario that they are to serve; none is the
    /// mean of the log. Where the recorded talks of half an hour are longer or shorter than that,
    /// as many fewer or more people serve the same calls.
    pub fn roster(&self, zone: &TimeZone, talk_s: Option<f64>) -> Vec<(DateTime, u32)> {
        let Some(first) = self.calls.iter().map(|it| it.waits).min() else {
            return Vec::new();
        };
        let begin = first.div_euclid(3_600_000) * 3_600_000;
        let steps = self.steps(begin);
        let (talk_ms, talks) = steps
            .iter()
            .fold((0, 0), |sum, it| (sum.0 + it.talk_ms, sum.1 + it.talks));
        let usual_ms = talk_ms as f64 / (talks as f64).max(1.0);
        let wanted_ms = talk_s.map_or(usual_ms, |it| 1000.0 * it);
        let mut roster: Vec<(DateTime, u32)> = Vec::new();
        let mut begins = begin - STEP_MS;
        for (at, step) in steps.iter().enumerate() {
            begins += STEP_MS;
            let near = &steps[at.saturating_sub(1)..(at + 2).min(steps.len())];
            let (long, count) = near
                .iter()
                .fold((0, 0), |sum, it| (sum.0 + it.talk_ms, sum.1 + it.talks));
            let mean_ms = (long as f64 + USUAL_TALKS * usual_ms) / (count as f64 + USUAL_TALKS);
            let people = step.people() * wanted_ms / mean_ms.max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "not negative, and a cast keeps to the bounds of the type"
            )]
            let people = people.round() as u32;
            let Ok(instant) = Timestamp::from_millisecond(begins) else {
                break;
            };
            let local = zone.to_datetime(instant);
            let changes = roster
                .last()
                .is_none_or(|it| it.0 < local && it.1 != people);
            if changes {
                roster.push((local, people));
            }
        }
        roster
    }

    fn steps(&self, begin: i64) -> Vec<Step> {
        let last = self.calls.iter().map(|it| it.ends).max().unwrap_or(begin);
        let count = ((last - begin) / STEP_MS + 2).clamp(1, MOST_STEPS);
        let mut steps = vec![Step::default(); usize::try_from(count).unwrap_or(1)];
        self.sweep(begin, &mut steps);
        for talks in self.users.values() {
            for (from, to) in there(talks) {
                parts(begin, (from, to), &mut steps, |step, long| {
                    step.there_ms += long;
                });
            }
        }
        for call in self.calls.iter().filter(|it| it.ends > it.served) {
            let at = usize::try_from((call.served - begin) / STEP_MS);
            if let Some(step) = at.ok().and_then(|at| steps.get_mut(at)) {
                step.talk_ms += call.ends - call.served;
                step.talks += 1;
            }
        }
        steps
    }

    /// Who waits and who talks, from one change to the next.
    fn sweep(&self, begin: i64, steps: &mut [Step]) {
        let mut changes = Vec::with_capacity(self.calls.len() * 4);
        for call in &self.calls {
            changes.push((call.waits, 1, 0));
            changes.push((call.served, -1, 0));
            changes.push((call.served, 0, 1));
            changes.push((call.ends, 0, -1));
        }
        changes.sort_unstable();
        let (mut waiting, mut busy, mut since) = (0i64, 0i64, begin);
        for (at, waits, talks) in changes {
            if at > since && (waiting > 0 || busy > 0) {
                parts(begin, (since, at), steps, |step, long| {
                    step.most_busy = step.most_busy.max(busy);
                    if waiting > 0 {
                        step.waited_ms += long;
                        step.busy_ms += long * busy;
                    }
                });
            }
            since = since.max(at);
            waiting += waits;
            busy += talks;
        }
    }
}

impl Step {
    fn people(&self) -> f64 {
        if self.waited_ms >= WAITED_MS {
            return self.busy_ms as f64 / self.waited_ms as f64;
        }
        let there = self.there_ms as f64 / STEP_MS as f64;
        there.max(self.most_busy as f64)
    }
}

/// The talks of one person, pauses that are short taken into them.
fn there(talks: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut sorted = talks.to_vec();
    sorted.sort_unstable();
    let mut all: Vec<(i64, i64)> = Vec::new();
    for (from, to) in sorted {
        match all.last_mut() {
            Some(last) if from - last.1 < THERE_MS => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// The part of this time in each interval.
fn parts(
    begin: i64,
    (from, to): (i64, i64),
    steps: &mut [Step],
    mut part: impl FnMut(&mut Step, i64),
) {
    let mut from = from.max(begin);
    while from < to {
        let at = (from - begin) / STEP_MS;
        let until = to.min(begin + (at + 1) * STEP_MS);
        let Some(step) = usize::try_from(at).ok().and_then(|at| steps.get_mut(at)) else {
            return;
        };
        part(step, until - from);
        from = until;
    }
}

#[cfg(test)]
mod tests {
    use routing::Nanos;

    use super::*;

    /// Answered by `user`, or given up by the caller.
    fn call(second: i64, hold_s: u64, talk_s: u64, user: Option<&str>) -> CanonicalCall {
        let mut call = CanonicalCall::at(Timestamp::from_second(second).expect("a time"));
        call.direction = Direction::Inbound;
        call.hold = Some(Nanos(hold_s * Nanos::SECOND.0));
        call.talk = Some(Nanos(talk_s * Nanos::SECOND.0));
        call.user = user.map(str::to_owned);
        call.outcome = Some(match user {
            Some(_) => Outcome::Answered,
            None => Outcome::Abandoned,
        });
        call
    }

    fn roster(calls: &[CanonicalCall], talk_s: f64) -> Vec<(String, u32)> {
        let mut staff = Staff::default();
        for call in calls {
            staff.call(call);
        }
        let roster = staff.roster(&TimeZone::UTC, Some(talk_s));
        roster.iter().map(|it| (it.0.to_string(), it.1)).collect()
    }

    #[test]
    fn who_talks_while_somebody_waits_is_everybody() {
        // Two people, without a pause, and always a caller who waits.
        let mut calls = Vec::new();
        for nth in 0..10 {
            calls.push(call(nth * 60, 0, 60, Some("ann")));
            calls.push(call(nth * 60, 0, 60, Some("ben")));
            calls.push(call(nth * 60, 60, 0, None));
        }
        let expected = vec![
            ("1970-01-01T00:00:00".to_owned(), 2),
            ("1970-01-01T00:10:00".to_owned(), 0),
        ];
        assert_eq!(roster(&calls, 60.0), expected);
        // If the scenario's talks are twice as long, twice as many serve the same calls.
        assert_eq!(roster(&calls, 120.0)[0].1, 4);
    }

    #[test]
    fn who_talked_shortly_before_and_after_was_there_in_between() {
        let calls = [
            call(0, 0, 60, Some("ann")),
            call(200, 0, 100, Some("ann")),
            call(550, 0, 50, Some("ann")),
            call(1_900, 0, 60, Some("ann")),
        ];
        let times: Vec<u32> = roster(&calls, 67.5).iter().map(|it| it.1).collect();
        // There for ten minutes, not for the next two tens, and there again for the last call.
        assert_eq!(times, [1, 0, 1, 0]);
    }

    #[test]
    fn a_log_without_calls_has_no_roster_and_absurd_times_do_not_last() {
        assert!(roster(&[], 60.0).is_empty());
        let absurd = [call(0, 0, u64::MAX / 2_000_000_000, Some("ann"))];
        let roster = roster(&absurd, 3_600.0);
        assert_eq!(roster.last().map(|it| it.1), Some(0));
        assert!(roster.len() <= 3, "{roster:?}");
    }
}
