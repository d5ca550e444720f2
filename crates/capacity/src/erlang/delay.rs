//! Erlang C: M/M/s, everybody waits until served, first come first served.

use super::loss::blocking;

/// The queue in steady state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// The share of calls that wait at all.
    pub waiting: f64,
    /// The rate at which waits end: a wait above 0 is exponential with it, 1/s.
    pub drain_per_s: f64,
    /// Calls a second.
    pub rate_per_s: f64,
}

impl Delay {
    /// Of this many servers; none when the load is not below their number.
    pub fn new(rate_per_s: f64, service_s: f64, servers: u32) -> Option<Self> {
        let (load, agents) = (rate_per_s * service_s, f64::from(servers));
        if load.is_nan() || load >= agents {
            return None;
        }
        let blocked = blocking(servers, load);
        Some(Self {
            waiting: agents * blocked / (agents - load * (1.0 - blocked)),
            drain_per_s: (agents - load) / service_s,
            rate_per_s,
        })
    }

    /// The mean wait of all calls, in seconds.
    pub fn mean_wait_s(&self) -> f64 {
        self.waiting / self.drain_per_s
    }

    /// How many wait, on average (Little).
    pub fn queue(&self) -> f64 {
        self.rate_per_s * self.mean_wait_s()
    }

    /// The share of calls that wait at most this long.
    pub fn within(&self, time_s: f64) -> f64 {
        1.0 - self.waiting * (-self.drain_per_s * time_s).exp()
    }

    /// The wait that this share of calls does not exceed, in seconds.
    pub fn quantile_s(&self, share: f64) -> f64 {
        ((self.waiting / (1.0 - share)).ln() / self.drain_per_s).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_is_the_textbook_queue() {
        let queue = Delay::new(0.5, 1.0, 1).expect("a queue");
        assert!((queue.waiting - 0.5).abs() < 1e-15);
        assert!((queue.mean_wait_s() - 1.0).abs() < 1e-15);
        assert!((queue.queue() - 0.5).abs() < 1e-15);
        assert_eq!(Delay::new(1.0, 1.0, 1), None);
    }

    #[test]
    fn a_hundred_calls_in_half_an_hour_are_as_everywhere() {
        // The example of pyworkforce and of the R package ErlangC: 14 agents, 3 minutes each.
        let queue = Delay::new(100.0 / 1800.0, 180.0, 14).expect("a queue");
        assert!((queue.waiting - 0.174_131_933_595).abs() < 1e-12);
        assert!((queue.within(20.0) - 0.888_350_019_179).abs() < 1e-12);
        assert!((queue.mean_wait_s() - 7.835_937_011_78).abs() < 1e-10);
        assert!((queue.within(queue.quantile_s(0.9)) - 0.9).abs() < 1e-12);
        assert_eq!(queue.quantile_s(0.5), 0.0);
    }
}
