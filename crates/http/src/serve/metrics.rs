//! `/metrics`: the counters of the server in `OpenMetrics` text.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::overload::Gauge;

/// The content type of the text.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets, in microseconds.
const BUCKETS_US: [u64; 14] = [
    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000, 1_000_000, 5_000_000,
];

/// What is asked for.
pub(super) const PATHS: [&str; 7] = [
    "route", "voice", "after", "leg", "status", "whisper", "other",
];

/// What it is answered with.
const CODES: [u16; 12] = [200, 204, 400, 403, 404, 405, 408, 413, 429, 500, 503, 0];

/// The counters.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    requests: [[AtomicU64; CODES.len()]; PATHS.len()],
    buckets: [AtomicU64; BUCKETS_US.len() + 1],
    sum_us: AtomicU64,
    pub(super) connections: Gauge,
    pub(super) in_flight: Gauge,
    pub(super) accepted: AtomicU64,
}

impl Metrics {
    /// A request was answered with this status (0: not at all) after this time.
    pub(super) fn answered(&self, path: &str, code: u16, took: Duration) {
        let row = PATHS.iter().position(|it| *it == path);
        let column = CODES.iter().position(|it| *it == code);
        let row = row.unwrap_or(PATHS.len() - 1);
        let column = column.unwrap_or(CODES.len() - 1);
        self.requests[row][column].fetch_add(1, Ordering::Relaxed);
        let us = took.as_micros() as u64;
        let bucket = BUCKETS_US.partition_point(|bound| *bound < us);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// Requests that were answered or reset so far.
    pub(super) fn total(&self) -> u64 {
        let of = |row: &[AtomicU64; CODES.len()]| -> u64 {
            row.iter().map(|it| it.load(Ordering::Relaxed)).sum()
        };
        self.requests.iter().map(of).sum()
    }

    /// As text.
    pub(super) fn text(&self) -> String {
        let mut text = String::from(
            "# TYPE busyhour_serve_requests counter\n\
             # HELP busyhour_serve_requests Requests by what was asked and the status; 0 is a \
             connection closed instead.\n",
        );
        for (path, row) in PATHS.iter().zip(&self.requests) {
            for (code, count) in CODES.iter().zip(row) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let _ = writeln!(
                        text,
                        "busyhour_serve_requests_total{{path=\"{path}\",code=\"{code}\"}} {count}"
                    );
                }
            }
        }
        self.durations(&mut text);
        for (name, help, gauge) in [
            (
                "connections",
                "Connections that are open.",
                &self.connections,
            ),
            ("in_flight", "Requests under way.", &self.in_flight),
        ] {
            let now = gauge.now();
            let _ = write!(
                text,
                "# TYPE busyhour_serve_{name} gauge\n# HELP busyhour_serve_{name} {help}\n\
                 busyhour_serve_{name} {now}\n"
            );
        }
        let accepted = self.accepted.load(Ordering::Relaxed);
        let _ = write!(
            text,
            "# TYPE busyhour_serve_accepted counter\n# HELP busyhour_serve_accepted Connections \
             accepted.\nbusyhour_serve_accepted_total {accepted}\n# EOF\n"
        );
        text
    }

    fn durations(&self, text: &mut String) {
        text.push_str(
            "# TYPE busyhour_serve_seconds histogram\n# UNIT busyhour_serve_seconds seconds\n\
             # HELP busyhour_serve_seconds From the head of a request to its answer.\n",
        );
        let mut below = 0;
        for (bucket, bound) in self.buckets.iter().zip(BUCKETS_US) {
            below += bucket.load(Ordering::Relaxed);
            let seconds = bound as f64 / 1e6;
            let _ = writeln!(
                text,
                "busyhour_serve_seconds_bucket{{le=\"{seconds}\"}} {below}"
            );
        }
        below += self.buckets[BUCKETS_US.len()].load(Ordering::Relaxed);
        let sum = self.sum_us.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = write!(
            text,
            "busyhour_serve_seconds_bucket{{le=\"+Inf\"}} {below}\n\
             busyhour_serve_seconds_sum {sum}\nbusyhour_serve_seconds_count {below}\n"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_open_metrics() {
        let metrics = Metrics::default();
        metrics.answered("route", 200, Duration::from_micros(15));
        metrics.answered("route", 200, Duration::from_mins(1));
        metrics.answered("nothing", 418, Duration::ZERO);
        let (_held, _) = metrics.in_flight.enter();
        let text = metrics.text();
        for line in [
            "busyhour_serve_requests_total{path=\"route\",code=\"200\"} 2",
            "busyhour_serve_requests_total{path=\"other\",code=\"0\"} 1",
            "busyhour_serve_seconds_bucket{le=\"0.00001\"} 1",
            "busyhour_serve_seconds_bucket{le=\"0.00002\"} 2",
            "busyhour_serve_seconds_bucket{le=\"+Inf\"} 3",
            "busyhour_serve_seconds_count 3",
            "busyhour_serve_in_flight 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        assert_eq!(metrics.total(), 3);
    }
}
