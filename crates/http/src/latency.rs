//! How requests went, as histograms: response, service, lag and queue, for all and per kind;
//! refused and failed ones apart. Merges exactly.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::client::{Kind, Span, Told};
use crate::wire::flaw::Flaw;

/// What is measured of a request, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Due to reply.
    Response,
    /// Sent to reply.
    Service,
    /// Due until we were ready to send.
    Lag,
    /// Ready to sent: waiting for a connection.
    Queue,
}

impl Measure {
    /// Every one, in the order of the metrics.
    pub const ALL: [Self; 4] = [Self::Response, Self::Service, Self::Lag, Self::Queue];

    /// Its word in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Service => "service",
            Self::Lag => "lag",
            Self::Queue => "queue",
        }
    }

    fn of(self, span: &Span) -> Option<Duration> {
        let between = |from: Instant, to: Instant| Some(to.saturating_duration_since(from));
        match self {
            Self::Response => between(span.due, span.replied),
            Self::Service => between(span.sent?, span.replied),
            Self::Lag => between(span.due, span.ready),
            Self::Queue => between(span.ready, span.sent.unwrap_or(span.replied)),
        }
    }
}

/// How the requests fared that a histogram is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fared {
    /// Answered.
    Answered,
    /// 429 or 503.
    Refused,
    /// Anything else: no answer, or one that is none.
    Failed,
}

/// One second to one hundred, from 1 µs up with three digits.
fn empty() -> Histogram<u64> {
    let made = Histogram::new_with_bounds(1_000, 100_000_000_000, 3);
    made.expect("constant bounds that the histogram documents as valid")
}

/// So long is what is told of lately.
const LATELY: Duration = Duration::from_secs(10);

/// Our own lag of late, to be held against that of the whole: the difference is a drift.
#[derive(Debug, Clone, Default)]
struct Lately {
    /// When the first request of these was due.
    from: Option<Instant>,
    lags: Option<Histogram<u64>>,
    /// Of those before, in nanoseconds.
    p99_ns: Option<u64>,
}

impl Lately {
    fn add(&mut self, due: Instant, lag: Duration) {
        let from = *self.from.get_or_insert(due);
        let lags = self.lags.get_or_insert_with(empty);
        if due.saturating_duration_since(from) >= LATELY {
            self.p99_ns = Some(lags.value_at_quantile(0.99));
            lags.reset();
            self.from = Some(due);
        }
        lags.saturating_record(lag.as_nanos() as u64);
    }
}

/// All that was measured.
#[derive(Debug, Clone, Default)]
pub struct Latency {
    histograms: BTreeMap<(Fared, Kind, Measure), Histogram<u64>>,
    /// Requests that came to an answer or an end, sent or not.
    pub requests: u64,
    /// Of those, the ones that were never written.
    pub not_sent: u64,
    /// Requests by the word of what was wrong.
    pub flaws: BTreeMap<&'static str, u64>,
    /// Connections that were closed under a request before it was sent.
    pub reconnected: u64,
    lately: Lately,
    /// Of all of them, those that told the end of a call.
    pub ends: Ends,
}

/// Requests that told the end of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ends {
    /// That were due, sent or not.
    pub requests: u64,
    /// Of those, the ones that were never written.
    pub not_sent: u64,
    /// Of those, the ones without a success, given up ones too.
    pub failed: u64,
}

impl Ends {
    fn add(&mut self, kind: Kind, sent: bool, failed: bool) {
        if kind == Kind::Status {
            self.requests += 1;
            self.not_sent += u64::from(!sent);
            self.failed += u64::from(failed);
        }
    }
}

impl Latency {
    /// Our own lag at p99 within the last ten seconds that are over, in nanoseconds; at first of
    /// what there is.
    pub fn lag_of_late_ns(&self) -> u64 {
        let begun = self.lately.lags.as_ref();
        let p99_ns = self.lately.p99_ns;
        p99_ns.unwrap_or_else(|| begun.map_or(0, |it| it.value_at_quantile(0.99)))
    }

    /// Adds an exchange.
    pub fn add(&mut self, told: &Told) {
        self.reconnected += u64::from(told.reconnected);
        for span in &told.spans {
            self.span(span);
        }
    }

    fn span(&mut self, span: &Span) {
        self.requests += 1;
        self.not_sent += u64::from(span.sent.is_none());
        self.ends
            .add(span.kind, span.sent.is_some(), span.flaw.is_some());
        if let Some(flaw) = span.flaw {
            *self.flaws.entry(flaw).or_default() += 1;
        }
        let fared = match span.flaw {
            None => Fared::Answered,
            Some("429" | "503") => Fared::Refused,
            Some(_) => Fared::Failed,
        };
        // The end of a call waits on purpose, until no question can go on: that is no lag.
        if span.kind != Kind::Status {
            let lag = span.ready.saturating_duration_since(span.due);
            self.lately.add(span.due, lag);
        }
        for measure in Measure::ALL {
            if let Some(took) = measure.of(span) {
                self.histogram(fared, span.kind, measure)
                    .saturating_record(took.as_nanos() as u64);
            }
        }
    }

    /// A request that was given up though the router may yet have answered: the run is over.
    pub fn give_up(&mut self, kind: Kind, sent: bool) {
        self.requests += 1;
        self.ends.add(kind, sent, true);
        self.not_sent += u64::from(!sent);
        *self.flaws.entry("unfinished").or_default() += 1;
    }

    /// A success whose content was no decision.
    pub fn flawed(&mut self, flaw: &Flaw) {
        if matches!(flaw.failure(), engine::Failure::BadReply) {
            *self.flaws.entry(flaw.class()).or_default() += 1;
        }
    }

    fn histogram(&mut self, fared: Fared, kind: Kind, measure: Measure) -> &mut Histogram<u64> {
        self.histograms
            .entry((fared, kind, measure))
            .or_insert_with(empty)
    }

    /// Requests with this flaw.
    pub fn count(&self, flaw: &str) -> u64 {
        self.flaws.get(flaw).copied().unwrap_or(0)
    }

    /// Of requests of one kind, or of all that a caller waits for, which the ends of calls are not;
    /// none when there were none.
    pub fn of(&self, fared: Fared, kind: Option<Kind>, measure: Measure) -> Option<Histogram<u64>> {
        let mut all: Option<Histogram<u64>> = None;
        for ((its, its_kind, its_measure), one) in &self.histograms {
            let is_of = kind.map_or(*its_kind != Kind::Status, |it| it == *its_kind);
            if *its != fared || *its_measure != measure || !is_of {
                continue;
            }
            match &mut all {
                // Same bounds: adding cannot fail.
                Some(sum) => _ = sum.add(one),
                None => all = Some(one.clone()),
            }
        }
        all
    }

    /// Adds what somebody else measured.
    pub fn merge(&mut self, other: &Self) {
        for ((fared, kind, measure), theirs) in &other.histograms {
            // Same bounds: adding cannot fail.
            let _ = self.histogram(*fared, *kind, *measure).add(theirs);
        }
        self.requests += other.requests;
        self.not_sent += other.not_sent;
        self.reconnected += other.reconnected;
        self.ends.requests += other.ends.requests;
        self.ends.not_sent += other.ends.not_sent;
        self.ends.failed += other.ends.failed;
        for (flaw, count) in &other.flaws {
            *self.flaws.entry(flaw).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_waits_is_neither_lag_nor_response_of_the_whole() {
        let (mut latency, due) = (Latency::default(), Instant::now());
        let late = |kind, ms| Span {
            kind,
            due,
            ready: due + Duration::from_millis(ms),
            sent: Some(due + Duration::from_millis(ms)),
            replied: due + Duration::from_millis(ms + 1),
            flaw: None,
        };
        latency.span(&late(Kind::Voice, 2));
        let alone = latency.clone();
        latency.span(&late(Kind::Status, 900));
        let of = |it: &Latency, kind, measure| it.of(Fared::Answered, kind, measure);
        for measure in Measure::ALL {
            assert_eq!(of(&latency, None, measure), of(&alone, None, measure));
            let end = of(&latency, Some(Kind::Status), measure);
            assert_eq!(end.map(|it| it.len()), Some(1), "{measure:?}");
        }
        assert_eq!(latency.lag_of_late_ns(), alone.lag_of_late_ns());
        assert_eq!((latency.requests, latency.ends.requests), (2, 1));
    }

    #[test]
    fn the_lag_of_late_is_that_of_ten_seconds_and_forgets_those_before() {
        let (mut latency, begun) = (Latency::default(), Instant::now());
        assert_eq!(latency.lag_of_late_ns(), 0);
        let near = |found: u64, ms: u64| {
            let expected = ms * 1_000_000;
            assert!(found.abs_diff(expected) <= expected / 500, "{found}");
        };
        for second in 0..30 {
            let lag = Duration::from_millis(1 + second / 10);
            latency.lately.add(begun + Duration::from_secs(second), lag);
            near(latency.lag_of_late_ns(), (second / 10).max(1));
        }
    }
}
