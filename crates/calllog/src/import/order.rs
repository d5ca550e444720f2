//! Calls in order of time, sorted within a window.
//!
//! Phone systems write a call when it ends, so logs are nearly in order and never quite.

use std::collections::VecDeque;

use crate::call::CanonicalCall;
use crate::error::Fault;

use super::{Calls, ImportError, Quality};

/// So many calls are held back to be sorted, unless somebody says otherwise.
pub const WINDOW: usize = 65_536;

pub(super) struct Order {
    window: usize,
    /// By start; calls of one instant as they came.
    held: VecDeque<CanonicalCall>,
    last: Option<jiff::Timestamp>,
}

impl Order {
    pub(super) fn new(window: usize) -> Self {
        Self {
            window: window.max(1),
            held: VecDeque::new(),
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
        call: CanonicalCall,
        quality: &mut Quality,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        if self.held.back().is_none_or(|last| last.start <= call.start) {
            self.held.push_back(call);
        } else {
            quality.sorted += 1;
            let at = self.held.partition_point(|held| held.start <= call.start);
            self.held.insert(at, call);
        }
        if self.held.len() > self.window {
            self.hand_on_first(quality, calls)?;
        }
        Ok(())
    }

    fn hand_on_first(
        &mut self,
        quality: &mut Quality,
        calls: &mut dyn Calls,
    ) -> Result<(), ImportError> {
        // Looked at where it lies: moving it out first would cost more than all else here.
        if let Some(first) = self.held.front() {
            self.last = Some(first.start);
            quality.call(first);
            calls.call(first)?;
        }
        self.held.pop_front();
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
