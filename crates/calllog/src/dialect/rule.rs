//! What the words of a row mean: rules with tests of columns.

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is<T> {
    /// This.
    Word(T),
    /// Nothing is known of it, and that is no fault.
    Unknown,
    /// The row is no call of interest: it is dropped and counted.
    Skip,
}

/// What one column must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of these texts, in any case.
    OneOf(Vec<String>),
    /// A text that begins so, in any case.
    Starts(String),
    /// A number above this one.
    Above(u64),
    /// Nothing (or, if false, something).
    Empty(bool),
}

/// If every test holds, `is` is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<T> {
    /// Columns and what they must hold; none: always.
    pub when: Vec<(String, Test)>,
    /// What is meant then.
    pub is: T,
}

impl Test {
    /// Whether this text passes.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::OneOf(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Self::Starts(start) => text
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start)),
            Self::Above(bound) => text.parse::<f64>().is_ok_and(|it| it > *bound as f64),
            Self::Empty(empty) => text.is_empty() == *empty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_holds_for_what_it_says() {
        let words = Test::OneOf(vec!["NO ANSWER".to_owned()]);
        assert!(words.holds("no answer") && !words.holds("answer"));
        let start = Test::Starts("Voice".to_owned());
        assert!(start.holds("voicemail") && !start.holds("voi") && !start.holds("äöü"));
        let above = Test::Above(0);
        assert!(above.holds("1") && above.holds("0.5") && !above.holds("0") && !above.holds(""));
        assert!(Test::Empty(true).holds("") && !Test::Empty(true).holds("x"));
    }
}
