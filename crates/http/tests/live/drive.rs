//! The wall-clock driver against servers that behave and servers that do not: every request leaves
//! at its due time, every request is accounted for, and the world hears of what came.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use capacity::Job;
use engine::Counts;
use engine::run::Watch;
use http::client::Protocol;
use http::drive::{Driven, NET, Pace, Settings, Speed, View, World, open_loop, paced};
use http::latency::{Fared, Measure};
use http::lockstep::Lockstep;
use http::serve::{Bounds, Faults};
use routing::record::{CallRecord, Cause, FreshCall, Outcome, Sink};

use crate::desk::{Server, desk, endpoint, job};

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

pub(crate) fn a_job(rate: &str, duration: &str, more: &str) -> Job {
    let scenario = format!(
        "duration = \"{duration}\"\naccounts = \"accounts.toml\"\nlimits.preset = \"none\"\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"{rate}\"\nto = \"all\"\n{more}"
    );
    let mut job = job(&scenario, ACCOUNTS);
    job.plan.timeout = NET;
    job
}

#[derive(Default)]
pub(crate) struct Calls {
    pub(crate) ended: Vec<CallRecord>,
    pub(crate) fresh: u64,
}

impl Calls {
    pub(crate) fn of(&self, outcome: Outcome) -> usize {
        self.ended.iter().filter(|it| it.outcome == outcome).count()
    }
}

impl Sink for Calls {
    fn record(&mut self, record: &CallRecord) {
        self.ended.push(record.clone());
    }

    fn fresh(&mut self, _call: &FreshCall) {
        self.fresh += 1;
    }
}

const SETTINGS: Settings = Settings {
    speed: Speed::LIFE,
    pace: Pace::Open,
    max_connections: 4096,
    drain: Duration::from_secs(10),
    retry_after_max: None,
};

fn drive(job: &Job, server: &Server, settings: Settings) -> Driven<Calls> {
    let endpoint = endpoint(server.url("/route"), Protocol::Json);
    let watching = (&Watch::default(), &View::default());
    let driven = open_loop(
        (&job.plan, 0),
        &endpoint,
        settings,
        Calls::default(),
        watching,
    );
    driven.unwrap_or_else(|why| panic!("{why}"))
}

fn ms(driven: &Driven<Calls>, measure: Measure, share: f64) -> f64 {
    let found = driven.latency.of(Fared::Answered, None, measure);
    found.map_or(0.0, |it| it.value_at_quantile(share) as f64 / 1e6)
}

#[test]
fn a_stall_of_the_router_delays_no_request() {
    // 200 ms of every second nothing is answered.
    let job = a_job("300/s", "3s", "");
    let faults = Faults {
        stall: Some((Duration::from_millis(200), Duration::from_secs(1))),
        ..Faults::default()
    };
    let server = Server::start(desk(&job), Bounds::default(), faults);
    let driven = drive(&job, &server, SETTINGS);
    let calls = &driven.sink;
    assert!(calls.fresh > 700, "{} calls", calls.fresh);
    assert_eq!(driven.latency.requests, calls.fresh);
    assert_eq!(driven.latency.not_sent, 0);
    assert_eq!(calls.ended.len() as u64, calls.fresh);
    // A fifth of the calls meet the stall, the first of each waits for nearly all of it: no longer
    // than the router really stood still, which on a busy machine may be more than it was told.
    let p95 = ms(&driven, Measure::Response, 0.95);
    let stood_still = ms(&driven, Measure::Service, 1.0);
    assert!(
        p95 > 90.0 && p95 < 1.15 * stood_still,
        "p95 {p95} ms of {stood_still} ms"
    );
    // Requests went on leaving while nothing came back: more than one connection would carry.
    assert!(
        driven.connections > 20,
        "{} connections",
        driven.connections
    );
    // Had they waited for answers, all that they waited for would be queue.
    let queue = ms(&driven, Measure::Queue, 0.95);
    assert!(queue < p95 / 2.0, "queue {queue} ms of {p95} ms");
}

#[test]
fn with_too_few_connections_requests_wait_and_that_is_the_target_s_queue() {
    let job = a_job("200/s", "1s", "");
    let faults = Faults {
        delay: Some((Duration::from_millis(20), Duration::from_millis(20))),
        ..Faults::default()
    };
    let server = Server::start(desk(&job), Bounds::default(), faults);
    let driven = drive(
        &job,
        &server,
        Settings {
            max_connections: 2,
            ..SETTINGS
        },
    );
    assert_eq!(driven.connections, 2);
    assert_eq!(driven.latency.requests, driven.sink.fresh);
    assert_eq!(driven.latency.not_sent, 0);
    // Two connections carry 100/s: in the end every other request is a second late.
    let queue = ms(&driven, Measure::Queue, 0.9);
    assert!(queue > 300.0, "queue {queue} ms");
    let response = ms(&driven, Measure::Response, 0.9);
    assert!(response >= queue, "{response} ms");
}

#[test]
fn what_the_drain_does_not_wait_for_is_unfinished_and_accounted_for() {
    let job = a_job("100/s", "500ms", "");
    let faults = Faults {
        delay: Some((Duration::from_mins(1), Duration::from_mins(1))),
        ..Faults::default()
    };
    let server = Server::start(desk(&job), Bounds::default(), faults);
    let begun = Instant::now();
    let driven = drive(
        &job,
        &server,
        Settings {
            max_connections: 8,
            drain: Duration::from_millis(300),
            ..SETTINGS
        },
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
    let calls = &driven.sink;
    assert!(calls.fresh > 20);
    assert_eq!(calls.of(Outcome::Unfinished) as u64, calls.fresh);
    let latency = &driven.latency;
    assert_eq!(latency.requests, calls.fresh);
    assert_eq!(latency.count("unfinished"), calls.fresh);
    // Those on the eight connections were sent, the others never were.
    assert_eq!(latency.requests - latency.not_sent, 8);
}

#[test]
fn a_closed_loop_asks_about_every_call_over_its_connections() {
    // An hour of calls in the time that the router needs for them.
    let job = a_job("1000/h", "1h", "");
    let server = Server::of(&job);
    let begun = Instant::now();
    let driven = drive(
        &job,
        &server,
        Settings {
            pace: Pace::Closed(4),
            ..SETTINGS
        },
    );
    assert!(begun.elapsed() < Duration::from_mins(1));
    let calls = &driven.sink;
    assert!(calls.fresh > 800);
    assert_eq!(driven.connections, 4);
    assert_eq!(driven.latency.requests, calls.fresh);
    assert_eq!(calls.ended.len() as u64, calls.fresh);
    assert_eq!(calls.of(Outcome::Failed), 0);
    assert_eq!(calls.of(Outcome::Unfinished), 0);
}

#[test]
fn a_closed_loop_goes_on_when_nobody_need_be_asked_about_many_calls() {
    // The account is blocked within the first second; all later calls end without a question.
    let scenario = "duration = \"100s\"\naccounts = \"accounts.toml\"\n\
                    [[arrivals]]\nkind = \"poisson\"\nrate = \"2000/s\"\nto = \"all\"\n";
    let mut job = job(scenario, ACCOUNTS);
    job.plan.timeout = NET;
    let pace = Pace::Closed(1);
    let driven = drive(&job, &Server::of(&job), Settings { pace, ..SETTINGS });
    let calls = &driven.sink;
    assert!(calls.fresh > 195_000, "{} of about 200 000", calls.fresh);
    assert_eq!(calls.ended.len() as u64, calls.fresh);
    assert!(driven.latency.requests < 100);
}

#[test]
fn a_refused_caller_heeds_retry_after_where_the_scenario_says_so() {
    let more = "[people]\nredial = { share = 1.0, delay = { constant = \"1ms\" }, max = 1 }";
    let job = a_job("100/s", "1500ms", more);
    let refusing = || {
        let bounds = Bounds {
            per_account_per_s: Some(1.0),
            ..Bounds::default()
        };
        Server::start(desk(&job), bounds, Faults::default())
    };
    let redialled = |settings: Settings| {
        let driven = drive(&job, &refusing(), settings);
        assert!(
            driven.latency.count("429") > 50,
            "{:?}",
            driven.latency.flaws
        );
        let refused = driven.latency.of(Fared::Refused, None, Measure::Response);
        assert_eq!(
            refused.map(|it| it.len()),
            Some(driven.latency.count("429"))
        );
        let soonest = |it: &CallRecord| Some(it.redial_at?.0 - it.ended.0);
        let calls = driven.sink.ended.iter();
        let refused = calls.filter(|it| it.cause == Cause::BackendRefused);
        refused.filter_map(soonest).min().expect("somebody redials")
    };
    assert_eq!(redialled(SETTINGS), 1_000_000);
    let heeding = Settings {
        retry_after_max: Some(Duration::from_millis(700)),
        ..SETTINGS
    };
    assert_eq!(redialled(heeding), 700_000_000);
}

#[test]
fn a_run_that_is_stopped_ends_soon_and_whole() {
    let job = a_job("50/s", "1h", "");
    let server = Server::of(&job);
    let endpoint = endpoint(server.url("/route"), Protocol::Json);
    let (watch, view) = (Watch::default(), View::default());
    let begun = Instant::now();
    let driven = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(1_300));
            watch.stop.store(true, Ordering::Relaxed);
        });
        let watching = (&watch, &view);
        open_loop(
            (&job.plan, 0),
            &endpoint,
            SETTINGS,
            Calls::default(),
            watching,
        )
    });
    let driven = driven.unwrap_or_else(|why| panic!("{why}"));
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert!(driven.sink.fresh > 20);
    assert_eq!(driven.sink.ended.len() as u64, driven.sink.fresh);
    // Somebody could watch.
    assert!(view.seen().due > 0);
    assert_eq!(view.seen().calls.ended(), driven.sink.fresh);
}

/// What became of each call, in the order of arrival; by which rule, a router need not say.
fn ledger_of(ran: Result<(Calls, Counts), engine::Fault>) -> Vec<String> {
    let (mut calls, _) = ran.expect("the run has no fault");
    calls
        .ended
        .sort_unstable_by_key(|it| (it.arrived, it.fresh, it.attempt));
    let told = |it: &CallRecord| {
        let times = (it.arrived, it.answered, it.ended);
        format!("{:?} {times:?} {:?} {:?}", it.fresh, it.outcome, it.cause)
    };
    calls.ended.iter().map(told).collect()
}

#[test]
fn in_lockstep_the_wall_clock_gives_the_calls_of_the_simulation() {
    let more = "[people]\nredial = { share = 0.5, delay = { constant = \"500ms\" } }\n\
                talk = { constant = \"300ms\" }\n\
                answer.web = { delay = { constant = \"200ms\" } }";
    let job = a_job("20/s", "2s", more);
    let watch = Watch::default();
    let in_process = (job.in_process(), Calls::default());
    let simulated = engine::run::replication(&job.plan, 0, in_process.0, in_process.1, &watch);
    let simulated = ledger_of(simulated);
    assert!(simulated.len() > 20);
    // A router that takes longer than calls are apart.
    let faults = Faults {
        delay: Some((Duration::from_millis(1), Duration::from_millis(80))),
        ..Faults::default()
    };
    let server = Server::start(desk(&job), Bounds::default(), faults);
    let backend = Lockstep::new(
        endpoint(server.url("/voice"), Protocol::Twilio),
        job.plan.accounts.clone(),
        job.plan.calendar.clone(),
        std::sync::Arc::default(),
    )
    .expect("a runtime");
    let view = View::default();
    let begun = Instant::now();
    let paced = paced(
        (&job.plan, 0),
        (backend, World::StandsStill),
        Calls::default(),
        (&watch, &view),
    );
    assert!(begun.elapsed() >= Duration::from_secs(2), "by the clock");
    let paced = ledger_of(paced);
    let other = paced.iter().zip(&simulated).find(|(a, b)| a != b);
    assert_eq!((other, paced.len()), (None, simulated.len()));
}

#[test]
fn decisions_of_this_process_can_be_watched_in_real_time() {
    let job = a_job("200/s", "1s", "");
    let watch = Watch::default();
    let simulated =
        engine::run::replication(&job.plan, 0, job.in_process(), Calls::default(), &watch);
    let begun = Instant::now();
    let paced = paced(
        (&job.plan, 0),
        (job.in_process(), World::GoesOn),
        Calls::default(),
        (&watch, &View::default()),
    );
    let took = begun.elapsed();
    // The calls in the system when nobody calls any more end as fast as they can be computed.
    assert!((1.0..4.0).contains(&took.as_secs_f64()), "{took:?}");
    assert!(ledger_of(paced) == ledger_of(simulated));
}
