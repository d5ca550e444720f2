//! A page for a pull request: the verdict first, then what did not pass, then the rest to unfold.

use std::fmt::Write as _;

use measure::Verdict;

use crate::crosstab::Crosstab;
use crate::document::Document;
use crate::text::printable;
use crate::{Report, decided, facts, numbers, precision};

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Markdown;

impl Report for Markdown {
    fn render(&self, document: &Document) -> Vec<u8> {
        markdown(document).into_bytes()
    }
}

/// The page as text.
pub fn markdown(document: &Document) -> String {
    let mut page = String::new();
    let manifest = &document.manifest;
    let verdict = document.verdict;
    // The mark lets a bot find its own comment again and replace it.
    line(&mut page, "<!-- busyhour summary -->");
    let title = format!("{} {}", facts::sign(verdict), verdict.name().to_uppercase());
    line(
        &mut page,
        &format!("# {title}: {}", escaped(&manifest.name)),
    );
    line(&mut page, "");
    let stopped = if document.interrupted {
        ", **interrupted before its end**"
    } else {
        ""
    };
    let runs = match document.replications() {
        1 => "1 replication".to_owned(),
        n => format!("mean of {n} replications ± half of the 95 % interval"),
    };
    let (clock, backend) = (escaped(&manifest.clock), escaped(&manifest.backend));
    let seed = manifest.seed;
    line(
        &mut page,
        &format!("Seed {seed}, {clock} clock, {backend} back end, {runs}{stopped}."),
    );
    for sentence in precision::sentences(document) {
        line(&mut page, "");
        line(&mut page, &format!("{}.", escaped(&sentence)));
    }
    for warning in &document.warnings {
        line(&mut page, "");
        // Its sentence; the source line and the caret below it are for a terminal.
        let sentence = warning.lines().next().unwrap_or_default();
        line(&mut page, &format!("> **Warning:** {}", escaped(sentence)));
    }
    gates(&mut page, document);
    decided(&mut page, document);
    for section in facts::sections(document) {
        table(&mut page, &format!("## {}", section.title), &["", "", ""]);
        for fact in &section.facts {
            let part = if fact.part { "— " } else { "" };
            let label = format!("{part}{}", escaped(&fact.label));
            row(
                &mut page,
                &[&label, &escaped(&fact.value), &escaped(&fact.beside)],
            );
        }
    }
    for it in &document.tables {
        crosstab(&mut page, document, it);
    }
    all_metrics(&mut page, document);
    page
}

fn decided(page: &mut String, document: &Document) {
    let sentences = decided::sentences(document);
    if sentences.is_empty() {
        return;
    }
    line(page, "");
    line(page, "## What decided it");
    line(page, "");
    for sentence in sentences {
        line(page, &format!("- {}", escaped(&sentence)));
    }
}

fn crosstab(page: &mut String, document: &Document, it: &Crosstab) {
    line(page, "");
    line(page, &format!("## {}", escaped(&it.title)));
    for (title, rows) in it.parts(&document.local_time) {
        let columns: Vec<String> = it.columns.iter().map(|name| escaped(name)).collect();
        let head = std::iter::once(title.as_str());
        let head: Vec<&str> = head.chain(columns.iter().map(String::as_str)).collect();
        table(page, "", &head);
        for cells in rows {
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            row(page, &cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

fn gates(page: &mut String, document: &Document) {
    let gates = facts::gates(document);
    if gates.is_empty() {
        return;
    }
    let passed = gates
        .iter()
        .filter(|gate| gate.verdict == Verdict::Pass)
        .count();
    let title = format!("## Gates: {passed} of {} passed", gates.len());
    table(page, &title, &["", "asked", "found"]);
    for gate in gates {
        let verdict = format!("{} {}", facts::sign(gate.verdict), gate.verdict.name());
        let asked = escaped(&facts::asked(gate));
        row(
            page,
            &[&verdict, &asked, &escaped(&facts::found(gate, document))],
        );
    }
}

fn all_metrics(page: &mut String, document: &Document) {
    line(page, "");
    line(page, "<details><summary>All metrics</summary>");
    table(page, "", &["metric", "value"]);
    for (name, metric) in &document.summary.metrics {
        row(
            page,
            &[&format!("`{name}`"), &escaped(&numbers::metric(metric))],
        );
    }
    for (name, metric) in document
        .summary
        .measured
        .iter()
        .filter(|(name, _)| name.starts_with("backend."))
    {
        row(
            page,
            &[&format!("`{name}`"), &escaped(&numbers::metric(metric))],
        );
    }
    for absent in &document.summary.absent {
        row(
            page,
            &[
                &format!("`{}`", absent.name),
                &format!("– {}", escaped(&absent.reason)),
            ],
        );
    }
    line(page, "");
    line(page, "</details>");
    line(page, "");
    line(
        page,
        &format!(
            "Outcomes fingerprint `{}`.",
            document.summary.fingerprints.outcomes
        ),
    );
}

fn table(page: &mut String, title: &str, columns: &[&str]) {
    line(page, "");
    if !title.is_empty() {
        line(page, title);
        line(page, "");
    }
    row(page, columns);
    row(page, &vec!["---"; columns.len()]);
}

fn row(page: &mut String, cells: &[&str]) {
    line(page, &format!("| {} |", cells.join(" | ")));
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{text}");
}

/// As plain words in a table: nothing in it is markup, a link or a new cell.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '`' | '*' | '[' | ']' | '\\' | '#' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            // Somebody may be called by an at sign, and is not to be told so.
            '@' => safe.push_str("&#64;"),
            _ => safe.push(letter),
        }
    }
    safe
}
