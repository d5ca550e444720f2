//! Questions over whole runs: from a checked scenario to its summary.
//!
//! [`job`] wires a scenario into what the engine runs and the tallies count; [`run()`] runs its
//! replications in parallel and sums them up; [`grid`] lays out the runs of a table over several
//! values of a key; [`compare`] runs two jobs side by side on the same calls; [`fit`] makes a
//! scenario of recorded calls, and [`backtest`] holds a run against them. Opens no file and prints
//! nothing.

pub mod backtest;
pub mod compare;
pub mod decision_time;
pub mod driven;
pub mod erlang;
pub mod fit;
pub mod grid;
pub mod job;
pub mod ledger;
pub mod logged_in;
pub mod memory;
pub mod precision;
pub mod run;
pub mod selftest;
mod units;
pub mod unreached;
pub mod warm_up;

pub use job::{Job, WarmUp};
pub use run::{Ran, RunFault, run};
