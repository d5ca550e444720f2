//! Bands hold what they promise, and what is not compared says why.

use super::*;

fn held_at(recorded: f64) -> Held {
    Held {
        recorded,
        simulated: 0.8,
        band: (0.7, 0.9),
        half: 0.1,
    }
}

fn backtest(recorded: &[f64]) -> Backtest {
    let interval = |recorded: &f64| Interval {
        bounds: (Nanos::ZERO, Nanos::HOUR),
        recorded: Recorded::default(),
        held: [Some(held_at(*recorded)), None, None],
    };
    Backtest {
        intervals: recorded.iter().map(interval).collect(),
        why_not: [None; 3],
    }
}

#[test]
fn nine_of_ten_intervals_in_the_band_agree() {
    let mut values = [0.8; 20];
    values[3] = 0.2;
    values[4] = 0.95;
    let agrees = backtest(&values);
    assert_eq!(agrees.inside(What::Answered), (20, 18));
    assert_eq!(agrees.agrees(What::Answered), Some(true));
    assert_eq!(agrees.agrees(What::Wait), None);
    let worst = agrees.worst(What::Answered, 3);
    assert_eq!(
        worst.iter().map(|it| it.1.recorded).collect::<Vec<_>>(),
        [0.2, 0.95]
    );
    values[5] = 0.0;
    assert_eq!(backtest(&values).agrees(What::Answered), Some(false));
}

#[test]
fn a_recorded_interval_knows_what_its_calls_tell() {
    let mut recorded = Recorded::default();
    let mut call = CanonicalCall::at(jiff::Timestamp::UNIX_EPOCH);
    recorded.add(&call);
    assert_eq!(
        recorded.value(What::Answered),
        None,
        "an unknown outcome says nothing"
    );
    call.outcome = Some(Outcome::Answered);
    call.hold = Some(Nanos::from_secs(30));
    recorded.add(&call);
    call.outcome = Some(Outcome::Abandoned);
    recorded.add(&call);
    assert_eq!(recorded.value(What::Answered), Some(0.5));
    assert_eq!(
        recorded.value(What::Missed),
        None,
        "the unknown one may be a missed one"
    );
    recorded.unknown = 0;
    assert_eq!(recorded.value(What::Missed), Some(1.0));
    assert_eq!(recorded.value(What::Wait), Some(30.0));
}

/// A generator of its own: splitmix64.
struct Chance(u64);

impl Chance {
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let far = (-2.0 * self.even().ln()).sqrt();
        far * (std::f64::consts::TAU * self.even()).cos()
    }

    /// Of so many calls the answered ones.
    fn answered(&mut self, calls: u32, share: f64) -> f64 {
        f64::from((0..calls).filter(|_| self.even() < share).count() as u32)
    }
}

/// In how many of ten thousand tries the value of another replication lies in the band.
fn covered(what: What, n: usize, mut value: impl FnMut() -> f64) -> f64 {
    let tries = 10_000;
    let inside = (0..tries).filter(|_| {
        let values: Vec<f64> = (0..n).map(|_| value()).collect();
        held(&values, value(), what).expect("a band").inside()
    });
    f64::from(inside.count() as u32) / f64::from(tries)
}

#[test]
fn another_replication_falls_into_the_band_in_95_of_a_hundred_however_few_there_are() {
    let mut chance = Chance(7);
    for n in [2, 3, 5, 20, 100] {
        let wait = covered(What::Wait, n, || 40.0 + chance.normal());
        // Three standard errors of ten thousand tries.
        assert!((0.9435..0.9565).contains(&wait), "{n}: {wait}");
    }
    for n in [3, 5, 20] {
        let share = covered(What::Answered, n, || chance.answered(200, 0.6) / 200.0);
        assert!((0.94..0.97).contains(&share), "{n}: {share}");
        let missed = covered(What::Missed, n, || 200.0 - chance.answered(200, 0.6));
        assert!((0.94..0.97).contains(&missed), "{n}: {missed}");
    }
}

#[test]
fn the_band_is_cut_to_what_is_possible_and_one_replication_has_none() {
    let high = held(&[0.9, 1.0, 0.8], 0.5, What::Answered).expect("a band");
    assert_eq!(high.band.1.to_bits(), 1f64.to_bits());
    assert!((high.half - 4.302_652_73 * 0.1 * (4f64 / 3.0).sqrt()).abs() < 1e-6);
    assert!(
        !held(&[1.0, 1.0], 0.9, What::Answered)
            .expect("a band")
            .inside()
    );
    for what in [What::Missed, What::Wait] {
        let low = held(&[0.0, 3.0], 50.0, what).expect("a band");
        assert_eq!(low.band.0.to_bits(), 0f64.to_bits());
        assert!(low.band.1 > 3.0);
    }
    assert_eq!(held(&[0.9], 0.9, What::Answered), None);
}

#[test]
fn why_nothing_is_compared_is_the_true_reason() {
    let interval = |calls, unknown| Recorded {
        calls,
        unknown,
        answered: calls,
        waits: (0, 0),
    };
    let why = |what, runs, recorded: &[Recorded], fewest, scale| {
        WhyNot::of(what, runs, recorded, Terms { fewest, scale })
    };
    let few = [interval(3, 0), interval(9, 1)];
    let share = What::Answered;
    assert_eq!(why(share, 20, &few, 10, 1.0), WhyNot::TooFew(9, 10));
    assert_eq!(
        why(share, 20, &[interval(0, 40)], 10, 1.0),
        WhyNot::NoOutcome
    );
    assert_eq!(why(share, 1, &few, 2, 1.0), WhyNot::OneReplication);
    assert_eq!(why(share, 20, &few, 2, 1.0), WhyNot::NothingSimulated);
    assert_eq!(why(What::Missed, 20, &few, 2, 1.5), WhyNot::Scaled);
    assert_eq!(
        why(What::Missed, 20, &few[1..], 2, 1.0),
        WhyNot::SomeUnknown
    );
    assert_eq!(why(What::Wait, 20, &few, 2, 1.0), WhyNot::NoWait);
}
