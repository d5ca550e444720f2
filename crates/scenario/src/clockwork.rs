//! When a run begins and how long it lasts: as the scenario says, or as its logs do.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use model::Calendar;
use routing::Nanos;

use crate::arrivals::Draft;
use crate::node::Node;
use crate::quantity::{self, Fault};
use crate::read::missing;
use crate::table::Table;
use crate::top::Top;

/// The most intervals of a time series.
const MOST_INTERVALS: u64 = 10_000_000;

/// How long after the end of arrivals local time is still known.
pub(crate) const AFTERWARDS: Nanos = Nanos(60 * Nanos::DAY.0);

/// When the run begins and ends.
pub(crate) struct Clockwork {
    pub(crate) start: DateTime,
    pub(crate) duration: Nanos,
    pub(crate) calendar: Calendar,
}

impl Clockwork {
    pub(crate) fn of(
        table: &Table<'_>,
        top: &Top,
        drafts: &[(usize, &Node, Option<Draft>)],
    ) -> Option<Self> {
        let known = || drafts.iter().filter_map(|(_, _, draft)| draft.as_ref());
        let calls = || {
            known()
                .filter_map(|draft| draft.calls.as_ref())
                .flat_map(|it| it.iter())
        };
        let times = || calls().filter(|call| call.inbound).map(|call| call.at);
        let only_logs = !drafts.is_empty()
            && drafts
                .iter()
                .all(|(_, _, draft)| draft.as_ref().is_some_and(|it| it.calls.is_some()));
        let first = match (top.start, times().min()) {
            (Some(start), _) => first_instant(&top.time_zone, start),
            (None, Some(call)) => Some(full_hour(&top.time_zone, call)),
            (None, None) => first_instant(&top.time_zone, DEFAULT_START),
        };
        let Some(first) = first else {
            table.error(
                "start",
                Fault::new("the start lies outside the years 1 to 9999"),
            );
            return None;
        };
        let duration = match (top.duration, times().max()) {
            (Some(duration), _) => duration,
            (None, Some(last)) if only_logs && table.given("duration").is_none() => {
                just_past(table, first, last)?
            }
            (None, _) => {
                let log = |node: &Node| node.get("kind").and_then(Node::as_text) == Some("log");
                let other = drafts.iter().any(|(_, node, _)| !log(node));
                if table.given("duration").is_none() && (other || drafts.is_empty()) {
                    missing(
                        table,
                        "duration",
                        "expected how long calls arrive, as in \"10h\"",
                    );
                }
                return None;
            }
        };
        check_lengths(table, top, duration);
        say_if_no_clock_shows_it(table, top, first);
        let zone = top.time_zone.clone();
        let Ok(calendar) = Calendar::at(zone.clone(), first, duration + AFTERWARDS) else {
            let key = if top.start.is_some() {
                "start"
            } else {
                "duration"
            };
            table.error(
                key,
                Fault::new("the run leaves the years that the calendar knows"),
            );
            return None;
        };
        Some(Self {
            start: first.to_zoned(zone).datetime(),
            duration,
            calendar,
        })
    }

    /// The parameters, with those that were worked out in place of what is left out.
    pub(crate) fn parameters(&self, mut all: Vec<(String, String)>) -> Vec<(String, String)> {
        let worked_out = [
            ("start", self.start.to_string()),
            ("duration", quantity::duration_text(self.duration)),
        ];
        for (name, value) in worked_out {
            if let Some(found) = all.iter_mut().find(|(key, _)| key == name) {
                found.1 = value;
            }
        }
        all
    }
}

/// What must fit into the run.
fn check_lengths(table: &Table<'_>, top: &Top, duration: Nanos) {
    if top.warm_up.given() >= duration {
        let message = "the warm-up lasts as long as the run, expected less than `duration`";
        table.error("warm_up", Fault::new(message));
    }
    if duration.0 / top.interval.0.max(1) > MOST_INTERVALS {
        let message = format!("more than {MOST_INTERVALS} intervals in the run");
        table.error("interval", Fault::new(message));
    }
}

/// Where the clocks are put forward or back, a local time is none or two.
fn say_if_no_clock_shows_it(table: &Table<'_>, top: &Top, first: Timestamp) {
    let Some(start) = top.start else {
        return;
    };
    let taken = first.to_zoned(top.time_zone.clone());
    let taken = taken.strftime("%H:%M:%S%:z");
    let message = match top.time_zone.to_ambiguous_zoned(start).offset() {
        AmbiguousOffset::Unambiguous { .. } => return,
        AmbiguousOffset::Gap { .. } => format!(
            "no clock shows this time, since the clocks are put forward: the run starts at {taken}"
        ),
        AmbiguousOffset::Fold { .. } => format!(
            "clocks show this time twice, since they are put back: the run starts the first time, \
             at {taken}"
        ),
    };
    table.reading.warn(table.span("start"), Fault::new(message));
}

const DEFAULT_START: DateTime = DateTime::constant(2026, 1, 5, 0, 0, 0, 0);

fn first_instant(zone: &TimeZone, start: DateTime) -> Option<Timestamp> {
    if start.year() < 1 {
        return None;
    }
    zone.to_ambiguous_zoned(start)
        .compatible()
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// The full local hour at or before an instant.
fn full_hour(zone: &TimeZone, at: Timestamp) -> Timestamp {
    let local = at.to_zoned(zone.clone());
    let into = i64::from(local.minute()) * 60 + i64::from(local.second());
    let span = jiff::SignedDuration::new(into, local.subsec_nanosecond());
    at.checked_sub(span).unwrap_or(at)
}

/// The whole second after the last call.
fn just_past(table: &Table<'_>, first: Timestamp, last: Timestamp) -> Option<Nanos> {
    let Ok(since) = u64::try_from(last.duration_since(first).as_nanos()) else {
        let fault = Fault::new("the run starts after the last call of the log");
        table.error("start", fault);
        return None;
    };
    let seconds = since / Nanos::SECOND.0 + 1;
    let past = Nanos::from_secs(seconds);
    if past > quantity::LONGEST {
        let message = "the log spans more than ten years";
        table.error(
            "arrivals",
            Fault::new(message).help("set `start` and `duration`"),
        );
        return None;
    }
    Some(past)
}
