//! The client side: connections to a router that the target guard has passed, and a whole question
//! over one of them, as the provider would ask it.
//!
//! Knows sockets, time-outs and what a wire needs; not the engine, not the schedule: when a
//! question is asked is somebody else's matter.

mod answer;
mod connection;
mod endpoint;
mod exchange;
mod prepared;
mod span;
mod tls;

pub use connection::Connection;
pub use endpoint::{Endpoint, EndpointFault, Protocol, Settings};
pub use exchange::{Given, Told, Turn, ask, open, tell_end};
pub use span::{Kind, Span};
pub use tls::{NoRoots, roots_of_pem};
