//! Rosters: `interval_start,agents`, so many unnamed agents from each time on.

use jiff::civil::{DateTime, Time};
use jiff::{Span as Days, ToSpan};
use model::Calendar;
use model::roster::Roster;
use routing::Nanos;
use routing::hours::time_of_day;

use crate::node::{Node, shortened};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::rows::{Cell, rows};
use crate::source::Span;
use crate::values;

/// The most rows that a roster may have.
const MOST_ROWS: usize = 500_000;

/// The most steps that a daily roster may make over a run.
const MOST_STEPS: u64 = 5_000_000;

/// A roster in local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RosterText {
    /// From each date and time on.
    Dated(Vec<(DateTime, u32)>),
    /// From each second of every day on.
    Daily(Vec<(u32, u32)>),
}

/// The roster in the file that this value names.
pub(crate) fn read(r: &Reading<'_>, node: &Node) -> Option<RosterText> {
    values::text(r, node)?;
    let (source, text) = r.table_file(node)?;
    let mut rows = rows(source, &text);
    let Some(header) = rows.next() else {
        r.error(
            node.span,
            Fault::new("the roster is empty, expected interval_start,agents"),
        );
        return None;
    };
    let column = |name: &str| {
        let at = header.cells.iter().position(|cell| cell.text == name);
        if at.is_none() {
            let fault = Fault::new(format!("the column `{name}` is missing"));
            r.error(
                header.cells[0].span,
                fault.help("expected the columns interval_start,agents"),
            );
        }
        at
    };
    let (start, agents) = (column("interval_start"), column("agents"));
    let (start, agents) = (start?, agents?);
    let (mut dated, mut daily, mut failed) = (Vec::new(), Vec::new(), false);
    for (count, row) in rows.enumerate() {
        if count >= MOST_ROWS {
            r.error(
                row.cells[0].span,
                Fault::new(format!("more than {MOST_ROWS} rows")),
            );
            return None;
        }
        let (Some(start), Some(agents)) = (row.cells.get(start), row.cells.get(agents)) else {
            r.error(row.cells[0].span, Fault::new("the row has too few columns"));
            failed = true;
            continue;
        };
        let (at, agents) = (moment(r, start), whole(r, agents));
        match (at, agents) {
            (Some(Moment::Date(at)), Some(agents)) => dated.push((at, agents)),
            (Some(Moment::Second(at)), Some(agents)) => daily.push((at, agents)),
            _ => failed = true,
        }
        if !dated.is_empty() && !daily.is_empty() {
            let message = "times of day and dates do not stand in one roster";
            r.error(start.span, Fault::new(message));
            return None;
        }
    }
    if failed {
        return None;
    }
    if dated.is_empty() && daily.is_empty() {
        r.error(node.span, Fault::new("the roster has no row"));
        return None;
    }
    Some(if daily.is_empty() {
        RosterText::Dated(dated)
    } else {
        RosterText::Daily(daily)
    })
}

enum Moment {
    Date(DateTime),
    Second(u32),
}

fn moment(r: &Reading<'_>, cell: &Cell<'_>) -> Option<Moment> {
    let text = cell.text;
    if let Ok(second) = time_of_day(text) {
        return Some(Moment::Second(second));
    }
    match values::local_date_time(text) {
        Ok(date) => Some(Moment::Date(date)),
        Err(fault) => {
            let message = format!(
                "found {:?}, expected a time such as 09:00 or 2026-03-06T09:00:00",
                shortened(text)
            );
            let help = fault.help;
            r.error(cell.span, Fault { message, help });
            None
        }
    }
}

fn whole(r: &Reading<'_>, cell: &Cell<'_>) -> Option<u32> {
    const MOST: u32 = 1_000_000;
    let found = cell.text.parse::<u32>().ok().filter(|it| *it <= MOST);
    if found.is_none() {
        let message = format!(
            "found {:?}, expected a whole number of agents from 0 to {MOST}",
            shortened(cell.text)
        );
        r.error(cell.span, Fault::new(message));
    }
    found
}

impl RosterText {
    /// In run time. What began before the run holds from its start on.
    pub(crate) fn resolve(
        &self,
        r: &Reading<'_>,
        span: Span,
        calendar: &Calendar,
        until: Nanos,
    ) -> Roster {
        let mut steps: Vec<(DateTime, u32)> = match self {
            Self::Dated(steps) => steps.clone(),
            Self::Daily(steps) => {
                let days = until.0 / Nanos::DAY.0 + 3;
                if days.saturating_mul(steps.len() as u64) > MOST_STEPS {
                    let message = "the run is too long for a daily roster of so many rows";
                    r.error(span, Fault::new(message));
                    return Roster::default();
                }
                every_day(steps, calendar, days)
            }
        };
        steps.sort_by_key(|(at, _)| *at);
        let mut before = None;
        let mut run = Vec::new();
        for (at, agents) in steps {
            match calendar.since_start_local(at) {
                Some(at) => run.push((at, agents)),
                None => before = Some(agents),
            }
        }
        if let Some(agents) = before {
            run.insert(0, (Nanos::ZERO, agents));
        }
        if run.iter().all(|(at, agents)| *agents == 0 || *at >= until) {
            let fault = Fault::new("nobody is on this roster within the run");
            r.warn(span, fault.help("its times are local: look at their dates"));
        }
        Roster::new(run)
    }
}

/// A daily roster from the day before the run on.
fn every_day(steps: &[(u32, u32)], calendar: &Calendar, days: u64) -> Vec<(DateTime, u32)> {
    let first = calendar.start().to_zoned(calendar.zone().clone()).date();
    let mut all = Vec::new();
    for day in 0..days {
        let ahead: Days = (i64::try_from(day).unwrap_or(i64::MAX) - 1).days();
        let Ok(date) = first.checked_add(ahead) else {
            continue;
        };
        for (second, agents) in steps {
            let whole = date.to_datetime(Time::midnight());
            if let Ok(at) = whole.checked_add(i64::from(*second).seconds()) {
                all.push((at, *agents));
            }
        }
    }
    all
}
