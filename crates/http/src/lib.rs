//! The live side of busyhour: what goes over the wire, a reference server to test against, and the
//! client that asks a router for decisions as a provider would.
//!
//! The only crate that knows sockets and async. The wire forms ([`wire`]) and the target guard
//! ([`target`]) are pure functions; everything that touches a socket stands on them. The life of a
//! call is not written here: it is `engine`'s. Must not: open files, print, look at the
//! environment.

pub mod blocking;
pub mod client;
pub mod drive;
pub mod latency;
pub mod lockstep;
pub mod serve;
pub mod target;
pub mod url;
pub mod verify;
pub mod wire;
