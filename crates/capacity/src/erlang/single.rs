//! M/G/1: one server, any service time (Pollaczek 1930, Khinchine 1932).

/// The mean wait of all calls in seconds, first come first served; none when the load is not
/// below 1. `scv` is the squared coefficient of variation of the service time.
pub fn mean_wait_s(rate_per_s: f64, service_s: f64, scv: f64) -> Option<f64> {
    let load = rate_per_s * service_s;
    (load < 1.0).then(|| load * service_s * (1.0 + scv) / (2.0 * (1.0 - load)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_services_halve_the_wait() {
        let exponential = mean_wait_s(0.5, 1.0, 1.0).expect("a queue");
        assert!((exponential - 1.0).abs() < 1e-15);
        assert_eq!(mean_wait_s(0.5, 1.0, 0.0), Some(exponential / 2.0));
        assert_eq!(mean_wait_s(1.0, 1.0, 1.0), None);
    }
}
