//! What an earlier blast of messages brought: how many of its recipients called, and when.
//!
//! Taken is what came above an ordinary day: the same minutes of other days of the same weekday,
//! or of all days where there are too few. Days that may be cut are never ordinary, and a log that
//! ends before the last responses says nothing.
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
    /// It holds not all of the hours behind it, from the start.
    #[error(
        "the log begins at {begins}, behind the blast: give one that begins before the day of it"
    )]
    Begins {
        /// The first call.
        begins: DateTime,
    },
    /// Nor to the end.
    #[error(
        "the log ends at {ends}, and those who were written to call for {HOURS} hours: give one that \
         reaches {needed} or later, as with the day behind the blast"
    )]
    Ends {
        /// The last call.
        ends: DateTime,
        /// So far it has to reach.
        needed: DateTime,
    },
    /// There is nothing to compare with.
    #[error(
        "the log holds no other whole day to tell an ordinary one from (its first and last day may \
         be cut)"
    )]
    NoOtherDay,
    /// More came than were written to.
    #[error(
        "{above:.0} calls came above those of an ordinary day, and {recipients} were written to: \
         no share of these; see --recipients, and whether something else happened that day"
    )]
    TooMany {
        /// Calls above the ordinary.
        above: f64,
        /// Who was written to.
        recipients: u64,
    },
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

/// The day of a blast, and the next where its hours end there.
pub(super) fn days_of(at: DateTime) -> Vec<Date> {
    let mut days = vec![at.date(), end_of(at).date()];
    days.dedup();
    days
}

/// When nobody is expected to answer any more.
fn end_of(at: DateTime) -> DateTime {
    at.checked_add(HOURS.hours()).unwrap_or(at)
}

/// Whether the log holds all of the hours behind the blast.
fn holds(minutes: &BTreeMap<DateTime, u32>, at: DateTime) -> Result<(), CampaignFault> {
    let that_day = at.date().to_datetime(jiff::civil::Time::midnight());
    let first_of_it = minutes.range(that_day..).next();
    if first_of_it.is_none_or(|(minute, _)| minute.date() != at.date()) {
        return Err(CampaignFault::NotThere(at.date()));
    }
    let (begins, ends) = (minutes.keys().next(), minutes.keys().next_back());
    let needed = end_of(at);
    match (begins, ends) {
        (Some(begins), _) if *begins > at => Err(CampaignFault::Begins { begins: *begins }),
        (_, Some(ends)) if *ends < needed => Err(CampaignFault::Ends {
            ends: *ends,
            needed,
        }),
        _ => Ok(()),
    }
}

/// The days to compare with: of the same weekday, or all where there are too few. All that the
/// hours reach into have to be whole.
fn ordinary(whole: &[Date], at: DateTime) -> Result<Vec<Date>, CampaignFault> {
    let over_midnight = end_of(at).date() != at.date();
    let next_is_whole = |day: &Date| day.tomorrow().is_ok_and(|next| whole.contains(&next));
    let others = whole.iter().filter(|day| **day != at.date());
    let others: Vec<Date> = others
        .filter(|day| !over_midnight || next_is_whole(day))
        .copied()
        .collect();
    let same = others.iter().filter(|day| day.weekday() == at.weekday());
    let same: Vec<Date> = same.copied().collect();
    match (same.len(), others.len()) {
        (_, 0) => Err(CampaignFault::NoOtherDay),
        (0 | 1, _) => Ok(others),
        _ => Ok(same),
    }
}

/// `whole` are the days that the log holds wholly, `day_cv` is how much ordinary ones vary beyond
/// chance.
pub(super) fn fit(
    minutes: &BTreeMap<DateTime, u32>,
    whole: &[Date],
    at: DateTime,
    recipients: u64,
    day_cv: f64,
) -> Result<Campaign, CampaignFault> {
    if recipients == 0 {
        return Err(CampaignFault::Nobody);
    }
    holds(minutes, at)?;
    let ordinary = ordinary(whole, at)?;
    let blast = Blast::against(minutes, &ordinary, at, day_cv);
    if blast.excess() < FEWEST || blast.excess() < 2.0 * blast.noise() {
        return Err(CampaignFault::TooFew {
            calls: blast.calls,
            ordinary: blast.usual,
        });
    }
    if blast.excess() > recipients as f64 {
        return Err(CampaignFault::TooMany {
            above: blast.excess(),
            recipients,
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
        let (share, se) = (excess / recipients, noise / recipients);
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
