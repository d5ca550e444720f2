//! Calls and legs at each whole second, kept so that parts can be laid over each other: the peak
//! of a sum is not the sum of peaks.

use std::sync::Arc;

use routing::record::Level;

use crate::setup::Window;

/// So many steps lie in one piece of memory: what grows is not copied, nor is what is added up.
const PIECE: usize = 1 << 12;

/// By how much calls and legs change at a second. Small, for there may be one a second in every
/// part; a larger change is several of them.
#[derive(Debug, Clone, Copy)]
struct Step {
    second: u32,
    calls: i16,
    legs: i16,
}

/// What was told last. Its end is no step before it is known that nothing follows at once.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    until: u32,
    calls: i32,
    legs: i32,
}

/// A second and by how much calls and legs change at it.
type Change = (u32, i64, i64);

/// The levels of a run as steps, or only their peak where no part will be added.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// The most calls and legs so far, of a run in one piece: it takes no memory for its seconds.
    undivided: Option<(u32, u32)>,
    /// Those of one part in their order, behind them those of another.
    pieces: Vec<Arc<Vec<Step>>>,
    /// Those that came last, less than a piece of them.
    steps: Vec<Step>,
    told: Told,
}

impl Levels {
    /// Of a run in one piece, which is told each second once.
    pub fn undivided() -> Self {
        Self {
            undivided: Some((0, 0)),
            ..Self::default()
        }
    }

    /// Whether parts can be laid over it.
    pub const fn is_undivided(&self) -> bool {
        self.undivided.is_some()
    }

    /// Some whole seconds, cut to the window. A run may have 136 years and two thousand million
    /// calls.
    #[inline]
    pub fn add(&mut self, level: &Level, window: Window) {
        let second = routing::Nanos::SECOND.0;
        let whole = |second: u64| u32::try_from(second).unwrap_or(u32::MAX);
        let from = whole(level.from_s.max(window.from.0.div_ceil(second)));
        let until = whole(level.until_s.min(window.until.0.div_ceil(second)));
        if from >= until {
            return;
        }
        if let Some((calls, legs)) = &mut self.undivided {
            *calls = level.calls.max(*calls);
            *legs = level.legs.max(*legs);
            return;
        }
        let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let (calls, legs) = (count(level.calls), count(level.legs));
        if from != self.told.until {
            self.end(self.told);
            self.told = Told::default();
        }
        // Neither is negative, so the differences are numbers of their kind.
        self.step(from, calls - self.told.calls, legs - self.told.legs);
        self.told = Told { until, calls, legs };
    }

    fn end(&mut self, told: Told) {
        self.step(told.until, -told.calls, -told.legs);
    }

    #[inline]
    fn step(&mut self, second: u32, calls: i32, legs: i32) {
        if (calls, legs) == (0, 0) {
            return;
        }
        match (i16::try_from(calls), i16::try_from(legs)) {
            (Ok(calls), Ok(legs)) => self.keep(Step {
                second,
                calls,
                legs,
            }),
            _ => self.large_step(second, calls, legs),
        }
    }

    #[cold]
    fn large_step(&mut self, second: u32, mut calls: i32, mut legs: i32) {
        let part = |of: i32| of.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        while (calls, legs) != (0, 0) {
            let step = Step {
                second,
                calls: part(calls),
                legs: part(legs),
            };
            calls -= i32::from(step.calls);
            legs -= i32::from(step.legs);
            self.keep(step);
        }
    }

    #[inline]
    fn keep(&mut self, step: Step) {
        if self.steps.len() == self.steps.capacity() {
            self.make_room();
        }
        self.steps.push(step);
    }

    #[cold]
    fn make_room(&mut self) {
        if self.steps.len() >= PIECE {
            let full = std::mem::replace(&mut self.steps, Vec::with_capacity(PIECE));
            self.pieces.push(Arc::new(full));
        } else {
            let room = (3 * self.steps.len()).max(16);
            self.steps.reserve_exact(room.min(PIECE - self.steps.len()));
        }
    }

    /// Lays another part over this one. Neither may be undivided.
    pub fn merge(&mut self, other: &Self) {
        self.pieces.extend_from_slice(&other.pieces);
        self.pieces.push(Arc::new(other.steps.clone()));
        self.end(other.told);
    }

    /// The most calls and the most legs at any whole second.
    pub fn peak(&self) -> (u64, u64) {
        if let Some((calls, legs)) = self.undivided {
            return (calls.into(), legs.into());
        }
        let (mut calls, mut legs, mut most) = (0i64, 0i64, (0i64, 0i64));
        for (_, more_calls, more_legs) in self.changes() {
            calls += more_calls;
            legs += more_legs;
            most = (most.0.max(calls), most.1.max(legs));
        }
        (most.0.unsigned_abs(), most.1.unsigned_abs())
    }

    /// By how much the sum of all parts changes, second by second, in their order. Seconds without
    /// a change may be among them.
    fn changes(&self) -> Vec<Change> {
        let Told { until, calls, legs } = self.told;
        let end = (until, -i64::from(calls), -i64::from(legs));
        let of = |step: &Step| (step.second, i64::from(step.calls), i64::from(step.legs));
        let steps = self.pieces.iter().flat_map(|piece| piece.iter());
        let all = steps.chain(&self.steps).map(of).chain([end]);
        let first = all.clone().map(|it| it.0).min().unwrap_or(until);
        let last = all.clone().map(|it| it.0).max().unwrap_or(until);
        let pieces = self.pieces.iter().map(|piece| piece.len());
        let steps = pieces.sum::<usize>() + self.steps.len();
        if (last - first) as usize <= 2 * steps {
            // Many of them: a place for each second, which asks for no order.
            let mut by_second: Vec<Change> = (first..=last).map(|it| (it, 0, 0)).collect();
            for (second, calls, legs) in all {
                let sum = &mut by_second[(second - first) as usize];
                sum.1 += calls;
                sum.2 += legs;
            }
            return by_second;
        }
        let mut ordered: Vec<Change> = all.collect();
        // Lists in order, one behind the other: the stable sort sees that, the other does not.
        ordered.sort_by_key(|change| change.0);
        ordered.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
                kept.2 += next.2;
            }
            same
        });
        ordered
    }
}

impl PartialEq for Levels {
    fn eq(&self, other: &Self) -> bool {
        let changes = |levels: &Self| {
            let mut changes = levels.changes();
            changes.retain(|(_, calls, legs)| (*calls, *legs) != (0, 0));
            changes
        };
        self.undivided == other.undivided && changes(self) == changes(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::Nanos;

    const WINDOW: Window = Window {
        from: Nanos(500_000_000),
        until: Nanos::from_secs(10),
    };

    fn level(from_s: u64, until_s: u64, calls: u32) -> Level {
        Level {
            from_s,
            until_s,
            calls,
            legs: 2 * calls,
        }
    }

    #[test]
    fn the_peak_of_two_parts_is_not_the_sum_of_their_peaks() {
        let (mut a, mut b) = (Levels::default(), Levels::default());
        a.add(&level(1, 3, 4), WINDOW);
        a.add(&level(3, 5, 1), WINDOW);
        b.add(&level(3, 4, 5), WINDOW);
        assert_eq!((a.peak(), b.peak()), ((4, 8), (5, 10)));
        let mut both = a.clone();
        both.merge(&b);
        assert_eq!(both.peak(), (6, 12));
        b.merge(&a);
        assert_eq!(both, b);
    }

    #[test]
    fn in_one_piece_the_peak_is_the_same() {
        let (mut parts, mut whole) = (Levels::default(), Levels::undivided());
        for told in [
            level(0, 1, 9),
            level(1, 3, 4),
            level(3, 9, 7),
            level(9, 30, 1),
        ] {
            parts.add(&told, WINDOW);
            whole.add(&told, WINDOW);
        }
        assert_eq!(whole.peak(), (7, 14));
        assert_eq!(whole.peak(), parts.peak());
        assert!(whole.steps.is_empty());
    }

    const LONG: Window = Window {
        from: Nanos::ZERO,
        until: Nanos::from_secs(4_000_000_000),
    };

    #[test]
    fn only_changes_are_steps_and_parts_add_up_in_any_order() {
        let seconds = |level: fn(u32) -> u32| {
            let mut levels = Levels::default();
            for second in 0..5_000 {
                let now = u64::from(second);
                levels.add(&self::level(now, now + 1, level(second)), LONG);
            }
            levels
        };
        let seldom = seconds(|second| second / 1_000 % 2);
        assert_eq!(seldom.steps.len(), 4);
        let often = seconds(|second| second % 2);
        assert_eq!((often.pieces.len(), often.steps.len()), (1, 4_999 - PIECE));
        let mut both = often.clone();
        both.merge(&seldom);
        assert_eq!(both.peak(), (2, 4));
        let mut other = seldom;
        other.merge(&often);
        assert_eq!(both, other);
    }

    #[test]
    fn few_steps_far_apart_and_many_close_together_add_up_alike() {
        let far = 3_999_999_000;
        let (mut few, mut many) = (Levels::default(), Levels::default());
        few.add(&level(7, 9, 3), LONG);
        few.add(&level(far, far + 2, 4), LONG);
        for second in 0..100 {
            many.add(&level(second, second + 1, (second % 3) as u32), LONG);
        }
        assert_eq!((few.peak(), many.peak()), ((4, 8), (2, 4)));
        let (mut a, mut b) = (few.clone(), many.clone());
        a.merge(&many);
        b.merge(&few);
        assert_eq!(a.peak(), (5, 10));
        assert_eq!(a, b);
    }

    #[test]
    fn changes_too_large_for_a_step_are_exact() {
        let (mut a, mut b) = (Levels::default(), Levels::default());
        a.add(&level(1, 2, 1_000_000), LONG);
        a.add(&level(2, 3, 2), LONG);
        b.add(&level(0, 2, 40_000), LONG);
        a.merge(&b);
        assert_eq!(a.peak(), (1_040_000, 2_080_000));
        b.add(&level(2, 3, 700_000), LONG);
        assert_eq!(b.peak(), (700_000, 1_400_000));
    }

    #[test]
    fn seconds_outside_the_window_do_not_count() {
        let mut levels = Levels::default();
        levels.add(&level(0, 1, 9), WINDOW);
        levels.add(&level(10, 12, 9), WINDOW);
        assert_eq!(levels.peak(), (0, 0));
        levels.add(&level(9, 30, 3), WINDOW);
        assert_eq!(levels.peak(), (3, 6));
    }
}
