//! Wire forms as pure functions: bytes in, values out, and back. No socket, no clock.
//!
//! Two wires (contract.md section 7): JSON ([`json`]), where one answer is the whole decision, and
//! the Twilio voice webhook ([`form`], [`signature`], [`twiml`]), where a decision is what the
//! provider would do with the answers ([`execution`], [`legs`]).

pub mod ask;
pub(crate) mod digits;
pub mod execution;
pub mod flaw;
pub mod form;
pub mod json;
pub mod legs;
pub mod reply;
pub mod signature;
pub mod stated;
pub mod status;
pub mod twiml;

#[cfg(test)]
pub(crate) mod tests;
