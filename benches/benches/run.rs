//! Whole runs: calls a second of the office day and of M/M/50, and the floor beside them.
//!
//! For a ratio that holds take the program `pair`, which runs the two in turn.

use std::time::Duration;

use benches::{floor, mm50, office_day};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use routing::Nanos;

fn runs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    group.sampling_mode(SamplingMode::Flat);
    let office = office_day::world(office_day::DAY);
    // Every run takes another replication: about as many calls in each.
    let calls = office.run(0).1.ended;
    group.throughput(Throughput::Elements(calls));
    let mut number = 0;
    group.bench_function("office-day", |bencher| {
        bencher.iter(|| {
            number += 1;
            office.run(number).1.ended
        });
    });
    let queue = mm50::world(Nanos::HOUR);
    let customers = queue.run(0).1.ended;
    group.throughput(Throughput::Elements(customers));
    group.bench_function("mm50", |bencher| {
        bencher.iter(|| {
            number += 1;
            queue.run(number).1.ended
        });
    });
    let mut seed = 0;
    group.bench_function("floor", |bencher| {
        bencher.iter(|| {
            seed += 1;
            floor::run(seed, customers)
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    targets = runs
}
criterion_main!(benches);
