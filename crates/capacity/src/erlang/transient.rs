//! M/M/s with bounded room over a stretch of time that begins empty: the forward equations of
//! Kolmogorov, by Runge and Kutta's fourth order.

/// What happens until the end, on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Calls that found no room.
    pub blocked: f64,
    /// The share of the servers' time that they worked.
    pub occupancy: f64,
}

/// From an empty beginning to `length_s`.
pub fn from_empty(
    rate_per_s: f64,
    service_s: f64,
    servers: u32,
    room: u32,
    length_s: f64,
) -> Stretch {
    let last = (servers + room) as usize;
    let busy = |calls: usize| calls.min(servers as usize) as f64;
    // The chance of each number of calls, then the sums of blocked calls and of busy time.
    let slope = |state: &[f64]| {
        let mut slope = vec![0.0; last + 3];
        for calls in 0..=last {
            let chance = state[calls];
            if calls < last {
                slope[calls] -= rate_per_s * chance;
                slope[calls + 1] += rate_per_s * chance;
            } else {
                slope[last + 1] += rate_per_s * chance;
            }
            let served = busy(calls) / service_s * chance;
            slope[calls] -= served;
            if calls > 0 {
                slope[calls - 1] += served;
            }
            slope[last + 2] += busy(calls) * chance;
        }
        slope
    };
    let along = |state: &[f64], slope: &[f64], step: f64| -> Vec<f64> {
        state
            .iter()
            .zip(slope)
            .map(|(it, by)| it + step * by)
            .collect()
    };
    let fastest = rate_per_s + f64::from(servers) / service_s;
    let steps = (length_s * fastest * 4.0).ceil().max(1.0);
    let step = length_s / steps;
    let mut state = vec![0.0; last + 3];
    state[0] = 1.0;
    for _ in 0..steps as u64 {
        let a = slope(&state);
        let b = slope(&along(&state, &a, step / 2.0));
        let c = slope(&along(&state, &b, step / 2.0));
        let d = slope(&along(&state, &c, step));
        for (at, it) in state.iter_mut().enumerate() {
            *it += step / 6.0 * (a[at] + 2.0 * b[at] + 2.0 * c[at] + d[at]);
        }
    }
    Stretch {
        blocked: state[last + 1],
        occupancy: state[last + 2] / length_s / f64::from(servers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::erlang::blocking;

    #[test]
    fn a_long_stretch_is_the_steady_state() {
        let found = from_empty(3.0, 1.0, 5, 0, 2000.0);
        let steady = blocking(5, 3.0);
        assert!((found.blocked / 6000.0 - steady).abs() < 1e-4);
        assert!((found.occupancy - 0.6 * (1.0 - steady)).abs() < 1e-3);
    }

    #[test]
    fn one_server_without_room_is_as_the_closed_form() {
        // P(busy at t) = (1 - exp(-2t))/2 where both rates are 1.
        let found = from_empty(1.0, 1.0, 1, 0, 3.0);
        let busy = 1.5 - (1.0 - (-6.0f64).exp()) / 4.0;
        assert!((found.blocked - busy).abs() < 1e-4, "{found:?}");
        assert!((found.occupancy - busy / 3.0).abs() < 1e-4);
    }
}
