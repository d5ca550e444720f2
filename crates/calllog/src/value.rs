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

/// Nearly always one of these as it stands.
#[inline]
pub(crate) fn known_direction(text: &[u8]) -> Option<Direction> {
    match text {
        b"inbound" => Some(Direction::Inbound),
        b"outbound" => Some(Direction::Outbound),
        _ => None,
    }
}

/// One of the canonical words as it stands.
#[inline]
pub(crate) fn known_outcome(text: &[u8]) -> Option<Outcome> {
    let mut all = Outcome::ALL.iter().copied();
    all.find(|it| it.name().as_bytes() == text)
}

/// The canonical words, in any case. Twilio's `outbound-api` and `outbound-dial` are outbound.
pub(crate) fn direction(text: &str) -> Result<Direction, Fault> {
    if let Some(known) = known_direction(text.as_bytes()) {
        return Ok(known);
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
    decimal(text.as_bytes()).map_or_else(|| any_span(text), |ns| Ok(Nanos(ns)))
}

/// The last eight bytes of a text, the last one highest, and how many bytes it has. What stands
/// before a shorter text is anything.
#[inline]
pub(crate) fn tail(text: &[u8]) -> (u64, usize) {
    let last = text.last_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last[8 - text.len()..].copy_from_slice(text);
        last
    });
    (u64::from_le_bytes(last), text.len())
}

/// Whole seconds of one to eight digits, of which [`tail`] tells; none is something else.
#[inline]
pub(crate) fn whole_span(tail: u64, length: usize) -> Option<Nanos> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    if length > 8 {
        return None;
    }
    // Zeros for what stands before.
    let before = 64 - 8 * length as u32;
    let digits = tail.checked_shr(before)?.checked_shl(before)? | ZEROS & !(u64::MAX << before);
    eight_digits(digits).map(|it| Nanos(it * 1_000_000_000))
}

/// Eight digits at once: neighbours are put together to pairs, pairs to fours, fours to the number.
#[inline]
pub(crate) fn eight_digits(word: u64) -> Option<u64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    // Neither the digits nor the digits and six leave `0` to `?`.
    let above = word.wrapping_add(0x0606_0606_0606_0606);
    if (word & HIGH) != ZEROS || (above & HIGH) != ZEROS {
        return None;
    }
    let digits = word & !HIGH;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// What [`span`] says of a text that is no number of few digits.
fn any_span(text: &str) -> Result<Nanos, Fault> {
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
fn decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 9 {
        return None;
    }
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
