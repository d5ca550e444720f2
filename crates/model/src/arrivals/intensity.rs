//! A Poisson process whose rate changes over time: unit exponentials laid along the area under
//! the rate.

use routing::Nanos;

use super::factors::Factors;
use super::{Cursor, Due, Start};
use crate::calendar::Calendar;
use crate::draws::Batch;
use crate::random_time::{Table, standard_exponential, to_nanos};

/// A stretch in which the rate runs straight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    /// Where it ends.
    pub until: Nanos,
    /// Rate where the stretch was asked for, calls a second.
    pub from_per_s: f64,
    /// Rate at its end.
    pub to_per_s: f64,
}

/// A rate over time.
pub(super) trait Intensity: Send + Sync {
    /// The stretch from `at` on; it never crosses a local midnight and always moves on.
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece;
}

/// The area under the rate up to `until`: calls expected.
pub(super) fn area(rate: &dyn Intensity, calendar: &Calendar, until: Nanos) -> f64 {
    let (mut at, mut sum) = (Nanos::ZERO, 0.0);
    while at < until {
        let piece = rate.piece(calendar, at);
        let end = piece.until.min(until);
        let whole_s = (piece.until - at).as_secs_f64();
        let part_s = (end - at).as_secs_f64();
        let slope = if whole_s > 0.0 {
            (piece.to_per_s - piece.from_per_s) / whole_s
        } else {
            0.0
        };
        sum += (piece.from_per_s + slope * part_s / 2.0) * part_s;
        at = end;
    }
    sum
}

/// A stretch as it holds on the day at hand.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    from: Nanos,
    until: Nanos,
    from_per_s: f64,
    to_per_s: f64,
    /// Mean time between calls where the rate is the same throughout.
    gap_ns: Option<f64>,
}

impl Stretch {
    fn new(from: Nanos, piece: Piece, factor: f64) -> Self {
        let (from_per_s, to_per_s) = (piece.from_per_s * factor, piece.to_per_s * factor);
        Self {
            from,
            until: piece.until,
            from_per_s,
            to_per_s,
            // A rate of 0 has an infinite gap, which ends behind every stretch.
            gap_ns: (from_per_s == to_per_s).then(|| 1e9 / from_per_s),
        }
    }

    /// How long after `at` the area under the rate reaches `left`; or the area that there is.
    fn reach(&self, at: Nanos, left: f64) -> Result<Nanos, f64> {
        let length = self.until - at;
        if let Some(gap_ns) = self.gap_ns {
            let step_ns = left * gap_ns;
            if step_ns < length.0 as f64 {
                return Ok(to_nanos(step_ns));
            }
            return Err(length.as_secs_f64() * self.from_per_s);
        }
        let whole_s = (self.until - self.from).as_secs_f64();
        let slope = (self.to_per_s - self.from_per_s) / whole_s;
        let here = (self.from_per_s + slope * (at - self.from).as_secs_f64()).max(0.0);
        let length_s = length.as_secs_f64();
        let area = f64::midpoint(here, self.to_per_s) * length_s;
        if area > left {
            Ok(Nanos::from_secs_f64(invert(here, slope, length_s, left)))
        } else {
            Err(area)
        }
    }
}

impl<I: Intensity + ?Sized> Intensity for &I {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece {
        (*self).piece(calendar, at)
    }
}

/// The arrivals of one replication.
pub(super) struct Thinned<'a, I> {
    start: Start<'a>,
    rate: I,
    /// On the rate of the whole replication.
    scale: f64,
    gaps: &'a Table,
    batch: Batch,
    n: u64,
    at: Nanos,
    stretch: Stretch,
    factors: Factors<'a>,
}

impl<'a, I: Intensity> Thinned<'a, I> {
    pub(super) fn new(start: Start<'a>, rate: I) -> Self {
        Self::scaled(start, rate, 1.0)
    }

    /// With this factor on the rate in the whole replication.
    pub(super) fn scaled(start: Start<'a>, rate: I, scale: f64) -> Self {
        Self {
            rate,
            scale,
            gaps: standard_exponential(),
            batch: start.batch(),
            n: 0,
            at: Nanos::ZERO,
            stretch: Stretch::default(),
            factors: Factors::new(start),
            start,
        }
    }

    /// The stretch that begins here.
    fn next_stretch(&mut self) {
        let piece = self.rate.piece(self.start.calendar, self.at);
        let (factor, until) = self.factors.at(self.at);
        self.stretch = Stretch::new(self.at, piece.cut(self.at, until), factor * self.scale);
    }
}

impl Piece {
    /// Its first part, up to this time.
    fn cut(self, from: Nanos, until: Nanos) -> Self {
        if until >= self.until {
            return self;
        }
        let part = (until - from).as_secs_f64() / (self.until - from).as_secs_f64();
        Self {
            until,
            to_per_s: self.from_per_s + (self.to_per_s - self.from_per_s) * part,
            ..self
        }
    }
}

impl<I: Intensity> Cursor for Thinned<'_, I> {
    fn next(&mut self) -> Option<Due> {
        let draws = self.batch.fresh(self.n);
        let mut left = self.gaps.at(draws.gap);
        while self.at < self.start.until {
            if self.at >= self.stretch.until {
                self.next_stretch();
            }
            match self.stretch.reach(self.at, left) {
                Err(area) => {
                    left -= area;
                    self.at = self.stretch.until;
                }
                Ok(step) => {
                    self.at = (self.at + step).min(self.stretch.until);
                    if self.at >= self.start.until {
                        return None;
                    }
                    let due = Due {
                        at: self.at,
                        n: self.n,
                        draws,
                        call: None,
                    };
                    self.n += 1;
                    return Some(due);
                }
            }
        }
        None
    }
}

/// How far into a stretch of this length, which begins with the rate `here`, the area under it
/// reaches `area` (below its whole).
fn invert(here: f64, slope: f64, length_s: f64, area: f64) -> f64 {
    // The stable form of the root of slope/2 x² + here x - area.
    let root = libm::sqrt((here * here + 2.0 * slope * area).max(0.0));
    let below = here + root;
    if below > 0.0 {
        (2.0 * area / below).min(length_s)
    } else {
        length_s
    }
}
