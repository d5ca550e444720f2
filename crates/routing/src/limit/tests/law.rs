//! The limiter against the definition, which keeps everything and looks at all of it; and its
//! memory.

use proptest::prelude::*;
use proptest::sample::select;
use rustc_hash::FxHashMap;

use super::*;
use crate::limit::window::Moment;
use crate::limit::{
    AccountScope, AnonymousFrom, BlockScope, ClassLimits, FromScope, LimitClass, PoolClass,
    RateWindow, ViolationWindow, rules,
};

/// What a counter counts: a caller in a scope and class, or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    From(u64, u32, LimitClass),
    To(u32),
}

/// The definition: all entries of all counters, all violations, and tokens counted up, not due
/// times.
struct Naive {
    params: LimitParams,
    rules: Vec<rules::NumberRule>,
    entered: Vec<(Key, Moment)>,
    tokens: FxHashMap<Key, (u64, Nanos)>,
    violations: Vec<(u32, Moment)>,
    blocked: FxHashMap<u32, (Nanos, u32)>,
}

const MINUTE: u64 = Nanos::MINUTE.0;

impl Naive {
    fn new(params: LimitParams, accounts: &Accounts) -> Self {
        Self {
            params,
            rules: rules::of_numbers(&params, accounts),
            entered: Vec::new(),
            tokens: FxHashMap::default(),
            violations: Vec::new(),
            blocked: FxHashMap::default(),
        }
    }

    /// The nanoseconds of refill in this key's bucket, which holds a minute of them.
    fn tokens(&self, key: Key, now: Nanos) -> u64 {
        let (level, at) = self.tokens.get(&key).copied().unwrap_or((MINUTE, now));
        (level + now.since(at).0).min(MINUTE)
    }

    fn is_over(&self, key: Key, at: Moment, limit: u32) -> bool {
        let counted = |which: &dyn Fn(Moment) -> bool| {
            self.entered
                .iter()
                .filter(|(it, t)| *it == key && which(*t))
                .count() as u64
        };
        let limit = u64::from(limit);
        match self.params.window {
            RateWindow::Sliding => counted(&|t| at.now.since(t.now) < Nanos::MINUTE) + 1 > limit,
            RateWindow::FixedMinute => counted(&|t| t.minute() == at.minute()) + 1 > limit,
            RateWindow::SlidingCounter => {
                let this = counted(&|t| t.minute() == at.minute()) + 1;
                let last = counted(&|t| t.minute() + 1 == at.minute());
                this * MINUTE + last * (MINUTE - at.clock.0 % MINUTE) > limit * MINUTE
            }
            RateWindow::Gcra => limit == 0 || self.tokens(key, at.now) < MINUTE / limit,
        }
    }

    fn enter(&mut self, key: Key, at: Moment, limit: u32) {
        self.entered.push((key, at));
        if limit > 0 {
            let left = self
                .tokens(key, at.now)
                .saturating_sub(MINUTE / u64::from(limit));
            self.tokens.insert(key, (left, at.now));
        }
    }

    /// Cause, violations, and whether the account is blocked by them.
    fn admit(&mut self, from: u64, number: u32, at: Moment) -> Option<(Cause, u8, bool)> {
        let p = self.params;
        let rule = self.rules[number as usize];
        let exempt = rule.class.is_none();
        if let Some((until, _)) = self.blocked.get(&rule.account)
            && at.now < *until
            && !(exempt && p.block_scope == BlockScope::NonIvr)
        {
            return Some((Cause::Account, 0, false));
        }
        let class = rule.class?;
        let limits = p.of(class);
        let from_counts = from != 0 || p.anonymous_from == AnonymousFrom::Shared;
        let (from, to) = (Key::From(from, rule.from_scope, class), Key::To(number));
        let from_over = from_counts && self.is_over(from, at, limits.from_per_minute);
        let to_over = self.is_over(to, at, limits.to_per_minute);
        if p.count_blocked || !(from_over || to_over) {
            if from_counts {
                self.enter(from, at, limits.from_per_minute);
            }
            self.enter(to, at, limits.to_per_minute);
        }
        let (cause, made) = match (from_over, to_over) {
            (false, false) => return None,
            (true, true) => (Cause::FromRate, p.double_hit),
            (true, false) => (Cause::FromRate, 1),
            (false, true) => (Cause::ToRate, 1),
        };
        Some((cause, made, self.violate(rule.account, made, at)))
    }

    fn violate(&mut self, account: u32, made: u8, at: Moment) -> bool {
        self.violations.extend((0..made).map(|_| (account, at)));
        let in_hour = |t: Moment| match self.params.violation_window {
            ViolationWindow::Sliding => at.now.since(t.now) < Nanos::HOUR,
            ViolationWindow::FixedHour => at.clock.0 / Nanos::HOUR.0 == t.clock.0 / Nanos::HOUR.0,
        };
        let count = self
            .violations
            .iter()
            .filter(|(it, t)| *it == account && in_hour(*t))
            .count();
        let blocks = count > self.params.violations_per_hour as usize;
        if blocks {
            let until = self
                .params
                .block_until
                .map_or(Nanos::NEVER, |span| at.now + span);
            self.blocked.insert(account, (until, count as u32));
            self.violations.retain(|(it, _)| *it != account);
        }
        blocks
    }
}

/// Limits that divide a minute, so that a token is a whole number of nanoseconds.
fn class_limits() -> impl Strategy<Value = ClassLimits> {
    (0u32..=6, 0u32..=6).prop_map(|(from_per_minute, to_per_minute)| ClassLimits {
        from_per_minute,
        to_per_minute,
    })
}

prop_compose! {
    fn scopes()(
        from_scope in select(FromScope::ALL),
        account in select(AccountScope::ALL),
        block_scope in select(BlockScope::ALL),
        anonymous_from in select(AnonymousFrom::ALL),
        ai_backup_class in select(LimitClass::ALL),
        pool_class in select(PoolClass::ALL),
    ) -> LimitParams {
        LimitParams {
            from_scope, account, block_scope, anonymous_from, ai_backup_class, pool_class,
            ..LimitParams::default()
        }
    }
}

prop_compose! {
    fn params()(
        scopes in scopes(),
        regular in class_limits(),
        voice_ai in class_limits(),
        violations_per_hour in select(vec![0, 1, 2, 5, 20, 1000]),
        window in select(RateWindow::ALL),
        violation_window in select(ViolationWindow::ALL),
        count_blocked in any::<bool>(),
        double_hit in 1u8..=2,
        block_until in select(vec![None, Some(Nanos(1)), Some(Nanos::MINUTE), Some(Nanos::HOUR)]),
    ) -> LimitParams {
        LimitParams {
            regular, voice_ai, violations_per_hour, window, violation_window, count_blocked, double_hit,
            block_until, ..scopes
        }
    }
}

/// From one call to the next: bursts, a steady trickle, and the edges of minutes and hours.
fn gap() -> impl Strategy<Value = u64> {
    let edges = vec![
        0,
        MINUTE - 1,
        MINUTE,
        MINUTE + 1,
        2 * MINUTE - 1,
        2 * MINUTE,
        Nanos::HOUR.0 - MINUTE,
        Nanos::HOUR.0,
    ];
    prop_oneof![
        4 => Just(0u64),
        8 => 0..5_000_000_000u64,
        8 => (0u64..=20).prop_map(|s| s * 1_000_000_000),
        2 => 0..2 * MINUTE,
        1 => select(edges),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_limiter_decides_as_the_definition_does(
        params in params(),
        start_offset in 0..Nanos::HOUR.0,
        calls in prop::collection::vec((gap(), 0u64..5, 0u32..9), 1..200),
    ) {
        let start_offset = Nanos(start_offset);
        let accounts = accounts();
        let mut limiter = Limiter::new(&params, &accounts, start_offset);
        let mut naive = Naive::new(params, &accounts);
        let mut now = Nanos::ZERO;
        for (nth, (gap, caller, number)) in calls.into_iter().enumerate() {
            now += Nanos(gap);
            let call = InboundCall {
                from: caller_number(caller),
                to: accounts.number(NumberId(number)).number,
            };
            let verdict = limiter.admit(&call, NumberId(number), now);
            let expected = naive.admit(caller, number, Moment::new(now, start_offset));
            let got = match verdict {
                Verdict::Admitted => None,
                Verdict::Blocked { cause, violations, blocks_account, .. } => {
                    Some((cause, violations, blocks_account))
                }
            };
            prop_assert_eq!(got, expected, "call {} at {}", nth, now);
            if let Verdict::Blocked { cause: Cause::Account, count, .. } = verdict {
                let account = naive.rules[number as usize].account;
                prop_assert_eq!(count, naive.blocked[&account].1);
            }
        }
    }

    #[test]
    fn a_caller_at_the_limit_of_the_sliding_minute_is_never_stopped_and_one_above_always_is(
        limit in 1u32..40,
        every_ns in 1_000_000u64..10_000_000_000,
    ) {
        let regular = ClassLimits { from_per_minute: limit, to_per_minute: u32::MAX };
        let violations_per_hour = u32::MAX;
        let params = LimitParams { regular, violations_per_hour, ..LimitParams::default() };
        let accounts = accounts();
        let mut limiter = Limiter::new(&params, &accounts, Nanos::ZERO);
        let call = InboundCall { from: caller_number(1), to: accounts.number(NumberId(0)).number };
        let stopped = (0..200)
            .filter(|n| !limiter.admit(&call, NumberId(0), Nanos(n * every_ns)).is_admitted())
            .count();
        // So many calls fall within any half-open minute.
        let within = MINUTE.div_ceil(every_ns);
        let expected = if within > u64::from(limit) { 200usize.saturating_sub(limit as usize) } else { 0 };
        prop_assert_eq!(stopped, expected);
    }
}

#[test]
fn only_the_callers_of_the_last_two_minutes_are_remembered() {
    for window in RateWindow::ALL {
        let roomy = ClassLimits {
            from_per_minute: 10,
            to_per_minute: 1000,
        };
        let params = LimitParams {
            window: *window,
            voice_ai: roomy,
            ..LimitParams::default()
        };
        let mut desk = Desk::new(params);
        // Ten new callers a second to a number of their own account, for three hours: 108 000
        // callers in all, 1 200 in two minutes. They are all admitted, or the account would soon
        // be blocked.
        let mut most = 0;
        for n in 0..3 * 36_000 {
            desk.call(1 + n, VOICE_AI, n * 100);
            most = most.max(desk.limiter.callers_held());
        }
        assert!((1190..=1200).contains(&most), "{most} callers held");
        desk.call(1, REGULAR, 4 * 3_600_000);
        assert_eq!(desk.limiter.callers_held(), 1);
    }
}

#[test]
fn an_entry_that_is_touched_outlives_its_table() {
    // One caller every 50 s: each call moves the entry to the next minute's table.
    let mut desk = Desk::new(LimitParams {
        regular: ClassLimits {
            from_per_minute: 1,
            to_per_minute: 1000,
        },
        violations_per_hour: 1000,
        ..LimitParams::default()
    });
    assert_eq!(desk.call(1, REGULAR, 0), Verdict::Admitted);
    for n in 1..100 {
        assert_eq!(desk.call(1, REGULAR, n * 50_000), over(Cause::FromRate, 2));
        assert_eq!(desk.limiter.callers_held(), 1);
    }
}

#[test]
fn an_entry_is_small() {
    use crate::limit::callers::CallerKey;
    use crate::limit::window::{FixedMinute, Gcra, SlidingCounter, SlidingLog};
    assert_eq!(size_of::<(CallerKey, SlidingLog)>(), 32);
    assert_eq!(size_of::<(CallerKey, FixedMinute)>(), 24);
    assert_eq!(size_of::<(CallerKey, SlidingCounter)>(), 32);
    assert_eq!(size_of::<(CallerKey, Gcra)>(), 24);
}
