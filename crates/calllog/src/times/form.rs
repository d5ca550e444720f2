//! The usual forms of a time, read by hand: a log of gigabytes has one in every row.

/// A time as it stands: seconds since 1970 as if it were UTC, and its offset where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) second: i64,
    pub(super) ns: u32,
    pub(super) offset: Option<i32>,
}

/// `YYYY-MM-DD`, also with `/`; `T` or a blank; `HH:MM`, perhaps `:SS`, perhaps a fraction;
/// perhaps `Z` or an offset as `-05:00`, `-0500` or `-05`.
#[derive(Debug, Clone)]
pub(super) struct Iso {
    /// The minute that was read last, as it stood there: most rows have that of the row before.
    last: ([u8; MINUTE], i64),
}

/// So many bytes has `YYYY-MM-DDTHH:MM`.
const MINUTE: usize = 16;

impl Iso {
    pub(super) const fn new() -> Self {
        Self {
            last: (*b"1970-01-01T00:00", 0),
        }
    }

    #[inline]
    pub(super) fn read(&mut self, text: &[u8]) -> Option<Read> {
        let (head, rest) = text.split_first_chunk()?;
        if *head != self.last.0 {
            self.last = (*head, minute(head)?);
        }
        behind(self.last.1, rest)
    }
}

/// The first second of `YYYY-MM-DDTHH:MM`.
fn minute(head: &[u8; MINUTE]) -> Option<i64> {
    let (year, month, day) = (four(head, 0)?, two(head, 5)?, two(head, 8)?);
    let (hour, minute) = (two(head, 11)?, two(head, 14)?);
    let marks = [head[4], head[7], head[10], head[13]];
    if !matches!(marks, [a @ (b'-' | b'/'), b, b'T' | b't' | b' ', b':'] if a == b) {
        return None;
    }
    let valid = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60;
    valid.then(|| days(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60))
}

/// What follows on the minute.
#[inline]
fn behind(minute: i64, mut rest: &[u8]) -> Option<Read> {
    let mut second = 0;
    let mut ns = 0;
    if let [b':', ..] = rest {
        second = two(rest, 1)?;
        rest = &rest[3..];
        if let [b'.' | b',', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|it| it.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            let kept = fraction[..digits].iter().copied();
            let kept = kept.chain(std::iter::repeat(b'0')).take(9);
            ns = kept.fold(0, |n, byte| n * 10 + u32::from(byte - b'0'));
            rest = &fraction[digits..];
        }
    }
    let offset = match rest {
        [] => None,
        [b'Z' | b'z'] => Some(0),
        _ => Some(offset(rest)?),
    };
    // A leap second is told as the second before it.
    (second <= 60).then(|| Read {
        second: minute + i64::from(second.min(59)),
        ns,
        offset,
    })
}

fn offset(rest: &[u8]) -> Option<i32> {
    let (sign, rest) = match rest {
        // `2026-03-02 15:00:05 +0000` has a blank between.
        [b'+', rest @ ..] | [b' ', b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] | [b' ', b'-', rest @ ..] => (-1, rest),
        [b' ', b'U', b'T', b'C'] => return Some(0),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (two(rest, 0)?, 0),
        4 => (two(rest, 0)?, two(rest, 2)?),
        5 if rest[2] == b':' => (two(rest, 0)?, two(rest, 3)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60).cast_signed())
}

#[inline]
fn two(text: &[u8], at: usize) -> Option<u32> {
    let (a, b) = (
        text.get(at)?.wrapping_sub(b'0'),
        text.get(at + 1)?.wrapping_sub(b'0'),
    );
    (a < 10 && b < 10).then_some(u32::from(a) * 10 + u32::from(b))
}

#[inline]
fn four(text: &[u8], at: usize) -> Option<u32> {
    Some(two(text, at)? * 100 + two(text, at + 2)?)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day is
/// a year's last.
fn days(year: u32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let month = i64::from((month + 9) % 12);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
