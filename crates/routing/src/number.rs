//! Phone numbers in E.164 form. Syntax only: whether a number exists is nobody's business here.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// A phone number in E.164 form (ITU-T E.164: `+` and 1 to 15 digits, the first not 0), packed into
/// eight bytes. `Option<PhoneNumber>` takes no more room, and `None` stands for a withheld number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(NonZeroU64);

/// The most digits that E.164 allows.
pub const MAX_DIGITS: usize = 15;

/// What is wrong with a text that should be a phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// No leading `+`.
    #[error("a phone number starts with `+` and the country code, as in +15555550100")]
    NoPlus,
    /// Nothing after the `+`.
    #[error("no digits after the `+`")]
    Empty,
    /// More than 15 digits.
    #[error("{0} digits, where E.164 allows at most {MAX_DIGITS}")]
    TooLong(usize),
    /// The country code starts with 0.
    #[error("a country code does not start with 0")]
    LeadingZero,
    /// Something that is not a digit.
    #[error("`{0}` is not a digit (spaces, dashes and brackets are left out)")]
    NotADigit(char),
}

impl PhoneNumber {
    /// The number with these digits, if they are 1 to 15 and do not start with 0 (a `u64` cannot).
    pub fn from_digits(digits: u64) -> Option<Self> {
        if digits > 999_999_999_999_999 {
            None
        } else {
            NonZeroU64::new(digits).map(Self)
        }
    }

    /// The digits, without the `+`.
    pub fn digits(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for PhoneNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let digits = text.strip_prefix('+').ok_or(NumberError::NoPlus)?;
        if let Some(odd) = digits.chars().find(|c| !c.is_ascii_digit()) {
            return Err(NumberError::NotADigit(odd));
        }
        match digits.len() {
            0 => return Err(NumberError::Empty),
            n if n > MAX_DIGITS => return Err(NumberError::TooLong(n)),
            _ => {}
        }
        if digits.starts_with('0') {
            return Err(NumberError::LeadingZero);
        }
        let value = digits
            .bytes()
            .fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
        Self::from_digits(value).ok_or(NumberError::Empty)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_printed() {
        for text in ["+1", "+15555550100", "+999999999999999"] {
            assert_eq!(text.parse::<PhoneNumber>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        use NumberError::{Empty, LeadingZero, NoPlus, NotADigit, TooLong};
        for (text, fault) in [
            ("15555550100", NoPlus),
            ("", NoPlus),
            ("+", Empty),
            ("+0155", LeadingZero),
            ("+1 555", NotADigit(' ')),
            ("+1555x", NotADigit('x')),
            ("+1234567890123456", TooLong(16)),
            ("+１", NotADigit('１')),
        ] {
            assert_eq!(text.parse::<PhoneNumber>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_withheld_number_costs_nothing() {
        assert_eq!(size_of::<Option<PhoneNumber>>(), 8);
    }
}
