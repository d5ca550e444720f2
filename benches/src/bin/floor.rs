//! The floor alone, as the peers of `benches/peers` run: so many customers, one line of JSON.

use benches::floor;
use clap::Parser;

/// M/M/50 as a bare loop.
#[derive(Parser)]
struct Args {
    /// How many customers come.
    customers: u64,
    /// The seed of the draws.
    seed: u64,
}

fn main() {
    let args = Args::parse();
    let sums = floor::run(args.seed, args.customers.max(1));
    let served = sums.served as f64;
    println!(
        "{{\"customers\": {}, \"wait_share\": {}, \"mean_wait_s\": {}}}",
        sums.served,
        sums.waited as f64 / served,
        sums.wait_ns as f64 / 1e9 / served,
    );
}
