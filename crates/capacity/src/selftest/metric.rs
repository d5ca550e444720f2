//! What a row's `metric` asks for, as a metric of the summary by its name.

use super::words::{Span, Words};

/// How the row's number comes from the metrics of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// From which metrics.
    pub take: Take,
    /// In which unit.
    pub unit: Unit,
}

/// From which metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The value of this one.
    Value(String),
    /// What is left of 1.
    Rest(String),
    /// The variance over all replications together: `within` is each replication's own, and the
    /// means of the replications spread about their mean as well (law of total variance).
    Variance {
        /// The metric of the variance in a replication.
        within: &'static str,
        /// The metric of the mean in a replication.
        mean: &'static str,
    },
}

impl Take {
    /// The metrics that are needed.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Value(name) | Self::Rest(name) => vec![name],
            Self::Variance { within, mean } => vec![within, mean],
        }
    }
}

/// What the metric's value is divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Nothing: a share or a count.
    One,
    /// So many seconds.
    Seconds(f64),
    /// So many seconds, squared.
    SecondsSquared(f64),
    /// How many units of so many seconds the statistics window has.
    PerSeconds(f64),
}

/// What must be known of the row beside its metric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    /// A unit of the table's time, in seconds.
    pub(crate) unit_s: f64,
    /// Whether callers may leave the line.
    pub(crate) impatient: bool,
    /// Whether some may find no room.
    pub(crate) bounded: bool,
    /// Whether a replication is a day.
    pub(crate) day: bool,
    /// The time of a service level that names none, in seconds.
    pub(crate) usual_level_s: Option<f64>,
}

impl About {
    /// Whether every call is served.
    fn all_are_served(&self) -> bool {
        !self.impatient && !self.bounded
    }
}

/// Reads a metric.
///
/// # Errors
/// Why it cannot be had, for people.
pub(crate) fn reading(text: &str, about: &About) -> Result<Reading, String> {
    let lower = text.trim().to_lowercase();
    let words = Words::new(&lower);
    let found = symbols(words, about)
        .or_else(|| waits(words, about))
        .or_else(|| levels(words, about))
        .or_else(|| counts(words, about))
        .or_else(|| fixed(words, about));
    let found = found.unwrap_or(Err("is not in the grammar"));
    found.map_err(|why| format!("metric `{}` {why}", text.trim()))
}

/// A reading, or why there is none; nothing at all where the words are others.
type Found = Option<Result<Reading, &'static str>>;

const LEAVE: &str = "is about callers who leave, and nobody does";
const WHOSE: &str = "does not say of which calls, and not all are served";

impl Reading {
    fn of(name: impl Into<String>, unit: Unit) -> Self {
        let take = Take::Value(name.into());
        Self { take, unit }
    }

    fn share(name: impl Into<String>) -> Self {
        Self::of(name, Unit::One)
    }

    fn rest(name: impl Into<String>) -> Self {
        let take = Take::Rest(name.into());
        let unit = Unit::One;
        Self { take, unit }
    }
}

/// `P(…)`, `E[…]`, `Var(…)`, times perhaps with a unit behind them
fn symbols(mut words: Words<'_>, about: &About) -> Found {
    if words.eat("p(w") {
        return probability(words, about);
    }
    let end = words.rest().rfind([')', ']'])? + 1;
    let (symbol, unit) = words.rest().split_at(end);
    let mut unit = Words::new(unit);
    let unit_s = unit.unit();
    let found = symbol_alone(&symbol.replace(' ', ""), about, unit_s)?;
    let of_time = |it: &Reading| matches!(it.unit, Unit::Seconds(_) | Unit::SecondsSquared(_));
    let fits = unit_s.is_none() || found.as_ref().is_ok_and(of_time);
    (unit.is_over() && fits).then_some(found)
}

fn symbol_alone(symbol: &str, about: &About, unit_s: Option<f64>) -> Found {
    let unit_s = unit_s.unwrap_or(about.unit_s);
    let (time, squared) = (Unit::Seconds(unit_s), Unit::SecondsSquared(unit_s));
    let variance = |within, mean, unit| {
        let take = Take::Variance { within, mean };
        Reading { take, unit }
    };
    let found = match symbol {
        "e[w|a]" | "var(w|a)" if !about.impatient => return Some(Err(LEAVE)),
        "p(a)" => Reading::share("calls.abandoned.share"),
        "p(b)" => Reading::share("calls.busy.share"),
        "p(s)" => Reading::share("calls.answered.share"),
        "p(wait)" => Reading::share("hold.waited.share"),
        "e[q]" => Reading::share("hold.queue.mean"),
        "e[n]" => Reading::share("calls.in_system.mean"),
        "e[w]" => Reading::of("hold.wait_s.mean", time),
        "e[w|s]" => Reading::of("hold.wait_served_s.mean", time),
        "e[w|a]" => Reading::of("hold.wait_abandoned_s.mean", time),
        "var(q)" => variance("hold.queue.variance", "hold.queue.mean", Unit::One),
        "var(w|s)" => {
            let (within, mean) = ("hold.wait_served_s.variance", "hold.wait_served_s.mean");
            variance(within, mean, squared)
        }
        "var(w|a)" => {
            let (within, mean) = (
                "hold.wait_abandoned_s.variance",
                "hold.wait_abandoned_s.mean",
            );
            variance(within, mean, squared)
        }
        _ => return None,
    };
    Some(Ok(found))
}

/// What follows `P(W`: `=0)`, `>0)`, `<=t|S)`, `>t|A)`
fn probability(mut words: Words<'_>, about: &About) -> Found {
    let later = if words.any(&["<=", "=<", "≤", "="]) {
        false
    } else if words.eat(">") {
        true
    } else {
        return None;
    };
    let time = words.span()?;
    let of = if words.eat("|") {
        Some(["s", "a"].into_iter().find(|word| words.eat(word))?)
    } else {
        None
    };
    if !words.eat(")") || !words.is_over() {
        return None;
    }
    if time.number == 0.0 {
        return match (of, later) {
            (None, true) => Some(Ok(Reading::share("hold.waited.share"))),
            (None, false) => Some(Ok(Reading::rest("hold.waited.share"))),
            _ => None,
        };
    }
    let time = duration(time, about.unit_s);
    let name = match of {
        Some("s") => format!("service_level.{time}.of_answered"),
        Some(_) if !about.impatient => return Some(Err(LEAVE)),
        Some(_) => format!("abandoned_within.{time}.share"),
        None if about.all_are_served() => format!("service_level.{time}.of_offered"),
        None => return Some(Err(WHOSE)),
    };
    Some(Ok(if later {
        Reading::rest(name)
    } else {
        Reading::share(name)
    }))
}

/// `mean wait of served min`, `average wait s (all)`, `90th pct wait s`, `ASA s`
fn waits(mut words: Words<'_>, about: &About) -> Found {
    let name = if words.any(&["mean wait", "average wait"]) {
        if words.any(&["of served", "of answered"]) {
            "hold.wait_served_s.mean".to_owned()
        } else if words.any(&["of abandoned", "of abandoners"]) {
            if !about.impatient {
                return Some(Err(LEAVE));
            }
            "hold.wait_abandoned_s.mean".to_owned()
        } else {
            "hold.wait_s.mean".to_owned()
        }
    } else if words.eat("asa") {
        "answer.delay_s.mean".to_owned()
    } else {
        let percentile = words.number()?;
        let known = words.any(&["th", "st", "nd", "rd"])
            && words.any(&["pct", "percentile"])
            && words.eat("wait");
        if !known || percentile <= 0.0 || percentile >= 100.0 {
            return None;
        }
        format!("hold.wait_s.p{percentile}")
    };
    let unit_s = words.unit().unwrap_or(about.unit_s);
    words.eat("(all)");
    let unit = Unit::Seconds(unit_s);
    words.is_over().then(|| Ok(Reading::of(name, unit)))
}

/// `service level (<20 s) of served`, `service level 20 s`, `SL = good/(served + abandoned after
/// 20 s)`
fn levels(mut words: Words<'_>, about: &About) -> Found {
    let (time, of) = if words.eat("sl = good/(served + abandoned after") {
        let time = words.span()?;
        if !words.eat(")") {
            return None;
        }
        (time.seconds(about.unit_s), "of_answered_or_late")
    } else if words.eat("service level") {
        let bracket = words.eat("(");
        let below = words.any(&["<=", "<"]);
        let time = words.span().map(|time| time.seconds(about.unit_s));
        if (bracket && !words.eat(")")) || (below && time.is_none()) {
            return None;
        }
        let Some(time) = time.or(about.usual_level_s) else {
            return Some(Err("names no time, and neither do the rows beside it"));
        };
        if words.any(&["of served", "of answered"]) {
            (time, "of_answered")
        } else if words.any(&["of offered", "of all"]) || about.all_are_served() {
            (time, "of_offered")
        } else {
            return Some(Err(WHOSE));
        }
    } else {
        return None;
    };
    let name = format!("service_level.{}.{of}", seconds(time));
    words.is_over().then(|| Ok(Reading::share(name)))
}

/// Counts of a day, and attempts per unit of time.
fn counts(mut words: Words<'_>, about: &About) -> Found {
    if words.eat("attempts per") {
        let unit_s = if words.eat("unit time") {
            about.unit_s
        } else {
            words.unit()?
        };
        let found = Ok(Reading::of("calls.offered", Unit::PerSeconds(unit_s)));
        return words.is_over().then_some(found);
    }
    let name = if words.any(&["calls answered within", "answered within"]) {
        let time = words.span()?;
        format!("answered_within.{}", duration(time, about.unit_s))
    } else {
        words.eat("calls");
        let known = [
            ("arrived", "calls.offered"),
            ("abandoned", "calls.abandoned"),
            ("answered", "calls.answered"),
            ("served", "calls.answered"),
            ("blocked", "calls.busy"),
            ("redials", "calls.redials"),
            ("retrials", "calls.redials"),
        ];
        let (_, name) = known.into_iter().find(|(word, _)| words.eat(word))?;
        if !words.eat("per day") {
            return None;
        }
        name.to_owned()
    };
    if !words.is_over() {
        return None;
    }
    if about.day {
        Some(Ok(Reading::share(name)))
    } else {
        Some(Err(
            "counts calls, and the model has no day to count them in",
        ))
    }
}

/// Words without a number in them.
fn fixed(words: Words<'_>, about: &About) -> Found {
    const KNOWN: &[(&[&str], &str)] = &[
        (
            &["fraction abandoning", "abandon fraction"],
            "calls.abandoned.share",
        ),
        (&["blocking"], "calls.busy.share"),
        (&["average queue", "mean queue"], "hold.queue.mean"),
        (
            &["utilisation", "utilization", "occupancy"],
            "staff.occupancy",
        ),
        (&["busy servers", "mean busy servers"], "staff.busy.mean"),
        (&["mean orbit size"], "redials.pending.mean"),
    ];
    for (texts, name) in KNOWN {
        let mut words = words;
        if !words.any(texts) {
            continue;
        }
        if words.eat("until close") && !about.day {
            return Some(Err("speaks of a close, and the model has no day"));
        }
        words.eat("per attempt");
        words.any(&["(fresh+redial)", "(all)"]);
        return words.is_over().then(|| Ok(Reading::share(*name)));
    }
    None
}

/// The time of a service level that a metric names, in seconds.
pub(crate) fn level_named(text: &str, unit_s: f64) -> Option<f64> {
    let lower = text.to_lowercase();
    let mut words = Words::new(&lower);
    if !words.any(&["service level", "calls answered within", "answered within"]) {
        return None;
    }
    words.eat("(");
    words.any(&["<=", "<"]);
    words.span().map(|time| time.seconds(unit_s))
}

fn duration(time: Span, unit_s: f64) -> String {
    seconds(time.seconds(unit_s))
}

/// Seconds as scenario files write them, to the nanosecond.
pub(crate) fn seconds(time_s: f64) -> String {
    let text = format!("{time_s:.9}");
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
