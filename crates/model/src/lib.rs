//! Who calls, when, and who picks up: pure functions of draws.
//!
//! Stores no generator, reads no clock and no file. Every draw is a function of its address
//! ([`draws`]); the life that the drawn people lead is written in the engine.

pub mod arrivals;
pub mod by_size;
pub mod calendar;
pub mod callers;
pub mod draws;
mod gamma;
pub mod ivr;
pub mod normal;
pub mod people;
pub mod population;
pub mod quantity;
pub mod random_time;
pub mod roster;

pub use calendar::Calendar;
pub use draws::{Address, Draws, Purpose};
pub use people::People;
pub use quantity::{Rate, Share};
pub use random_time::RandomTime;
