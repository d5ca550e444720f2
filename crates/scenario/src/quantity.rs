//! Durations, rates and bounds as people write them: a number and its unit.

use std::fmt::Write as _;

use model::Rate;
use routing::Nanos;

/// Longer than this is absurd anywhere: ten years.
pub(crate) const LONGEST: Nanos = Nanos(3650 * Nanos::DAY.0);

/// A message, and what to do where that is not obvious.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Units of time, the largest first.
const UNITS: [(&str, u64); 6] = [
    ("d", Nanos::DAY.0),
    ("h", Nanos::HOUR.0),
    ("min", Nanos::MINUTE.0),
    ("s", Nanos::SECOND.0),
    ("ms", 1_000_000),
    ("us", 1_000),
];

const UNIT_WORDS: &str = "the units are us, ms, s, min, h and d, as in \"90s\" or \"1h30min\"";

/// Units of rates and how many seconds each lasts.
const PER: [(&str, f64); 4] = [("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0)];

/// `30s`, `1.5min`, `1h30min`: zero or more, at most [`LONGEST`].
pub(crate) fn duration(text: &str) -> Result<Nanos, Fault> {
    let text = text.trim();
    let form = || Fault::new(format!("found {text:?}, expected a duration")).help(UNIT_WORDS);
    let mut rest = text;
    let mut total: u128 = 0;
    let mut last = u64::MAX;
    while !rest.is_empty() {
        let (whole, fraction, after) = decimal(rest).ok_or_else(form)?;
        let after = after.trim_start();
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (word, next) = after.split_at(letters);
        if word.is_empty() && next.trim().is_empty() {
            let hint = format!("write for example \"{text}s\" or \"{text}min\"; {UNIT_WORDS}");
            return Err(Fault::new(format!("{text:?} has no unit of time")).help(hint));
        }
        let unit = UNITS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, ns)| *ns);
        let unit = unit.ok_or_else(|| unknown_unit(word))?;
        if unit >= last {
            let message = format!("found {text:?}, expected larger units before smaller ones");
            return Err(Fault::new(message).help("each unit stands once, as in \"1h30min\""));
        }
        last = unit;
        total += nanos(whole, fraction, unit).ok_or_else(absurd)?;
        rest = next.trim_start();
    }
    if text.is_empty() {
        return Err(form());
    }
    if total > u128::from(LONGEST.0) {
        Err(absurd())
    } else {
        Ok(Nanos(total as u64))
    }
}

fn absurd() -> Fault {
    Fault::new("the duration is longer than ten years")
}

fn unknown_unit(word: &str) -> Fault {
    let meant = match word {
        "m" | "mins" | "minute" | "minutes" => "min",
        "sec" | "secs" | "second" | "seconds" | "S" => "s",
        "hr" | "hrs" | "hour" | "hours" | "H" => "h",
        "day" | "days" => "d",
        "msec" | "millis" | "MS" => "ms",
        _ => return Fault::new(format!("`{word}` is no unit of time")).help(UNIT_WORDS),
    };
    Fault::new(format!("`{word}` is no unit of time")).help(format!("did you mean `{meant}`?"))
}

/// The digits before and after the point, and what follows them.
fn decimal(text: &str) -> Option<(&str, &str, &str)> {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let (whole, rest) = text.split_at(digits(text));
    if whole.is_empty() {
        return None;
    }
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((whole, "", rest));
    };
    let (fraction, rest) = rest.split_at(digits(rest));
    (!fraction.is_empty()).then_some((whole, fraction, rest))
}

fn nanos(whole: &str, fraction: &str, unit: u64) -> Option<u128> {
    let whole: u128 = whole.parse::<u64>().ok()?.into();
    let kept = &fraction[..fraction.len().min(18)];
    let scale = 10u128.pow(kept.len() as u32);
    let part: u128 = if kept.is_empty() {
        0
    } else {
        kept.parse().ok()?
    };
    whole
        .checked_mul(unit.into())?
        .checked_add((part * u128::from(unit) + scale / 2) / scale)
}

/// `12/min`, `0.5/s`: zero or more, at most [`Rate::MAX_PER_S`].
pub(crate) fn rate(text: &str) -> Result<Rate, Fault> {
    const HELP: &str = "a rate is a number per time: /s, /min, /h or /d, as in \"12/min\"";
    let Some((number, per)) = text.split_once('/') else {
        let number = text.trim().parse::<f64>().is_ok();
        let message = if number {
            "has no unit: per what time?"
        } else {
            "is no rate"
        };
        return Err(Fault::new(format!("{:?} {message}", text.trim())).help(HELP));
    };
    let per = per.trim();
    let seconds = PER
        .iter()
        .find(|(name, _)| *name == per)
        .map(|(_, seconds)| *seconds);
    let seconds =
        seconds.ok_or_else(|| Fault::new(format!("`/{per}` is no unit of a rate")).help(HELP))?;
    let value = plain(number)
        .ok_or_else(|| Fault::new(format!("found {text:?}, expected a rate")).help(HELP))?;
    if value < 0.0 {
        return Err(Fault::new(format!(
            "the rate {text:?} is negative, expected 0 or more"
        )));
    }
    Rate::per_second(value / seconds).ok_or_else(|| {
        Fault::new(format!(
            "the rate {text:?} is absurd: at most 10 million a second are expected"
        ))
    })
}

/// A decimal number without exponent, infinity or NaN; the sign is read so that it can be named.
pub(crate) fn plain(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (_, _, rest) = decimal(digits)?;
    if rest.is_empty() {
        text.parse().ok()
    } else {
        None
    }
}

/// A bound of a gate in the unit of its metric: a plain number, a duration, a rate or a percentage.
pub(crate) fn bound(text: &str, unit: &str) -> Result<f64, Fault> {
    let text = text.trim();
    if let Some(number) = plain(text) {
        return Ok(number);
    }
    let refuse = |what: &str| {
        Fault::new(format!(
            "found {what} {text:?}, where the metric is counted in {}",
            named(unit)
        ))
    };
    if let Some(percent) = text.strip_suffix('%').and_then(plain) {
        return if is_share(unit) {
            Ok(percent / 100.0)
        } else {
            Err(refuse("a percentage"))
        };
    }
    if text.contains('/') {
        let rate = rate(text)?;
        let seconds = unit
            .strip_prefix("1/")
            .or_else(|| unit.split_once('/').map(|(_, per)| per));
        let seconds = PER.iter().find(|(name, _)| Some(*name) == seconds);
        return seconds
            .map(|(_, s)| rate.get() * s)
            .ok_or_else(|| refuse("the rate"));
    }
    let value = duration(text).map_err(|fault| {
        let expected = format!("expected a number in {}", named(unit));
        Fault::new(format!("found {text:?}, {expected}")).help(fault.message)
    })?;
    let ns = match unit {
        "ns" => 1.0,
        other => match UNITS.iter().find(|(name, _)| *name == other) {
            Some((_, ns)) => *ns as f64,
            None => return Err(refuse("the duration")),
        },
    };
    Ok(value.0 as f64 / ns)
}

fn is_share(unit: &str) -> bool {
    matches!(unit, "share" | "1" | "ratio" | "")
}

fn named(unit: &str) -> String {
    if is_share(unit) {
        "shares of 1".to_owned()
    } else {
        format!("`{unit}`")
    }
}

/// A duration as it would be written: whole units, the largest first.
pub(crate) fn duration_text(value: Nanos) -> String {
    if value == Nanos::ZERO {
        return "0s".to_owned();
    }
    let mut rest = value.0;
    let mut out = String::new();
    for (name, ns) in UNITS.iter().skip(1) {
        let count = rest / ns;
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(out, "{count}{name}");
            rest %= ns;
        }
    }
    // Below a microsecond there is no unit: such a rest comes from decimals only.
    if rest > 0 {
        format!("{}us", value.0 as f64 / 1e3)
    } else {
        out
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "a value is read exactly or not at all")]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        for (text, ns) in [
            ("30s", 30_000_000_000),
            ("1h30min", 5_400_000_000_000),
            ("1h 30min", 5_400_000_000_000),
            ("0.1s", 100_000_000),
            ("1.5us", 1_500),
            ("0s", 0),
            ("250ms", 250_000_000),
            ("2d", 172_800_000_000_000),
        ] {
            assert_eq!(duration(text), Ok(Nanos(ns)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for (text, why) in [
            ("", "expected a duration"),
            ("12", "no unit"),
            ("12 ", "no unit"),
            ("12m", "`m` is no unit"),
            ("12 fortnights", "`fortnights` is no unit"),
            ("s", "expected a duration"),
            ("-5s", "expected a duration"),
            ("1e9s", "`e` is no unit"),
            ("30min1h", "larger units before"),
            ("1s1s", "larger units before"),
            ("11000d", "longer than ten years"),
            ("99999999999999999999999s", "longer than ten years"),
            ("1.s", "expected a duration"),
            ("NaN", "expected a duration"),
        ] {
            let fault = duration(text).expect_err(text);
            assert!(fault.message.contains(why), "{text}: {}", fault.message);
        }
        assert_eq!(
            duration("5 m").unwrap_err().help.unwrap(),
            "did you mean `min`?"
        );
    }

    #[test]
    fn rates_know_their_unit() {
        assert_eq!(rate("12/min").unwrap().get(), 0.2);
        assert_eq!(rate("0.5/s").unwrap().get(), 0.5);
        assert_eq!(rate("0/h").unwrap().get(), 0.0);
        for (text, why) in [
            ("12", "has no unit"),
            ("12/m", "`/m` is no unit"),
            ("-1/s", "negative"),
            ("1e9/s", "expected a rate"),
            ("inf/s", "expected a rate"),
            ("NaN/s", "expected a rate"),
            ("20000000/s", "absurd"),
            ("often", "is no rate"),
        ] {
            let fault = rate(text).expect_err(text);
            assert!(fault.message.contains(why), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn bounds_are_converted_to_the_metric() {
        assert_eq!(bound("150ms", "s"), Ok(0.15));
        assert_eq!(bound("150ms", "us"), Ok(150_000.0));
        assert_eq!(bound("80%", "share"), Ok(0.8));
        assert_eq!(bound("0.8", "share"), Ok(0.8));
        assert_eq!(bound("120/min", "1/s"), Ok(2.0));
        assert!(bound("80%", "calls").is_err());
        assert!(bound("2s", "calls").is_err());
        assert!(bound("many", "calls").is_err());
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["0s", "30s", "1h30min", "24h", "250ms", "1s500ms", "10h"] {
            assert_eq!(duration_text(duration(text).unwrap()), text);
        }
    }
}
