//! Ctrl-C once: a partial run, whole files. Twice: now.
#![cfg(unix)]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::desk::Desk;

/// Starts a run that takes minutes, and waits until it is on its way.
fn long_run(desk: &Desk, replications: &str) -> Child {
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("busyhour"))
        .current_dir(desk.path(""))
        .args([
            "run",
            "scenario.toml",
            "--out",
            "a",
            "--replications",
            replications,
        ])
        .args([
            "--set",
            "arrivals.0.rate=100/s",
            "--set",
            "duration=30d",
            "--set",
            "interval=1d",
        ])
        .args(["--set", "limits.preset=none"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    on_its_way(desk, child)
}

/// Waits until the run has its folder, and a little more.
fn on_its_way(desk: &Desk, mut child: Child) -> Child {
    let begun = Instant::now();
    while !desk.path("a").exists() {
        let over = child.try_wait().expect("a child");
        assert!(over.is_none(), "over before it had begun: {over:?}");
        assert!(begun.elapsed() < Duration::from_mins(1), "never begins");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    child
}

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", signal, &pid])
        .status();
    assert!(sent.expect("kill").success());
}

fn stopped_by(signal: &str, code: i32) {
    let desk = Desk::small();
    let child = long_run(&desk, "1");
    send(&child, signal);
    let done = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(code), "{said}");
    assert!(said.contains("interrupted before its end"), "{said}");
    let run: serde_json::Value = serde_json::from_str(&desk.read("a/run.json")).expect("JSON");
    assert_eq!(run["interrupted"], true);
    assert!(crate::desk::value(&run, "calls.offered") > 0.0);
    assert!(
        run["warnings"].to_string().contains("interrupted"),
        "{}",
        run["warnings"]
    );
    assert!(desk.files("a").keys().all(|name| !name.contains(".part")));
}

#[test]
fn ctrl_c_writes_a_partial_run_and_ends_with_130() {
    stopped_by("INT", 130);
}

#[test]
fn sigterm_writes_a_partial_run_and_ends_with_143() {
    stopped_by("TERM", 143);
}

#[test]
fn of_many_replications_only_whole_ones_count() {
    let desk = Desk::small();
    let args = [
        "run",
        "scenario.toml",
        "--out",
        "a",
        "--replications",
        "50000",
    ];
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("busyhour"))
        .current_dir(desk.path(""))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let child = on_its_way(&desk, child);
    send(&child, "INT");
    let done = child.wait_with_output().expect("the program ends");
    assert_eq!(done.status.code(), Some(130));
    let run: serde_json::Value = serde_json::from_str(&desk.read("a/run.json")).expect("JSON");
    let counted = run["metrics"]["calls.offered"]["n"]
        .as_u64()
        .expect("a count");
    assert!(counted > 1 && counted < 50_000, "{counted}");
    let mean = crate::desk::value(&run, "calls.offered");
    assert!(
        (80.0..100.0).contains(&mean),
        "no cut replication is in the mean: {mean}"
    );
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let desk = Desk::small();
    let child = long_run(&desk, "1");
    send(&child, "INT");
    send(&child, "TERM");
    let done = child.wait_with_output().expect("the program ends");
    let code = done.status.code().expect("an exit code");
    assert!([130, 143].contains(&code), "{code}");
    // Either file is whole or not there.
    if desk.path("a/run.json").exists() {
        serde_json::from_str::<serde_json::Value>(&desk.read("a/run.json")).expect("JSON");
    }
}
