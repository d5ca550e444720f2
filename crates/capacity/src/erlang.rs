//! Exact answers for queues with Poisson arrivals: loss, delay, patience, callers who call again.
//!
//! What the simulator is held against, and where a search for staff begins. Times are in seconds,
//! rates per second, loads in erlangs. Knows nothing of scenarios and runs nothing.

pub mod delay;
pub mod loss;
pub mod patience;
pub mod retrial;
pub mod single;
pub mod transient;

pub use delay::Delay;
pub use loss::blocking;
pub use patience::Patience;
pub use retrial::Retrial;
