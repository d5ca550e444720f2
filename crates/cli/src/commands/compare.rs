//! `busyhour compare`: two policies or settings on the same calls, or two runs that are over.

mod runs;
pub(super) mod scenarios;

use std::path::Path;

use report::compare::{self, Comparison};

use crate::args::{Cli, Compare, Format};
use crate::exit::{Exit, Stop};
use crate::folder::Folder;
use crate::output::{print, tell};

pub(crate) fn run(cli: &Cli, args: &Compare) -> Result<Exit, Stop> {
    for (flag, given) in [
        ("--baseline", args.baseline.is_some()),
        ("--paired", args.paired),
        ("--backend", !args.backend.is_empty()),
    ] {
        if given {
            return Err(Stop::input(format!(
                "{flag} comes later: this version compares scenarios, settings and run folders"
            )));
        }
    }
    match (is_run(&args.base), args.candidate.as_deref()) {
        (true, None) => Err(Stop::input(
            "one run folder, expected a second one to compare it with",
        )),
        (true, Some(candidate)) if is_run(candidate) => runs::run(cli, args, candidate),
        (false, Some(candidate)) if is_run(candidate) => Err(mixed(candidate, &args.base)),
        (true, Some(candidate)) => Err(mixed(&args.base, candidate)),
        (false, _) => scenarios::run(cli, args),
    }
}

/// Whether the user means a run that is over: its folder, or its `run.json`.
fn is_run(named: &str) -> bool {
    let path = Path::new(named);
    let is_file = path.file_name().is_some_and(|name| name == "run.json");
    is_file || (path.is_dir() && path.join("run.json").is_file())
}

fn mixed(run: &str, scenario: &str) -> Stop {
    Stop::input(format!(
        "{run} is a run and {scenario} is a scenario, expected two of a kind\n  help: run the \
         scenario first, or compare with the scenario of the run"
    ))
}

/// How two sides are compared, and how that is told.
pub(super) struct How<'a> {
    /// What both sides were read from, where these are two files.
    pub files: Option<[&'a str; 2]>,
    /// None: one a core.
    pub threads: Option<u16>,
    /// Of each kind of change, how many calls are shown.
    pub show: u16,
    pub out: Option<&'a Path>,
    pub force: bool,
    pub strict: bool,
    pub format: Format,
}

impl<'a> From<&'a Compare> for How<'a> {
    fn from(args: &'a Compare) -> Self {
        let candidate = args.candidate.as_deref();
        Self {
            files: candidate.map(|it| [args.base.as_str(), it]),
            threads: args.threads,
            show: args.show,
            out: args.out.as_deref(),
            force: args.force,
            strict: args.strict,
            format: args.format,
        }
    }
}

/// The folder is made before the run, so that a wrong `--out` is told at once.
fn folder(how: &How<'_>) -> Result<Option<Folder>, Stop> {
    how.out
        .map(|path| Folder::named(path, how.force))
        .transpose()
}

/// Prints and writes a comparison.
fn show(
    cli: &Cli,
    how: &How<'_>,
    comparison: &Comparison,
    folder: Option<&Folder>,
) -> Result<(), Stop> {
    if let Some(folder) = folder {
        folder.write("compare.json", &compare::json(comparison))?;
        folder.write("compare.md", compare::markdown(comparison).as_bytes())?;
    }
    match how.format {
        Format::Json => print(&compare::json(comparison))?,
        Format::Text => print(compare::text(comparison).as_bytes())?,
        Format::Github => {
            print(annotations(comparison).as_bytes())?;
            print(compare::text(comparison).as_bytes())?;
        }
    }
    if let Some(folder) = folder.filter(|_| !cli.quiet) {
        tell(&format!("folder: {}", folder.path().display()));
    }
    Ok(())
}

/// What B loses, as annotations.
fn annotations(comparison: &Comparison) -> String {
    let mut lines = Vec::new();
    for gate in comparison.gates.iter().filter(|it| it.verdict != "pass") {
        let level = if gate.verdict == "inconclusive" {
            "warning"
        } else {
            "error"
        };
        let [a, b] = &gate.found;
        lines.push((
            level,
            format!("{}: {} (A {a}, B {b})", gate.asked, gate.verdict),
        ));
    }
    for reason in &comparison.not_comparable {
        lines.push(("error", format!("not comparable: {reason}")));
    }
    if lines.is_empty() && comparison.verdict != "pass" {
        let level = if comparison.verdict == "inconclusive" {
            "warning"
        } else {
            "error"
        };
        let headline = capacity::compare::HEADLINE;
        lines.push((level, format!("{headline}: {}", comparison.verdict)));
    }
    let line = |(level, text): (&str, String)| {
        format!(
            "::{level} title=compare::{}\n",
            super::check::escaped(&text)
        )
    };
    lines.into_iter().map(line).collect()
}
