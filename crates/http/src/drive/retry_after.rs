//! `Retry-After`: how long a router asks to be left alone.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// A wrong day of the week is no reason to hammer a router.
static DATES: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// What the header says: seconds, or a date as seen from now. None when it says nothing that can be
/// understood; more than `most` is `most`, a date that has passed is no time at all.
pub fn retry_after(text: &str, now: Timestamp, most: Duration) -> Option<Duration> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let told = if digits {
        // More digits than any number of seconds has.
        text.parse().map_or(Duration::MAX, Duration::from_secs)
    } else {
        let date = DATES.parse_timestamp(text).ok()?;
        let left = date.duration_since(now);
        Duration::try_from(left).unwrap_or(Duration::ZERO)
    };
    Some(told.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood_and_absurd_ones_clamped() {
        let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        let most = Duration::from_hours(1);
        let of = |text: &str| retry_after(text, now, most);
        for (text, expected) in [
            ("0", Some(0)),
            ("30", Some(30)),
            (" 7 ", Some(7)),
            ("86400", Some(3600)),
            ("99999999999999999999999999", Some(3600)),
            ("Mon, 02 Mar 2026 15:00:40 GMT", Some(40)),
            ("Fri, 31 Dec 1999 23:59:59 GMT", Some(0)),
            ("Fri, 31 Dec 9998 23:59:59 GMT", Some(3600)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(of(text), expected.map(Duration::from_secs), "{text}");
        }
    }
}
