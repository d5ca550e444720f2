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
fn ready() -> Ready {
    let (begun, core) = (Instant::now(), on_cores());
    let read = scenario(MIXES[0].0, MILLION);
    let built_after = begun.elapsed();
    let numbers = read.accounts.numbers().len();
    let job = Job::new(read).expect("it can be counted");
    let job_after = begun.elapsed();
    let bundles = Partition::of(&job.plan).bundles(&job.plan, 2);
    black_box(bundles.count());
    let took = begun.elapsed();
    let on_cores = on_cores()
        .zip(core)
        .map(|(now, then)| now.saturating_sub(then));
    println!(
        "population/ready: built {built_after:?}, wired {job_after:?}, divided {took:?}, on cores \
         {on_cores:?}"
    );
    Ready {
        took: on_cores.map_or(took, |it| it.min(took)),
        numbers,
        users: job.plan.accounts.users().len(),
    }
}

/// How long it took: on the clock, or the time of all threads on their cores where that is less,
/// since others were waited for then.
struct Ready {
    took: Duration,
    numbers: usize,
    users: usize,
}

/// How long all threads of this process ran on a core so far; none where nobody tells.
fn on_cores() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = told.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // User and system time, in hundredths of a second.
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
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
    let runs = (0..3).map(|_| ready());
    let least = runs.min_by_key(|it| it.took).expect("three times");
    let (took, numbers, users) = (least.took, least.numbers, least.users);
    println!("population/ready: {numbers} numbers, {users} users, least of three {took:?}");
    assert!(took < Duration::from_secs(3), "ready after {took:?}");
    let mut criterion = Criterion::default().configure_from_args();
    build(&mut criterion);
    criterion.final_summary();
}
