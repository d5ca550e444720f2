//! What was fitted, each number with its 95 % interval: for people in lines, for programs as JSON.

use std::fmt::Write as _;

use capacity::fit::{Interval, Lognormal, Patience, Profile, Redials};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::fit::Done;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What is not known is said.
fn ends(of: Option<Interval>, scale: f64, decimals: usize) -> String {
    of.map_or_else(
        || "[no interval]".to_owned(),
        |it| it.map(|end| end * scale).told(decimals),
    )
}

/// In lines.
pub(super) fn of_fit(done: &Done) -> String {
    let mut text = String::from("Fit, with 95 % intervals\n");
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<24} {value}");
    };
    line("time zone", done.zone.clone());
    let fitted = &done.fitted;
    if let Some(talk) = &fitted.talk {
        line(
            "talk",
            format!("{} ({} talks)", law(talk, 1.0, "s"), talk.n),
        );
        let (short, far, said) = (fitted.short_talks, talk.distance, talk.verdict());
        let said = format!("talks below 10 s left out: {short}; distance {far:.3}: {said}");
        line("", said);
    }
    if let Some(delay) = &fitted.answer_delay {
        let said = format!("{} ({} answers)", law(delay, 1.0, "s"), delay.n);
        line("answer delay", said);
        line(
            "",
            format!("distance {:.3}: {}", delay.distance, delay.verdict()),
        );
    }
    if let Some(it) = &fitted.patience {
        of_patience(it, &mut line);
    }
    if let Some(it) = &fitted.redials {
        of_redials(it, &mut line);
    }
    of_days(&fitted.profile, &mut line);
    if let Some((at, recipients, it)) = &done.blast {
        let share = 100.0 * it.response_share;
        let beside = it
            .response_share_ci95
            .map(|end| 100.0 * end)
            .beside(share, 2);
        let said = format!("{at}: {share:.2} % {beside} of {recipients} called");
        line("blast", said);
        let (median, sigma) = (it.median_min, it.sigma);
        let (of_median, of_sigma) = (it.median_min_ci95.told(1), it.sigma_ci95.told(2));
        let said =
            format!("after {median:.1} min {of_median} (median), sigma {sigma:.2} {of_sigma}");
        line("", said);
    }
    text
}

fn law(of: &Lognormal, unit_s: f64, unit: &str) -> String {
    let median = ends(Some(of.median_ci95()), 1.0 / unit_s, 1);
    format!(
        "lognormal, median {:.1} {unit} {median}, sigma {:.3} {}",
        of.median_s() / unit_s,
        of.sigma,
        of.sigma_ci95.told(3)
    )
}

fn of_patience(it: &Patience, line: &mut impl FnMut(&str, String)) {
    let (left, served) = it.callers;
    let (mu, sigma) = it.ci95.unzip();
    let said = format!(
        "lognormal, median {:.0} s {}, sigma {:.3} {} ({left} left, {served} served)",
        it.mu.exp(),
        ends(mu.map(|it| it.map(f64::exp)), 1.0, 0),
        it.sigma,
        ends(sigma, 1.0, 3)
    );
    line("patience on hold", said);
    let median = it.median_s.map_or_else(
        || "beyond the data".to_owned(),
        |median| format!("{median:.0} s"),
    );
    let said = format!(
        "Kaplan-Meier median {median} {}",
        ends(it.median_s_ci95, 1.0, 0)
    );
    line("", said);
}

fn of_redials(it: &Redials, line: &mut impl FnMut(&str, String)) {
    let percent = |of| ends(of, 100.0, 1);
    let said = format!(
        "{:.1} % {} net, {:.1} % {} gross of {} unanswered",
        100.0 * it.share,
        percent(it.share_ci95),
        100.0 * it.gross,
        percent(it.gross_ci95),
        it.n
    );
    line("redial share", said);
    let said = format!(
        "{:.1} % {} of answered return as well, taken off",
        100.0 * it.ordinary,
        percent(it.ordinary_ci95)
    );
    line("", said);
    if let Some(delay) = &it.delay {
        let said = format!("{} ({} delays)", law(delay, 60.0, "min"), delay.n);
        line("redial delay", said);
    }
}

fn of_days(profile: &Profile, line: &mut impl FnMut(&str, String)) {
    let mut name = "calls a day";
    for (day, weekday) in DAYS.iter().enumerate() {
        let (days, calls) = (profile.days[day], profile.calls_a_day[day]);
        if days == 0 {
            continue;
        }
        let of = if days == 1 { "day" } else { "days" };
        let decimals = usize::from(calls < 100.0);
        let beside = profile.calls_a_day_ci95[day].map(|it| it.beside(calls, decimals));
        let beside = beside.unwrap_or_else(|| "[no interval]".to_owned());
        line(
            name,
            format!("{weekday} {calls:.decimals$} {beside} ({days} {of})"),
        );
        name = "";
    }
    let said = format!(
        "{:.3} {} beyond chance; hours {:.3} {}",
        profile.day_cv,
        ends(profile.day_cv_ci95, 1.0, 3),
        profile.period_cv,
        ends(profile.period_cv_ci95, 1.0, 3)
    );
    line("days vary", said);
}

/// For programs: beside each number `..._ci95` with its ends, as in `run.json`; null where there is
/// none, and an upper end that lies beyond the data is null.
pub(super) fn fit_json(done: &Done) -> Value {
    let fitted = &done.fitted;
    let profile = &fitted.profile;
    json!({
        "time_zone": done.zone,
        "talk": fitted.talk.as_ref().map(law_json),
        "short_talks": fitted.short_talks,
        "answer_delay": fitted.answer_delay.as_ref().map(law_json),
        "patience": fitted.patience.as_ref().map(patience_json),
        "redials": fitted.redials.as_ref().map(redials_json),
        "arrivals": arrivals_json(profile),
        "days_missing": dates(&profile.missing),
        "days_partial": dates(&profile.partial),
        "days_of_blast": dates(&profile.blast),
        "held_unanswered_left": fitted.held.unanswered_left,
        "held_left_out": fitted.held.left_out,
        "day_cv": profile.day_cv,
        "day_cv_ci95": profile.day_cv_ci95.map(ci95),
        "period_cv": profile.period_cv,
        "period_cv_ci95": profile.period_cv_ci95.map(ci95),
        "campaign": campaign_json(done),
    })
}

fn dates(of: &[Date]) -> Vec<String> {
    of.iter().map(Date::to_string).collect()
}

fn ci95(of: Interval) -> Value {
    json!([of.low, of.high])
}

fn law_json(it: &Lognormal) -> Value {
    json!({ "median_s": it.median_s(), "median_s_ci95": ci95(it.median_ci95()),
            "mu": it.mu, "mu_ci95": ci95(it.mu_ci95),
            "sigma": it.sigma, "sigma_ci95": ci95(it.sigma_ci95),
            "n": it.n, "se": [it.se.0, it.se.1], "distance": it.distance })
}

fn patience_json(it: &Patience) -> Value {
    let (mu, sigma) = it.ci95.unzip();
    json!({ "mu": it.mu, "mu_ci95": mu.map(ci95), "sigma": it.sigma, "sigma_ci95": sigma.map(ci95),
            "left": it.callers.0, "served": it.callers.1,
            "kaplan_meier_median_s": it.median_s,
            "kaplan_meier_median_s_ci95": it.median_s_ci95.map(ci95),
            "distance": it.distance })
}

fn redials_json(it: &Redials) -> Value {
    json!({ "share": it.share, "share_ci95": it.share_ci95.map(ci95),
            "gross": it.gross, "gross_ci95": it.gross_ci95.map(ci95),
            "ordinary": it.ordinary, "ordinary_ci95": it.ordinary_ci95.map(ci95),
            "n": it.n, "delay": it.delay.as_ref().map(law_json) })
}

/// The days of the week that the log holds, each with its hours.
fn arrivals_json(profile: &Profile) -> Value {
    let of = |day: usize| {
        let hours = profile.rates[day].iter().zip(&profile.rates_ci95[day]);
        let hours: Vec<Value> = hours
            .map(|(rate, ends)| json!({ "rate": rate, "rate_ci95": ends.map(ci95) }))
            .collect();
        json!({ "weekday": DAYS[day], "days": profile.days[day],
                "calls_a_day": profile.calls_a_day[day],
                "calls_a_day_ci95": profile.calls_a_day_ci95[day].map(ci95),
                "hours": hours })
    };
    (0..7)
        .filter(|day| profile.days[*day] > 0)
        .map(of)
        .collect()
}

fn campaign_json(done: &Done) -> Value {
    let Some((at, recipients, it)) = &done.blast else {
        return Value::Null;
    };
    json!({ "at": at.to_string(), "recipients": recipients,
            "response_share": it.response_share, "response_share_se": it.se,
            "response_share_ci95": ci95(it.response_share_ci95),
            "delay_median_min": it.median_min, "delay_median_min_ci95": ci95(it.median_min_ci95),
            "delay_sigma": it.sigma, "delay_sigma_ci95": ci95(it.sigma_ci95) })
}
