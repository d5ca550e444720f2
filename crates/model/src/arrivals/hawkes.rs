//! Calls that bring more calls (a Hawkes process with an exponential memory): word of mouth, one
//! complaint that becomes many.
//!
//! The rate is `rate + sum over earlier calls of n/memory e^(-age/memory)`. Drawn exactly, after
//! Dassios and Zhao ("Exact simulation of Hawkes process with exponentially decaying intensity",
//! 2013): the calls that come of themselves are one stream, and what the others bring needs one
//! number, the rate that is left of them.

use routing::Nanos;

use super::intensity::{self, Intensity, Piece, Thinned};
use super::{
    ArrivalProcess, Counts, Cursor, Due, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values,
};
use crate::calendar::Calendar;
use crate::draws::{Batch, Purpose, unit};
use crate::random_time::to_nanos;

pub(super) const KIND: Kind = Kind {
    name: "hawkes",
    help: "calls that bring more calls (Hawkes; Daw and Pender 2017)",
    keys: &[
        Key::required(
            "rate",
            Takes::Rate,
            "calls per time that come of themselves",
        ),
        Key::optional(
            "n",
            Takes::Share,
            "calls that each call brings by itself, below 1: .2 is word of mouth, .6 an uproar; \
             .42 makes the counts three times as dispersed as Poisson's in the long run (assumed)",
        )
        .or("0.42"),
        Key::optional(
            "memory",
            Takes::Duration,
            "mean time from a call to one that it brings, 2 to 5 min (assumed)",
        )
        .or("\"3min\""),
    ],
    counts: Counts::Burstier,
    make,
    ..PLAIN
};

fn make(values: &Values, _setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let rate = values
        .rate("rate")
        .ok_or_else(|| KeyFault::missing("rate"))?;
    let n = values
        .share("n")
        .ok_or_else(|| KeyFault::missing("n"))?
        .get();
    if n > 0.99 {
        let message = format!("found {n}, expected at most 0.99: at 1 the calls never stop");
        return Err(KeyFault::new("n", message));
    }
    let memory = values
        .duration("memory")
        .ok_or_else(|| KeyFault::missing("memory"))?;
    Ok(Box::new(Hawkes {
        per_s: rate.get(),
        n,
        memory_s: memory.as_secs_f64(),
    }))
}

struct Hawkes {
    per_s: f64,
    n: f64,
    memory_s: f64,
}

impl ArrivalProcess for Hawkes {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        let mut own = Thinned::new(*start, self);
        Box::new(Echoing {
            hawkes: self,
            batch: start.batch(),
            next_own: own.next().map(|due| due.at),
            own,
            at: Nanos::ZERO,
            excess_per_s: 0.0,
            n: 0,
            start: *start,
        })
    }

    /// The run begins without a past: at first there is nothing that echoes.
    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        let own = intensity::area(self, calendar, until);
        let gap = 1.0 - self.n;
        let settles = gap / self.memory_s;
        let missing = self.n * -libm::expm1(-settles * until.as_secs_f64()) / settles;
        (own - self.per_s * missing) / gap
    }
}

impl Intensity for Hawkes {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece {
        Piece {
            until: calendar.until_second(at, routing::hours::DAY_S),
            from_per_s: self.per_s,
            to_per_s: self.per_s,
        }
    }
}

struct Echoing<'a> {
    hawkes: &'a Hawkes,
    /// The calls that come of themselves.
    own: Thinned<'a, &'a Hawkes>,
    next_own: Option<Nanos>,
    batch: Batch,
    /// The last call.
    at: Nanos,
    /// The rate that is left of all calls, just after it.
    excess_per_s: f64,
    n: u64,
    start: Start<'a>,
}

impl Echoing<'_> {
    /// When the next call comes that an earlier one brings; none when it never does.
    fn echo(&self) -> Option<Nanos> {
        // The area under a rate that decays is bounded: an exponential beyond it never comes.
        let area = -libm::log(unit(self.start.uniform(self.n, Purpose::Echo)));
        let whole = self.excess_per_s * self.hawkes.memory_s;
        let wait_s = -libm::log1p(-area / whole) * self.hawkes.memory_s;
        (area < whole).then(|| self.at + to_nanos(wait_s * 1e9))
    }
}

impl Cursor for Echoing<'_> {
    fn next(&mut self) -> Option<Due> {
        let at = match (self.next_own, self.echo()) {
            (Some(own), Some(echo)) if echo < own => echo,
            (Some(own), _) => {
                self.next_own = self.own.next().map(|due| due.at);
                own
            }
            (None, echo) => echo?,
        };
        if at >= self.start.until {
            return None;
        }
        let age_s = (at - self.at).as_secs_f64();
        let left = self.excess_per_s * libm::exp(-age_s / self.hawkes.memory_s);
        self.excess_per_s = left + self.hawkes.n / self.hawkes.memory_s;
        self.at = at;
        let n = self.n;
        self.n += 1;
        Some(Due {
            at,
            n,
            draws: self.batch.fresh(n),
            call: None,
        })
    }
}
