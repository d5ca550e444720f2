//! The data-quality report, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use calllog::{ImportError, Quality};
use routing::record::Outcome;
use serde_json::{Map, Value, json};

use super::fit::Done;
use super::fitted::{fit_json, of_fit};
use super::redact::{self, Redact};
use crate::commands::check::escaped;

pub(super) struct Told<'a> {
    pub(super) quality: &'a Quality,
    /// Calls of the one queue that its roster does not rest on.
    pub(super) unqueued: u64,
    /// Numbers that stand in the sub-account of the first of several logs.
    pub(super) in_two: usize,
    pub(super) redact: Option<&'a Redact>,
    pub(super) fitted: Option<&'a Done>,
    pub(super) side: Option<&'a Path>,
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
        if self.in_two > 0 {
            let them = if self.in_two == 1 {
                "number was called in more than one log: it stands"
            } else {
                "numbers were called in more than one log: each stands"
            };
            let count = self.in_two;
            warnings.push(format!("{count} {them} in the sub-account of the first"));
        }
        if self.quality.calls == 0 {
            warnings.push("no call was found: the log that was written is empty".to_owned());
        }
        if self.redact.is_some() {
            let hidden = warnings.iter().map(|it| redact::warning(it));
            warnings = hidden.collect();
        }
        warnings
    }

    /// Workflow commands, one for each warning.
    pub(super) fn annotations(&self) -> String {
        let warnings = self.warnings();
        let lines = warnings
            .iter()
            .map(|it| format!("::warning::{}\n", escaped(it)));
        lines.collect()
    }

    /// A log or a file that is named after one.
    fn file(&self, name: &str) -> String {
        let hidden = self.redact.map(|it| it.file(name));
        hidden.unwrap_or_else(|| name.to_owned())
    }

    /// Rows that were left out, by reason: the words of the log among them may be numbers.
    fn skipped(&self) -> BTreeMap<&str, u64> {
        let mut skipped = BTreeMap::new();
        for (reason, count) in &self.quality.skipped {
            let reason = match self.redact {
                Some(_) => redact::word(reason),
                None => reason,
            };
            *skipped.entry(reason).or_default() += count;
        }
        skipped
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
            .map(|(file, dialect)| json!({ "file": self.file(file), "dialect": dialect }))
            .collect();
        let days: Vec<String> = q.missing_days.iter().map(ToString::to_string).collect();
        let gap = q
            .longest_gap
            .map(|(from, gap)| json!({ "from": q.local(from), "seconds": gap.as_secs_f64() }));
        let report = json!({
            "rows": q.rows,
            "calls": q.calls,
            "legs": q.legs,
            "skipped": self.skipped(),
            "outcomes": outcomes,
            "first": zone(q.first),
            "last": zone(q.last),
            "not_inbound": q.not_inbound,
            "without_from": q.without_from,
            "without_to": q.without_to,
            "duplicates": q.duplicates,
            "suspected_voicemail": q.suspected,
            "negative_durations": q.negative,
            "absurd_durations": q.absurd,
            "not_utf8": q.latin_1,
            "sorted": q.sorted,
            "dst_gaps": q.gaps,
            "dst_overlaps": q.overlaps,
            "days_without_calls": { "count": q.days_missing, "first": days },
            "longest_gap": gap,
            "files": files,
            "skipped_rows": self.side.map(|it| self.file(&it.display().to_string())),
            "fit": self.fitted.map(fit_json),
            "warnings": self.warnings(),
        });
        format!("{report:#}\n").into_bytes()
    }

    pub(super) fn text(&self) -> String {
        let q = self.quality;
        let mut text = String::new();
        for (file, dialect) in &q.files {
            let _ = writeln!(text, "{}: read as {dialect}", self.file(file));
        }
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<24} {value}");
        };
        line("rows", &q.rows.to_string());
        line("calls", &q.calls.to_string());
        if q.legs > 0 {
            line("legs of calls", &q.legs.to_string());
        }
        for (reason, count) in self.skipped() {
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
        if let Some(path) = self.side {
            let path = self.file(&path.display().to_string());
            let _ = writeln!(text, "malformed rows: {path}");
        }
        text
    }
}

/// The workflow command that puts a fault at its line.
pub(super) fn fault(why: &ImportError, redact: Option<&Redact>, message: &str) -> String {
    let (file, (line, column)) = match why {
        ImportError::Row { file, error } | ImportError::Words { file, error, .. } => {
            (file.as_str(), (error.line, error.column))
        }
        ImportError::Dialect { file, .. } => (file.as_str(), (1, 1)),
        ImportError::Output(_) => return String::new(),
    };
    let file = redact.map_or_else(|| file.to_owned(), |it| it.file(file));
    // The place stands before it, and is told by the annotation.
    let place = format!("{file}:{line}:{column}: ");
    let message = message.strip_prefix(&place).unwrap_or(message);
    let file = escaped(&file).replace(':', "%3A").replace(',', "%2C");
    let message = escaped(message);
    format!("::error file={file},line={line},col={column}::{message}\n")
}
