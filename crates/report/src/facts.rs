//! What a page for people says, and in which order: callers before calls, what went wrong before
//! what went well. Text and Markdown both render these.

use measure::names;
use measure::{GateResult, Metric, Verdict};
use routing::record::Outcome;

use crate::document::{Document, LocalTime};
use crate::{numbers, requests};

/// One line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// The number with its interval and what it is of.
    pub value: String,
    /// The same as a share, or what else belongs to it; may be empty.
    pub beside: String,
    /// Whether it is a part of the line above.
    pub part: bool,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its lines; never empty.
    pub facts: Vec<Fact>,
}

/// The lines of a page, without gates and warnings.
pub fn sections(document: &Document) -> Vec<Section> {
    let page = Page(document);
    let all = [
        ("Callers", page.callers()),
        ("Calls", page.calls()),
        ("Time to answer", page.answers()),
        ("Hold", page.hold()),
        ("Limits", page.limits()),
        ("Staff", page.staff()),
        ("Load", page.load()),
        ("Router", requests::facts(&document.summary)),
        (
            "Sub-accounts that answered the smallest share",
            page.accounts(),
        ),
        ("Measured by the clock", page.measured()),
    ];
    let filled = all.into_iter().filter(|(_, facts)| !facts.is_empty());
    filled
        .map(|(title, facts)| Section { title, facts })
        .collect()
}

/// The gates, those that did not pass first.
pub fn gates(document: &Document) -> Vec<&GateResult> {
    let mut gates: Vec<&GateResult> = document.gates.iter().collect();
    gates.sort_by_key(|gate| std::cmp::Reverse(gate.verdict));
    gates
}

/// The sign of a verdict: also told without colour.
pub const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✔",
        Verdict::Inconclusive => "~",
        Verdict::Fail => "✖",
        Verdict::NotMeasured | Verdict::Invalid => "?",
    }
}

/// What a gate asks.
pub fn asked(result: &GateResult) -> String {
    let gate = &result.gate;
    let known = names::check(&gate.metric).ok();
    let share = known.as_ref().is_some_and(|known| known.of.is_some());
    let unit = known.as_ref().and_then(|known| known.unit);
    let bounds: Vec<String> = gate
        .bounds()
        .map(|bound| {
            format!(
                "{} {}",
                bound.sign(),
                numbers::bound(bound.at(), share, unit)
            )
        })
        .collect();
    let each = gate
        .each
        .map(|each| format!(" in each {}", numbers::span(each)));
    let share = gate.holds_on.map(numbers::percent);
    let holds_on = share.map(|share| format!(" on {share} of replications"));
    let parts = [Some(bounds.join(" and ")), each, holds_on]
        .into_iter()
        .flatten();
    format!("{} {}", gate.metric, parts.collect::<String>())
}

/// What came out of a gate.
pub fn found(result: &GateResult, document: &Document) -> String {
    found_in(result, document.replications(), &document.local_time)
}

/// The same, of so many replications.
pub fn found_in(result: &GateResult, replications: usize, local_time: &LocalTime) -> String {
    if let Some(reason) = &result.reason {
        return reason.clone();
    }
    let Some(value) = result.value else {
        return "no value".to_owned();
    };
    let known = names::check(&result.gate.metric).ok();
    let metric = Metric {
        ci95: result.ci95,
        of: known.as_ref().and_then(|known| known.of),
        unit: known.as_ref().and_then(|known| known.unit),
        class: if replications > 1 {
            measure::Class::Estimate
        } else {
            measure::Class::Exact
        },
        count: known.as_ref().is_some_and(|known| known.kind.is_count()),
        ..Metric::sampled(value, "")
    };
    let start = result.worst.map(|start| local_time.of(start));
    let worst = start.map(|start| format!(", worst at {start}"));
    let held = result.held_on.map(numbers::percent);
    let held = held.map(|share| format!(", held on {share} of replications"));
    let parts = [Some(numbers::metric(&metric)), worst, held]
        .into_iter()
        .flatten();
    parts.collect()
}

struct Page<'a>(&'a Document);

impl Page<'_> {
    fn get(&self, name: &str) -> Option<&Metric> {
        self.0.summary.get(name)
    }

    fn told(&self, name: &str) -> Option<String> {
        let metric = self.get(name)?;
        let all = self.0.replications() as u64;
        let some = metric.n < all && metric.class == measure::Class::Estimate;
        let some = some.then(|| format!(" (in {} of {all} replications)", metric.n));
        Some(format!(
            "{}{}",
            numbers::metric(metric),
            some.unwrap_or_default()
        ))
    }

    fn fact(&self, label: &str, name: &str, beside: Option<&str>) -> Option<Fact> {
        Some(Fact {
            label: label.to_owned(),
            value: self.told(name)?,
            beside: beside.and_then(|name| self.told(name)).unwrap_or_default(),
            part: false,
        })
    }

    fn facts(&self, lines: &[(&str, &str)]) -> Vec<Fact> {
        lines
            .iter()
            .filter_map(|(label, name)| self.fact(label, name, None))
            .collect()
    }

    fn positive(&self, name: &str) -> bool {
        self.get(name).is_some_and(|metric| metric.value > 0.0)
    }

    fn callers(&self) -> Vec<Fact> {
        let reached = self.fact(
            "reached a person",
            "callers.reached",
            Some("callers.reached.share"),
        );
        let mut facts = self.facts(&[("tried", "callers.offered")]);
        facts.extend(reached);
        facts.extend(self.facts(&[
            ("gave up", "callers.gave_up"),
            ("attempts a caller", "callers.attempts.mean"),
        ]));
        facts
    }

    /// Outcomes that occurred, the most frequent first.
    fn calls(&self) -> Vec<Fact> {
        let mut facts = self.facts(&[("offered", "calls.offered")]);
        if self.positive("calls.redials") {
            for (label, name) in [("fresh", "calls.fresh"), ("redials", "calls.redials")] {
                let part = self
                    .fact(label, name, None)
                    .map(|it| Fact { part: true, ..it });
                facts.extend(part);
            }
        }
        let mut outcomes: Vec<(f64, Outcome)> = Outcome::ALL
            .iter()
            .filter_map(|it| Some((self.get(&format!("calls.{}", it.name()))?.value, *it)))
            .filter(|(value, _)| *value > 0.0)
            .collect();
        outcomes.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, outcome) in outcomes {
            let name = format!("calls.{}", outcome.name());
            facts.extend(self.fact(outcome.name(), &name, Some(&format!("{name}.share"))));
            for cause in outcome.causes() {
                let name = format!("{name}.{}", cause.name());
                if self.positive(&name) {
                    let part = self.fact(cause.name(), &name, None);
                    facts.extend(part.map(|it| Fact { part: true, ..it }));
                }
            }
        }
        facts
    }

    fn answers(&self) -> Vec<Fact> {
        let names: Vec<&str> = self
            .0
            .summary
            .metrics
            .iter()
            .map(|it| it.0.as_str())
            .collect();
        let mut facts: Vec<Fact> = Vec::new();
        for name in names {
            let Some(level) = name.strip_prefix("service_level.") else {
                continue;
            };
            let within = level.rsplit_once('.').map_or(level, |parts| parts.0);
            let label = format!("answered within {within}");
            let Some(mut fact) = self.fact(&label, name, None) else {
                continue;
            };
            // The same calls, as shares of other calls: said once, then only of what.
            if facts.iter().any(|before| before.label == label) {
                fact.part = true;
                "the same calls".clone_into(&mut fact.label);
            }
            facts.push(fact);
        }
        facts.extend(self.distribution("answer.delay_s."));
        facts
    }

    fn distribution(&self, prefix: &str) -> Vec<Fact> {
        let names = self.0.summary.metrics.iter().map(|it| it.0.as_str());
        names
            .filter_map(|name| self.fact(name.strip_prefix(prefix)?, name, None))
            .collect()
    }

    fn hold(&self) -> Vec<Fact> {
        if !self.positive("hold.waited.share") && !self.positive("hold.queue.mean") {
            return Vec::new();
        }
        let mut facts = self.facts(&[("had to wait", "hold.waited.share")]);
        let waits = self.distribution("hold.wait_s.").into_iter();
        facts.extend(waits.map(|it| Fact {
            label: format!("wait, {}", it.label),
            ..it
        }));
        facts.extend(self.facts(&[
            ("wait of the served, mean", "hold.wait_served_s.mean"),
            ("wait of those who left, mean", "hold.wait_abandoned_s.mean"),
            ("waiting at one time, mean", "hold.queue.mean"),
        ]));
        facts
    }

    fn limits(&self) -> Vec<Fact> {
        if !self.positive("limit.violations") && !self.positive("limit.block.chance") {
            return Vec::new();
        }
        let mut facts = self.facts(&[
            ("violations of rate limits", "limit.violations"),
            ("first violation after", "limit.first_violation_s"),
            ("accounts blocked", "limit.accounts_blocked"),
            ("first block after", "limit.first_block_s"),
        ]);
        if self.0.replications() > 1 {
            facts.extend(self.facts(&[("a block happened in", "limit.block.chance")]));
        }
        facts
    }

    fn staff(&self) -> Vec<Fact> {
        if !self.positive("staff.busy.mean") {
            return Vec::new();
        }
        self.facts(&[
            ("busy", "staff.occupancy"),
            ("busy at one time, mean", "staff.busy.mean"),
        ])
    }

    fn load(&self) -> Vec<Fact> {
        self.facts(&[
            ("calls at one time, mean", "concurrent.calls.mean"),
            ("calls at one time, most", "concurrent.calls.max"),
            ("legs at one time, mean", "concurrent.legs.mean"),
            ("legs at one time, most", "concurrent.legs.max"),
        ])
    }

    /// The five sub-accounts that answered the smallest share of their calls, where there are
    /// several.
    fn accounts(&self) -> Vec<Fact> {
        let names = self.0.sub_accounts.iter().zip(&self.0.summary.accounts);
        let mut called: Vec<_> = names.filter(|(_, sums)| sums.offered() > 0).collect();
        if self.0.sub_accounts.len() < 2 {
            return Vec::new();
        }
        // Shares a/b < c/d compared as whole numbers: a·d < c·b; then more calls first.
        called.sort_by(|(_, a), (_, b)| {
            let answered = |it: &measure::summary::AccountSums| {
                u128::from(it.outcomes[Outcome::Answered as usize])
            };
            let (left, right) = (u128::from(a.offered()), u128::from(b.offered()));
            let order = (answered(a) * right).cmp(&(answered(b) * left));
            order.then(right.cmp(&left))
        });
        let runs = self.0.replications().max(1) as f64;
        let places = usize::from(runs > 1.0);
        let fact = |(name, sums): (&String, &measure::summary::AccountSums)| {
            let answered = sums.outcomes[Outcome::Answered as usize] as f64;
            let share = numbers::percent(answered / sums.offered() as f64);
            let calls = numbers::fixed(sums.offered() as f64 / runs, places);
            let violations = sums.violations as f64 / runs;
            let beside = match (sums.blocked_in, violations > 0.0) {
                (0, false) => String::new(),
                (0, true) => format!("{} violations", numbers::fixed(violations, places)),
                (_, _) if runs <= 1.0 => format!("{violations:.0} violations, blocked"),
                (_, _) => {
                    let blocked = numbers::percent(sums.blocked_in as f64 / runs);
                    format!("{violations:.1} violations, blocked in {blocked} of replications")
                }
            };
            let value = format!("{share} of {calls} calls answered");
            Fact {
                label: name.clone(),
                value,
                beside,
                part: false,
            }
        };
        called.into_iter().take(5).map(fact).collect()
    }

    fn measured(&self) -> Vec<Fact> {
        let measured = self.0.summary.measured.iter();
        measured
            .filter(|(name, _)| !name.starts_with("backend."))
            .filter_map(|(name, _)| self.fact(name, name, None))
            .collect()
    }
}
