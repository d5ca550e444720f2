//! The ends of calls, told to routers that want to know them: each once, signed, at its time, and
//! without a call that waits for it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use capacity::Job;
use engine::run::Watch;
use http::client::{Endpoint, EndpointFault, Kind, Protocol, Settings};
use http::drive::{self, Driven, NET, Pace, Speed, View, open_loop};
use http::latency::{Ends, Fared, Measure};
use http::serve::{Bounds, Faults};
use http::target::Allow;
use http::url::Url;
use http::wire::form;
use routing::record::{Cause, Outcome};

use crate::desk::{Server, desk, endpoint_allowed, endpoint_with, job, runtime};
use crate::drive::{Calls, a_job};

const SETTINGS: drive::Settings = drive::Settings {
    speed: Speed::LIFE,
    pace: Pace::Open,
    max_connections: 64,
    drain: Duration::from_secs(10),
    retry_after_max: None,
};

/// Short calls: who is asked answers soon, and has not much to say.
const BRIEF: &str = "[people]\ntalk = { constant = \"1500ms\" }\npatience = \"infinite\"\n\
                     voicemail.message = 0.0\n\
                     answer.web = { reach = 1.0, delay = { constant = \"200ms\" } }";

/// A router that rings ann, and does this when it is told of an end.
fn router(when_told: fn(&mut TcpStream)) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            thread::spawn(move || answer(stream, when_told, &tell));
        }
    });
    (address, told)
}

fn answer(mut stream: TcpStream, when_told: fn(&mut TcpStream), tell: &Sender<String>) {
    let mut came = String::new();
    let mut piece = [0; 4096];
    loop {
        let Some(head) = came.find("\r\n\r\n").map(|at| at + 4) else {
            match stream.read(&mut piece) {
                Ok(read @ 1..) => came.push_str(&String::from_utf8_lossy(&piece[..read])),
                _ => return,
            }
            continue;
        };
        let length = came
            .lines()
            .find_map(|it| it.strip_prefix("content-length: "));
        let length: usize = length.and_then(|it| it.parse().ok()).unwrap_or(0);
        while came.len() < head + length {
            match stream.read(&mut piece) {
                Ok(read @ 1..) => came.push_str(&String::from_utf8_lossy(&piece[..read])),
                _ => return,
            }
        }
        if came.starts_with("POST /status") {
            let _ = tell.send(came[head..head + length].to_owned());
            when_told(&mut stream);
        } else {
            crate::hostile::xml(
                &mut stream,
                "<Response><Dial timeout='20'><Client>ann</Client></Dial></Response>",
            );
        }
        came.drain(..head + length);
    }
}

fn no_content(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
}

fn telling(address: SocketAddr) -> Arc<Endpoint> {
    let at = |path: &str| Url::parse(&format!("http://{address}{path}")).expect("a URL");
    let mut settings = Settings::new(at("/voice"), Protocol::Twilio);
    settings.status = Some(at("/status"));
    settings.total = Duration::from_secs(2);
    endpoint_with(settings)
}

fn drive(endpoint: &Endpoint, more: &str, settings: drive::Settings) -> Driven<Calls> {
    let job = a_job("60/s", "1s", more);
    let watching = (&Watch::default(), &View::default());
    let driven = open_loop(
        (&job.plan, 0),
        endpoint,
        settings,
        Calls::default(),
        watching,
    );
    driven.unwrap_or_else(|why| panic!("{why}"))
}

/// What was sent may take its time to be read.
fn all_that_was_sent_is_heard(ends: Ends, told: &Receiver<String>) {
    let sent = ends.requests - ends.not_sent;
    let heard = (0..sent).filter(|_| told.recv_timeout(Duration::from_secs(10)).is_ok());
    assert_eq!(heard.count() as u64, sent);
    assert!(told.try_recv().is_err(), "no more than that");
}

#[test]
fn each_end_is_told_once_with_how_it_was_and_how_long() {
    let (address, told) = router(no_content);
    let driven = drive(&telling(address), BRIEF, SETTINGS);
    let calls = &driven.sink;
    assert!(calls.fresh > 30, "{} calls", calls.fresh);
    let mut expected = BTreeMap::new();
    for record in &calls.ended {
        let sid = format!("CA{:016x}{:016x}", record.attempt, record.fresh.n);
        let how = match record.outcome {
            Outcome::Answered => ("completed".to_owned(), "1".to_owned()),
            Outcome::Busy => ("busy".to_owned(), "0".to_owned()),
            _ => ("no-answer".to_owned(), "0".to_owned()),
        };
        expected.insert(sid, how);
    }
    assert!(calls.of(Outcome::Answered) > 0, "somebody is answered");
    let found: Vec<_> = told.try_iter().collect();
    assert_eq!(found.len(), calls.ended.len());
    let of = |body: &String| {
        let fields = form::read(body.as_bytes());
        let field = |name: &str| form::field(&fields, name).unwrap_or("none").to_owned();
        assert_eq!(field("Direction"), "inbound");
        let how = (field("CallStatus"), field("CallDuration"));
        (field("CallSid"), how)
    };
    let found: BTreeMap<_, _> = found.iter().map(of).collect();
    assert_eq!(found, expected);
    let latency = &driven.latency;
    let ends = latency.ends;
    assert_eq!(ends.requests, calls.ended.len() as u64);
    assert_eq!((ends.not_sent, ends.failed), (0, 0));
    assert_eq!(latency.requests, calls.fresh + ends.requests);
    let measured = |measure| latency.of(Fared::Answered, Some(Kind::Status), measure);
    for measure in Measure::ALL {
        assert_eq!(measured(measure).map(|it| it.len()), Some(ends.requests));
    }
}

#[test]
fn a_router_that_takes_no_ends_delays_no_call() {
    let calm = {
        let (address, _told) = router(no_content);
        drive(&telling(address), "", SETTINGS)
    };
    let (address, told) = router(|_| thread::sleep(Duration::from_mins(1)));
    let driven = drive(&telling(address), "", SETTINGS);
    let voice = |driven: &Driven<Calls>| {
        let found = driven
            .latency
            .of(Fared::Answered, Some(Kind::Voice), Measure::Response);
        let found = found.expect("answers");
        (found.len(), Duration::from_nanos(found.max()))
    };
    assert_eq!(driven.sink.fresh, calm.sink.fresh);
    let ((answered, longest), (_, usual)) = (voice(&driven), voice(&calm));
    assert_eq!(answered, driven.sink.fresh, "every question has its answer");
    assert!(
        longest < usual + Duration::from_secs(1),
        "{longest:?} against {usual:?}, where an end takes two seconds"
    );
    // What the sixteen connections did not carry in time is accounted for.
    let ends = driven.latency.ends;
    assert_eq!(ends.failed, ends.requests);
    all_that_was_sent_is_heard(ends, &told);
    assert_eq!(ends.requests, driven.sink.ended.len() as u64);
}

#[test]
fn ends_behind_the_drain_are_due_and_not_sent() {
    let (address, told) = router(no_content);
    let more = BRIEF.replace("1500ms", "1min");
    let driven = drive(
        &telling(address),
        &more,
        drive::Settings {
            drain: Duration::from_millis(500),
            ..SETTINGS
        },
    );
    let ends = driven.latency.ends;
    assert_eq!(ends.requests, driven.sink.ended.len() as u64);
    all_that_was_sent_is_heard(ends, &told);
    // Whoever is talked to hangs up in a minute.
    assert!(driven.sink.of(Outcome::Answered) > 0);
    assert!(ends.not_sent >= driven.sink.of(Outcome::Answered) as u64);
}

/// Whoever calls is put on hold, where nobody ever serves.
const HELD: &str = r#"
[[sub_account]]
id = "acme"
[[sub_account.number]]
number = "+15555550150"
backup = "hold"
hold_staff = 0
"#;

/// Rings nobody and puts every caller on hold.
fn holding() -> (Server, Job) {
    let scenario = "duration = \"1s\"\naccounts = \"accounts.toml\"\nlimits.preset = \"none\"\n\
                    [[arrivals]]\nkind = \"poisson\"\nrate = \"60/s\"\nto = \"all\"\n\
                    [people]\nhold_patience = \"infinite\"";
    let mut job = job(scenario, HELD);
    job.plan.timeout = NET;
    (Server::of(&job), job)
}

#[test]
fn ends_of_calls_that_nobody_ever_served_are_due_and_not_sent() {
    let (server, job) = holding();
    let mut settings = Settings::new(server.url("/voice"), Protocol::Twilio);
    settings.status = Some(server.url("/status"));
    let watching = (&Watch::default(), &View::default());
    let sink = Calls::default();
    let endpoint = endpoint_with(settings);
    let driven = open_loop((&job.plan, 0), &endpoint, SETTINGS, sink, watching);
    let driven = driven.unwrap_or_else(|why| panic!("{why}"));
    let (ends, calls) = (driven.latency.ends, &driven.sink);
    assert!(calls.fresh > 30, "{} calls", calls.fresh);
    let unserved = calls.ended.iter().filter(|it| it.cause == Cause::Unserved);
    assert_eq!(unserved.count() as u64, calls.fresh);
    assert_eq!(ends.requests, calls.ended.len() as u64);
    assert_eq!(ends.not_sent, ends.requests);
}

#[test]
fn a_run_that_is_stopped_tells_what_has_ended_by_then() {
    let (address, told) = router(no_content);
    let endpoint = telling(address);
    let job = a_job("60/s", "1h", BRIEF);
    let (watch, view) = (Watch::default(), View::default());
    let driven = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(1_500));
            watch.stop.store(true, Ordering::Relaxed);
        });
        let settings = drive::Settings {
            drain: Duration::from_secs(5),
            ..SETTINGS
        };
        let watching = (&watch, &view);
        open_loop(
            (&job.plan, 0),
            &endpoint,
            settings,
            Calls::default(),
            watching,
        )
    });
    let driven = driven.unwrap_or_else(|why| panic!("{why}"));
    let ends = driven.latency.ends;
    assert!(ends.requests > 10);
    assert_eq!(ends.requests, driven.sink.ended.len() as u64);
    all_that_was_sent_is_heard(ends, &told);
}

#[test]
fn where_the_rate_is_bounded_ends_wait_and_no_question_is_refused_for_them() {
    let (address, told) = router(no_content);
    let bounded = |per_s: u32| {
        let allow = Allow::parse(&format!("{address}@{per_s}/s")).expect("a target");
        let settings = telling(address).settings().clone();
        drive(&endpoint_allowed(settings, vec![allow]), BRIEF, SETTINGS)
    };
    // Questions need less than three quarters of it in any second, ends more than a quarter.
    let driven = bounded(200);
    assert_eq!(driven.latency.count("over-allowed"), 0);
    assert!(driven.latency.ends.requests > 30);
    all_that_was_sent_is_heard(driven.latency.ends, &told);
    assert_eq!(driven.latency.ends.failed, 0);
    // Here none may be told at all.
    let driven = bounded(3);
    let ends = driven.latency.ends;
    assert_eq!(ends.requests, driven.sink.ended.len() as u64);
    assert_eq!(ends.not_sent, ends.requests);
    assert!(told.try_recv().is_err());
}

#[test]
fn two_connections_are_one_for_questions_and_one_for_ends() {
    let (address, _told) = router(no_content);
    for (most, expected) in [(2, 2), (3, 3)] {
        let settings = drive::Settings {
            max_connections: most,
            ..SETTINGS
        };
        let driven = drive(&telling(address), BRIEF, settings);
        assert!(driven.connections <= expected, "{}", driven.connections);
        assert_eq!(driven.latency.ends.not_sent, 0);
    }
}

#[test]
fn the_reference_router_checks_the_signature_of_an_end_and_counts_it() {
    let job = a_job("60/s", "1s", "");
    let mut desk = desk(&job);
    desk.token = Some("12345".into());
    let server = Server::start(desk, Bounds::default(), Faults::default());
    let told = |token: &str| {
        let mut settings = Settings::new(server.url("/voice"), Protocol::Twilio);
        settings.status = Some(server.url("/status"));
        settings.token = Some(token.into());
        let driven = drive(&endpoint_with(settings), BRIEF, SETTINGS);
        driven.latency.ends
    };
    let signed = told("12345");
    assert!(signed.requests > 30);
    assert_eq!((signed.not_sent, signed.failed), (0, 0));
    let forged = told("54321");
    assert_eq!(forged.failed, forged.requests);
    let mut stream = TcpStream::connect(server.address).expect("it listens");
    let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    for (code, count) in [("204", signed.requests), ("403", forged.requests)] {
        let line = format!("requests_total{{path=\"status\",code=\"{code}\"}} {count}\n");
        assert!(text.contains(&line), "{line}: {text}");
    }
}

#[test]
fn ends_go_to_the_host_of_the_router_or_nowhere() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let find = |protocol, status: &str| {
        let url = Url::parse("http://127.0.0.1:9/voice").expect("a URL");
        let mut settings = Settings::new(url, protocol);
        settings.status = Some(Url::parse(status).expect("a URL"));
        runtime().block_on(Endpoint::find(settings, Vec::new()))
    };
    let elsewhere = format!("http://127.0.0.1:{port}/status");
    for url in [
        elsewhere.as_str(),
        "https://127.0.0.1:9/status",
        "http://192.0.2.1/",
    ] {
        let found = find(Protocol::Twilio, url);
        assert!(matches!(found, Err(EndpointFault::Refused(_))), "{url}");
    }
    let here = "http://127.0.0.1:9/status";
    assert!(matches!(
        find(Protocol::Json, here),
        Err(EndpointFault::NoStatus)
    ));
    assert!(find(Protocol::Twilio, here).is_ok());
    assert!(listener.accept().is_err(), "nobody connected");
}
