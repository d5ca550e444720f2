//! The driver on the wall clock: waits for what is due instead of jumping to it, and asks a live
//! router meanwhile. The life of a call is the engine's, as in virtual time.
//!
//! Open loop ([`open`]): arrival n leaves at its due time whatever the answers do. Closed loop
//! ([`closed`]): as many requests as there are connections, always. [`paced`]: in lockstep, the
//! world stands still while a reply is awaited.

mod board;
mod closed;
mod lanes;
mod open;
mod outbox;
mod paced;

use engine::Fault;

pub use board::{Board, Glance};
pub use closed::closed;
pub use open::{Load, open};
pub use paced::paced;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum DriveFault {
    /// The engine stopped.
    #[error(transparent)]
    Engine(#[from] Fault),
    /// The machine has no room for a runtime.
    #[error("cannot start the event loop: {0}")]
    Runtime(#[from] std::io::Error),
}
