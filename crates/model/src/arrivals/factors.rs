//! How busy a day and a half-hour are by chance: factors on a rate, 1 on average.
//!
//! The factor of a day is a gamma variable (Whitt 1999; Avramidis, Deslauriers and L'Ecuyer 2004):
//! counts of a day with mean m then have the variance m + m² cv². The factors of half-hours are
//! gamma variables too (Jongbloed and Koole 2001) and hang together by a normal copula whose
//! correlation is .92 e^(-lag / 18.6 half-hours), the curve through the lags of the Anonymous Bank's
//! calls (after Oreshkin, Régnard and L'Ecuyer).

use routing::Nanos;

use super::Start;
use crate::draws::{Purpose, unit};
use crate::gamma::UnitGamma;
use crate::normal;

/// Length of a period.
const PERIOD: Nanos = Nanos(30 * Nanos::MINUTE.0);
/// What neighbouring periods share at lag 0: the rest is each period's own.
const SHARED: f64 = 0.92;
/// Periods after which the shared part has fallen to 1/e.
const LASTS: f64 = 18.6;

/// How the normals of two half-hours hang together that begin so many half-hours apart, at least
/// one.
pub fn correlation_of_periods(lag: f64) -> f64 {
    SHARED * libm::exp(-lag / LASTS)
}

/// The factors along one replication. Asked in the order of time.
pub(super) struct Factors<'a> {
    start: Start<'a>,
    /// A local day and its factor.
    day: (u64, f64),
    period: Period,
}

/// The factor of the period at hand.
struct Period {
    /// How long the first period began before the run.
    into: u64,
    /// How the factor is distributed; none is no factor.
    law: Option<UnitGamma>,
    at: u64,
    shared: f64,
    factor: f64,
}

impl<'a> Factors<'a> {
    pub(super) fn new(start: Start<'a>) -> Self {
        let into_s = u64::from(start.calendar.local(Nanos::ZERO).second);
        let cv = start.spread.period_cv;
        let mut period = Period {
            into: into_s * Nanos::SECOND.0 % PERIOD.0,
            law: (cv > 0.0).then(|| UnitGamma::with_cv(cv)),
            at: 0,
            shared: 0.0,
            factor: 1.0,
        };
        period.begin(&start);
        Self {
            day: (0, day_factor(&start, 0)),
            period,
            start,
        }
    }

    /// The factor at this time, and until when it holds: at most to the end of the local day.
    pub(super) fn at(&mut self, at: Nanos) -> (f64, Nanos) {
        if self.start.spread.is_none() {
            return (1.0, Nanos::NEVER);
        }
        let calendar = self.start.calendar;
        let day = calendar.day(at);
        if day != self.day.0 {
            self.day = (day, day_factor(&self.start, day));
        }
        let midnight = calendar.until_second(at, routing::hours::DAY_S);
        let until = self.period.go_to(&self.start, at).min(midnight);
        (self.day.1 * self.period.factor, until)
    }
}

fn day_factor(start: &Start<'_>, day: u64) -> f64 {
    let cv = start.spread.day_cv;
    if cv <= 0.0 {
        return 1.0;
    }
    let shape = 1.0 / (cv * cv);
    crate::random_time::gamma(shape, start.uniform(day, Purpose::DayFactor)) / shape
}

impl Period {
    fn begin(&mut self, start: &Start<'_>) {
        if self.law.is_some() {
            let (shared, own) = normals(start, 0);
            self.shared = shared;
            self.set(own);
        }
    }

    /// Moves on to the period of this time, one after the other; its end.
    fn go_to(&mut self, start: &Start<'_>, at: Nanos) -> Nanos {
        if self.law.is_none() {
            return Nanos::NEVER;
        }
        let period = (at.0 + self.into) / PERIOD.0;
        let kept = libm::exp(-1.0 / LASTS);
        let fresh = libm::sqrt(1.0 - kept * kept);
        while self.at < period {
            self.at += 1;
            let (shared, own) = normals(start, self.at);
            self.shared = kept * self.shared + fresh * shared;
            self.set(own);
        }
        Nanos((period + 1) * PERIOD.0 - self.into)
    }

    fn set(&mut self, own: f64) {
        let z = libm::sqrt(SHARED) * self.shared + libm::sqrt(1.0 - SHARED) * own;
        self.factor = self.law.map_or(1.0, |law| law.at_normal(z));
    }
}

/// Two independent standard normal variables of a period.
fn normals(start: &Start<'_>, period: u64) -> (f64, f64) {
    let (shared, own) = start.pair(period, Purpose::PeriodFactor);
    (normal::quantile(unit(shared)), normal::quantile(unit(own)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::arrivals::Spread;
    use crate::{Calendar, Draws};

    #[test]
    fn half_hours_vary_as_asked_and_hang_together_as_the_curve_says() {
        let zone = TimeZone::UTC;
        let days = Nanos(4000 * Nanos::DAY.0);
        let calendar = Calendar::new(zone, "2026-01-05T00:10:00".parse().unwrap(), days).unwrap();
        let start = Start {
            draws: Draws::new(3, 0),
            source: 0,
            calendar: &calendar,
            until: days,
            spread: Spread {
                period_cv: 0.3,
                ..Spread::NONE
            },
        };
        let mut factors = Factors::new(start);
        let (mut at, mut found) = (Nanos::ZERO, Vec::new());
        while at < days {
            let (factor, until) = factors.at(at);
            assert!(until > at && until - at <= PERIOD);
            assert_eq!((calendar.local(until).second) % 1800, 0);
            found.push(factor);
            at = until;
        }
        let n = found.len() as f64;
        let mean = found.iter().sum::<f64>() / n;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        let variance = found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        assert!((libm::sqrt(variance) - 0.3).abs() < 0.015, "{variance}");
        // A gamma variable is twice as skewed as it varies.
        let cube = |x: &f64| (x - mean) * (x - mean) * (x - mean);
        let skewness = found.iter().map(cube).sum::<f64>() / n / (variance * libm::sqrt(variance));
        assert!((skewness - 0.6).abs() < 0.06, "{skewness}");
        let product = |lag: usize| {
            let pairs = found.iter().zip(&found[lag..]);
            pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>()
        };
        for (lag, published) in [(1, 0.88), (2, 0.83), (4, 0.74), (8, 0.60)] {
            let found = product(lag) / product(0);
            assert!((found - published).abs() < 0.03, "lag {lag}: {found}");
        }
    }
}
