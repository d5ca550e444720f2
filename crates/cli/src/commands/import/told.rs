//! The data-quality report, for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use calllog::Quality;
use routing::record::Outcome;
use serde_json::{Map, Value, json};

use super::fit::Done;

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

/// What was fitted, in lines.
fn of_fit(done: &Done) -> String {
    let mut text = String::from("Fit\n");
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<24} {value}");
    };
    let fitted = &done.fitted;
    if let Some(talk) = &fitted.talk {
        let (median, sigma) = (talk.median_s(), talk.sigma);
        let (short, far, said) = (fitted.short_talks, talk.distance, talk.verdict());
        line(
            "talk",
            format!(
                "lognormal, median {median:.1} s, sigma {sigma:.3} ({} talks)",
                talk.n
            ),
        );
        line(
            "",
            format!("talks below 10 s left out: {short}; distance {far:.3}: {said}"),
        );
    }
    if let Some(it) = &fitted.patience {
        let (left, served) = it.callers;
        line(
            "patience on hold",
            format!(
                "lognormal, median {:.0} s, sigma {:.3} ({left} left, {served} served)",
                it.mu.exp(),
                it.sigma
            ),
        );
        if let Some(median) = it.median_s {
            line("", format!("Kaplan-Meier median {median:.0} s"));
        }
    }
    if let Some(it) = &fitted.redials {
        let (share, gross) = (100.0 * it.share, 100.0 * it.gross);
        line(
            "redial share",
            format!("{share:.1} % net, {gross:.1} % gross of {}", it.n),
        );
        if let Some(delay) = &it.delay {
            let minutes = delay.median_s() / 60.0;
            line(
                "redial delay",
                format!("median {minutes:.1} min, sigma {:.2}", delay.sigma),
            );
        }
    }
    let profile = &fitted.profile;
    line(
        "days vary",
        format!(
            "{:.3} beyond chance; hours {:.3}",
            profile.day_cv, profile.period_cv
        ),
    );
    if let Some((at, recipients, it)) = &done.blast {
        let share = 100.0 * it.response_share;
        let half = 196.0 * it.se;
        line(
            "blast",
            format!("{at}: {share:.2} % ± {half:.2} of {recipients} called"),
        );
        let (median, sigma) = (it.median_min, it.sigma);
        line(
            "",
            format!("after {median:.1} min (median), sigma {sigma:.2}"),
        );
    }
    text
}

fn fit_json(done: &Done) -> Value {
    let fitted = &done.fitted;
    let law = |it: &capacity::fit::Lognormal| {
        json!({ "median_s": it.median_s(), "mu": it.mu, "sigma": it.sigma, "n": it.n,
                "se": [it.se.0, it.se.1], "distance": it.distance })
    };
    let patience = fitted.patience.as_ref().map(|it| {
        json!({ "mu": it.mu, "sigma": it.sigma, "left": it.callers.0, "served": it.callers.1,
                "kaplan_meier_median_s": it.median_s, "distance": it.distance })
    });
    let redials = fitted.redials.as_ref().map(|it| {
        json!({ "share": it.share, "gross": it.gross, "ordinary": it.ordinary, "n": it.n,
                "delay": it.delay.as_ref().map(law) })
    });
    let campaign = done.blast.as_ref().map(|(at, recipients, it)| {
        json!({ "at": at.to_string(), "recipients": recipients, "response_share": it.response_share,
                "response_share_se": it.se, "delay_median_min": it.median_min, "delay_sigma": it.sigma })
    });
    json!({
        "talk": fitted.talk.as_ref().map(law),
        "short_talks": fitted.short_talks,
        "answer_delay": fitted.answer_delay.as_ref().map(law),
        "patience": patience,
        "redials": redials,
        "day_cv": fitted.profile.day_cv,
        "period_cv": fitted.profile.period_cv,
        "campaign": campaign,
    })
}
