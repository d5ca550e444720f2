//! A recorded day again: held against what was recorded, and under another policy.

use std::fmt::Write as _;

use crate::desk::{ACCOUNTS, Desk, SCENARIO, value};
use crate::live::Router;

/// Two hundred calls of one morning, from callers of whom some call twice.
fn desk() -> Desk {
    let desk = Desk::small();
    let mut log = String::from("start,from,to,direction,outcome,ring_s,talk_s\n");
    for nth in 0..200u32 {
        let second = 9 * 3600 + nth * 50;
        let (outcome, talk) = if nth % 5 == 0 {
            ("no-answer", "")
        } else {
            ("answered", "60")
        };
        let _ = writeln!(
            log,
            "2026-03-02T{:02}:{:02}:{:02}Z,+15555550{:03},+15555550199,inbound,{outcome},8,{talk}",
            second / 3600,
            second / 60 % 60,
            second % 60,
            100 + nth % 97
        );
    }
    desk.write("log.csv", &log);
    desk
}

#[test]
fn a_backtest_holds_each_interval_against_the_band_and_names_the_worst() {
    let desk = desk();
    let args = [
        "replay",
        "log.csv",
        "--accounts",
        "accounts.toml",
        "--per",
        "30min",
        "--out",
        "back",
    ];
    let done = desk.ends(0, &args);
    let text = done.stdout();
    assert!(text.starts_with("replay of log: the simulation "), "{text}");
    assert!(
        text.contains("2026-03-02T09:00:00+00:00") && text.contains("intervals inside"),
        "{text}"
    );
    assert!(text.contains("are redials of known callers"), "{text}");
    let files = desk.files("back");
    for name in [
        "validation.svg",
        "summary.md",
        "replay.json",
        "replay.txt",
        "intervals.csv",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    for (name, bytes) in &files {
        let shown = String::from_utf8_lossy(bytes);
        assert!(!shown.contains("15555550"), "{name} shows a number");
    }
    // The chart is the first thing of the page, the verdict the next.
    let page = desk.read("back/summary.md");
    let lines: Vec<&str> = page.lines().filter(|it| !it.is_empty()).collect();
    assert!(lines[0].starts_with("![replay of log") && lines[0].ends_with("](validation.svg)"));
    assert!(
        lines[1].contains("replay of log: the simulation "),
        "{page}"
    );
    assert!(
        page.contains("| answered.share |") && page.contains("**Warning:**"),
        "{page}"
    );
    let mut json = args.to_vec();
    json.extend(["--force", "--format", "json"]);
    let report = desk.ends(0, &json).json();
    let intervals = report["intervals"].as_array().expect("intervals");
    let calls: u64 = intervals.iter().filter_map(|it| it["calls"].as_u64()).sum();
    assert_eq!(calls, 200);
    let first = &intervals[0]["answered.share"];
    // 36 calls in half an hour, every fifth unanswered.
    assert!(
        (first["recorded"].as_f64().unwrap_or(0.0) - 28.0 / 36.0).abs() < 1e-9,
        "{first}"
    );
    assert_eq!(report["inside"]["wait_s"]["intervals"], intervals.len());
}

#[test]
fn a_wrong_model_differs_and_is_told_with_strict() {
    let desk = desk();
    let args = [
        "replay",
        "log.csv",
        "--accounts",
        "accounts.toml",
        "--base",
        "people.answer.web.reach=0.0",
        "--base",
        "people.answer.mobile.reach=0.0",
        "--base",
        "people.answer.phone.reach=0.0",
        "--strict",
        "--format",
        "json",
    ];
    let report = desk.ends(1, &args).json();
    assert_eq!(report["verdict"], "differs");
    assert_eq!(report["inside"]["answered.share"]["inside"], 0);
}

#[test]
fn a_what_if_says_which_of_the_recorded_calls_would_have_ended_otherwise() {
    let desk = desk();
    let base = [
        "replay",
        "log.csv",
        "--accounts",
        "accounts.toml",
        "--replications",
        "3",
    ];
    let with = |more: &[&str]| {
        let mut args = base.to_vec();
        args.extend(more);
        args.extend(["--format", "json"]);
        desk.ends(
            i32::from(more.contains(&"accounts.*.user.*.available=false")),
            &args,
        )
        .json()
    };
    let gone = with(&["--set", "accounts.*.user.*.available=false"]);
    assert!(gone.to_string().contains("answered"), "{gone}");
    let same = with(&["--policy", "stages-2026"]);
    assert_ne!(gone, same);
    let more = desk
        .read("accounts.toml")
        .replace("incoming_timeout = \"20s\"", "incoming_timeout = \"40s\"");
    desk.write("more.toml", &more);
    let other = with(&["--what-if-accounts", "more.toml"]);
    assert!(
        !other.to_string().contains("15555550"),
        "no real number is shown"
    );
}

#[test]
fn recorded_redials_can_be_left_out() {
    let desk = desk();
    let done = desk.ends(
        0,
        &[
            "replay",
            "log.csv",
            "--accounts",
            "accounts.toml",
            "--drop-redials",
        ],
    );
    assert!(
        done.stdout()
            .contains("were left out, and nothing makes them anew"),
        "{}",
        done.stdout()
    );
    let why = desk.ends(2, &["replay", "none.csv", "--accounts", "accounts.toml"]);
    assert!(
        why.stderr().contains("none.csv: cannot be read"),
        "{}",
        why.stderr()
    );
}

fn measured(run: &serde_json::Value, metric: &str) -> f64 {
    let found = run["measured"][metric]["value"].as_f64();
    found.unwrap_or_else(|| panic!("{metric}: {}", run["measured"]))
}

#[test]
fn a_recorded_day_is_sent_to_a_live_router_at_the_speed_that_is_asked_for() {
    let desk = desk();
    let accounts = desk.path("accounts.toml");
    let router = Router::of(accounts.to_str().expect("UTF-8"), &[]);
    let replay = |speed: &str, out: &str| {
        let url = router.at("/route");
        let begun = std::time::Instant::now();
        let args = [
            "replay",
            "log.csv",
            "--accounts",
            "accounts.toml",
            "--speed",
            speed,
        ];
        // Whoever else uses the machine is no reason to fail.
        let lag = ["--base", "backend.max_lag=10s"];
        let more = ["--backend", &url, "--format", "json", "--out", out];
        let done = desk.ends(0, &[&args[..], &more[..], &lag[..]].concat());
        (done.json(), begun.elapsed().as_secs_f64())
    };
    // Less than three hours of log at 3600 times the speed of life: less than three seconds.
    let (run, took) = replay("3600", "fast");
    assert!((2.5..30.0).contains(&took), "{took} s");
    assert_eq!(value(&run, "calls.fresh"), 200.0);
    assert_eq!(measured(&run, "backend.requests"), 200.0);
    assert_eq!(measured(&run, "backend.sent"), 200.0);
    assert_eq!(measured(&run, "backend.failed"), 0.0);
    let warnings = run["warnings"].to_string();
    assert!(
        warnings.contains("3600 times as fast as recorded"),
        "{warnings}"
    );
    assert!(desk.path("fast/latency.hlog").exists());
    assert!(measured(&run, "backend.lag_us.p90") > 0.0);
    let (run, _) = replay("max", "max");
    assert_eq!(value(&run, "calls.fresh"), 200.0);
    assert_eq!(measured(&run, "backend.failed"), 0.0);
    assert!(
        run["warnings"]
            .to_string()
            .contains("closed loop over 64 connections")
    );
}

#[test]
fn what_a_live_replay_cannot_do_is_said() {
    let desk = desk();
    let base = ["replay", "log.csv", "--accounts", "accounts.toml"];
    for (more, said) in [
        (vec!["--speed", "10"], "--backend"),
        (
            vec!["--backend", "http://127.0.0.1:1/", "--speed", "0"],
            "from 0.001 to 1000000, or max",
        ),
        (
            vec!["--backend", "http://127.0.0.1:1/", "--policy", "table-2024"],
            "the router decides",
        ),
    ] {
        let why = desk.ends(2, &[&base[..], &more[..]].concat()).stderr();
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn scenario_and_accounts_may_be_named_by_their_folder_or_built_in() {
    let desk = desk();
    desk.write("day/scenario.toml", SCENARIO);
    desk.write("day/accounts.toml", ACCOUNTS);
    let replay = |code, scenario, accounts| {
        let args = ["replay", "log.csv", "--per", "30min", "--format", "json"];
        let named = ["--scenario", scenario, "--accounts", accounts];
        desk.ends(code, &[&args[..], &named].concat())
    };
    let by_file = replay(0, "day/scenario.toml", "day/accounts.toml").json();
    let intervals = by_file["intervals"].as_array().expect("intervals");
    assert!(intervals.len() > 3, "{by_file}");
    assert_eq!(by_file, replay(0, "day", "day").json());
    let built_in = replay(0, "office-day", "day").json();
    assert_ne!(by_file["intervals"], built_in["intervals"]);
    let said = replay(2, "nowhere", "day").stderr();
    assert!(said.contains("no built-in scenario of this name"), "{said}");
}

#[test]
fn only_what_the_user_sets_is_said_to_have_no_effect() {
    let desk = desk();
    let args = ["replay", "log.csv", "--accounts", "accounts.toml"];
    let said = |more: &[&str]| desk.ends(0, &[&args[..], more].concat()).stdout();
    assert!(!said(&[]).contains("no effect"), "{}", said(&[]));
    let set = said(&["--base", "routing.hop_cap=20"]);
    assert!(set.contains("`routing.hop_cap` had no effect"), "{set}");
}
