//! A backtest of real weeks: the bank's calls as one hold queue, people and patience as the log
//! shows them.
//!
//! Call data: "Anonymous Bank" call centre, 1999, organised by Ilan Guedj and Avishai Mandelbaum,
//! Technion, Haifa. The file is not part of the project; without it the test says so.

use serde_json::Value;

use crate::bank;
use crate::desk::Desk;

/// The two months imported and fitted; none where they are not here.
fn desk() -> Option<Desk> {
    if !bank::is_here() {
        return None;
    }
    let desk = Desk::empty();
    let queue = ["--one-queue", "+15555550100"];
    let fit = ["--fit", "--accounts", "accounts.toml"];
    bank::import(&desk, "type", &[&fit[..], &queue].concat());
    Some(desk)
}

/// A backtest of these days of it.
fn backtest(desk: &Desk, from: &str, until: &str) -> Value {
    let log = desk.read("bank.csv");
    let (head, calls) = log.split_once('\n').expect("a header");
    let mut days = format!("{head}\n");
    for line in calls
        .lines()
        .filter(|it| (from..until).contains(&&it[..10]))
    {
        days.push_str(line);
        days.push('\n');
    }
    desk.write("days.csv", &days);
    let args = ["replay", "days.csv", "--accounts", "accounts.toml"];
    let more = ["--scenario", "fitted.toml", "--format", "json"];
    desk.ends(0, &[args, more].concat()).json()
}

#[test]
fn ordinary_weeks_of_the_bank_lie_inside_the_band_in_nine_hours_of_ten() {
    let Some(desk) = desk() else { return };
    for (from, until) in [("1999-01-24", "1999-01-31"), ("1999-02-07", "1999-02-14")] {
        let report = backtest(&desk, from, until);
        let inside = &report["inside"]["answered.share"];
        let of = |key: &str| inside[key].as_f64().unwrap_or(f64::NAN);
        assert!(of("intervals") > 90.0, "{inside}");
        assert!(of("inside") >= 0.9 * of("intervals"), "{from}: {inside}");
        assert_eq!(report["verdict"], "agrees");
    }
}

#[test]
fn the_outage_of_the_third_of_february_is_named_first() {
    let Some(desk) = desk() else { return };
    let report = backtest(&desk, "1999-02-03", "1999-02-04");
    let worst = report["worst"]["answered.share"]
        .as_array()
        .expect("a list");
    let first = worst.first().and_then(Value::as_str).unwrap_or_default();
    assert!(first.starts_with("1999-02-03T1"), "{worst:?}");
    let hours = report["intervals"].as_array().expect("a list");
    let of = |hour: &str| {
        let it = hours
            .iter()
            .find(|it| it["start"].as_str().is_some_and(|it| it.contains(hour)));
        it.expect("an hour")["answered.share"].clone()
    };
    let storm = of("T13:");
    assert_eq!(storm["inside"], Value::Bool(false), "{storm}");
    assert!(
        storm["recorded"].as_f64().is_some_and(|it| it < 0.2),
        "{storm}"
    );
}
