//! What it costs to draw: blocks, times, whole arrivals.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use model::arrivals::{Arrivals, Stream};
use model::draws::{Batch, Draws};
use model::{Address, Purpose, RandomTime, Share};
use routing::Nanos;
use routing::record::FreshId;

/// Draws of one kind made in a round.
const ROUND: u64 = 1_000;

fn fresh(n: u64) -> FreshId {
    FreshId { source: 0, n }
}

fn blocks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("block");
    group.throughput(Throughput::Elements(ROUND));
    let draws = Draws::new(1, 0);
    group.bench_function("alone", |bencher| {
        bencher.iter(|| {
            (0..ROUND).fold(0, |sum: u64, n| {
                sum.wrapping_add(black_box(draws.attempt(fresh(black_box(n)), 1)).talk)
            })
        });
    });
    group.bench_function("one after the other", |bencher| {
        bencher.iter(|| (0..ROUND).fold(0, |n, _| draws.attempt(fresh(n), 1).talk));
    });
    group.bench_function("in batches", |bencher| {
        let mut batch: Batch = Batch::new(draws, 0);
        let mut n = 0;
        bencher.iter(|| {
            n += ROUND;
            (n..n + ROUND).fold(0, |sum: u64, n| {
                sum.wrapping_add(black_box(batch.fresh(n)).gap)
            })
        });
    });
    group.finish();
}

fn times(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("time");
    group.throughput(Throughput::Elements(ROUND));
    let s = Nanos::from_secs;
    let sane = "a distribution with sane parameters";
    let mixture = [(0.9, s(1)), (0.1, s(20))];
    for (name, law) in [
        ("exponential", RandomTime::exponential(s(1))),
        ("lognormal", RandomTime::lognormal(s(1), 0.9).expect(sane)),
        ("weibull", RandomTime::weibull(0.7, s(1)).expect(sane)),
        ("uniform", RandomTime::uniform(s(1), s(2)).expect(sane)),
        (
            "hyperexponential",
            RandomTime::hyperexponential(&mixture).expect(sane),
        ),
        ("erlang", RandomTime::erlang(3, s(1)).expect(sane)),
    ] {
        group.bench_function(name, |bencher| {
            let law = black_box(&law);
            let mut uniform = 0u64;
            bencher.iter(|| {
                (0..ROUND).fold(0, |sum: u64, _| {
                    uniform = uniform.wrapping_add(0x9E37_79B9_7F4A_7C15);
                    sum.wrapping_add(law.draw(uniform).0)
                })
            });
        });
    }
    group.finish();
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole");
    group.throughput(Throughput::Elements(ROUND));
    let draws = Draws::new(1, 0);
    let reach = Share::new(0.8).expect("a share");
    let delay = RandomTime::lognormal(Nanos::SECOND, 0.9).expect("a sane sigma");
    group.bench_function("leg", |bencher| {
        let mut n = 0;
        bencher.iter(|| {
            (0..ROUND).fold(0, |sum: u64, _| {
                n += 1;
                let leg = draws.leg(Address::of(fresh(n), 1, Purpose::Leg));
                if reach.hit_32(leg.reach) {
                    sum.wrapping_add(delay.draw(leg.delay).0)
                } else {
                    sum
                }
            })
        });
    });
    let world = benches::mm50::world(Nanos::HOUR);
    let mut arrivals: Option<Arrivals<'_>> = None;
    group.bench_function("arrival", |bencher| {
        bencher.iter(|| {
            for _ in 0..ROUND {
                let next = arrivals.as_mut().and_then(Iterator::next);
                if black_box(next).is_none() {
                    arrivals = Some(Arrivals::new(&Stream {
                        draws,
                        sources: &world.plan.sources,
                        accounts: &world.plan.accounts,
                        calendar: &world.plan.calendar,
                        until: world.plan.duration,
                    }));
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, blocks, times, whole);
criterion_main!(benches);
