//! How often a run is repeated: `replications`, `precision`, `antithetic`, `warm_up`.

use routing::Nanos;

use super::{SCENARIO, read, refused, with_scenario};
use crate::WarmUp;

const GATE: &str = "\n[[gate]]\nmetric = \"calls.answered.share\"\nmin = 0.8\n";

fn parameter(scenario: &crate::Scenario, name: &str) -> String {
    let found = scenario.parameters.iter().find(|(key, _)| key == name);
    found.map(|it| it.1.clone()).unwrap_or_default()
}

#[test]
fn a_precision_comes_with_a_budget_of_a_thousand_unless_one_is_written() {
    let gated = format!("{SCENARIO}{GATE}");
    for (set, most) in [
        (vec!["precision=0.01"], 1000),
        (vec!["precision=0.01", "replications=40"], 40),
    ] {
        let scenario = read(&with_scenario(&gated), &set, &[]);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.precision, Some(0.01));
        assert_eq!(scenario.replications, most);
        assert_eq!(parameter(&scenario, "replications"), most.to_string());
        assert_eq!(parameter(&scenario, "precision"), "0.01");
    }
}

#[test]
fn a_precision_without_a_gate_is_refused_at_the_key() {
    let text = format!("precision = 0.01\n{SCENARIO}");
    assert_eq!(
        refused(&with_scenario(&text), &[], &[]),
        "s/scenario.toml:1:13: error: `precision` is that of the gated metrics, and there is no \
         gate\nprecision = 0.01\n            ^^^^\nhelp: add a [[gate]] or --gate 'METRIC >= \
         VALUE' with the metric that matters\n"
    );
    assert!(read(&with_scenario(&text), &[], &["calls.offered > 3"]).is_ok());
}

#[test]
fn a_warm_up_is_given_or_to_be_found() {
    for (text, expected) in [
        ("", WarmUp::Given(Nanos::ZERO)),
        (
            "warm_up = \"10min\"\n",
            WarmUp::Given(Nanos::from_secs(600)),
        ),
        ("warm_up = \"auto\"\n", WarmUp::Auto),
    ] {
        let scenario = read(&with_scenario(&format!("{text}{SCENARIO}")), &[], &[]);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.warm_up, expected, "{text}");
    }
}

#[test]
fn antithetic_replications_are_even_in_number() {
    let odd = format!("antithetic = true\nreplications = 7\n{SCENARIO}");
    assert_eq!(
        refused(&with_scenario(&odd), &[], &[]),
        "s/scenario.toml:2:16: error: antithetic replications come in pairs, and 7 is no even \
         number\nreplications = 7\n               ^\nhelp: write `replications = 8`\n"
    );
    let alone = refused(
        &with_scenario(&format!("antithetic = true\n{SCENARIO}")),
        &[],
        &[],
    );
    assert!(
        alone.starts_with("s/scenario.toml:1:14: error: antithetic replications come in pairs"),
        "{alone}"
    );
    let even = read(&with_scenario(&odd), &["replications=8"], &[]);
    assert!(even.is_ok_and(|scenario| scenario.antithetic));
}
