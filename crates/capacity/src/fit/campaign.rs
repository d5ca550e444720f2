//! What an earlier blast of messages brought: how many of its recipients called, and when.
//!
//! Taken is what came above an ordinary day: the same minutes of other days of the same weekday,
//! or of all days where there are too few.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

/// Responses are looked for up to so many hours behind the blast.
const HOURS: i64 = 10;

/// Fewer calls above the ordinary than this say nothing.
const FEWEST: f64 = 20.0;

/// The two numbers that decide the next blast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Campaign {
    /// The share of recipients that called because of it.
    pub response_share: f64,
    /// Its standard error.
    pub se: f64,
    /// Half of the responses came within so many minutes.
    pub median_min: f64,
    /// Deviation of the logarithm of the delay.
    pub sigma: f64,
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

pub(super) fn fit(
    minutes: &BTreeMap<DateTime, u32>,
    days: &[Date],
    at: DateTime,
    recipients: u64,
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
    let mut above = Vec::new();
    let (mut calls, mut usual) = (0.0, 0.0);
    for minute in 0..HOURS * 60 {
        let now = at.checked_add(minute.minutes()).unwrap_or(at);
        let count = |at: DateTime| f64::from(minutes.get(&at).copied().unwrap_or(0));
        let later = now.date().since(at.date()).map_or(0, |it| it.get_days());
        let elsewhere = |day: &Date| {
            let day = day.checked_add(later.days()).unwrap_or(*day);
            count(day.to_datetime(now.time()))
        };
        let mean = ordinary.iter().map(elsewhere).sum::<f64>() / ordinary.len() as f64;
        calls += count(now);
        usual += mean;
        above.push(count(now) - mean);
    }
    let excess = calls - usual;
    // Two standard errors of what chance alone makes.
    let noise = (calls + usual / ordinary.len() as f64).sqrt();
    if excess < FEWEST || excess < 2.0 * noise {
        return Err(CampaignFault::TooFew {
            calls,
            ordinary: usual,
        });
    }
    let quantile = |share: f64| {
        let mut sum = 0.0;
        let wanted = share * excess;
        let reached = above.iter().position(|it| {
            sum += it;
            sum >= wanted
        });
        // A call of a minute came in its middle, on average.
        reached.map_or(HOURS as f64 * 60.0, |it| it as f64 + 0.5)
    };
    let (low, median, high) = (quantile(0.25), quantile(0.5), quantile(0.75));
    // Between the quartiles of the normal distribution lie 1.349 deviations.
    let sigma = ((high / low).ln() / 1.349).max(0.05);
    Ok(Campaign {
        response_share: (excess / recipients as f64).min(1.0),
        se: noise / recipients as f64,
        median_min: median,
        sigma,
        calls: (calls, usual),
        days: ordinary.len(),
    })
}
