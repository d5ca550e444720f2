//! What a decision costs, under each policy, with the trace off and on.
//!
//! The calls go round all numbers of the office day, each from a contact of the office, so the
//! accounts are not all in the nearest cache and every policy rings somebody. Nobody has hours,
//! as in a run of these offices.

use std::hint::black_box;
use std::time::Duration;

use benches::office_day;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use routing::call::{AtTime, InboundCall};
use routing::params::RoutingParams;
use routing::policy::{POLICIES, decide};
use routing::trace::Trace;

fn decisions(criterion: &mut Criterion) {
    let accounts = office_day::accounts_with_contacts();
    let params = RoutingParams::default();
    let world = AtTime::new(&accounts, None);
    let call = |(at, number): (usize, _)| InboundCall {
        from: Some(office_day::contact(at as u32)),
        to: number,
    };
    let numbers = accounts.numbers().map(|(_, number)| number.number);
    let calls: Vec<InboundCall> = numbers.enumerate().map(call).collect();
    let mut group = criterion.benchmark_group("decision");
    group.throughput(Throughput::Elements(1));
    for entry in POLICIES {
        for (trace, make) in [("off", Trace::off as fn() -> Trace), ("on", Trace::on)] {
            let mut round = calls.iter().cycle();
            group.bench_function(format!("{}/trace-{trace}", entry.name), |bencher| {
                bencher.iter(|| {
                    let call = round.next().expect("a circle has no end");
                    let mut trace = make();
                    let policy = black_box(entry.policy);
                    let decision = decide(policy, call, &accounts, &params, &world, &mut trace);
                    (black_box(&decision).rule, trace.steps().len())
                });
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
    targets = decisions
}
criterion_main!(benches);
