//! `run` by the clock on the wall and against a live router.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::desk::Desk;
use crate::live::Router;

const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme"
[[sub_account.user]]
id = "ann"
web_app = true
phone = "+15555550101"
[[sub_account.number]]
number = "+15555550150"
assigned_to = "ann"
"#;

const SCENARIO: &str = r#"
name = "load"
duration = "2s"
accounts = "accounts.toml"
limits.preset = "none"
people.talk = { constant = "1s" }
[[arrivals]]
kind = "poisson"
rate = "60/s"
to = "all"
"#;

fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    desk.write("scenario.toml", SCENARIO);
    desk
}

fn router(desk: &Desk, more: &[&str]) -> Router {
    let accounts = desk.path("accounts.toml");
    Router::of(accounts.to_str().expect("UTF-8"), more)
}

/// A machine under load may lag; these tests are not about that.
const PATIENT: [&str; 2] = ["--set", "backend.max_lag=10s"];

fn run(desk: &Desk, exit: i32, args: &[&str]) -> Value {
    let mut all = vec!["run", "scenario.toml", "--format", "json"];
    all.extend_from_slice(args);
    desk.ends(exit, &all).json()
}

fn live<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["--backend", url];
    args.extend_from_slice(&PATIENT);
    args.extend_from_slice(more);
    args
}

#[test]
fn a_live_run_tells_requests_beside_calls_and_gates_may_be_about_them() {
    let desk = desk();
    let router = router(&desk, &[]);
    let url = router.at("/voice");
    let more = [
        "--clock",
        "wall",
        "--wait-for",
        "10s",
        "--out",
        "a",
        "--gate",
        "backend.not_sent <= 0",
        "--gate",
        "backend.response_us.p50 <= 10s",
    ];
    let begun = Instant::now();
    let said = run(&desk, 0, &live(&url, &more));
    assert!(begun.elapsed() >= Duration::from_secs(2), "by the clock");
    assert_eq!(said["manifest"]["clock"], "wall");
    assert_eq!(said["manifest"]["backend"], "twilio");
    let measured = |name: &str| said["measured"][name]["value"].as_f64().expect(name);
    let calls = said["metrics"]["calls.offered"]["value"].as_f64().unwrap();
    assert!(calls > 60.0);
    // The first request, and the one when the dial is over.
    assert_eq!(measured("backend.requests"), 2.0 * calls);
    assert_eq!(measured("backend.sent"), 2.0 * calls);
    for span in ["response", "service", "queue", "lag"] {
        measured(&format!("backend.{span}_us.p50"));
        measured(&format!("backend.voice.{span}_us.max"));
        measured(&format!("backend.action.{span}_us.max"));
    }
    assert!(said["gates"][1]["verdict"] == "pass");
    for file in ["latency.hlog", "response.hgrm", "voice.response.hgrm"] {
        let text = std::fs::read_to_string(desk.path("a").join(file)).expect(file);
        assert!(
            text.contains("response_ns") || text.contains("Percentile"),
            "{file}"
        );
    }
    let summary = std::fs::read_to_string(desk.path("a/summary.md")).unwrap();
    assert!(summary.contains("## Router"), "{summary}");
    assert!(summary.contains("requests due"), "{summary}");
}

#[test]
fn in_lockstep_the_outcomes_are_those_of_the_simulation() {
    let desk = desk();
    let router = router(&desk, &[]);
    let simulated = run(&desk, 0, &["--out", "a"]);
    let (voice, route) = (router.at("/voice"), router.at("/route"));
    for (at, (url, clock)) in [(&voice, "wall"), (&route, "virtual")]
        .into_iter()
        .enumerate()
    {
        let out = format!("b{at}");
        let more = ["--clock", clock, "--lockstep", "--out", &out];
        let lockstep = run(&desk, 0, &live(url, &more));
        for layer in ["arrivals", "decisions", "outcomes"] {
            let of = |run: &Value| run["fingerprint"][layer].clone();
            assert_eq!(of(&lockstep), of(&simulated), "{layer} over {url}");
        }
    }
}

#[test]
fn a_closed_loop_says_what_it_is() {
    let desk = desk();
    let router = router(&desk, &[]);
    let url = router.at("/route");
    let more = ["--set", "backend.closed={connections=3}", "--out", "a"];
    let said = run(&desk, 0, &live(&url, &more));
    let warnings = said["warnings"].to_string();
    assert!(
        warnings.contains("closed loop over 3 connections"),
        "{warnings}"
    );
    assert!(warnings.contains("coordinated omission"), "{warnings}");
    assert_eq!(said["measured"]["backend.connections"]["value"], 3);
    assert!(said["measured"]["backend.requests_per_s"]["value"].is_number());
}

#[test]
fn a_lag_beyond_the_bound_makes_a_run_invalid() {
    let desk = desk();
    let router = router(&desk, &[]);
    let url = router.at("/route");
    let more = ["--clock", "wall", "--backend", &url, "--out", "a"];
    // Nobody is ready a nanosecond after the due time.
    let bound = ["--set", "backend.max_lag=0.001us"];
    let said = run(&desk, 4, &[&more[..], &bound[..]].concat());
    assert_eq!(said["verdict"], "invalid");
    assert!(said["warnings"].to_string().contains("our own lag at p99"));
}

#[test]
fn a_router_that_fails_is_heard_by_callers_and_counted() {
    let desk = desk();
    let router = router(&desk, &["--fault", "error=100%"]);
    let url = router.at("/route");
    let said = run(&desk, 0, &live(&url, &["--clock", "wall", "--out", "a"]));
    let calls = &said["metrics"]["calls.offered"]["value"];
    assert_eq!(
        said["metrics"]["calls.failed.backend-error"]["value"],
        *calls
    );
    assert_eq!(said["measured"]["backend.failed"]["value"], *calls);
    assert!(said["measured"]["backend.failed.response_us.p50"]["value"].is_number());
    assert!(said["measured"]["backend.response_us.p50"].is_null());
}

#[test]
fn a_router_that_is_not_there_fails_every_call_and_one_that_was_waited_for_the_run() {
    let desk = desk();
    // Nobody listens there.
    let url = "http://127.0.0.1:9/voice";
    let said = run(&desk, 0, &live(url, &["--clock", "wall", "--out", "a"]));
    let calls = &said["metrics"]["calls.offered"]["value"];
    assert_eq!(said["metrics"]["calls.failed"]["value"], *calls);
    assert_eq!(said["measured"]["backend.not_sent"]["value"], *calls);
    let waited = [
        "run",
        "scenario.toml",
        "--backend",
        url,
        "--wait-for",
        "300ms",
    ];
    let said = desk.ends(4, &waited).stderr();
    assert!(said.contains("did not answer"), "{said}");
}

#[test]
fn strangers_are_refused_before_anything_is_written() {
    let desk = desk();
    let stranger = [
        "run",
        "scenario.toml",
        "--out",
        "a",
        "--backend",
        "http://192.0.2.1/voice",
    ];
    desk.ends(6, &stranger);
    assert!(!desk.path("a").exists());
}

#[test]
fn decisions_of_this_process_go_by_the_wall_clock_too() {
    let desk = desk();
    let simulated = run(&desk, 0, &["--out", "a"]);
    let begun = Instant::now();
    let paced = run(&desk, 0, &["--out", "b", "--clock", "wall"]);
    assert!(begun.elapsed() >= Duration::from_secs(2), "by the clock");
    assert_eq!(
        paced["fingerprint"]["outcomes"],
        simulated["fingerprint"]["outcomes"]
    );
    assert_eq!(paced["metrics"], simulated["metrics"]);
}
