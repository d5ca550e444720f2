//! The text of one field to what it means. An empty text never gets here.

use jiff::Timestamp;
use jiff::civil::DateTime;
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};

use crate::call::Direction;
use crate::error::{Fault, SpanFault, shown};

/// RFC 3339 with offset.
pub(crate) fn start(text: &str) -> Result<Timestamp, Fault> {
    text.parse().map_err(|_| {
        let local = text.parse::<DateTime>().is_ok();
        if local {
            Fault::NoOffset(shown(text))
        } else {
            Fault::Start(shown(text))
        }
    })
}

/// E.164.
pub(crate) fn number(text: &str) -> Result<PhoneNumber, Fault> {
    text.parse().map_err(|why| {
        let found = shown(text);
        if is_scientific(text) {
            Fault::Spreadsheet(found)
        } else {
            Fault::Number { found, why }
        }
    })
}

/// `1.55556E+10`, also with a decimal comma.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some(at) = memchr::memchr2(b'e', b'E', text.as_bytes()) else {
        return false;
    };
    let (mantissa, exponent) = (&text[..at], &text[at + 1..]);
    let digits = |text: &str, and: &[char]| {
        text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || and.contains(&c))
    };
    digits(mantissa, &['.', ',', '+', '-']) && digits(exponent, &['+', '-'])
}

/// The canonical words, in any case. Twilio's `outbound-api` and `outbound-dial` are outbound.
pub(crate) fn direction(text: &str) -> Result<Direction, Fault> {
    // Nearly always one of these as it stands.
    match text {
        "inbound" => return Ok(Direction::Inbound),
        "outbound" => return Ok(Direction::Outbound),
        _ => {}
    }
    let word = text.to_ascii_lowercase();
    match word.as_str() {
        "inbound" => Ok(Direction::Inbound),
        "outbound" => Ok(Direction::Outbound),
        "internal" => Ok(Direction::Internal),
        _ if word.starts_with("outbound-") => Ok(Direction::Outbound),
        _ => Err(Fault::Direction(shown(text))),
    }
}

/// The canonical words, in any case.
pub(crate) fn outcome(text: &str) -> Result<Outcome, Fault> {
    if let Some(known) = Outcome::from_name(text) {
        return Ok(known);
    }
    let known = Outcome::from_name(&text.to_ascii_lowercase());
    known.ok_or_else(|| Fault::Outcome(shown(text)))
}

/// A row number.
pub(crate) fn source_row(text: &str) -> Result<u64, Fault> {
    text.parse().map_err(|_| Fault::SourceRow(shown(text)))
}

/// Seconds (`125`, `12.5`), `2:05`, `1:02:03`, or `2m 5s`.
#[inline]
pub(crate) fn span(text: &str) -> Result<Nanos, Fault> {
    plain_span(text).map_or_else(|| any_span(text), Ok)
}

/// Seconds of few digits, whole or decimal; none is something else.
#[inline]
pub(crate) fn plain_span(text: &str) -> Option<Nanos> {
    few_digits(text).map(Nanos)
}

/// What [`span`] says of a text that is no plain number.
pub(crate) fn any_span(text: &str) -> Result<Nanos, Fault> {
    let fault = |why| Fault::Span {
        found: shown(text),
        why,
    };
    if is_scientific(text) {
        return Err(Fault::Spreadsheet(shown(text)));
    }
    if text
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        return Err(fault(SpanFault::Negative));
    }
    let read = if text.contains(':') {
        clock(text)
    } else if text.ends_with(|c: char| c.is_ascii_alphabetic()) {
        with_units(text)
    } else {
        seconds(text)
    };
    let ns = read.map_err(fault)?;
    // The greatest value means never.
    match u64::try_from(ns) {
        Ok(ns) if ns < u64::MAX => Ok(Nanos(ns)),
        _ => Err(fault(SpanFault::TooLong)),
    }
}

/// Whole or decimal seconds of few digits, as nearly every log has them.
#[inline]
fn few_digits(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    let mut value = 0;
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return decimal(bytes);
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value * 1_000_000_000)
}

fn decimal(bytes: &[u8]) -> Option<u64> {
    let mut value = 0;
    let mut scale = None::<u64>;
    for byte in bytes {
        match (byte, scale) {
            (b'0'..=b'9', _) => {
                value = value * 10 + u64::from(byte - b'0');
                scale = scale.map(|it| it / 10);
            }
            (b'.', None) => scale = Some(1_000_000_000),
            _ => return None,
        }
    }
    let plain = bytes.first()?.is_ascii_digit() && bytes.last()?.is_ascii_digit();
    plain.then_some(value * scale.unwrap_or(1_000_000_000))
}

const SECOND: u128 = 1_000_000_000;

/// Digits only; so many that they mean nothing are cut off where they no longer matter.
fn whole(text: &str) -> Result<u128, SpanFault> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SpanFault::Form);
    }
    let value = text
        .bytes()
        .fold(0u128, |n, b| (n * 10 + u128::from(b - b'0')).min(1 << 80));
    Ok(value)
}

/// Decimal seconds to nanoseconds; digits beyond the ninth are cut off.
fn seconds(text: &str) -> Result<u128, SpanFault> {
    let (int, fraction) = text.split_once('.').unwrap_or((text, "0"));
    whole(fraction)?;
    let ns = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let ns = ns.fold(0, |n, b| n * 10 + u128::from(b - b'0'));
    Ok(whole(int)? * SECOND + ns)
}

/// `m:ss` or `h:mm:ss`.
fn clock(text: &str) -> Result<u128, SpanFault> {
    let mut parts = text.split(':');
    let three = (parts.next(), parts.next(), parts.next());
    let (hours, minutes, secs) = match (three, parts.next()) {
        ((Some(m), Some(s), None), None) => (None, whole(m)?, s),
        ((Some(h), Some(m), Some(s)), None) => (Some(whole(h)?), whole(m)?, s),
        _ => return Err(SpanFault::Form),
    };
    let secs = seconds(secs)?;
    if secs >= 60 * SECOND || (hours.is_some() && minutes >= 60) {
        return Err(SpanFault::Sixty);
    }
    let hours = hours.unwrap_or(0);
    Ok((hours * 3600 + minutes * 60) * SECOND + secs)
}

/// `1h 2m 3.5s`: each unit once at most, the greater before the smaller.
fn with_units(text: &str) -> Result<u128, SpanFault> {
    let mut rest = text;
    let mut total = 0;
    let mut last = u128::MAX;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or(SpanFault::Form)?;
        let (value, behind) = rest.split_at(digits);
        let behind = behind.trim_start();
        let letters = behind
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let unit_s = match unit {
            "h" => 3600,
            "m" | "min" => 60,
            "s" | "sec" => 1,
            _ => return Err(SpanFault::Form),
        };
        if unit_s >= last {
            return Err(SpanFault::Form);
        }
        last = unit_s;
        total += seconds(value)? * unit_s;
        rest = behind.trim_start();
    }
    Ok(total)
}

#[cfg(test)]
mod tests;
