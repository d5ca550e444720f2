//! Hours of the week: when a user is logged in, when a Voice AI answers.
//!
//! Knows wall-clock times of a week, not dates or zones: who asks brings the local time.

use std::fmt;
use std::str::FromStr;

/// Seconds in a day of 24 hours.
pub const DAY_S: u32 = 86_400;

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A moment of the week in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// Day of the week, Monday 0 to Sunday 6.
    pub weekday: u8,
    /// Seconds since local midnight, 0 to 86 399.
    pub second: u32,
}

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days(u8);

impl Days {
    /// Every day of the week.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether this day (Monday 0) is in the set.
    pub const fn contains(self, weekday: u8) -> bool {
        self.0 & (1 << (weekday % 7)) != 0
    }
}

/// One window, such as `Mon-Fri 09:00-12:30`. One that ends at or before its start runs over
/// midnight and belongs to its first day: `Fri 18:00-08:00` ends on Saturday at eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    days: Days,
    from_s: u32,
    until_s: u32,
}

/// When somebody is there, as a list of windows that add up. Half-open: 09:00 is in, 12:30 is not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct WeekHours(Box<[Window]>);

/// What is wrong with a text that should be a window of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not of the form `DAYS HH:MM-HH:MM`.
    #[error("expected days and times, as in \"Mon-Fri 09:00-17:00\"")]
    Form,
    /// A word that is no day.
    #[error("`{0}` is no day: Mon, Tue, Wed, Thu, Fri, Sat, Sun")]
    Day(String),
    /// A time that is none.
    #[error("`{0}` is no time of day between 00:00 and 24:00")]
    Time(String),
}

impl FromStr for Days {
    type Err = HoursError;

    /// `Mon-Fri`, `Sat,Sun`, `Fri-Mon` (over the weekend).
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let mut days = 0u8;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first)?, day(last)?);
            let mut at = first;
            loop {
                days |= 1 << at;
                if at == last {
                    break;
                }
                at = (at + 1) % 7;
            }
        }
        Ok(Self(days))
    }
}

fn day(text: &str) -> Result<u8, HoursError> {
    let text = text.trim();
    DAY_NAMES
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text))
        .map(|at| at as u8)
        .ok_or_else(|| HoursError::Day(text.to_owned()))
}

/// Seconds since midnight of `HH:MM` or `HH:MM:SS`; 24:00 is the end of the day.
///
/// # Errors
/// When the text is no time between 00:00 and 24:00.
pub fn time_of_day(text: &str) -> Result<u32, HoursError> {
    let fault = || HoursError::Time(text.trim().to_owned());
    let mut parts = text.trim().split(':');
    let mut total = 0u32;
    for (limit, unit) in [(24, 3600), (59, 60), (59, 1)] {
        let Some(part) = parts.next() else {
            if unit == 1 {
                break;
            }
            return Err(fault());
        };
        let ok = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let value: u32 = if ok {
            part.parse().map_err(|_| fault())?
        } else {
            return Err(fault());
        };
        if value > limit {
            return Err(fault());
        }
        total += value * unit;
    }
    if parts.next().is_some() || total > DAY_S {
        Err(fault())
    } else {
        Ok(total)
    }
}

impl FromStr for Window {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let (days, times) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or(HoursError::Form)?;
        let (from, until) = times.trim().split_once('-').ok_or(HoursError::Form)?;
        Ok(Self {
            days: days.parse()?,
            from_s: time_of_day(from)?,
            until_s: time_of_day(until)?,
        })
    }
}

impl Window {
    fn contains(self, at: LocalTime) -> bool {
        let yesterday = (at.weekday + 6) % 7;
        if self.from_s < self.until_s {
            self.days.contains(at.weekday) && (self.from_s..self.until_s).contains(&at.second)
        } else {
            (self.days.contains(at.weekday) && at.second >= self.from_s)
                || (self.days.contains(yesterday) && at.second < self.until_s)
        }
    }
}

impl WeekHours {
    /// These windows together.
    pub fn new(windows: Vec<Window>) -> Self {
        Self(windows.into_boxed_slice())
    }

    /// The windows, as they were given.
    pub fn windows(&self) -> impl ExactSizeIterator<Item = &Window> {
        self.0.iter()
    }

    /// Whether this moment lies in one of the windows.
    pub fn contains(&self, at: LocalTime) -> bool {
        self.0.iter().any(|window| window.contains(at))
    }

    /// The seconds of the day at which the answer of [`WeekHours::contains`] may change, in order.
    pub fn edges(&self) -> Vec<u32> {
        let mut edges: Vec<u32> = self
            .0
            .iter()
            .flat_map(|w| [w.from_s % DAY_S, w.until_s % DAY_S])
            .chain([0])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = (0..7)
            .filter(|d| self.days.contains(*d))
            .map(|d| DAY_NAMES[d as usize])
            .collect();
        let clock = |s: u32| {
            let minutes = format!("{:02}:{:02}", s / 3600, s / 60 % 60);
            match s % 60 {
                0 => minutes,
                seconds => format!("{minutes}:{seconds:02}"),
            }
        };
        write!(
            f,
            "{} {}-{}",
            names.join(","),
            clock(self.from_s),
            clock(self.until_s)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(weekday: u8, clock: &str) -> LocalTime {
        LocalTime {
            weekday,
            second: time_of_day(clock).unwrap(),
        }
    }

    fn hours(text: &str) -> WeekHours {
        WeekHours::new(vec![text.parse().unwrap()])
    }

    #[test]
    fn a_window_is_half_open() {
        let morning = hours("Mon-Fri 09:00-12:30");
        assert!(morning.contains(at(0, "09:00")));
        assert!(morning.contains(at(4, "12:29:59")));
        assert!(!morning.contains(at(4, "12:30")));
        assert!(!morning.contains(at(5, "10:00")));
    }

    #[test]
    fn a_night_belongs_to_its_first_day() {
        let night = hours("Mon-Fri 18:00-08:00");
        assert!(
            night.contains(at(5, "07:59")),
            "Friday's night runs into Saturday"
        );
        assert!(
            !night.contains(at(0, "07:59")),
            "Sunday has none that runs into Monday"
        );
        assert!(!night.contains(at(5, "18:00")));
    }

    #[test]
    fn a_whole_day_may_be_written_both_ways() {
        for text in ["Mon-Sun 00:00-24:00", "Mon-Sun 00:00-00:00"] {
            assert!(
                hours(text).contains(at(3, "00:00")) && hours(text).contains(at(6, "23:59:59"))
            );
        }
    }

    #[test]
    fn days_wrap_over_the_weekend() {
        let days: Days = "Fri-Mon".parse().unwrap();
        assert!(days.contains(4) && days.contains(6) && days.contains(0) && !days.contains(2));
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(
            "Mon 9-17".parse::<Window>(),
            Err(HoursError::Time("9".into()))
        );
        assert_eq!(
            "Mo 09:00-17:00".parse::<Window>(),
            Err(HoursError::Day("Mo".into()))
        );
        assert_eq!("09:00-17:00".parse::<Window>(), Err(HoursError::Form));
        assert!("Mon 09:00-24:01".parse::<Window>().is_err());
    }
}
