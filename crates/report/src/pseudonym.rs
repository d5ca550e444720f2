//! Pseudonyms for phone numbers: phone numbers are personal data, and reports and run folders show none.
//!
//! A pseudonym is a number of the unassigned country code 999, made with HMAC-SHA-256 under a key: the same
//! number has the same pseudonym under one key, and without the key nobody can try out all numbers.

use hmac::{Hmac, KeyInit, Mac};
use routing::PhoneNumber;
use sha2::Sha256;

/// The twelve digits behind 999.
const ROOM: u64 = 1_000_000_000_000;

/// Turns numbers into pseudonyms.
#[derive(Clone)]
pub struct Pseudonyms(Hmac<Sha256>);

impl Pseudonyms {
    /// Under this key. Whoever has the key can find out whether a known number was among those shown.
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
}
