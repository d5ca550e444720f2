//! The data-quality report, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use calllog::Quality;
use routing::record::Outcome;
use serde_json::{Map, Value, json};

use super::fit::Done;
use super::fitted::{fit_json, of_fit};

pub(super) struct Told<'a> {
    pub(super) quality: &'a Quality,
    /// Calls of the one queue that its roster does not rest on.
    pub(super) unqueued: u64,
    pub(super) redacted: bool,
    pub(super) fitted: Option<&'a Done>,
    pub(super) skipped: Option<&'a Path>,
}

impl Told<'_> {
    fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let known = Outcome::ALL
            .iter()
            .map(|it| (it.name(), self.quality.outcome(*it)));
        let all = known.chain([("unknown", self.quality.outcome_unknown)]);
        all.filter(|(_, count)| *count > 0)
    }

    /// Texts of the log in warnings are real.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.quality.warnings();
        if self.unqueued > 0 {
            warnings.push(format!(
                "{} calls came when the most that a roster can rest on were known: the roster ends \
                 before them",
                self.unqueued
            ));
        }
        warnings.extend(self.fitted.map(Done::warnings).unwrap_or_default());
        if !self.redacted {
            return warnings;
        }
        let hidden = |text: String| {
            let mut parts = text.split('`');
            let head = parts.next().unwrap_or_default().to_owned();
            parts.enumerate().fold(head, |text, (nth, part)| {
                if nth % 2 == 0 {
                    text + "`…`"
                } else {
                    text + part
                }
            })
        };
        warnings.into_iter().map(hidden).collect()
    }

    pub(super) fn json(&self) -> Vec<u8> {
        let q = self.quality;
        let zone = |it: Option<jiff::Timestamp>| it.map(|it| q.local(it));
        let outcomes: Map<String, Value> = self
            .outcomes()
            .map(|(name, count)| (name.to_owned(), json!(count)))
            .collect();
        let files: Vec<Value> = q
            .files
            .iter()
            .map(|(file, dialect)| json!({ "file": file, "dialect": dialect }))
            .collect();
        let days: Vec<String> = q.missing_days.iter().map(ToString::to_string).collect();
        let gap = q
            .longest_gap
            .map(|(from, gap)| json!({ "from": q.local(from), "seconds": gap.as_secs_f64() }));
        let report = json!({
            "rows": q.rows,
            "calls": q.calls,
            "legs": q.legs,
            "skipped": q.skipped,
            "outcomes": outcomes,
            "first": zone(q.first),
            "last": zone(q.last),
            "not_inbound": q.not_inbound,
            "without_from": q.without_from,
            "without_to": q.without_to,
            "duplicates": q.duplicates,
            "negative_durations": q.negative,
            "absurd_durations": q.absurd,
            "not_utf8": q.latin_1,
            "sorted": q.sorted,
            "dst_gaps": q.gaps,
            "dst_overlaps": q.overlaps,
            "days_without_calls": { "count": q.days_missing, "first": days },
            "longest_gap": gap,
            "files": files,
            "skipped_rows": self.skipped.map(|it| it.display().to_string()),
            "fit": self.fitted.map(fit_json),
            "warnings": self.warnings(),
        });
        format!("{report:#}\n").into_bytes()
    }

    pub(super) fn text(&self) -> String {
        let q = self.quality;
        let mut text = String::new();
        for (file, dialect) in &q.files {
            let _ = writeln!(text, "{file}: read as {dialect}");
        }
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<24} {value}");
        };
        line("rows", &q.rows.to_string());
        line("calls", &q.calls.to_string());
        if q.legs > 0 {
            line("legs of calls", &q.legs.to_string());
        }
        for (reason, count) in &q.skipped {
            let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
            line("left out", &format!("{count} ({reason})"));
        }
        for (name, count) in self.outcomes() {
            let share = 100.0 * count as f64 / q.calls.max(1) as f64;
            line(name, &format!("{count} ({share:.1} % of calls)"));
        }
        if let (Some(first), Some(last)) = (q.first, q.last) {
            line("from", &q.local(first));
            line("to", &q.local(last));
        }
        if let Some((from, gap)) = q.longest_gap {
            let hours = gap.as_secs_f64() / 3600.0;
            line(
                "longest gap",
                &format!("{hours:.1} h from {}", q.local(from)),
            );
        }
        if let Some(done) = self.fitted {
            text.push_str(&of_fit(done));
        }
        for warning in self.warnings() {
            let _ = writeln!(text, "warning: {warning}");
        }
        if let Some(path) = self.skipped {
            let _ = writeln!(text, "malformed rows: {}", path.display());
        }
        text
    }
}
