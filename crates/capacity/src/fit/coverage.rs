//! Each kind of interval holds the truth in 95 of a hundred logs that were made from it.

use std::collections::BTreeMap;

use calllog::CanonicalCall;
use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use routing::PhoneNumber;
use routing::record::Outcome;

use super::arrivals::Hours;
use super::interval::{self, Interval};
use super::lognormal::Lognormal;
use super::spread::Spread;
use super::{Durations, Recorded, arrivals, campaign, keep, patience};

const TRIES: u32 = 2000;

/// Weeks of a log.
const WEEKS: u32 = 6;

/// A generator of its own: splitmix64.
struct Chance(u64);

impl Chance {
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let far = (-2.0 * self.even().ln()).sqrt();
        far * (std::f64::consts::TAU * self.even()).cos()
    }

    fn lognormal(&mut self, mu: f64, sigma: f64) -> f64 {
        (mu + sigma * self.normal()).exp()
    }

    /// A factor of mean one: gamma of a whole shape, whose cv is 1 / √shape.
    fn factor(&mut self, shape: u32) -> f64 {
        let sum: f64 = (0..shape).map(|_| -self.even().ln()).sum();
        sum / f64::from(shape)
    }

    /// A Poisson count, by the times between calls.
    fn count(&mut self, mean: f64) -> u32 {
        let mut n = 0;
        let mut at = -self.even().ln();
        while at < mean {
            n += 1;
            at -= self.even().ln();
        }
        n
    }
}

/// How often an interval held the truth.
#[derive(Default)]
struct Held(u32, u32);

impl Held {
    fn saw(&mut self, found: Interval, truth: f64) {
        self.0 += u32::from(found.holds(truth));
        self.1 += 1;
    }

    /// Three standard errors around 95 %.
    fn is_95(&self, what: &str) {
        let (share, n) = (f64::from(self.0) / f64::from(self.1), f64::from(self.1));
        let by = 3.0 * (0.95 * 0.05 / n).sqrt();
        println!("{what}: {share:.4} of {n}");
        assert!((share - 0.95).abs() <= by, "{what}: {share} of {n}, ± {by}");
    }
}

fn ns(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

#[test]
fn mu_and_sigma_of_talks() {
    let mut chance = Chance(1);
    let [mut of_mu, mut of_sigma, mut of_median] = <[Held; 3]>::default();
    for _ in 0..TRIES {
        let mut talks = Durations::new();
        (0..40).for_each(|_| keep(&mut talks, ns(chance.lognormal(4.8, 0.93))));
        let fitted = Lognormal::fit(&talks).unwrap();
        of_mu.saw(fitted.mu_ci95, 4.8);
        of_sigma.saw(fitted.sigma_ci95, 0.93);
        of_median.saw(fitted.median_ci95(), 4.8f64.exp());
    }
    of_mu.is_95("mu of talks");
    of_sigma.is_95("sigma of talks");
    of_median.is_95("median of talks");
}

#[test]
fn patience_that_is_mostly_cut_off() {
    let mut chance = Chance(2);
    let [mut of_mu, mut of_sigma, mut of_median] = <[Held; 3]>::default();
    for _ in 0..TRIES {
        let mut waits = patience::Gathering::default();
        for _ in 0..200 {
            let patience = chance.lognormal(5.0, 1.2);
            let wait = 400.0 * chance.even();
            if patience < wait {
                waits.left(ns(patience));
            } else {
                waits.served(ns(wait));
            }
        }
        let fitted = waits.fit().unwrap();
        let (mu, sigma) = fitted.ci95.unwrap();
        of_mu.saw(mu, 5.0);
        of_sigma.saw(sigma, 1.2);
        of_median.saw(fitted.median_s_ci95.unwrap(), 5f64.exp());
    }
    of_mu.is_95("mu of patience");
    of_sigma.is_95("sigma of patience");
    of_median.is_95("Kaplan-Meier median");
}

/// Callers of eight calls, half of them answered. Some callers come back much more than others,
/// after either; nobody after their last call.
fn callers(chance: &mut Chance, n: u64) -> Recorded {
    let mut recorded = Recorded::default();
    for caller in 0..n {
        let eager = chance.even() < 0.5;
        let mut at = Timestamp::UNIX_EPOCH;
        for _ in 0..8 {
            let answered = chance.even() < 0.5;
            let mut call = CanonicalCall::at(at);
            call.from = PhoneNumber::from_digits(15_555_550_000 + caller);
            call.outcome = Some(if answered {
                Outcome::Answered
            } else {
                Outcome::Abandoned
            });
            recorded.call(&call);
            let back = match (eager, answered) {
                (true, false) => 0.9,
                (false, false) | (true, true) => 0.3,
                (false, true) => 0.1,
            };
            let hours = if chance.even() < back { 1 } else { 10 };
            at += SignedDuration::from_hours(hours);
        }
    }
    recorded
}

#[test]
fn redials_of_callers_who_differ() {
    let mut chance = Chance(3);
    let [mut net, mut of_gross, mut of_ordinary] = <[Held; 3]>::default();
    let (gross, ordinary) = (0.6 * 7.0 / 8.0, 0.2 * 7.0 / 8.0);
    for _ in 0..TRIES {
        let found = callers(&mut chance, 60).fit().unwrap();
        net.saw(
            found.share_ci95.unwrap(),
            (gross - ordinary) / (1.0 - ordinary),
        );
        of_gross.saw(found.gross_ci95.unwrap(), gross);
        of_ordinary.saw(found.ordinary_ci95.unwrap(), ordinary);
    }
    net.is_95("net redials");
    of_gross.is_95("gross redials");
    of_ordinary.is_95("ordinary returns");
}

/// Eight hours with this share of a day's calls each.
const SHARES: [f64; 8] = [0.08, 0.14, 0.16, 0.1, 0.12, 0.16, 0.14, 0.1];

/// Weeks of seven days with a mean of 160 calls; day factors with a cv of 0.2, and hour factors
/// with one of 0.25.
fn weeks(chance: &mut Chance, weeks: u32) -> Vec<(usize, Hours)> {
    let day = |nth: usize| {
        let of_day = 160.0 * chance.factor(25);
        let mut hours = Hours::default();
        for (calls, share) in hours[9..].iter_mut().zip(SHARES) {
            let factor = chance.factor(16);
            *calls = chance.count(of_day * share * factor);
        }
        (nth % 7, hours)
    };
    (0..7 * weeks as usize).map(day).collect()
}

#[test]
fn calls_a_day_and_how_much_days_and_hours_vary() {
    let mut chance = Chance(4);
    let [mut a_day, mut of_days, mut of_hours] = <[Held; 3]>::default();
    let power = |n| SHARES.iter().map(|it| it.powi(n)).sum::<f64>();
    // What hours vary shows in their day as well, and what their day shows of it is taken off.
    let days: f64 = 0.04 + 0.0625 * power(2);
    let hours = 0.0625 * (1.0 - 2.0 * power(3) / power(2) + power(2));
    for _ in 0..TRIES {
        let made = weeks(&mut chance, WEEKS);
        let all: Vec<(usize, &Hours)> = made.iter().map(|(day, it)| (*day, it)).collect();
        let spread = Spread::of(&all);
        of_days.saw(spread.of_days().1.unwrap(), days.sqrt());
        of_hours.saw(spread.of_hours().1.unwrap(), hours.sqrt());
        let totals = all.iter().map(|it| it.1.iter().sum::<u32>());
        let mondays: Vec<u64> = totals.step_by(7).map(u64::from).collect();
        let squares = mondays.iter().map(|it| u128::from(it * it)).sum();
        let found = interval::of_count(mondays.iter().sum(), squares, WEEKS).unwrap();
        a_day.saw(found, 160.0);
    }
    a_day.is_95("calls a day");
    of_days.is_95("day_cv");
    of_hours.is_95("period_cv");
}

#[test]
fn what_a_blast_brought() {
    let mut chance = Chance(5);
    let [mut of_share, mut of_median, mut of_sigma] = <[Held; 3]>::default();
    let friday = date(2026, 3, 6);
    let days: Vec<Date> = (0..5).map(|week| friday + (7 * week).days()).collect();
    let at: DateTime = days[2].at(10, 0, 0, 0);
    // Whole minutes make the interval of the median a little wide: 97 % of many.
    for _ in 0..600 {
        let mut minutes = BTreeMap::new();
        let mut call = |at: DateTime| *minutes.entry(at).or_default() += 1;
        // A call in three minutes on any day; of 12 000 two in a hundred answer.
        for day in &days {
            let mut minute = -3.0 * chance.even().ln();
            while minute < 600.0 {
                call(day.at(10, 0, 0, 0) + (minute as i64).minutes());
                minute -= 3.0 * chance.even().ln();
            }
        }
        for _ in 0..chance.count(240.0) {
            call(at + (chance.lognormal(20f64.ln(), 1.0) as i64).minutes());
        }
        let found = campaign::fit(&minutes, &days, at, 12_000, 0.0).unwrap();
        of_share.saw(found.response_share_ci95, 0.02);
        of_median.saw(found.median_min_ci95, 20.0);
        of_sigma.saw(found.sigma_ci95, 1.0);
    }
    of_share.is_95("response share");
    of_median.is_95("median delay");
    of_sigma.is_95("sigma of the delay");
}

#[test]
fn what_a_blast_brought_where_ordinary_days_differ() {
    let mut chance = Chance(6);
    let [mut of_share, mut of_median] = <[Held; 2]>::default();
    let monday = date(2026, 3, 2);
    let at: DateTime = (monday + 18.days()).at(10, 0, 0, 0);
    for _ in 0..400 {
        let mut starts = Vec::new();
        for day in 0..28 {
            // 120 calls on a day of cv 0.2.
            let calls = 120.0 * chance.factor(25);
            for _ in 0..chance.count(calls) {
                let minute = 600 + (600.0 * chance.even()) as i64;
                starts.push(monday.at(0, 0, 0, 0) + (day * 1440 + minute).minutes());
            }
        }
        for _ in 0..chance.count(240.0) {
            starts.push(at + (chance.lognormal(20f64.ln(), 1.0) as i64).minutes());
        }
        starts.sort_unstable();
        let mut all = arrivals::Gathering::new(TimeZone::UTC);
        for start in starts {
            all.call(TimeZone::UTC.to_timestamp(start).unwrap(), false);
        }
        let found = all.campaign(at, 12_000).unwrap();
        of_share.saw(found.response_share_ci95, 0.02);
        of_median.saw(found.median_min_ci95, 20.0);
    }
    of_share.is_95("response share");
    // Not all of a day's excess lies on one side of the median: a bound from above.
    assert!(of_median.0 >= 370, "{}", of_median.0);
}
