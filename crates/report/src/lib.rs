//! What is known of a run, as bytes for people, scripts and spreadsheets.
//!
//! Every format is one file and one line in [`REPORTS`]. All numbers come from one [`Document`],
//! and the same document always gives the same bytes. Must not open a file, print, or read a
//! clock; where bytes go is the business of whoever asked.

pub mod compare;
pub mod crosstab;
pub mod decided;
pub mod decision;
pub mod document;
pub mod facts;
pub mod json;
pub mod junit;
pub mod lint;
pub mod markdown;
pub mod numbers;
pub mod pictures;
pub mod plot;
pub mod precision;
pub mod pseudonym;
pub mod requests;
pub mod selftest;
pub mod stored;
pub mod tables;
pub mod text;

pub use document::{Document, FoundWarmUp, LocalTime, Manifest};

/// A form in which a run can be told.
pub trait Report {
    /// The bytes of it.
    fn render(&self, document: &Document) -> Vec<u8>;
}

/// A line of [`REPORTS`].
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// As it is asked for with `--format`.
    pub name: &'static str,
    /// What it is, for people.
    pub help: &'static str,
    /// Its file in the run folder; none when it is only printed.
    pub file: Option<&'static str>,
    /// Makes it.
    pub make: fn() -> Box<dyn Report>,
}

/// Every form there is.
pub const REPORTS: &[Form] = &[
    Form {
        name: "text",
        help: "a page for the terminal, without colour",
        file: None,
        make: || Box::new(text::Text { colour: false }),
    },
    Form {
        name: "json",
        help: "everything, for scripts",
        file: Some("run.json"),
        make: || Box::new(json::Json),
    },
    Form {
        name: "markdown",
        help: "a page for a pull request or a wiki",
        file: Some("summary.md"),
        make: || Box::new(markdown::Markdown),
    },
    Form {
        name: "junit",
        help: "the gates as a test suite, for CI servers",
        file: Some("junit.xml"),
        make: || Box::new(junit::Junit),
    },
    Form {
        name: "csv",
        help: "a row an interval",
        file: Some("timeseries.csv"),
        make: || Box::new(tables::TimeSeries),
    },
    Form {
        name: "accounts",
        help: "a row a sub-account",
        file: Some("accounts.csv"),
        make: || Box::new(tables::Accounts),
    },
    Form {
        name: "staff",
        help: "a row a person",
        file: Some("staff.csv"),
        make: || Box::new(tables::Staff),
    },
];

/// The form of this name.
pub fn by_name(name: &str) -> Option<&'static Form> {
    REPORTS.iter().find(|form| form.name == name)
}
