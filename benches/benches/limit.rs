//! What a check of the limits costs, under each reading of the minute.
//!
//! `office`: people who call once, as fast as on the office day (3.3 a second to 2 000 numbers).
//! `storm`: people who call once, a hundred a second: up to 12 000 callers are remembered.
//! `regulars`: a hundred people who each call every 20 s: their counters are in use.
//! `flood`: one caller, a hundred calls a second to all numbers: every account is soon blocked.

use std::hint::black_box;
use std::time::Duration;

use benches::office_day;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use model::callers::made_up;
use routing::Nanos;
use routing::account::NumberId;
use routing::call::InboundCall;
use routing::limit::{Admission, LimitParams, Limiter, RateWindow};

struct Load {
    name: &'static str,
    gap: Nanos,
    /// People who take turns; 0 when nobody calls twice.
    callers: u64,
}

const LOADS: [Load; 4] = [
    Load {
        name: "office",
        gap: Nanos(300_000_000),
        callers: 0,
    },
    Load {
        name: "storm",
        gap: Nanos(10_000_000),
        callers: 0,
    },
    Load {
        name: "regulars",
        gap: Nanos(200_000_000),
        callers: 100,
    },
    Load {
        name: "flood",
        gap: Nanos(10_000_000),
        callers: 1,
    },
];

fn limits(criterion: &mut Criterion) {
    let accounts = office_day::accounts();
    let numbers: Vec<_> = accounts
        .numbers()
        .map(|(_, number)| number.number)
        .collect();
    let mut group = criterion.benchmark_group("limit");
    group.throughput(Throughput::Elements(1));
    for window in RateWindow::ALL {
        let params = LimitParams {
            window: *window,
            ..LimitParams::default()
        };
        for load in LOADS {
            // The other readings are looked at under one load only.
            if *window != RateWindow::default() && load.name != "office" {
                continue;
            }
            let mut limiter = Limiter::new(&params, &accounts, Nanos::ZERO);
            let (mut n, mut now) = (0u64, Nanos::ZERO);
            let mut attempt = || {
                n += 1;
                now += load.gap;
                let caller = if load.callers == 0 {
                    n
                } else {
                    n % load.callers
                };
                // A stride that is prime to their count visits all numbers, out of order.
                let to = (n * 761 % numbers.len() as u64) as u32;
                let call = InboundCall {
                    from: Some(made_up(0, caller)),
                    to: numbers[to as usize],
                };
                limiter.admit(&call, NumberId(to), now)
            };
            // Two minutes fill what is remembered.
            for _ in 0..2 * Nanos::MINUTE.0 / load.gap.0 {
                black_box(attempt());
            }
            group.bench_function(format!("{}/{}", window.name(), load.name), |bencher| {
                bencher.iter(&mut attempt);
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = limits
}
criterion_main!(benches);
