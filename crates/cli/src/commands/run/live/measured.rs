//! What was measured of a live back end, as metrics, files and warnings.

use http::client::Kind;
use http::latency::{Fared, Latency, Measure};
use measure::{GateResult, Metric};

use super::Mode;

/// The percentiles of the metrics, and how many samples each needs: five beyond it.
const QUANTILES: [(&str, f64, u64); 5] = [
    ("p50", 0.5, 10),
    ("p90", 0.9, 50),
    ("p95", 0.95, 100),
    ("p99", 0.99, 500),
    ("p99.9", 0.999, 5_000),
];

/// A lag beyond this, in nanoseconds, may explain a tail.
const LAG_NS: u64 = 1_000_000;

/// All metrics of the back end; of answers, refused and failed ones are counted apart.
pub(super) fn metrics(latency: &Latency) -> Vec<(String, Metric)> {
    let mut all = Vec::new();
    if latency.requests == 0 {
        return all;
    }
    let kinds = [None].into_iter().chain(Kind::ALL.into_iter().map(Some));
    for kind in kinds {
        let prefix = kind.map_or(String::new(), |kind| format!("{}.", kind.name()));
        for measure in Measure::ALL {
            let Some(histogram) = latency.of(Fared::Answered, kind, measure) else {
                continue;
            };
            let name = |quantile: &str| format!("backend.{prefix}{}_us.{quantile}", measure.name());
            for (word, quantile, least) in QUANTILES {
                if histogram.len() >= least {
                    let us = histogram.value_at_quantile(quantile) as f64 / 1e3;
                    all.push((name(word), Metric::sampled(us, "us")));
                }
            }
            all.push((
                name("max"),
                Metric::sampled(histogram.max() as f64 / 1e3, "us"),
            ));
        }
    }
    for (word, count) in requests(latency) {
        let metric = Metric {
            count: true,
            ..Metric::sampled(count as f64, "requests")
        };
        all.push((format!("backend.{word}"), metric));
    }
    all
}

/// Requests by how they fared.
fn requests(latency: &Latency) -> [(&'static str, u64); 4] {
    [
        ("requests", latency.requests),
        ("not_sent", latency.not_sent),
        ("429", latency.count("429")),
        ("503", latency.count("503")),
    ]
}

/// Whether our own lag may explain what was measured (contract.md section 5), and in what words.
/// A gate of the scenario's own about the lag decides instead.
pub(in crate::commands::run) fn invalid(
    latency: &Latency,
    gates: &[GateResult],
    mode: Mode,
) -> Option<String> {
    let own = |gate: &GateResult| gate.gate.metric.starts_with("backend.lag_us");
    if mode != Mode::Open || gates.iter().any(own) {
        return None;
    }
    let p99 = |measure| {
        Some(
            latency
                .of(Fared::Answered, None, measure)?
                .value_at_quantile(0.99),
        )
    };
    let (lag, response) = (p99(Measure::Lag)?, p99(Measure::Response)?);
    (lag > LAG_NS && lag * 20 > response).then(|| {
        format!(
            "INVALID: this machine was late itself: its lag (p99 {:.1} ms) is more than 1 ms and \
             5 % of the response time (p99 {:.1} ms), so the latencies are not the router's\n  \
             help: lower the rate, give the load a core of its own, or gate on backend.lag_us.p99",
            lag as f64 / 1e6,
            response as f64 / 1e6
        )
    })
}

/// What whoever reads the summary should know.
pub(in crate::commands::run) fn warnings(latency: &Latency, mode: Mode) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Mode::Closed(connections) = mode {
        warnings.push(format!(
            "closed loop over {connections} connections: calls waited for a connection, so the \
             latencies leave out that wait (coordinated omission); only the throughput counts"
        ));
    }
    let flaws: Vec<String> = latency
        .flaws
        .iter()
        .map(|(flaw, count)| format!("{count} {flaw}"))
        .collect();
    if !flaws.is_empty() {
        warnings.push(format!("requests without a decision: {}", flaws.join(", ")));
    }
    if latency.reconnected > 0 {
        warnings.push(format!(
            "{} requests met a connection that the router had just closed, and went over another",
            latency.reconnected
        ));
    }
    warnings
}
