//! The quantile of a gamma distribution, by the standard normal variable of equal probability.
//!
//! Newton's steps on the logarithm of the smaller tail. As a function of ln x that logarithm is
//! concave (the density of the logarithm of a gamma variable is log-concave), so that the steps
//! close in on the value from wherever they begin. Written with the pure-Rust `libm`, so that it
//! gives the same bits on every machine. Must not know: what the values are used for.

/// From this shape on Wilson and Hilferty's approximation (1931) is as good as needed: within six
/// standard deviations off by less than two millionths of the mean.
const LARGE: f64 = 10_000.0;
/// Below this the first term of the series is the distribution.
const TINY: f64 = 1e-12;

/// A gamma distribution of mean 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitGamma {
    shape: f64,
    /// ln Γ(shape) and ln Γ(shape + 1).
    ln_gamma: f64,
    ln_gamma_next: f64,
}

impl UnitGamma {
    /// The one with this coefficient of variation, above 0.
    pub(crate) fn with_cv(cv: f64) -> Self {
        let shape = 1.0 / (cv * cv);
        Self {
            shape,
            ln_gamma: libm::lgamma(shape),
            ln_gamma_next: libm::lgamma(shape + 1.0),
        }
    }

    /// The value below which it falls with the probability that a standard normal variable falls
    /// below `z`.
    pub(crate) fn at_normal(&self, z: f64) -> f64 {
        let guess = self.wilson_hilferty(z);
        if self.shape >= LARGE {
            return guess;
        }
        // The smaller of the tails, so that nothing is lost of it.
        let ln_tail = ln_normal_tail(-z.abs());
        let below = if z > 0.0 {
            libm::log1p(-libm::exp(ln_tail))
        } else {
            ln_tail
        };
        let ln_first = (below + self.ln_gamma_next) / self.shape;
        if ln_first < libm::log(TINY) {
            return libm::exp(ln_first) / self.shape;
        }
        let mut y = if guess > 0.0 {
            libm::log(guess * self.shape)
        } else {
            ln_first
        };
        for _ in 0..100 {
            let x = libm::exp(y);
            let (lower, upper) = self.tails(x);
            let (tail, sign) = if z > 0.0 { (upper, -1.0) } else { (lower, 1.0) };
            let slope = sign * self.density_of_log(x, y) / tail;
            let step = (libm::log(tail) - ln_tail) / slope;
            if !step.is_finite() {
                break;
            }
            // A tail of nearly 1 is flat: its step may lead beyond every number.
            y -= step.clamp(-2.0, 2.0);
            if step.abs() < 1e-13 {
                break;
            }
        }
        libm::exp(y) / self.shape
    }

    /// May be negative where the shape is small.
    fn wilson_hilferty(&self, z: f64) -> f64 {
        let ninth = 1.0 / (9.0 * self.shape);
        let root = 1.0 - ninth + z * libm::sqrt(ninth);
        root * root * root
    }

    /// The density of ln X at y = ln x, which is x times that of X at x.
    fn density_of_log(&self, x: f64, y: f64) -> f64 {
        libm::exp(self.shape * y - x - self.ln_gamma)
    }

    /// The probabilities of less and of more than x: the series below the mean, the continued
    /// fraction above it (Abramowitz and Stegun 6.5.29, 6.5.31).
    fn tails(&self, x: f64) -> (f64, f64) {
        let front = self.density_of_log(x, libm::log(x));
        if x < self.shape + 1.0 {
            let lower = front * self.series(x);
            return (lower, 1.0 - lower);
        }
        let upper = front * self.fraction(x);
        (1.0 - upper, upper)
    }

    fn series(&self, x: f64) -> f64 {
        let mut term = 1.0 / self.shape;
        let mut sum = term;
        let mut divisor = self.shape;
        while term > sum * 1e-17 {
            divisor += 1.0;
            term *= x / divisor;
            sum += term;
        }
        sum
    }

    /// By Lentz's method.
    fn fraction(&self, x: f64) -> f64 {
        const LEAST: f64 = 1e-300;
        let mut bottom = x + 1.0 - self.shape;
        let mut above = 1.0 / LEAST;
        let mut below = 1.0 / bottom;
        let mut fraction = below;
        for step in 1..10_000 {
            let step = f64::from(step);
            let top = step * (self.shape - step);
            bottom += 2.0;
            below = 1.0 / away(top * below + bottom, LEAST);
            above = away(bottom + top / above, LEAST);
            fraction *= above * below;
            if (above * below - 1.0).abs() < 1e-16 {
                break;
            }
        }
        fraction
    }
}

/// Kept off zero.
fn away(value: f64, least: f64) -> f64 {
    if value.abs() < least { least } else { value }
}

/// ln of the probability that a standard normal variable falls below z, for z of 0 or less.
fn ln_normal_tail(z: f64) -> f64 {
    libm::log(0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [(f64, f64, f64); 35] = [
        (0.01, -1.0, 6.285_197_320_309_346e-81),
        (0.01, 0.0, 4.465_535_018_910_562e-31),
        (0.01, 0.5, 5.367_027_716_501_856e-17),
        (0.01, 3.0, 1.310_101_067_279_194_2),
        (0.01, 6.0, 13.494_447_763_514_177),
        (0.3, -4.0, 7.008_384_148_115_764e-16),
        (0.3, -1.0, 0.001_509_222_188_442_642),
        (0.3, 0.0, 0.073_131_135_866_951_98),
        (0.3, 0.5, 0.244_123_787_734_807_17),
        (0.3, 3.0, 4.354_136_307_523_039),
        (0.3, 6.0, 17.596_473_467_683_37),
        (1.0, -4.0, 3.167_174_337_748_918_6e-05),
        (1.0, -1.0, 0.172_753_779_023_449_96),
        (1.0, 0.0, 0.693_147_180_559_945_5),
        (1.0, 0.5, 1.175_911_761_593_618_8),
        (1.0, 3.0, 6.607_726_221_510_35),
        (1.0, 6.0, 20.736_768_949_974_71),
        (91.0, -4.0, 57.725_163_935_513_22),
        (91.0, -1.0, 81.478_165_914_340_55),
        (91.0, 0.0, 90.666_884_605_240_51),
        (91.0, 0.5, 95.510_054_401_397_43),
        (91.0, 3.0, 122.298_600_399_646_12),
        (91.0, 6.0, 160.357_428_153_894_6),
        (2_500.0, -4.0, 2_304.979_568_402_611_7),
        (2_500.0, -1.0, 2_450.003_336_331_101),
        (2_500.0, 0.0, 2_499.666_674_569_055),
        (2_500.0, 0.5, 2_524.748_131_907_504_6),
        (2_500.0, 3.0, 2_652.669_858_381_124),
        (2_500.0, 6.0, 2_811.761_322_178_972_5),
        (9_999.0, -4.0, 9_604.009_892_707_412),
        (9_999.0, -1.0, 9_899.006_667_620_164),
        (9_999.0, 0.0, 9_998.666_668_642_245),
        (9_999.0, 0.5, 10_048.746_564_122_224),
        (9_999.0, 3.0, 10_301.653_297_435_381),
        (9_999.0, 6.0, 10_610.684_495_645_728),
    ];

    fn cv(shape: f64) -> f64 {
        1.0 / libm::sqrt(shape)
    }

    /// Values of `SciPy` 1.17 (`gamma.ppf`, and `isf` above the median), of scale 1.
    #[test]
    fn it_meets_the_values_of_another_library() {
        for (shape, z, value) in TABLE {
            let found = UnitGamma::with_cv(cv(shape)).at_normal(z) * shape;
            assert!(
                (found - value).abs() <= 1e-9 * value + 1e-300,
                "shape {shape}, z {z}: {found}, expected {value}"
            );
        }
    }

    #[test]
    fn it_rises_and_its_approximation_takes_over_without_a_seam() {
        for shape in [
            0.01, 0.05, 0.3, 1.0, 2.0, 7.0, 40.0, 900.0, 9_990.0, 10_010.0,
        ] {
            let law = UnitGamma::with_cv(cv(shape));
            let mut last = -1.0;
            for step in -800..=800 {
                let found = law.at_normal(f64::from(step) / 100.0);
                assert!(found.is_finite() && found >= last, "shape {shape}: {found}");
                last = found;
            }
        }
        assert_eq!(UnitGamma::with_cv(1e-200).at_normal(3.0), 1.0);
        for z in [-6.0, -2.0, 0.0, 1.0, 5.0] {
            let at = |shape| UnitGamma::with_cv(cv(shape)).at_normal(z);
            let seam = (at(LARGE * (1.0 - 1e-12)) - at(LARGE * (1.0 + 1e-12))).abs();
            assert!(seam < 2e-6, "z {z}: {seam}");
        }
    }
}
