//! Runs a world and the floor in turn and prints medians and ratios.
//!
//! The floor's unit is one of its events. M/M/50 is told in nanoseconds a model event (two a
//! customer), the office day in nanoseconds a call; the ratio is then "floor events a call".

use benches::pairs::{Compared, Spread, compare};
use benches::{World, floor, mm50, office_day, office_floor};
use clap::{Parser, ValueEnum};
use routing::Nanos;

/// Which world.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// M/M/50 on hold.
    Mm50,
    /// The office day.
    Office,
    /// One after the other.
    Both,
}

/// A world and the floor in turn: medians and ratios.
#[derive(Parser)]
struct Args {
    /// Which world.
    #[arg(value_enum, default_value = "both")]
    world: Which,
    /// How many pairs; one more that does not count goes before.
    #[arg(long, default_value_t = 7)]
    pairs: usize,
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

fn main() {
    let args = Args::parse();
    let duration = Nanos(args.minutes.max(1) * Nanos::MINUTE.0);
    if args.world != Which::Office {
        measure(
            &args,
            "M/M/50",
            "model event",
            &mm50::world(duration),
            |counts| counts.events,
        );
    }
    if args.world != Which::Mm50 {
        measure(
            &args,
            "office day",
            "call",
            &office_day::world(duration),
            |counts| counts.ended,
        );
        if !args.alone {
            own_floor(&args, &office_day::world(duration));
        }
    }
}

/// The office day beside its own events through the bare heap.
fn own_floor(args: &Args, world: &World) {
    let (mut number, mut seed) = (0, 0);
    let compared = compare(
        args.pairs,
        || {
            seed += 1;
            std::hint::black_box(office_floor::run(seed, args.customers)).ended
        },
        || {
            number += 1;
            world.run(number).1.ended
        },
    );
    if let Some(compared) = compared {
        println!("office day beside its own events through the bare heap");
        println!("  floor  {} ns a call", line(&compared.reference_ns, 1));
        println!("  ratio  {}", line(&compared.ratio, 2));
    }
}

fn measure(
    args: &Args,
    name: &str,
    unit: &str,
    world: &World,
    units: impl Fn(engine::Counts) -> u64,
) {
    if args.alone {
        for number in 0..args.pairs as u32 {
            let counts = world.run(number).1;
            let (calls, events) = (counts.ended, counts.events);
            println!("{name}: {calls} calls, {events} events");
        }
        return;
    }
    let mut number = 0;
    let mut seed = 0;
    let compared = compare(
        args.pairs,
        || {
            seed += 1;
            std::hint::black_box(floor::run(seed, args.customers)).events
        },
        || {
            number += 1;
            units(world.run(number).1)
        },
    );
    match compared {
        Some(compared) => print(name, unit, args.pairs, &compared),
        None => println!("{name}: no pairs, nothing to say"),
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
