//! When callers call: rates by day of the week and hour, and how much days differ.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::MOST;
use super::campaign::{self, Campaign, CampaignFault};
use super::days::{Days, kind};
use super::factors::Factors;
use super::interval::{self, Interval};
use super::spread::Spread;

/// Calls of one local day, by hour.
pub(super) type Hours = [u32; 24];

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
    /// The 95 % interval of each, by how its days differ and at least by chance; none of one day.
    pub rates_ci95: [[Option<Interval>; 24]; 7],
    /// Days of each kind that it rests on.
    pub days: [u32; 7],
    /// Fresh calls a day of each kind.
    pub calls_a_day: [f64; 7],
    /// The 95 % interval of each, by how its days differ and at least by chance; none of one day.
    pub calls_a_day_ci95: [Option<Interval>; 7],
    /// Coefficient of variation of the day factor: how much a day's calls vary beyond chance.
    pub day_cv: f64,
    /// Its 95 % interval, by the jackknife over days; none where no day has two of its kind beside
    /// it.
    pub day_cv_ci95: Option<Interval>,
    /// The same of an hour within its day.
    pub period_cv: f64,
    /// The same of that.
    pub period_cv_ci95: Option<Interval>,
    /// Both as the factors of a scenario.
    pub factors: Factors,
    /// Redials that were left out, because redials are made anew.
    pub redials: u64,
    /// Days without a call that were left out, because the other days of their weekday make that
    /// implausible: the log must have lost them.
    pub missing: Vec<Date>,
    /// The first or last day, rarely whole, kept where its weekday has no other.
    pub partial: Vec<Date>,
    /// Days of the blast that was named, left out.
    pub blast: Vec<Date>,
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

    /// The days of a blast, where one is named, are left out.
    pub(super) fn profile(&self, blast: Option<DateTime>) -> Profile {
        let blast = blast.map(campaign::days_of).unwrap_or_default();
        let found = Days::of(&self.days, &blast);
        let all: Vec<(usize, &Hours)> = of_their_kind(&found);
        let mut days = [0; 7];
        // Calls of each hour, and their squares; behind the hours those of the day.
        let mut sums = [[(0u64, 0u128); 25]; 7];
        for (weekday, hours) in &all {
            days[*weekday] += 1;
            let total: u64 = hours.iter().map(|it| u64::from(*it)).sum();
            let counts = hours.iter().map(|it| u64::from(*it)).chain([total]);
            for (sum, calls) in sums[*weekday].iter_mut().zip(counts) {
                sum.0 += calls;
                sum.1 += u128::from(calls).pow(2);
            }
        }
        let rate = |day: usize, hour: usize| {
            let (calls, squares) = sums[day][hour];
            let rate = calls as f64 / f64::from(days[day].max(1));
            (rate, interval::of_count(calls, squares, days[day]))
        };
        let hours = |day| std::array::from_fn(|hour| rate(day, hour));
        let rates: [[(f64, Option<Interval>); 24]; 7] = std::array::from_fn(hours);
        let spread = Spread::of(&all);
        let ((day_cv, day_cv_ci95), (period_cv, period_cv_ci95)) =
            (spread.of_days(), spread.of_hours());
        let means = rates.map(|hours| hours.map(|it| it.0));
        Profile {
            rates: means,
            factors: Factors::of(day_cv, period_cv, &means),
            rates_ci95: rates.map(|hours| hours.map(|it| it.1)),
            days,
            calls_a_day: std::array::from_fn(|day| rate(day, 24).0),
            calls_a_day_ci95: std::array::from_fn(|day| rate(day, 24).1),
            day_cv,
            day_cv_ci95,
            period_cv,
            period_cv_ci95,
            redials: self.redials,
            missing: found.missing,
            partial: found.partial,
            blast,
        }
    }

    pub(super) fn campaign(
        &self,
        at: DateTime,
        recipients: u64,
    ) -> Result<Campaign, CampaignFault> {
        let mut found = Days::of(&self.days, &campaign::days_of(at));
        // What may be cut is no ordinary day.
        found.kept.retain(|it| !found.partial.contains(&it.0));
        let others = of_their_kind(&found);
        let (day_cv, _) = Spread::of(&others).of_days();
        // Nor is a weekday on which nobody ever calls.
        let open = |kind: usize| {
            let mut calls = others.iter().filter(|it| it.0 == kind);
            calls.any(|it| it.1.iter().any(|it| *it > 0))
        };
        let open: [bool; 7] = std::array::from_fn(open);
        found.whole.retain(|day| open[kind(*day)]);
        campaign::fit(&self.minutes, &found.whole, at, recipients, day_cv)
    }
}

/// Days of one weekday are of one kind.
fn of_their_kind<'a>(days: &Days<'a>) -> Vec<(usize, &'a Hours)> {
    let days = days.kept.iter();
    days.map(|(day, hours)| (kind(*day), *hours)).collect()
}
