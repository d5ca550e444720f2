//! What decided a storm, in words: whose limit was exceeded, when the account was blocked, and what
//! that cost the callers.

use std::collections::BTreeMap;

use measure::{Replication, Violated};
use routing::Nanos;
use routing::account::NumberId;

use crate::document::Document;
use crate::numbers;

/// What the sentences need beside the summary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    /// What each number that was called too often is called here: its pseudonym and its
    /// sub-account.
    pub numbers: BTreeMap<NumberId, String>,
    /// The moments that set storms off and what they were, as in "the first message".
    pub begins: Vec<(Nanos, &'static str)>,
    /// So many violations within an hour are borne; the next one blocks.
    pub borne: u32,
}

/// The most numbers that are named.
const MOST_NAMED: usize = 3;

/// The sentences; none where no limit was exceeded.
pub fn sentences(document: &Document) -> Vec<String> {
    let Some(decided) = &document.decided else {
        return Vec::new();
    };
    let runs = &document.summary.replications;
    let mut all = Violated::default();
    for run in runs {
        all.merge(&run.violated);
    }
    if all.all() == 0 {
        return Vec::new();
    }
    let said = [
        Some(whose(&all, decided)),
        Some(block(runs, decided, document)),
        callers(runs),
        stopped(document),
    ];
    said.into_iter().flatten().collect()
}

fn whose(all: &Violated, decided: &Decided) -> String {
    let name = |number: &NumberId| {
        let known = decided.numbers.get(number);
        known.map_or("a number that is not known", String::as_str)
    };
    let to = all.to().map(|(number, count)| (count, number, true));
    let from = all.from().map(|(number, count)| (count, number, false));
    let mut limits: Vec<(u64, NumberId, bool)> = to.chain(from).collect();
    limits.sort_by_key(|(count, number, to)| (std::cmp::Reverse(*count), *number, !to));
    let whole = all.all() as f64;
    let named: Vec<String> = limits
        .iter()
        .take(MOST_NAMED)
        .map(|(count, number, to)| {
            let share = *count as f64 / whole;
            let part = if *count == all.all() {
                "all".to_owned()
            } else {
                format!("{} of the", numbers::percent(share))
            };
            let limit = if *to {
                format!("the to-limit of {}", name(number))
            } else {
                format!("the from-limit of callers to {}", name(number))
            };
            format!("{limit} made {part} violations")
        })
        .collect();
    let rest = limits.len().saturating_sub(MOST_NAMED);
    let rest = if rest > 0 {
        format!("; {rest} more made the rest")
    } else {
        String::new()
    };
    capital(&format!("{}{rest}.", named.join(", ")))
}

/// How often, and when the account was blocked.
fn block(runs: &[Replication], decided: &Decided, document: &Document) -> String {
    let nth = ordinal(decided.borne + 1);
    let blocks: Vec<Nanos> = runs.iter().filter_map(|run| run.first_block).collect();
    if blocks.is_empty() {
        let most = runs.iter().map(|run| run.violated.all()).max().unwrap_or(0);
        let where_to = if runs.len() > 1 {
            " in a replication"
        } else {
            ""
        };
        return format!(
            "No account was blocked: the {nth} violation within an hour does that, and there \
             were {most} at most{where_to}."
        );
    }
    let mean = mean_of(&blocks);
    let time = clock(&document.local_time.of(mean)).to_owned();
    let before = decided.begins.iter().filter(|(begins, _)| *begins <= mean);
    let since = before.max();
    let since = since.map_or_else(String::new, |(begins, what)| {
        let minutes = (mean - *begins).as_secs_f64() / 60.0;
        format!(", {} min after {what}", numbers::fixed(minutes, 0))
    });
    match runs.len() {
        1 => format!("The {nth} violation within an hour blocked the account at {time}{since}."),
        all => format!(
            "The {nth} violation within an hour blocked the account in {} of {all} replications, \
             on average at {time}{since}.",
            blocks.len()
        ),
    }
}

fn mean_of(times: &[Nanos]) -> Nanos {
    let sum: u128 = times.iter().map(|it| u128::from(it.0)).sum();
    Nanos((sum / times.len().max(1) as u128) as u64)
}

/// What a block costs: callers reached where it came and where it did not.
fn callers(runs: &[Replication]) -> Option<String> {
    let reached = |blocked: bool| {
        let those = runs
            .iter()
            .filter(|run| run.first_block.is_some() == blocked);
        let (mut offered, mut reached) = (0u64, 0u64);
        for run in those {
            offered += run.callers.0;
            reached += run.callers.1;
        }
        (offered > 0).then(|| numbers::percent(reached as f64 / offered as f64))
    };
    match (reached(false), reached(true)) {
        (Some(without), Some(with)) => Some(format!(
            "Where it was not blocked {without} of the callers reached a person, where it was \
             {with}."
        )),
        (None, Some(with)) => Some(format!("{with} of the callers reached a person.")),
        _ => None,
    }
}

/// What stopped the blocked calls: the rate, or the block that came of it.
fn stopped(document: &Document) -> Option<String> {
    let value = |name: &str| document.summary.get(name).map(|metric| metric.value);
    let by_block = value("calls.blocked.account").filter(|it| *it > 0.0)?;
    let all = value("calls.blocked")?;
    let share = numbers::percent(by_block / all);
    Some(format!(
        "Of the blocked calls {share} were stopped by the block, the rest by the rate itself."
    ))
}

/// The time of the day in an RFC 3339 time, to the minute; the whole of another text.
pub(crate) fn clock(time: &str) -> &str {
    let found = time.split_once('T').and_then(|(_, rest)| rest.get(..5));
    found.unwrap_or(time)
}

fn ordinal(n: u32) -> String {
    let words = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let word = (n as usize).checked_sub(1).and_then(|at| words.get(at));
    word.map_or_else(|| format!("{n}th"), |word| (*word).to_owned())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use routing::record::{Cause, Sink, ViolationRecord};

    use super::*;

    #[test]
    fn words_are_as_people_write_them() {
        assert_eq!(clock("2026-03-06T10:19:00-05:00"), "10:19");
        assert_eq!(clock("T+5s"), "T+5s");
        assert_eq!(
            (ordinal(6), ordinal(11)),
            ("sixth".to_owned(), "11th".to_owned())
        );
        assert_eq!(capital("the to-limit"), "The to-limit");
    }

    fn violated(violations: &[(u32, Cause, u8)]) -> Violated {
        let setup = measure::Setup::new(Nanos::ZERO, Nanos::HOUR, Nanos::MINUTE);
        let mut tally = measure::Tally::new(setup.into(), 0).unwrap();
        for (number, cause, count) in violations {
            tally.violation(&ViolationRecord {
                at: Nanos::SECOND,
                sub_account: routing::account::SubAccountId(0),
                number: NumberId(*number),
                cause: *cause,
                count: *count,
                blocks_account: false,
            });
        }
        tally.finish().violated
    }

    #[test]
    fn the_limit_that_was_exceeded_most_is_named_first() {
        let numbers = (0..5).map(|it| (NumberId(it), format!("number {it}")));
        let decided = Decided {
            numbers: numbers.collect(),
            ..Decided::default()
        };
        let one = violated(&[(3, Cause::ToRate, 2)]);
        assert_eq!(
            whose(&one, &decided),
            "The to-limit of number 3 made all violations."
        );
        let several = violated(&[
            (0, Cause::ToRate, 1),
            (1, Cause::FromRate, 2),
            (2, Cause::ToRate, 1),
            (3, Cause::ToRate, 4),
        ]);
        assert_eq!(
            whose(&several, &decided),
            "The to-limit of number 3 made 50.0 % of the violations, the from-limit of callers to \
             number 1 made 25.0 % of the violations, the to-limit of number 0 made 12.5 % of the \
             violations; 1 more made the rest."
        );
    }
}
