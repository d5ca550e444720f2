//! What an inbound call is and where it goes.
//!
//! Pure and total: no clock, no I/O, no generator, no failure on any account and any call.
//! Whoever wants to know where a rule lives: [`policy`] has one file a policy, [`limit`] the
//! admission limits, [`lint`] what can be found in accounts without a single call.

pub mod account;
pub mod call;
pub mod country;
pub mod decision;
pub mod hours;
pub mod limit;
pub mod lint;
pub mod number;
pub mod params;
pub mod policy;
pub mod record;
pub mod shown;
pub mod time;
pub mod trace;

pub use number::PhoneNumber;
pub use shown::Shown;
pub use time::Nanos;
