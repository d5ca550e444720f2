//! Calls in order of time, sorted within a window.
//!
//! Phone systems write a call when it ends, so logs are nearly in order and never quite.

use std::collections::VecDeque;

use crate::call::CanonicalCall;
use crate::error::Fault;

use super::draft::Draft;
use super::held::{Held, make_room};
use super::{Calls, ImportError, Quality};

/// So many calls are held back to be sorted, unless somebody says otherwise.
pub const WINDOW: usize = 65_536;

pub(super) struct Order {
    window: usize,
    /// By start; calls of one instant as they came.
    held: VecDeque<Held>,
    /// The call that is handed on.
    draft: Draft,
    last: Option<jiff::Timestamp>,
}

impl Order {
    pub(super) fn new(window: usize) -> Self {
        Self {
            window: window.max(1),
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
