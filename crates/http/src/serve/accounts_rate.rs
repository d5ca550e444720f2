//! The rate limit of each sub-account: a bucket that refills evenly, as large as one second's
//! worth.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use routing::account::SubAccountId;

/// One bucket a sub-account.
#[derive(Debug)]
pub(super) struct Rates {
    per_s: f64,
    buckets: Box<[Mutex<Bucket>]>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    pub(super) fn new(per_s: f64, sub_accounts: usize, now: Instant) -> Self {
        let full = || {
            Mutex::new(Bucket {
                left: per_s.max(1.0),
                at: now,
            })
        };
        Self {
            per_s,
            buckets: (0..sub_accounts).map(|_| full()).collect(),
        }
    }

    /// Takes one out, or says after what time there is one again.
    pub(super) fn take(&self, sub_account: SubAccountId, now: Instant) -> Result<(), Duration> {
        let Some(Ok(mut bucket)) = self.buckets.get(sub_account.index()).map(Mutex::lock) else {
            return Ok(());
        };
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + passed * self.per_s).min(self.per_s.max(1.0));
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - bucket.left) / self.per_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_s_worth_passes_and_then_one_at_a_time() {
        let start = Instant::now();
        let rates = Rates::new(10.0, 2, start);
        let at = |ms: u64| start + Duration::from_millis(ms);
        let account = SubAccountId(0);
        assert_eq!(
            (0..20)
                .filter(|_| rates.take(account, at(0)).is_ok())
                .count(),
            10
        );
        let wait = rates.take(account, at(0)).unwrap_err();
        assert!(wait.abs_diff(Duration::from_millis(100)) < Duration::from_millis(1));
        assert!(rates.take(account, at(101)).is_ok());
        assert!(rates.take(account, at(101)).is_err());
        assert!(
            rates.take(SubAccountId(1), at(0)).is_ok(),
            "another account has its own"
        );
    }
}
