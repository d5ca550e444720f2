//! The file of a forecast: `interval_start,calls[,talk_s,wrap_s,agents]`, other columns are left
//! alone.

use std::sync::Arc;

use model::arrivals::{Forecast, ForecastInterval};
use routing::Nanos;

use crate::node::{Node, shortened};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::rows::{Cell, Row, rows};
use crate::values;

/// The most rows of a forecast.
const MOST_ROWS: usize = 500_000;

/// The most calls of an interval.
const MOST_CALLS: f64 = 1e9;

/// The longest mean talk or wrap-up: a day.
const MOST_S: f64 = 86_400.0;

/// The forecast in the file that this value names.
pub(crate) fn read(r: &Reading<'_>, node: &Node) -> Option<Arc<Forecast>> {
    values::text(r, node)?;
    let (source, text) = r.table_file(node)?;
    let mut rows = rows(source, &text);
    let expected = "expected the columns interval_start,calls[,talk_s,wrap_s,agents]";
    let Some(header) = rows.next() else {
        r.error(
            node.span,
            Fault::new("the forecast is empty").help(expected),
        );
        return None;
    };
    let column = |name: &str| header.cells.iter().position(|cell| cell.text == name);
    let needed = |name: &str| {
        let at = column(name);
        if at.is_none() {
            let fault = Fault::new(format!("the column `{name}` is missing"));
            r.error(header.cells[0].span, fault.help(expected));
        }
        at
    };
    let (start, calls) = (needed("interval_start"), needed("calls"));
    let columns = Columns {
        start: start?,
        calls: calls?,
        talk: column("talk_s"),
        wrap_up: column("wrap_s"),
    };
    let mut intervals = Vec::new();
    let mut failed = false;
    for (count, row) in rows.enumerate() {
        if count >= MOST_ROWS {
            let message = format!("more than {MOST_ROWS} rows");
            r.error(row.cells[0].span, Fault::new(message));
            return None;
        }
        match columns.interval(r, &row) {
            Some(interval) => intervals.push((interval, row.cells[0].span)),
            None => failed = true,
        }
    }
    if failed {
        return None;
    }
    intervals.sort_by_key(|(interval, _)| interval.start);
    if let Some([_, (twice, span)]) = intervals
        .array_windows()
        .find(|[a, b]| a.0.start == b.0.start)
    {
        let message = format!("a second row for {}", twice.start);
        r.error(*span, Fault::new(message));
        return None;
    }
    let intervals: Vec<ForecastInterval> = intervals.into_iter().map(|(it, _)| it).collect();
    let Some(every) = length(&intervals) else {
        let message = "one row does not tell how long an interval is, expected two at least";
        r.error(node.span, Fault::new(message));
        return None;
    };
    Some(Arc::new(Forecast { every, intervals }))
}

/// The shortest time from one row to the next: rows may be missing, as at night.
fn length(intervals: &[ForecastInterval]) -> Option<Nanos> {
    let gaps = intervals.array_windows().map(|[a, b]| {
        let gap = b.start.duration_since(a.start).as_nanos();
        Nanos(u64::try_from(gap).unwrap_or(u64::MAX))
    });
    gaps.min()
}

/// Where the columns stand.
struct Columns {
    start: usize,
    calls: usize,
    talk: Option<usize>,
    wrap_up: Option<usize>,
}

impl Columns {
    fn interval(&self, r: &Reading<'_>, row: &Row<'_>) -> Option<ForecastInterval> {
        let (Some(start), Some(calls)) = (row.cells.get(self.start), row.cells.get(self.calls))
        else {
            r.error(row.cells[0].span, Fault::new("the row has too few columns"));
            return None;
        };
        let mean = |column: Option<usize>| match column.and_then(|at| row.cells.get(at)) {
            Some(cell) if !cell.text.is_empty() => {
                number(r, cell, MOST_S, "seconds").map(|s| Some(Nanos::from_secs_f64(s)))
            }
            _ => Some(None),
        };
        let (talk, wrap_up) = (mean(self.talk), mean(self.wrap_up));
        let calls = number(r, calls, MOST_CALLS, "calls");
        let found = values::local_date_time(start.text);
        let start = found.map_err(|fault| r.error(start.span, fault)).ok();
        Some(ForecastInterval {
            start: start?,
            calls: calls?,
            talk: talk?,
            wrap_up: wrap_up?,
        })
    }
}

/// A number from 0 to this.
fn number(r: &Reading<'_>, cell: &Cell<'_>, most: f64, what: &str) -> Option<f64> {
    let found = cell.text.parse::<f64>().ok();
    let found = found.filter(|it| (0.0..=most).contains(it));
    if found.is_none() {
        let message = format!(
            "found {:?}, expected a number of {what} from 0 to {most}",
            shortened(cell.text)
        );
        r.error(cell.span, Fault::new(message));
    }
    found
}
