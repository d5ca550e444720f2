//! The same scenario and seed give the same bytes, whatever surrounds them (ADR: determinism).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::desk::{ACCOUNTS, Desk, SCENARIO};

const MORE: &str = r#"
replications = 6
time_zone = "America/New_York"
start = "2026-03-07T20:00:00"
[people]
redial = { share = 0.5, delay = { exponential = "5min" }, max = 3 }
"#;

/// With redials, replications and a change of the clocks within the run.
fn scenario() -> String {
    let (head, people) = MORE.split_once("[people]").expect("two parts");
    format!("{head}{SCENARIO}\n[people]{people}").replace("\"1h\"", "\"9h\"")
}

/// Everything but what a clock measured.
pub(crate) fn comparable(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let run = files.remove("run.json").expect("run.json");
    let mut run: Value = serde_json::from_slice(&run).expect("JSON");
    run.as_object_mut().expect("an object").remove("measured");
    files.insert("run.json".to_owned(), run.to_string().into_bytes());
    let page = String::from_utf8(files.remove("summary.md").expect("summary.md")).expect("UTF-8");
    let kept = page
        .lines()
        .filter(|line| !line.contains("engine.") && !line.contains("decision."));
    files.insert(
        "summary.md".to_owned(),
        kept.collect::<String>().into_bytes(),
    );
    files
}

#[test]
fn threads_zone_locale_and_folders_change_no_byte() {
    let desk = Desk::empty();
    desk.write("scenario.toml", &scenario());
    desk.write("accounts.toml", ACCOUNTS);
    desk.write("elsewhere/empty", "");
    let base = [
        "run",
        "scenario.toml",
        "--calls",
        "--quiet",
        "--out",
        "base",
        "--threads",
        "1",
    ];
    desk.ends(0, &base);
    let expected = comparable(desk.files("base"));
    assert_eq!(
        expected.len(),
        10 + usize::from(expected.contains_key("junit.xml"))
    );
    let run = |out: &str, threads: &str, env: (&str, &str)| {
        let args = [
            "run",
            "scenario.toml",
            "--calls",
            "--out",
            out,
            "--threads",
            threads,
        ];
        desk.command(&args).env(env.0, env.1).assert().success();
        same(&expected, &comparable(desk.files(out)), out);
    };
    run("threads", "2", ("TZ", "UTC"));
    run("east", "2", ("TZ", "Asia/Kathmandu"));
    run("deep/er/west", "1", ("TZ", "America/New_York"));
    run("plain", "2", ("LC_ALL", "C"));
    run("german", "1", ("LC_ALL", "de_DE.UTF-8"));
    let args = ["run", "../scenario.toml", "--calls", "--out", "../there"];
    desk.command(&args)
        .current_dir(desk.path("elsewhere"))
        .assert()
        .success();
    same(
        &expected,
        &comparable(desk.files("there")),
        "another working folder",
    );
}

pub(crate) fn same(
    expected: &BTreeMap<String, Vec<u8>>,
    found: &BTreeMap<String, Vec<u8>>,
    what: &str,
) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(expected), names(found), "{what}");
    for (name, bytes) in expected {
        assert!(bytes == &found[name], "{what}: {name} differs");
    }
}

#[test]
fn another_seed_gives_other_calls_and_other_inputs() {
    let desk = Desk::small();
    let (one, two) = (
        desk.run_json("one", &[]),
        desk.run_json("two", &["--seed", "12"]),
    );
    for layer in ["inputs", "arrivals", "decisions", "outcomes"] {
        assert_ne!(
            one["fingerprint"][layer], two["fingerprint"][layer],
            "{layer}"
        );
    }
}

/// Six sub-accounts of which two share a person, and calls enough that one replication is worth
/// dividing.
fn offices() -> (String, String) {
    let mut accounts = String::new();
    for at in 0..6 {
        let person = if at < 2 { "person = \"ann\"\n" } else { "" };
        let _ = write!(
            accounts,
            "[[sub_account]]\nid = \"office-{at}\"\nincoming_timeout = \"20s\"\n\
             [[sub_account.user]]\nid = \"ann\"\nweb_app = true\n{person}\
             [[sub_account.user]]\nid = \"ben\"\nmobile_app = true\n\
             [[sub_account.number]]\nnumber = \"+1555555011{at}\"\nassigned_to = \"ann\"\n\
             ring_more = [\"ben\"]\n"
        );
    }
    let scenario = "accounts = \"accounts.toml\"\nduration = \"30h\"\n\
        [[arrivals]]\nkind = \"poisson\"\nrate = \"800/h\"\nto = \"all\"\n\
        callers = { pool = 300 }\n\
        [people]\nredial = { share = 0.4, delay = { exponential = \"5min\" } }\n";
    (scenario.to_owned(), accounts)
}

/// One replication on one thread runs whole, on several in parts: call by call the same.
#[test]
fn one_replication_on_several_threads_changes_no_byte() {
    let desk = Desk::empty();
    let (scenario, accounts) = offices();
    desk.write("scenario.toml", &scenario);
    desk.write("accounts.toml", &accounts);
    let run = |threads: &str| {
        let args = [
            "run",
            "scenario.toml",
            "--calls",
            "--quiet",
            "--out",
            threads,
        ];
        desk.ends(0, &[&args[..], &["--threads", threads]].concat());
        comparable(desk.files(threads))
    };
    let one = run("1");
    let calls = String::from_utf8(one["calls.csv"].clone()).expect("UTF-8");
    assert!(calls.lines().count() > 20_000);
    for threads in ["2", "7"] {
        same(&one, &run(threads), threads);
    }
}

/// What the policies decide differs and hence what becomes of the calls, but who calls whom and
/// when does not: two policies can be compared call by call.
#[test]
fn two_policies_meet_the_same_arrivals() {
    let desk = Desk::small();
    let (one, two) = (
        desk.run_json("one", &["--policy", "stages-2026"]),
        desk.run_json("two", &["--policy", "layers-legacy"]),
    );
    let print = |run: &Value, layer: &str| run["fingerprint"][layer].clone();
    assert!(print(&one, "arrivals").is_string());
    assert_eq!(print(&one, "arrivals"), print(&two, "arrivals"));
    for layer in ["inputs", "decisions", "outcomes"] {
        assert_ne!(print(&one, layer), print(&two, layer), "{layer}");
    }
}

#[test]
fn comments_and_order_of_keys_change_no_input() {
    let desk = Desk::small();
    let plain = desk.run_json("plain", &[]);
    let moved = SCENARIO.replace("seed = 11\n", "");
    desk.write("scenario.toml", &format!("seed = 11 # eleven\n{moved}"));
    let moved = desk.run_json("moved", &[]);
    assert_eq!(plain["fingerprint"], moved["fingerprint"]);
    assert_ne!(
        plain["manifest"]["scenario_sha256"],
        moved["manifest"]["scenario_sha256"]
    );
}
