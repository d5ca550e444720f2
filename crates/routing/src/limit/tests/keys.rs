//! Every key of `[limits]` that is about the rates, from both of its sides.

use super::*;
use crate::limit::{AnonymousFrom, ClassLimits, FromScope, LimitClass, PoolClass, RateWindow};

#[test]
fn limits_of_each_class_are_its_own() {
    let mut desk = with(|it| {
        it.regular = ClassLimits {
            from_per_minute: 2,
            to_per_minute: 3,
        };
        it.voice_ai = ClassLimits {
            from_per_minute: 4,
            to_per_minute: 5,
        };
        it.violations_per_hour = 1000;
    });
    assert_eq!(admitted(&mut desk, 9, 1, REGULAR), 2);
    assert_eq!(
        desk.burst(1, 2, REGULAR, 0),
        over(Cause::ToRate, 4),
        "nine attempts were counted"
    );
    assert_eq!(
        admitted(&mut desk, 4, 1, VOICE_AI),
        4,
        "the classes do not share a caller's counter"
    );
    assert_eq!(desk.call(1, VOICE_AI, 0), over(Cause::FromRate, 5));
    assert_eq!(desk.call(2, VOICE_AI, 0), over(Cause::ToRate, 6));
}

#[test]
fn a_limit_of_zero_stops_every_call() {
    for window in RateWindow::ALL {
        for (from, to, cause) in [(0, 9, Cause::FromRate), (9, 0, Cause::ToRate)] {
            let mut desk = with(|it| {
                it.regular = ClassLimits {
                    from_per_minute: from,
                    to_per_minute: to,
                };
                it.window = *window;
            });
            assert_eq!(desk.call(1, REGULAR, 0), over(cause, 1));
            assert_eq!(desk.call(1, REGULAR, 3 * MINUTE), over(cause, 1));
        }
    }
}

#[test]
fn a_call_leaves_the_sliding_minute_after_60_s_sharp() {
    let mut desk = with(|_| {});
    desk.burst(10, 1, REGULAR, 0);
    assert_eq!(desk.call(1, REGULAR, MINUTE - 1), over(Cause::FromRate, 11));
    let mut desk = with(|_| {});
    desk.burst(10, 1, REGULAR, 0);
    assert_eq!(desk.call(1, REGULAR, MINUTE), Verdict::Admitted);
}

#[test]
fn each_window_reads_the_minute_in_its_own_way() {
    // 10 calls at 50 s, then one at 65 s and one at 85 s, of one caller.
    use Verdict::Admitted;
    let half = over(Cause::FromRate, 11);
    for (window, at_65, at_85) in [
        (RateWindow::Sliding, half, half),
        (RateWindow::FixedMinute, Admitted, Admitted),
        // 55 s of the last minute are still covered at 65 s: 10 * 55/60 = 9.2, and this one makes
        // 10.2.
        (RateWindow::SlidingCounter, half, Admitted),
        // A token came every 6 s.
        (RateWindow::Gcra, Admitted, Admitted),
    ] {
        let mut desk = with(|it| it.window = window);
        assert_eq!(desk.burst(10, 1, REGULAR, 50_000), Admitted);
        assert_eq!(desk.call(1, REGULAR, 65_000), at_65, "{window:?}");
        assert_eq!(desk.call(1, REGULAR, 85_000), at_85, "{window:?}");
    }
}

#[test]
fn the_clock_minute_follows_the_clock_and_not_the_run() {
    for window in [RateWindow::FixedMinute, RateWindow::SlidingCounter] {
        let params = LimitParams {
            window,
            ..LimitParams::default()
        };
        // The run starts 30 s after a full minute.
        let mut desk = Desk::starting_at(params, Nanos::from_secs(1830));
        desk.burst(10, 1, REGULAR, 29_999);
        let next_minute = desk.call(1, REGULAR, 30_001);
        let fixed = window == RateWindow::FixedMinute;
        assert_eq!(next_minute.is_admitted(), fixed, "{window:?}");
        let mut desk = Desk::starting_at(params, Nanos::from_secs(1830));
        desk.burst(10, 1, REGULAR, 30_000);
        assert_eq!(
            desk.call(1, REGULAR, 89_999),
            over(Cause::FromRate, 11),
            "{window:?}"
        );
    }
}

#[test]
fn gcra_lets_19_through_in_the_first_minute_where_the_log_lets_10() {
    for (window, expected) in [(RateWindow::Gcra, 19), (RateWindow::Sliding, 10)] {
        let mut desk = with(|it| {
            it.window = window;
            it.count_blocked = false;
            it.violations_per_hour = u32::MAX;
        });
        let through = (0..MINUTE / 10).filter(|n| desk.call(1, REGULAR, n * 10).is_admitted());
        assert_eq!(through.count(), expected, "{window:?}");
    }
}

#[test]
fn a_counted_blocked_call_keeps_the_gate_shut() {
    // Twelve calls a minute for ten minutes; what each reading lets through, counted and not
    // counted.
    for (window, counted, not_counted) in [
        (RateWindow::Sliding, 10, 100),
        (RateWindow::FixedMinute, 100, 100),
        // Counted, 13 at any time after the first ten; not counted, 9 a minute after them.
        (RateWindow::SlidingCounter, 10, 91),
        // Ten tokens and 595 s / 6 s; counted, the first blocked call (the 56th) empties the
        // bucket.
        (RateWindow::Gcra, 55, 109),
    ] {
        for (count_blocked, expected) in [(true, counted), (false, not_counted)] {
            let mut desk = with(|it| {
                it.window = window;
                it.count_blocked = count_blocked;
                it.violations_per_hour = u32::MAX;
            });
            let through = (0..120).filter(|n| desk.call(1, REGULAR, n * 5000).is_admitted());
            assert_eq!(through.count(), expected, "{window:?} {count_blocked}");
        }
    }
}

#[test]
fn a_stopped_attempt_enters_both_counters_or_neither() {
    for (count_blocked, expected) in [(true, over(Cause::ToRate, 16)), (false, Verdict::Admitted)] {
        let mut desk = with(|it| {
            it.count_blocked = count_blocked;
            it.violations_per_hour = 1000;
        });
        // The from limit stops 5 of 15; they reach the number's counter or not.
        desk.burst(15, 1, REGULAR, 0);
        assert_eq!(desk.call(2, REGULAR, 0), expected);
    }
    for (count_blocked, expected) in [
        (true, over(Cause::FromRate, 11)),
        (false, Verdict::Admitted),
    ] {
        let mut desk = with(|it| it.count_blocked = count_blocked);
        desk.crowd(15, REGULAR, 0);
        // The to limit stops this one; it reaches the caller's counter or not.
        assert_eq!(desk.call(1, REGULAR, 0), over(Cause::ToRate, 16));
        desk.burst(9, 1, SECOND, 0);
        assert_eq!(desk.call(1, SECOND, 0), expected);
    }
}

#[test]
fn callers_are_counted_over_their_scope() {
    for (scope, sister, alone) in [
        (FromScope::Location, 10, 10),
        (FromScope::Agency, 0, 10),
        (FromScope::Platform, 0, 0),
    ] {
        let mut desk = with(|it| it.from_scope = scope);
        desk.burst(10, 1, REGULAR, 0);
        assert_eq!(admitted(&mut desk, 10, 1, SISTER_POOL), sister, "{scope:?}");
        assert_eq!(admitted(&mut desk, 10, 1, ALONE), alone, "{scope:?}");
    }
}

#[test]
fn the_from_limit_spans_all_numbers_of_its_scope() {
    let mut desk = with(|_| {});
    desk.burst(5, 1, REGULAR, 0);
    desk.burst(5, 1, SECOND, 0);
    assert_eq!(desk.call(1, REGULAR, 0), over(Cause::FromRate, 11));
}

#[test]
fn private_callers_count_as_one_or_not_at_all() {
    let mut desk = with(|_| {});
    desk.burst(10, 0, REGULAR, 0);
    assert_eq!(desk.call(0, SECOND, 0), over(Cause::FromRate, 11));
    let mut desk = with(|it| it.anonymous_from = AnonymousFrom::Exempt);
    assert_eq!(desk.burst(15, 0, REGULAR, 0), Verdict::Admitted);
    assert_eq!(
        desk.call(0, REGULAR, 0),
        over(Cause::ToRate, 16),
        "the number still counts them"
    );
}

#[test]
fn the_class_of_an_ai_backup_is_a_choice() {
    for number in [SISTER_AI_BACKUP, ALONE_BACKUP_AI] {
        assert_eq!(class_shown(number, |_| {}), 10);
        assert_eq!(
            class_shown(number, |it| it.ai_backup_class = LimitClass::VoiceAi),
            200
        );
    }
    assert_eq!(class_shown(VOICE_AI, |_| {}), 200);
    assert_eq!(
        class_shown(REGULAR, |it| it.ai_backup_class = LimitClass::VoiceAi),
        10
    );
}

#[test]
fn the_class_of_a_pool_number_is_a_choice() {
    assert_eq!(class_shown(ALONE_POOL_AI, |_| {}), 200);
    assert_eq!(
        class_shown(ALONE_POOL_AI, |it| it.pool_class = PoolClass::Regular),
        10
    );
    assert_eq!(class_shown(SISTER_POOL, |_| {}), 10);
    assert_eq!(
        class_shown(VOICE_AI, |it| it.pool_class = PoolClass::Regular),
        200
    );
}
