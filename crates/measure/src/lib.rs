//! From what a run tells about each call to numbers that one may rest a decision on.
//!
//! A [`Tally`] takes the records of one replication (it is a [`routing::record::Sink`]) and holds
//! integers only, so that the tallies of its parts add up exactly, in any order. [`Tally::finish`]
//! makes a [`Replication`] of it, and replications in their order make a [`Summary`]: every metric
//! with its interval. [`gate::judge`] holds a summary against a bound. [`names`] knows every
//! metric there is.
//!
//! Must not know who makes the records (an engine, a log, a live router), nor any file, clock or
//! format.

pub mod callers;
pub mod counts;
pub mod delays;
pub mod difference;
mod distribution;
pub mod estimate;
pub mod fingerprint;
pub mod gate;
pub mod levels;
pub mod moves;
pub mod names;
pub mod precision;
pub mod replication;
pub mod series;
pub mod setup;
pub mod staff;
pub mod summary;
pub mod tally;
pub mod violated;
pub mod warm_up;

pub use fingerprint::{Fingerprint, Fingerprints};
pub use gate::{Gate, GateResult, Verdict, judge, verdict};
pub use names::{Kind, Known};
pub use precision::Precision;
pub use replication::{Absence, Replication};
pub use setup::{ServiceLevel, Setup, SetupFault, Window};
pub use summary::{Class, Metric, Summary};
pub use tally::{MergeFault, Tally};
pub use violated::Violated;
