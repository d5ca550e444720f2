//! From the time of the run to local time: what day of the week it is, where an interval begins.
//!
//! The zone rules are those bundled with the program, never the machine's.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use routing::Nanos;
use routing::hours::{DAY_S, LocalTime, WeekHours};

/// The local time of a run.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    start: Timestamp,
    /// From this time of the run on, local time is UTC plus so many seconds.
    offsets: Vec<(Nanos, i64)>,
}

/// The end of a run or a zone's rules lie outside the years that the calendar knows (-9999 to
/// 9999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run leaves the years that the calendar knows")]
pub struct OutOfYears;

impl Calendar {
    /// The calendar of a run that starts at this local time and lasts at most `horizon`. Where
    /// the local time does not exist or exists twice (daylight saving), the later clock and the
    /// first hour are taken.
    ///
    /// # Errors
    /// When start or end lie outside the calendar's years.
    pub fn new(zone: TimeZone, start: DateTime, horizon: Nanos) -> Result<Self, OutOfYears> {
        let start = zone
            .to_ambiguous_zoned(start)
            .compatible()
            .map_err(|_| OutOfYears)?;
        Self::at(zone, start.timestamp(), horizon)
    }

    /// The calendar of a run that starts at this instant.
    ///
    /// # Errors
    /// When the end lies outside the calendar's years.
    pub fn at(zone: TimeZone, start: Timestamp, horizon: Nanos) -> Result<Self, OutOfYears> {
        let span = SignedDuration::from_nanos(i64::try_from(horizon.0).unwrap_or(i64::MAX));
        let end = start.checked_add(span).map_err(|_| OutOfYears)?;
        let mut offsets = vec![(Nanos::ZERO, seconds(zone.to_offset(start)))];
        for change in zone
            .following(start)
            .take_while(|change| change.timestamp() <= end)
        {
            let since = change.timestamp().duration_since(start).as_nanos();
            offsets.push((Nanos(since as u64), seconds(change.offset())));
        }
        Ok(Self {
            zone,
            start,
            offsets,
        })
    }

    /// The first instant of the run.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// This time of the run as an instant.
    pub fn timestamp(&self, at: Nanos) -> Timestamp {
        let span = SignedDuration::from_nanos(i64::try_from(at.0).unwrap_or(i64::MAX));
        self.start.saturating_add(span).unwrap_or(Timestamp::MAX)
    }

    /// This instant as a time of the run; none when it lies before its start.
    pub fn since_start(&self, at: Timestamp) -> Option<Nanos> {
        u64::try_from(at.duration_since(self.start).as_nanos())
            .ok()
            .map(Nanos)
    }

    /// This local time as a time of the run; none when it lies before its start.
    pub fn since_start_local(&self, at: DateTime) -> Option<Nanos> {
        let zoned = self.zone.to_ambiguous_zoned(at).compatible().ok()?;
        self.since_start(zoned.timestamp())
    }

    /// RFC 3339 in local time with its offset, to the second.
    pub fn label(&self, at: Nanos) -> String {
        let zoned = self.timestamp(at).to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Time since the last full UTC hour at the start of the run: where clock minutes and hours
    /// begin.
    pub fn into_hour(&self) -> Nanos {
        Nanos(
            self.start
                .as_nanosecond()
                .rem_euclid(i128::from(Nanos::HOUR.0)) as u64,
        )
    }

    /// Local time at this time of the run.
    pub fn local(&self, at: Nanos) -> LocalTime {
        let (second, _) = self.local_second(at);
        LocalTime {
            weekday: (second.div_euclid(i64::from(DAY_S)) + 3).rem_euclid(7) as u8,
            second: second.rem_euclid(i64::from(DAY_S)) as u32,
        }
    }

    /// Which local day this is, counted from the one in which the run starts.
    pub fn day(&self, at: Nanos) -> u64 {
        let day = |at| self.local_second(at).0.div_euclid(i64::from(DAY_S));
        (day(at) - day(Nanos::ZERO)).max(0) as u64
    }

    /// When the local clock next shows second `second` of a day (`second` = 86 400 is the end of
    /// this day), or next jumps: the end of a stretch in which the local clock runs evenly.
    pub fn until_second(&self, at: Nanos, second: u32) -> Nanos {
        let (now, into_second) = self.local_second(at);
        let today = now.rem_euclid(i64::from(DAY_S));
        let ahead = (i64::from(second) - today).max(1) as u64;
        let due = Nanos(at.0 - into_second) + Nanos::from_secs(ahead);
        due.min(self.next_jump(at))
    }

    fn next_jump(&self, at: Nanos) -> Nanos {
        let next = self.offsets.partition_point(|(from, _)| *from <= at);
        self.offsets
            .get(next)
            .map_or(Nanos::NEVER, |(from, _)| *from)
    }

    /// The stretches of the run, up to `until`, that lie within these hours: (first instant,
    /// first instant after), in order.
    pub fn sessions(&self, hours: &WeekHours, until: Nanos) -> Vec<(Nanos, Nanos)> {
        let edges = hours.edges();
        let mut sessions: Vec<(Nanos, Nanos)> = Vec::new();
        let mut at = Nanos::ZERO;
        while at < until {
            let local = self.local(at);
            let edge = edges
                .iter()
                .copied()
                .find(|edge| *edge > local.second)
                .unwrap_or(DAY_S);
            let next = self.until_second(at, edge).min(until);
            if hours.contains(local) {
                match sessions.last_mut() {
                    Some(last) if last.1 == at => last.1 = next,
                    _ => sessions.push((at, next)),
                }
            }
            at = next;
        }
        sessions
    }

    /// When these hours begin next after `at`, before `until`: as a rule within a week.
    pub fn next_log_in(&self, hours: &WeekHours, at: Nanos, until: Nanos) -> Option<Nanos> {
        let edges = hours.edges();
        let until = until.min(at + Nanos(15 * Nanos::DAY.0));
        let mut local = self.local(at);
        let mut within = hours.contains(local);
        let mut at = at;
        loop {
            let edge = edges.iter().copied().find(|edge| *edge > local.second);
            at = self.until_second(at, edge.unwrap_or(DAY_S));
            if at >= until {
                return None;
            }
            local = self.local(at);
            let before = std::mem::replace(&mut within, hours.contains(local));
            if within && !before {
                return Some(at);
            }
        }
    }

    /// Since when these hours have held without a break, as far back as the week goes; `at` must
    /// lie within them.
    pub fn log_in(&self, hours: &WeekHours, at: Nanos) -> Nanos {
        let back = Nanos(8 * Nanos::DAY.0).min(at);
        let mut since = at;
        while at - since < back {
            let before = self.local(Nanos(since.0 - 1));
            if !hours.contains(before) {
                break;
            }
            since = self.edge_before(hours, since).max(at - back);
        }
        since
    }

    /// The last instant before `at` at which these hours may change, or 0.
    fn edge_before(&self, hours: &WeekHours, at: Nanos) -> Nanos {
        let (second, into) = self.local_second(Nanos(at.0 - 1));
        let today = second.rem_euclid(i64::from(DAY_S));
        let edge = hours
            .edges()
            .into_iter()
            .rev()
            .find(|edge| i64::from(*edge) <= today);
        let behind = (today - i64::from(edge.unwrap_or(0))) as u64;
        let from = Nanos((at.0 - 1).saturating_sub(into)) - Nanos::from_secs(behind);
        let jump = self
            .offsets
            .iter()
            .rev()
            .find(|(jump, _)| *jump < at)
            .map(|(jump, _)| *jump);
        from.max(jump.unwrap_or(Nanos::ZERO)).min(Nanos(at.0 - 1))
    }

    /// Seconds of local time since 1970, and the nanoseconds beyond.
    fn local_second(&self, at: Nanos) -> (i64, u64) {
        let jumped = self.offsets.partition_point(|(from, _)| *from <= at);
        let (_, offset) = self.offsets[jumped.max(1) - 1];
        let instant = self.start.as_nanosecond() + i128::from(at.0);
        let second = instant.div_euclid(1_000_000_000) as i64;
        (second + offset, instant.rem_euclid(1_000_000_000) as u64)
    }
}

fn seconds(offset: Offset) -> i64 {
    i64::from(offset.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, start: &str) -> Calendar {
        let zone = TimeZone::get(zone).unwrap();
        Calendar::new(zone, start.parse().unwrap(), Nanos(400 * Nanos::DAY.0)).unwrap()
    }

    fn hours(text: &str) -> WeekHours {
        WeekHours::new(vec![text.parse().unwrap()])
    }

    const H: u64 = Nanos::HOUR.0;

    #[test]
    fn the_default_start_is_a_monday() {
        let calendar = calendar("UTC", "2026-01-05T00:00:00");
        assert_eq!(
            calendar.local(Nanos::ZERO),
            LocalTime {
                weekday: 0,
                second: 0
            }
        );
        assert_eq!(
            calendar.local(Nanos(25 * H)),
            LocalTime {
                weekday: 1,
                second: 3600
            }
        );
        assert_eq!(calendar.label(Nanos(25 * H)), "2026-01-06T01:00:00+00:00");
    }

    #[test]
    fn office_hours_stay_at_nine_over_daylight_saving() {
        // New York springs forward on Sunday 2026-03-08 at two.
        let calendar = calendar("America/New_York", "2026-03-06T00:00:00");
        let days = calendar.sessions(&hours("Mon-Fri 09:00-17:00"), Nanos(4 * Nanos::DAY.0));
        assert_eq!(days[0], (Nanos(9 * H), Nanos(17 * H)), "Friday");
        assert_eq!(
            days[1],
            (Nanos((72 + 8) * H), Nanos((72 + 16) * H)),
            "Monday, an hour earlier"
        );
        assert_eq!(calendar.local(days[1].0).second, 9 * 3600);
        assert_eq!(calendar.label(days[1].0), "2026-03-09T09:00:00-04:00");
    }

    #[test]
    fn a_night_is_one_session() {
        let calendar = calendar("UTC", "2026-01-05T12:30:00");
        let nights = calendar.sessions(&hours("Mon-Sun 18:00-08:00"), Nanos(24 * H));
        assert_eq!(nights, [(Nanos(11 * H / 2), Nanos(39 * H / 2))]);
    }

    #[test]
    fn every_hour_is_one_session_without_end() {
        let calendar = calendar("Asia/Kolkata", "2026-01-05T00:00:00");
        let until = Nanos(10 * Nanos::DAY.0);
        let sessions = calendar.sessions(&hours("Mon-Sun 00:00-24:00"), until);
        assert_eq!(sessions, [(Nanos::ZERO, until)]);
        assert_eq!(
            calendar.into_hour(),
            Nanos(H / 2),
            "India is half an hour off"
        );
    }

    #[test]
    fn sessions_agree_with_the_clock_at_every_minute() {
        let calendar = calendar("Europe/Berlin", "2026-10-24T07:13:05");
        let week = hours("Fri-Mon 22:30-02:30");
        let until = Nanos(5 * Nanos::DAY.0);
        let sessions = calendar.sessions(&week, until);
        let mut at = Nanos::ZERO;
        while at < until {
            let within = sessions.iter().any(|(from, to)| (*from..*to).contains(&at));
            assert_eq!(
                within,
                week.contains(calendar.local(at)),
                "{}",
                calendar.label(at)
            );
            at += Nanos::MINUTE;
        }
    }

    #[test]
    fn log_ins_are_the_beginnings_of_sessions() {
        let until = Nanos(20 * Nanos::DAY.0);
        for (zone, start) in [
            ("UTC", "2026-01-05T09:30:00"),
            ("Europe/Berlin", "2026-10-20T07:13:05"),
            ("America/New_York", "2026-03-02T00:00:00"),
        ] {
            for text in [
                "Mon-Fri 09:00-17:00",
                "Fri-Mon 22:30-02:30",
                "Mon-Sun 00:00-24:00",
                "Sun 02:15-02:45",
            ] {
                let (calendar, week) = (calendar(zone, start), hours(text));
                let sessions = calendar.sessions(&week, until);
                let expected: Vec<_> = sessions.iter().map(|it| it.0).collect();
                let mut found = Vec::new();
                if week.contains(calendar.local(Nanos::ZERO)) {
                    found.push(Nanos::ZERO);
                }
                let mut at = Nanos::ZERO;
                while let Some(next) = calendar.next_log_in(&week, at, until) {
                    found.push(next);
                    at = next;
                }
                assert_eq!(found, expected, "{text} in {zone}");
                for (from, to) in sessions {
                    let middle = Nanos(from.0 + (to.0 - from.0) / 2);
                    let reach = Nanos(8 * Nanos::DAY.0);
                    if middle - from < reach {
                        assert_eq!(calendar.log_in(&week, middle), from, "{text} in {zone}");
                    }
                }
            }
        }
    }
}
