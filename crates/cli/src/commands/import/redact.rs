//! A log that may be shared: pseudonyms for numbers and names.

use std::hash::{BuildHasher as _, RandomState};

use calllog::CanonicalCall;
use report::pseudonym::Pseudonyms;

/// What hides numbers and names.
pub(super) struct Redact(Pseudonyms);

impl Redact {
    /// Under the key `BUSYHOUR_KEY`, so that logs of other days fit together; else under one that
    /// is drawn now and forgotten.
    pub(super) fn new() -> Self {
        match std::env::var_os("BUSYHOUR_KEY") {
            Some(key) if !key.is_empty() => Self(Pseudonyms::new(key.as_encoded_bytes())),
            _ => {
                // Each state is seeded by the operating system.
                let words = (0..8u64).map(|nth| RandomState::new().hash_one(nth));
                let key: Vec<u8> = words.flat_map(u64::to_be_bytes).collect();
                Self(Pseudonyms::new(&key))
            }
        }
    }

    pub(super) fn call(&self, call: &CanonicalCall) -> CanonicalCall {
        let mut hidden = call.clone();
        hidden.from = call.from.map(|it| self.0.of(it));
        hidden.to = call.to.map(|it| self.0.of(it));
        hidden.user = call.user.as_deref().map(|it| self.0.of_name(it));
        hidden
    }
}
