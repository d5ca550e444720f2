//! Production call logs to canonical call records, and back to text.
//!
//! [`Importer`] reads a log of any [`dialect`] and hands on canonical calls with a report of their
//! [`Quality`]. [`CanonicalReader`] streams the canonical log (CSV, columns by name),
//! [`CanonicalWriter`] writes it, [`read_all`] reads a whole file and gathers its faults. Records
//! are bounded in size, and every fault names its line and column. Every dialect ends in the same
//! [`CanonicalCall`].
//!
//! Knows nothing of accounts and scenarios: whose number was called, and whether the call is
//! offered in a run, is for others to say. Opens no file.

mod call;
pub mod dialect;
mod error;
mod import;
mod read;
mod rows;
mod times;
mod value;
mod write;

pub use call::{CanonicalCall, Column, Direction};
pub use dialect::Dialect;
pub use error::{Fault, LogError, LogErrors, SpanFault};
pub use import::{
    Calls, ImportError, Importer, Keys, LONG_RING, Limits, OnBadRow, Options, Quality, WINDOW,
};
pub use read::{CanonicalReader, MAX_ERRORS, read_all};
pub use rows::{Encoding, MAX_RECORD, Quoting};
pub use times::TimeFormat;
pub use write::CanonicalWriter;
