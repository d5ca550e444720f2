//! `busyhour route`: one decision with its trace (contract.md section 3).

use serde_json::{Value, json};

use crate::desk::Desk;

/// The accounts file of the contract, as far as a decision goes.
const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme-dental"
business_phone = "+15555550190"
incoming_timeout = "20s"

[[sub_account.user]]
id = "ann"
phone = "+15555550101"
web_app = true
mobile_app = true
incoming_timeout = "15s"
voicemail_greeting = true
hours = ["Mon-Fri 09:00-12:30"]

[[sub_account.number]]
number = "+15555550199"
assigned_to = "ann"
"#;

fn route(desk: &Desk, more: &[&str]) -> Value {
    let args = [
        "route",
        "--accounts",
        "accounts.toml",
        "--to",
        "+15555550199",
        "--format",
        "json",
    ];
    desk.ends(0, &[&args[..], more].concat()).json()
}

#[test]
fn the_object_is_the_one_of_the_contract() {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    let mut made = route(&desk, &["--from", "+15555550177", "--policy", "table-2024"]);
    let trace = made
        .as_object_mut()
        .expect("an object")
        .remove("trace")
        .expect("a trace");
    assert_eq!(
        made,
        json!({"policy": "table-2024", "sub_account": "acme-dental", "from": "+15555550177",
            "to": "+15555550199", "rule": "number-owner",
            "stages": [{"legs": [
                {"device": "web", "user": "ann"},
                {"device": "mobile", "user": "ann"},
                {"device": "phone", "role": "user", "user": "ann", "number": "+15555550101"}],
                "ring_s": 15.0}],
            "finally": "voicemail", "greeting": "user"})
    );
    for step in trace.as_array().expect("steps") {
        assert!(step["rule"].is_string() && step["verdict"].is_string() && step["saw"].is_object());
    }
}

#[test]
fn hours_count_only_when_a_time_is_given() {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    let devices = |more: &[&str]| {
        let made = route(&desk, &[&["--from", "private"][..], more].concat());
        let legs = made["stages"][0]["legs"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        legs.iter()
            .map(|leg| leg["device"].to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let all = "\"web\" \"mobile\" \"phone\"";
    assert_eq!(devices(&[]), all);
    assert_eq!(devices(&["--at", "2026-03-02T09:00"]), all);
    assert_eq!(devices(&["--at", "2026-03-02T12:30"]), "\"phone\"");
    assert_eq!(
        devices(&["--at", "2026-03-02T12:29:59-05:00[America/New_York]"]),
        all
    );
    let args = [
        "route",
        "--accounts",
        "accounts.toml",
        "--from",
        "private",
        "--to",
        "+15555550199",
    ];
    desk.ends(2, &[&args[..], &["--at", "noon"]].concat());
}

#[test]
fn any_decision_ends_with_0_and_a_number_that_nobody_owns_is_a_drop() {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    let args = [
        "route",
        "--accounts",
        ".",
        "--from",
        "private",
        "--to",
        "+15555550142",
    ];
    let made = desk
        .ends(0, &[&args[..], &["--format", "json"]].concat())
        .json();
    assert_eq!(
        (&made["finally"], &made["cause"]),
        (&json!("drop"), &json!("unknown-number"))
    );
    assert_eq!(made["from"], Value::Null);
    assert_eq!(made["stages"], json!([]));
    assert!(
        desk.ends(0, &args)
            .stdout()
            .contains("at once: drop (unknown-number)")
    );
}

#[test]
fn set_reaches_routing_and_accounts() {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    let cut = route(&desk, &["--from", "private", "--set", "routing.max_legs=2"]);
    assert_eq!(cut["stages"][0]["legs"].as_array().map(Vec::len), Some(2));
    assert_eq!(cut["truncated"].as_array().map(Vec::len), Some(1), "{cut}");
    let set = "accounts.acme-dental.user.ann.web_app=false";
    let fewer = route(&desk, &["--from", "private", "--set", set]);
    assert_eq!(fewer["stages"][0]["legs"][0]["device"], "mobile");
}

#[test]
fn a_scenario_in_place_of_accounts_is_told() {
    let desk = Desk::small();
    let args = [
        "route",
        "--accounts",
        "scenario.toml",
        "--from",
        "private",
        "--to",
        "+15555550199",
    ];
    let said = desk.ends(2, &args).stderr();
    assert!(
        said.contains("found a scenario, expected an accounts file"),
        "{said}"
    );
}
