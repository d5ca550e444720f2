//! Instants as RFC 3339 text in one zone, fast while they lie near each other.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::digits::{padded, pair};
use super::fraction;

/// Writes instants. Remembers between which seconds the offset holds, and which minute was written
/// last.
#[derive(Debug)]
pub(super) struct Instants {
    zone: TimeZone,
    /// First second, first second after, and seconds east of UTC.
    offset: (i64, i64, i32),
    /// Local minutes since 1970, and `YYYY-MM-DDTHH:MM:`.
    minute: (i64, Vec<u8>),
    /// Seconds east of UTC, and `+HH:MM`.
    away: (i32, [u8; 6]),
}

const MINUTE_S: i64 = 60;

impl Instants {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            offset: (1, 0, 0),
            minute: (i64::MIN, Vec::new()),
            away: (0, *b"+00:00"),
        }
    }

    /// In local time with its offset. Where the offset is not of whole minutes (local mean time,
    /// before about 1900) RFC 3339 cannot write it: then in UTC.
    #[inline]
    pub(super) fn write(&mut self, at: Timestamp, row: &mut Vec<u8>) {
        // Rounded down: the fraction of an instant before 1970 is negative.
        let (mut second, mut ns) = (at.as_second(), i64::from(at.subsec_nanosecond()));
        if ns < 0 {
            (second, ns) = (second - 1, ns + 1_000_000_000);
        }
        let (from, until, _) = self.offset;
        if !(from..until).contains(&second) {
            self.look_up(at, second);
        }
        let offset = self.offset.2;
        let local = second + i64::from(offset);
        let minute = local.div_euclid(MINUTE_S);
        if self.minute.0 != minute {
            self.new_minute(at, minute, offset);
        }
        if self.away.0 != offset {
            self.new_offset(offset);
        }
        row.extend_from_slice(&self.minute.1);
        row.extend_from_slice(&pair(local.rem_euclid(MINUTE_S) as u64));
        fraction(row, ns as u64);
        row.extend_from_slice(&self.away.1);
    }

    #[cold]
    fn look_up(&mut self, at: Timestamp, second: i64) {
        let offset = self.zone.to_offset(at).seconds();
        let whole = if offset % 60 == 0 { offset } else { 0 };
        // Within the same clock hour of UTC the offset may change; where it does not, it is kept.
        let hour = second.div_euclid(3600) * 3600;
        let same = |second: i64| {
            Timestamp::from_second(second)
                .is_ok_and(|it| self.zone.to_offset(it).seconds() == offset)
        };
        self.offset = if same(hour) && same(hour + 3599) {
            (hour, hour + 3600, whole)
        } else {
            (second, second + 1, whole)
        };
    }

    #[cold]
    fn new_minute(&mut self, at: Timestamp, minute: i64, offset: i32) {
        let zone = jiff::tz::Offset::from_seconds(offset).unwrap_or(jiff::tz::Offset::UTC);
        let date = zone.to_datetime(at).date();
        let of_day = minute.rem_euclid(24 * 60) as u64;
        let mut text = format!("{date}T").into_bytes();
        padded(&mut text, of_day / 60, 2);
        text.push(b':');
        padded(&mut text, of_day % 60, 2);
        text.push(b':');
        self.minute = (minute, text);
    }

    #[cold]
    fn new_offset(&mut self, offset: i32) {
        let away_min = u64::from(offset.unsigned_abs()) / 60;
        let sign = if offset < 0 { b'-' } else { b'+' };
        let ([a, b], [c, d]) = (pair(away_min / 60), pair(away_min % 60));
        self.away = (offset, [sign, a, b, b':', c, d]);
    }
}
