//! What a live router was asked and how it fared: requests beside calls, and where the time went.

use measure::Summary;

use crate::facts::Fact;
use crate::numbers;

/// The percentiles of a page.
const SHOWN: [&str; 6] = ["p50", "p90", "p95", "p99", "p99.9", "max"];

/// The lines; none without a live back end.
pub fn facts(summary: &Summary) -> Vec<Fact> {
    let value = |name: &str| summary.get(name).map(|it| it.value);
    let Some(requests) = value("backend.requests") else {
        return Vec::new();
    };
    let line = |label: &str, value: String, beside: &str, part: bool| Fact {
        label: label.to_owned(),
        value,
        beside: beside.to_owned(),
        part,
    };
    let asked = value("calls.offered").unwrap_or(0.0) + value("calls.hops").unwrap_or(0.0);
    let a_call = if asked > 0.0 {
        format!("{:.2} a call and hop", requests / asked)
    } else {
        String::new()
    };
    let mut facts = vec![line("requests due", whole(requests), &a_call, false)];
    for (label, name) in [
        ("sent", "backend.sent"),
        ("not sent", "backend.not_sent"),
        ("told 429", "backend.429"),
        ("told 503", "backend.503"),
        ("failed", "backend.failed"),
        ("unfinished", "backend.unfinished"),
        ("that tell of ends", "backend.status.requests"),
        ("of these not sent", "backend.status.not_sent"),
        ("of these failed", "backend.status.failed"),
    ] {
        let always = matches!(name, "backend.sent" | "backend.not_sent");
        if let Some(count) = value(name).filter(|it| always || *it > 0.0) {
            let share = numbers::percent(count / requests.max(1.0));
            facts.push(line(label, whole(count), &share, true));
        }
    }
    if let Some(rate) = value("backend.requests_per_s") {
        // Of a quiet router's rate a whole number would leave nothing.
        let places = if rate < 10.0 { 2 } else { 0 };
        let shown = format!("{rate:.places$}");
        facts.push(line("requests a second", shown, "", false));
    }
    if let Some(count) = value("backend.connections") {
        facts.push(line("connections", whole(count), "", false));
    }
    let heading = SHOWN.join(" / ");
    let spans = [
        ("response", "response", "due to reply"),
        ("service", "service", "sent to reply"),
        ("queue", "queue", "waiting for a connection"),
        ("our own lag", "lag", "due until ready to send"),
        ("refused response", "refused.response", "429 and 503"),
        (
            "failed response",
            "failed.response",
            "no answer, or none of use",
        ),
    ];
    for (label, span, what) in spans {
        if let Some(times) = times(summary, span) {
            let beside = format!("ms at {heading}: {what}");
            facts.push(line(label, times, &beside, false));
        }
    }
    facts
}

fn times(summary: &Summary, span: &str) -> Option<String> {
    let at = |quantile: &&str| {
        let found = summary.get(&format!("backend.{span}_us.{quantile}"));
        found.map_or("–".to_owned(), |it| millis(it.value))
    };
    summary.get(&format!("backend.{span}_us.max"))?;
    let all: Vec<String> = SHOWN.iter().map(at).collect();
    Some(all.join(" / "))
}

/// Microseconds as milliseconds, to three digits.
fn millis(us: f64) -> String {
    let ms = us / 1000.0;
    let places = match ms {
        ms if ms >= 100.0 => 0,
        ms if ms >= 10.0 => 1,
        ms if ms >= 1.0 => 2,
        _ => 3,
    };
    format!("{ms:.places$}")
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}
