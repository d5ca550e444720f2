//! The two counters that every attempt meets: of its caller and of the number it calls.

use super::callers::{CallerKey, Callers};
use super::params::{AnonymousFrom, LimitClass, LimitParams, RateWindow};
use super::window::{FixedMinute, Gcra, Moment, SlidingCounter, SlidingLog, Window};
use crate::account::NumberId;
use crate::call::InboundCall;

/// Which limits an attempt is over, with the count of the one that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Within,
    From(u32),
    To(u32),
    /// Over both; the from limit comes first and is named.
    Both(u32),
}

/// The counters in one reading of the minute.
#[derive(Debug, Clone)]
pub(super) enum Counting {
    Sliding(Counters<SlidingLog>),
    FixedMinute(Counters<FixedMinute>),
    SlidingCounter(Counters<SlidingCounter>),
    Gcra(Counters<Gcra>),
}

impl Counting {
    /// Empty, for so many numbers.
    pub(super) fn new(window: RateWindow, numbers: usize) -> Self {
        match window {
            RateWindow::Sliding => Self::Sliding(Counters::new(numbers)),
            RateWindow::FixedMinute => Self::FixedMinute(Counters::new(numbers)),
            RateWindow::SlidingCounter => Self::SlidingCounter(Counters::new(numbers)),
            RateWindow::Gcra => Self::Gcra(Counters::new(numbers)),
        }
    }

    pub(super) fn callers_held(&self) -> usize {
        match self {
            Self::Sliding(it) => it.callers.held(),
            Self::FixedMinute(it) => it.callers.held(),
            Self::SlidingCounter(it) => it.callers.held(),
            Self::Gcra(it) => it.callers.held(),
        }
    }

    /// See [`Counters::attempt`].
    #[inline]
    pub(super) fn attempt(
        &mut self,
        params: &LimitParams,
        class: LimitClass,
        caller: Option<CallerKey>,
        number: NumberId,
        at: Moment,
    ) -> Counted {
        match self {
            Self::Sliding(it) => it.attempt(params, class, caller, number, at),
            Self::FixedMinute(it) => it.attempt(params, class, caller, number, at),
            Self::SlidingCounter(it) => it.attempt(params, class, caller, number, at),
            Self::Gcra(it) => it.attempt(params, class, caller, number, at),
        }
    }
}

impl LimitParams {
    /// Who this attempt counts as; none is exempt from the from limit.
    #[inline]
    pub(super) fn caller(
        &self,
        class: LimitClass,
        scope: u32,
        call: &InboundCall,
    ) -> Option<CallerKey> {
        let shared = self.anonymous_from == AnonymousFrom::Shared;
        (call.from.is_some() || shared).then(|| CallerKey::new(call.from, scope, class))
    }
}

/// The counters of callers and of numbers.
#[derive(Debug, Clone)]
pub(super) struct Counters<W: Window> {
    callers: Callers<W>,
    numbers: Vec<W>,
    spare: W::Spare,
}

impl<W: Window> Counters<W> {
    fn new(numbers: usize) -> Self {
        Self {
            callers: Callers::new(),
            numbers: vec![W::default(); numbers],
            spare: W::Spare::default(),
        }
    }

    /// Counts this attempt against both limits and enters it as `count_blocked` says. A caller of
    /// none is exempt from the from limit.
    #[inline]
    fn attempt(
        &mut self,
        params: &LimitParams,
        class: LimitClass,
        caller: Option<CallerKey>,
        number: NumberId,
        at: Moment,
    ) -> Counted {
        let limits = params.of(class);
        let spare = &mut self.spare;
        let mut from = caller.map(|key| self.callers.of(key, at.minute(), spare));
        let to = &mut self.numbers[number.index()];
        let from_count = from
            .as_mut()
            .map_or(0, |it| it.count(at, limits.from_per_minute));
        let to_count = to.count(at, limits.to_per_minute);
        let counted = match (
            from_count > limits.from_per_minute,
            to_count > limits.to_per_minute,
        ) {
            (false, false) => Counted::Within,
            (true, false) => Counted::From(from_count),
            (false, true) => Counted::To(to_count),
            (true, true) => Counted::Both(from_count),
        };
        if params.count_blocked || counted == Counted::Within {
            if let Some(it) = from {
                it.enter(at, limits.from_per_minute, &mut self.spare);
            }
            to.enter(at, limits.to_per_minute, &mut self.spare);
        }
        counted
    }
}
