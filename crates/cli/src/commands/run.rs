//! `busyhour run`: the main job.

mod calls;
mod grid;
mod write;

use std::path::Path;
use std::sync::Arc;

use capacity::{Job, Ran};
use engine::run::Watch;
use measure::{Verdict, names};
use report::{Document, LocalTime, Manifest};
use routing::PhoneNumber;
use scenario::{Options, Override, Scenario, parse_override, read_scenario};
use serde_json::Value;

use crate::args::{Cli, Format, Run};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, scenario_path};
use crate::folder::Folder;
use crate::output::{coloured, print, tell};
use crate::progress::Progress;
use crate::signals::Signals;

/// A run that is over, with what its folder needs.
struct Finished {
    document: Document,
    ran: Ran,
    zone: jiff::tz::TimeZone,
    start: jiff::Timestamp,
    user_names: Vec<String>,
    /// The key of the pseudonyms: nobody who lacks the inputs has it.
    key: Vec<u8>,
}

pub(crate) fn run(cli: &Cli, args: &Run) -> Result<Exit, Stop> {
    let path = scenario_path(&args.scenario)?;
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    if !args.vary.is_empty() {
        return grid::run(cli, args, &path, &signals);
    }
    let scenario = read(&path, args, &[])?;
    let folder = folder(args, &scenario.name)?;
    let finished = simulate(cli, args, scenario, &signals)?;
    write::all(&folder, &finished, args.calls)?;
    show(cli, args, &finished, &folder)?;
    Ok(exit(&finished, args.strict, &signals))
}

fn show(cli: &Cli, args: &Run, finished: &Finished, folder: &Folder) -> Result<(), Stop> {
    let document = &finished.document;
    match args.format {
        Format::Json => print(&report::json::json(document))?,
        Format::Text => print(report::text::summary_text(document, coloured(cli)).as_bytes())?,
        Format::Github => {
            print(annotations(document).as_bytes())?;
            print(report::text::summary_text(document, false).as_bytes())?;
        }
    }
    if !cli.quiet {
        tell(&format!("run folder: {}", folder.path().display()));
    }
    Ok(())
}

/// Gates that do not pass, as annotations.
fn annotations(document: &Document) -> String {
    let open = document
        .gates
        .iter()
        .filter(|gate| gate.verdict != Verdict::Pass);
    let line = |gate: &measure::GateResult| {
        let level = if gate.verdict == Verdict::Inconclusive {
            "warning"
        } else {
            "error"
        };
        let asked = report::facts::asked(gate);
        let found = report::facts::found(gate, document);
        let text = format!("{asked}: {} ({found})", gate.verdict.name());
        format!("::{level} title=gate::{}\n", super::check::escaped(&text))
    };
    open.map(line).collect()
}

/// The folder is made before the run, so that a wrong `--out` is told at once.
fn folder(args: &Run, name: &str) -> Result<Folder, Stop> {
    match &args.out {
        Some(path) => Folder::named(path, args.force),
        None => Folder::next(name),
    }
}

/// Reads the scenario with everything that the command line sets, and more.
fn read(path: &Path, args: &Run, more: &[String]) -> Result<Scenario, Stop> {
    let mut overrides = Vec::new();
    let mut set = |flag: &str, text: &str| -> Result<(), Stop> {
        let parsed = parse_override(flag, text);
        overrides.push(parsed.map_err(|why| Stop::input(format!("{flag} {text}: {why}")))?);
        Ok(())
    };
    for text in &args.set {
        set("--set", text)?;
    }
    for text in more {
        set("--vary", text)?;
    }
    for (flag, key, value) in [
        ("--seed", "seed", &args.seed),
        ("--replications", "replications", &args.replications),
        ("--policy", "policy", &args.policy),
        ("--clock", "clock", &args.clock),
    ] {
        if let Some(value) = value {
            set(flag, &format!("{key}={value}"))?;
        }
    }
    if let Some(backend) = &args.backend {
        let kind = if backend == "in-process" {
            "in-process"
        } else {
            "http"
        };
        set("--backend", &format!("backend.kind={kind}"))?;
    }
    read_with(path, overrides, args.gates.clone())
}

fn read_with(path: &Path, overrides: Vec<Override>, gates: Vec<String>) -> Result<Scenario, Stop> {
    let options = Options {
        overrides,
        gates,
        metrics: &metric_unit,
    };
    read_scenario(path, &Disk, &options).map_err(|problems| Stop::input(problems.to_string()))
}

/// The unit of a metric, or the nearest name that exists.
pub(crate) fn metric_unit(name: &str) -> Result<&'static str, Option<String>> {
    match names::check(name) {
        Ok(known) => Ok(known.unit.unwrap_or("share")),
        Err(nearest) => Err(Some(nearest.nearest)),
    }
}

/// Runs it, watched.
fn simulate(
    cli: &Cli,
    args: &Run,
    scenario: Scenario,
    signals: &Signals,
) -> Result<Finished, Stop> {
    let mut warnings: Vec<String> = scenario.warnings.iter().map(ToString::to_string).collect();
    let manifest = manifest(&scenario);
    let named = Named::of(&scenario);
    let key = pseudonym_key(&scenario);
    let job = Job::new(scenario).map_err(|why| Stop::input(why.to_string()))?;
    let left_out = |(calls, why): &(u64, &str)| {
        format!(
            "{calls} call{} of the log {why} and are not offered",
            if *calls == 1 { "" } else { "s" }
        )
    };
    warnings.extend(job.left_out.iter().map(left_out));
    if !cli.quiet {
        warnings.iter().for_each(|warning| tell(warning));
    }
    let total_s = job
        .plan
        .duration
        .whole_secs()
        .saturating_mul(u64::from(job.replications));
    let progress = Progress::start(
        Arc::new(Watch::default()),
        total_s,
        cli.quiet,
        signals.clone(),
    );
    let ran = capacity::run(&job, args.threads, args.calls, progress.watch())
        .map_err(|why| Stop::bug(why.to_string()))?;
    drop(progress);
    if ran.counts.attempts_cut > 0 {
        let cut = ran.counts.attempts_cut;
        warnings.push(format!(
            "{cut} callers had tried 65 535 times and gave up: a bound of the engine"
        ));
    }
    let calendar = job.plan.calendar.clone();
    let (zone, start) = (calendar.zone().clone(), calendar.start());
    let document = Document {
        manifest,
        summary: ran.summary.clone(),
        gates: ran.gates.clone(),
        verdict: ran.verdict,
        warnings,
        interrupted: signals.caught().is_some(),
        sub_accounts: named.sub_accounts,
        people: named.people,
        local_time: LocalTime::new(move |at| calendar.label(at)),
    };
    Ok(Finished {
        document,
        ran,
        zone,
        start,
        user_names: named.users,
        key,
    })
}

/// Names that the tables show.
struct Named {
    sub_accounts: Vec<String>,
    people: Vec<String>,
    users: Vec<String>,
}

impl Named {
    fn of(scenario: &Scenario) -> Self {
        let accounts = &scenario.accounts;
        Self {
            sub_accounts: accounts
                .sub_accounts()
                .map(|(_, it)| it.id.to_string())
                .collect(),
            people: accounts
                .persons()
                .map(|(_, name)| name.to_owned())
                .collect(),
            users: accounts
                .users()
                .map(|(_, user)| user.id.to_string())
                .collect(),
        }
    }
}

fn manifest(scenario: &Scenario) -> Manifest {
    let parameter = |(key, value): &(String, String)| (key.clone(), Value::from(value.as_str()));
    Manifest {
        name: scenario.name.clone(),
        seed: scenario.seed,
        scenario_sha256: scenario.sha256.clone(),
        busyhour: env!("CARGO_PKG_VERSION").to_owned(),
        clock: "virtual".to_owned(),
        backend: "in-process".to_owned(),
        parameters: scenario.parameters.iter().map(parameter).collect(),
    }
}

/// `BUSYHOUR_KEY`, so that one number has one pseudonym over many runs; else made from the inputs.
fn pseudonym_key(scenario: &Scenario) -> Vec<u8> {
    match std::env::var_os("BUSYHOUR_KEY") {
        Some(key) if !key.is_empty() => key.into_encoded_bytes(),
        _ => scenario.canonical.clone(),
    }
}

/// The pseudonym of a number.
fn pseudonym(key: &[u8]) -> impl Fn(PhoneNumber) -> PhoneNumber {
    let pseudonyms = report::pseudonym::Pseudonyms::new(key);
    move |number| pseudonyms.of(number)
}

fn exit(finished: &Finished, strict: bool, signals: &Signals) -> Exit {
    if let Some(caught) = signals.caught() {
        return caught;
    }
    verdict_exit(finished.document.verdict, strict)
}

fn verdict_exit(verdict: Verdict, strict: bool) -> Exit {
    match verdict {
        Verdict::Pass => Exit::Pass,
        Verdict::Fail => Exit::GateFailed,
        Verdict::NotMeasured => Exit::Invalid,
        Verdict::Inconclusive if strict => Exit::Inconclusive,
        Verdict::Inconclusive => Exit::Pass,
    }
}
