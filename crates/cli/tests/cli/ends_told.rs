//! A router that is told the ends of calls, and certificates of one's own: what the user meets.

use crate::desk::Desk;
use crate::live::Router;

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

const SCENARIO: &str = r#"
name = "ends"
duration = "1s"
accounts = "accounts.toml"
limits.preset = "none"
people.talk = { constant = "300ms" }
people.voicemail.message = 0.0
backend.max_lag = "10s"
[[arrivals]]
kind = "poisson"
rate = "40/s"
to = "all"
"#;

fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    desk.write("scenario.toml", SCENARIO);
    desk.write("empty.pem", "");
    desk.write("text.pem", "trust me\n");
    let broken = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    desk.write("broken.pem", broken);
    desk
}

#[test]
fn what_cannot_be_told_or_trusted_is_said_before_anybody_is_asked() {
    let desk = desk();
    let (there, json) = ("http://127.0.0.1:9/voice", "http://127.0.0.1:9/route");
    let status = |url: &str| ["--set".to_owned(), format!("backend.status_url={url}")];
    let here = status("http://127.0.0.1:9/status");
    let one = [
        &here[..],
        &["--set".into(), "backend.max_connections=1".into()],
    ]
    .concat();
    let closed = ["--set", "backend.closed={ connections = 2 }"].map(String::from);
    let ca = |file: &str| ["--ca-file", file].map(String::from);
    for (exit, url, more, said) in [
        (
            6,
            there,
            &status("http://127.0.0.2:9/status")[..],
            "127.0.0.2:9",
        ),
        (
            6,
            there,
            &status("https://127.0.0.1:9/status"),
            "127.0.0.1:9",
        ),
        (
            6,
            there,
            &status("http://api.twilio.com/"),
            "api.twilio.com",
        ),
        (2, there, &status("127.0.0.1:9/status"), "expected a URL"),
        (
            2,
            json,
            &here,
            "the json wire does not know the ends of calls",
        ),
        (2, there, &one, "need a connection of their own"),
        (
            2,
            there,
            &[&here[..], &closed].concat(),
            "not told in a closed loop",
        ),
        (
            2,
            there,
            &ca("none.pem"),
            "--ca-file none.pem: No such file",
        ),
        (2, there, &ca("empty.pem"), "--ca-file empty.pem: "),
        (2, there, &ca("text.pem"), "--ca-file text.pem: "),
        (2, there, &ca("broken.pem"), "--ca-file broken.pem: "),
    ] {
        let mut args = vec!["run", "scenario.toml", "--clock", "wall", "--backend", url];
        args.extend(more.iter().map(String::as_str));
        let told = desk.ends(exit, &args).stderr();
        assert!(told.contains(said), "{more:?}: {told}");
        if said.starts_with("--ca-file") {
            let why = told.split(".pem: ").nth(1).expect("a reason");
            assert!(why.trim().len() > 10, "{told}");
        }
    }
    // What can be seen without a router, `check` tells as well, at its place.
    let text = format!(
        "{SCENARIO}[backend]\nkind = \"http\"\nurl = \"{json}\"\n\
         status_url = \"http://127.0.0.1:9/status\"\n"
    );
    let text = text.replace("backend.max_lag = \"10s\"\n", "");
    desk.write("json.toml", &text);
    let line = text.lines().position(|it| it.starts_with("status_url"));
    let place = format!("json.toml:{}:14: error: ", line.expect("it is there") + 1);
    let checked = desk.ends(2, &["check", "json.toml"]);
    let told = checked.stdout() + &checked.stderr();
    assert!(told.contains(&place), "{told}");
}

#[test]
fn a_router_that_wants_to_know_is_told_of_every_end() {
    let desk = desk();
    let accounts = desk.path("accounts.toml");
    let router = Router::of(accounts.to_str().expect("UTF-8"), &[]);
    let status = format!("backend.status_url={}", router.at("/status"));
    let url = router.at("/voice");
    let live = ["--clock", "wall", "--wait-for", "10s"];
    for how in [&live[..], &[&live[..], &["--lockstep"]].concat()] {
        let mut args = vec![
            "run",
            "scenario.toml",
            "--format",
            "json",
            "--backend",
            &url,
        ];
        args.extend(["--set", &status]);
        args.extend(how);
        let said = desk.ends(0, &args).json();
        let measured = |name: &str| said["measured"][name]["value"].as_f64().expect(name);
        let calls = said["metrics"]["calls.offered"]["value"].as_f64();
        assert!(calls > Some(20.0), "{how:?}: {calls:?}");
        assert_eq!(Some(measured("backend.status.requests")), calls, "{how:?}");
        assert_eq!(measured("backend.status.not_sent"), 0.0, "{how:?}");
        assert_eq!(measured("backend.status.failed"), 0.0, "{how:?}");
        assert_eq!(Some(measured("backend.requests") / 3.0), calls, "{how:?}");
        measured("backend.status.response_us.max");
    }
}
