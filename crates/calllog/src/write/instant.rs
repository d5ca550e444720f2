//! Instants as RFC 3339 text in one zone, fast while they lie near each other.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::digits::padded;
use super::fraction;

/// Writes instants. Remembers between which seconds the offset holds, and which day was written
/// last.
#[derive(Debug)]
pub(super) struct Instants {
    zone: TimeZone,
    /// First second, first second after, and seconds east of UTC.
    offset: (i64, i64, i32),
    /// Days since 1970 in local time, and `YYYY-MM-DDT`.
    day: (i64, Vec<u8>),
}

const DAY_S: i64 = 86_400;

impl Instants {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            offset: (1, 0, 0),
            day: (i64::MIN, Vec::new()),
        }
    }

    /// In local time with its offset. Where the offset is not of whole minutes (local mean time,
    /// before about 1900) RFC 3339 cannot write it: then in UTC.
    pub(super) fn write(&mut self, at: Timestamp, row: &mut Vec<u8>) {
        // Rounded down: the fraction of an instant before 1970 is negative.
        let (mut second, mut ns) = (at.as_second(), i64::from(at.subsec_nanosecond()));
        if ns < 0 {
            (second, ns) = (second - 1, ns + 1_000_000_000);
        }
        let ns = ns as u64;
        let (from, until, _) = self.offset;
        if !(from..until).contains(&second) {
            self.look_up(at, second);
        }
        let offset = self.offset.2;
        let local = second + i64::from(offset);
        let (day, of_day) = (local.div_euclid(DAY_S), local.rem_euclid(DAY_S) as u64);
        if self.day.0 != day {
            self.new_day(at, day, offset);
        }
        row.extend_from_slice(&self.day.1);
        padded(row, of_day / 3600, 2);
        row.push(b':');
        padded(row, of_day / 60 % 60, 2);
        row.push(b':');
        padded(row, of_day % 60, 2);
        fraction(row, ns);
        let away = u64::from(offset.unsigned_abs());
        row.push(if offset < 0 { b'-' } else { b'+' });
        padded(row, away / 3600, 2);
        row.push(b':');
        padded(row, away / 60 % 60, 2);
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
    fn new_day(&mut self, at: Timestamp, day: i64, offset: i32) {
        let zone = jiff::tz::Offset::from_seconds(offset).unwrap_or(jiff::tz::Offset::UTC);
        let date = zone.to_datetime(at).date();
        self.day = (day, format!("{date}T").into_bytes());
    }
}
