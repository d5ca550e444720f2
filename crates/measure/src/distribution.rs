//! How spans of time lie: classes of three digits, and within a class the one value that it holds,
//! where it holds only one.
//!
//! Constants make such values ordinary: a ring time of 25 s ends thousands of calls after exactly
//! 25 s, and a gate at 25 s must see 25 s rather than the middle of a class.

use hdrhistogram::Histogram;

use crate::delays::{DelayClass, LONGEST};

/// The finest step, ns.
const FINEST_NS: u64 = 1_000;

/// The lowest bits that tell no values of the first classes apart: the largest power of two below
/// the finest step. Together with three digits (2048 steps) it makes the classes of `Histogram`.
const UNIT_BITS: u32 = 9;
const STEP_BITS: u32 = 11;

/// No value yet, and more than one, in [`Distribution::only`].
const NONE: u64 = u64::MAX;
const SEVERAL: u64 = u64::MAX - 1;

/// Counts by class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distribution {
    histogram: Histogram<u64>,
    /// Of each class the value, if all its values are the same.
    only: Vec<u64>,
}

impl Distribution {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        let histogram = Histogram::new_with_bounds(FINEST_NS, LONGEST.0, 3);
        Self {
            histogram: histogram.expect("constant bounds that are valid"),
            only: Vec::new(),
        }
    }

    /// One more span, in ns; at most [`LONGEST`].
    #[inline]
    pub(crate) fn record(&mut self, ns: u64) {
        self.histogram.saturating_record(ns);
        self.note(class_of(ns), ns);
    }

    #[inline]
    fn note(&mut self, class: usize, value: u64) {
        if class >= self.only.len() {
            self.only.resize(class + 1, NONE);
        }
        let known = &mut self.only[class];
        *known = if *known == NONE || *known == value {
            value
        } else {
            SEVERAL
        };
    }

    /// All those of another one.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.histogram
            .add(&other.histogram)
            .expect("all distributions have the same bounds");
        for (class, &value) in other.only.iter().enumerate() {
            if value != NONE {
                self.note(class, value);
            }
        }
    }

    /// The classes that have spans, from the shortest to the longest.
    pub(crate) fn classes(&self) -> impl Iterator<Item = DelayClass> {
        self.histogram.iter_recorded().map(|class| {
            let value = class.value_iterated_to();
            let only = self.only.get(class_of(value)).copied().unwrap_or(SEVERAL);
            let known = only != NONE && only != SEVERAL;
            DelayClass {
                middle_ns: if known { only } else { self.middle(value) },
                count: class.count_at_value(),
            }
        })
    }

    /// The middle of a class. The first one is nothing: whoever did not wait at all waited 0 s.
    fn middle(&self, value: u64) -> u64 {
        match self.histogram.lowest_equivalent(value) {
            0 => 0,
            _ => self.histogram.median_equivalent(value),
        }
    }
}

/// The class of a span: the same as that of the histogram, as a number from 0.
#[inline]
fn class_of(ns: u64) -> usize {
    let top = (ns | ((1 << (UNIT_BITS + STEP_BITS)) - 1)).ilog2();
    let octave = top - (UNIT_BITS + STEP_BITS - 1);
    ((u64::from(octave) << (STEP_BITS - 1)) + (ns >> (octave + UNIT_BITS))) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn classes_are_those_of_the_histogram(a in 0..LONGEST.0, near in 0u64..3_000, wide: bool) {
            let spread = if wide { 1_000_003 } else { 1 };
            let b = (a + near * spread).min(LONGEST.0);
            let histogram = Distribution::new().histogram;
            let same = histogram.equivalent(a, b);
            prop_assert_eq!(same, class_of(a) == class_of(b), "{} {}", a, b);
        }

        #[test]
        fn small_classes_too(a in 0u64..10_000_000, b in 0u64..10_000_000) {
            let histogram = Distribution::new().histogram;
            prop_assert_eq!(histogram.equivalent(a, b), class_of(a) == class_of(b));
            prop_assert!(class_of(a.min(b)) <= class_of(a.max(b)));
        }
    }

    #[test]
    fn a_value_that_stands_alone_is_told_as_it_is() {
        let mut one = Distribution::new();
        (0..100).for_each(|_| one.record(4_321_000_000));
        (0..5).for_each(|n| one.record(30_000_000_000 + n));
        let mut other = Distribution::new();
        other.record(4_321_000_000);
        one.merge(&other);
        let told: Vec<(u64, u64)> = one.classes().map(|it| (it.middle_ns, it.count)).collect();
        assert_eq!(told[0], (4_321_000_000, 101));
        assert_eq!(told[1].1, 5);
        other.record(4_321_000_001);
        one.merge(&other);
        assert_ne!(one.classes().next().unwrap().middle_ns, 4_321_000_000);
    }
}
