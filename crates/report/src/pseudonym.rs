//! Pseudonyms for phone numbers: phone numbers are personal data, and reports and run folders show
//! none.
//!
//! A pseudonym is a number of the unassigned country code 999, made with HMAC-SHA-256 under a key:
//! the same number has the same pseudonym under one key, and without the key nobody can try out
//! all numbers.

use hmac::{Hmac, KeyInit, Mac};
use routing::PhoneNumber;
use sha2::Sha256;

/// The twelve digits behind 999.
const ROOM: u64 = 1_000_000_000_000;

/// Fewer digits behind a `+` are no phone number of anybody: offsets such as `+10:00` stay as they
/// are.
const FEWEST_DIGITS: usize = 7;

/// Turns numbers into pseudonyms.
#[derive(Clone)]
pub struct Pseudonyms(Hmac<Sha256>);

impl Pseudonyms {
    /// Under this key. Whoever has the key can find out whether a known number was among those
    /// shown.
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// The pseudonym of this number.
    pub fn of(&self, number: PhoneNumber) -> PhoneNumber {
        let mut mac = self.0.clone();
        mac.update(&number.digits().to_be_bytes());
        let tag = mac.finalize().into_bytes();
        let head = tag
            .iter()
            .take(8)
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        PhoneNumber::from_digits(999 * ROOM + head % ROOM)
            .expect("999 and twelve digits are a number of fifteen")
    }

    /// The pseudonym of a name: that of its number where it is one.
    pub fn of_name(&self, name: &str) -> String {
        if let Ok(number) = name.parse() {
            return self.of(number).to_string();
        }
        let mut mac = self.0.clone();
        mac.update(b"name:");
        mac.update(name.as_bytes());
        let tag = mac.finalize().into_bytes();
        let head = tag
            .iter()
            .take(6)
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        format!("user-{head:012x}")
    }

    /// The text with the pseudonym of every number in it that is written as `+` and 7 to 15 digits.
    pub fn in_text(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('+') {
            let digits = rest[at + 1..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            let (before, number) = (&rest[..at], &rest[at..=at + digits]);
            hidden.push_str(before);
            match number.parse() {
                Ok(known) if digits >= FEWEST_DIGITS => hidden += &self.of(known).to_string(),
                _ => hidden.push_str(number),
            }
            rest = &rest[at + 1 + digits..];
        }
        hidden + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_makes_the_pseudonym() {
        let number: PhoneNumber = "+15555550100".parse().unwrap();
        let other: PhoneNumber = "+15555550101".parse().unwrap();
        let (a, b) = (Pseudonyms::new(b"one"), Pseudonyms::new(b"two"));
        assert_eq!(a.of(number), a.of(number));
        assert_ne!(a.of(number), a.of(other));
        assert_ne!(a.of(number), b.of(number));
        assert!(a.of(number).to_string().starts_with("+999"));
        assert_eq!(a.of(number).to_string().len(), 16);
    }

    #[test]
    fn numbers_within_a_text_are_replaced_and_nothing_else_is() {
        let hide = Pseudonyms::new(b"one");
        let (a, b) = ("+15555550100", "+15555550101");
        let shown = |text: &str| hide.of(text.parse().unwrap()).to_string();
        assert_eq!(
            hide.in_text(&format!("[\"{a}\", \"{b}\"]: ü{a}")),
            format!("[\"{0}\", \"{1}\"]: ü{0}", shown(a), shown(b))
        );
        for plain in [
            "",
            "+",
            "a + b",
            "1e+10",
            "2026-03-02T15:00+10:00",
            "+0155555501",
            "++",
        ] {
            assert_eq!(hide.in_text(plain), plain);
        }
    }
}
