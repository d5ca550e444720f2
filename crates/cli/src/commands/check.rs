//! `busyhour check`: every error with its place, and what is odd; nothing is run.

mod planned;
mod unreached;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use capacity::Job;
use model::population::Population;
use report::lint::{self, Row};
use routing::account::Accounts;
use routing::lint::{LintSettings, lint};
use routing::policy;
use scenario::{
    AccountsFile, FileKind, Options, Override, Problem, Problems, Scenario, parse_override,
    read_accounts, read_scenario,
};
use serde_json::{Value, json};

use crate::args::{Check, Cli, Format};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, kind, scenario_path};
use crate::output::print;
use planned::Planned;

/// The most sub-accounts of a population that are looked through for what is odd.
const MOST_LINTED: u32 = 2000;

/// Of one kind of finding so many are printed where there are many.
const MOST_OF_A_KIND: usize = 10;

/// More findings than this are many.
const MANY: usize = 200;

/// What was found in one file.
struct Found {
    file: String,
    kind: &'static str,
    errors: Vec<Problem>,
    more_errors: usize,
    warnings: Vec<Problem>,
    lint: Vec<Row>,
    plan: Option<Planned>,
}

pub(crate) fn run(_cli: &Cli, args: &Check) -> Result<Exit, Stop> {
    let mut overrides = super::overrides::overrides(&args.set, &[])?;
    if let Some(policy) = &args.policy {
        overrides.push(Override::of("--policy", "policy", policy));
    }
    let found: Vec<Found> = args.files.iter().map(|it| check(it, &overrides)).collect();
    let text = match args.format {
        Format::Json => format!("{}\n", json(&found)),
        Format::Text => text(&found),
        Format::Github => format!("{}{}", annotations(&found), text(&found)),
    };
    print(text.as_bytes())?;
    let broken = found.iter().any(|it| !it.errors.is_empty());
    Ok(if broken { Exit::Input } else { Exit::Pass })
}

fn check(named: &str, overrides: &[Override]) -> Found {
    let path = match PathBuf::from(named) {
        path if path.is_file() => Ok(path),
        _ => scenario_path(named),
    };
    let known = |path: PathBuf| match kind(&path) {
        Ok(kind) => Ok((path, kind)),
        Err(why) => Err(Stop::input(format!("{named}: {why}"))),
    };
    match path.and_then(known) {
        Ok((path, FileKind::Scenario)) => check_scenario(named, &path, overrides),
        Ok((path, FileKind::Accounts)) => check_accounts(named, &path, overrides),
        Err(stop) => missing(named, &stop),
    }
}

/// A file that cannot be had; the others are checked all the same.
fn missing(named: &str, stop: &Stop) -> Found {
    let text = stop
        .message
        .strip_prefix(&format!("{named}: "))
        .unwrap_or(&stop.message);
    let (message, help) = text.split_once("\n  help: ").unwrap_or((text, ""));
    let mut found = broken(named, "unknown", &Problems::default());
    let mut problem = whole_file(named, message.to_owned());
    problem.help = (!help.is_empty()).then(|| help.to_owned());
    found.errors.push(problem);
    found
}

fn broken(file: &str, kind: &'static str, problems: &Problems) -> Found {
    let (errors, warnings): (Vec<Problem>, Vec<Problem>) = problems
        .list()
        .iter()
        .cloned()
        .partition(|it| it.level == scenario::Level::Error);
    Found {
        file: file.to_owned(),
        kind,
        more_errors: problems.count() - problems.list().len(),
        errors,
        warnings,
        lint: Vec::new(),
        plan: None,
    }
}

fn check_scenario(named: &str, path: &Path, overrides: &[Override]) -> Found {
    let metrics = |name: &str| super::run::metric_unit(name);
    let options = Options {
        overrides: overrides.to_vec(),
        gates: Vec::new(),
        metrics: &metrics,
    };
    let mut scenario = match read_scenario(path, &Disk, &options) {
        Ok(scenario) => scenario,
        Err(problems) => return broken(named, "scenario", &problems),
    };
    let mut found = broken(named, "scenario", &Problems::default());
    found.warnings.clone_from(&scenario.warnings);
    let tables = std::mem::take(&mut scenario.tables);
    if let Err(stop) = super::run::tables::check(&tables, &|set| cell(path, overrides, set)) {
        found.errors.push(whole_file(named, stop.message));
        return found;
    }
    let settings = LintSettings {
        dial_buffer: scenario.people.dial_buffer,
        ..LintSettings::default()
    };
    let first = first_of_many(&scenario);
    let made = scenario.population.as_ref();
    let population = made.map_or(0, Population::sub_accounts);
    match Job::new(scenario) {
        Ok(job) => {
            let first = first.as_ref().unwrap_or(&job.plan.accounts);
            let findings = lint(job.policy, first, &job.plan.routing, &settings);
            let rows = findings.iter().map(|it| lint::row(it, first));
            found.lint = rows.chain(unreached::rows(&job, &findings)).collect();
            found.plan = Some(Planned::of(&job, population));
        }
        Err(why) => found.errors.push(whole_file(named, why.to_string())),
    }
    found
}

/// Of a large population the first sub-accounts: they are alike, and what is odd in them tells
/// enough of the rest. Numbers have the same ids in both.
fn first_of_many(scenario: &Scenario) -> Option<Accounts> {
    let population = scenario.population.as_ref()?;
    let first = population.first(MOST_LINTED)?;
    first.build().ok().map(|built| built.accounts)
}

/// A cell of a table that the scenario asks for.
fn cell(path: &Path, overrides: &[Override], set: &[String]) -> Result<Scenario, Stop> {
    let mut all = overrides.to_vec();
    for text in set {
        all.push(parse_override("table", text).map_err(Stop::input)?);
    }
    super::run::read_with(path, all, Vec::new())
}

/// A problem of a file as a whole.
fn whole_file(file: &str, message: String) -> Problem {
    Problem {
        level: scenario::Level::Error,
        place: scenario::Place::whole(file),
        message,
        help: None,
    }
}

fn check_accounts(named: &str, path: &Path, overrides: &[Override]) -> Found {
    match read_accounts(path, &Disk, overrides) {
        Err(problems) => broken(named, "accounts", &problems),
        Ok(file) => {
            let mut found = broken(named, "accounts", &Problems::default());
            found.warnings.clone_from(&file.warnings);
            found.lint = lint_of_accounts(&file);
            found
        }
    }
}

fn lint_of_accounts(file: &AccountsFile) -> Vec<Row> {
    let Some(policy) = policy::find(file.policy) else {
        return Vec::new();
    };
    lint::rows(
        &file.accounts,
        policy,
        &file.routing,
        &LintSettings::default(),
    )
}

fn text(found: &[Found]) -> String {
    let mut text = String::new();
    for it in found {
        for problem in it.errors.iter().chain(&it.warnings) {
            let _ = writeln!(text, "{problem}");
        }
        if it.more_errors > 0 {
            let _ = writeln!(text, "{}: {} more errors", it.file, it.more_errors);
        }
        lint_text(&mut text, it);
        if !it.errors.is_empty() {
            let count = it.errors.len() + it.more_errors;
            let _ = writeln!(
                text,
                "{}: {count} error{}",
                it.file,
                if count == 1 { "" } else { "s" }
            );
            continue;
        }
        let _ = writeln!(text, "{}: {} ok", it.file, it.kind);
        if let Some(plan) = &it.plan {
            let _ = writeln!(text, "{}", plan.text());
        }
    }
    text
}

/// Every finding, or of many the first ones of each kind and how many more there are.
fn lint_text(text: &mut String, found: &Found) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let many = found.lint.len() > MANY;
    for row in &found.lint {
        let count = counts.entry(row.kind).or_default();
        *count += 1;
        if !many || *count <= MOST_OF_A_KIND {
            let _ = writeln!(text, "{}: lint: {}", found.file, row.text());
        }
    }
    for (kind, count) in counts.iter().filter(|it| many && *it.1 > MOST_OF_A_KIND) {
        let more = count - MOST_OF_A_KIND;
        let _ = writeln!(text, "{}: lint: {kind} at {more} more", found.file);
    }
    if let Some(all) = found.plan.as_ref().filter(|it| it.population > MOST_LINTED) {
        let _ = writeln!(
            text,
            "{}: lint: of {} sub-accounts the first {MOST_LINTED} were looked through",
            found.file, all.population
        );
    }
}

fn problem_json(problem: &Problem) -> Value {
    json!({
        "level": problem.level.name(),
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message,
        "help": problem.help,
    })
}

fn json(found: &[Found]) -> Value {
    let one = |it: &Found| {
        let problems = |list: &[Problem]| list.iter().map(problem_json).collect::<Value>();
        json!({
            "file": it.file,
            "kind": it.kind,
            "ok": it.errors.is_empty(),
            "errors": problems(&it.errors),
            "more_errors": it.more_errors,
            "warnings": problems(&it.warnings),
            "lint": it.lint.iter().map(Row::json).collect::<Value>(),
            "plan": it.plan.as_ref().map(Planned::json),
        })
    };
    json!({"files": found.iter().map(one).collect::<Value>()})
}

/// Workflow commands that put each finding at its line.
fn annotations(found: &[Found]) -> String {
    let mut text = String::new();
    for it in found {
        for problem in it.errors.iter().chain(&it.warnings) {
            text += &annotation(problem);
        }
        for row in &it.lint {
            let _ = writeln!(text, "::notice file={}::{}", it.file, escaped(&row.text()));
        }
    }
    text
}

pub(super) fn annotation(problem: &Problem) -> String {
    let place = &problem.place;
    format!(
        "::{} file={},line={},col={}::{}\n",
        problem.level.name(),
        place.file,
        place.line,
        place.column,
        escaped(&problem.message)
    )
}

/// Line breaks and percent signs as workflow commands want them.
pub(super) fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
