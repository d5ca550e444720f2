//! The one life of a call, written once, sans I/O: arrive, admission, decision, ring, answer or
//! not, hold, talk, end, redial.
//!
//! [`Engine`] never sleeps, reads no clock and does no I/O: [`Engine::next_due`] says when
//! something happens, [`Engine::advance`] goes there, a [`routing::record::Sink`] is told. [`run`]
//! drives it in virtual time; a driver on the wall clock waits instead. Knows nothing of files, of
//! statistics, or of where a decision is really taken ([`Backend`]).

pub mod arrivals;
pub mod backend;
mod call;
mod counts;
mod decisions;
mod engine;
mod fate;
mod floors;
mod hold;
mod life;
mod lives;
pub mod partition;
pub mod parts;
mod people;
pub mod plan;
mod prepare;
pub mod queue;
mod race;
mod room;
pub mod run;
mod silence;

pub use backend::{Backend, Failure, InProcess, Reply, Request, Submitted, Ticket};
pub use counts::{Counts, Fault};
pub use engine::Engine;
pub use plan::Plan;
