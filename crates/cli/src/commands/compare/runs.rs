//! Two runs that are over: what their summaries tell.

use std::path::Path;

use capacity::compare::{HEADLINE, Standing, Verdict};
use measure::difference::{Difference, Shown, unpaired};
use measure::names;
use report::compare::{Comparison, Gate, Side};
use report::stored::{self, Stored};

use super::scenarios::differs;
use super::{How, folder, show};
use crate::args::{Cli, Compare};
use crate::exit::{Exit, Stop};

/// Parameters that must be equal, or the numbers are about other things: the window that is
/// counted.
const WINDOW: [&str; 5] = [
    "start",
    "time_zone",
    "duration",
    "warm_up",
    "warm_up.found_s",
];

pub(super) fn run(cli: &Cli, args: &Compare, candidate: &str) -> Result<Exit, Stop> {
    let settings = [&args.policy, &args.a, &args.b, &args.set, &args.gates];
    if settings.iter().any(|it| !it.is_empty()) || args.seed.is_some() {
        return Err(Stop::input(
            "both are runs that are over, and nothing can be set any more: compare their \
             scenarios instead",
        ));
    }
    let (a, b) = (read(&args.base)?, read(candidate)?);
    let how = How::from(args);
    let folder = folder(&how)?;
    let comparison = comparison([&args.base, candidate], &a, &b);
    show(cli, &how, &comparison, folder.as_ref())?;
    Ok(match comparison.verdict {
        "regression" => Exit::GateFailed,
        "not-measured" | "not-comparable" => Exit::Invalid,
        "inconclusive" if args.strict => Exit::Inconclusive,
        _ => Exit::Pass,
    })
}

fn read(named: &str) -> Result<Stored, Stop> {
    let path = Path::new(named);
    let path = if path.is_dir() {
        path.join("run.json")
    } else {
        path.to_owned()
    };
    let shown = path.display();
    let bytes = std::fs::read(&path).map_err(|why| Stop::input(format!("{shown}: {why}")))?;
    stored::read(&bytes).map_err(|why| Stop::input(format!("{shown}: {why}")))
}

fn comparison(labels: [&str; 2], a: &Stored, b: &Stored) -> Comparison {
    let not_comparable = not_comparable(a, b);
    let gates = gates(a, b);
    let differences = if not_comparable.is_empty() {
        differences(a, b)
    } else {
        Vec::new()
    };
    let verdict = if not_comparable.is_empty() {
        verdict(&gates, &differences).name()
    } else {
        "not-comparable"
    };
    let side = |label: &str, run: &Stored| Side {
        label: label.to_owned(),
        inputs: run.fingerprints[0],
        arrivals: run.fingerprints[1],
        outcomes: run.fingerprints[2],
        replications: run.metrics.iter().map(|it| it.1.n).max().unwrap_or(0),
    };
    let mut differs = differs(&a.manifest, &b.manifest);
    // The same number has another pseudonym in each run.
    differs.retain(|it| it.values[0].as_deref().map(masked) != it.values[1].as_deref().map(masked));
    Comparison {
        name: a.manifest.name.clone(),
        sides: [side(labels[0], a), side(labels[1], b)],
        differs,
        differences,
        gates: gates.into_iter().map(|it| it.0).collect(),
        calls: None,
        same_calls: a.fingerprints[1].is_some() && a.fingerprints[1] == b.fingerprints[1],
        warnings: warnings(a, b),
        not_comparable,
        interrupted: a.interrupted || b.interrupted,
        verdict,
    }
}

/// A text without the digits of numbers.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut within = false;
    for letter in text.chars() {
        within = letter == '+' || (within && letter.is_ascii_digit());
        if letter == '+' || !within {
            masked.push(letter);
        }
    }
    masked
}

fn not_comparable(a: &Stored, b: &Stored) -> Vec<String> {
    let mut reasons = Vec::new();
    for (what, one, other) in [
        ("clock", &a.manifest.clock, &b.manifest.clock),
        ("back end", &a.manifest.backend, &b.manifest.backend),
    ] {
        if one != other {
            reasons.push(format!("the {what} of A is {one}, that of B {other}"));
        }
    }
    for it in differs(&a.manifest, &b.manifest) {
        if WINDOW.contains(&it.key.as_str()) {
            let value = |side: usize| it.values[side].as_deref().unwrap_or("not there");
            let (one, other) = (value(0), value(1));
            reasons.push(format!("`{}` is {one} in A and {other} in B", it.key));
        }
    }
    reasons
}

fn warnings(a: &Stored, b: &Stored) -> Vec<String> {
    let mut warnings = Vec::new();
    let versions = [&a.manifest.busyhour, &b.manifest.busyhour];
    if versions[0] != versions[1] {
        warnings.push(format!(
            "A was run by busyhour {}, B by {}",
            versions[0], versions[1]
        ));
    }
    let [inputs, _, outcomes] = [0, 1, 2].map(|at| a.fingerprints[at] == b.fingerprints[at]);
    if inputs && !outcomes {
        warnings.push("the same inputs gave other outcomes".to_owned());
    }
    warnings
}

/// Two summaries do not tell which replication met which calls: even on the same calls they are
/// compared as independent runs, which gives wider intervals than there might be.
fn differences(a: &Stored, b: &Stored) -> Vec<Difference> {
    let of = |run: &Stored, name: &str| {
        let found = run.metrics.iter().find(|(it, _)| it == name);
        found.map(|(_, metric)| *metric)
    };
    let own = a.metrics.iter().map(|(name, _)| name);
    let others = b.metrics.iter().map(|(name, _)| name);
    let others = others.filter(|name| of(a, name).is_none());
    own.chain(others)
        .filter_map(|name| {
            let known = names::check(name).ok()?;
            Some(unpaired(&known, of(a, name).as_ref(), of(b, name).as_ref()))
        })
        .collect()
}

/// The gates that both runs had.
fn gates(a: &Stored, b: &Stored) -> Vec<(Gate, Verdict)> {
    let both = a.gates.iter().filter_map(|(asked, of_a)| {
        let (_, of_b) = b.gates.iter().find(|(it, _)| it == asked)?;
        let (of_a, of_b) = (*of_a, *of_b);
        let verdict = Standing { a: of_a, b: of_b }.verdict();
        let gate = Gate {
            asked: asked.clone(),
            held: [of_a, of_b],
            found: [of_a.name().to_owned(), of_b.name().to_owned()],
            verdict: verdict.name(),
        };
        Some((gate, verdict))
    });
    both.collect()
}

fn verdict(gates: &[(Gate, Verdict)], differences: &[Difference]) -> Verdict {
    let worst = gates.iter().map(|it| it.1).max();
    worst.unwrap_or_else(|| {
        let headline = differences.iter().find(|it| it.name == HEADLINE);
        match headline.and_then(|it| it.shown) {
            Some(Shown::Worse) => Verdict::Regression,
            Some(Shown::Inconclusive) => Verdict::Inconclusive,
            _ => Verdict::Pass,
        }
    })
}
