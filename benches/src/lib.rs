//! Worlds to measure in: an office day, the queue M/M/50, and the floor that both are held against.
//!
//! A time says little from machine to machine and from hour to hour; a ratio to a bare loop that
//! ran the moment before says more. So [`floor`] is that loop, and [`pairs`] runs two things in
//! turn in one process. The worlds are built in code, not read from files: what is measured is the
//! run alone.
//!
//! Must not hold anything that a result depends on: this is the one crate that may read a clock for
//! everything it says.

pub mod floor;
pub mod mm50;
pub mod office_day;
pub mod office_floor;
pub mod pairs;
pub mod population;
pub mod world;

pub use world::World;
