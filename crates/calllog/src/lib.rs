//! Production call logs to canonical call records, and back to text.
//!
//! [`CanonicalReader`] streams the canonical log (CSV, columns by name), [`CanonicalWriter`]
//! writes it, [`read_all`] reads a whole file and gathers its faults. Records are bounded in size,
//! and every fault names its line and column. Dialects of phone systems end in the same
//! [`CanonicalCall`].
//!
//! Knows nothing of accounts and scenarios: whose number was called, and whether the call is
//! offered in a run, is for others to say. Opens no file.

mod call;
mod error;
mod read;
mod rows;
mod value;
mod write;

pub use call::{CanonicalCall, Column, Direction};
pub use error::{Fault, LogError, LogErrors, SpanFault};
pub use read::{CanonicalReader, MAX_ERRORS, read_all};
pub use rows::MAX_RECORD;
pub use write::CanonicalWriter;
