//! A Poisson process whose rate changes over time: unit exponentials laid along the area under the rate.

use routing::Nanos;

use super::{Cursor, Due, Start};
use crate::calendar::Calendar;
use crate::draws::{Purpose, unit};
use crate::random_time::exponential;

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

/// The arrivals of one replication.
pub(super) struct Thinned<'a, I: ?Sized> {
    start: Start<'a>,
    rate: &'a I,
    n: u64,
    at: Nanos,
}

impl<'a, I: Intensity + ?Sized> Thinned<'a, I> {
    pub(super) fn new(start: Start<'a>, rate: &'a I) -> Self {
        Self {
            start,
            rate,
            n: 0,
            at: Nanos::ZERO,
        }
    }
}

impl<I: Intensity + ?Sized> Cursor for Thinned<'_, I> {
    fn next(&mut self) -> Option<Due> {
        let mut left = exponential(unit(self.start.uniform(self.n, Purpose::Gap)));
        while self.at < self.start.until {
            let mut piece = self.rate.piece(self.start.calendar, self.at);
            let factor = self.start.day_factor(self.start.calendar.day(self.at));
            piece.from_per_s *= factor;
            piece.to_per_s *= factor;
            let length_s = (piece.until - self.at).as_secs_f64();
            let area = f64::midpoint(piece.from_per_s, piece.to_per_s) * length_s;
            if area > left {
                let into_s = invert(piece, length_s, left);
                self.at = (self.at + Nanos::from_secs_f64(into_s)).min(piece.until);
                if self.at >= self.start.until {
                    return None;
                }
                let due = Due {
                    at: self.at,
                    n: self.n,
                    call: None,
                };
                self.n += 1;
                return Some(due);
            }
            left -= area;
            self.at = piece.until;
        }
        None
    }
}

/// How far into a piece of this length the area under it reaches `area` (below its whole).
fn invert(piece: Piece, length_s: f64, area: f64) -> f64 {
    let slope = (piece.to_per_s - piece.from_per_s) / length_s;
    // The stable form of the root of slope/2 x² + from x - area.
    let root = libm::sqrt((piece.from_per_s * piece.from_per_s + 2.0 * slope * area).max(0.0));
    let below = piece.from_per_s + root;
    if below > 0.0 {
        (2.0 * area / below).min(length_s)
    } else {
        length_s
    }
}
