//! Every other key of `[limits]`: violations, the block of an account, and what changes no count.

use super::*;
use crate::limit::{
    AccountScope, AnonymousFrom, BlockScope, CheckPosition, FromScope, LimitClass, PoolClass,
    RateWindow, RejectForm, ViolationWindow,
};

#[test]
fn more_violations_than_allowed_block_the_account() {
    for (allowed, tipping) in [(0, 11), (1, 12), (5, 16), (9, 20)] {
        let mut desk = with(|it| it.violations_per_hour = allowed);
        let blocks = |verdict| {
            matches!(
                verdict,
                Verdict::Blocked {
                    blocks_account: true,
                    ..
                }
            )
        };
        let at = (1..=30).find(|_| blocks(desk.call(1, REGULAR, 0)));
        assert_eq!(at, Some(tipping));
        assert_eq!(desk.call(2, SECOND, 0), account_blocked(allowed + 1));
        assert_eq!(
            desk.call(2, SISTER_POOL, 0),
            Verdict::Admitted,
            "other accounts stay open"
        );
    }
}

#[test]
fn a_call_over_both_limits_makes_one_violation_or_two() {
    for (double_hit, violations) in [(1, 1), (2, 2)] {
        let mut desk = with(|it| it.double_hit = double_hit);
        desk.crowd(5, REGULAR, 0);
        desk.burst(10, 1, REGULAR, 0);
        let both = desk.call(1, REGULAR, 0);
        let expected = Verdict::Blocked {
            cause: Cause::FromRate,
            count: 11,
            violations,
            blocks_account: false,
        };
        assert_eq!(both, expected);
        let tipping = (2..100).find(|_| {
            let verdict = desk.call(1, REGULAR, 0);
            matches!(
                verdict,
                Verdict::Blocked {
                    blocks_account: true,
                    ..
                }
            )
        });
        assert_eq!(tipping, Some(6 / u32::from(violations)));
    }
}

#[test]
fn violations_leave_the_sliding_hour_after_3600_s_sharp() {
    for (at_ms, blocks) in [(HOUR - 1, true), (HOUR, false)] {
        let mut desk = with(|_| {});
        desk.burst(15, 1, REGULAR, 0);
        let verdict = desk.burst(11, 1, REGULAR, at_ms);
        assert_eq!(
            verdict,
            if blocks { tips } else { over }(Cause::FromRate, 11)
        );
    }
}

#[test]
fn violations_of_a_fixed_hour_end_with_the_hour_of_the_clock() {
    // The run starts at a quarter to; five violations just before the hour and one just after it.
    for (window, blocks) in [
        (ViolationWindow::FixedHour, false),
        (ViolationWindow::Sliding, true),
    ] {
        let params = LimitParams {
            violation_window: window,
            ..LimitParams::default()
        };
        let mut desk = Desk::starting_at(params, Nanos::from_secs(45 * 60));
        desk.burst(15, 1, REGULAR, 15 * MINUTE - 1);
        let verdict = desk.call(1, REGULAR, 15 * MINUTE);
        assert_eq!(
            verdict,
            if blocks { tips } else { over }(Cause::FromRate, 11),
            "{window:?}"
        );
    }
}

#[test]
fn an_agency_wide_account_is_blocked_as_one() {
    for (account, sister) in [
        (AccountScope::Location, Verdict::Admitted),
        (AccountScope::Agency, account_blocked(6)),
    ] {
        let mut desk = with(|it| it.account = account);
        assert_eq!(desk.burst(16, 1, REGULAR, 0), tips(Cause::FromRate, 11));
        assert_eq!(desk.call(2, SISTER_POOL, 0), sister);
        assert_eq!(desk.call(2, ALONE, 0), Verdict::Admitted);
    }
}

#[test]
fn a_block_spares_ivr_numbers_or_not() {
    for (scope, ivr) in [
        (BlockScope::NonIvr, Verdict::Admitted),
        (BlockScope::All, account_blocked(6)),
    ] {
        let mut desk = with(|it| it.block_scope = scope);
        assert_eq!(desk.call(2, IVR, 0), Verdict::Admitted);
        desk.burst(16, 1, REGULAR, 0);
        assert_eq!(desk.call(2, IVR, 0), ivr);
        assert_eq!(desk.call(2, VOICE_AI, 0), account_blocked(6));
    }
}

#[test]
fn an_ivr_number_enters_no_counter() {
    let mut desk = with(|_| {});
    assert_eq!(desk.burst(1000, 1, IVR, 0), Verdict::Admitted);
    assert_eq!(desk.limiter.callers_held(), 0);
    assert_eq!(desk.burst(10, 1, REGULAR, 0), Verdict::Admitted);
}

#[test]
fn a_block_lasts_for_ever_or_for_its_time() {
    let mut desk = with(|_| {});
    desk.burst(16, 1, REGULAR, 0);
    assert_eq!(desk.call(2, REGULAR, 10_000 * HOUR), account_blocked(6));
    // Ten minutes from the sixth violation, which comes at 1 s; what is blocked meanwhile counts
    // nowhere.
    let mut desk = with(|it| it.block_until = Some(Nanos::from_secs(600)));
    desk.burst(15, 1, REGULAR, 0);
    desk.burst(1, 1, REGULAR, 1000);
    assert_eq!(desk.burst(20, 2, REGULAR, 600_999), account_blocked(6));
    assert_eq!(desk.burst(10, 2, REGULAR, 601_000), Verdict::Admitted);
    // And the violations start anew: five more do not block, the sixth does.
    assert_eq!(
        desk.burst(5, 2, REGULAR, 601_000),
        over(Cause::FromRate, 11)
    );
    assert_eq!(desk.call(2, REGULAR, 601_000), tips(Cause::FromRate, 11));
}

#[test]
fn what_the_caller_hears_and_when_admission_is_asked_change_no_count() {
    for reject_form in RejectForm::ALL {
        for check_position in CheckPosition::ALL {
            let mut desk = with(|it| {
                it.reject_form = *reject_form;
                it.check_position = *check_position;
            });
            assert_eq!(desk.burst(16, 1, REGULAR, 0), tips(Cause::FromRate, 11));
            let kept = desk.limiter.params();
            assert_eq!(
                (kept.reject_form, kept.check_position),
                (*reject_form, *check_position)
            );
        }
    }
}

#[test]
fn every_word_leads_back_to_its_value() {
    macro_rules! back {
        ($($type:ty),+) => {
            $(for it in <$type>::ALL {
                assert_eq!(<$type>::from_name(it.name()), Some(*it));
            }
            assert_eq!(<$type>::from_name("nonsense"), None);
            assert_eq!(<$type>::ALL[0], <$type>::default());)+
        };
    }
    back!(
        RateWindow,
        ViolationWindow,
        FromScope,
        AccountScope,
        BlockScope,
        AnonymousFrom
    );
    back!(LimitClass, PoolClass, RejectForm, CheckPosition);
}
