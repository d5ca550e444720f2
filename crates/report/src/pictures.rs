//! The two pictures of a run: what became of the calls over time, and where the limits were
//! violated.

use measure::{Summary, names};
use routing::Nanos;
use routing::record::Outcome;

use crate::document::Document;
use crate::numbers::spaced;
use crate::plot::{Chart, Layer, Mark, StackedSeries, Violations, palette};

/// Calls per interval by how they ended, on average over the replications.
pub fn outcomes(document: &Document) -> Chart {
    let summary = &document.summary;
    let layer = |outcome: &Outcome| Layer {
        name: outcome.name().to_owned(),
        colour: palette::outcome(outcome.name()),
        values: per_interval(summary, &format!("calls.{}", outcome.name())),
    };
    Chart::Stacked(StackedSeries {
        title: "What became of the calls".to_owned(),
        subtitle: subtitle(document),
        x_labels: x_labels(document),
        y_label: format!(
            "calls per {}",
            interval(summary).map(spaced).unwrap_or_default()
        ),
        layers: Outcome::ALL.iter().map(layer).collect(),
        line: None,
    })
}

/// Violations and blocked calls per interval, on average over the replications.
pub fn violations(document: &Document) -> Chart {
    let summary = &document.summary;
    let mut marks = Vec::new();
    for (metric, text) in [
        ("limit.first_violation_s", "first violation"),
        ("limit.first_block_s", "account blocked"),
    ] {
        if let (Some(found), Some(interval)) = (summary.get(metric), interval(summary)) {
            let at = found.value / interval.as_secs_f64();
            marks.push(Mark {
                at,
                text: text.to_owned(),
            });
        }
    }
    Chart::Violations(Violations {
        title: "Violations of the admission limits".to_owned(),
        subtitle: subtitle(document),
        x_labels: x_labels(document),
        interval: interval(summary).map(spaced).unwrap_or_default(),
        violations_per_interval: per_interval(summary, "limit.violations"),
        blocked_per_interval: per_interval(summary, "calls.blocked"),
        marks,
    })
}

fn subtitle(document: &Document) -> String {
    let name = &document.manifest.name;
    match document.replications() {
        0 | 1 => name.clone(),
        several => format!("{name}, mean of {several} replications"),
    }
}

fn interval(summary: &Summary) -> Option<Nanos> {
    summary.replications.first().map(|it| it.setup.interval)
}

fn rows(summary: &Summary) -> usize {
    let series = summary
        .replications
        .first()
        .and_then(|it| it.series.first());
    series.map_or(0, |it| it.rows.len())
}

fn x_labels(document: &Document) -> Vec<String> {
    let Some(interval) = interval(&document.summary) else {
        return Vec::new();
    };
    let start = |row: usize| Nanos(interval.0.saturating_mul(row as u64));
    // "2026-03-06T09:00:00-05:00" to "2026-03-06 09:00".
    let label = |row| {
        document
            .local_time
            .of(start(row))
            .replacen('T', " ", 1)
            .chars()
            .take(16)
            .collect()
    };
    (0..rows(&document.summary)).map(label).collect()
}

fn per_interval(summary: &Summary, metric: &str) -> Vec<f64> {
    let Ok(known) = names::check(metric) else {
        return Vec::new();
    };
    let value = |row| summary.interval(&known, 0, row).map_or(0.0, |it| it.value);
    (0..rows(summary)).map(value).collect()
}
