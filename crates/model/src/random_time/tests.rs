use super::*;
use crate::draws::{Address, Draws, Purpose};
use routing::record::FreshId;

fn mean_and_cv(law: &RandomTime) -> (f64, f64) {
    let draws = Draws::new(7, 0);
    let count = 200_000u64;
    let mut moments = (0.0, 0.0);
    for n in 0..count {
        let at = Address::of(FreshId { source: 0, n }, 1, Purpose::Life);
        let x = law.draw(draws.one(at)).as_secs_f64();
        moments = (moments.0 + x, moments.1 + x * x);
    }
    let mean = moments.0 / count as f64;
    (
        mean,
        (moments.1 / count as f64 - mean * mean).max(0.0).sqrt() / mean,
    )
}

#[test]
fn each_family_has_its_mean_and_its_coefficient_of_variation() {
    let s = Nanos::from_secs;
    for (name, law, mean, cv) in [
        ("constant", RandomTime::constant(s(30)), 30.0, 0.0),
        ("exponential", RandomTime::exponential(s(120)), 120.0, 1.0),
        (
            "uniform",
            RandomTime::uniform(s(20), s(30)).unwrap(),
            25.0,
            0.11547,
        ),
        (
            "lognormal",
            RandomTime::lognormal(s(30), 0.5).unwrap(),
            33.99,
            0.5329,
        ),
        (
            "lognormal mean",
            RandomTime::lognormal_mean(s(25), 0.66).unwrap(),
            25.0,
            0.66,
        ),
        ("erlang", RandomTime::erlang(4, s(10)).unwrap(), 10.0, 0.5),
        (
            "gamma",
            RandomTime::gamma(0.5, s(10)).unwrap(),
            10.0,
            2f64.sqrt(),
        ),
        (
            "weibull",
            RandomTime::weibull(2.0, s(10)).unwrap(),
            8.862,
            0.5227,
        ),
        (
            "hyperexponential",
            RandomTime::hyperexponential(&[(0.5, s(1)), (0.5, s(9))]).unwrap(),
            5.0,
            1.5099,
        ),
        (
            "empirical",
            RandomTime::empirical(vec![(s(1), 1.0), (s(3), 3.0)]).unwrap(),
            2.5,
            0.3464,
        ),
    ] {
        let (found, spread) = mean_and_cv(&law);
        assert!(
            (found - mean).abs() < 0.02 * mean,
            "{name}: mean {found}, not {mean}"
        );
        assert!(
            (spread - cv).abs() < 0.02 * cv.max(0.1),
            "{name}: cv {spread}, not {cv}"
        );
    }
}

#[test]
fn inversion_rises_with_the_uniform() {
    for law in [
        RandomTime::exponential(Nanos::SECOND),
        RandomTime::lognormal(Nanos::SECOND, 1.5).unwrap(),
        RandomTime::weibull(0.7, Nanos::SECOND).unwrap(),
        RandomTime::uniform(Nanos::ZERO, Nanos::SECOND).unwrap(),
    ] {
        let mut last = Nanos::ZERO;
        for step in 0..1000u64 {
            let next = law.draw(step * (u64::MAX / 1000));
            assert!(next >= last);
            last = next;
        }
        assert!(law.draw(u64::MAX) <= LONGEST);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    assert!(RandomTime::uniform(Nanos::SECOND, Nanos::ZERO).is_err());
    assert!(RandomTime::lognormal(Nanos::SECOND, f64::NAN).is_err());
    assert!(RandomTime::erlang(0, Nanos::SECOND).is_err());
    assert!(RandomTime::hyperexponential(&[(0.5, Nanos::SECOND)]).is_err());
    assert!(RandomTime::empirical(vec![]).is_err());
    assert!(RandomTime::empirical(vec![(Nanos::SECOND, -1.0)]).is_err());
}

fn every_family() -> Vec<(&'static str, RandomTime)> {
    let s = Nanos::from_secs;
    vec![
        ("constant", RandomTime::constant(s(30))),
        ("exponential", RandomTime::exponential(s(120))),
        ("uniform", RandomTime::uniform(s(20), s(30)).unwrap()),
        ("lognormal", RandomTime::lognormal(s(30), 0.93).unwrap()),
        ("weibull", RandomTime::weibull(1.5, s(30)).unwrap()),
        (
            "hyperexponential",
            RandomTime::hyperexponential(&[(0.7, s(1)), (0.0, s(3)), (0.3, s(9))]).unwrap(),
        ),
        (
            "empirical",
            RandomTime::empirical(vec![(s(1), 1.0), (s(3), 3.0), (s(4), 1.0)]).unwrap(),
        ),
        ("erlang", RandomTime::erlang(3, s(10)).unwrap()),
    ]
}

fn pairs(law: &RandomTime, count: u32) -> Vec<(u64, Nanos, Nanos)> {
    let (even, odd) = (Draws::paired(7, 0), Draws::paired(7, 1));
    let drawn = |n| {
        let at = Address::of(FreshId { source: 0, n }, 1, Purpose::Life);
        let uniform = even.one(at);
        (uniform, law.draw(uniform), law.draw(odd.one(at)))
    };
    (0..u64::from(count)).map(drawn).collect()
}

#[test]
fn the_mirror_of_a_draw_is_the_draw_of_the_complement() {
    for (name, law) in every_family() {
        for (uniform, _, mirrored) in pairs(&law, 1000) {
            assert_eq!(mirrored, law.draw(!uniform), "{name}");
        }
    }
}

#[test]
fn inversion_mirrors_and_a_generator_does_not() {
    for (name, law) in every_family() {
        let drawn: Vec<(f64, f64)> = pairs(&law, 50_000)
            .into_iter()
            .map(|(_, a, b)| (a.as_secs_f64(), b.as_secs_f64()))
            .collect();
        let count = drawn.len() as f64;
        let mean = drawn
            .iter()
            .map(|(a, b)| f64::midpoint(*a, *b))
            .sum::<f64>()
            / count;
        let sum = |of: &dyn Fn(f64, f64) -> f64| {
            let off = |it: &(f64, f64)| of(it.0 - mean, it.1 - mean);
            drawn.iter().map(off).sum::<f64>()
        };
        let spread = sum(&|a, b| f64::midpoint(a * a, b * b));
        let correlation = if spread > 0.0 {
            sum(&|a, b| a * b) / spread
        } else {
            0.0
        };
        match name {
            "constant" => assert_eq!(spread, 0.0),
            // Five standard errors of no correlation at all.
            "erlang" => assert!(correlation.abs() < 5.0 / count.sqrt(), "{correlation}"),
            "uniform" => assert!(correlation < -0.999, "{correlation}"),
            // The mirror of a part is another part as a rule, so it mirrors less.
            "hyperexponential" => assert!(correlation < -0.2, "{correlation}"),
            _ => assert!(correlation < -0.3, "{name}: {correlation}"),
        }
    }
}

/// Kolmogorov-Smirnov over the ranks: the distribution function of a mixture is known, so what it
/// makes of the draws is uniform.
#[test]
fn a_mixture_has_the_distribution_of_its_parts() {
    let law = RandomTime::hyperexponential(&[
        (0.7, Nanos::from_secs(1)),
        (0.0, Nanos::from_secs(3)),
        (0.3, Nanos::from_secs(9)),
    ])
    .unwrap();
    let below = |x: f64| 1.0 - 0.7 * (-x).exp() - 0.3 * (-x / 9.0).exp();
    let mut levels: Vec<f64> = pairs(&law, 100_000)
        .into_iter()
        .map(|(_, x, _)| below(x.as_secs_f64()))
        .collect();
    levels.sort_by(f64::total_cmp);
    let count = levels.len() as f64;
    let off = |(rank, level): (usize, &f64)| ((rank as f64 + 0.5) / count - level).abs();
    let farthest = levels.iter().enumerate().map(off).fold(0.0, f64::max);
    // 1.95 over the root of n is passed once in a thousand.
    assert!(farthest < 1.95 / count.sqrt(), "{farthest}");
}

#[test]
fn whole_nanoseconds_are_the_nearest_ones() {
    for (ns, whole) in [
        (0.0, 0),
        (0.49, 0),
        (0.51, 1),
        (1.0, 1),
        (1e9 + 0.4, 1_000_000_000),
        (4.4e15, 4_400_000_000_000_000),
        (1e300, LONGEST.0),
        (f64::INFINITY, LONGEST.0),
    ] {
        assert_eq!(whole_nanos(ns), whole, "{ns}");
    }
    assert_eq!(to_nanos(f64::INFINITY), Nanos::NEVER);
    assert_eq!(to_nanos(1e17), Nanos(100_000_000_000_000_000));
}

#[test]
fn thirty_two_bits_are_drawn_in_the_middle_of_their_stretch() {
    let law = RandomTime::uniform(Nanos::ZERO, Nanos(1 << 33)).unwrap();
    assert_eq!(law.draw_32(0), Nanos(1));
    assert_eq!(law.draw_32(5), Nanos(11));
    assert_eq!(law.draw_32(u32::MAX), Nanos((1 << 33) - 1));
}

#[test]
fn the_mean_is_that_of_the_draws() {
    let s = Nanos::from_secs;
    for law in [
        RandomTime::constant(s(7)),
        RandomTime::exponential(s(20)),
        RandomTime::uniform(s(2), s(5)).unwrap(),
        RandomTime::lognormal(s(10), 0.7).unwrap(),
        RandomTime::gamma(2.5, s(12)).unwrap(),
        RandomTime::weibull(1.7, s(9)).unwrap(),
        RandomTime::hyperexponential(&[(0.3, s(4)), (0.7, s(30))]).unwrap(),
        RandomTime::empirical(vec![(s(1), 2.0), (s(9), 1.0), (s(4), 0.0)]).unwrap(),
    ] {
        let count = 200_000u64;
        let step = u64::MAX / count;
        let drawn = |at: u64| law.draw(at * step + step / 2).as_secs_f64();
        let mean = (0..count).map(drawn).sum::<f64>() / count as f64;
        let off = (mean - law.mean_s()).abs() / law.mean_s();
        assert!(off < 0.01, "{law:?}: {mean} where {} is said", law.mean_s());
    }
    assert!(RandomTime::infinite().mean_s().is_infinite());
}
