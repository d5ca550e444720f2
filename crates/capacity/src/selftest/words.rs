//! The smallest parts of the grammar of a table: words, numbers, spans of time.

/// A number, and the unit of time behind it if there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    /// As written.
    pub(crate) number: f64,
    /// What the number is multiplied by to be seconds; none without a unit.
    pub(crate) unit_s: Option<f64>,
}

impl Span {
    /// In seconds, where a number without unit counts units of this many seconds.
    pub(crate) fn seconds(self, unit_s: f64) -> f64 {
        self.number * self.unit_s.unwrap_or(unit_s)
    }
}

/// Units of time, in seconds.
const UNITS: [(&str, f64); 3] = [("min", 60.0), ("s", 1.0), ("h", 3600.0)];

/// What is left of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self(text.trim())
    }

    /// All that is left.
    pub(crate) fn rest(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_over(self) -> bool {
        self.0.is_empty()
    }

    /// Takes this text away, if it comes next; a word only as a whole. A blank in it stands for
    /// any number of them.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let mut rest = self.0;
        for (at, part) in text.split(' ').enumerate() {
            let trimmed = rest.trim_start();
            if at > 0 && trimmed.len() == rest.len() {
                return false;
            }
            let Some(after) = trimmed.strip_prefix(part) else {
                return false;
            };
            rest = after;
        }
        let letter = |c: char| c.is_alphanumeric();
        if text.ends_with(letter) && rest.starts_with(letter) {
            return false;
        }
        self.0 = rest.trim_start();
        true
    }

    /// The first of these texts that comes next.
    pub(crate) fn any(&mut self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.eat(text))
    }

    /// A decimal number of zero or more: `102`, `0.25`, `.5`.
    pub(crate) fn number(&mut self) -> Option<f64> {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(self.0.len());
        let number = decimal(&self.0[..end])?;
        self.0 = self.0[end..].trim_start();
        Some(number)
    }

    /// A whole number.
    pub(crate) fn whole(&mut self) -> Option<u32> {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.0.len());
        let number = self.0[..end].parse().ok()?;
        self.0 = self.0[end..].trim_start();
        Some(number)
    }

    /// A unit of time, in seconds.
    pub(crate) fn unit(&mut self) -> Option<f64> {
        UNITS
            .iter()
            .find(|(word, _)| self.eat(word))
            .map(|(_, s)| *s)
    }

    /// A number with or without a unit of time.
    pub(crate) fn span(&mut self) -> Option<Span> {
        let number = self.number()?;
        let unit_s = self.unit();
        Some(Span { number, unit_s })
    }
}

/// A decimal number without sign and exponent.
fn decimal(text: &str) -> Option<f64> {
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_eaten_whole() {
        let mut words = Words::new("  mean   wait of served min");
        assert!(!words.eat("mea"));
        assert!(words.eat("mean wait"));
        assert!(words.any(&["after", "of"]));
        assert!(words.eat("served"));
        assert_eq!(words.unit(), Some(60.0));
        assert!(words.is_over());
    }

    #[test]
    fn numbers_may_begin_with_a_point() {
        for (text, number, rest) in [
            (".5)", Some(0.5), ")"),
            ("0.25 x", Some(0.25), "x"),
            ("102", Some(102.0), ""),
            (".", None, "."),
            ("1.2.3", None, "1.2.3"),
            ("-1", None, "-1"),
            ("inf", None, "inf"),
        ] {
            let mut words = Words::new(text);
            assert_eq!(words.number(), number, "{text}");
            assert_eq!(words.rest(), rest);
        }
    }

    #[test]
    fn a_span_has_a_unit_or_that_of_the_table() {
        let read = |text| Words::new(text).span().expect(text);
        assert_eq!(read("3 min").seconds(100.0), 180.0);
        assert_eq!(read("20s").seconds(100.0), 20.0);
        assert_eq!(read("0.2").seconds(100.0), 20.0);
    }
}
