//! Erlang B: M/G/s/s, nobody waits.

/// The share of calls that find every server busy. The same for any service time of this mean
/// (Sevastyanov 1957).
///
/// By the recursion 1/B(n) = 1 + n/a · 1/B(n-1), which never overflows (Jagerman 1974).
pub fn blocking(servers: u32, load: f64) -> f64 {
    if load <= 0.0 {
        return if servers == 0 { 1.0 } else { 0.0 };
    }
    let step = |inverse: f64, n: u32| 1.0 + inverse * f64::from(n) / load;
    1.0 / (1..=servers).fold(1.0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_is_as_the_sum_says() {
        for (servers, load) in [(1u32, 0.5), (5, 3.0), (10, 5.0), (20, 30.0)] {
            let terms = (0..=servers).scan(1.0, |term, n| {
                if n > 0 {
                    *term *= load / f64::from(n);
                }
                Some(*term)
            });
            let terms: Vec<f64> = terms.collect();
            let sum: f64 = terms.iter().sum();
            let expected = terms[servers as usize] / sum;
            assert!((blocking(servers, load) - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn ends_are_right() {
        assert_eq!(blocking(0, 3.0), 1.0);
        assert_eq!(blocking(3, 0.0), 0.0);
        assert!(blocking(2000, 1000.0) < 1e-100);
        assert!((blocking(100, 1e9) - 1.0).abs() < 1e-6);
    }
}
