//! What a row's `model` says: Kendall's notation, a terminating day, who calls again, and whose
//! columns it takes over.

use super::law::Family;
use super::words::{Span, Words};

/// Which calls are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Those that found no room.
    Blocked,
    /// Those whose caller left the line.
    Abandoned,
}

/// `… redials w.p. p after Exp(rate r)`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Redials {
    pub(crate) after: Lost,
    pub(crate) share: f64,
    /// The rate as a number per unit of time.
    pub(crate) rate: Span,
}

/// What a model says beside the columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Discipline {
    pub(crate) redials: Option<Redials>,
    /// The length of a day that starts empty.
    pub(crate) day: Option<Span>,
    pub(crate) kendall: Option<Kendall>,
}

/// `A/B/c[/K][+P]`, as far as it can contradict the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kendall {
    service: String,
    servers: Option<u32>,
    patience: Option<String>,
}

impl Kendall {
    /// What it says otherwise than the columns do.
    pub(crate) fn contradicts(
        &self,
        service: Family,
        servers: u32,
        patience: Option<Family>,
    ) -> Option<String> {
        if !service.is_called(&self.service) {
            return Some(format!("its service time is not `{}`", self.service));
        }
        if self.servers.is_some_and(|own| own != servers) {
            return Some(format!("it has not {servers} servers"));
        }
        match (&self.patience, patience) {
            (Some(letter), Some(family)) if !family.is_called(letter) => {
                Some(format!("its patience is not `{letter}`"))
            }
            (Some(letter), None) => Some(format!("its patience `{letter}` is missing")),
            _ => None,
        }
    }
}

/// What may stand beside Kendall's notation.
const BESIDE: [&str; 8] = [
    "FIFO",
    "FCFS",
    "(Erlang-A)",
    "(Erlang-B)",
    "(Erlang-C)",
    "Erlang-A",
    "Erlang-B",
    "Erlang-C",
];

/// What may stand beside a terminating day or beside redials: it holds in every run of ours.
const HOLDS_ANYWAY: [&str; 6] = [
    "starts empty",
    "FIFO",
    "FCFS",
    "calls in system at close are finished",
    "every redial may be blocked again",
    "every redial may abandon again",
];

/// Words behind `as <table_id>` that ask for what no run of ours does.
const NOT_OURS: [&str; 14] = [
    "lifo",
    "lcfs",
    "priorit",
    "random",
    "skill",
    "batch",
    "sharing",
    "nhpp",
    "lost at close",
    "overflow",
    "balk",
    "preempt",
    "types",
    "vacation",
];

/// Reads a model that stands on its own.
///
/// # Errors
/// The words that are not in the grammar, for people.
pub(crate) fn discipline(text: &str) -> Result<Discipline, String> {
    let mut found = Discipline::default();
    for part in text.split([';', ',']).map(str::trim) {
        clause(part, &mut found)?;
    }
    Ok(found)
}

fn clause(text: &str, found: &mut Discipline) -> Result<(), String> {
    let unknown = || Err(format!("model: `{text}` is not in the grammar"));
    if let Some(redials) = redials(text) {
        found.redials = Some(redials);
    } else if let Some(day) = day(text) {
        found.day = Some(day);
    } else if let Some(kendall) = kendall(text)? {
        found.kendall = Some(kendall);
    } else if !HOLDS_ANYWAY.contains(&text) && !BESIDE.contains(&text) {
        return unknown();
    }
    Ok(())
}

/// `(blocked caller|abandoner) redials w.p. p after Exp(rate r)`
fn redials(text: &str) -> Option<Redials> {
    let mut words = Words::new(text);
    let after = if words.eat("blocked caller") {
        Lost::Blocked
    } else if words.eat("abandoner") {
        Lost::Abandoned
    } else {
        return None;
    };
    let share = words.eat("redials w.p.").then(|| words.number())??;
    let rate = words.eat("after Exp(rate").then(|| words.number())??;
    let unit_s = words.eat("/").then(|| words.unit()).flatten();
    let rate_is_one = (0.0..=1.0).contains(&share) && rate > 0.0;
    (words.eat(")") && words.is_over() && rate_is_one).then_some(Redials {
        after,
        share,
        rate: Span {
            number: rate,
            unit_s,
        },
    })
}

/// `terminating N-min day`
fn day(text: &str) -> Option<Span> {
    let mut words = Words::new(text);
    let number = words.eat("terminating").then(|| words.number())??;
    let unit_s = words.eat("-").then(|| words.unit())??;
    (words.eat("day") && words.is_over() && number > 0.0).then_some(Span {
        number,
        unit_s: Some(unit_s),
    })
}

/// `M/GI/s/r+GI FIFO`, `M/M/50 (Erlang-C)`, `M/G/s/s`.
fn kendall(text: &str) -> Result<Option<Kendall>, String> {
    let (notation, beside) = text.split_once(' ').unwrap_or((text, ""));
    let (system, patience) = match notation.split_once('+') {
        Some((system, patience)) => (system, Some(patience.to_owned())),
        None => (notation, None),
    };
    let parts: Vec<&str> = system.split('/').collect();
    let [arrivals, service, servers, ..] = parts.as_slice() else {
        return Ok(None);
    };
    if parts.len() > 4 || parts.iter().any(|part| part.is_empty()) {
        return Ok(None);
    }
    if *arrivals != "M" {
        return Err(format!("model: `{text}` has arrivals that are not Poisson"));
    }
    let mut beside = Words::new(beside);
    while beside.any(&BESIDE) {}
    if !beside.is_over() {
        let rest = beside.rest();
        return Err(format!("model: `{rest}` is not in the grammar"));
    }
    Ok(Some(Kendall {
        service: (*service).to_owned(),
        servers: servers.parse().ok(),
        patience,
    }))
}

/// `as <table_id> …`: the name of the table, and what is said behind it.
pub(crate) fn taken_from<'a>(
    text: &'a str,
    tables: &[&'a str],
) -> Option<Result<(&'a str, &'a str), String>> {
    let mut words = Words::new(text);
    if !words.eat("as") {
        return None;
    }
    let rest = words.rest();
    let named = |id: &&&str| {
        let after = rest.strip_prefix(**id);
        after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    let longest = tables.iter().filter(named).max_by_key(|id| id.len());
    Some(match longest {
        Some(id) => Ok((id, rest[id.len()..].trim())),
        None => Err(format!("model: `{text}` names no other table")),
    })
}

/// What is said behind `as <table_id>`: redials and days as anywhere; the rest describes columns.
///
/// # Errors
/// Words that ask for what no run of ours does.
pub(crate) fn beside_taken(text: &str) -> Result<Discipline, String> {
    let mut found = Discipline::default();
    let lower = text.to_lowercase();
    if let Some(word) = NOT_OURS.iter().find(|word| lower.contains(**word)) {
        return Err(format!("model: `{text}`: `{word}` is not in the grammar"));
    }
    for part in text.split([';', ',', '+']).map(str::trim) {
        found.redials = redials(part).or(found.redials);
        found.day = day(part).or(found.day);
    }
    let tells = |word: &str| lower.contains(word);
    if (tells("redial") || tells("retr")) && found.redials.is_none() {
        return Err(format!("model: `{text}` is not in the grammar"));
    }
    if (tells("terminating") || tells("day")) && found.day.is_none() {
        return Err(format!("model: `{text}` is not in the grammar"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_queues_say_nothing_but_their_letters() {
        for text in [
            "M/M/s/r+M FIFO (Erlang-A)",
            "M/GI/s/r+GI FIFO",
            "M/M/50 (Erlang-C)",
            "M/M/50+M (Erlang-A)",
            "M/M/c Erlang-C",
            "M/G/s/s",
            "M/M/s",
            "M/D/1",
            "M/E2/s/200+E2",
        ] {
            let found = discipline(text).expect(text);
            assert!(found.kendall.is_some() && found.redials.is_none() && found.day.is_none());
        }
    }

    #[test]
    fn redials_and_days_are_read() {
        let redials = |text: &str| discipline(text).expect(text).redials.expect("redials");
        let found = redials(
            "blocked caller redials w.p. 0.7 after Exp(rate 0.5); every redial may be blocked again",
        );
        assert_eq!((found.after, found.share), (Lost::Blocked, 0.7));
        assert_eq!((found.rate.number, found.rate.unit_s), (0.5, None));
        let found = redials("abandoner redials w.p. 0 after Exp(rate 3/h)");
        assert_eq!((found.after, found.share), (Lost::Abandoned, 0.0));
        assert_eq!(found.rate.unit_s, Some(3600.0));
        let day =
            "terminating 480-min day, starts empty, FIFO, calls in system at close are finished";
        let day = discipline(day).expect("a day").day.expect("a day");
        assert_eq!(day.seconds(1.0), 28_800.0);
        assert!(
            discipline("terminating 8-h day")
                .expect("a day")
                .day
                .is_some()
        );
    }

    #[test]
    fn other_words_are_not_guessed() {
        for (text, said) in [
            ("", "``"),
            ("GI/M/s", "not Poisson"),
            ("M/M/s LIFO", "`LIFO`"),
            ("M/M/s with two priorities", "`with two priorities`"),
            (
                "blocked caller redials w.p. 1.2 after Exp(rate 1)",
                "redials",
            ),
            ("blocked caller redials after Exp(rate 1)", "redials"),
            ("terminating day", "`terminating day`"),
            (
                "terminating 480-min day, calls in system at close are lost",
                "at close are lost",
            ),
            ("empirical, Nov-Dec 1999, truncated at 1 h", "`empirical`"),
            ("NHPP week: 5 days", "`NHPP week: 5 days`"),
        ] {
            let why = discipline(text).expect_err(text);
            assert!(why.contains(said), "{text}: {why}");
        }
    }

    #[test]
    fn a_row_may_be_as_another_table() {
        let tables = ["CC", "CC MMC", "CC MMCAb"];
        let found = |text| taken_from(text, &tables);
        assert_eq!(
            found("as CC MMC + exponential patience"),
            Some(Ok(("CC MMC", "+ exponential patience")))
        );
        assert_eq!(found("as CC MMCAb"), Some(Ok(("CC MMCAb", ""))));
        assert_eq!(found("M/M/s"), None);
        assert!(found("as CC-1").is_some_and(|it| it.is_err()));
        assert!(found("as Whitt").is_some_and(|it| it.is_err()));
        assert_eq!(
            beside_taken("+ exponential patience"),
            Ok(Discipline::default())
        );
        assert!(beside_taken("with priorities").is_err());
        assert!(beside_taken("+ redials").is_err());
        let more = beside_taken("+ abandoner redials w.p. .5 after Exp(rate 2)").expect("redials");
        assert!(more.redials.is_some());
    }
}
