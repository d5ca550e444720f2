//! `busyhour check`: every error with its place, and what is odd; nothing is run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use capacity::Job;
use report::lint::{self, Row};
use routing::lint::LintSettings;
use routing::{Nanos, policy};
use scenario::{
    AccountsFile, FileKind, Files, Options, Override, Problem, Problems, Scenario, kind_of,
    parse_override, read_accounts, read_scenario,
};
use serde_json::{Value, json};

use crate::args::{Check, Cli, Format};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, scenario_path};
use crate::output::print;

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

/// What a run of the scenario would be.
struct Planned {
    calls: f64,
    replications: u32,
    sub_accounts: usize,
    numbers: usize,
    users: usize,
    memory_mib: f64,
    seconds: f64,
}

pub(crate) fn run(_cli: &Cli, args: &Check) -> Result<Exit, Stop> {
    let mut overrides = Vec::new();
    for text in &args.set {
        let parsed = parse_override("--set", text);
        overrides.push(parsed.map_err(|why| Stop::input(format!("--set {text}: {why}")))?);
    }
    let mut found = Vec::new();
    for file in &args.files {
        found.push(check(file, &overrides)?);
    }
    let text = match args.format {
        Format::Json => format!("{}\n", json(&found)),
        Format::Text => text(&found),
        Format::Github => format!("{}{}", annotations(&found), text(&found)),
    };
    print(text.as_bytes())?;
    let broken = found.iter().any(|it| !it.errors.is_empty());
    Ok(if broken { Exit::Input } else { Exit::Pass })
}

fn check(named: &str, overrides: &[Override]) -> Result<Found, Stop> {
    let path = match PathBuf::from(named) {
        path if path.is_file() => path,
        _ => scenario_path(named)?,
    };
    let bytes = Disk
        .read(&path)
        .map_err(|why| Stop::input(format!("{named}: {why}")))?;
    match kind_of(&path, &bytes) {
        FileKind::Scenario => Ok(check_scenario(named, &path, overrides)),
        FileKind::Accounts => Ok(check_accounts(named, &path, overrides)),
    }
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
    let scenario = match read_scenario(path, &Disk, &options) {
        Ok(scenario) => scenario,
        Err(problems) => return broken(named, "scenario", &problems),
    };
    let mut found = broken(named, "scenario", &Problems::default());
    found.warnings.clone_from(&scenario.warnings);
    found.lint = lint_of(&scenario);
    match planned(scenario) {
        Ok(plan) => found.plan = Some(plan),
        Err(why) => found.errors.push(whole_file(named, why)),
    }
    found
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

fn lint_of(scenario: &Scenario) -> Vec<Row> {
    let settings = LintSettings {
        dial_buffer: scenario.people.dial_buffer,
        ..LintSettings::default()
    };
    let Some(policy) = policy::find(scenario.policy) else {
        return Vec::new();
    };
    lint::rows(&scenario.accounts, policy, &scenario.routing, &settings)
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

/// Roughly what a run takes: measured on two cores of 2026, good to a factor of two.
const CALLS_PER_S: f64 = 1e6;
const LIVE_CALL_BYTES: f64 = 400.0;

fn planned(scenario: Scenario) -> Result<Planned, String> {
    let (sub_accounts, numbers) = (
        scenario.accounts.sub_accounts().len(),
        scenario.accounts.numbers().len(),
    );
    let users = scenario.accounts.users().len();
    let job = Job::new(scenario).map_err(|why| why.to_string())?;
    let calls = job.expected_calls();
    let replications = job.replications;
    let intervals = job.setup.duration.0.div_ceil(job.setup.interval.0) as f64;
    // A caller lives for the call and the wait before a redial: an hour is much.
    let live = calls * (Nanos::HOUR.0 as f64 / job.setup.duration.0 as f64).min(1.0);
    let tables = (sub_accounts * 400 + numbers * 300 + users * 200) as f64;
    let memory =
        live * LIVE_CALL_BYTES + tables + f64::from(replications) * (2e6 + intervals * 400.0);
    Ok(Planned {
        calls,
        replications,
        sub_accounts,
        numbers,
        users,
        memory_mib: memory / (1 << 20) as f64,
        seconds: calls * f64::from(replications) / CALLS_PER_S,
    })
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
        for row in &it.lint {
            let _ = writeln!(text, "{}: lint: {}", it.file, row.text());
        }
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

impl Planned {
    fn text(&self) -> String {
        format!(
            "  {} sub-accounts, {} numbers, {} users\n  about {:.0} fresh calls a replication, {} \
             replication{}\n  roughly {:.0} MiB and {:.1} s on one core",
            self.sub_accounts,
            self.numbers,
            self.users,
            self.calls,
            self.replications,
            if self.replications == 1 { "" } else { "s" },
            self.memory_mib.max(1.0),
            self.seconds.max(0.1),
        )
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
            "plan": it.plan.as_ref().map(|plan| json!({
                "fresh_calls": plan.calls,
                "replications": plan.replications,
                "sub_accounts": plan.sub_accounts,
                "numbers": plan.numbers,
                "users": plan.users,
                "memory_mib": plan.memory_mib,
                "seconds": plan.seconds,
            })),
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
