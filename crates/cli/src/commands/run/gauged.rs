//! What a clock measured of a live run: as metrics, and whether it can be believed.

use std::time::Duration;

use capacity::{Job, Ran};
use hdrhistogram::Histogram;
use http::client::Kind;
use http::latency::{Fared, Latency, Measure};
use measure::{Metric, Verdict};
use scenario::LiveBackend;

/// The percentiles, and how many samples each needs: five beyond it, as with every other.
const QUANTILES: [(&str, f64, u64); 6] = [
    ("p50", 0.5, 10),
    ("p90", 0.9, 50),
    ("p95", 0.95, 100),
    ("p99", 0.99, 500),
    ("p99.9", 0.999, 5_000),
    ("max", 1.0, 1),
];

/// A lag of so much may always be.
const LAG_MAY_BE_NS: u64 = 1_000_000;

/// Or so much of the response.
const LAG_SHARE: f64 = 0.05;

/// What was measured of a live run.
pub(in crate::commands) struct Gauged {
    /// How the requests went.
    pub(super) latency: Latency,
    /// The most connections.
    pub(super) connections: usize,
    /// How long the replications took.
    pub(super) took: Duration,
    closed: Option<u32>,
    max_lag_ns: Option<u64>,
    is_live: bool,
    /// What whoever reads the result must know.
    pub(super) warnings: Vec<String>,
}

impl Gauged {
    pub(super) fn new(backend: Option<&LiveBackend>) -> Self {
        Self {
            latency: Latency::default(),
            connections: 0,
            took: Duration::ZERO,
            closed: backend.and_then(|it| it.closed),
            max_lag_ns: backend.and_then(|it| it.max_lag).map(|it| it.0),
            is_live: backend.is_some(),
            warnings: Vec::new(),
        }
    }

    /// Whether there was a router.
    pub(super) const fn is_live(&self) -> bool {
        self.is_live
    }

    /// What only the end of a run can tell: how fast it went, and whether it can be believed.
    pub(super) fn settle(&mut self, ran: &mut Ran, job: &Job) {
        if !self.is_live {
            return;
        }
        let sent = self.latency.requests - self.latency.not_sent;
        let seconds = self.took.as_secs_f64();
        if seconds > 0.0 {
            let rate = Metric::sampled(sent as f64 / seconds, "1/s");
            let mut more = vec![("backend.requests_per_s".to_owned(), rate)];
            more.push(count(
                "backend.connections",
                self.connections as u64,
                "connections",
            ));
            ran.summary.measured.extend(more);
            ran.gates = job
                .gates
                .iter()
                .map(|gate| measure::judge(gate, &ran.summary))
                .collect();
            ran.verdict = measure::verdict(&ran.gates);
        }
        let answered = self.latency.of(Fared::Answered, None, Measure::Response);
        if self.latency.requests > 0 && answered.is_none() {
            self.warnings.push(format!(
                "not one of {} requests was answered: the router cannot be reached or refuses \
                 all, and what became of the calls says nothing about it",
                self.latency.requests
            ));
        }
        if let Some(connections) = self.closed {
            self.warnings.push(format!(
                "closed loop over {connections} connections: requests wait for answers, so \
                 latencies suffer from coordinated omission, and what became of the calls says \
                 nothing about callers; believe the requests a second only"
            ));
        } else if let Some(reason) = self.invalid() {
            self.warnings.push(reason);
            ran.verdict = ran.verdict.max(Verdict::Invalid);
        }
    }

    /// Why the measurement cannot be believed, if so (contract.md section 5).
    fn invalid(&self) -> Option<String> {
        let lag = every(&self.latency, Measure::Lag)?;
        let response = every(&self.latency, Measure::Response)?;
        let lag = lag.value_at_quantile(0.99);
        let response = response.value_at_quantile(0.99);
        let share = (response as f64 * LAG_SHARE) as u64;
        let usual = (
            share.max(LAG_MAY_BE_NS),
            "1 ms and 5 % of the response at p99",
        );
        let own = self.max_lag_ns.map(|bound| (bound, "backend.max_lag"));
        let (bound, said) = own.unwrap_or(usual);
        (lag > bound).then(|| {
            format!(
                "INVALID: our own lag at p99 is {:.3} ms, more than {said} ({:.3} ms): this \
                 machine could not keep the schedule, and the latencies are not the router's; \
                 lower the rate, or give the load its own cores",
                lag as f64 / 1e6,
                bound as f64 / 1e6
            )
        })
    }
}

/// Of all requests that a caller waits for, however they fared.
pub(super) fn every(latency: &Latency, measure: Measure) -> Option<Histogram<u64>> {
    let fared = [Fared::Answered, Fared::Refused, Fared::Failed];
    let all = fared
        .into_iter()
        .filter_map(|it| latency.of(it, None, measure));
    all.reduce(|mut sum, one| {
        // Same bounds: adding cannot fail.
        let _ = sum.add(&one);
        sum
    })
}

fn count(name: &str, value: u64, unit: &'static str) -> (String, Metric) {
    let metric = Metric {
        count: true,
        ..Metric::sampled(value as f64, unit)
    };
    (name.to_owned(), metric)
}

/// A group of requests as metrics name it.
pub(super) const GROUPS: [(&str, Fared, Option<Kind>); 7] = [
    ("", Fared::Answered, None),
    ("voice.", Fared::Answered, Some(Kind::Voice)),
    ("action.", Fared::Answered, Some(Kind::Action)),
    ("status.", Fared::Answered, Some(Kind::Status)),
    ("route.", Fared::Answered, Some(Kind::Route)),
    ("refused.", Fared::Refused, None),
    ("failed.", Fared::Failed, None),
];

/// What was measured, under the names of contract.md section 5.
pub(super) fn metrics(latency: &Latency, is_live: bool) -> Vec<(String, Metric)> {
    if !is_live {
        return Vec::new();
    }
    let flaws: u64 = latency.flaws.values().sum();
    let (refused, unfinished) = (
        latency.count("429") + latency.count("503"),
        latency.count("unfinished"),
    );
    let mut all: Vec<(String, Metric)> = [
        ("requests", latency.requests),
        ("sent", latency.requests - latency.not_sent),
        ("not_sent", latency.not_sent),
        ("429", latency.count("429")),
        ("503", latency.count("503")),
        ("failed", flaws - refused - unfinished),
        ("unfinished", unfinished),
    ]
    .into_iter()
    .map(|(name, value)| count(&format!("backend.{name}"), value, "requests"))
    .collect();
    if latency.ends.requests > 0 {
        for (name, value) in [
            ("requests", latency.ends.requests),
            ("not_sent", latency.ends.not_sent),
            ("failed", latency.ends.failed),
        ] {
            all.push(count(&format!("backend.status.{name}"), value, "requests"));
        }
    }
    for (group, fared, kind) in GROUPS {
        for measure in Measure::ALL {
            let ours = group.is_empty() && matches!(measure, Measure::Lag | Measure::Queue);
            let found = if ours {
                every(latency, measure)
            } else {
                latency.of(fared, kind, measure)
            };
            let Some(found) = found else { continue };
            for (name, quantile, needed) in QUANTILES {
                if found.len() >= needed {
                    let value = found.value_at_quantile(quantile) as f64 / 1000.0;
                    let name = format!("backend.{group}{}_us.{name}", measure.name());
                    all.push((name, Metric::sampled(value, "us")));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use http::client::{Span, Told};

    use super::*;

    #[test]
    fn ends_that_wait_for_questions_make_no_run_invalid() {
        let late = |kind| {
            let due = Instant::now();
            let ready = due + Duration::from_millis(100);
            let span = Span {
                kind,
                due,
                ready,
                sent: Some(ready),
                replied: ready,
                flaw: None,
            };
            let mut told = Told::default();
            told.spans.push(span);
            told
        };
        let mut gauged = Gauged::new(None);
        gauged.latency.add(&late(Kind::Status));
        assert_eq!(gauged.invalid(), None);
        assert!(every(&gauged.latency, Measure::Lag).is_none());
        gauged.latency.add(&late(Kind::Voice));
        assert!(gauged.invalid().is_some_and(|it| it.starts_with("INVALID")));
        let lag = every(&gauged.latency, Measure::Lag);
        assert_eq!(lag.map(|it| it.len()), Some(1));
    }
}
