//! A page for the terminal.

use std::fmt::Write as _;

use measure::Verdict;

use crate::document::Document;
use crate::{Report, decided, facts, precision};

/// The page, with colour or without.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Whether to colour it (ANSI escapes).
    pub colour: bool,
}

impl Report for Text {
    fn render(&self, document: &Document) -> Vec<u8> {
        summary_text(document, self.colour).into_bytes()
    }
}

/// The page as text: verdict, warnings and gates first, then callers, calls and the rest.
pub fn summary_text(document: &Document, colour: bool) -> String {
    let mut page = String::new();
    let paint = Paint(colour);
    head(&mut page, document, paint);
    for warning in &document.warnings {
        // A warning may show its place: the source line, and a caret below it.
        for (at, part) in warning.lines().enumerate() {
            let sign = if at == 0 {
                paint.yellow("!")
            } else {
                " ".to_owned()
            };
            line(&mut page, &format!("{sign} {}", printable(part)));
        }
    }
    gates(&mut page, document, paint);
    decided(&mut page, document, paint);
    let sections = facts::sections(document);
    let lines = sections.iter().flat_map(|section| &section.facts);
    let label = lines
        .clone()
        .map(|fact| width(&fact.label) + 2 * usize::from(fact.part));
    let label = label.max().unwrap_or(0).min(40);
    let value = lines
        .filter(|fact| !fact.beside.is_empty())
        .map(|fact| width(&fact.value));
    let value = value.max().unwrap_or(0);
    for section in &sections {
        line(&mut page, "");
        line(&mut page, &paint.bold(section.title));
        for fact in &section.facts {
            let indent = if fact.part { "  " } else { "" };
            let name = pad(&format!("{indent}{}", printable(&fact.label)), label);
            let beside = if fact.beside.is_empty() { "" } else { "  " };
            let number = if fact.beside.is_empty() { 0 } else { value };
            let number = pad(&fact.value, number);
            line(
                &mut page,
                &format!("  {name}  {number}{beside}{}", fact.beside),
            );
        }
    }
    for table in &document.tables {
        line(&mut page, "");
        let text = table.text(&document.local_time);
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        line(&mut page, &paint.bold(title));
        line(&mut page, rest.trim_end());
    }
    foot(&mut page, document, paint);
    page
}

fn decided(page: &mut String, document: &Document, paint: Paint) {
    let sentences = decided::sentences(document);
    if sentences.is_empty() {
        return;
    }
    line(page, "");
    line(page, &paint.bold("What decided it"));
    for sentence in sentences {
        line(page, &format!("  {}", printable(&sentence)));
    }
}

fn head(page: &mut String, document: &Document, paint: Paint) {
    let manifest = &document.manifest;
    let verdict = paint.verdict(document.verdict, &document.verdict.name().to_uppercase());
    let name = paint.bold(&printable(&manifest.name));
    let stopped = if document.interrupted {
        ", interrupted before its end"
    } else {
        ""
    };
    line(page, &format!("{name}: {verdict}{stopped}"));
    let runs = match document.replications() {
        1 => "1 replication".to_owned(),
        n => format!("mean of {n} replications ± half of the 95 % interval"),
    };
    let (clock, backend) = (printable(&manifest.clock), printable(&manifest.backend));
    line(
        page,
        &format!(
            "seed {}, {clock} clock, {backend} back end, {runs}",
            manifest.seed
        ),
    );
    for sentence in precision::sentences(document) {
        line(page, &sentence);
    }
}

fn gates(page: &mut String, document: &Document, paint: Paint) {
    let gates = facts::gates(document);
    if gates.is_empty() {
        return;
    }
    line(page, "");
    line(page, &paint.bold("Gates"));
    for gate in gates {
        let sign = paint.verdict(gate.verdict, facts::sign(gate.verdict));
        let verdict = gate.verdict.name();
        let (asked, found) = (facts::asked(gate), facts::found(gate, document));
        line(
            page,
            &format!("  {sign} {verdict}: {}: {found}", printable(&asked)),
        );
    }
}

fn foot(page: &mut String, document: &Document, paint: Paint) {
    let short = |it: &&measure::summary::Absent| it.reason.contains("samples");
    let short: Vec<&str> = document
        .summary
        .absent
        .iter()
        .filter(short)
        .map(|it| it.name.as_str())
        .collect();
    line(page, "");
    if !short.is_empty() {
        line(page, &format!("Too few calls for {}.", short.join(", ")));
    }
    let print = document.summary.fingerprints.outcomes;
    line(page, &paint.dim(&format!("outcomes fingerprint {print}")));
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}", text.trim_end());
}

/// Without characters that would steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

#[derive(Debug, Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    fn verdict(self, verdict: Verdict, text: &str) -> String {
        let code = match verdict {
            Verdict::Pass => "32",
            Verdict::Inconclusive => "33",
            Verdict::Fail => "31",
            Verdict::NotMeasured | Verdict::Invalid => "35",
        };
        self.with(code, text)
    }
}
