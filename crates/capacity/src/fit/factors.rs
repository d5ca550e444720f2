//! What days and hours vary beyond chance, as the two factors of a scenario: that of a day, and those
//! of its half-hours, which hang together.
//!
//! Half-hours that hang together over a day make days vary too, so both are not simply what was
//! measured of days and of hours. With a factor of the day (variance d²) and of half-hours (p²) a
//! day's calls vary by d² + p² c and its hours, around their share of the day, by p² k; c and k
//! follow from the rates and from how half-hours hang together. Knows no calls.

use model::arrivals::correlation_of_periods;

/// Coefficients of variation as a scenario has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// Of the factor of a day.
    pub day_cv: f64,
    /// Of the factors of half-hours.
    pub period_cv: f64,
}

/// How the means over two hours of the day hang together, in units of p².
fn together(one: usize, other: usize) -> f64 {
    let lag = 2.0 * one.abs_diff(other) as f64;
    let at = correlation_of_periods;
    if one == other {
        return f64::midpoint(1.0, at(1.0));
    }
    (at(lag - 1.0) + 2.0 * at(lag) + at(lag + 1.0)) / 4.0
}

/// Of days with these rates an hour: c, and k with the weight that the hours have.
fn of_day(rates: &[f64; 24]) -> Option<(f64, f64, f64)> {
    let all: f64 = rates.iter().sum();
    if all <= 0.0 {
        return None;
    }
    let share = rates.map(|rate| rate / all);
    let with_day = |hour: usize| -> f64 {
        let others = share.iter().enumerate();
        others.map(|(other, it)| it * together(hour, other)).sum()
    };
    let with_day: [f64; 24] = std::array::from_fn(with_day);
    let day: f64 = share.iter().zip(with_day).map(|(it, with)| it * with).sum();
    let squares: f64 = share.iter().map(|it| it * it).sum();
    let apart = share.iter().zip(with_day).enumerate();
    let apart: f64 = apart
        .map(|(hour, (it, with))| it * it * (together(hour, hour) - 2.0 * with + day))
        .sum();
    Some((day, apart, squares))
}

impl Factors {
    /// From what days vary beyond chance, and hours around their share of the day: the factors that
    /// make days vary as much as they did and, as far as that leaves room, hours too.
    pub(super) fn of(day_cv: f64, hour_cv: f64, rates: &[[f64; 24]; 7]) -> Self {
        let days: Vec<(f64, f64, f64)> = rates.iter().filter_map(of_day).collect();
        let sum = |part: fn(&(f64, f64, f64)) -> f64| days.iter().map(part).sum::<f64>();
        let none = Self {
            day_cv,
            period_cv: 0.0,
        };
        if days.is_empty() {
            return none;
        }
        let (day, hours) = (sum(|it| it.0) / days.len() as f64, sum(|it| it.1));
        let hours = hours / sum(|it| it.2);
        if day <= 0.0 || hours <= 0.0 {
            return none;
        }
        let period = (hour_cv * hour_cv / hours).min(day_cv * day_cv / day);
        Self {
            day_cv: (day_cv * day_cv - period * day).max(0.0).sqrt(),
            period_cv: period.sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_vary_as_they_did_and_hours_no_more_than_they_did() {
        let mut rates = [[0.0; 24]; 7];
        for day in &mut rates[..5] {
            day[9..19].fill(60.0);
        }
        let (day, hours, squares) = of_day(&rates[0]).unwrap();
        let hours = hours / squares;
        // Ten hours with the same rate: the mean of all twenty half-hours' correlations.
        let pairs = (0..20).flat_map(|a| (0..20).map(move |b: i32| (b - a).abs()));
        let mean = pairs.map(|lag| match lag {
            0 => 1.0,
            lag => correlation_of_periods(f64::from(lag)),
        });
        let mean = mean.sum::<f64>() / 400.0;
        assert!((day - mean).abs() < 1e-12, "{day} {mean}");
        for (day_cv, hour_cv) in [(0.2, 0.05), (0.2, 0.0), (0.1, 0.3), (0.0, 0.1)] {
            let found = Factors::of(day_cv, hour_cv, &rates);
            let of_days = found.day_cv.powi(2) + found.period_cv.powi(2) * day;
            let of_hours = found.period_cv.powi(2) * hours;
            assert!((of_days - day_cv * day_cv).abs() < 1e-12, "{found:?}");
            assert!(of_hours <= hour_cv * hour_cv + 1e-12, "{found:?}");
        }
        // With room enough both are met.
        let found = Factors::of(0.2, 0.05, &rates);
        assert!((found.period_cv.powi(2) * hours - 0.0025).abs() < 1e-12);
        let closed = Factors::of(0.2, 0.1, &[[0.0; 24]; 7]);
        assert_eq!((closed.day_cv, closed.period_cv), (0.2, 0.0));
    }
}
