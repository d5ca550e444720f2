//! Calls in order of time, sorted within a window.
//!
//! Phone systems write a call when it ends, so logs are nearly in order and never quite.

use std::collections::VecDeque;

use routing::Nanos;
use routing::record::Outcome;

use crate::call::CanonicalCall;
use crate::error::Fault;

use super::draft::Draft;
use super::held::{Held, make_room};
use super::{Calls, ImportError, LONG_RING, Quality};

/// So many calls are held back to be sorted, unless somebody says otherwise.
pub const WINDOW: usize = 65_536;

pub(super) struct Order {
    window: usize,
    /// See [`Options::suspect_voicemail`](super::Options).
    suspect: Option<Nanos>,
    /// By start; calls of one instant as they came.
    held: VecDeque<Held>,
    /// The call that is handed on.
    draft: Draft,
    last: Option<jiff::Timestamp>,
}

impl Order {
    pub(super) fn new(window: usize, suspect: Option<Nanos>) -> Self {
        Self {
            window: window.max(1),
            suspect,
            held: VecDeque::new(),
            draft: Draft::new(),
            last: None,
        }
    }

    /// Why the call cannot come now, if it is older than what was handed on.
    pub(super) fn refuses(&self, call: &CanonicalCall) -> Option<Fault> {
        let last = self.last.filter(|last| *last > call.start)?;
        let seconds = last.duration_since(call.start).as_secs().unsigned_abs();
        Some(Fault::OutOfOrder {
            seconds,
            window: self.window,
        })
    }

    /// Takes a call that it does not refuse.
    pub(super) fn push(
        &mut self,
        call: &CanonicalCall,
        quality: &mut Quality,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        let late = self.held.back().is_some_and(|it| it.start > call.start);
        quality.sorted += u64::from(late);
        if self.held.len() >= self.window {
            if self.held.front().is_some_and(|it| it.start > call.start) {
                // Older than all that is held: it is the first to go.
                if self.last == Some(call.start) {
                    quality.first_of_instant(&self.draft.call);
                }
                self.last = Some(call.start);
                let suspected = self.suspected(call).then(|| quality.suspect(call));
                let call = suspected.as_ref().unwrap_or(call);
                quality.call(call);
                // It does not stay in the draft.
                quality.first_of_instant(call);
                return Ok(calls.call(call)?);
            }
            self.hand_on_first(quality, calls)?;
        }
        make_room(&mut self.held, self.window);
        let held = Held::new(call);
        if late {
            let at = self.held.partition_point(|it| it.start <= call.start);
            self.held.insert(at, held);
        } else {
            self.held.push_back(held);
        }
        Ok(())
    }

    /// Whether a phone company's voicemail may have answered it.
    #[inline]
    fn suspected(&self, call: &CanonicalCall) -> bool {
        self.suspect.is_some_and(|short| {
            let quick = call.talk.is_some_and(|it| it < short);
            let late = call.ring.is_some_and(|it| it >= LONG_RING);
            call.outcome == Some(Outcome::Answered) && (quick || late)
        })
    }

    fn hand_on_first(
        &mut self,
        quality: &mut Quality,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        if let Some(first) = self.held.front() {
            if self.last == Some(first.start) {
                quality.first_of_instant(&self.draft.call);
            }
            first.write_to(&mut self.draft);
            self.held.pop_front();
            if self.suspected(&self.draft.call) {
                self.draft.call = quality.suspect(&self.draft.call);
            }
            let call = &self.draft.call;
            self.last = Some(call.start);
            quality.call(call);
            calls.call(call)?;
        }
        Ok(())
    }

    pub(super) fn finish(
        &mut self,
        quality: &mut Quality,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        while !self.held.is_empty() {
            self.hand_on_first(quality, calls)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    #[derive(Default)]
    struct Kept(Vec<CanonicalCall>);

    impl Calls for Kept {
        fn call(&mut self, call: &CanonicalCall) -> std::io::Result<()> {
            self.0.push(call.clone());
            Ok(())
        }
    }

    proptest! {
        /// However late they come, as far as they are taken.
        #[test]
        fn calls_are_in_order_and_equal_ones_are_counted(
            calls in prop::collection::vec((0i64..6, 0u64..3), 1..60),
            window in 1usize..6,
        ) {
            let mut order = Order::new(window, None);
            let mut quality = Quality::new(TimeZone::UTC);
            let mut kept = Kept::default();
            for (minute, talk) in calls {
                let at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
                let call = CanonicalCall {
                    talk: Some(Nanos(talk)),
                    ..CanonicalCall::at(at)
                };
                if order.refuses(&call).is_none() {
                    order.push(&call, &mut quality, &mut kept).unwrap();
                }
            }
            order.finish(&mut quality, &mut kept).unwrap();
            prop_assert!(kept.0.is_sorted_by_key(|it| it.start));
            let seen_before = |nth: &usize| kept.0[..*nth].contains(&kept.0[*nth]);
            let equal = (0..kept.0.len()).filter(seen_before).count() as u64;
            prop_assert_eq!(quality.duplicates, equal);
            prop_assert_eq!(quality.calls, kept.0.len() as u64);
        }
    }
}
