//! Admission: the rate limits that stand before (or behind) every decision.
//!
//! The two documented limits (domain.md section 2): too many calls in a minute from one caller,
//! too many to one number. A call over one is a violation and is blocked; too many violations in
//! an hour block the account. What no document states is a field of [`LimitParams`]. The state is
//! bounded by who called within the last two minutes, not by who ever called.
//!
//! Knows no generator, no clock (the time comes with each call) and nothing of what a call does
//! once it is admitted. How a minute is read has one file each below `limit/window/`.

mod account;
mod callers;
mod counters;
mod params;
mod rules;
mod window;

pub use params::{
    AccountScope, AnonymousFrom, BlockScope, CheckPosition, ClassLimits, FromScope, LimitClass,
    LimitParams, PoolClass, RateWindow, RejectForm, ViolationWindow,
};

use std::sync::Arc;

use crate::account::{Accounts, NumberId};
use crate::call::InboundCall;
use crate::record::Cause;
use crate::time::Nanos;

use account::AccountBlock;
use counters::{Counted, Counting};
use rules::NumberRule;
use window::Moment;

/// What admission says of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The call goes on.
    Admitted,
    /// The call ends here as blocked.
    Blocked {
        /// [`Cause::FromRate`], [`Cause::ToRate`] or [`Cause::Account`].
        cause: Cause,
        /// What the rule counted, this attempt included: for a rate the attempts of the minute
        /// (the sliding log stops counting at the limit plus one; the weighted readings round up),
        /// for
        /// `Account` the violations that blocked it.
        count: u32,
        /// How many violations this attempt made: 0 when the account was blocked already, else 1,
        /// or 2 when it broke both limits and `double_hit = 2`.
        violations: u8,
        /// Whether this attempt blocked the account.
        blocks_account: bool,
    },
}

impl Verdict {
    /// Whether the call goes on.
    pub const fn is_admitted(self) -> bool {
        matches!(self, Self::Admitted)
    }
}

/// Says of each attempt whether it may go on, and remembers that it was made.
pub trait Admission {
    /// One attempt to call `number` (which is `call.to`, and ours). `now` never decreases from
    /// call to call; a later hop of the same call is an attempt of its own.
    fn admit(&mut self, call: &InboundCall, number: NumberId, now: Nanos) -> Verdict;
}

/// Admits everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLimits;

impl Admission for NoLimits {
    fn admit(&mut self, _call: &InboundCall, _number: NumberId, _now: Nanos) -> Verdict {
        Verdict::Admitted
    }
}

/// The limits of `[limits]` with all that they remember. A clone of a fresh one shares its tables
/// and starts another run.
#[derive(Debug, Clone)]
pub struct Limiter {
    params: LimitParams,
    start_offset: Nanos,
    rules: Arc<[NumberRule]>,
    counting: Counting,
    /// Whether callers are counted at all.
    counts_callers: bool,
    accounts: Vec<Option<Box<AccountBlock>>>,
}

impl Limiter {
    /// Nothing counted yet. `start_offset` is how long before the start of the run the last full
    /// UTC hour was (below one hour), so that `fixed-minute`, `sliding-counter` and `fixed-hour`
    /// follow the clock.
    pub fn new(params: &LimitParams, accounts: &Accounts, start_offset: Nanos) -> Self {
        let rules = rules::of_numbers(params, accounts);
        let account_ids = rules
            .iter()
            .map(|it| it.account as usize + 1)
            .max()
            .unwrap_or(0);
        Self {
            params: *params,
            start_offset,
            counting: Counting::new(params.window, rules.len()),
            rules: rules.into(),
            counts_callers: true,
            accounts: vec![None; account_ids],
        }
    }

    /// The same for a run in which nobody makes more attempts in all than one caller may in a
    /// minute: no reading of the minute counts more than all attempts, so that no from limit can be
    /// broken, and callers need not be counted.
    #[must_use]
    pub fn without_callers(self) -> Self {
        Self {
            counts_callers: false,
            ..self
        }
    }

    /// The parameters it follows.
    pub fn params(&self) -> &LimitParams {
        &self.params
    }

    /// How many callers are remembered now: those of at most the last two minutes.
    pub fn callers_held(&self) -> usize {
        self.counting.callers_held()
    }

    /// A violation (or two) by an attempt on this account; whether that blocks it.
    fn violate(&mut self, account: u32, violations: u8, at: Moment) -> bool {
        let slot = &mut self.accounts[account as usize];
        slot.get_or_insert_default()
            .violate(violations, at, &self.params)
    }
}

impl Admission for Limiter {
    fn admit(&mut self, call: &InboundCall, number: NumberId, now: Nanos) -> Verdict {
        if !self.params.enabled {
            return Verdict::Admitted;
        }
        let rule = self.rules[number.index()];
        if rule.class.is_none() && self.params.block_scope == BlockScope::NonIvr {
            return Verdict::Admitted;
        }
        if let Some(block) = &self.accounts[rule.account as usize]
            && let Some(count) = block.holds(now)
        {
            let cause = Cause::Account;
            return Verdict::Blocked {
                cause,
                count,
                violations: 0,
                blocks_account: false,
            };
        }
        let Some(class) = rule.class else {
            return Verdict::Admitted;
        };
        let at = Moment::new(now, self.start_offset);
        let caller = if self.counts_callers {
            self.params.caller(class, rule.from_scope, call)
        } else {
            None
        };
        let counted = self
            .counting
            .attempt(&self.params, class, caller, number, at);
        let (cause, count, violations) = match counted {
            Counted::Within => return Verdict::Admitted,
            Counted::From(count) => (Cause::FromRate, count, 1),
            Counted::To(count) => (Cause::ToRate, count, 1),
            Counted::Both(count) => (Cause::FromRate, count, self.params.double_hit.clamp(1, 2)),
        };
        let blocks_account = self.violate(rule.account, violations, at);
        Verdict::Blocked {
            cause,
            count,
            violations,
            blocks_account,
        }
    }
}

#[cfg(test)]
mod tests;
