//! `serve` and `verify`: a reference router, and whether a router decides as the documents say.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::desk::Desk;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn every_rule(file: &str) -> String {
    let path = scenarios().join("every-rule").join(file);
    path.to_str().expect("UTF-8").to_owned()
}

/// A router that runs beside the test.
pub(crate) struct Router {
    child: Child,
    url: String,
}

impl Router {
    /// Waits for the line in which it says where it listens.
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says where it listens");
        let url = line.trim().trim_start_matches("listening on ").to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line}");
        Self { child, url }
    }

    fn ours(args: &[&str]) -> Self {
        Self::of(&every_rule("accounts.toml"), args)
    }

    /// Ours over these accounts.
    pub(crate) fn of(accounts: &str, args: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("busyhour"));
        command
            .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
            .args(["--accounts", accounts])
            .args(args);
        Self::start(command)
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn verify(exit: i32, url: &str, more: &[&str]) -> Value {
    let accounts = every_rule("accounts.toml");
    let args = ["verify", url, "--accounts", &accounts, "--format", "json"];
    let args: Vec<&str> = args.iter().chain(more).copied().collect();
    Desk::empty().ends(exit, &args).json()
}

#[test]
fn a_conforming_router_agrees_over_both_wires_under_every_policy() {
    for policy in routing::policy::POLICIES {
        let router = Router::ours(&["--policy", policy.name]);
        for path in ["/route", "/voice"] {
            let said = verify(0, &router.at(path), &["--policy", policy.name]);
            assert_eq!(said["verdict"], "pass", "{}", policy.name);
            assert_eq!(said["agreed"], said["cases"]);
            assert_eq!(said["policies"][policy.name], said["cases"]);
            assert_eq!(said["not_covered"], Value::Array(vec![]), "{}", policy.name);
            let coverage = said["coverage"].as_object().expect("an object");
            assert!(coverage.len() >= 30);
            for (item, count) in coverage {
                assert!(count.as_u64() >= Some(3), "{}: {item}", policy.name);
            }
        }
    }
}

#[test]
fn every_planted_wrong_rule_is_found_with_a_command_that_shows_it_alone() {
    for (rule, differs) in [
        ("no-ring-more", "legs"),
        ("ring-time", "ring_s"),
        ("no-forwarding", "legs"),
        ("always-voicemail", "finally"),
    ] {
        let router = Router::ours(&["--fault", &format!("wrong-rule={rule}")]);
        for path in ["/route", "/voice"] {
            let said = verify(1, &router.at(path), &[]);
            let classes = said["disagreements"].as_array().expect("a list");
            let about = format!("{rule} {path}: {classes:?}");
            let has = |it: &Value| it["differs"].as_array().is_some_and(|it| it[0] == differs);
            let first = classes.iter().find(|it| has(it)).expect(&about);
            let steps = first["expected"]["trace"].as_array().expect("a trace");
            assert!(
                !steps.is_empty() && first["wire"].as_array().is_some(),
                "{about}"
            );
            let command = first["command"].as_str().expect("a command");
            let words: Vec<&str> = command.split_whitespace().skip(1).collect();
            let alone = Desk::empty().ends(1, &words);
            assert!(
                alone.stdout().contains("0 of 1 calls agree"),
                "{}",
                alone.stdout()
            );
        }
    }
}

#[test]
fn a_router_under_another_policy_is_told_which_it_follows() {
    let router = Router::ours(&["--policy", "table-2024"]);
    let accounts = every_rule("accounts.json");
    let url = router.at("/voice");
    let page = Desk::empty().ends(1, &["verify", &url, "--accounts", &accounts]);
    let text = page.stdout();
    assert!(text.contains("it rather follows table-2024: "), "{text}");
    for policy in routing::policy::POLICIES {
        assert!(text.contains(&format!("\n  {} ", policy.name)), "{text}");
    }
}

#[test]
fn signed_requests_are_those_that_a_checking_router_takes() {
    let signed = |name: &str, router: &Router, exit: i32| {
        let accounts = every_rule("accounts.toml");
        let url = router.at("/voice");
        let bin = assert_cmd::cargo::cargo_bin("busyhour");
        let done = Command::new(bin)
            .env("THE_TOKEN", "12345")
            .env("ANOTHER", "54321")
            .args(["verify", &url, "--accounts", &accounts, "--token-env", name])
            .output()
            .expect("it runs");
        assert_eq!(done.status.code(), Some(exit), "{name}");
    };
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("busyhour"));
    command
        .env("THE_TOKEN", "12345")
        .args([
            "serve",
            "--quiet",
            "--listen",
            "127.0.0.1:0",
            "--token-env",
            "THE_TOKEN",
        ])
        .args(["--accounts", &every_rule("accounts.toml")]);
    let router = Router::start(command);
    signed("THE_TOKEN", &router, 0);
    signed("ANOTHER", &router, 1);
    signed("NOT_THERE", &router, 2);
}

#[test]
fn the_server_answers_a_call_as_route_shows_it() {
    let router = Router::ours(&[]);
    let accounts = every_rule("accounts.toml");
    for to in [
        "+15555550100",
        "+15555550122",
        "+15555550130",
        "+15555550199",
    ] {
        let args = [
            "route",
            "--accounts",
            &accounts,
            "--from",
            "+15555550170",
            "--to",
            to,
        ];
        let args: Vec<&str> = args.into_iter().chain(["--format", "json"]).collect();
        let shown = Desk::empty().ends(0, &args).stdout();
        let body = format!("{{\"from\":\"+15555550170\",\"to\":\"{to}\"}}");
        let request = format!(
            "POST /route HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(router.url.trim_start_matches("http://")).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        assert_eq!(body, shown.trim_end(), "{to}");
    }
}

#[test]
fn nobody_there_is_no_verdict() {
    let said = Desk::empty().ends(
        4,
        &[
            "verify",
            "http://127.0.0.1:1/voice",
            "--accounts",
            &every_rule("accounts.toml"),
        ],
    );
    assert!(
        said.stderr().contains("no answer to the first 5 questions"),
        "{}",
        said.stderr()
    );
    let waited = ["--wait-for", "200ms", "--accounts"];
    let accounts = every_rule("accounts.toml");
    let args: Vec<&str> = ["verify", "http://127.0.0.1:1/voice"]
        .into_iter()
        .chain(waited)
        .chain([accounts.as_str()])
        .collect();
    let said = Desk::empty().ends(4, &args);
    assert!(
        said.stderr().contains("did not answer within 0.2 s"),
        "{}",
        said.stderr()
    );
}

#[test]
fn the_guard_refuses_before_any_connection() {
    let accounts = every_rule("accounts.toml");
    let targets = [
        (
            "http://10.0.0.5:8080/voice",
            "--allow-target 10.0.0.5:8080@RATE/s",
        ),
        ("http://8.8.8.8/voice", "busyhour-consent.txt"),
        ("http://169.254.169.254/latest", "never sends load there"),
        ("https://api.twilio.com/voice", "never sends load there"),
    ];
    for (url, said) in targets {
        let done = Desk::empty().ends(6, &["verify", url, "--accounts", &accounts]);
        assert!(done.stderr().contains(said), "{url}: {}", done.stderr());
    }
    let traced = Command::new("strace")
        .args(["-f", "-e", "trace=connect,sendto", "--"])
        .arg(assert_cmd::cargo::cargo_bin("busyhour"))
        .args(["verify", targets[0].0, "--accounts", &accounts])
        .output();
    let Ok(traced) = traced else {
        println!("skipped: there is no strace to trace connections with");
        return;
    };
    let trace = String::from_utf8_lossy(&traced.stderr);
    if trace.contains("Operation not permitted") || !trace.contains("exited with") {
        println!("skipped: strace may not trace here");
        return;
    }
    assert_eq!(traced.status.code(), Some(6), "{trace}");
    assert!(!trace.contains("connect("), "{trace}");
}

#[test]
fn what_is_typed_wrong_is_told() {
    let accounts = every_rule("accounts.toml");
    for (args, said) in [
        (
            vec!["verify", "127.0.0.1:8080"],
            "expected a URL as http://",
        ),
        (
            vec!["verify", "http://h/", "--allow-target", "h"],
            "HOST:PORT",
        ),
        (
            vec!["verify", "http://127.0.0.1/", "--backend-protocol", "soap"],
            "json or twilio",
        ),
        (
            vec!["verify", "http://127.0.0.1/", "--wait-for", "soon"],
            "expected a duration",
        ),
        (vec!["serve", "--fault", "fire=1"], "expected delay=50ms"),
        (vec!["serve", "--rate-per-account", "0/s"], "a rate above 0"),
        (vec!["serve", "--listen", "nowhere"], "--listen nowhere"),
        (
            vec!["serve", "--token-env", "NOT_THERE"],
            "no such environment variable",
        ),
    ] {
        let args: Vec<&str> = args.into_iter().chain(["--accounts", &accounts]).collect();
        let done = Desk::empty().ends(2, &args);
        assert!(done.stderr().contains(said), "{args:?}: {}", done.stderr());
    }
}

fn python() -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|name| {
        let asked = Command::new(name)
            .args(["-c", "import sys; sys.exit(sys.version_info < (3, 8))"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|it| it.success())
    })
}

#[test]
fn the_bug_planted_in_the_webhook_of_router_ci_is_found() {
    let Some(python) = python() else {
        println!("skipped: there is no Python 3 here to run router.py with");
        return;
    };
    let router = |fixed: &[&str]| {
        let mut command = Command::new(python);
        command
            .arg(scenarios().join("router-ci/router.py"))
            .args(["--port", "0", "--accounts", &every_rule("accounts.json")])
            .args(fixed);
        Router::start(command)
    };
    let said = verify(0, &router(&["--fixed"]).at("/voice"), &[]);
    assert_eq!(said["agreed"], said["cases"]);
    let said = verify(1, &router(&[]).at("/voice"), &[]);
    let classes = said["disagreements"].as_array().expect("a list");
    assert_eq!(classes.len(), 1, "{classes:?}");
    assert_eq!(classes[0]["differs"], serde_json::json!(["ring_s"]));
}

#[test]
fn accounts_for_every_rule_are_the_same_in_both_forms() {
    let desk = Desk::empty();
    desk.ends(0, &["new", "every-rule"]);
    let shown = |file: &str| {
        let path = format!("every-rule/{file}");
        let lines = (100..=140).map(|last| {
            let to = format!("+15555550{last}");
            let args = [
                "route",
                "--accounts",
                &path,
                "--from",
                "+15555550170",
                "--to",
                &to,
            ];
            desk.ends(0, &args).stdout()
        });
        lines.collect::<Vec<String>>()
    };
    assert_eq!(shown("accounts.toml"), shown("accounts.json"));
}

#[cfg(unix)]
#[test]
fn a_server_that_is_told_to_stop_stops_well() {
    for signal in ["-INT", "-TERM"] {
        let mut router = Router::ours(&[]);
        let pid = router.child.id().to_string();
        let told = Command::new("kill").args([signal, &pid]).status();
        assert!(told.expect("kill runs").success());
        let ended = router.child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(0), "{signal}");
    }
}
