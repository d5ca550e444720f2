//! A process of every kind, from what its keys take.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::arrivals::{
    ArrivalProcess, Due, Forecast, ForecastInterval, KINDS, Kind, LoggedCall, Pace, Sending,
    Setting, Spread, Start, Takes, Value, Values,
};
use model::{Calendar, Draws, RandomTime, Rate, Share};
use routing::Nanos;

pub(crate) const MIN: u64 = Nanos::MINUTE.0;
pub(crate) const UNTIL: Nanos = Nanos(6 * Nanos::HOUR.0);

pub(crate) fn calendar() -> Calendar {
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
pub(crate) fn made(kind: &Kind, word: usize) -> Box<dyn ArrivalProcess> {
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
pub(crate) fn all() -> Vec<(String, Box<dyn ArrivalProcess>)> {
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

/// The calls of one replication.
pub(crate) fn draw(
    process: &dyn ArrivalProcess,
    replication: u32,
    until: Nanos,
    spread: Spread,
) -> Vec<Due> {
    draw_of(process, (3, replication), until, spread)
}

/// Those of a table at some place, in one replication.
pub(crate) fn draw_of(
    process: &dyn ArrivalProcess,
    (source, replication): (u16, u32),
    until: Nanos,
    spread: Spread,
) -> Vec<Due> {
    let calendar = calendar();
    let mut cursor = process.start(&Start {
        draws: Draws::new(5, replication),
        source,
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

/// The mean of many replications and its standard error.
pub(crate) fn mean(counts: &[f64]) -> (f64, f64) {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts
        .iter()
        .map(|it| (it - mean) * (it - mean))
        .sum::<f64>()
        / (n - 1.0);
    (mean, (variance / n).sqrt())
}
