//! A burst of calls after an event, as a radio spot or an accident: a random number of calls whose
//! times follow a gamma density.

use routing::Nanos;

use super::intensity::{self, Intensity, Piece, Thinned};
use super::{
    ArrivalProcess, Counts, Cursor, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values,
};
use crate::calendar::Calendar;
use crate::draws::{Purpose, unit};
use crate::normal;

pub(super) const KIND: Kind = Kind {
    name: "burst",
    help: "a burst after an event, as a radio spot (after L'Ecuyer, Gustavsson and Olsson 2018)",
    keys: &[
        Key::optional("at", Takes::Moment, "the event; default the start"),
        Key::optional(
            "calls",
            Takes::Factor,
            "calls that it brings on average; 5 to 300 are usual (assumed)",
        )
        .or("30.0"),
        Key::optional(
            "calls_cv",
            Takes::Spread,
            "coefficient of variation of their number, lognormal from event to event (assumed)",
        )
        .or("1.0"),
        Key::optional(
            "mean",
            Takes::Duration,
            "mean time from the event to a call (assumed)",
        )
        .or("\"6min\""),
        Key::optional(
            "shape",
            Takes::Factor,
            "of the gamma density of that time, 1 or more; 1 falls from the start (assumed)",
        )
        .or("2.0"),
    ],
    counts: Counts::Burstier,
    make,
    ..PLAIN
};

/// Into how many straight pieces the density is cut.
const PIECES: usize = 256;

fn make(values: &Values, setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let shape = values.factor("shape").copied().unwrap_or(2.0);
    if !(1.0..=1000.0).contains(&shape) {
        let message = format!("found {shape}, expected a shape from 1 to 1000");
        return Err(KeyFault::new("shape", message));
    }
    let calls = values.factor("calls").copied().unwrap_or(30.0);
    if calls > 1e9 {
        let message = format!("found {calls}, expected at most a thousand million");
        return Err(KeyFault::new("calls", message));
    }
    let calls_cv = values.factor("calls_cv").copied().unwrap_or(1.0);
    if calls_cv > 100.0 {
        let message = format!("found {calls_cv}, expected at most 100");
        return Err(KeyFault::new("calls_cv", message));
    }
    let mean = values
        .duration("mean")
        .ok_or_else(|| KeyFault::missing("mean"))?;
    Ok(Box::new(Burst::new(
        setting.moment(values, "at")?,
        (calls, calls_cv),
        (shape, *mean),
    )))
}

struct Burst {
    at: Nanos,
    /// Length of a piece.
    piece: Nanos,
    /// Mean rate at the edges of the pieces.
    per_s: Vec<f64>,
    /// Standard deviation of the logarithm of the number of calls.
    sigma: f64,
}

impl Burst {
    fn new(at: Nanos, (calls, calls_cv): (f64, f64), (shape, mean): (f64, Nanos)) -> Self {
        // Twelve standard deviations after the mean all but one call in 160 000 have come.
        let whole = 1.0 + 12.0 / libm::sqrt(shape);
        let piece = Nanos(((mean.0 as f64 * whole) as u64 / PIECES as u64).max(1));
        let step = piece.0 as f64 / mean.0 as f64;
        // The density up to a factor, at most 1: its peak is at (shape - 1) / shape.
        let log = |x: f64| (shape - 1.0) * libm::log(x) - shape * x;
        let peak = (shape - 1.0) / shape;
        let top = if peak > 0.0 { log(peak) } else { 0.0 };
        let density = |at: usize| match at {
            0 if shape > 1.0 => 0.0,
            0 => 1.0,
            _ => libm::exp(log(at as f64 * step) - top),
        };
        let density: Vec<f64> = (0..=PIECES).map(density).collect();
        let inner: f64 = density[1..PIECES].iter().sum();
        let area = (inner + f64::midpoint(density[0], density[PIECES])) * piece.as_secs_f64();
        Self {
            at,
            piece,
            per_s: density.iter().map(|it| it * calls / area).collect(),
            sigma: libm::sqrt(libm::log1p(calls_cv * calls_cv)),
        }
    }
}

impl ArrivalProcess for Burst {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        let z = normal::quantile(unit(start.uniform(0, Purpose::Event)));
        let factor = libm::exp(self.sigma * z - self.sigma * self.sigma / 2.0);
        Box::new(Thinned::scaled(*start, self, factor))
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        intensity::area(self, calendar, until)
    }

    fn begins(&self) -> Option<(Nanos, &'static str)> {
        Some((self.at, "the event"))
    }
}

impl Intensity for Burst {
    fn piece(&self, _calendar: &Calendar, at: Nanos) -> Piece {
        let silent = |until| Piece {
            until,
            from_per_s: 0.0,
            to_per_s: 0.0,
        };
        if at < self.at {
            return silent(self.at);
        }
        let which = ((at - self.at).0 / self.piece.0) as usize;
        let Some([left, right]) = self.per_s.get(which..which + 2) else {
            return silent(Nanos::NEVER);
        };
        let from = self.at + Nanos(which as u64 * self.piece.0);
        let into = (at - from).0 as f64 / self.piece.0 as f64;
        Piece {
            until: from + self.piece,
            from_per_s: left + (right - left) * into,
            to_per_s: *right,
        }
    }
}
