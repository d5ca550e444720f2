//! A caller who makes no more attempts in all than one may in a minute breaks no from limit,
//! however the minute is read: so callers need not be counted then.

use proptest::prelude::*;

use super::*;
use crate::limit::{ClassLimits, RateWindow};

proptest! {
    #[test]
    fn few_attempts_break_no_from_limit(
        gaps_ms in prop::collection::vec(0u64..90_000, 1..60),
        who in prop::collection::vec(0u64..12, 60),
        limit in 1u32..6,
        window in 0usize..4,
        count_blocked: bool,
    ) {
        let accounts = accounts();
        let params = LimitParams {
            window: RateWindow::ALL[window],
            regular: ClassLimits { from_per_minute: limit, to_per_minute: 7 },
            count_blocked,
            ..LimitParams::default()
        };
        let (_, number) = accounts.numbers().nth(REGULAR as usize).unwrap();
        let offset = Nanos::from_secs(17);
        let mut counted = Limiter::new(&params, &accounts, offset);
        let mut uncounted = counted.clone().without_callers();
        let mut attempts = [0; 12];
        let mut now = Nanos::ZERO;
        for (gap_ms, who) in gaps_ms.iter().zip(who) {
            now += Nanos(gap_ms * 1_000_000);
            attempts[who as usize] += 1;
            if attempts[who as usize] > limit {
                continue;
            }
            let from = PhoneNumber::from_digits(15_555_550_150 + who);
            let call = InboundCall { from, to: number.number };
            let verdict = counted.admit(&call, NumberId(REGULAR), now);
            let from_rate = matches!(
                verdict,
                Verdict::Blocked { cause: Cause::FromRate, .. }
            );
            prop_assert!(!from_rate, "{:?}", params.window);
            prop_assert_eq!(uncounted.admit(&call, NumberId(REGULAR), now), verdict);
        }
        prop_assert_eq!(uncounted.callers_held(), 0);
    }
}
