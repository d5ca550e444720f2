//! One set of scenarios that every back end passes: in process, JSON over HTTP, Twilio over HTTP,
//! each also behind a wrapper that takes its time. They give the same records, call by call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use capacity::Job;
use capacity::ledger::Ledger;
use engine::run::{Watch, replication};
use engine::{Backend, Request, Submitted, Ticket};
use http::client::{Protocol, Settings};
use http::latency::Latency;
use http::lockstep::{EndsTold, Lockstep};
use measure::Tally;
use routing::record::{CallRecord, Outcome};

use crate::desk::{Server, endpoint, endpoint_with, job};

const ACCOUNTS: &str = include_str!("../../../../scenarios/every-rule/accounts.toml");

const ALL: &str = r#"
name = "conformance"
start = "2026-03-06T07:30:00"
time_zone = "America/New_York"
duration = "3h"
accounts = "accounts.toml"
policy = "POLICY"

[[arrivals]]
kind = "poisson"
rate = "90/h"
to = "all"
callers = "contacts"

[[arrivals]]
kind = "poisson"
rate = "60/h"
to = "all"

[[arrivals]]
kind = "poisson"
rate = "12/h"
to = "all"
callers = "private"

[people]
redial = { share = 0.5, delay = { exponential = "2min" }, keep = 0.8, max = 3 }
"#;

/// What a back end is asked through, sleeping before each answer.
struct Delayed<B>(B, Duration);

impl<B: Backend> Backend for Delayed<B> {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        std::thread::sleep(self.1);
        self.0.submit(ticket, request)
    }
}

type Told = (String, String, Vec<CallRecord>);

fn ledger(job: &Job) -> Ledger {
    Ledger {
        tally: Tally::new(Arc::clone(&job.setup), 0).expect("the setup is sound"),
        calls: Some(Vec::new()),
    }
}

/// Every call of the job with this back end, and the fingerprints of what it did.
fn told<B: Backend>(job: &Job, backend: B) -> Told {
    let ran = replication(&job.plan, 0, backend, ledger(job), &Watch::default());
    let (ledger, _) = ran.expect("the run has no fault");
    prints(job, ledger)
}

fn prints(job: &Job, ledger: Ledger) -> Told {
    let mut calls = ledger.calls.expect("they are kept");
    calls.sort_unstable_by_key(|call| (call.arrived, call.fresh, call.attempt));
    let done = ledger.tally.finish();
    let summary = measure::Summary::new(vec![done], job.inputs, Vec::new());
    let prints = summary.fingerprints;
    (
        prints.decisions.to_string(),
        prints.outcomes.to_string(),
        calls,
    )
}

/// Runs the scenario with every back end there is.
fn conforms(job: &Job) {
    let expected = told(job, job.in_process());
    assert!(expected.2.len() > 200, "{} calls", expected.2.len());
    let server = Server::of(job);
    let brief = Duration::from_micros(200);
    let agree = |name: &str, found: Told| {
        for (found, expected) in found.2.iter().zip(&expected.2) {
            assert_eq!(
                found.outcome, expected.outcome,
                "{name}: {expected:?}\n{found:?}"
            );
        }
        assert_eq!(found.1, expected.1, "{name}: outcomes");
        assert_eq!(found.0, expected.0, "{name}: decisions");
    };
    agree(
        "in process, delayed",
        told(job, Delayed(job.in_process(), brief)),
    );
    for (path, protocol) in [("/route", Protocol::Json), ("/voice", Protocol::Twilio)] {
        let gather = Arc::new(Mutex::new(Latency::default()));
        let backend = || {
            Lockstep::new(
                endpoint(server.url(path), protocol),
                Arc::clone(&job.plan.accounts),
                job.plan.calendar.clone(),
                Arc::clone(&gather),
            )
            .expect("a runtime")
        };
        agree(path, told(job, backend()));
        agree(path, told(job, Delayed(backend(), brief)));
        let latency = gather.lock().expect("nobody panicked").clone();
        assert!(
            latency.requests > 400 && latency.flaws.is_empty(),
            "{latency:?}"
        );
    }
}

/// The same, with a router that is told the end of each call.
fn conforms_when_told(job: &Job) {
    let expected = told(job, job.in_process());
    let server = Server::of(job);
    let mut settings = Settings::new(server.url("/voice"), Protocol::Twilio);
    settings.status = Some(server.url("/status"));
    let endpoint = endpoint_with(settings);
    let gather = Arc::new(Mutex::new(Latency::default()));
    let (accounts, calendar) = (&job.plan.accounts, &job.plan.calendar);
    let backend = Lockstep::new(
        Arc::clone(&endpoint),
        Arc::clone(accounts),
        calendar.clone(),
        Arc::clone(&gather),
    );
    let sink = EndsTold::new(ledger(job), endpoint, calendar.clone(), Arc::clone(&gather));
    let (backend, sink) = (backend.expect("a runtime"), sink.expect("a runtime"));
    let ran = replication(&job.plan, 0, backend, sink, &Watch::default());
    let (sink, _) = ran.expect("the run has no fault");
    let found = prints(job, sink.done());
    assert_eq!((found.0, found.1), (expected.0, expected.1));
    let ends = gather.lock().expect("nobody panicked").ends;
    let asked = |it: &&CallRecord| it.outcome != Outcome::Blocked || it.rule.is_some();
    let asked = found.2.iter().filter(asked).count() as u64;
    assert_eq!((ends.requests, ends.not_sent, ends.failed), (asked, 0, 0));
}

#[test]
fn telling_the_ends_of_calls_changes_none() {
    // That all policies pass is shown above.
    for entry in &routing::policy::POLICIES[..2] {
        conforms_when_told(&job(&ALL.replace("POLICY", entry.name), ACCOUNTS));
    }
}

#[test]
fn every_back_end_gives_the_same_run_under_every_policy() {
    for entry in routing::policy::POLICIES {
        conforms(&job(&ALL.replace("POLICY", entry.name), ACCOUNTS));
    }
}
