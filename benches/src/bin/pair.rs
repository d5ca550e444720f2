//! Runs a world and the floor in turn and prints medians and ratios.
//!
//! The floor's unit is one of its events. M/M/50 is told in nanoseconds a model event (two a
//! customer), the office day in nanoseconds a call; the ratio is then "floor events a call".

use benches::pairs::{Compared, Spread, compare};
use benches::{floor, mm50, office_day, office_floor};
use clap::{Parser, ValueEnum};
use rayon::ThreadPoolBuilder;
use routing::Nanos;

/// Which world.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// M/M/50 on hold.
    Mm50,
    /// The office day.
    Office,
    /// The office day in parts, all on this thread.
    Parts,
    /// All, one after the other.
    All,
}

/// A world and the floor in turn: medians and ratios.
#[derive(Parser)]
struct Args {
    /// Which world.
    #[arg(value_enum, default_value = "all")]
    world: Which,
    /// How many pairs; one more that does not count goes before.
    #[arg(long, default_value_t = 7)]
    pairs: usize,
    /// How many runs a side of a pair is: the system tells the time on a core to a tick of some
    /// milliseconds, and one office day takes fifty.
    #[arg(long, default_value_t = 8)]
    runs: u32,
    /// Virtual minutes of a run of the world.
    #[arg(long, default_value_t = 600)]
    minutes: u64,
    /// Customers of a run of the floor.
    #[arg(long, default_value_t = 1_000_000)]
    customers: u64,
    /// No floor, no clock: just that many runs of the world, for a profiler.
    #[arg(long)]
    alone: bool,
}

/// As many parts as a second thread would want to share; on one thread they cost and bring nothing
/// (docs/performance.md), so the program makes none there.
const PARTS: usize = 10;

fn main() {
    let args = Args::parse();
    // Parts stay on this thread, whose time is measured.
    let pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    let _pool = pool.build().expect("this thread is in no pool yet");
    let duration = Nanos(args.minutes.max(1) * Nanos::MINUTE.0);
    let wanted = |which| args.world == which || args.world == Which::All;
    if wanted(Which::Mm50) {
        let world = mm50::world(duration);
        measure(&args, "M/M/50", "model event", |number| {
            world.run(number).1.events
        });
    }
    let world = office_day::world(duration);
    if wanted(Which::Office) {
        measure(&args, "office day in one piece", "call", |number| {
            world.run(number).1.ended
        });
        if !args.alone {
            own_floor(&args, |number| world.run(number).1.ended);
        }
    }
    if wanted(Which::Parts) {
        measure(&args, "office day in parts", "call", |number| {
            world.run_in_parts(number, PARTS).1.ended
        });
    }
}

/// The office day beside its own events through the bare heap.
fn own_floor(args: &Args, run: impl Fn(u32) -> u64) {
    let compared = compare(
        args.pairs,
        several(args.runs, |seed| {
            std::hint::black_box(office_floor::run(seed.into(), args.customers)).ended
        }),
        several(args.runs, run),
    );
    if let Some(compared) = compared {
        println!("office day beside its own events through the bare heap");
        println!("  floor  {} ns a call", line(&compared.reference_ns, 1));
        println!("  ratio  {}", line(&compared.ratio, 2));
    }
}

/// Measures runs by their number, which say how many units they worked off.
fn measure(args: &Args, name: &str, unit: &str, run: impl Fn(u32) -> u64) {
    if args.alone {
        for number in 0..args.pairs as u32 {
            println!("{name}: {} {unit}s", run(number));
        }
        return;
    }
    let compared = compare(
        args.pairs,
        several(args.runs, |seed| {
            std::hint::black_box(floor::run(seed.into(), args.customers)).events
        }),
        several(args.runs, run),
    );
    match compared {
        Some(compared) => print(name, unit, args.pairs, &compared),
        None => println!("{name}: no pairs, nothing to say"),
    }
}

/// So many runs one after the other as one, each with a number of its own, from 1.
fn several(runs: u32, run: impl Fn(u32) -> u64) -> impl FnMut() -> u64 {
    let mut number = 0;
    move || {
        let last = number + runs;
        let units = (number + 1..=last).map(&run).sum();
        number = last;
        units
    }
}

fn print(name: &str, unit: &str, pairs: usize, compared: &Compared) {
    println!("{name}, {pairs} pairs, median [least greatest]");
    println!("  floor  {} ns an event", line(&compared.reference_ns, 1));
    println!("  here   {} ns a {unit}", line(&compared.measured_ns, 1));
    println!(
        "  ratio  {} floor events a {unit}",
        line(&compared.ratio, 2)
    );
    let per_s = 1e9 / compared.measured_ns.median;
    println!("  rate   {:.2} million a second ({unit}s)", per_s / 1e6);
}

fn line(spread: &Spread, digits: usize) -> String {
    let Spread {
        least,
        median,
        greatest,
    } = spread;
    format!("{median:.digits$} [{least:.digits$} {greatest:.digits$}]")
}
