//! Who called whom: the texts that logs have in the place of a phone number.

use routing::PhoneNumber;

use crate::dialect::OddNumbers;
use crate::error::{Fault, shown};
use crate::value::is_scientific;

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
    if let Some(number) = plain(text) {
        return Ok(Party::Number(number));
    }
    rarely(text, country, odd)
}

/// `+` and digits.
#[inline]
fn plain(text: &str) -> Option<PhoneNumber> {
    let digits = text.as_bytes().strip_prefix(b"+")?;
    if digits.is_empty() || digits.len() > routing::number::MAX_DIGITS || digits[0] == b'0' {
        return None;
    }
    let mut value = 0u64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    PhoneNumber::from_digits(value)
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
    if let Some(number) = country.and_then(|code| national(&digits, code)) {
        return Ok(Party::Number(number));
    }
    match odd {
        OddNumbers::Error => Err(Fault::NoCountryCode(shown(text))),
        OddNumbers::Unknown => Ok(plain(&format!("+{digits}")).map_or(Party::Odd, Party::Bare)),
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
fn national(digits: &str, code: &str) -> Option<PhoneNumber> {
    let number = if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if let Some(rest) = digits.strip_prefix('0') {
        format!("{code}{rest}")
    } else if digits.len() <= EXTENSION_DIGITS {
        return None;
    } else if digits.starts_with(code) && digits.len() >= code.len() + 10 {
        // With the country code already: 1 555 555 0100.
        digits.to_owned()
    } else {
        format!("{code}{digits}")
    };
    plain(&format!("+{number}"))
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
            ("+0555", None, Unknown, "bad-number"),
        ] {
            assert_eq!(told(text, country, odd), expected, "{text}");
        }
    }
}
