//! Scenario and accounts text to checked values, or every error at once with its place in the file.
//!
//! A walk by hand over a spanned tree (serde stops at the first error), driven by tables of keys from
//! which the JSON Schema and the manifest's parameters are made as well. Opens no file itself: see
//! [`Files`].

mod files;
mod problem;
mod scenario;

pub use files::{FileError, Files};
pub use problem::{Level, MOST_PRINTED, Place, Problem, Problems};
pub use scenario::{
    AccountsFile, BackendParams, Bound, BoundOp, Clock, FileKind, GateSpec, MetricNames, Options,
    Override, Scenario, Vary, kind_of, parse_override, parse_vary, read_accounts, read_scenario,
    schema,
};
