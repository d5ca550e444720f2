//! When callers call: rates by day of the week and hour, and how much days differ.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::MOST;
use super::campaign::{self, Campaign, CampaignFault};

/// Calls of one local day, by hour.
type Hours = [u32; 24];

#[derive(Debug)]
pub(super) struct Gathering {
    zone: TimeZone,
    days: BTreeMap<Date, Hours>,
    /// Calls by local minute.
    minutes: BTreeMap<DateTime, u32>,
    redials: u64,
    /// Seconds between which local time runs evenly, and its offset.
    near: Option<(i64, i64, DateTime)>,
}

/// The week as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Fresh calls an hour, from Monday, by hour of the day.
    pub rates: [[f64; 24]; 7],
    /// Days of each kind that it rests on.
    pub days: [u32; 7],
    /// Coefficient of variation of the day factor: how much a day's calls vary beyond chance.
    pub day_cv: f64,
    /// The same of an hour within its day.
    pub period_cv: f64,
    /// Redials that were left out, because redials are made anew.
    pub redials: u64,
}

const MINUTE_S: i64 = 60;

impl Gathering {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            days: BTreeMap::new(),
            minutes: BTreeMap::new(),
            redials: 0,
            near: None,
        }
    }

    pub(super) fn call(&mut self, at: Timestamp, redial: bool) {
        let second = at.as_second();
        let local = match self.near {
            Some((from, until, local)) if (from..until).contains(&second) => local,
            _ => {
                let local = self.zone.to_datetime(at);
                let local = local.date().at(local.hour(), local.minute(), 0, 0);
                let from = second.div_euclid(MINUTE_S) * MINUTE_S;
                self.near = Some((from, from + MINUTE_S, local));
                local
            }
        };
        // Days on which only redials came were open all the same.
        let hours = self.days.entry(local.date()).or_default();
        if self.minutes.len() < MOST || self.minutes.contains_key(&local) {
            *self.minutes.entry(local).or_default() += 1;
        }
        if redial {
            self.redials += 1;
        } else {
            hours[local.hour() as usize] += 1;
        }
    }

    /// The first day and the last are rarely whole, and are left out where there are enough.
    fn whole_days(&self) -> Vec<(usize, &Hours)> {
        let inner = usize::from(self.days.len() > 4);
        let kept = self.days.len() - 2 * inner;
        let days = self.days.iter().skip(inner).take(kept);
        days.map(|(day, hours)| (day.weekday().to_monday_zero_offset() as usize, hours))
            .collect()
    }

    pub(super) fn profile(&self) -> Profile {
        let all = self.whole_days();
        let mut rates = [[0.0; 24]; 7];
        let mut days = [0; 7];
        for (weekday, hours) in &all {
            days[*weekday] += 1;
            for (rate, calls) in rates[*weekday].iter_mut().zip(*hours) {
                *rate += f64::from(*calls);
            }
        }
        for (rates, days) in rates.iter_mut().zip(days) {
            for rate in rates {
                *rate /= f64::from(days.max(1));
            }
        }
        let (day_cv, period_cv) = factors(&all, &rates, days);
        Profile {
            rates,
            days,
            day_cv,
            period_cv,
            redials: self.redials,
        }
    }

    pub(super) fn campaign(
        &self,
        at: DateTime,
        recipients: u64,
    ) -> Result<Campaign, CampaignFault> {
        let days: Vec<Date> = self.days.keys().copied().collect();
        campaign::fit(&self.minutes, &days, at, recipients)
    }
}

/// How much more days vary than chance alone would have them, and hours within their days: the
/// variance of a mixed Poisson count is m + (cv m)².
fn factors(all: &[(usize, &Hours)], rates: &[[f64; 24]; 7], days: [u32; 7]) -> (f64, f64) {
    let (mut beyond, mut squares) = (0.0, 0.0);
    let (mut beyond_h, mut squares_h) = (0.0, 0.0);
    for (weekday, hours) in all.iter().filter(|(weekday, _)| days[*weekday] > 1) {
        let n = f64::from(days[*weekday]);
        let mean: f64 = rates[*weekday].iter().sum();
        let total: f64 = hours.iter().map(|it| f64::from(*it)).sum();
        beyond += (total - mean).powi(2) * n / (n - 1.0) - mean;
        squares += mean * mean;
        if mean <= 0.0 {
            continue;
        }
        for (rate, calls) in rates[*weekday].iter().zip(*hours) {
            // What the day's own factor makes of the hour.
            let expected = rate * total / mean;
            beyond_h += (f64::from(*calls) - expected).powi(2) - expected * (1.0 - rate / mean);
            squares_h += expected * expected;
        }
    }
    let cv = |beyond: f64, squares: f64| {
        if squares > 0.0 {
            (beyond.max(0.0) / squares).sqrt()
        } else {
            0.0
        }
    };
    (cv(beyond, squares), cv(beyond_h, squares_h))
}
