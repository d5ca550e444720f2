//! A comparison for people: on the terminal, and as Markdown.

use std::fmt::Write as _;

use measure::difference::Difference;

use super::{Calls, Comparison};
use crate::facts::sign;
use crate::markdown::escaped;
use crate::numbers;
use crate::text::printable;

/// The page for the terminal.
pub fn text(it: &Comparison) -> String {
    let mut page = head(it);
    for warning in &it.warnings {
        line(&mut page, &format!("! {warning}"));
    }
    if !it.not_comparable.is_empty() {
        return page;
    }
    line(&mut page, "");
    columns(&mut page, &rows(it));
    gates(&mut page, it);
    if let Some(calls) = &it.calls {
        changes(&mut page, calls);
        examples(&mut page, calls);
    }
    page
}

/// The page for a pull request.
pub fn markdown(it: &Comparison) -> String {
    let mut page = "<!-- busyhour compare -->\n".to_owned();
    let mut lines = head(it);
    for warning in &it.warnings {
        line(&mut lines, &format!("Warning: {warning}"));
    }
    for (at, text) in lines.lines().enumerate() {
        let mark = if at == 0 { "# " } else { "" };
        line(&mut page, &format!("{mark}{}", escaped(text)));
        line(&mut page, "");
    }
    if !it.not_comparable.is_empty() {
        return page;
    }
    let rows = rows(it);
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        line(&mut page, &format!("| {} |", cells.join(" | ")));
        if at == 0 {
            line(&mut page, &format!("|{}", "---|".repeat(row.len())));
        }
    }
    let mut rest = String::new();
    gates(&mut rest, it);
    if let Some(calls) = &it.calls {
        changes(&mut rest, calls);
        examples(&mut rest, calls);
    }
    if !rest.is_empty() {
        let summary = "<details><summary>Gates and calls</summary>";
        let _ = writeln!(
            page,
            "\n{summary}\n\n<pre>{}</pre>\n</details>",
            plain(&rest)
        );
    }
    page
}

fn head(it: &Comparison) -> String {
    let mut page = String::new();
    let [a, b] = &it.sides;
    line(
        &mut page,
        &format!("{}: {}", it.name, it.verdict.to_uppercase()),
    );
    line(&mut page, &format!("A: {}", a.label));
    line(&mut page, &format!("B: {}", b.label));
    for reason in &it.not_comparable {
        line(&mut page, &format!("not comparable: {reason}"));
    }
    for differs in &it.differs {
        let value = |side: usize| differs.values[side].as_deref().unwrap_or("-");
        let text = format!("differs: {}: {} | {}", differs.key, value(0), value(1));
        line(&mut page, &text);
    }
    if !it.not_comparable.is_empty() {
        return page;
    }
    let calls = match (it.same_calls, a.arrivals) {
        (true, Some(print)) => format!("the same calls on both sides (arrivals {print})"),
        (true, None) => "the same calls on both sides".to_owned(),
        (false, _) => "other calls on each side: compared as independent runs".to_owned(),
    };
    let replications = if a.replications == b.replications {
        format!("{} replications", a.replications)
    } else {
        format!("{} and {} replications", a.replications, b.replications)
    };
    let stopped = if it.interrupted {
        ", interrupted before its end"
    } else {
        ""
    };
    line(&mut page, &format!("{replications}, {calls}{stopped}"));
    page
}

fn rows(it: &Comparison) -> Vec<Vec<String>> {
    let heads = ["", "A", "B", "B - A, 95 %", ""].map(str::to_owned);
    let mut rows = vec![heads.to_vec()];
    rows.extend(it.main().into_iter().map(row));
    rows
}

fn row(it: &Difference) -> Vec<String> {
    let side = |metric: &Option<measure::Metric>| {
        let metric = metric.as_ref();
        metric.map_or_else(|| "-".to_owned(), numbers::value)
    };
    let by = match (it.by, it.a.as_ref()) {
        (Some(by), Some(metric)) => numbers::difference(by, it.ci95, metric),
        _ => "-".to_owned(),
    };
    let shown = it.shown.map_or("", measure::difference::Shown::name);
    vec![
        it.name.clone(),
        side(&it.a),
        side(&it.b),
        by,
        shown.to_owned(),
    ]
}

fn gates(page: &mut String, it: &Comparison) {
    if it.gates.is_empty() {
        return;
    }
    line(page, "");
    line(page, "Gates");
    for gate in &it.gates {
        let [a, b] = gate.held.map(sign);
        let [of_a, of_b] = &gate.found;
        line(page, &format!("  {}: {}", gate.verdict, gate.asked));
        line(page, &format!("    A {a} {of_a}"));
        line(page, &format!("    B {b} {of_b}"));
    }
}

fn changes(page: &mut String, calls: &Calls) {
    line(page, "");
    line(page, "Fresh calls by how their first attempt ended, A to B");
    let share = calls.unchanged as f64 / (calls.all.max(1)) as f64;
    let heads = ["", "calls", "a replication"].map(str::to_owned);
    let mut rows = vec![heads.to_vec()];
    rows.push(vec![
        format!("unchanged ({})", numbers::percent(share)),
        numbers::fixed(calls.unchanged as f64, 0),
        numbers::metric(&calls.unchanged_mean),
    ]);
    for (change, _) in &calls.changes {
        rows.push(vec![
            kind(change.kind),
            numbers::fixed(change.calls as f64, 0),
            numbers::metric(&change.mean),
        ]);
    }
    columns(page, &rows);
}

fn kind((from, to): measure::moves::Move) -> String {
    if from == to {
        format!("{}, otherwise than before", from.name())
    } else {
        format!("{} to {}", from.name(), to.name())
    }
}

/// The first calls of each kind: both lives, then both traces, once where they are the same.
fn examples(page: &mut String, calls: &Calls) {
    for (change, first) in calls.changes.iter().filter(|it| !it.1.is_empty()) {
        let text = format!(
            "{}: the first {} of {}",
            kind(change.kind),
            first.len(),
            numbers::fixed(change.calls as f64, 0)
        );
        line(page, "");
        line(page, &text);
        for call in first {
            let from = call.from.as_deref().unwrap_or("a withheld number");
            let head = format!(
                "  {} of replication {}: {from} calls {} at {}",
                call.id, call.replication, call.to, call.at
            );
            line(page, &head);
            let [a, b] = &call.lived;
            line(page, &format!("    A {}", a.told));
            line(page, &format!("    B {}", b.told));
            if a.why == b.why {
                line(page, "    A and B decide alike:");
                indented(page, &a.why);
            } else {
                line(page, "    A decides:");
                indented(page, &a.why);
                line(page, "    B decides:");
                indented(page, &b.why);
            }
        }
    }
}

fn indented(page: &mut String, text: &str) {
    // The first line says who calls whom, as the line above does.
    let body = text.split_once("\n\n").map_or(text, |(_, rest)| rest);
    for text in body.lines().filter(|it| !it.is_empty()) {
        line(page, &format!("      {text}"));
    }
}

fn columns(page: &mut String, rows: &[Vec<String>]) {
    let count = rows.first().map_or(0, Vec::len);
    let long = |at: usize| rows.iter().map(|row| row[at].chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|at| long(at).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| {
                let gap = " ".repeat(width - cell.chars().count());
                format!("{cell}{gap}")
            })
            .collect();
        line(page, &format!("  {}", cells.join("  ")));
    }
}

/// As it stands, within HTML.
fn plain(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}", printable(text).trim_end());
}
