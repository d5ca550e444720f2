//! Who called whom: the texts that logs have in the place of a phone number.

use routing::PhoneNumber;

use crate::dialect::OddNumbers;
use crate::error::{Fault, shown};
use crate::value::{eight_digits, is_scientific};

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    /// This number.
    Number(PhoneNumber),
    /// Digits without a country code, taken as they are.
    Bare(PhoneNumber),
    /// Somebody who withheld it, or nobody.
    Withheld,
    /// No number, where the dialect has such.
    Odd,
}

/// What phone systems write for a withheld number.
const WITHHELD: [&str; 13] = [
    "anonymous",
    "private",
    "restricted",
    "withheld",
    "unavailable",
    "unknown",
    "blocked",
    "no caller id",
    "not available",
    "private number",
    "asserted",
    "<unknown>",
    "-",
];

/// The longest extension: shorter texts of digits are no national numbers.
const EXTENSION_DIGITS: usize = 6;

#[inline]
pub(super) fn read(text: &str, country: Option<&str>, odd: OddNumbers) -> Result<Party, Fault> {
    let text = without_decimals(text);
    if let Some(number) = plain(text.as_bytes()) {
        return Ok(Party::Number(number));
    }
    if let Some(number) = country.and_then(|code| domestic(text.as_bytes(), code)) {
        return Ok(Party::Number(number));
    }
    rarely(text, country, odd)
}

/// `15555550100.0`, as a program writes a number that it took for an amount, without its end.
fn without_decimals(text: &str) -> &str {
    let cut = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00"));
    let whole = |it: &&str| {
        let digits = it.strip_prefix('+').unwrap_or(it);
        !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
    };
    cut.filter(whole).unwrap_or(text)
}

/// A number of national form: ASCII digits with what people put between them, and nothing else.
fn domestic(text: &[u8], code: &str) -> Option<PhoneNumber> {
    let mut room = [0; 32];
    let mut length = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                *room.get_mut(length)? = *byte;
                length += 1;
            }
            b' ' | b'-' | b'(' | b')' | b'.' | b'/' => {}
            _ => return None,
        }
    }
    national(&room[..length], code.as_bytes())
}

/// `+` and digits.
#[inline]
pub(super) fn plain(text: &[u8]) -> Option<PhoneNumber> {
    packed(text.strip_prefix(b"+")?, b"")
}

/// The number of these digits, the ones of `code` before the others.
#[inline]
fn packed(digits: &[u8], code: &[u8]) -> Option<PhoneNumber> {
    let length = code.len() + digits.len();
    let first = code.first().or(digits.first())?;
    if length > routing::number::MAX_DIGITS || *first == b'0' {
        return None;
    }
    let mut value = one_by_one(0, code)?;
    let (eights, rest) = digits.as_chunks::<8>();
    for eight in eights {
        value = value * 100_000_000 + eight_digits(u64::from_le_bytes(*eight))?;
    }
    PhoneNumber::from_digits(one_by_one(value, rest)?)
}

#[inline]
fn one_by_one(mut value: u64, digits: &[u8]) -> Option<u64> {
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

fn rarely(text: &str, country: Option<&str>, odd: OddNumbers) -> Result<Party, Fault> {
    if text.is_empty() || WITHHELD.iter().any(|it| it.eq_ignore_ascii_case(text)) {
        return Ok(Party::Withheld);
    }
    if is_scientific(text) {
        return Err(Fault::Spreadsheet(shown(text)));
    }
    let bare = without_scheme(text);
    if WITHHELD.iter().any(|it| it.eq_ignore_ascii_case(bare)) {
        return Ok(Party::Withheld);
    }
    let Some((plus, digits)) = digits_of(bare) else {
        return match odd {
            OddNumbers::Error => Err(Fault::NoNumber(shown(text))),
            OddNumbers::Unknown => Ok(Party::Odd),
        };
    };
    if plus {
        let number = format!("+{digits}").parse();
        return number.map(Party::Number).map_err(|why| Fault::Number {
            found: shown(text),
            why,
        });
    }
    if let Some(number) = country.and_then(|code| national(digits.as_bytes(), code.as_bytes())) {
        return Ok(Party::Number(number));
    }
    match odd {
        OddNumbers::Error => Err(Fault::NoCountryCode(shown(text))),
        OddNumbers::Unknown => {
            Ok(plain(format!("+{digits}").as_bytes()).map_or(Party::Odd, Party::Bare))
        }
    }
}

/// `sip:+15555550100@host` is `+15555550100`.
fn without_scheme(text: &str) -> &str {
    let rest = ["sip:", "sips:", "tel:"].iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    rest.map_or(text, |rest| rest.split(['@', ';']).next().unwrap_or(rest))
}

/// The digits of a number, what people put between them left out, and whether a `+` leads.
fn digits_of(text: &str) -> Option<(bool, String)> {
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let between = [' ', '\u{a0}', '-', '(', ')', '.', '/'];
    let digits: String = rest.chars().filter(|c| !between.contains(c)).collect();
    let valid = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    valid.then_some((plus, digits))
}

/// Digits as they are dialled within a country.
fn national(digits: &[u8], code: &[u8]) -> Option<PhoneNumber> {
    match digits {
        [b'0', b'0', rest @ ..] => packed(rest, b""),
        [b'0', rest @ ..] => packed(rest, code),
        _ if digits.len() <= EXTENSION_DIGITS => None,
        // With the country code already: 1 555 555 0100.
        _ if digits.starts_with(code) && digits.len() >= code.len() + 10 => packed(digits, b""),
        _ => packed(digits, code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, country: Option<&str>, odd: OddNumbers) -> String {
        match read(text, country, odd) {
            Ok(Party::Number(number)) => number.to_string(),
            Ok(Party::Bare(number)) => format!("bare {number}"),
            Ok(Party::Withheld) => "withheld".to_owned(),
            Ok(Party::Odd) => "odd".to_owned(),
            Err(fault) => fault.name().to_owned(),
        }
    }

    #[test]
    fn numbers_are_read_in_the_forms_of_logs() {
        use OddNumbers::{Error, Unknown};
        for (text, country, odd, expected) in [
            ("+15555550100", None, Error, "+15555550100"),
            ("+1 (555) 555-0100", None, Error, "+15555550100"),
            (
                "sip:+15555550100@example.invalid;x=1",
                None,
                Error,
                "+15555550100",
            ),
            ("5555550100", Some("1"), Error, "+15555550100"),
            ("15555550100", Some("1"), Error, "+15555550100"),
            ("0015555550100", Some("49"), Error, "+15555550100"),
            ("0301234567", Some("49"), Error, "+49301234567"),
            ("5555550100", None, Error, "bad-number"),
            ("5555550100", None, Unknown, "bare +5555550100"),
            ("201", Some("1"), Unknown, "bare +201"),
            ("s", None, Unknown, "odd"),
            ("client:user_7", None, Error, "bad-number"),
            ("anonymous", None, Error, "withheld"),
            ("sip:anonymous@anonymous.invalid", None, Error, "withheld"),
            ("", None, Error, "withheld"),
            ("1.55556E+10", None, Unknown, "spreadsheet-number"),
            ("15555550100.0", Some("1"), Error, "+15555550100"),
            ("+15555550100.00", None, Error, "+15555550100"),
            ("555.555.0100", Some("1"), Error, "+15555550100"),
            ("+0555", None, Unknown, "bad-number"),
        ] {
            assert_eq!(told(text, country, odd), expected, "{text}");
        }
    }
}
