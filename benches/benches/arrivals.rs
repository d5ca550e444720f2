//! What a fresh call costs, by the kind of arrivals that brings it: its time and its own draws,
//! without what becomes of it. Runs over the table of kinds.
//!
//! A campaign asks every recipient whether they reply: at 2 % that is fifty recipients a call.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::arrivals::{
    ArrivalProcess, Forecast, ForecastInterval, KINDS, Kind, LoggedCall, Pace, Sending, Setting,
    Spread, Start, Takes, Value, Values,
};
use model::{Calendar, Draws, RandomTime, Rate, Share};
use routing::Nanos;

const UNTIL: Nanos = Nanos(24 * Nanos::HOUR.0);

fn calendar() -> Calendar {
    let start = "2026-01-05T00:00:00".parse().expect("a date");
    Calendar::new(TimeZone::UTC, start, Nanos(30 * Nanos::DAY.0)).expect("a year we know")
}

/// A value that brings some ten thousands of calls.
fn value(takes: Takes) -> Value {
    let rate = Rate::per_second(1.0).expect("a sane rate");
    let s = Nanos::from_secs;
    match takes {
        Takes::Rate => Value::Rate(rate),
        Takes::Rates => Value::Rates(vec![rate; 96]),
        Takes::Duration => Value::Duration(s(900)),
        Takes::Share => Value::Share(Share::new(0.02).expect("a share")),
        Takes::Factor => Value::Factor(20.0),
        Takes::Spread => Value::Factor(0.0),
        Takes::Whole(..) => Value::Whole(2_000_000),
        Takes::Word(words) => Value::Word(words[0]),
        Takes::Days => Value::Days("Mon-Sun".parse().expect("days")),
        Takes::Time => Value::Time(RandomTime::lognormal(s(1200), 1.63).expect("a time")),
        Takes::Moment => Value::Moment("2026-01-05T01:00:00".parse().expect("a date")),
        Takes::CallLog => Value::Calls(log()),
        Takes::Sending => Value::Sending(Sending {
            pace: Some(Pace::Rate(
                Rate::per_second(1e6 / 3600.0).expect("a sane rate"),
            )),
            between: None,
        }),
        Takes::Forecast => Value::Forecast(Arc::new(forecast())),
    }
}

fn log() -> Arc<[LoggedCall]> {
    let start = calendar().start();
    let call = |row: i64| LoggedCall {
        at: start + jiff::SignedDuration::from_secs(row * 20),
        from: Some("+15555550101".parse().expect("a number")),
        to: "+15555550199".parse().expect("a number"),
        inbound: true,
    };
    (0..4_000).map(call).collect()
}

fn forecast() -> Forecast {
    let first: DateTime = "2026-01-05T00:00:00".parse().expect("a date");
    let interval = |at: i64| ForecastInterval {
        start: first + jiff::SignedDuration::from_mins(15 * at),
        calls: 900.0,
        talk: None,
        wrap_up: None,
    };
    Forecast {
        every: Nanos::from_secs(900),
        intervals: (0..96).map(interval).collect(),
    }
}

/// A process with all keys that go together.
fn made(kind: &Kind) -> Box<dyn ArrivalProcess> {
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let values = kind.keys.iter().map(|key| {
        // A burst of twenty calls tells nothing.
        let many = key.name == "calls";
        (
            key.name,
            if many {
                Value::Factor(50_000.0)
            } else {
                value(key.takes)
            },
        )
    });
    let mut values = Values(values.collect::<BTreeMap<_, _>>());
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

/// All calls of a replication; how many.
fn drawn(process: &dyn ArrivalProcess, calendar: &Calendar, spread: Spread) -> u64 {
    let mut cursor = process.start(&Start {
        draws: Draws::new(1, 0),
        source: 0,
        calendar,
        until: UNTIL,
        spread,
    });
    let mut count = 0;
    while let Some(due) = cursor.next() {
        black_box(due);
        count += 1;
    }
    count
}

fn kinds(criterion: &mut Criterion) {
    let calendar = calendar();
    let varied = Spread {
        day_cv: 0.16,
        period_cv: 0.1,
    };
    let mut group = criterion.benchmark_group("arrivals");
    group.sample_size(20);
    for kind in KINDS {
        let process = made(kind);
        for (name, spread) in [("", Spread::NONE), ("/factors", varied)] {
            if kind.brings_calls && !name.is_empty() {
                continue;
            }
            let count = drawn(&*process, &calendar, spread);
            assert!(count > 1_000, "{}: {count} calls tell nothing", kind.name);
            group.throughput(Throughput::Elements(count));
            group.bench_function(format!("{}{name}", kind.name), |bencher| {
                bencher.iter(|| drawn(&*process, &calendar, spread));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, kinds);
criterion_main!(benches);
