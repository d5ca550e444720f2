//! `import --fit` of sparse, short and cut logs: what is said of them, and what is not.

use std::fmt::Write as _;

use serde_json::Value;

use crate::desk::Desk;

/// A log of calls: minutes since Monday, 5 January 2026, caller, outcome, seconds on hold, talk.
fn log(mut calls: Vec<(u64, u64, &str, u64, u64)>) -> String {
    calls.sort_unstable();
    let mut log = String::from("start,from,to,outcome,hold_s,talk_s\n");
    let monday: jiff::civil::DateTime = "2026-01-05T00:00".parse().expect("a time");
    for (minute, caller, outcome, hold, talk) in calls {
        let at = monday + jiff::SignedDuration::from_mins(minute.cast_signed());
        let caller = 100 + caller % 90;
        let _ = writeln!(
            log,
            "{at}Z,+15555550{caller},+15555550199,{outcome},{hold},{talk}"
        );
    }
    log
}

/// The report on a log with a fit, and the scenario.
fn fitted(desk: &Desk, log: &str, more: &[&str]) -> (Value, String) {
    desk.write("log.csv", log);
    let args = "import log.csv --out again.csv --force --accounts accounts.toml --fit";
    let args: Vec<&str> = args.split(' ').chain(["--format", "json"]).collect();
    let report = desk.ends(0, &[&args[..], more].concat()).json();
    desk.ends(0, &["check", "fitted.toml"]);
    (report, desk.read("fitted.toml"))
}

/// Why a blast is not fitted.
fn refused(desk: &Desk, log: &str, at: &str, recipients: &str) -> String {
    desk.write("log.csv", log);
    let args = [
        "import",
        "log.csv",
        "--out",
        "again.csv",
        "--force",
        "--fit",
    ];
    let blast = ["--fit-campaign", at, "--recipients", recipients];
    desk.ends(2, &[&args[..], &blast].concat()).stderr()
}

fn warns(report: &Value, of: &str) -> bool {
    let warnings = report["warnings"].as_array().expect("warnings");
    let mut warnings = warnings.iter().filter_map(Value::as_str);
    warnings.any(|it| it.contains(of))
}

/// So many calls in each of the hours from nine to five on each of these days.
fn office(
    days: impl Iterator<Item = u64>,
    an_hour: u64,
) -> Vec<(u64, u64, &'static str, u64, u64)> {
    let hours = days.flat_map(|day| (9..17).map(move |hour| (day * 24 + hour) * 60));
    let calls = hours.flat_map(|from| (0..an_hour).map(move |nth| from + nth * 60 / an_hour));
    calls
        .map(|at| (at, at, "answered", 0, 60 + at % 50))
        .collect()
}

#[test]
fn calls_of_unknown_outcome_make_no_share_above_one() {
    let desk = Desk::empty();
    let mut calls = Vec::new();
    for caller in 0..80 {
        let from = caller * 700;
        calls.push((from, caller, "no-answer", 0, 0));
        calls.extend((1..6).map(|nth| (from + 9 * nth, caller, "", 0, 0)));
    }
    let (report, _) = fitted(&desk, &log(calls), &[]);
    let redials = &report["fit"]["redials"];
    assert_eq!(redials["gross"], 1.0, "{redials}");
    assert_eq!(redials["share_ci95"][1], 1.0, "{redials}");
}

#[test]
fn a_sparse_log_is_as_sparse_as_it_is() {
    let desk = Desk::empty();
    // 121 calls in 26 weeks, not on every day.
    let days = (0..121).map(|nth| nth * nth % 182);
    let calls = days.map(|day| (day * 1440 + 600 + day, day, "answered", 0, 60));
    let (report, _) = fitted(&desk, &log(calls.collect()), &[]);
    let days = report["fit"]["arrivals"].as_array().expect("days");
    let sum = |key: &str| days.iter().filter_map(|it| it[key].as_f64()).sum::<f64>();
    assert!(sum("days") > 170.0, "{}", sum("days"));
    let a_week = 121.0 / 26.0;
    assert!(
        (sum("calls_a_day") / a_week - 1.0).abs() < 0.1,
        "{}",
        sum("calls_a_day")
    );
    assert!(!warns(&report, "implausible"));
}

#[test]
fn a_lost_day_is_left_out_and_said() {
    let desk = Desk::empty();
    let days = (0..29).filter(|day| day % 7 < 5 && *day != 15);
    let (report, scenario) = fitted(&desk, &log(office(days, 5)), &[]);
    assert_eq!(
        report["fit"]["days_missing"],
        serde_json::json!(["2026-01-20"])
    );
    assert!(warns(&report, "implausible: 2026-01-20") && scenario.contains("2026-01-20"));
    let tuesday = &report["fit"]["arrivals"][1];
    assert_eq!(
        (&tuesday["days"], &tuesday["calls_a_day"]),
        (&3.into(), &40.0.into())
    );
    // Nobody calls on Saturday: a day without a call.
    let saturday = &report["fit"]["arrivals"][5];
    assert_eq!(
        (&saturday["days"], &saturday["calls_a_day"]),
        (&4.into(), &0.0.into())
    );
}

#[test]
fn a_log_of_one_week_has_all_its_days() {
    let desk = Desk::empty();
    let (report, scenario) = fitted(&desk, &log(office(0..7, 3)), &[]);
    assert_eq!(report["fit"]["arrivals"].as_array().map(Vec::len), Some(7));
    assert!(warns(
        &report,
        "may be cut, but no other is of their weekday: 2026-01-05, 2026-01-11"
    ));
    for day in ["Mon", "Sun"] {
        assert!(
            scenario.contains(&format!("days = \"{day}\"")),
            "{scenario}"
        );
    }
}

/// Three weeks of office hours and so many minutes, the first day from noon; on the second
/// Wednesday at ten a blast, of which 120 call within two hours.
fn with_blast(until: u64) -> String {
    let mut calls = office(0..22, 6);
    let blast = (9 * 24 + 10) * 60;
    calls.extend((0..120).map(|nth| (blast + 1 + nth * nth / 130, nth, "answered", 0, 99)));
    calls.retain(|it| (720..until).contains(&it.0));
    log(calls)
}

const BLAST: &str = "2026-01-14T10:00";

#[test]
fn the_day_of_a_blast_is_no_ordinary_one() {
    let desk = Desk::empty();
    let more = ["--fit-campaign", BLAST, "--recipients", "6000"];
    let (report, scenario) = fitted(&desk, &with_blast(u64::MAX), &more);
    let fit = &report["fit"];
    let share = fit["campaign"]["response_share"].as_f64().expect("a share");
    assert!((share - 0.02).abs() < 1e-9, "{share}");
    let wednesday = &fit["arrivals"][2];
    assert_eq!(
        (&wednesday["days"], &wednesday["calls_a_day"]),
        (&2.into(), &48.0.into())
    );
    assert!(warns(&report, "for the blast: 2026-01-14") && scenario.contains("blast: 2026-01-14"));
}

#[test]
fn a_first_day_that_is_cut_is_not_what_a_blast_is_compared_with() {
    let desk = Desk::empty();
    // A blast on a Monday: the first is cut at noon, and the last of the log may be.
    let mut calls = office(0..22, 6);
    let blast = (14 * 24 + 10) * 60;
    calls.extend((0..120).map(|nth| (blast + 1 + nth, nth, "answered", 0, 99)));
    calls.retain(|it| it.0 >= 15 * 60);
    let more = ["--fit-campaign", "2026-01-19T10:00", "--recipients", "6000"];
    let (report, _) = fitted(&desk, &log(calls), &more);
    let share = report["fit"]["campaign"]["response_share"].as_f64();
    assert!((share.expect("a share") - 0.02).abs() < 1e-9, "{share:?}");
}

#[test]
fn a_blast_that_the_log_does_not_hold_wholly_is_refused() {
    let desk = Desk::empty();
    let cut = refused(&desk, &with_blast((9 * 24 + 10) * 60 + 90), BLAST, "6000");
    let said = cut.contains("ends at 2026-01-14T11:2") && cut.contains("2026-01-14T20:00:00");
    assert!(said, "{cut}");
    let early = refused(&desk, &with_blast(u64::MAX), "2026-01-05T10:00", "6000");
    assert!(early.contains("begins at 2026-01-05T12:00:00"), "{early}");
    let few = refused(&desk, &with_blast(u64::MAX), BLAST, "100");
    assert!(
        few.contains("120 calls came above") && few.contains("100 were written to"),
        "{few}"
    );
}

#[test]
fn the_zone_of_days_and_hours_is_named() {
    let desk = Desk::empty();
    let log = log(office(0..7, 3));
    let (report, scenario) = fitted(&desk, &log, &[]);
    assert!(warns(
        &report,
        "days and hours are those of UTC: --tz says otherwise"
    ));
    assert_eq!(report["fit"]["time_zone"], "UTC");
    assert!(scenario.contains("those of UTC."), "{scenario}");
    let (report, scenario) = fitted(&desk, &log, &["--tz", "America/Chicago"]);
    assert!(!warns(&report, "--tz says otherwise"));
    assert_eq!(report["fit"]["time_zone"], "America/Chicago");
    assert!(scenario.contains("those of America/Chicago."), "{scenario}");
    let text = [
        "import",
        "log.csv",
        "--out",
        "again.csv",
        "--force",
        "--fit",
    ];
    let told = desk.ends(0, &text).stdout();
    assert!(told.contains("time zone                UTC"), "{told}");
}

/// So many callers on hold who end thus, after a minute and so many seconds more.
fn holding(outcome: &str, n: u64, spread_s: u64) -> Vec<(u64, u64, &str, u64, u64)> {
    let one = |nth| (nth * 97, nth * 7, outcome, 60 + nth % spread_s, 0);
    (0..n).map(one).collect()
}

#[test]
fn waits_that_are_all_alike_have_no_law() {
    let desk = Desk::empty();
    let (report, scenario) = fitted(&desk, &log(holding("abandoned", 100, 1)), &[]);
    assert!(report["fit"]["patience"].is_null());
    assert!(
        warns(&report, "waited all equally long") && scenario.contains("waited all equally long")
    );
    assert!(!scenario.contains("hold_patience"), "{scenario}");
}

#[test]
fn talks_that_are_all_alike_have_no_law() {
    let desk = Desk::empty();
    let calls = office(0..7, 3).into_iter();
    let calls = calls.map(|(at, caller, outcome, hold, _)| (at, caller, outcome, hold, 61));
    let (report, scenario) = fitted(&desk, &log(calls.collect()), &[]);
    assert!(report["fit"]["talk"].is_null() && warns(&report, "no law of talk"));
    assert!(!scenario.contains("\ntalk ="), "{scenario}");
}

#[test]
fn a_median_beyond_every_wait_is_said_to_be_an_extrapolation() {
    let desk = Desk::empty();
    let served = holding("answered", 2000, 60).into_iter();
    let served = served.map(|(at, caller, outcome, hold, _)| (at + 5, caller, outcome, hold, 90));
    let calls = holding("abandoned", 40, 50).into_iter().chain(served);
    let (report, scenario) = fitted(&desk, &log(calls.collect()), &[]);
    assert!(
        warns(
            &report,
            "times the longest wait seen, 119 s: an extrapolation"
        ),
        "{report:#}"
    );
    assert!(scenario.contains("an extrapolation"), "{scenario}");
}

#[test]
fn callers_on_hold_whom_nobody_answered_are_counted_or_said() {
    let desk = Desk::empty();
    let nobody = holding("no-answer", 60, 50);
    let (report, _) = fitted(&desk, &log(nobody.clone()), &[]);
    assert_eq!(report["fit"]["patience"]["left"], 60);
    assert!(warns(
        &report,
        "60 callers on hold whom nobody answered are taken as having left"
    ));
    // A log that knows the word means something else by the other.
    let both = [nobody, holding("abandoned", 40, 50)].concat();
    let (report, scenario) = fitted(&desk, &log(both), &[]);
    assert_eq!(report["fit"]["patience"]["left"], 40);
    assert!(warns(
        &report,
        "60 callers on hold were neither answered nor left"
    ));
    assert!(
        scenario.contains("# Note: 60 callers on hold were neither"),
        "{scenario}"
    );
}

#[test]
fn a_scenario_may_have_any_name_that_a_file_may_have() {
    let desk = Desk::empty();
    desk.write("log.csv", &log(office(0..7, 3)));
    let name = "--fit=cafe\u{301}\u{7f}.toml";
    let args = [
        "import",
        "log.csv",
        "--out",
        "again.csv",
        "--accounts",
        "accounts.toml",
        name,
    ];
    desk.ends(0, &args);
    desk.ends(0, &["check", "cafe\u{301}\u{7f}.toml"]);
}
