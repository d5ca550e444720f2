//! Scenario and accounts text to checked values, or every error at once with its place in the file.
//!
//! A walk by hand over a spanned tree (serde stops at the first error), driven by tables of keys
//! from which the JSON Schema and the manifest's parameters are made as well. Opens no file itself:
//! see [`Files, LogReading`].

mod accounts;
mod arguments;
mod arrivals;
mod backend;
mod clockwork;
mod files;
mod gates;
mod json_text;
mod limits;
mod nearest;
mod no_effect;
mod node;
mod overrides;
mod people;
mod population;
mod problem;
mod quantity;
mod random_time;
mod read;
mod reading;
mod routing_keys;
mod rows;
mod scenario;
mod schema;
mod source;
mod spec;
mod table;
mod tables;
mod toml_text;
mod top;
mod values;

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "a value is read exactly or not at all")]
mod tests;

pub use accounts::{AccountsWriter, LARGEST as LARGEST_TOML, LONGEST_LINE, WrittenAs};
pub use arguments::{parse_override, parse_vary};
pub use backend::shown_url;
pub use files::{FileError, Files, LogReading};
pub use population::{PopulationFile, read_population};
pub use problem::{Level, MOST_PRINTED, Place, Problem, Problems};
pub use read::{kind_of, read_accounts, read_scenario};
pub use scenario::{
    AccountsFile, BackendParams, Bound, BoundOp, Clock, FileKind, GateSpec, LiveBackend,
    MetricNames, Options, Override, Scenario, Vary, WarmUp, Wire,
};
pub use schema::schema;
pub use tables::{Setting, TableSpec};

/// A duration as it is typed: `30s`, `1.5min`, `1h30min`.
///
/// # Errors
/// What was found and what was expected.
pub fn duration(text: &str) -> Result<routing::Nanos, String> {
    quantity::duration(text).map_err(|fault| fault.message)
}

/// A rate as it is typed, in calls or requests a second: `12/min`, `0.5/s`.
///
/// # Errors
/// What was found and what was expected.
pub fn rate_per_s(text: &str) -> Result<f64, String> {
    let rate = quantity::rate(text).map_err(|fault| fault.message)?;
    Ok(rate.get())
}
