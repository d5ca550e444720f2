use calllog::CanonicalCall;
use jiff::{SignedDuration, Timestamp};
use routing::Nanos;

use super::*;

/// Uniform numbers that do not hang together: splitmix64.
fn even(nth: u64, shift: f64) -> f64 {
    let mut z = (nth ^ shift.to_bits()).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn quantile(share: f64) -> f64 {
    // By bisection of the distribution function that the fit uses.
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if lognormal::normal(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn secs(value: f64) -> Nanos {
    Nanos((value * 1e9) as u64)
}

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minute)
}

#[test]
fn talk_and_patience_are_found_again_though_most_waits_are_cut_off() {
    let mut fit = Fit::new(TimeZone::UTC);
    for nth in 0..20_000u64 {
        let mut call = CanonicalCall::at(at(nth.cast_signed()));
        let patience = (5.85 + 1.85 * quantile(even(nth, 0.0))).exp();
        let wait = 1.0 + 120.0 * even(nth * 7, 0.31);
        if patience < wait {
            (call.outcome, call.hold) = (Some(Outcome::Abandoned), Some(secs(patience.max(0.01))));
        } else {
            (call.outcome, call.hold) = (Some(Outcome::Answered), Some(secs(wait)));
            call.talk = Some(secs((4.79 + 0.93 * quantile(even(nth * 3, 0.77))).exp()));
        }
        fit.call(&call);
    }
    let fitted = fit.finish();
    let patience = fitted.patience.unwrap();
    assert!((patience.mu - 5.85).abs() < 0.1, "{}", patience.mu);
    assert!((patience.sigma - 1.85).abs() < 0.1, "{}", patience.sigma);
    assert!(patience.distance < 0.03, "{}", patience.distance);
    let talk = fitted.talk.unwrap();
    // The cut at ten seconds takes the lowest half a per cent.
    assert!(
        (talk.mu - 4.79).abs() < 0.03 && (talk.sigma - 0.93).abs() < 0.04,
        "{talk:?}"
    );
    assert!(talk.distance < 0.02 && talk.verdict() == "a close fit");
}

#[test]
fn redials_are_counted_net_of_ordinary_returns_and_left_out_of_the_profile() {
    let mut fit = Fit::new(TimeZone::UTC);
    let from = |nth: u64| PhoneNumber::from_digits(15_555_550_000 + nth);
    let mut calls = Vec::new();
    for nth in 0..1000u64 {
        let mut call = CanonicalCall::at(at(nth.cast_signed() * 10));
        call.from = from(nth);
        let answered = nth % 2 == 0;
        call.outcome = Some(if answered {
            Outcome::Answered
        } else {
            Outcome::Abandoned
        });
        calls.push(call.clone());
        // Half of those who left come back after a quarter of an hour, and a tenth of the others.
        if nth % 4 == 1 || nth % 20 == 0 {
            call.start = at(nth.cast_signed() * 10 + 15);
            call.outcome = Some(Outcome::Answered);
            calls.push(call);
        }
    }
    calls.sort_by_key(|it| it.start);
    for call in &calls {
        fit.call(call);
    }
    let fitted = fit.finish();
    let redials = fitted.redials.unwrap();
    assert_eq!((redials.n, redials.gross), (500, 0.5));
    // Those who came back were answered then, and did not come back a third time.
    assert!(
        (redials.ordinary - 50.0 / 800.0).abs() < 1e-9,
        "{redials:?}"
    );
    assert!((redials.share - (0.5 - 0.0625) / 0.9375).abs() < 1e-9);
    assert_eq!(fitted.profile.redials, 250);
}

#[test]
fn a_blast_is_told_from_an_ordinary_day() {
    let mut fit = Fit::new(TimeZone::UTC);
    let mut minutes: Vec<i64> = (0..21 * 24 * 60).filter(|it| it % 3 == 0).collect();
    // Friday of the second week, ten o'clock: 240 of 12 000 call, half within twenty minutes.
    let blast = (11 * 24 + 10) * 60;
    for nth in 0..240u64 {
        let delay = 20.0 * quantile(even(nth, 0.2)).exp();
        minutes.push(blast + delay as i64);
    }
    minutes.sort_unstable();
    for minute in minutes {
        fit.call(&CanonicalCall::at(at(minute)));
    }
    let found = fit
        .campaign("2026-03-13T10:00:00".parse().unwrap(), 12_000)
        .unwrap();
    assert!((found.response_share - 0.02).abs() < 0.001, "{found:?}");
    assert!(
        (found.median_min - 20.0).abs() < 2.0 && (found.sigma - 1.0).abs() < 0.15,
        "{found:?}"
    );
    // 440 calls where two ordinary days have 200 each: 240 ± 1.96 √540, worth 106.7 calls alone.
    let half = 1.96 * 540f64.sqrt() / 12_000.0;
    let ends = found.response_share_ci95;
    assert!((ends.low - 0.02 + half).abs() < 1e-6 && (ends.high - 0.02 - half).abs() < 1e-6);
    let (low, high) = (found.sigma_ci95.low, found.sigma_ci95.high);
    let told = 1.96 * 1.166 / 106.666f64.sqrt();
    assert!(((high / low).ln() / 2.0 - told).abs() < 1e-4, "{found:?}");
    // One half ± 0.0949 are 0.24 deviations of the logarithm.
    let ends = found.median_min_ci95;
    let near = (ends.low - 15.7).abs() < 2.0 && (ends.high - 25.4).abs() < 2.5;
    assert!(near, "{found:?}");
    let ordinary = fit.campaign("2026-03-06T10:00:00".parse().unwrap(), 12_000);
    assert!(matches!(ordinary, Err(CampaignFault::TooFew { .. })));
    let elsewhere = fit.campaign("2027-03-06T10:00:00".parse().unwrap(), 12_000);
    assert!(matches!(elsewhere, Err(CampaignFault::NotThere(_))));
    assert!(
        fit.campaign("2026-03-13T10:00:00".parse().unwrap(), 0)
            .is_err()
    );
}

#[test]
fn days_that_vary_by_chance_alone_have_no_factor_of_their_own() {
    let mut fit = Fit::new(TimeZone::UTC);
    for day in 0..28i64 {
        // The same every day: less than chance.
        for hour in 9..17 {
            for call in 0..10 {
                fit.call(&CanonicalCall::at(at((day * 24 + hour) * 60 + call * 5)));
            }
        }
    }
    let profile = fit.finish().profile;
    assert_eq!((profile.day_cv, profile.period_cv), (0.0, 0.0));
    assert_eq!((profile.rates[2][9], profile.rates[2][8]), (10.0, 0.0));
}

#[test]
fn a_blast_in_the_evening_is_compared_with_evenings_whose_nights_are_there() {
    let mut fit = Fit::new(TimeZone::UTC);
    // A call every ten minutes from Monday; Wednesday of the third week at eight in the evening.
    let blast = (16 * 24 + 20) * 60;
    let mut minutes: Vec<i64> = (0..24 * 24 * 6).map(|it| it * 10).collect();
    minutes.extend((0..100).map(|nth| blast + 1 + nth / 2));
    minutes.sort_unstable();
    for minute in minutes {
        fit.call(&CanonicalCall::at(at(minute)));
    }
    let named = "2026-03-18T20:00:00".parse().unwrap();
    let found = fit.campaign(named, 1000).unwrap();
    // The last Wednesday of the log is its last day: the two before the blast are left.
    assert_eq!((found.days, found.response_share), (2, 0.1));
    assert_eq!(found.calls, (160.0, 60.0));
    // Its night is left out as well.
    let without = fit.finish_without(named).profile;
    assert_eq!(without.blast.len(), 2);
    assert_eq!((without.days[2], without.days[3]), (2, 2));
    assert_eq!(fit.finish().profile.days[2], 3);
}
