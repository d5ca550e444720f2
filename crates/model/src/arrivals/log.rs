//! The calls of a recorded day, each with its own caller and number.

mod copies;

use std::sync::Arc;

use routing::{Nanos, PhoneNumber};

use super::{
    ArrivalProcess, Counts, Cursor, Due, Key, KeyFault, Kind, LoggedCall, PLAIN, Setting, Start,
    Takes, Values,
};
use crate::calendar::Calendar;
use crate::draws::{FreshDraws, Purpose, unit};

pub(super) const KIND: Kind = Kind {
    name: "log",
    help: "the inbound calls of a canonical call log",
    keys: &[
        Key::required("file", Takes::CallLog, "path of the log"),
        Key::optional(
            "scale",
            Takes::Factor,
            "how many calls for each of its calls; below 1 it is the share that is kept, drawn \
             call by call; above 1 other people call beside those of the log",
        )
        .or("1"),
        Key::optional(
            "jitter",
            Takes::Duration,
            "scale above 1: an added call comes at any time within the same stretch of so long \
             (assumed)",
        )
        .or("\"15min\""),
    ],
    brings_calls: true,
    counts: Counts::Steadier,
    make,
    ..PLAIN
};

/// The most calls for one of the log.
const MOST_SCALE: f64 = 1e6;

fn make(values: &Values, _setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let calls = values
        .calls("file")
        .ok_or_else(|| KeyFault::missing("file"))?;
    let scale = values.factor("scale").copied().unwrap_or(1.0);
    if scale > MOST_SCALE {
        let message = format!("found {scale}, expected at most a million");
        return Err(KeyFault::new("scale", message));
    }
    let mut sorted: Vec<LoggedCall> = calls.to_vec();
    sorted.sort_by_key(|call| call.at);
    let mut people: Vec<PhoneNumber> = Vec::new();
    if scale > 1.0 {
        people = sorted.iter().filter_map(|call| call.from).collect();
        people.sort_unstable();
        people.dedup();
    }
    let jitter = values.duration("jitter").copied();
    Ok(Box::new(Log {
        calls: sorted.into(),
        scale,
        jitter: jitter.unwrap_or(Nanos(15 * Nanos::MINUTE.0)),
        people,
    }))
}

struct Log {
    /// In order of time, calls of one instant in file order; the position is the call's number.
    calls: Arc<[LoggedCall]>,
    scale: f64,
    /// An added call comes within the same stretch of so long.
    jitter: Nanos,
    /// Who calls in it, each once, in order; none where no call is added.
    people: Vec<PhoneNumber>,
}

impl Log {
    /// Where the stretch of this time begins.
    fn stretch(&self, at: Nanos) -> Nanos {
        Nanos(at.0 - at.0 % self.jitter.0.max(1))
    }
}

impl ArrivalProcess for Log {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        if self.scale > 1.0 {
            return Box::new(copies::Copies::new(self, *start));
        }
        Box::new(Reading {
            log: self,
            start: *start,
            next: 0,
        })
    }

    fn left_out(&self, calendar: &Calendar, until: Nanos) -> Vec<(u64, &'static str)> {
        let count = |is: &dyn Fn(&LoggedCall) -> bool| {
            self.calls.iter().filter(|call| is(call)).count() as u64
        };
        let early = |call: &LoggedCall| calendar.since_start(call.at).is_none();
        let late = |call: &LoggedCall| calendar.since_start(call.at).is_some_and(|at| at >= until);
        let inbound = |call: &LoggedCall| call.inbound;
        let mut left_out = vec![
            (count(&|call| !inbound(call)), "are not inbound"),
            (
                count(&|call| inbound(call) && early(call)),
                "came before the start of the run",
            ),
            (
                count(&|call| inbound(call) && late(call)),
                "came after its end",
            ),
        ];
        left_out.retain(|(calls, _)| *calls > 0);
        left_out
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        let calls = self.calls.iter().filter(|call| call.inbound);
        let times = calls.filter_map(|call| calendar.since_start(call.at));
        let own = self.scale.min(1.0);
        let expected = |at: Nanos| {
            // An added call lies anywhere in the stretch.
            let begun = until.since(self.stretch(at)).0 as f64 / self.jitter.0.max(1) as f64;
            let added = (self.scale - 1.0).max(0.0) * begun.min(1.0);
            if at < until { own + added } else { added }
        };
        times.map(expected).sum()
    }

    fn held_bytes(&self) -> f64 {
        // The added calls of a stretch, at most all of them, and who makes them.
        let added = self.calls.len() as f64 * (self.scale - 1.0).max(0.0);
        added * copies::HELD_BYTES + (self.people.len() * size_of::<PhoneNumber>()) as f64
    }
}

struct Reading<'a> {
    log: &'a Log,
    start: Start<'a>,
    next: usize,
}

impl Cursor for Reading<'_> {
    fn next(&mut self) -> Option<Due> {
        loop {
            let n = self.next as u64;
            let call = self.log.calls.get(self.next)?;
            self.next += 1;
            let Some(at) = self.start.calendar.since_start(call.at) else {
                continue;
            };
            if at >= self.start.until {
                return None;
            }
            let keep = self.log.scale;
            let kept = keep >= 1.0 || unit(self.start.uniform(n, Purpose::Thin)) < keep;
            if call.inbound && kept {
                return Some(Due {
                    at,
                    n,
                    draws: FreshDraws::default(),
                    call: Some((call.from, call.to)),
                });
            }
        }
    }
}
