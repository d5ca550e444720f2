//! The factors of a fitted scenario are those that its log was made with.

use crate::desk::Desk;

const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme"
[[sub_account.user]]
id = "ann"
web_app = true
[[sub_account.number]]
number = "+15555550150"
assigned_to = "ann"
"#;

/// The factors that the fit of a year of calls finds, which these were made with.
fn fitted(day_cv: f64, period_cv: f64) -> (f64, f64) {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    let rates = ["\"0/h\""; 8].join(", ") + ", " + &["\"60/h\""; 10].join(", ");
    let rates = rates + ", " + &["\"0/h\""; 6].join(", ");
    desk.write(
        "scenario.toml",
        &format!(
            "accounts = \"accounts.toml\"\nduration = \"8760h\"\nseed = 3\n[[arrivals]]\n\
             kind = \"profile\"\nevery = \"1h\"\nrates = [{rates}]\nday_cv = {day_cv:?}\n\
             period_cv = {period_cv:?}\nto = \"all\"\n"
        ),
    );
    desk.ends(
        0,
        &["generate", "calls", "scenario.toml", "--out", "log.csv"],
    );
    let args = ["import", "log.csv", "--tz", "UTC", "--out", "again.csv"];
    desk.ends(0, &[&args[..], &["--fit=fitted.toml"]].concat());
    desk.ends(0, &["check", "fitted.toml"]);
    let text = desk.read("fitted.toml");
    let value = |key: &str| -> f64 {
        let line = text.lines().find_map(|it| it.strip_prefix(key));
        line.and_then(|it| it.parse().ok())
            .unwrap_or_else(|| panic!("{key}: {text}"))
    };
    (value("day_cv = "), value("period_cv = "))
}

#[test]
fn a_fit_finds_the_day_and_period_factors_of_its_log() {
    for (day_cv, period_cv) in [(0.15, 0.25), (0.2, 0.0), (0.0, 0.3)] {
        let found = fitted(day_cv, period_cv);
        let near = (found.0 - day_cv).abs() < 0.06 && (found.1 - period_cv).abs() < 0.04;
        assert!(near, "{found:?} of {day_cv}, {period_cv}");
    }
}
