//! Flags and `--set`: each reaches what it names.

use crate::desk::{Desk, SCENARIO, value};

#[test]
fn flags_stand_for_keys() {
    let desk = Desk::small();
    let args = [
        "--seed",
        "3",
        "--replications",
        "2",
        "--policy",
        "table-2024",
        "--threads",
        "2",
    ];
    let run = desk.run_json("a", &args);
    assert_eq!(run["manifest"]["seed"], 3);
    let parameters = &run["manifest"]["parameters"];
    assert_eq!(parameters["replications"], "2");
    assert_eq!(parameters["policy"], "table-2024");
    let keys = [
        "--set",
        "seed=3",
        "--set",
        "replications=2",
        "--set",
        "policy=table-2024",
    ];
    let same = desk.run_json("b", &keys);
    assert_eq!(same["metrics"], run["metrics"]);
    assert_eq!(same["fingerprint"], run["fingerprint"]);
}

#[test]
fn a_set_value_is_toml_or_a_text_and_lists_are_reached_by_index() {
    let desk = Desk::small();
    let run = desk.run_json(
        "a",
        &["--set", "arrivals.0.rate=0.5/min", "--set", "duration=2h"],
    );
    let offered = value(&run, "calls.offered");
    assert!((30.0..100.0).contains(&offered), "{offered}");
    let quoted = desk.run_json("b", &["--set", "duration=\"2h\"", "--set", "name = [red]"]);
    assert_eq!(quoted["manifest"]["parameters"]["duration"], "2h");
    assert_eq!(quoted["manifest"]["name"], "[red]");
}

#[test]
fn set_reaches_users_numbers_and_contacts_of_the_accounts() {
    let desk = Desk::small();
    let outcomes = |out: &str, set: &[&str]| {
        let flags: Vec<&str> = set.iter().flat_map(|it| ["--set", it]).collect();
        desk.run_json(out, &flags)["fingerprint"].clone()
    };
    let plain = outcomes("plain", &[]);
    let contacts = [
        "arrivals.0.callers=contacts",
        "accounts.*.prefer=contact-owner",
    ];
    let by_contacts = outcomes("contacts", &contacts);
    for (out, base, set) in [
        (
            "user",
            &plain,
            "accounts.acme-dental.user.ann.web_app=false",
        ),
        ("users", &plain, "accounts.*.user.*.available=false"),
        (
            "number",
            &plain,
            "accounts.acme-dental.number.+15555550199.backup=none",
        ),
        (
            "account",
            &plain,
            "accounts.acme-dental.incoming_timeout=7s",
        ),
        (
            "contact",
            &by_contacts,
            "accounts.acme-dental.contact.+15555550177.assigned_to=ann",
        ),
    ] {
        let with: Vec<&str> = match out {
            "contact" => vec![contacts[0], contacts[1], set],
            _ => vec![set],
        };
        let changed = outcomes(out, &with);
        assert_ne!(changed["inputs"], base["inputs"], "{set}");
        assert_eq!(changed["arrivals"], base["arrivals"], "{set}");
        assert_ne!(changed["decisions"], base["decisions"], "{set}");
    }
}

#[test]
fn a_value_that_changes_nothing_is_told() {
    let desk = Desk::small();
    let own = crate::desk::ACCOUNTS.replace(
        "web_app = true",
        "web_app = true\nincoming_timeout = \"9s\"",
    );
    desk.write("accounts.toml", &own);
    let args = [
        "run",
        "scenario.toml",
        "--set",
        "accounts.acme-dental.incoming_timeout=25s",
    ];
    let done = desk.ends(0, &args);
    assert!(
        done.stderr().contains("had no effect: 1 of 1 users"),
        "{}",
        done.stderr()
    );
}

#[test]
fn accounts_is_a_file_and_paths_of_the_command_line_begin_in_the_working_folder() {
    let desk = Desk::empty();
    desk.write("deep/scenario.toml", SCENARIO);
    desk.write("deep/accounts.toml", crate::desk::ACCOUNTS);
    desk.write(
        "other.toml",
        &crate::desk::ACCOUNTS.replace("\"ben\"", "\"zoe\""),
    );
    desk.ends(0, &["run", "deep/scenario.toml", "--out", "a"]);
    desk.ends(
        0,
        &["run", "deep", "--set", "accounts=other.toml", "--out", "b"],
    );
    assert!(desk.read("a/staff.csv").contains("acme-dental/ben"));
    assert!(desk.read("b/staff.csv").contains("acme-dental/zoe"));
}

#[test]
fn a_gate_may_bound_intervals_and_has_units() {
    let desk = Desk::small();
    let scenario =
        format!("{SCENARIO}\n[[gate]]\nmetric = \"calls.offered\"\nmin = 1\neach = \"20min\"\n");
    desk.write("scenario.toml", &scenario);
    let run = desk.run_json("a", &["--gate", "answer.delay_s.mean <= 60000ms"]);
    assert_eq!(run["gates"][0]["each_s"], 1200);
    assert_eq!(run["gates"][1]["max"], 60);
    assert_eq!(run["verdict"], "pass");
}
