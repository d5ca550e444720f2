//! When the messages of a campaign go out: so many at a time, within the hours that are allowed.
//!
//! Held as one stretch for each of the allowed hours, whatever the number of recipients.

use routing::Nanos;

use super::values::{Pace, Sending};
use crate::calendar::Calendar;

/// A stretch in which messages go out evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    /// When the first of them goes out.
    from: Nanos,
    /// The first recipient.
    first: u64,
    /// How many recipients.
    count: u64,
}

/// When each recipient gets the message, in the order of the recipients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Schedule {
    stretches: Vec<Stretch>,
    /// How many get it in one instant.
    batch: u64,
    /// Nanoseconds from one of these instants to the next.
    every_ns: f64,
}

impl Schedule {
    /// For so many recipients, from a time on; what would go out at `until` or later is left out.
    pub(super) fn new(
        sending: &Sending,
        (from, recipients): (Nanos, u64),
        calendar: &Calendar,
        until: Nanos,
    ) -> Self {
        let (batch, every_ns) = match sending.pace {
            None | Some(Pace::AtOnce) => (recipients, f64::INFINITY),
            Some(Pace::Rate(rate)) => (1, 1e9 / rate.get()),
            Some(Pace::Batches { batch, every }) => (batch.max(1), every.0 as f64),
        };
        let mut schedule = Self {
            stretches: Vec::new(),
            batch,
            every_ns,
        };
        let hours = match &sending.between {
            None => vec![(Nanos::ZERO, Nanos::NEVER)],
            Some(hours) => calendar.sessions(hours, until),
        };
        let (mut next, mut first) = (from, 0);
        for (opens, closes) in hours {
            let begins = next.max(opens);
            if first >= recipients || begins >= until {
                break;
            }
            if begins >= closes {
                continue;
            }
            let instants = ((closes - begins).0 as f64 / every_ns).ceil().max(1.0);
            let room = (instants * batch as f64).min(u64::MAX as f64) as u64;
            let count = room.min(recipients - first);
            schedule.stretches.push(Stretch {
                from: begins,
                first,
                count,
            });
            first += count;
            next = begins + nanos(instants * every_ns);
        }
        schedule
    }

    /// How many get the message before this time.
    pub(super) fn sent_before(&self, at: Nanos) -> u64 {
        let begun = self.stretches.partition_point(|it| it.from < at);
        let Some(last) = self.stretches[..begun].last() else {
            return 0;
        };
        let instants = ((at - last.from).0 as f64 / self.every_ns).ceil().max(1.0);
        let sent = (instants * self.batch as f64).min(last.count as f64) as u64;
        last.first + sent
    }

    /// The times of the recipients, asked in their order.
    pub(super) fn clock(self) -> Clock {
        Clock {
            schedule: self,
            stretch: 0,
        }
    }
}

fn nanos(ns: f64) -> Nanos {
    crate::random_time::to_nanos(ns)
}

/// Tells when each recipient gets the message.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    schedule: Schedule,
    stretch: usize,
}

impl Clock {
    /// When this recipient gets the message, who does not come before the one asked last; none when
    /// the run is over by then.
    pub(super) fn at(&mut self, recipient: u64) -> Option<Nanos> {
        loop {
            let stretch = self.schedule.stretches.get(self.stretch)?;
            let within = recipient - stretch.first;
            if within < stretch.count {
                return Some(match within / self.schedule.batch {
                    // Of all at once there is no next instant.
                    0 => stretch.from,
                    instant => stretch.from + nanos(instant as f64 * self.schedule.every_ns),
                });
            }
            self.stretch += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use routing::hours::WeekHours;

    use super::*;
    use crate::quantity::Rate;

    const MIN: u64 = Nanos::MINUTE.0;

    fn times(pace: Pace, between: Option<&str>, recipients: u64) -> Vec<u64> {
        let week = Nanos(7 * Nanos::DAY.0);
        let start = "2026-03-06T16:00:00".parse().unwrap();
        let calendar = Calendar::new(TimeZone::UTC, start, week).unwrap();
        let between = between.map(|text| WeekHours::new(vec![text.parse().unwrap()]));
        let sending = Sending {
            pace: Some(pace),
            between,
        };
        let from = Nanos(10 * MIN);
        let schedule = Schedule::new(&sending, (from, recipients), &calendar, week);
        let mut clock = schedule.clone().clock();
        let all: Vec<Nanos> = (0..recipients).map_while(|n| clock.at(n)).collect();
        for at in &all {
            let before = all.iter().filter(|it| *it < at).count() as u64;
            assert_eq!(schedule.sent_before(*at), before);
            let with = all.iter().filter(|it| *it <= at).count() as u64;
            assert_eq!(schedule.sent_before(Nanos(at.0 + 1)), with);
        }
        all.iter().map(|at| at.0 / MIN).collect()
    }

    #[test]
    fn all_at_once_is_one_instant() {
        assert_eq!(times(Pace::AtOnce, None, 5), [10; 5]);
    }

    #[test]
    fn a_rate_is_even() {
        let rate = Pace::Rate(Rate::per_second(1.0 / 60.0).unwrap());
        assert_eq!(times(rate, None, 4), [10, 11, 12, 13]);
    }

    #[test]
    fn batches_stay_apart_and_within_their_hours() {
        let every = Nanos(20 * MIN);
        let batches = Pace::Batches { batch: 2, every };
        assert_eq!(times(batches, None, 5), [10, 10, 30, 30, 50]);
        // From 16:10 on a Friday: batches at 16:10 and 16:30, the next on Monday at nine.
        let monday = 2 * 24 * 60 + 17 * 60;
        assert_eq!(
            times(batches, Some("Mon-Fri 09:00-16:45"), 7),
            [10, 10, 30, 30, monday, monday, monday + 20]
        );
    }

    #[test]
    fn a_batch_a_day_keeps_its_hour() {
        let every = Nanos(24 * 60 * MIN);
        let batches = Pace::Batches { batch: 1, every };
        let day = 24 * 60;
        let found = times(batches, Some("Mon-Sun 09:00-17:00"), 3);
        assert_eq!(found, [10, 10 + day, 10 + 2 * day]);
    }

    #[test]
    fn a_rate_waits_for_the_next_morning() {
        let rate = Pace::Rate(Rate::per_second(1.0 / 60.0).unwrap());
        let morning = 17 * 60;
        let found = times(rate, Some("Mon-Sun 09:00-16:12"), 4);
        assert_eq!(found, [10, 11, morning, morning + 1]);
    }
}
