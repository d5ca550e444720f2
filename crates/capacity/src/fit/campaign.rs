//! What an earlier blast of messages brought: how many of its recipients called, and when.
//!
//! Taken is what came above an ordinary day: the same minutes of other days of the same weekday,
//! or of all days where there are too few.
//!
//! What is above them is known as well as so many calls without an ordinary day behind them: its
//! square over that of the noise. By that number the median has the interval of an order statistic,
//! and sigma that of the quartiles of normal values.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::interval::{Interval, Z_95};

/// Responses are looked for up to so many hours behind the blast.
const HOURS: i64 = 10;

/// Fewer calls above the ordinary than this say nothing.
const FEWEST: f64 = 20.0;

/// The two numbers that decide the next blast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Campaign {
    /// The share of recipients that called because of it.
    pub response_share: f64,
    /// Its standard error, by chance and by how ordinary days differ beyond it.
    pub se: f64,
    /// Its 95 % interval.
    pub response_share_ci95: Interval,
    /// Half of the responses came within so many minutes.
    pub median_min: f64,
    /// Its 95 % interval, in minutes.
    pub median_min_ci95: Interval,
    /// Deviation of the logarithm of the delay.
    pub sigma: f64,
    /// Its 95 % interval.
    pub sigma_ci95: Interval,
    /// Calls in the hours behind it, and those that an ordinary day has in them.
    pub calls: (f64, f64),
    /// Ordinary days that it is compared with.
    pub days: usize,
}

/// Why nothing can be said of a blast.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CampaignFault {
    /// Nobody was written to.
    #[error("no recipients: say how many there were with --recipients")]
    Nobody,
    /// The log does not hold it.
    #[error("the log holds no call on {0}")]
    NotThere(Date),
    /// There is nothing to compare with.
    #[error("the log holds no other day to tell an ordinary one from")]
    NoOtherDay,
    /// It cannot be told from an ordinary day.
    #[error(
        "{calls:.0} calls came in the {HOURS} hours behind it, and {ordinary:.0} come on an ordinary \
         day: too few above that to fit anything"
    )]
    TooFew {
        /// What came.
        calls: f64,
        /// What comes otherwise.
        ordinary: f64,
    },
}

/// `day_cv` is how much ordinary days vary beyond chance.
pub(super) fn fit(
    minutes: &BTreeMap<DateTime, u32>,
    days: &[Date],
    at: DateTime,
    recipients: u64,
    day_cv: f64,
) -> Result<Campaign, CampaignFault> {
    if recipients == 0 {
        return Err(CampaignFault::Nobody);
    }
    if !days.contains(&at.date()) {
        return Err(CampaignFault::NotThere(at.date()));
    }
    let others = days.iter().filter(|day| **day != at.date());
    let same: Vec<Date> = others
        .clone()
        .filter(|day| day.weekday() == at.weekday())
        .copied()
        .collect();
    let ordinary: Vec<Date> = if same.len() >= 2 {
        same
    } else {
        others.copied().collect()
    };
    if ordinary.is_empty() {
        return Err(CampaignFault::NoOtherDay);
    }
    let blast = Blast::against(minutes, &ordinary, at, day_cv);
    if blast.excess() < FEWEST || blast.excess() < 2.0 * blast.noise() {
        return Err(CampaignFault::TooFew {
            calls: blast.calls,
            ordinary: blast.usual,
        });
    }
    Ok(blast.told(recipients as f64))
}

/// The hours behind a blast, beside those of ordinary days.
struct Blast {
    /// Calls above the ordinary, minute by minute.
    above: Vec<f64>,
    calls: f64,
    usual: f64,
    /// Ordinary days, and how much they vary beyond chance.
    days: usize,
    day_cv: f64,
}

impl Blast {
    fn against(
        minutes: &BTreeMap<DateTime, u32>,
        ordinary: &[Date],
        at: DateTime,
        day_cv: f64,
    ) -> Self {
        let mut blast = Self {
            above: Vec::new(),
            calls: 0.0,
            usual: 0.0,
            days: ordinary.len(),
            day_cv,
        };
        let count = |at: DateTime| f64::from(minutes.get(&at).copied().unwrap_or(0));
        for minute in 0..HOURS * 60 {
            let now = at.checked_add(minute.minutes()).unwrap_or(at);
            let later = now.date().since(at.date()).map_or(0, |it| it.get_days());
            let elsewhere = |day: &Date| {
                let day = day.checked_add(later.days()).unwrap_or(*day);
                count(day.to_datetime(now.time()))
            };
            let mean = ordinary.iter().map(elsewhere).sum::<f64>() / ordinary.len() as f64;
            blast.calls += count(now);
            blast.usual += mean;
            blast.above.push(count(now) - mean);
        }
        blast
    }

    fn excess(&self) -> f64 {
        self.calls - self.usual
    }

    /// The standard error of what came above the ordinary: that of a Poisson count, of an ordinary
    /// day beneath it, and of the mean of those that it is compared with.
    fn noise(&self) -> f64 {
        let of_a_day = self.usual + (self.day_cv * self.usual).powi(2);
        let beneath = of_a_day + of_a_day / self.days as f64;
        (self.excess().max(0.0) + beneath).sqrt()
    }

    /// The minute within which this share of what came above the ordinary had come.
    fn quantile(&self, share: f64) -> f64 {
        let mut sum = 0.0;
        let wanted = share * self.excess();
        let reached = self.above.iter().position(|it| {
            sum += it;
            sum >= wanted
        });
        // A call of a minute came in its middle, on average.
        reached.map_or(HOURS as f64 * 60.0, |it| it as f64 + 0.5)
    }

    fn told(&self, recipients: f64) -> Campaign {
        let (excess, noise) = (self.excess(), self.noise());
        let (low, median, high) = (self.quantile(0.25), self.quantile(0.5), self.quantile(0.75));
        // Between the quartiles of the normal distribution lie 1.349 deviations.
        let sigma = ((high / low).ln() / 1.349).max(0.05);
        let (share, se) = ((excess / recipients).min(1.0), noise / recipients);
        // Of n values the share below their true median is one half, by 1 / (2 √n), and the
        // deviation from their quartiles is known by 1.166 / √n of itself.
        let root = excess / noise;
        let beside = |n: f64| self.quantile(0.5 + n * Z_95 / (2.0 * root));
        Campaign {
            response_share: share,
            se,
            response_share_ci95: Interval::around(share, Z_95 * se).map(|it| it.clamp(0.0, 1.0)),
            median_min: median,
            median_min_ci95: Interval {
                low: beside(-1.0),
                high: beside(1.0),
            },
            sigma,
            sigma_ci95: Interval::times(sigma, Z_95 * 1.166 / root),
            calls: (self.calls, self.usual),
            days: self.days,
        }
    }
}
