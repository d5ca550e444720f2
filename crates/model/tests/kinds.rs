//! Laws that every kind of arrivals keeps. The values of the keys are made from what they take, so
//! that a new kind in the table is tested without a word here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::arrivals::{
    ArrivalProcess, Arrivals, Due, Forecast, ForecastInterval, KINDS, Kind, LoggedCall, Pace,
    Sending, Setting, Source, Spread, Start, Stream, Takes, Value, Values,
};
use model::callers::{Callers, Targets};
use model::{Calendar, Draws, RandomTime, Rate, Share};
use routing::Nanos;
use routing::account::{Accounts, AccountsBuilder, NewNumber, NewSubAccount};
use routing::record::FreshCall;

const MIN: u64 = Nanos::MINUTE.0;
const UNTIL: Nanos = Nanos(6 * Nanos::HOUR.0);

fn calendar() -> Calendar {
    let start = "2026-01-05T08:00:00".parse().unwrap();
    Calendar::new(TimeZone::UTC, start, Nanos(30 * Nanos::DAY.0)).unwrap()
}

/// A value that a key may have; of words this one.
fn value(takes: Takes, word: usize) -> Value {
    let s = Nanos::from_secs;
    let rate = Rate::per_second(200.0 / 3600.0).unwrap();
    match takes {
        Takes::Rate => Value::Rate(rate),
        Takes::Rates => Value::Rates([0.0, 1.0, 0.5].map(|it| scaled(rate, it)).repeat(48)),
        Takes::Duration => Value::Duration(s(600)),
        Takes::Share => Value::Share(Share::new(0.3).unwrap()),
        Takes::Factor => Value::Factor(2.5),
        Takes::Spread => Value::Factor(0.5),
        Takes::Whole(least, most) => Value::Whole(2000.clamp(least, most)),
        Takes::Word(words) => Value::Word(words[word % words.len()]),
        Takes::Days => Value::Days("Mon-Sun".parse().unwrap()),
        Takes::Time => Value::Time(RandomTime::lognormal(s(600), 1.2).unwrap()),
        Takes::Moment => Value::Moment("2026-01-05T08:40:00".parse().unwrap()),
        Takes::CallLog => Value::Calls(log()),
        Takes::Sending => Value::Sending(Sending {
            pace: Some(Pace::Batches {
                batch: 300,
                every: s(500),
            }),
            between: None,
        }),
        Takes::Forecast => Value::Forecast(Arc::new(forecast())),
    }
}

fn scaled(rate: Rate, by: f64) -> Rate {
    Rate::per_second(rate.get() * by).unwrap()
}

/// Some calls before and after the run too, some outbound.
fn log() -> Arc<[LoggedCall]> {
    let start = calendar().start();
    let call = |row: i64| LoggedCall {
        at: start + jiff::SignedDuration::from_secs(row * 37 % 25_000 - 700),
        from: Some(format!("+155555501{:02}", row % 40).parse().unwrap()),
        to: "+15555550199".parse().unwrap(),
        inbound: row % 5 != 0,
    };
    (0..900).map(call).collect()
}

fn forecast() -> Forecast {
    let first: jiff::civil::DateTime = "2026-01-05T07:45:00".parse().unwrap();
    let interval = |at: i64| ForecastInterval {
        start: first + jiff::SignedDuration::from_mins(15 * at),
        calls: (at % 7) as f64 * 9.0,
        talk: Some(Nanos::from_secs(90)),
        wrap_up: None,
    };
    Forecast {
        every: Nanos(15 * MIN),
        intervals: (0..30).filter(|at| *at != 12).map(interval).collect(),
    }
}

/// A process of this kind with all keys that go together; of words the one at this place.
fn made(kind: &Kind, word: usize) -> Box<dyn ArrivalProcess> {
    let values = kind
        .keys
        .iter()
        .map(|key| (key.name, value(key.takes, word)));
    let mut values = Values(values.collect::<BTreeMap<_, _>>());
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 50,
    };
    loop {
        match (kind.make)(&values, &setting) {
            Ok(process) => return process,
            Err(fault) => {
                let dropped = values.0.remove(fault.key);
                assert!(dropped.is_some(), "{}: {}", kind.name, fault.message);
            }
        }
    }
}

/// Every kind with every word that its keys may have.
fn all() -> Vec<(String, Box<dyn ArrivalProcess>)> {
    let variants = |kind: &'static Kind| {
        let words = |takes: &Takes| match takes {
            Takes::Word(words) => words.len(),
            _ => 1,
        };
        let most = kind
            .keys
            .iter()
            .map(|key| words(&key.takes))
            .max()
            .unwrap_or(1);
        (0..most).map(move |word| (format!("{} {word}", kind.name), made(kind, word)))
    };
    KINDS.iter().flat_map(variants).collect()
}

fn draw(process: &dyn ArrivalProcess, replication: u32, until: Nanos, spread: Spread) -> Vec<Due> {
    let calendar = calendar();
    let mut cursor = process.start(&Start {
        draws: Draws::new(5, replication),
        source: 3,
        calendar: &calendar,
        until,
        spread,
    });
    let mut all = Vec::new();
    while let Some(due) = cursor.next() {
        all.push(due);
    }
    assert!(cursor.next().is_none(), "the end is the end");
    all
}

#[test]
fn calls_come_in_order_within_the_run_each_with_its_own_number() {
    for (name, process) in all() {
        let mut seen = 0;
        for replication in 0..20 {
            let calls = draw(&*process, replication, UNTIL, Spread::NONE);
            assert!(calls.is_sorted_by_key(|due| due.at), "{name}");
            let begins = process.begins().map_or(Nanos::ZERO, |(at, _)| at);
            assert!(
                calls.iter().all(|it| (begins..UNTIL).contains(&it.at)),
                "{name}"
            );
            let numbers: BTreeSet<u64> = calls.iter().map(|due| due.n).collect();
            assert_eq!(numbers.len(), calls.len(), "{name}");
            assert!(numbers.last().is_none_or(|n| *n < 1 << 48), "{name}");
            seen += calls.len();
        }
        assert!(seen > 0, "{name} brings nothing");
    }
}

#[test]
fn a_longer_run_begins_as_the_shorter_one() {
    let spread = Spread {
        day_cv: 0.2,
        period_cv: 0.2,
    };
    for (name, process) in all() {
        let half = Nanos(UNTIL.0 / 2);
        let whole = draw(&*process, 1, UNTIL, spread);
        let cut: Vec<Due> = whole.into_iter().filter(|due| due.at < half).collect();
        assert_eq!(draw(&*process, 1, half, spread), cut, "{name}");
    }
}

#[test]
fn replications_differ_and_repeat() {
    for (name, process) in all() {
        let drawn = |replication| draw(&*process, replication, UNTIL, Spread::NONE);
        assert_eq!(drawn(7), drawn(7), "{name}");
        assert_ne!(drawn(7), drawn(8), "{name}");
    }
}

/// The mean of many replications and its standard error.
fn mean(counts: &[f64]) -> (f64, f64) {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts
        .iter()
        .map(|it| (it - mean) * (it - mean))
        .sum::<f64>()
        / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// In the whole run and up to some time in it, with factors and without.
#[test]
fn as_many_calls_come_as_are_expected() {
    let calendar = calendar();
    let varied = Spread {
        day_cv: 0.3,
        period_cv: 0.2,
    };
    for (name, process) in all() {
        for spread in [Spread::NONE, varied] {
            let runs: Vec<Vec<Due>> = (0..250)
                .map(|at| draw(&*process, at, UNTIL, spread))
                .collect();
            for until in [Nanos(73 * MIN), Nanos(151 * MIN), UNTIL] {
                let count = |run: &Vec<Due>| run.iter().filter(|due| due.at < until).count() as f64;
                let (found, error) = mean(&runs.iter().map(count).collect::<Vec<_>>());
                let expected = process.expected(&calendar, until);
                // What is expected of a campaign is known to a thousandth of its delays.
                let close = 5.0 * error + 0.003 * expected + 1e-9;
                assert!(
                    (found - expected).abs() <= close,
                    "{name} up to {until}: {found} ±{error} where {expected} is expected"
                );
            }
        }
    }
}

/// Over replications, at one minute and at fifteen: that of Poisson or below (fixed recipients, a
/// fixed log), unless calls bring calls or the size of the whole is random.
#[test]
fn counts_are_no_more_dispersed_than_the_process_says() {
    for (name, process) in all() {
        let more = name.starts_with("hawkes") || name.starts_with("burst");
        let runs: Vec<Vec<Due>> = (0..250)
            .map(|at| draw(&*process, at, UNTIL, Spread::NONE))
            .collect();
        for slot in [MIN, 15 * MIN] {
            let slots = (UNTIL.0 / slot) as usize;
            let mut counts = vec![vec![0.0f64; runs.len()]; slots];
            for (run, calls) in runs.iter().enumerate() {
                for due in calls {
                    counts[(due.at.0 / slot) as usize][run] += 1.0;
                }
            }
            let (mut sum, mut variance, mut busy) = (0.0, 0.0, 0.0);
            for slot in &counts {
                let (mean, error) = mean(slot);
                sum += mean;
                variance += error * error * runs.len() as f64;
                busy += f64::from(u8::from(mean > 0.0));
            }
            let index = variance / sum;
            let error = 5.0 * (2.0 / (runs.len() as f64 * busy)).sqrt() + 0.02;
            assert!(more || index < 1.0 + error, "{name} at {slot} ns: {index}");
            assert!(!more || index > 1.0 - error, "{name} at {slot} ns: {index}");
        }
    }
}

fn accounts() -> Accounts {
    let number = |last: u32| NewNumber::new(format!("+155555501{last:02}").parse().unwrap());
    let mut builder = AccountsBuilder::default();
    builder
        .push(&NewSubAccount {
            id: "a".to_owned(),
            numbers: (0..20).map(number).collect(),
            ..NewSubAccount::default()
        })
        .unwrap();
    builder.finish()
}

fn source(kind: &'static Kind, accounts: &Accounts) -> Source {
    let numbers = accounts.numbers().map(|(number, _)| number).collect();
    Source {
        process: made(kind, 0),
        targets: Targets::evenly(numbers).filter(|_| !kind.brings_calls),
        callers: Callers::Unique,
        spread: Spread {
            day_cv: 0.1,
            period_cv: 0.1,
        },
    }
}

#[test]
fn another_table_moves_no_call() {
    let (accounts, calendar) = (accounts(), calendar());
    let calls = |sources: &[Source]| -> Vec<FreshCall> {
        let stream = Stream {
            draws: Draws::new(9, 2),
            sources,
            accounts: &accounts,
            calendar: &calendar,
            until: UNTIL,
        };
        Arrivals::new(&stream).map(|arrival| arrival.call).collect()
    };
    for one in KINDS {
        let alone = calls(&[source(one, &accounts)]);
        for other in KINDS {
            let both = calls(&[source(one, &accounts), source(other, &accounts)]);
            let mine: Vec<FreshCall> = both
                .into_iter()
                .filter(|call| call.id.source == 0)
                .collect();
            assert_eq!(mine, alone, "{} beside {}", one.name, other.name);
        }
    }
}

fn index_of(process: &dyn ArrivalProcess, slot: u64, until: Nanos, spread: Spread) -> (f64, f64) {
    let calls = draw(process, 0, until, spread);
    let mut counts = vec![0.0f64; (until.0 / slot) as usize];
    for due in &calls {
        counts[(due.at.0 / slot) as usize] += 1.0;
    }
    let (mean, error) = mean(&counts);
    (mean, error * error * counts.len() as f64 / mean)
}

/// The long-run index of a Hawkes process is 1 / (1 - n)²; at a slot of x memories of its settled
/// rate it is 1 + (1 / (1-n)² - 1) (1 - (1 - e^-y) / y) with y = (1-n) x (Hawkes 1971).
#[test]
fn echoes_disperse_counts_as_the_theory_says() {
    let kind = KINDS.iter().find(|kind| kind.name == "hawkes").unwrap();
    let (n, memory_s) = (0.42, 180.0);
    let values = Values(BTreeMap::from([
        ("rate", Value::Rate(Rate::per_second(0.1).unwrap())),
        ("n", Value::Share(Share::new(n).unwrap())),
        ("memory", Value::Duration(Nanos::from_secs(memory_s as u64))),
    ]));
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let process = (kind.make)(&values, &setting).ok().unwrap();
    let until = Nanos(30 * Nanos::DAY.0);
    for slot in [MIN, 15 * MIN, 240 * MIN] {
        let y = (1.0 - n) * slot as f64 / 1e9 / memory_s;
        let whole = 1.0 / ((1.0 - n) * (1.0 - n));
        let law = 1.0 + (whole - 1.0) * (1.0 - (1.0 - (-y).exp()) / y);
        let (_, found) = index_of(&*process, slot, until, Spread::NONE);
        let slots = until.0 as f64 / slot as f64;
        let error = 6.0 * law * (2.0 / slots).sqrt() + 0.02;
        assert!(
            (found - law).abs() < error,
            "at {slot} ns: {found}, the law says {law}"
        );
    }
}

#[test]
fn factors_of_half_hours_disperse_counts_as_the_theory_says() {
    let kind = KINDS.iter().find(|kind| kind.name == "poisson").unwrap();
    let rate = Rate::per_second(0.1).unwrap();
    let values = Values(BTreeMap::from([("rate", Value::Rate(rate))]));
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let process = (kind.make)(&values, &setting).ok().unwrap();
    let spread = Spread {
        period_cv: 0.2,
        ..Spread::NONE
    };
    let until = Nanos(29 * Nanos::DAY.0);
    for slot in [MIN, 15 * MIN] {
        // A slot lies within one half-hour: m + m² cv².
        let (mean, found) = index_of(&*process, slot, until, spread);
        let law = 1.0 + mean * 0.04;
        // Half-hours hang together: there are fewer than it seems.
        assert!(
            (found - law).abs() < 0.2 * law,
            "at {slot} ns: {found}, the law says {law}"
        );
    }
}
