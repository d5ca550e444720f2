//! Tables for spreadsheets: the run by intervals, by sub-accounts, by people.
//!
//! Numbers are means over the replications; with one they are whole where they count. A cell is
//! empty where there is no value.

use measure::names::{self, Known};
use measure::summary::AccountSums;
use routing::record::Outcome;

use crate::Report;
use crate::document::Document;
use crate::json::number;

/// `timeseries.csv`: a row an interval that touches the statistics window.
#[derive(Debug, Clone, Copy)]
pub struct TimeSeries;

/// `accounts.csv`: a row a sub-account, and one for calls to numbers that nobody owns, if there
/// were any.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

/// `staff.csv`: a row a person; `talk` is in seconds, `occupancy` the share of the logged-in time
/// that they talked or wrapped up.
#[derive(Debug, Clone, Copy)]
pub struct Staff;

impl Report for TimeSeries {
    fn render(&self, document: &Document) -> Vec<u8> {
        timeseries_csv(document)
    }
}

impl Report for Accounts {
    fn render(&self, document: &Document) -> Vec<u8> {
        accounts_csv(document)
    }
}

impl Report for Staff {
    fn render(&self, document: &Document) -> Vec<u8> {
        staff_csv(document)
    }
}

/// The columns of the time series after `interval_start`, and the metrics in them.
fn columns() -> Vec<(&'static str, Known)> {
    let known = |(column, name): (&'static str, String)| Some((column, names::check(&name).ok()?));
    let outcomes = Outcome::ALL
        .iter()
        .map(|it| (it.name(), format!("calls.{}", it.name())));
    let rest = [
        ("violations", "limit.violations"),
        ("concurrent_mean", "concurrent.calls.mean"),
        ("fresh", "calls.fresh"),
        ("redials", "calls.redials"),
        ("hops", "calls.hops"),
        ("answer_delay_mean_s", "answer.delay_s.mean"),
        (
            "service_level_20s_of_offered",
            "service_level.20s.of_offered",
        ),
        ("waited_share", "hold.waited.share"),
        ("staff_busy_mean", "staff.busy.mean"),
    ];
    let rest = rest
        .into_iter()
        .map(|(column, name)| (column, name.to_owned()));
    let offered = std::iter::once(("offered", "calls.offered".to_owned()));
    offered
        .chain(outcomes)
        .chain(rest)
        .filter_map(known)
        .collect()
}

/// The run by intervals.
pub fn timeseries_csv(document: &Document) -> Vec<u8> {
    let columns = columns();
    let mut head = vec!["interval_start".to_owned()];
    head.extend(columns.iter().map(|(column, _)| (*column).to_owned()));
    let mut rows = vec![head];
    let summary = &document.summary;
    let series = summary
        .replications
        .first()
        .and_then(|it| it.series.first());
    for index in 0..series.map_or(0, |series| series.rows.len()) {
        let start = series
            .map(|series| series.bounds(index).0)
            .unwrap_or_default();
        let mut row = vec![document.local_time.of(start)];
        row.extend(columns.iter().map(|(_, known)| {
            let mean = summary.interval_mean(known.kind, 0, index);
            mean.map(|mean| digits(mean, known.kind.is_count()))
                .unwrap_or_default()
        }));
        rows.push(row);
    }
    table(&rows)
}

/// The run by sub-accounts.
pub fn accounts_csv(document: &Document) -> Vec<u8> {
    let mut head = vec!["sub_account".to_owned(), "offered".to_owned()];
    head.extend(Outcome::ALL.iter().map(|outcome| outcome.name().to_owned()));
    let rest = [
        "answered_share",
        "violations",
        "blocked_share",
        "first_block_s",
    ];
    head.extend(rest.map(str::to_owned));
    let mut rows = vec![head];
    let runs = document.replications().max(1) as f64;
    let accounts = &document.summary.accounts;
    for (name, sums) in document.sub_accounts.iter().zip(accounts) {
        rows.push(account(&text(name), sums, runs));
    }
    let nobody = accounts.last().filter(|sums| sums.offered() > 0);
    if let Some(sums) = nobody.filter(|_| accounts.len() > document.sub_accounts.len()) {
        rows.push(account("(nobody's number)", sums, runs));
    }
    table(&rows)
}

fn account(name: &str, sums: &AccountSums, runs: f64) -> Vec<String> {
    let mean = |sum: u64| digits(sum as f64 / runs, true);
    let offered = sums.offered();
    let answered = sums.outcomes[Outcome::Answered as usize] as f64;
    let share = (offered > 0).then(|| digits(answered / offered as f64, false));
    let mut row = vec![name.to_owned(), mean(offered)];
    row.extend(sums.outcomes.iter().map(|sum| mean(*sum)));
    row.push(share.unwrap_or_default());
    row.push(mean(sums.violations));
    row.push(digits(sums.blocked_in as f64 / runs, false));
    row.push(
        sums.first_block
            .map(|at| digits(at.as_secs_f64(), false))
            .unwrap_or_default(),
    );
    row
}

/// The run by people.
pub fn staff_csv(document: &Document) -> Vec<u8> {
    let head = ["person", "rung", "answered", "talk", "occupancy"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let runs = document.replications().max(1) as f64;
    for (name, person) in document.people.iter().zip(&document.summary.people) {
        rows.push(vec![
            text(name),
            digits(person.sums.rung as f64 / runs, true),
            digits(person.sums.answered as f64 / runs, true),
            digits(person.sums.talk_ns as f64 / 1e9 / runs, false),
            person
                .occupancy
                .map(|share| digits(share, false))
                .unwrap_or_default(),
        ]);
    }
    table(&rows)
}

fn digits(value: f64, count: bool) -> String {
    number(value, count).to_string()
}

/// A text that no spreadsheet takes for a formula.
pub fn text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']);
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn table(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Rows of one length, written to memory: neither can fail.
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}
