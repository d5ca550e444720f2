//! A mass call, as to a televote: the rate climbs to a multiple of the usual peak, stays there, and
//! falls off exponentially.

use routing::Nanos;

use super::intensity::{self, Intensity, Piece, Thinned};
use super::{ArrivalProcess, Cursor, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values};
use crate::calendar::Calendar;

pub(super) const KIND: Kind = Kind {
    name: "televote",
    help: "a mass call: ramp, hold and decay",
    keys: &[
        Key::optional("at", Takes::Moment, "when it begins; default the start"),
        Key::required(
            "rate",
            Takes::Rate,
            "calls per time of the usual busiest quarter-hour",
        ),
        Key::optional(
            "peak",
            Takes::Factor,
            "how many times that rate its peak is; 4 to 5 are common, up to 64 were seen \
             (Telecommunications Performance Engineering, ch. 7)",
        )
        .or("5.0"),
        Key::optional(
            "ramp",
            Takes::Duration,
            "time to climb to the peak, 5 to 30 s (assumed)",
        )
        .or("\"15s\""),
        Key::optional("hold", Takes::Duration, "time at the peak (assumed)").or("\"5min\""),
        Key::optional(
            "decay",
            Takes::Duration,
            "time in which it falls to 1/e afterwards, 3 to 10 min (assumed)",
        )
        .or("\"5min\""),
    ],
    make,
    ..PLAIN
};

/// Straight pieces of the decay for each time in which it falls to 1/e.
const PIECES: u64 = 16;
/// After so many of these times nothing comes any more.
const ENDS: u64 = 16;

fn make(values: &Values, setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let duration = |key| {
        values
            .duration(key)
            .copied()
            .ok_or_else(|| KeyFault::missing(key))
    };
    let rate = values
        .rate("rate")
        .ok_or_else(|| KeyFault::missing("rate"))?;
    let peak = values.factor("peak").copied().unwrap_or(5.0);
    if peak > 1e4 {
        let message = format!("found {peak}, expected at most 10 000");
        return Err(KeyFault::new("peak", message));
    }
    Ok(Box::new(Televote {
        at: setting.moment(values, "at")?,
        per_s: rate.get() * peak,
        ramp: duration("ramp")?,
        hold: duration("hold")?,
        decay: duration("decay")?,
    }))
}

struct Televote {
    at: Nanos,
    per_s: f64,
    ramp: Nanos,
    hold: Nanos,
    decay: Nanos,
}

impl ArrivalProcess for Televote {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        Box::new(Thinned::new(*start, self))
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        intensity::area(self, calendar, until)
    }

    fn begins(&self) -> Option<(Nanos, &'static str)> {
        Some((self.at, "the televote began"))
    }
}

impl Intensity for Televote {
    fn piece(&self, _calendar: &Calendar, at: Nanos) -> Piece {
        let flat = |until, per_s| Piece {
            until,
            from_per_s: per_s,
            to_per_s: per_s,
        };
        let top = self.at + self.ramp;
        let falls = top + self.hold;
        if at < self.at {
            return flat(self.at, 0.0);
        }
        if at < top {
            let into = (at - self.at).0 as f64 / self.ramp.0 as f64;
            return Piece {
                until: top,
                from_per_s: self.per_s * into,
                to_per_s: self.per_s,
            };
        }
        if at < falls {
            return flat(falls, self.per_s);
        }
        let length = Nanos((self.decay.0 / PIECES).max(1));
        let which = (at - falls).0 / length.0;
        if which >= ENDS * PIECES {
            return flat(Nanos::NEVER, 0.0);
        }
        // A straight line from edge to edge lies above the curve: a factor puts the area right.
        let x = 1.0 / PIECES as f64;
        let fit = 2.0 * libm::tanh(x / 2.0) / x;
        let edge = |n: u64| self.per_s * fit * libm::exp(-(n as f64) * x);
        let (left, right) = (edge(which), edge(which + 1));
        let from = falls + Nanos(which * length.0);
        let into = (at - from).0 as f64 / length.0 as f64;
        Piece {
            until: from + length,
            from_per_s: left + (right - left) * into,
            to_per_s: right,
        }
    }
}
