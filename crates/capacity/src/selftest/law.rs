//! Distributions as a table writes them: `M mean 1`, `E2 mean 3 min SCV .5`, `LN(4,0.25)`, `D = 1`.

use super::words::{Span, Words};

/// The shape of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// Exponential: `M`.
    Exponential,
    /// So many exponential phases: `Ek`.
    Erlang(u32),
    /// Lognormal with this squared coefficient of variation: `LN`.
    Lognormal {
        /// Variance over squared mean.
        scv: f64,
    },
    /// Always the same: `D`.
    Constant,
    /// The answer is the same for every shape: `any`. Run as exponential.
    Any,
}

impl Family {
    /// Variance over squared mean.
    pub fn scv(self) -> f64 {
        match self {
            Self::Exponential | Self::Any => 1.0,
            Self::Erlang(phases) => 1.0 / f64::from(phases),
            Self::Lognormal { scv } => scv,
            Self::Constant => 0.0,
        }
    }

    /// Whether a letter of Kendall's notation may stand for it.
    pub(crate) fn is_called(self, letter: &str) -> bool {
        match (letter, self) {
            ("G" | "GI", _)
            | (_, Self::Any)
            | ("M", Self::Exponential)
            | ("D", Self::Constant)
            | ("LN", Self::Lognormal { .. })
            | ("Ek" | "Er", Self::Erlang(_)) => true,
            (letter, Self::Erlang(phases)) => letter == format!("E{phases}"),
            _ => false,
        }
    }
}

/// A distribution whose mean may still lack its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Law {
    pub(crate) family: Family,
    pub(crate) mean: Span,
}

/// Reads a distribution.
///
/// # Errors
/// What is wrong, for people.
pub(crate) fn law(text: &str) -> Result<Law, String> {
    let law = read(text)?.ok_or_else(|| format!("`{text}` is no distribution of the grammar"))?;
    if law.mean.number > 0.0 {
        Ok(law)
    } else {
        Err(format!("`{text}` has no mean above 0"))
    }
}

fn read(text: &str) -> Result<Option<Law>, String> {
    let mut words = Words::new(text);
    for (word, family) in [("M", Family::Exponential), ("any", Family::Any)] {
        if words.eat(word) {
            let mean = words.eat("mean").then(|| words.span()).flatten();
            let mean = mean.filter(|_| words.is_over());
            return Ok(mean.map(|mean| Law { family, mean }));
        }
    }
    if words.eat("D") {
        let mean = words.eat("=").then(|| words.span()).flatten();
        let family = Family::Constant;
        let mean = mean.filter(|_| words.is_over());
        return Ok(mean.map(|mean| Law { family, mean }));
    }
    if words.eat("LN(") {
        return lognormal(text, words);
    }
    erlang(text)
}

/// `Ek mean x …`
fn erlang(text: &str) -> Result<Option<Law>, String> {
    let Some(rest) = text.trim().strip_prefix('E') else {
        return Ok(None);
    };
    let mut words = Words::new(rest);
    let phases = words.whole().filter(|phases| *phases > 0);
    let mean = words.eat("mean").then(|| words.span()).flatten();
    let (Some(phases), Some(mean)) = (phases, mean) else {
        return Ok(None);
    };
    let family = Family::Erlang(phases);
    if words.eat("SCV") {
        let scv = words.number();
        // Printed with two digits or so: 1/3 as .33.
        agrees(text, scv, family.scv(), 0.05)?;
    }
    Ok(Some(Law { family, mean }))
}

/// `m,v) [mean m SCV c]`
fn lognormal(text: &str, mut words: Words<'_>) -> Result<Option<Law>, String> {
    let mean = words.span();
    let scv = words.eat(",").then(|| words.number()).flatten();
    let (Some(mut mean), Some(scv), true) = (mean, scv, words.eat(")")) else {
        return Ok(None);
    };
    mean.unit_s = mean.unit_s.or_else(|| words.unit());
    if words.eat("mean") {
        let again = words.span();
        agrees(text, again.map(|it| it.number), mean.number, 0.01)?;
        mean.unit_s = mean.unit_s.or(again.and_then(|it| it.unit_s));
    }
    if words.eat("SCV") {
        agrees(text, words.number(), scv, 0.01)?;
    }
    if !words.is_over() || scv <= 0.0 {
        return Ok(None);
    }
    let family = Family::Lognormal { scv };
    Ok(Some(Law { family, mean }))
}

/// A number that stands twice says the same twice, as far as it is printed.
fn agrees(text: &str, found: Option<f64>, expected: f64, within: f64) -> Result<(), String> {
    let near = |found: f64| (found - expected).abs() <= within * expected;
    if found.is_some_and(near) {
        Ok(())
    } else {
        Err(format!("`{text}` contradicts itself"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str, family: Family, number: f64, unit_s: Option<f64>) {
        let mean = Span { number, unit_s };
        assert_eq!(law(text), Ok(Law { family, mean }), "{text}");
    }

    #[test]
    fn every_wording_is_read() {
        let (min, m, e2) = (Some(60.0), Family::Exponential, Family::Erlang(2));
        let ln = |scv| Family::Lognormal { scv };
        known("M mean 1", m, 1.0, None);
        known("M mean 2 min", m, 2.0, min);
        known("M mean 180s", m, 180.0, Some(1.0));
        known("M mean .5 h", m, 0.5, Some(3600.0));
        known("E2 mean 1 SCV .5", e2, 1.0, None);
        known("E2 mean 4 SCV .5", e2, 4.0, None);
        known("E10 mean 3 min", Family::Erlang(10), 3.0, min);
        known("E3 mean 3 min SCV .333", Family::Erlang(3), 3.0, min);
        known("E3 mean 1 SCV .33", Family::Erlang(3), 1.0, None);
        known("E2 mean 1 two phases", e2, 1.0, None);
        known("LN(1,1)", ln(1.0), 1.0, None);
        known("LN(1,1) mean 1 SCV 1", ln(1.0), 1.0, None);
        known("LN(1,4) mean 1 SCV 4", ln(4.0), 1.0, None);
        known("LN(4,0.25) mean 4 SCV .25", ln(0.25), 4.0, None);
        known("LN(3, 2) mean 3 min SCV 2", ln(2.0), 3.0, min);
        known("LN(3,2) min", ln(2.0), 3.0, min);
        known("D = 1", Family::Constant, 1.0, None);
        known("D=1.5 min", Family::Constant, 1.5, min);
        known("any mean 1", Family::Any, 1.0, None);
        known("any mean 3 min", Family::Any, 3.0, min);
    }

    #[test]
    fn other_words_are_not_guessed() {
        for text in [
            "",
            "mean 1",
            "none",
            "M",
            "M mean",
            "M mean 0",
            "M mean 1 week",
            "M mean 1 min or so",
            "M rate .5 per min",
            "M rate .5/.6/.4 per min by period",
            "Eng U(3,7) min, Spa U(4,6) min",
            "U(3,7) min",
            "H2 mean 1 SCV 4",
            "E0 mean 1",
            "Ek mean 1",
            "E2 mean 1 SCV .25",
            "LN(1,1) mean 2 SCV 1",
            "LN(1,1) mean 1 SCV 4",
            "LN(1)",
            "LN(1,0)",
            "D 1",
            "PS",
            "overall",
        ] {
            assert!(law(text).is_err(), "{text}");
        }
    }

    #[test]
    fn kendalls_letters_name_the_law() {
        assert!(Family::Erlang(2).is_called("E2") && Family::Erlang(2).is_called("GI"));
        assert!(!Family::Erlang(2).is_called("M") && !Family::Erlang(2).is_called("E3"));
        assert!(Family::Any.is_called("M") && Family::Constant.is_called("D"));
        assert!(!Family::Exponential.is_called("D"));
    }
}
