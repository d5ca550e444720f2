//! Run folders show keyed pseudonyms and no number of anybody (contract.md section 6).

use crate::desk::Desk;
use crate::live::Router;

/// Digits that appear nowhere else.
const CANARIES: [&str; 8] = [
    "+15555550171",
    "+15555550172",
    "+15555550173",
    "+15555550174",
    "+15555550175",
    "+15555550176",
    "+15555550178",
    "+15555550179",
];

fn desk() -> Desk {
    let [
        called,
        user,
        forward,
        contact,
        business,
        caller,
        outside,
        other,
    ] = CANARIES;
    let desk = Desk::empty();
    let accounts = format!(
        r#"
[[sub_account]]
id = "acme"
name = "Acme {called}"
business_phone = "{business}"
[[sub_account.user]]
id = "ann"
phone = "{user}"
person = "ann {user}"
[[sub_account.number]]
number = "{called}"
assigned_to = "ann"
forward_to = "{forward}"
[[sub_account.contact]]
phone = "{contact}"
assigned_to = "ann"
"#
    );
    let log = format!(
        "start,from,to\n\
         2026-01-05T00:10:00Z,{caller},{called}\n\
         2026-01-05T00:20:00Z,{other},{outside}\n\
         2026-01-07T00:20:00Z,{other},{outside}\n"
    );
    let scenario = format!(
        r#"
name = "to {called}"
start = "2026-01-05T00:00:00"
duration = "2h"
accounts = "accounts.toml"
[[arrivals]]
kind = "log"
file = "log.csv"
[[arrivals]]
kind = "poisson"
rate = "60/h"
callers = "contacts"
to = {{ "{called}" = 3 }}
[[arrivals]]
kind = "poisson"
rate = "60/h"
callers = "spoofed"
to = ["{called}"]
"#
    );
    desk.write("accounts.toml", &accounts);
    desk.write("log.csv", &log);
    desk.write("scenario.toml", &scenario);
    desk
}

fn no_canary(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for canary in CANARIES {
        let digits = &canary[1..];
        assert!(!text.contains(digits), "{what} shows {canary}");
    }
}

#[test]
fn no_file_of_a_run_folder_and_no_result_shows_a_real_number() {
    let desk = desk();
    let [called, .., other] = CANARIES;
    let set = format!("accounts.acme.number.{called}.forward_to={other}");
    let also = format!("accounts.acme.number.{called}.backup=voicemail");
    let out = [
        "run",
        "scenario.toml",
        "--calls",
        "--out",
        "a",
        "--set",
        &set,
        "--set",
        &also,
    ];
    let done = desk.ends(0, &out);
    no_canary("stdout", &done.0.stdout);
    let files = desk.files("a");
    assert!(files.contains_key("calls.csv"));
    for (name, bytes) in &files {
        no_canary(name, bytes);
    }
    let json = desk.ends(
        0,
        &["run", "scenario.toml", "--format", "json", "--set", &set],
    );
    no_canary("JSON", &json.0.stdout);
    assert!(
        json.stdout().contains("+999"),
        "pseudonyms stand in their place"
    );
}

#[test]
fn a_grid_shows_none_either() {
    let desk = desk();
    let [called, .., other] = CANARIES;
    let vary = format!("accounts.acme.number.{called}.forward_to={other},+15555550100");
    let done = desk.ends(0, &["run", "scenario.toml", "--vary", &vary, "--out", "a"]);
    no_canary("stdout", &done.0.stdout);
    for (name, bytes) in desk.files("a") {
        no_canary(&name, &bytes);
    }
}

#[test]
fn the_key_makes_the_pseudonyms() {
    let desk = desk();
    let calls = |out: &str, key: Option<&str>, seed: &str| {
        let mut run = desk.command(&[
            "run",
            "scenario.toml",
            "--calls",
            "--out",
            out,
            "--seed",
            seed,
        ]);
        if let Some(key) = key {
            run.env("BUSYHOUR_KEY", key);
        }
        run.assert().success();
        let text = desk.read(&format!("{out}/calls.csv"));
        let to = |line: &str| line.split(',').nth(2).map(str::to_owned);
        text.lines().nth(1).and_then(to).expect("a called number")
    };
    let of_inputs = calls("a", None, "1");
    assert_eq!(of_inputs, calls("b", None, "1"));
    let keyed = calls("c", Some("secret"), "1");
    assert_ne!(keyed, of_inputs);
    assert_eq!(keyed, calls("d", Some("secret"), "1"));
}

#[test]
fn neither_a_backtest_nor_a_what_if_shows_any() {
    let desk = desk();
    let [called, .., caller, outside, other] = CANARIES;
    let log = format!(
        "start,from,to,direction,outcome,ring_s,talk_s,user\n\
         2026-01-05T00:10:00Z,{caller},{called},inbound,answered,5,60,{caller}\n\
         2026-01-05T00:11:00Z,{caller},{called},inbound,no-answer,20,,\n\
         2026-01-05T00:20:00Z,{other},{outside},inbound,answered,5,60,ann\n\
         2026-01-05T00:30:00Z,{other},{called},inbound,answered,5,60,ann\n"
    );
    desk.write("day.csv", &log);
    let base = ["replay", "day.csv", "--accounts", "accounts.toml"];
    let set = format!("accounts.acme.number.{called}.forward_to={other}");
    for (out, more) in [
        ("back", vec!["--fewest", "1"]),
        ("policy", vec!["--policy", "table-2024"]),
        ("set", vec!["--set", &set]),
        ("json", vec!["--set", &set, "--format", "json"]),
    ] {
        let args = [&base[..], &more[..], &["--out", out][..]].concat();
        let done = desk.ends(0, &args);
        no_canary(&format!("stdout of {out}"), &done.0.stdout);
        no_canary(&format!("stderr of {out}"), &done.0.stderr);
        let files = desk.files(out);
        assert!(!files.is_empty(), "{out}");
        for (name, bytes) in files {
            no_canary(&format!("{out}/{name}"), &bytes);
        }
    }
}

#[test]
fn a_live_replay_shows_none_in_its_folder_and_its_lines() {
    let desk = desk();
    let [called, .., caller, outside, other] = CANARIES;
    let router = Router::of(desk.path("accounts.toml").to_str().expect("UTF-8"), &[]);
    desk.write(
        "day.csv",
        &format!(
            "start,from,to,direction,outcome,ring_s,talk_s,user\n\
             2026-01-05T00:10:00Z,{caller},{called},inbound,answered,5,60,{caller}\n\
             2026-01-05T00:11:00Z,{caller},{called},inbound,no-answer,20,,\n\
             2026-01-05T00:20:00Z,{other},{outside},inbound,answered,5,60,ann\n"
        ),
    );
    let dead = "http://127.0.0.1:1/route";
    for (out, url) in [("live", router.at("/route").as_str()), ("dead", dead)] {
        let mut run = desk.command(&["replay", "day.csv", "--accounts", "accounts.toml"]);
        run.args(["--backend", url, "--speed", "600", "--out", out]);
        run.args(["--wait-for", "0s", "--base", "backend.max_lag=10s"]);
        let done = run.output().expect("busyhour runs");
        no_canary(&format!("stdout of {out}"), &done.stdout);
        no_canary(&format!("stderr of {out}"), &done.stderr);
        assert!(done.status.success(), "{done:?}");
    }
    for folder in ["live", "dead"] {
        let files = desk.files(folder);
        assert!(files.contains_key("summary.md"), "{folder}");
        for (name, bytes) in files {
            no_canary(&format!("{folder}/{name}"), &bytes);
        }
    }
    // Among the files of a folder it is not, since it differs from run to run.
    no_canary("latency.hlog", desk.read("live/latency.hlog").as_bytes());
}

#[test]
fn no_secret_in_the_url_of_a_router_is_printed_or_stored() {
    let desk = Desk::small();
    let router = Router::of(desk.path("accounts.toml").to_str().expect("UTF-8"), &[]);
    let secret = |what: &str, bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("SECRET"), "{what}: {text}");
    };
    let status = "backend.status_url=http://127.0.0.1:1/status?key=SECRET";
    for (out, url) in [
        (
            "live",
            router.at("/route?token=SECRET&SECRET#SECRET").as_str(),
        ),
        ("dead", "http://127.0.0.1:1/voice?token=SECRET"),
    ] {
        let mut run = desk.command(&["run", "scenario.toml", "--backend", url, "--out", out]);
        run.args(["--lockstep", "--backend-protocol", "json"]);
        let done = run.output().expect("busyhour runs");
        secret("stdout", &done.stdout);
        secret("stderr", &done.stderr);
        let files = desk.files(out);
        let manifest = String::from_utf8_lossy(&files["run.json"]);
        assert!(manifest.contains("token=..."), "{manifest}");
        for (name, bytes) in files {
            secret(&name, &bytes);
        }
    }
    for args in [
        vec![
            "run",
            "scenario.toml",
            "--backend",
            "http://bob:SECRET@127.0.0.1:1/route",
        ],
        vec![
            "run",
            "scenario.toml",
            "--backend",
            "bob:SECRET@127.0.0.1:1/route?token=SECRET",
        ],
        vec![
            "run",
            "scenario.toml",
            "--backend",
            "http://127.0.0.1:1/route",
            "--set",
            status,
        ],
        vec![
            "verify",
            "http://bob:SECRET@127.0.0.1:1/",
            "--accounts",
            "accounts.toml",
        ],
        vec![
            "verify",
            "http://127.0.0.1:1/route?SECRET",
            "--accounts",
            "accounts.toml",
        ],
        vec![
            "check",
            "scenario.toml",
            "--set",
            "backend.url=bob:SECRET@h",
        ],
    ] {
        let done = desk.command(&args).output().expect("busyhour runs");
        assert!(!done.status.success(), "{args:?}");
        secret("stdout", &done.stdout);
        secret("stderr", &done.stderr);
    }
    let url = router.at("/route?token=SECRET");
    for format in ["text", "json"] {
        let verify = [
            "verify",
            &url,
            "--accounts",
            "accounts.toml",
            "--format",
            format,
        ];
        let done = desk.command(&verify).output().expect("busyhour runs");
        assert!(!done.stdout.is_empty());
        secret("stdout", &done.stdout);
        secret("stderr", &done.stderr);
    }
}
