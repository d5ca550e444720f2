//! Calls at a constant rate, independent of each other.

use routing::Nanos;

use super::intensity::Intensity;
use super::{ArrivalProcess, Cursor, Due, Key, KeyFault, Kind, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::draws::{Purpose, unit};
use crate::quantity::Rate;
use crate::random_time::exponential;

pub(super) const KIND: Kind = Kind {
    name: "poisson",
    help: "calls at a constant rate",
    keys: &[Key {
        name: "rate",
        help: "calls per time, as in \"12/min\"",
        takes: Takes::Rate,
        required: true,
        default: None,
    }],
    brings_calls: false,
    make: Some(make),
};

fn make(values: &Values) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let rate = *values
        .rate("rate")
        .ok_or_else(|| KeyFault::missing("rate"))?;
    Ok(Box::new(Poisson { rate }))
}

struct Poisson {
    rate: Rate,
}

impl ArrivalProcess for Poisson {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        if start.day_cv > 0.0 {
            return Box::new(super::intensity::Thinned::new(*start, self));
        }
        let gap_ns = if self.rate.get() > 0.0 {
            1e9 / self.rate.get()
        } else {
            f64::INFINITY
        };
        Box::new(Even {
            start: *start,
            gap_ns,
            n: 0,
            at_ns: 0.0,
        })
    }

    fn expected(&self, _calendar: &Calendar, until: Nanos) -> f64 {
        self.rate.get() * until.as_secs_f64()
    }
}

impl Intensity for Poisson {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> super::intensity::Piece {
        let rate = self.rate.get();
        let until = calendar.until_second(at, routing::hours::DAY_S);
        super::intensity::Piece {
            until,
            from_per_s: rate,
            to_per_s: rate,
        }
    }
}

struct Even<'a> {
    start: Start<'a>,
    gap_ns: f64,
    n: u64,
    at_ns: f64,
}

impl Cursor for Even<'_> {
    fn next(&mut self) -> Option<Due> {
        let uniform = self.start.uniform(self.n, Purpose::Gap);
        self.at_ns += self.gap_ns * exponential(unit(uniform));
        if self.at_ns >= self.start.until.0 as f64 {
            return None;
        }
        let due = Due {
            at: Nanos(self.at_ns as u64),
            n: self.n,
            call: None,
        };
        self.n += 1;
        Some(due)
    }
}
