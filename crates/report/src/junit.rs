//! The gates as a JUnit test suite, which every CI server can show.
//!
//! A failed gate is a failure, one without a value an error, an inconclusive one skipped. Times
//! are left out: the file is a function of the inputs.

use std::fmt::Write as _;

use measure::{GateResult, Verdict};

use crate::document::Document;
use crate::{Report, facts};

/// The suite.
#[derive(Debug, Clone, Copy)]
pub struct Junit;

impl Report for Junit {
    fn render(&self, document: &Document) -> Vec<u8> {
        junit(document).into_bytes()
    }
}

/// The suite as XML.
pub fn junit(document: &Document) -> String {
    let count = |verdict| {
        document
            .gates
            .iter()
            .filter(|gate| gate.verdict == verdict)
            .count()
    };
    let name = escaped(&document.manifest.name);
    let tests = document.gates.len();
    let failures = count(Verdict::Fail);
    let errors = count(Verdict::NotMeasured);
    let skipped = count(Verdict::Inconclusive);
    let totals = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    let mut suite = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(suite, "<testsuites name=\"busyhour\" {totals}>");
    let _ = writeln!(
        suite,
        "  <testsuite name=\"{name}\" {totals} skipped=\"{skipped}\">"
    );
    for gate in &document.gates {
        let _ = writeln!(suite, "{}", case(gate, document, &name));
    }
    suite.push_str("  </testsuite>\n</testsuites>\n");
    suite
}

fn case(gate: &GateResult, document: &Document, suite: &str) -> String {
    let asked = escaped(&facts::asked(gate));
    let found = escaped(&facts::found(gate, document));
    let inside = match gate.verdict {
        Verdict::Pass => format!("<system-out>{found}</system-out>"),
        Verdict::Inconclusive => format!("<skipped message=\"inconclusive: {found}\"/>"),
        Verdict::Fail => format!("<failure type=\"gate\" message=\"{found}\"/>"),
        Verdict::NotMeasured | Verdict::Invalid => {
            format!("<error type=\"not-measured\" message=\"{found}\"/>")
        }
    };
    format!("    <testcase classname=\"{suite}\" name=\"{asked}\">{inside}</testcase>")
}

/// As text or attribute; characters that XML 1.0 cannot hold become a replacement mark.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ if letter.is_control() => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}
