//! Instants as RFC 3339 text in one zone, fast while they lie near each other.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::line::Line;

/// At most so many bytes has a minute: `-009999-12-31T23:59:`.
const MINUTE_BYTES: usize = 24;

/// Writes instants. Remembers between which seconds the offset holds, and which minute was written
/// last.
#[derive(Debug)]
pub(super) struct Instants {
    zone: TimeZone,
    /// First second, first second after, and seconds east of UTC.
    offset: (i64, i64, i32),
    /// Local minutes since 1970.
    minute: i64,
    /// `YYYY-MM-DDTHH:MM:`, and how many bytes it has.
    shown: ([u8; MINUTE_BYTES], usize),
    /// Seconds east of UTC, and `+HH:MM`.
    away: (i32, [u8; 6]),
}

const MINUTE_S: i64 = 60;

impl Instants {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            offset: (1, 0, 0),
            minute: i64::MIN,
            shown: ([0; MINUTE_BYTES], 0),
            away: (0, *b"+00:00"),
        }
    }

    /// In local time with its offset. Where the offset is not of whole minutes (local mean time,
    /// before about 1900) RFC 3339 cannot write it: then in UTC.
    #[inline]
    pub(super) fn write(&mut self, at: Timestamp, line: &mut Line<'_>) {
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
        if self.minute != minute {
            self.new_minute(at, minute, offset);
        }
        if self.away.0 != offset {
            self.new_offset(offset);
        }
        line.first(&self.shown.0, self.shown.1);
        line.pair(local.rem_euclid(MINUTE_S) as u64);
        line.fraction(ns as u64);
        line.first(&self.away.1, 6);
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
        let of_day = minute.rem_euclid(24 * 60);
        let text = format!("{date}T{:02}:{:02}:", of_day / 60, of_day % 60);
        let mut room = [0; MINUTE_BYTES];
        room[..text.len()].copy_from_slice(text.as_bytes());
        self.shown = (room, text.len());
        self.minute = minute;
    }

    #[cold]
    fn new_offset(&mut self, offset: i32) {
        let away_min = offset.unsigned_abs() / 60;
        let sign = if offset < 0 { b'-' } else { b'+' };
        let digits = |value: u32| [b'0' + (value / 10 % 10) as u8, b'0' + (value % 10) as u8];
        let ([a, b], [c, d]) = (digits(away_min / 60), digits(away_min % 60));
        self.away = (offset, [sign, a, b, b':', c, d]);
    }
}
