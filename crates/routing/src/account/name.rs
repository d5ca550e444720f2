//! Names as the tables keep them: a million sub-accounts have millions of short ones.

use std::fmt;
use std::ops::Deref;

/// The longest text that takes no memory of its own, in bytes.
const SHORT: usize = 8;

/// A text that is read often and never changed. Up to eight bytes lie within the name itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Zeros behind the text; all zeros where it is longer.
    short: [u8; SHORT],
    /// Boxed twice to take the room of one pointer in every short name.
    long: Option<Box<Box<str>>>,
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut short = [0; SHORT];
        if bytes.len() > SHORT || bytes.contains(&0) {
            let long = Some(Box::new(text.into()));
            return Self { short, long };
        }
        short[..bytes.len()].copy_from_slice(bytes);
        Self { short, long: None }
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        if let Some(text) = &self.long {
            return text;
        }
        let length = self.short.iter().position(|byte| *byte == 0);
        // It was a text when it was put in.
        std::str::from_utf8(&self.short[..length.unwrap_or(SHORT)]).unwrap_or_default()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_text_that_was_put_in() {
        for text in [
            "",
            "a",
            "s000042",
            "12345678",
            "123456789",
            "zähler",
            "a\0",
            "\0",
            "é",
        ] {
            assert_eq!(&*Name::from(text), text);
        }
        assert_ne!(Name::from("a"), Name::from("a\0"));
    }

    #[test]
    fn a_short_name_takes_no_memory_of_its_own() {
        assert_eq!(size_of::<Name>(), 16);
    }
}
