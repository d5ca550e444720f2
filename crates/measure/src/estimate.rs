//! From the values of several replications to one value, its interval and its spread.
//!
//! Replications are independent and each value is one number, so Student's t applies to means and
//! Wilson's interval to shares of yes and no.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The normal quantile of a two-sided 95 % interval.
const Z_95: f64 = 1.959_963_984_540_054;

/// How values lie over the replications: quantiles by linear interpolation between the two nearest
/// ordered values (type 7 of Hyndman and Fan, what most spreadsheets and R do by default).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// 5 % lie at or below.
    pub p5: f64,
    /// The median.
    pub p50: f64,
    /// 95 % lie at or below.
    pub p95: f64,
}

/// The mean, added up in the given order; none of nothing. Equal values give exactly themselves.
pub fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if values.iter().all(|value| value.total_cmp(&first).is_eq()) {
        return Some(first);
    }
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// The half-width of the 95 % interval of their mean: t·s/√n; none of fewer than two.
pub fn half_width(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    if values.len() < 2 {
        return None;
    }
    let degrees = (values.len() - 1) as f64;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    if squares == 0.0 {
        return Some(0.0);
    }
    Some(t_95(degrees)? * (squares / degrees / values.len() as f64).sqrt())
}

/// Student's t for a two-sided 95 % interval; none for fewer than one degree of freedom.
pub fn t_95(degrees: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, degrees)
        .ok()
        .filter(|_| degrees >= 1.0)?;
    Some(student.inverse_cdf(0.975))
}

/// How the values spread; none of nothing.
pub fn spread(values: &[f64]) -> Option<Spread> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(Spread {
        p5: quantile(&sorted, 0.05)?,
        p50: quantile(&sorted, 0.5)?,
        p95: quantile(&sorted, 0.95)?,
    })
}

/// A quantile of sorted values, type 7.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)? as f64);
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

/// Wilson's 95 % interval of a share of yes; none of nothing.
pub fn wilson_95(yes: u64, n: u64) -> Option<(f64, f64)> {
    if n == 0 {
        return None;
    }
    let (yes, n) = (yes.min(n) as f64, n as f64);
    let z2 = Z_95 * Z_95;
    let centre = (yes + z2 / 2.0) / (n + z2);
    let half = Z_95 / (n + z2) * (yes * (n - yes) / n + z2 / 4.0).sqrt();
    // The ends are exactly 0 and 1 there; rounding would leave a trace.
    let low = if yes == 0.0 {
        0.0
    } else {
        (centre - half).max(0.0)
    };
    let high = if yes >= n {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    #[test]
    fn student_is_as_in_the_tables() {
        // NIST/SEMATECH e-Handbook 1.3.6.7.2, upper critical values at 0.975.
        for (degrees, t) in [
            (1.0, 12.706),
            (2.0, 4.303),
            (9.0, 2.262),
            (19.0, 2.093),
            (100.0, 1.984),
        ] {
            near(t_95(degrees).unwrap(), t, 5.1e-4);
        }
        // One degree of freedom is the Cauchy distribution: tan(0.475 π).
        near(
            t_95(1.0).unwrap(),
            (0.475 * std::f64::consts::PI).tan(),
            1e-8,
        );
        assert_eq!(t_95(0.0), None);
    }

    #[test]
    fn wilson_is_as_published() {
        // Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29.
        for (yes, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson_95(yes, n).unwrap();
            near(found.0, low, 5.1e-5);
            near(found.1, high, 5.1e-5);
        }
        near(wilson_95(20, 20).unwrap().1, 1.0, 0.0);
        assert_eq!(wilson_95(0, 0), None);
    }

    #[test]
    fn a_mean_of_equal_values_has_no_width() {
        assert_eq!(mean(&[0.1, 0.1, 0.1]), Some(0.1));
        assert_eq!(half_width(&[0.1, 0.1, 0.1]), Some(0.0));
        assert_eq!(half_width(&[0.1]), None);
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn the_half_width_is_t_times_the_standard_error() {
        // s² = 2.5, n = 5, t(4) = 2.7764451052.
        near(
            half_width(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap(),
            1.963_243_161_431_7,
            1e-8,
        );
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let spread = spread(&[4.0, 1.0, 3.0, 2.0, 5.0]).unwrap();
        near(spread.p5, 1.2, 1e-12);
        near(spread.p50, 3.0, 0.0);
        near(spread.p95, 4.8, 1e-12);
    }
}
