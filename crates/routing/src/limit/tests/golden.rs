//! domain.md 2.3, row by row, to the call.

use super::*;
use crate::limit::RateWindow;

/// Calls every `every_ms` from 0; the number (from 1) of the first one that is blocked, of the one
/// that blocks the account, and the time of that in ms.
fn first_and_tipping(
    params: LimitParams,
    every_ms: u64,
    number: u32,
    caller: impl Fn(u64) -> u64,
) -> (u64, u64, u64) {
    let mut desk = Desk::new(params);
    let mut first = u64::MAX;
    for n in 1..=1000 {
        let at_ms = (n - 1) * every_ms;
        if let Verdict::Blocked { blocks_account, .. } = desk.call(caller(n), number, at_ms) {
            first = first.min(n);
            if blocks_account {
                return (first, n, at_ms);
            }
        }
    }
    panic!("the account was never blocked");
}

fn not_counted() -> LimitParams {
    LimitParams {
        count_blocked: false,
        ..LimitParams::default()
    }
}

#[test]
fn a_burst_of_one_caller_is_blocked_at_11_and_the_account_at_16() {
    let it = first_and_tipping(LimitParams::default(), 0, REGULAR, |_| 1);
    assert_eq!(it, (11, 16, 0));
}

#[test]
fn a_burst_of_distinct_callers_is_blocked_at_16_and_the_account_at_21() {
    let it = first_and_tipping(LimitParams::default(), 0, REGULAR, |n| n);
    assert_eq!(it, (16, 21, 0));
}

#[test]
fn a_burst_to_voice_ai_is_blocked_at_201_and_the_account_at_206() {
    for one_caller in [true, false] {
        let caller = |n| if one_caller { 1 } else { n };
        let it = first_and_tipping(LimitParams::default(), 0, VOICE_AI, caller);
        assert_eq!(it, (201, 206, 0));
    }
}

#[test]
fn one_caller_every_5_s_blocks_the_account_at_call_16_after_75_s() {
    let it = first_and_tipping(LimitParams::default(), 5000, REGULAR, |_| 1);
    assert_eq!(it, (11, 16, 75_000));
}

#[test]
fn one_caller_every_5_s_uncounted_blocks_the_account_at_call_36_after_175_s() {
    let it = first_and_tipping(not_counted(), 5000, REGULAR, |_| 1);
    assert_eq!(it, (11, 36, 175_000));
}

#[test]
fn distinct_callers_every_3_9_s_block_the_account_at_call_21_after_78_s() {
    let it = first_and_tipping(LimitParams::default(), 3900, REGULAR, |n| n);
    assert_eq!(it, (16, 21, 78_000));
}

#[test]
fn distinct_callers_every_3_9_s_uncounted_block_the_account_at_call_96_after_370_s() {
    let it = first_and_tipping(not_counted(), 3900, REGULAR, |n| n);
    assert_eq!(it, (16, 96, 370_500));
}

#[test]
fn around_the_edge_of_a_clock_minute_twice_the_limit_passes() {
    let params = LimitParams {
        window: RateWindow::FixedMinute,
        ..LimitParams::default()
    };
    for (limit, one_caller) in [(10, true), (15, false)] {
        let mut desk = Desk::new(params);
        for n in 0..limit * 2 {
            let at_ms = if n < limit { 58_000 } else { 60_000 };
            let caller = if one_caller { 1 } else { 1 + n };
            assert_eq!(
                desk.call(caller, REGULAR, at_ms),
                Verdict::Admitted,
                "call {n}"
            );
        }
        assert!(
            !desk.call(1, REGULAR, 60_000).is_admitted(),
            "one more is over"
        );
    }
}

#[test]
fn sixteen_hops_of_a_redirect_loop_block_the_account() {
    // Two numbers that forward to each other: every hop is an attempt of the same caller.
    let mut desk = Desk::new(LimitParams::default());
    let hop = |desk: &mut Desk, n: u64| {
        let number = if n.is_multiple_of(2) { REGULAR } else { SECOND };
        desk.call(1, number, n * 200)
    };
    for n in 0..10 {
        assert_eq!(hop(&mut desk, n), Verdict::Admitted);
    }
    for n in 10..15 {
        assert_eq!(hop(&mut desk, n), over(Cause::FromRate, 11));
    }
    assert_eq!(hop(&mut desk, 15), tips(Cause::FromRate, 11));
    assert_eq!(hop(&mut desk, 16), account_blocked(6));
}

#[test]
fn exactly_the_limit_is_fine() {
    let mut desk = Desk::new(LimitParams::default());
    assert_eq!(desk.burst(10, 1, REGULAR, 0), Verdict::Admitted);
    assert_eq!(desk.burst(200, 1, VOICE_AI, 0), Verdict::Admitted);
    let mut desk = Desk::new(LimitParams::default());
    assert_eq!(desk.crowd(15, REGULAR, 0), Verdict::Admitted);
    assert_eq!(desk.crowd(200, VOICE_AI, 0), Verdict::Admitted);
}

#[test]
fn without_limits_nobody_is_stopped() {
    let mut desk = Desk::new(LimitParams::none());
    assert_eq!(desk.burst(1000, 1, REGULAR, 0), Verdict::Admitted);
    assert_eq!(desk.limiter.callers_held(), 0);
    let call = InboundCall {
        from: None,
        to: desk.accounts.number(NumberId(0)).number,
    };
    assert_eq!(
        super::super::NoLimits.admit(&call, NumberId(0), Nanos::ZERO),
        Verdict::Admitted
    );
}
