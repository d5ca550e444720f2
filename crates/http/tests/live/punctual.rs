//! Whatever a router does to one call, the next one starts at its time.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use engine::run::Watch;
use http::client::{Protocol, Settings};
use http::drive::{self, Driven, Pace, Speed, View, open_loop};
use http::latency::{Fared, Measure};
use http::url::Url;

use crate::desk::endpoint_with;
use crate::drive::{Calls, a_job};
use crate::hostile::{Behaviour, SERVERS, hostile, xml};

/// So much later than behind a calm router may a call start on a machine that others use too; the
/// answers that it must not wait for take two seconds.
const MAY_BE: Duration = Duration::from_secs(1);

/// Many at a time would measure the machine.
const AT_ONCE: usize = 3;

/// A second of calls against such a router.
fn driven(behaves: Behaviour) -> Driven<Calls> {
    let job = a_job("40/s", "1s", "");
    let address: SocketAddr = hostile(behaves);
    let url = Url::parse(&format!("http://{address}/voice")).expect("a URL");
    let mut settings = Settings::new(url, Protocol::Twilio);
    settings.total = Duration::from_secs(2);
    let endpoint = endpoint_with(settings);
    let settings = drive::Settings {
        speed: Speed::LIFE,
        pace: Pace::Open,
        max_connections: 4096,
        drain: Duration::from_secs(4),
        retry_after_max: None,
    };
    let watching = (&Watch::default(), &View::default());
    let sink = Calls::default();
    let driven = open_loop((&job.plan, 0), &endpoint, settings, sink, watching);
    driven.unwrap_or_else(|why| panic!("{why}"))
}

/// The longest from the due time of a request to when it was ready, and from there to the wire.
fn longest(driven: &Driven<Calls>) -> [Duration; 2] {
    [Measure::Lag, Measure::Queue].map(|measure| {
        let fared = [Fared::Answered, Fared::Refused, Fared::Failed];
        let of = |it| driven.latency.of(it, None, measure);
        let ns = fared.into_iter().filter_map(of).map(|it| it.max());
        Duration::from_nanos(ns.max().unwrap_or(0))
    })
}

#[test]
fn no_hostile_server_delays_the_start_of_the_next_call() {
    let calm = longest(&driven(|stream| {
        xml(stream, "<Response><Hangup/></Response>");
    }));
    for servers in SERVERS.chunks(AT_ONCE) {
        let running: Vec<_> = servers
            .iter()
            .map(|(name, behaves, _)| (name, thread::spawn(|| driven(*behaves))))
            .collect();
        for (name, running) in running {
            let driven = running.join().expect("no panic");
            let calls = &driven.sink;
            assert!(calls.fresh > 15, "{name}: {} calls", calls.fresh);
            // Each call has its end, and each its first request, which was sent.
            assert_eq!(calls.ended.len() as u64, calls.fresh, "{name}");
            let latency = &driven.latency;
            // Not sent is what would have gone elsewhere.
            let sent = latency.requests - latency.not_sent;
            assert!(sent >= calls.fresh, "{name}: {sent} of {}", calls.fresh);
            let found = longest(&driven);
            for (found, calm) in found.into_iter().zip(calm) {
                assert!(found < calm + MAY_BE, "{name}: {found:?} against {calm:?}");
            }
        }
    }
}
