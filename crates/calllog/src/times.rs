//! Times of a log to instants: several forms, a zone where the file has none, and what daylight
//! saving does to local time.

use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::error::{Fault, shown};

mod form;

use form::{Iso, Read};

/// How a log writes its times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// `2026-03-02 15:00:05`, `2026-03-02T15:00:05.25-05:00` and their kin, and RFC 2822.
    #[default]
    Known,
    /// Seconds since 1970, with or without a fraction.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// A pattern of strptime, as in `%d.%m.%Y %H:%M`.
    Pattern(String),
}

impl TimeFormat {
    /// As it is written in a dialect and behind `--time-format`.
    ///
    /// # Errors
    /// What is wrong with a pattern.
    pub fn new(text: &str) -> Result<Self, String> {
        match text {
            "" | "iso" | "rfc3339" | "rfc2822" => Ok(Self::Known),
            "unix" => Ok(Self::Unix),
            "unix-ms" => Ok(Self::UnixMs),
            pattern if pattern.contains('%') => {
                // A pattern that cannot write a time cannot read one either.
                let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
                match strtime::format(pattern, &now) {
                    Ok(_) => Ok(Self::Pattern(pattern.to_owned())),
                    Err(why) => Err(format!("{why}")),
                }
            }
            _ => Err(
                "expected iso, rfc3339, rfc2822, unix, unix-ms or a pattern such as \
                      \"%d.%m.%Y %H:%M:%S\""
                    .to_owned(),
            ),
        }
    }

    /// As it is written.
    pub fn name(&self) -> &str {
        match self {
            Self::Known => "iso",
            Self::Unix => "unix",
            Self::UnixMs => "unix-ms",
            Self::Pattern(pattern) => pattern,
        }
    }
}

/// Reads times, and counts what daylight saving makes of them.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    format: TimeFormat,
    zone: Option<TimeZone>,
    iso: Iso,
    /// From this local second (since 1970) up to the other, local time is so many seconds ahead.
    known: (i64, i64, i64),
    /// Local times that no clock showed.
    pub(crate) gaps: u64,
    /// Local times that the clock showed twice.
    pub(crate) overlaps: u64,
}

const HOUR_S: i64 = 3600;

impl Times {
    pub(crate) fn new(format: TimeFormat, zone: Option<TimeZone>) -> Self {
        Self {
            format,
            zone,
            iso: Iso::new(),
            known: (1, 0, 0),
            gaps: 0,
            overlaps: 0,
        }
    }

    /// A time of the usual form, with an offset or in an hour that is known; none is for
    /// [`Self::read`].
    #[inline]
    pub(crate) fn usual(&mut self, text: &[u8]) -> Option<Timestamp> {
        if self.format != TimeFormat::Known {
            return None;
        }
        let read = self.iso.read(text)?;
        let second = if let Some(offset) = read.offset {
            read.second - i64::from(offset)
        } else {
            let (from, until, ahead) = self.known;
            let known = (from..until).contains(&read.second);
            known.then_some(read.second - ahead)?
        };
        Timestamp::new(second, read.ns.cast_signed()).ok()
    }

    pub(crate) fn read(&mut self, text: &str) -> Result<Timestamp, Fault> {
        let odd = || Fault::Time(shown(text));
        let read = match &self.format {
            TimeFormat::Known => match self.iso.read(text.as_bytes()) {
                Some(read) => read,
                None => return Self::rarely(text),
            },
            TimeFormat::Unix | TimeFormat::UnixMs => {
                return unix(text, self.format == TimeFormat::UnixMs).ok_or_else(odd);
            }
            TimeFormat::Pattern(pattern) => {
                by_pattern(pattern, text).ok_or_else(|| Fault::TimeByPattern {
                    found: shown(text),
                    pattern: pattern.clone(),
                })?
            }
        };
        let second = match read.offset {
            Some(offset) => read.second - i64::from(offset),
            None => self
                .in_zone(read.second)
                .ok_or_else(|| self.no_zone(text))?,
        };
        Timestamp::new(second, read.ns.cast_signed()).map_err(|_| odd())
    }

    fn no_zone(&self, text: &str) -> Fault {
        if self.zone.is_some() {
            Fault::Time(shown(text))
        } else {
            Fault::NoZone(shown(text))
        }
    }

    #[cold]
    fn rarely(text: &str) -> Result<Timestamp, Fault> {
        if let Ok(zoned) = rfc2822::parse(text) {
            return Ok(zoned.timestamp());
        }
        Err(if looks_like_a_date(text) {
            Fault::TimeOrder(shown(text))
        } else {
            Fault::Time(shown(text))
        })
    }

    /// A local second as a second of UTC.
    #[inline]
    fn in_zone(&mut self, local: i64) -> Option<i64> {
        let (from, until, ahead) = self.known;
        if (from..until).contains(&local) {
            return Some(local - ahead);
        }
        self.look_up(local)
    }

    #[cold]
    fn look_up(&mut self, local: i64) -> Option<i64> {
        let zone = self.zone.clone()?;
        let ambiguous = |second: i64| {
            let civil = civil(second)?;
            Some(zone.to_ambiguous_timestamp(civil).offset())
        };
        let plain = |second: i64| match ambiguous(second) {
            Some(AmbiguousOffset::Unambiguous { offset }) => Some(offset),
            _ => None,
        };
        let hour = local.div_euclid(HOUR_S) * HOUR_S;
        match (plain(hour), plain(hour + HOUR_S - 1)) {
            (Some(one), Some(other)) if one == other && plain(hour + HOUR_S / 2) == Some(one) => {
                self.known = (hour, hour + HOUR_S, i64::from(one.seconds()));
                Some(local - self.known.2)
            }
            _ => {
                let offset: Offset = match ambiguous(local)? {
                    AmbiguousOffset::Unambiguous { offset } => offset,
                    // No clock showed this: as if the clock had not been put forward.
                    AmbiguousOffset::Gap { before, .. } => {
                        self.gaps += 1;
                        before
                    }
                    // Twice: the first time.
                    AmbiguousOffset::Fold { before, .. } => {
                        self.overlaps += 1;
                        before
                    }
                };
                Some(local - i64::from(offset.seconds()))
            }
        }
    }
}

fn civil(second: i64) -> Option<DateTime> {
    let epoch = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    epoch.checked_add(SignedDuration::from_secs(second)).ok()
}

fn second_of(civil: DateTime) -> i64 {
    let epoch = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    civil.duration_since(epoch).as_secs()
}

fn by_pattern(pattern: &str, text: &str) -> Option<Read> {
    let broken = strtime::parse(pattern, text).ok()?;
    if let Ok(at) = broken.to_timestamp() {
        return Some(Read {
            second: at.as_nanosecond().div_euclid(1_000_000_000) as i64,
            ns: at.as_nanosecond().rem_euclid(1_000_000_000) as u32,
            offset: Some(0),
        });
    }
    let civil = broken
        .to_datetime()
        .or_else(|_| broken.to_date().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    Some(Read {
        second: second_of(civil.with().subsec_nanosecond(0).build().ok()?),
        ns: u32::try_from(civil.subsec_nanosecond()).ok()?,
        offset: None,
    })
}

fn unix(text: &str, ms: bool) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit()) && text.len() <= 18;
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    if ms {
        return Timestamp::from_millisecond(whole).ok();
    }
    let ns = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let ns = ns.fold(0, |n, byte| n * 10 + i32::from(byte - b'0'));
    Timestamp::new(whole, ns).ok()
}

/// `03/02/2026 9:00`: a date whose order nobody can know.
fn looks_like_a_date(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && text.contains(['/', '.', '-']) && text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
