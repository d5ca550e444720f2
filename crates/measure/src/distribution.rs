//! How spans of time lie: classes of three digits, and within a class the one value that it holds,
//! where it holds only one.
//!
//! Constants make such values ordinary: a ring time of 25 s ends thousands of calls after exactly
//! 25 s, and a gate at 25 s must see 25 s rather than the middle of a class.

use routing::Nanos;

use crate::delays::{DelayClass, LONGEST};

/// The finest step is the largest power of two below a microsecond, in ns; with three digits (2048
/// steps) it makes the classes of an HDR histogram.
const UNIT_BITS: u32 = 9;
const STEP_BITS: u32 = 11;

/// More than one value, in [`Class::only`].
const SEVERAL: u64 = u64::MAX;

/// What is known of one class: both numbers side by side, for they are touched together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Class {
    count: u64,
    /// The value, if all spans of the class are the same.
    only: u64,
}

impl Class {
    #[inline]
    fn add(&mut self, other: Self) {
        let alike = self.count == 0 || self.only == other.only;
        self.only = if alike { other.only } else { SEVERAL };
        self.count += other.count;
    }
}

/// So many spans wait before they are counted.
const WAITING: usize = 32;

/// What a distribution takes at most, in bytes: every class, and what waits.
pub(crate) const MOST_BYTES: usize =
    (class_of(LONGEST.0) + 1) * size_of::<Class>() + WAITING * size_of::<Nanos>();

/// Counts by class.
///
/// The spans of calls lie in classes here and there in a table that does not fit into the nearest
/// cache. So some are gathered and then counted together, side by side instead of one wait for
/// memory after the other.
#[derive(Debug, Clone)]
pub(crate) struct Distribution {
    /// Spans that are not counted yet, fewer than [`WAITING`]; seen by nobody outside.
    waiting: Vec<Nanos>,
    /// Up to the last one that has a span.
    classes: Vec<Class>,
    shortest_ns: u64,
    longest_ns: u64,
    /// How many were longer than [`LONGEST`].
    pub(crate) too_long: u64,
}

impl Default for Distribution {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            classes: Vec::new(),
            shortest_ns: u64::MAX,
            longest_ns: 0,
            too_long: 0,
        }
    }
}

impl PartialEq for Distribution {
    fn eq(&self, other: &Self) -> bool {
        let counted = |it: &Self| {
            let mut all = it.clone();
            all.count_waiting();
            (all.classes, all.shortest_ns, all.longest_ns, all.too_long)
        };
        counted(self) == counted(other)
    }
}

impl Eq for Distribution {}

impl Distribution {
    /// One more span; longer than [`LONGEST`] is that long.
    #[inline]
    pub(crate) fn record(&mut self, span: Nanos) {
        if self.waiting.len() + 1 >= WAITING || self.waiting.capacity() < WAITING {
            return self.record_and_count(span);
        }
        self.waiting.push(span);
    }

    /// The same where it is time to count, or where there is no room yet.
    #[inline(never)]
    fn record_and_count(&mut self, span: Nanos) {
        self.waiting.reserve_exact(WAITING);
        self.waiting.push(span);
        self.count_waiting();
    }

    /// Counts all that wait.
    fn count_waiting(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for span in waiting.drain(..) {
            self.count(span);
        }
        self.waiting = waiting;
    }

    #[inline]
    fn count(&mut self, span: Nanos) {
        let class = class_of(span.0);
        if class + 1 >= self.classes.len() {
            return self.count_far(span);
        }
        self.shortest_ns = self.shortest_ns.min(span.0);
        self.classes[class].add(Class {
            count: 1,
            only: span.0,
        });
    }

    /// A span that lies in the last class or beyond: only there can one be too long, or longer than
    /// all before.
    #[cold]
    fn count_far(&mut self, span: Nanos) {
        self.shortest_ns = self.shortest_ns.min(span.0);
        self.longest_ns = self.longest_ns.max(span.0);
        self.too_long += u64::from(span > LONGEST);
        let only = span.min(LONGEST).0;
        let class = class_of(only);
        if self.classes.is_empty() {
            // Once and for all, so that a long run takes no more than a short one. Pages that are
            // never touched cost nothing.
            self.classes.reserve_exact(class_of(LONGEST.0) + 1);
        }
        if class >= self.classes.len() {
            self.classes.resize(class + 1, Class::default());
        }
        self.classes[class].add(Class { count: 1, only });
    }

    /// Whether there is no span.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.classes.is_empty()
    }

    /// All those of another one.
    pub(crate) fn merge(&mut self, other: &Self) {
        other.waiting.iter().for_each(|span| self.record(*span));
        self.count_waiting();
        self.shortest_ns = self.shortest_ns.min(other.shortest_ns);
        self.longest_ns = self.longest_ns.max(other.longest_ns);
        self.too_long += other.too_long;
        if self.classes.len() < other.classes.len() {
            self.classes.resize(other.classes.len(), Class::default());
        }
        for (mine, theirs) in self.classes.iter_mut().zip(&other.classes) {
            if theirs.count > 0 {
                mine.add(*theirs);
            }
        }
    }

    /// The classes that have spans, from the shortest to the longest.
    pub(crate) fn classes(&mut self) -> impl Iterator<Item = DelayClass> {
        self.count_waiting();
        let seen = self.classes.iter().enumerate();
        seen.filter(|(_, it)| it.count > 0)
            .map(|(class, it)| DelayClass {
                middle_ns: match it.only {
                    SEVERAL => middle_of(class).clamp(self.shortest_ns, self.longest_ns),
                    only => only.clamp(self.shortest_ns, self.longest_ns),
                },
                count: it.count,
            })
    }
}

/// The class of a span, as a number from 0.
#[inline]
const fn class_of(ns: u64) -> usize {
    let top = (ns | ((1 << (UNIT_BITS + STEP_BITS)) - 1)).ilog2();
    let octave = top - (UNIT_BITS + STEP_BITS - 1);
    (((octave as u64) << (STEP_BITS - 1)) + (ns >> (octave + UNIT_BITS))) as usize
}

/// The middle of a class, in ns. The first one is nothing: whoever did not wait at all waited 0 s.
fn middle_of(class: usize) -> u64 {
    let octave = (class >> (STEP_BITS - 1)).saturating_sub(1) as u32;
    let step = class as u64 - (u64::from(octave) << (STEP_BITS - 1));
    match step {
        0 => 0,
        _ => (2 * step + 1) << (octave + UNIT_BITS - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hdrhistogram::Histogram;
    use proptest::prelude::*;

    fn histogram() -> Histogram<u64> {
        Histogram::new_with_bounds(1_000, LONGEST.0, 3).unwrap()
    }

    proptest! {
        #[test]
        fn classes_are_those_of_the_histogram(a in 0..LONGEST.0, near in 0u64..3_000, wide: bool) {
            let spread = if wide { 1_000_003 } else { 1 };
            let b = (a + near * spread).min(LONGEST.0);
            let histogram = histogram();
            let same = histogram.equivalent(a, b);
            prop_assert_eq!(same, class_of(a) == class_of(b), "{} {}", a, b);
        }

        #[test]
        fn small_classes_too(a in 0u64..10_000_000, b in 0u64..10_000_000) {
            let histogram = histogram();
            prop_assert_eq!(histogram.equivalent(a, b), class_of(a) == class_of(b));
            prop_assert!(class_of(a.min(b)) <= class_of(a.max(b)));
        }

        #[test]
        fn middles_are_those_of_the_histogram(bits in 0u32..50, low: u64) {
            let ns = (1 << bits | low & ((1 << bits) - 1)).min(LONGEST.0);
            let histogram = histogram();
            let first = histogram.lowest_equivalent(ns) == 0;
            let middle = if first { 0 } else { histogram.median_equivalent(ns) };
            prop_assert_eq!(middle_of(class_of(ns)), middle);
        }
    }

    #[test]
    fn no_class_is_told_outside_of_what_was_seen() {
        let spans = [
            1_000_300_000,
            1_000_300_001,
            2_060,
            2_100,
            5_000_000_001,
            5_000_000_000,
        ];
        for turn in 0..spans.len() {
            let mut turned = spans;
            turned.rotate_left(turn);
            let mut seen = Distribution::default();
            for ns in turned {
                seen.record(Nanos(ns));
            }
            let told: Vec<u64> = seen.classes().map(|it| it.middle_ns).collect();
            assert_eq!(told.len(), 3);
            assert!(told[0] >= 2_060, "{told:?}");
            assert!(told[2] <= 5_000_000_001, "{told:?}");
        }
    }

    #[test]
    fn a_value_that_stands_alone_is_told_as_it_is() {
        let mut one = Distribution::default();
        (0..100).for_each(|_| one.record(Nanos(4_321_000_000)));
        (0..5).for_each(|n| one.record(Nanos(30_000_000_000 + n)));
        let mut other = Distribution::default();
        other.record(Nanos(4_321_000_000));
        one.merge(&other);
        let told: Vec<(u64, u64)> = one.classes().map(|it| (it.middle_ns, it.count)).collect();
        assert_eq!(told[0], (4_321_000_000, 101));
        assert_eq!(told[1].1, 5);
        other.record(Nanos(4_321_000_001));
        one.merge(&other);
        assert_ne!(one.classes().next().unwrap().middle_ns, 4_321_000_000);
    }
}
