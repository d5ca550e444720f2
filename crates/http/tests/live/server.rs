//! The reference server over sockets: bounds, signatures, faults, and an end with nothing lost.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::client::{self, Endpoint, Given, Protocol, Settings, Told};
use http::serve::{Bounds, Faults};
use http::target::Allow;
use http::url::Url;
use http::wire::ask::{Ask, CallId};
use http::wire::flaw::Flaw;
use routing::record::FreshId;

use crate::desk::{Server, desk, endpoint, endpoint_allowed, endpoint_with, job, runtime};

pub(crate) const ACCOUNTS: &str = include_str!("../../../../scenarios/every-rule/accounts.toml");

pub(crate) const SCENARIO: &str = r#"
duration = "1min"
accounts = "accounts.toml"
[[arrivals]]
kind = "poisson"
rate = "1/s"
to = "all"
"#;

pub(crate) fn question() -> Ask {
    Ask {
        id: CallId {
            fresh: FreshId { source: 0, n: 1 },
            attempt: 1,
            hop: 0,
        },
        at: "2026-03-02T15:00:00Z".parse().unwrap(),
        from: Some("+15555550199".parse().unwrap()),
        to: "+15555550100".parse().unwrap(),
        available: Vec::new(),
    }
}

/// One question over a connection of its own, with what was told of it.
pub(crate) fn asked(endpoint: &Arc<Endpoint>) -> (Result<Given, Flaw>, Told) {
    let mut told = Told::default();
    let now = Instant::now();
    let given = runtime().block_on(client::ask(
        endpoint,
        &mut None,
        &question(),
        now,
        now,
        &mut told,
    ));
    (given, told)
}

/// Bytes out, everything that comes back.
fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    let limit = Some(Duration::from_secs(5));
    stream.set_read_timeout(limit).expect("a time-out");
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn request(path: &str, method: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn every_path_answers_as_it_should() {
    let server = Server::of(&job(SCENARIO, ACCOUNTS));
    let call = r#"{"from":"+15555550199","to":"+15555550100"}"#;
    let form = "From=%2B15555550199&To=%2B15555550100";
    for (method, path, body, expected) in [
        ("POST", "/route", call, "200 OK"),
        ("GET", "/route", "", "405 Method Not Allowed"),
        ("POST", "/route", "{", "400 Bad Request"),
        ("POST", "/voice", form, "200 OK"),
        ("POST", "/voice", "To=1", "400 Bad Request"),
        ("POST", "/voice/leg?role=user", form, "204 No Content"),
        ("POST", "/voice/whisper", form, "200 OK"),
        ("GET", "/healthz", "", "200 OK"),
        ("POST", "/healthz", "", "405 Method Not Allowed"),
        ("GET", "/metrics", "", "200 OK"),
        ("DELETE", "/voice", "", "405 Method Not Allowed"),
        ("GET", "/nothing", "", "404 Not Found"),
    ] {
        let answer = raw(&server, &request(path, method, body));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected}")),
            "{method} {path}: {answer}"
        );
    }
    let get = format!("/voice?{form}");
    assert!(raw(&server, &request(&get, "GET", "")).contains("<Response><Dial"));
    let large = "x".repeat(70_000);
    assert!(raw(&server, &request("/route", "POST", &large)).starts_with("HTTP/1.1 413"));
    assert!(raw(&server, &request("/metrics", "GET", "")).ends_with("# EOF\n"));
}

#[test]
fn a_signature_is_checked_where_a_token_is_configured() {
    let job = job(SCENARIO, ACCOUNTS);
    let mut signed = desk(&job);
    signed.token = Some("12345".into());
    let server = Server::start(signed.clone(), Bounds::default(), Faults::default());
    let asked_with = |token: Option<&str>, signed_as: Option<&str>, server: &Server| {
        let mut settings = Settings::new(server.url("/voice"), Protocol::Twilio);
        settings.token = token.map(Into::into);
        settings.signed_as = signed_as.map(|it| Url::parse(it).unwrap());
        asked(&endpoint_with(settings)).0.map_err(|it| it.class())
    };
    assert!(asked_with(Some("12345"), None, &server).is_ok());
    assert_eq!(asked_with(Some("1"), None, &server).unwrap_err(), "status");
    assert_eq!(asked_with(None, None, &server).unwrap_err(), "status");
    // Behind a proxy both sides take the public address for the address, actions included.
    let public = "https://voice.example.invalid/voice";
    signed.signed_as = Some(Url::parse(public).unwrap());
    let behind = Server::start(signed, Bounds::default(), Faults::default());
    assert!(asked_with(Some("12345"), Some(public), &behind).is_ok());
    assert!(asked_with(Some("12345"), None, &behind).is_err());
}

#[test]
fn too_much_at_once_is_told_to_come_back() {
    let job = job(SCENARIO, ACCOUNTS);
    let bounds = Bounds {
        in_flight: 1,
        ..Bounds::default()
    };
    let mut slow = Faults::default();
    slow.add("delay=300ms").unwrap();
    let server = Server::start(desk(&job), bounds, slow);
    let url = server.url("/route");
    let ask = || {
        let url = url.clone();
        std::thread::spawn(move || asked(&endpoint(url, Protocol::Json)))
    };
    let threads: Vec<_> = (0..4).map(|_| ask()).collect();
    let done: Vec<_> = threads.into_iter().map(|it| it.join().unwrap()).collect();
    let refused = done
        .iter()
        .filter(|(given, _)| matches!(given, Err(Flaw::Refused { status: 503 })));
    let told: Vec<_> = refused.map(|(_, told)| told.retry_after.clone()).collect();
    assert!(!told.is_empty() && told.len() < 4, "{told:?}");
    assert!(told.iter().all(|it| it.as_deref() == Some("1")), "{told:?}");
}

#[test]
fn a_sub_account_that_asks_too_often_is_told_to_come_back() {
    let job = job(SCENARIO, ACCOUNTS);
    let bounds = Bounds {
        per_account_per_s: Some(2.0),
        ..Bounds::default()
    };
    let server = Server::start(desk(&job), bounds, Faults::default());
    let endpoint = endpoint(server.url("/route"), Protocol::Json);
    let fared: Vec<bool> = (0..5).map(|_| asked(&endpoint).0.is_ok()).collect();
    assert_eq!(fared[..2], [true, true]);
    assert!(!fared[4], "{fared:?}");
    let (given, told) = asked(&endpoint);
    assert_eq!(given.unwrap_err(), Flaw::Refused { status: 429 });
    assert_eq!(told.retry_after.as_deref(), Some("1"));
}

#[test]
fn no_more_goes_out_in_a_second_than_the_user_allows() {
    let server = Server::of(&job(SCENARIO, ACCOUNTS));
    let allowed = vec![Allow::parse(&format!("{}@2/s", server.address)).unwrap()];
    let mut settings = Settings::new(server.url("/route"), Protocol::Json);
    let bounded = endpoint_allowed(settings.clone(), allowed.clone());
    let fared: Vec<bool> = (0..4).map(|_| asked(&bounded).0.is_ok()).collect();
    assert_eq!(fared, [true, true, false, false]);
    assert_eq!(asked(&bounded).0.unwrap_err(), Flaw::OverAllowed);
    // Where nothing is scheduled, it waits for its second.
    settings.waits_for_rate = true;
    let patient = endpoint_allowed(settings, allowed);
    let begun = Instant::now();
    assert!((0..5).all(|_| asked(&patient).0.is_ok()));
    assert!(
        begun.elapsed() >= Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn connections_beyond_the_bound_are_told_so() {
    let job = job(SCENARIO, ACCOUNTS);
    let bounds = Bounds {
        connections: 2,
        ..Bounds::default()
    };
    let server = Server::start(desk(&job), bounds, Faults::default());
    let held: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
            stream.write_all(request.as_bytes()).unwrap();
            let mut first = [0; 12];
            stream.read_exact(&mut first).unwrap();
            stream
        })
        .collect();
    let answer = raw(&server, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("retry-after: 1"), "{answer}");
    drop(held);
}

#[test]
fn slow_and_idle_connections_are_closed() {
    let job = job(SCENARIO, ACCOUNTS);
    let bounds = Bounds {
        idle: Duration::from_millis(200),
        body: Duration::from_millis(200),
        ..Bounds::default()
    };
    let server = Server::start(desk(&job), bounds, Faults::default());
    for (what, sent) in [
        ("half a head", "POST /route HTTP/1.1\r\nhost:"),
        (
            "a head without its body",
            "POST /route HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
        ),
        (
            "idle after an answer",
            "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
        ),
    ] {
        let begun = Instant::now();
        let answer = raw(&server, sent);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(3), "{what}: {took:?} {answer}");
        if what.contains("body") {
            assert!(answer.starts_with("HTTP/1.1 408"), "{what}: {answer}");
        }
    }
}

#[test]
fn faults_come_as_they_are_planted() {
    let job = job(SCENARIO, ACCOUNTS);
    for (fault, protocol, class) in [
        ("error=100%", Protocol::Json, "status"),
        ("malformed=100%", Protocol::Json, "json"),
        ("malformed=100%", Protocol::Twilio, "twiml"),
        ("reset=100%", Protocol::Twilio, "broken"),
    ] {
        let mut faults = Faults::default();
        faults.add(fault).unwrap();
        let server = Server::start(desk(&job), Bounds::default(), faults);
        let path = match protocol {
            Protocol::Json => "/route",
            Protocol::Twilio => "/voice",
        };
        let (given, _) = asked(&endpoint(server.url(path), protocol));
        let call = routing::call::InboundCall {
            from: question().from,
            to: question().to,
        };
        let decided = given.and_then(|it| it.decision(&job.plan.accounts, &call));
        assert_eq!(decided.unwrap_err().class(), class, "{fault}");
    }
}

#[test]
fn a_stop_loses_nothing_that_is_under_way() {
    let job = job(SCENARIO, ACCOUNTS);
    let mut slow = Faults::default();
    slow.add("delay=400ms").unwrap();
    let server = Server::start(desk(&job), Bounds::default(), slow);
    let url = server.url("/route");
    let asking: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || asked(&endpoint(url, Protocol::Json)).0.is_ok())
        })
        .collect();
    std::thread::sleep(Duration::from_millis(150));
    let served = server.stop();
    assert!(asking.into_iter().all(|it| it.join().unwrap()));
    assert_eq!((served.requests, served.left), (8, 0));
}
