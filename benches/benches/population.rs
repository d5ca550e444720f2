//! A population from its seed: how long it takes to make, and how much memory it takes.
//!
//! `cargo bench -p benches --bench population`. Built: the tables of all sub-accounts. Ready:
//! also the job around them, with what the tallies and the parts of a run need to know. What the
//! figures must be is checked at the end: a million sub-accounts with three million numbers ready
//! in three seconds, below 400 bytes a number.

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use benches::population::scenario;
use capacity::Job;
use criterion::{BenchmarkId, Criterion, Throughput};
use engine::partition::Partition;
use model::population::{MIXES, Population};

/// Sub-accounts where figures are given for a million of them.
const MILLION: u32 = 1_000_000;

fn population(mix: &str, sub_accounts: u32) -> Population {
    scenario(mix, sub_accounts)
        .population
        .expect("it is made from one")
}

fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("population/build");
    group.sample_size(10);
    for (name, _) in MIXES {
        let made = population(name, 50_000);
        let numbers = made.size().expect("it fits").numbers as u64;
        group.throughput(Throughput::Elements(numbers));
        group.bench_with_input(BenchmarkId::from_parameter(name), &made, |b, made| {
            b.iter(|| black_box(made.build()).map(|it| it.accounts.numbers().len()));
        });
    }
    group.finish();
}

/// A million sub-accounts of the default mix, from nothing to a job that could start.
fn ready() -> (Duration, usize, usize) {
    let begun = Instant::now();
    let read = scenario(MIXES[0].0, MILLION);
    let built_after = begun.elapsed();
    let numbers = read.accounts.numbers().len();
    let job = Job::new(read).expect("it can be counted");
    let job_after = begun.elapsed();
    let bundles = Partition::of(&job.plan).bundles(&job.plan, 2);
    black_box(bundles.count());
    let took = begun.elapsed();
    println!("population/ready: built {built_after:?}, wired {job_after:?}, divided {took:?}");
    (took, numbers, job.plan.accounts.users().len())
}

fn bytes() {
    for (mix, (name, _)) in MIXES.iter().enumerate() {
        let mut numbers = 0;
        let made = population(name, 20_000);
        let mut kept = None;
        let info = measure(|| {
            let built = made.build().expect("it fits");
            numbers = built.accounts.numbers().len();
            kept = Some(built);
        });
        let each = info.bytes_current as f64 / numbers as f64;
        println!("population/bytes/{name}: {each:.0} bytes a number over {numbers} numbers");
        assert!(mix != 0 || each < 400.0, "{name}: {each:.0} bytes a number");
        drop(kept);
    }
}

fn main() {
    // The counter sees what its own thread takes: one thread makes it all.
    let alone = std::thread::spawn(|| {
        let one = rayon::ThreadPoolBuilder::new().num_threads(1);
        one.use_current_thread()
            .build()
            .expect("a pool")
            .install(bytes);
    });
    alone.join().expect("less than 400 bytes a number");
    let took = (0..3).map(|_| ready()).min().expect("three times");
    println!(
        "population/ready: {} numbers, {} users, least of three {:?}",
        took.1, took.2, took.0
    );
    assert!(took.0 < Duration::from_secs(3), "ready after {:?}", took.0);
    let mut criterion = Criterion::default().configure_from_args();
    build(&mut criterion);
    criterion.final_summary();
}
