//! The event queue under the hold model: take the next event, put one in an exponential later.
//!
//! One step is a pop, an exponential and a push, with so many events pending all the time. The
//! standard library's heap of (time, number) stands beside it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::queue::{Kind, Queue};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use routing::Nanos;

const PENDING: [u32; 3] = [50, 1_000, 1_000_000];

fn later(draws: &mut Pcg64Mcg) -> Nanos {
    Nanos((-(1.0 - draws.random::<f64>()).ln() * 1e9) as u64)
}

fn own(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue");
    group.throughput(Throughput::Elements(1));
    for pending in PENDING {
        group.bench_function(format!("hold/{pending}"), |bencher| {
            let mut draws = Pcg64Mcg::seed_from_u64(1);
            let mut queue = Queue::default();
            for slot in 0..pending {
                queue.push(later(&mut draws), Kind::Call, slot);
            }
            bencher.iter(|| {
                let event = queue.pop().expect("as many go in as come out");
                queue.push(event.at + later(&mut draws), event.kind, event.slot)
            });
        });
        group.bench_function(format!("std/{pending}"), |bencher| {
            let mut draws = Pcg64Mcg::seed_from_u64(1);
            let mut heap = BinaryHeap::new();
            let mut seq = 0u64;
            for _ in 0..pending {
                heap.push(Reverse((later(&mut draws), seq)));
                seq += 1;
            }
            bencher.iter(|| {
                let Reverse((at, _)) = heap.pop().expect("as many go in as come out");
                heap.push(Reverse((at + later(&mut draws), seq)));
                seq += 1;
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = own
}
criterion_main!(benches);
