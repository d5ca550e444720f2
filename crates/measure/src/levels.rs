//! Calls and legs at each whole second, kept so that parts can be laid over each other: the peak
//! of a sum is not the sum of peaks.

use routing::record::Level;

use crate::setup::Window;

/// Below this many steps it is not worth putting them in order.
const FEW: usize = 1024;

/// By how much calls and legs change at a second. Small, for there may be one a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    second: u32,
    calls: i32,
    legs: i32,
}

impl Step {
    fn add(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.legs = self.legs.saturating_add(other.legs);
    }

    const fn is_level(self) -> bool {
        self.calls == 0 && self.legs == 0
    }
}

/// The levels of a run as a list of steps, or only their peak where no part will be added.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// The most calls and legs so far, of a run in one piece: it takes no memory for its seconds.
    undivided: Option<(u32, u32)>,
    steps: Vec<Step>,
    /// How many steps from the first one on are known to be in order.
    ordered: usize,
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
        self.push(Step {
            second: from,
            calls,
            legs,
        });
        self.push(Step {
            second: until,
            calls: -calls,
            legs: -legs,
        });
    }

    fn push(&mut self, step: Step) {
        if step.is_level() {
            return;
        }
        if let Some(last) = self.steps.last_mut()
            && last.second == step.second
        {
            last.add(step);
            if last.is_level() {
                self.steps.pop();
                self.ordered = self.ordered.min(self.steps.len());
            }
            return;
        }
        let follows = self
            .steps
            .last()
            .is_none_or(|last| last.second < step.second);
        self.ordered += usize::from(follows && self.ordered == self.steps.len());
        self.steps.push(step);
        if self.steps.len() >= FEW.max(2 * self.ordered) {
            self.put_in_order();
        }
    }

    fn put_in_order(&mut self) {
        if self.ordered == self.steps.len() {
            return;
        }
        // Two lists in order, one behind the other, are laid over each other in one pass: the
        // stable sort sees that, the other does not.
        self.steps.sort_by_key(|step| step.second);
        self.steps.dedup_by(|next, kept| {
            let same = next.second == kept.second;
            if same {
                kept.add(*next);
            }
            same
        });
        self.steps.retain(|step| !step.is_level());
        self.ordered = self.steps.len();
    }

    /// Lays another part over this one. Neither may be undivided.
    pub fn merge(&mut self, other: &Self) {
        for step in &other.steps {
            self.push(*step);
        }
        self.put_in_order();
    }

    /// The most calls and the most legs at any whole second.
    pub fn peak(&self) -> (u64, u64) {
        if let Some((calls, legs)) = self.undivided {
            return (calls.into(), legs.into());
        }
        let mut ordered = self.clone();
        ordered.put_in_order();
        let (mut calls, mut legs, mut most) = (0i64, 0i64, (0i64, 0i64));
        for step in &ordered.steps {
            calls += i64::from(step.calls);
            legs += i64::from(step.legs);
            most = (most.0.max(calls), most.1.max(legs));
        }
        (most.0.unsigned_abs(), most.1.unsigned_abs())
    }
}

impl PartialEq for Levels {
    fn eq(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.clone(), other.clone());
        mine.put_in_order();
        theirs.put_in_order();
        mine.undivided == theirs.undivided && mine.steps == theirs.steps
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

    #[test]
    fn steps_that_come_in_order_need_no_sorting() {
        let seconds = |level: fn(u32) -> u32| {
            let mut levels = Levels::default();
            for second in 0..5_000 {
                let now = u64::from(second);
                levels.add(
                    &self::level(now, now + 1, level(second)),
                    Window {
                        from: Nanos::ZERO,
                        until: Nanos::DAY,
                    },
                );
            }
            levels
        };
        let seldom = seconds(|second| second / 1_000 % 2);
        assert_eq!((seldom.steps.len(), seldom.ordered), (4, 4));
        let often = seconds(|second| second % 2);
        assert_eq!((often.steps.len(), often.ordered), (5_000, 5_000));
        let mut both = often.clone();
        both.merge(&seldom);
        assert_eq!(both.peak(), (2, 4));
        let mut other = seldom;
        other.merge(&often);
        assert_eq!(both, other);
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
