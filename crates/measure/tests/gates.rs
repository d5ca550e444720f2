//! Gates: what passes, fails, stays open, or was not measured.

mod records;

use measure::{Gate, GateResult, Metric, Setup, Summary, Verdict, judge, verdict};
use records::{abandoned, answered, summary};
use routing::Nanos;
use routing::record::CallRecord;

fn s(secs: u64) -> Nanos {
    Nanos::from_secs(secs)
}

fn setup() -> Setup {
    let mut setup = Setup::new(Nanos::ZERO, s(400), s(100));
    setup.each = vec![s(200)];
    setup.source_is_unique = vec![true];
    setup
}

/// So many answered and abandoned calls at this time.
fn calls(at: u64, good: u64, bad: u64) -> Vec<CallRecord> {
    let good = (0..good).map(|n| answered(n, s(at)));
    good.chain((100..100 + bad).map(|n| abandoned(n, s(at), s(9))))
        .collect()
}

fn share(min: f64) -> Gate {
    Gate {
        metric: "calls.answered.share".to_owned(),
        min: Some(min),
        ..Gate::default()
    }
}

fn said(gate: &Gate, summary: &Summary) -> (Verdict, Option<Nanos>) {
    let result = judge(gate, summary);
    (result.verdict, result.worst)
}

#[test]
fn one_replication_is_compared_plainly() {
    let run = summary(setup(), &[calls(0, 8, 2)]);
    assert_eq!(said(&share(0.8), &run).0, Verdict::Pass);
    assert_eq!(said(&share(0.81), &run).0, Verdict::Fail);
    let offered = |min, max, equals| Gate {
        metric: "calls.offered".to_owned(),
        min,
        max,
        equals,
        ..Gate::default()
    };
    for (gate, expected) in [
        (offered(None, Some(10.0), None), Verdict::Pass),
        (offered(None, Some(9.0), None), Verdict::Fail),
        (offered(None, None, Some(10.0)), Verdict::Pass),
        (offered(None, None, Some(11.0)), Verdict::Fail),
        (offered(Some(5.0), Some(9.0), None), Verdict::Fail),
        (offered(Some(5.0), Some(15.0), None), Verdict::Pass),
        (offered(Some(f64::NAN), None, None), Verdict::Fail),
        (offered(None, None, None), Verdict::NotMeasured),
    ] {
        assert_eq!(judge(&gate, &run).verdict, expected, "{gate:?}");
    }
}

#[test]
fn a_bound_inside_the_interval_is_inconclusive() {
    let run = summary(setup(), &[calls(0, 8, 2), calls(0, 7, 3), calls(0, 9, 1)]);
    let (low, high) = run.get("calls.answered.share").unwrap().ci95.unwrap();
    assert_eq!(said(&share(0.75), &run).0, Verdict::Inconclusive);
    assert_eq!(said(&share(0.85), &run).0, Verdict::Inconclusive);
    // Not strictly inside: the value decides.
    assert_eq!(said(&share(low), &run).0, Verdict::Pass);
    assert_eq!(said(&share(high), &run).0, Verdict::Fail);
    assert_eq!(said(&share(0.1), &run).0, Verdict::Pass);
}

#[test]
fn the_worst_interval_decides_and_empty_ones_are_skipped() {
    let mut day = calls(0, 9, 1);
    day.extend(calls(250, 6, 4));
    day.extend(calls(350, 9, 1));
    let run = summary(setup(), &[day]);
    let each = |min, each| Gate {
        each: Some(s(each)),
        ..share(min)
    };
    assert_eq!(said(&each(0.7, 100), &run), (Verdict::Fail, Some(s(200))));
    assert_eq!(said(&each(0.6, 100), &run), (Verdict::Pass, Some(s(200))));
    // In twos: 9 of 10, then 15 of 20.
    assert_eq!(said(&each(0.7, 200), &run), (Verdict::Pass, Some(s(200))));
    assert_eq!(judge(&each(0.7, 200), &run).value, Some(0.75));
    assert_eq!(said(&each(0.7, 300), &run).0, Verdict::NotMeasured);
    let nothing = summary(setup(), &[Vec::new()]);
    let empty = judge(&each(0.7, 100), &nothing);
    assert_eq!(empty.verdict, Verdict::NotMeasured);
    assert_eq!(
        empty.reason.as_deref(),
        Some("no interval has it: there were no calls offered")
    );
    let whole_only = Gate {
        metric: "callers.offered".to_owned(),
        ..each(1.0, 100)
    };
    assert_eq!(judge(&whole_only, &run).verdict, Verdict::NotMeasured);
}

#[test]
fn a_share_of_the_replications_is_never_inconclusive() {
    let days: Vec<_> = [8, 7, 9, 9, 9].map(|good| calls(0, good, 10 - good)).into();
    let run = summary(setup(), &days);
    let on = |min, share_of| Gate {
        holds_on: Some(share_of),
        ..share(min)
    };
    assert_eq!(said(&on(0.8, 0.8), &run).0, Verdict::Pass);
    assert_eq!(said(&on(0.8, 0.81), &run).0, Verdict::Fail);
    assert_eq!(said(&on(0.9, 0.6), &run).0, Verdict::Pass);
    assert_eq!(judge(&on(0.8, 0.8), &run).held_on, Some(0.8));
    let each = Gate {
        each: Some(s(100)),
        ..on(0.8, 0.8)
    };
    assert_eq!(judge(&each, &run).verdict, Verdict::Pass);
    // A replication without the metric has not kept the bound.
    let half = summary(setup(), &[calls(0, 9, 1), Vec::new()]);
    assert_eq!(said(&on(0.8, 0.6), &half).0, Verdict::Fail);
}

#[test]
fn what_a_clock_measures_can_be_gated() {
    let gate = |metric: &str| Gate {
        metric: metric.to_owned(),
        max: Some(150_000.0),
        ..Gate::default()
    };
    let measured = vec![(
        "backend.response_us.p99".to_owned(),
        Metric::sampled(120_000.0, "us"),
    )];
    let run = Summary::new(Vec::new(), measure::Fingerprint::default(), measured);
    assert_eq!(
        judge(&gate("backend.response_us.p99"), &run).verdict,
        Verdict::Pass
    );
    let missing = judge(&gate("backend.lag_us.p99"), &run);
    assert_eq!(missing.verdict, Verdict::NotMeasured);
    let unknown = judge(&gate("backend.lags_us.p99"), &run).reason.unwrap();
    assert!(
        unknown.ends_with("the nearest is `backend.lag_us.p99`"),
        "{unknown}"
    );
}

#[test]
fn the_verdict_is_that_of_the_highest_exit_code() {
    use Verdict::{Fail, Inconclusive, NotMeasured, Pass};
    let result = |verdict| GateResult {
        gate: Gate::default(),
        verdict,
        value: None,
        ci95: None,
        bound: None,
        worst: None,
        held_on: None,
        reason: None,
    };
    for (verdicts, expected) in [
        (&[][..], Pass),
        (&[Pass, Inconclusive][..], Inconclusive),
        (&[Fail, Inconclusive, Pass][..], Fail),
        (&[NotMeasured, Fail][..], NotMeasured),
    ] {
        let results: Vec<_> = verdicts.iter().copied().map(result).collect();
        assert_eq!(verdict(&results), expected);
    }
}
