//! Calls at a constant rate, independent of each other.

use routing::Nanos;

use super::intensity::Intensity;
use super::{ArrivalProcess, Cursor, Due, Key, KeyFault, Kind, Setting, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::draws::Batch;
use crate::quantity::Rate;
use crate::random_time::{Table, standard_exponential, to_nanos};

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
    make,
    ..super::PLAIN
};

fn make(values: &Values, _setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
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
        if !start.spread.is_none() {
            return Box::new(super::intensity::Thinned::new(*start, self));
        }
        let gap_ns = if self.rate.get() > 0.0 {
            1e9 / self.rate.get()
        } else {
            f64::INFINITY
        };
        Box::new(Even {
            until: start.until,
            gap_ns,
            gaps: standard_exponential(),
            batch: start.batch(),
            n: 0,
            at: Nanos::ZERO,
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
    until: Nanos,
    gap_ns: f64,
    gaps: &'a Table,
    batch: Batch,
    n: u64,
    at: Nanos,
}

impl Cursor for Even<'_> {
    #[inline]
    fn next(&mut self) -> Option<Due> {
        let draws = self.batch.fresh(self.n);
        // Rounding each gap to whole nanoseconds moves no rate: up as often as down.
        self.at += to_nanos(self.gap_ns * self.gaps.at(draws.gap));
        if self.at >= self.until {
            return None;
        }
        let due = Due {
            at: self.at,
            n: self.n,
            draws,
            call: None,
        };
        self.n += 1;
        Some(due)
    }
}
