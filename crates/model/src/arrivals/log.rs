//! The calls of a recorded day, each with its own caller and number.

use std::sync::Arc;

use routing::Nanos;

use super::{ArrivalProcess, Cursor, Due, Key, KeyFault, Kind, LoggedCall, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::draws::{FreshDraws, Purpose, unit};

pub(super) const KIND: Kind = Kind {
    name: "log",
    help: "the inbound calls of a canonical call log",
    keys: &[
        Key {
            name: "file",
            help: "path of the log",
            takes: Takes::CallLog,
            required: true,
            default: None,
        },
        Key {
            name: "scale",
            help: "share of its calls that are kept, drawn call by call",
            takes: Takes::Factor,
            required: false,
            default: Some("1"),
        },
    ],
    brings_calls: true,
    make: Some(make),
};

fn make(values: &Values) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let calls = values
        .calls("file")
        .ok_or_else(|| KeyFault::missing("file"))?;
    let keep = values.factor("scale").copied().unwrap_or(1.0);
    if keep > 1.0 {
        let message = format!("found {keep}; a scale above 1 comes later: expected 0 < scale <= 1");
        return Err(KeyFault {
            key: "scale",
            message,
        });
    }
    let mut sorted: Vec<LoggedCall> = calls.to_vec();
    sorted.sort_by_key(|call| call.at);
    Ok(Box::new(Log {
        calls: sorted.into(),
        keep,
    }))
}

struct Log {
    /// In order of time, calls of one instant in file order; the position is the call's number.
    calls: Arc<[LoggedCall]>,
    keep: f64,
}

impl ArrivalProcess for Log {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
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
        let within = |call: &&LoggedCall| {
            call.inbound && calendar.since_start(call.at).is_some_and(|at| at < until)
        };
        self.calls.iter().filter(within).count() as f64 * self.keep
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
            let kept =
                self.log.keep >= 1.0 || unit(self.start.uniform(n, Purpose::Thin)) < self.log.keep;
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
