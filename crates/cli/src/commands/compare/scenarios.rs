//! Two scenarios, or two settings of one, on the same calls.

use std::path::Path;
use std::sync::Arc;

use capacity::compare::{Compared, Standing, Verdict};
use capacity::{Job, WarmUp};
use engine::run::Watch;
use measure::moves::{self, Moves};
use report::compare::{Calls, Comparison, Differs, Gate, Pages, Side};
use report::{LocalTime, Manifest, facts};
use scenario::Scenario;

use super::{How, folder, show};
use crate::args::{Cli, Compare};
use crate::commands::overrides::parsed;
use crate::commands::run::{Ready, read_with, ready, told, too_short, total_s};
use crate::exit::{Exit, Stop};
use crate::files::scenario_path;
use crate::output::tell;
use crate::progress::Progress;
use crate::signals::Signals;

/// A setting of the command line: its flag and its text.
pub(in crate::commands) type Set<'a> = (&'static str, String);

pub(super) fn run(cli: &Cli, args: &Compare) -> Result<Exit, Stop> {
    let sets = sets(args)?;
    let base = scenario_path(&args.base)?;
    let candidate = match &args.candidate {
        Some(named) => scenario_path(named)?,
        None => base.clone(),
    };
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    let a = read(&base, args, &sets[0])?;
    // One number has one pseudonym on both sides.
    let pseudonyms = told::pseudonyms(&a);
    let a = ready(a, pseudonyms.clone())?;
    let b = ready(read(&candidate, args, &sets[1])?, pseudonyms)?;
    between(cli, &How::from(args), &sets, (a, b), &signals)
}

/// Compares two sides that are wired.
pub(in crate::commands) fn between(
    cli: &Cli,
    how: &How<'_>,
    sets: &[Vec<Set<'_>>; 2],
    (a, b): (Ready, Ready),
    signals: &Signals,
) -> Result<Exit, Stop> {
    let mut page = Page::new(how, sets, &a, &b);
    if !cli.quiet {
        page.warnings.iter().for_each(|warning| tell(warning));
    }
    let folder = folder(how)?;
    let (mut a, mut b) = (a, b);
    page.not_comparable = windows(&a.job, &b.job);
    if !page.not_comparable.is_empty() {
        let comparison = page.refused();
        show(cli, how, &comparison, folder.as_ref())?;
        return Ok(Exit::Invalid);
    }
    let compared = simulate(cli, how, (&mut a.job, &mut b.job), signals)?;
    page.warnings
        .extend(too_short(&a.job).or_else(|| too_short(&b.job)));
    let comparison = page.filled(&compared, [&a, &b], how);
    show(cli, how, &comparison, folder.as_ref())?;
    Ok(signals.caught().unwrap_or(match compared.verdict {
        Verdict::Regression => Exit::GateFailed,
        Verdict::NotMeasured => Exit::Invalid,
        Verdict::Inconclusive if how.strict => Exit::Inconclusive,
        Verdict::Pass | Verdict::Inconclusive => Exit::Pass,
    }))
}

/// What is set on each side: on both, then on each alone.
fn sets(args: &Compare) -> Result<[Vec<Set<'_>>; 2], Stop> {
    let policies: [Option<&String>; 2] = match args.policy.as_slice() {
        [] => [None, None],
        [one] => [Some(one), Some(one)],
        [a, b] => [Some(a), Some(b)],
        more => {
            return Err(Stop::input(format!(
                "--policy given {} times, expected one for A and one for B",
                more.len()
            )));
        }
    };
    let nothing = args.policy.len() < 2 && args.a.is_empty() && args.b.is_empty();
    if args.candidate.is_none() && nothing {
        return Err(Stop::input(
            "nothing to compare with: give a second scenario, two --policy, or --a or --b with \
             what one side alone sets",
        ));
    }
    let side = |policy: Option<&String>, flag: &'static str, own: &[String]| {
        let mut sets: Vec<Set<'_>> = args.set.iter().map(|it| ("--set", it.clone())).collect();
        for (flag, key, value) in [
            ("--seed", "seed", &args.seed),
            ("--replications", "replications", &args.replications),
        ] {
            sets.extend(value.as_ref().map(|value| (flag, format!("{key}={value}"))));
        }
        sets.extend(policy.map(|it| ("--policy", format!("policy={it}"))));
        sets.extend(own.iter().map(|it| (flag, it.clone())));
        sets
    };
    Ok([
        side(policies[0], "--a", &args.a),
        side(policies[1], "--b", &args.b),
    ])
}

fn read(path: &Path, args: &Compare, sets: &[Set<'_>]) -> Result<Scenario, Stop> {
    let overrides = sets.iter().map(|(flag, text)| parsed(flag, text));
    let overrides = overrides.collect::<Result<_, _>>()?;
    read_with(path, overrides, args.gates.clone())
}

/// What must be equal for the numbers of two sides to be about the same thing: the window.
fn windows(a: &Job, b: &Job) -> Vec<String> {
    let mut reasons = Vec::new();
    let (of_a, of_b) = (&a.plan, &b.plan);
    if of_a.duration != of_b.duration {
        let (one, other) = (of_a.duration, of_b.duration);
        reasons.push(format!("`duration` is {one} in A and {other} in B"));
    }
    let found = |job: &Job| job.warm_up != WarmUp::Given;
    if found(a) != found(b) || of_a.warm_up != of_b.warm_up {
        let name = |job: &Job| match job.warm_up {
            WarmUp::Given => job.plan.warm_up.to_string(),
            _ => "auto".to_owned(),
        };
        let (one, other) = (name(a), name(b));
        reasons.push(format!("`warm_up` is {one} in A and {other} in B"));
    }
    let begins = |job: &Job| job.plan.calendar.start();
    if begins(a) != begins(b) {
        reasons.push("A and B do not `start` at the same instant".to_owned());
    }
    reasons
}

fn simulate(
    cli: &Cli,
    how: &How<'_>,
    (a, b): (&mut Job, &mut Job),
    signals: &Signals,
) -> Result<Compared, Stop> {
    let threads = how.threads.map_or(0, usize::from);
    let total_s = total_s(a).max(total_s(b));
    let watch = Arc::new(Watch::default());
    let progress = Progress::start(watch, total_s, cli.quiet, signals.clone());
    let watch = progress.watch();
    let done = capacity::warm_up::settle(a, threads, watch)
        .and_then(|()| capacity::warm_up::settle(b, threads, watch))
        .and_then(|()| {
            capacity::compare::same_window(a, b);
            capacity::compare::compare((a, b), threads, usize::from(how.show), watch)
        });
    done.map_err(|why| Stop::bug(why.to_string()))
}

/// What is told of a comparison, from before its run on.
struct Page {
    name: String,
    labels: [String; 2],
    differs: Vec<Differs>,
    warnings: Vec<String>,
    not_comparable: Vec<String>,
}

impl Page {
    fn new(how: &How<'_>, sets: &[Vec<Set<'_>>; 2], a: &Ready, b: &Ready) -> Self {
        let hide = |text: &str| a.told.text(text);
        let label = |side: usize| {
            let own = sets[side].iter().filter(|it| !sets[1 - side].contains(it));
            let own: Vec<String> = own.map(|(_, text)| hide(text)).collect();
            match (how.files, own.is_empty()) {
                (Some(files), true) => hide(files[side]),
                (Some(files), false) => format!("{}, {}", hide(files[side]), own.join(", ")),
                (None, true) => "as it is".to_owned(),
                (None, false) => own.join(", "),
            }
        };
        let mut warnings: Vec<String> = Vec::new();
        for (side, ready) in [("A", a), ("B", b)] {
            let other = if side == "A" { b } else { a };
            for warning in &ready.warnings {
                let text = hide(warning);
                if !other.warnings.contains(warning) {
                    warnings.push(format!("{side}: {text}"));
                } else if side == "A" {
                    warnings.push(text);
                }
            }
        }
        if a.job.replications != b.job.replications {
            warnings.push(format!(
                "{} replications in A and {} in B: the fewer are run on both sides",
                a.job.replications, b.job.replications
            ));
        }
        if a.job.gates != b.job.gates {
            warnings.push("A and B have other gates: those of A hold on both sides".to_owned());
        }
        Self {
            name: a.told.manifest().name.clone(),
            labels: [label(0), label(1)],
            differs: differs(a.told.manifest(), b.told.manifest()),
            warnings,
            not_comparable: Vec::new(),
        }
    }

    /// A comparison that is none.
    fn refused(self) -> Comparison {
        let side = |label: &String| Side {
            label: label.clone(),
            inputs: None,
            arrivals: None,
            outcomes: None,
            replications: 0,
        };
        Comparison {
            sides: [side(&self.labels[0]), side(&self.labels[1])],
            name: self.name,
            differs: self.differs,
            differences: Vec::new(),
            gates: Vec::new(),
            calls: None,
            same_calls: false,
            warnings: self.warnings,
            not_comparable: self.not_comparable,
            interrupted: false,
            verdict: "not-comparable",
        }
    }

    fn filled(self, compared: &Compared, sides: [&Ready; 2], how: &How<'_>) -> Comparison {
        let calendar = sides[0].job.plan.calendar.clone();
        let local_time = LocalTime::new(move |at| calendar.label(at));
        let side = |label: &String, side: &capacity::compare::Side| {
            let prints = side.summary.fingerprints;
            Side {
                label: label.clone(),
                inputs: Some(prints.inputs),
                arrivals: Some(prints.arrivals),
                outcomes: Some(prints.outcomes),
                replications: side.summary.replications.len() as u64,
            }
        };
        let gates = compared.a.gates.iter().zip(&compared.b.gates);
        let replications = compared.a.summary.replications.len();
        let gate = |(a, b): (&measure::GateResult, &measure::GateResult)| {
            let standing = Standing {
                a: a.verdict,
                b: b.verdict,
            };
            Gate {
                asked: facts::asked(a),
                held: [a.verdict, b.verdict],
                found: [a, b].map(|it| facts::found_in(it, replications, &local_time)),
                verdict: standing.verdict().name(),
            }
        };
        let moves = compared.moves.as_deref();
        let mut warnings = self.warnings;
        let sentences = [("A", &compared.a), ("B", &compared.b)];
        warnings.extend(sentences.into_iter().filter_map(|(name, side)| {
            let precision = side.precision.as_ref()?;
            let sentence = || report::precision::of_precision(precision);
            (!precision.reached()).then(|| format!("{name}: {}", sentence()))
        }));
        Comparison {
            name: self.name,
            sides: [
                side(&self.labels[0], &compared.a),
                side(&self.labels[1], &compared.b),
            ],
            differs: self.differs,
            differences: compared.differences.clone(),
            gates: gates.map(gate).collect(),
            calls: moves.map(|moves| calls(moves, sides, &local_time, how)),
            same_calls: moves.is_some(),
            warnings,
            not_comparable: Vec::new(),
            interrupted: compared.stopped,
            verdict: compared.verdict.name(),
        }
    }
}

/// Parameters that have another value in B, in the order of the documents.
pub(super) fn differs(a: &Manifest, b: &Manifest) -> Vec<Differs> {
    let text = |manifest: &Manifest, key: &str| {
        let found = manifest.parameters.iter().find(|(it, _)| it == key);
        found.and_then(|(_, value)| value.as_str().map(str::to_owned))
    };
    let own = a.parameters.iter().map(|(key, _)| key);
    let others = b.parameters.iter().map(|(key, _)| key);
    let others = others.filter(|key| a.parameters.iter().all(|(it, _)| it != *key));
    let differs = own.chain(others).map(|key| Differs {
        key: key.clone(),
        values: [text(a, key), text(b, key)],
    });
    differs.filter(|it| it.values[0] != it.values[1]).collect()
}

fn calls(moves: &[Moves], sides: [&Ready; 2], local_time: &LocalTime, how: &How<'_>) -> Calls {
    let jobs = sides.map(|it| &it.job);
    let pairs = jobs[0].plan.antithetic;
    let pages = Pages {
        pseudonyms: sides[0].told.pseudonyms(),
        local_time,
        accounts: jobs.map(|job| &*job.plan.accounts),
        policies: jobs.map(|job| job.policy_name),
    };
    let told = |moved: &moves::Moved| {
        let decided = jobs.map(|job| capacity::compare::traced(job, &moved.call));
        report::compare::told(moved, &decided, &pages)
    };
    let changes = moves::changes(moves, pairs, usize::from(how.show));
    let changes = changes.into_iter().map(|change| {
        let first = change.first.iter().map(told).collect();
        (change, first)
    });
    Calls {
        all: moves.iter().map(|it| it.calls).sum(),
        unchanged: moves.iter().map(|it| it.unchanged).sum(),
        unchanged_mean: moves::per_replication(moves, pairs, |it| it.unchanged),
        changes: changes.collect(),
    }
}
