//! `busyhour run`: the main job.

mod calls;
mod gauged;
mod grid;
mod latency;
pub(super) mod live;
pub(crate) mod tables;
pub(crate) mod told;
mod watching;
mod write;

use std::path::Path;
use std::sync::Arc;

use capacity::run::Stopped;
use capacity::warm_up::Found;
use capacity::{Job, Ran, WarmUp};
use engine::run::Watch;
use http::drive::Speed;
use measure::{Verdict, names};
use report::Document;
use report::pseudonym::Pseudonyms;
use scenario::{Files, Options, Override, Scenario, read_scenario};

use crate::args::{Cli, Format, Run};
use crate::commands::overrides::parsed;
use crate::exit::{Exit, Stop};
use crate::files::{Disk, scenario_path};
use crate::folder::Folder;
use crate::output::{coloured, print, tell};
use crate::progress::Progress;
use crate::signals::Signals;
use gauged::Gauged;
use live::Driving;
use told::Told;
use watching::Watching;

/// A run that is over, with what its folder needs.
struct Finished {
    document: Document,
    ran: Ran,
    zone: jiff::tz::TimeZone,
    start: jiff::Timestamp,
    told: Told,
    /// What was measured of a live run.
    gauged: Option<Gauged>,
}

pub(crate) fn run(cli: &Cli, args: &Run) -> Result<Exit, Stop> {
    let path = scenario_path(&args.scenario)?;
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    if !args.vary.is_empty() {
        return grid::run(cli, args, &path, &signals);
    }
    let mut scenario = read(&path, args, ("--vary", &[]))?;
    let pseudonyms = told::pseudonyms(&scenario);
    let tables = std::mem::take(&mut scenario.tables);
    let tables = if args.no_tables { Vec::new() } else { tables };
    let ready = ready(scenario, pseudonyms.clone())?;
    let maker = tables::Maker {
        cli,
        args,
        path: &path,
        signals: &signals,
        pseudonyms: &pseudonyms,
    };
    maker.check(&tables)?;
    let found = router(args, &ready, Speed::LIFE)?;
    let folder = folder(args, &ready.name)?;
    let mut finished = simulate(cli, args, (ready, found), &signals)?;
    if signals.caught().is_none() {
        finished.document.tables = maker.all(&tables)?;
    }
    write::all(&folder, &finished, args.calls)?;
    show(cli, args, &finished, &folder)?;
    Ok(exit(&finished, args.strict, &signals))
}

/// A scenario that was read already, at another speed than that of life; and what else is to be
/// said of its result.
pub(super) fn at_speed(
    cli: &Cli,
    args: &Run,
    (ready, speed): (Ready, Speed),
    notice: impl Fn(&measure::Summary) -> Option<String>,
    signals: &Signals,
) -> Result<Exit, Stop> {
    let found = router(args, &ready, speed)?;
    let folder = folder(args, &ready.name)?;
    let mut finished = simulate(cli, args, (ready, found), signals)?;
    if let Some(warning) = notice(&finished.ran.summary) {
        if !cli.quiet {
            tell(&warning);
        }
        finished.document.warnings.push(warning);
    }
    write::all(&folder, &finished, args.calls)?;
    show(cli, args, &finished, &folder)?;
    Ok(exit(&finished, args.strict, signals))
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
fn read(path: &Path, args: &Run, (flag, more): (&str, &[String])) -> Result<Scenario, Stop> {
    let mut overrides = Vec::new();
    let mut set = |flag: &str, text: &str| -> Result<(), Stop> {
        overrides.push(parsed(flag, text)?);
        Ok(())
    };
    for text in &args.set {
        set("--set", text)?;
    }
    for text in more {
        set(flag, text)?;
    }
    for (flag, key, value) in [
        ("--seed", "seed", &args.seed),
        ("--replications", "replications", &args.replications),
        ("--policy", "policy", &args.policy),
        ("--clock", "clock", &args.clock),
        (
            "--backend-protocol",
            "backend.protocol",
            &args.backend_protocol,
        ),
        (
            "--max-connections",
            "backend.max_connections",
            &args.max_connections,
        ),
    ] {
        if let Some(value) = value {
            set(flag, &format!("{key}={value}"))?;
        }
    }
    if let Some(backend) = &args.backend {
        if backend == "in-process" {
            set("--backend", "backend.kind=in-process")?;
        } else {
            set("--backend", "backend.kind=http")?;
            set("--backend", &format!("backend.url={backend}"))?;
        }
    }
    read_with(path, overrides, args.gates.clone())
}

pub(super) fn read_with(
    path: &Path,
    overrides: Vec<Override>,
    gates: Vec<String>,
) -> Result<Scenario, Stop> {
    read_from(path, &Disk, overrides, gates)
}

/// The same, with files that need not be on the disk.
pub(super) fn read_from(
    path: &Path,
    files: &dyn Files,
    overrides: Vec<Override>,
    gates: Vec<String>,
) -> Result<Scenario, Stop> {
    let options = Options {
        overrides,
        gates,
        metrics: &metric_unit,
    };
    read_scenario(path, files, &options).map_err(|problems| Stop::input(problems.to_string()))
}

/// The unit of a metric, or the nearest name that exists.
pub(crate) fn metric_unit(name: &str) -> Result<&'static str, Option<String>> {
    match names::check(name) {
        Ok(known) => Ok(known.unit.unwrap_or("share")),
        Err(nearest) => Err(Some(nearest.nearest)),
    }
}

/// A scenario that is wired: nothing of what the user wrote can be wrong any more.
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) told: Told,
    pub(super) job: Job,
    /// By which clock, and who decides.
    pub(super) driving: Driving,
    /// Of the reading, and of the calls that are left out, with real numbers.
    pub(super) warnings: Vec<String>,
}

pub(super) fn ready(scenario: Scenario, pseudonyms: Pseudonyms) -> Result<Ready, Stop> {
    let mut warnings: Vec<String> = scenario.warnings.iter().map(ToString::to_string).collect();
    let told = Told::of(&scenario, pseudonyms);
    let name = scenario.name.clone();
    let driving = Driving::of(&scenario);
    let job = Job::new(scenario).map_err(|why| Stop::input(format!("{name}: {why}")))?;
    job.fits()
        .map_err(|why| Stop::input(format!("{name}: {why}")))?;
    let left_out = |(calls, why): &(u64, &str)| match (calls, why.replacen("are ", "is ", 1)) {
        (1, why) => format!("1 call of the log {why} and is not offered"),
        _ => format!("{calls} calls of the log {why} and are not offered"),
    };
    warnings.extend(job.left_out.iter().map(left_out));
    warnings.extend(capacity::unreached::silent(&job).iter().map(|at| {
        format!(
            "arrivals.{at} brings no call within the run: look at its rates, start and duration"
        )
    }));
    Ok(Ready {
        name,
        told,
        job,
        driving,
        warnings,
    })
}

/// The router that a run is about, found before anything is written; none for a simulation.
fn router(args: &Run, ready: &Ready, speed: Speed) -> Result<Option<live::Found>, Stop> {
    if !ready.driving.is_live() {
        return Ok(None);
    }
    live::find(args, &ready.driving, speed).map(Some)
}

/// Runs it, watched.
fn simulate(
    cli: &Cli,
    args: &Run,
    (ready, found): (Ready, Option<live::Found>),
    signals: &Signals,
) -> Result<Finished, Stop> {
    let Ready {
        told,
        mut job,
        mut warnings,
        ..
    } = ready;
    let before = warnings.len();
    if !cli.quiet {
        for warning in &warnings {
            tell(&told.text(warning));
        }
    }
    let threads = args.threads.map_or(0, usize::from);
    let (ran, gauged) = match found {
        None => (in_virtual_time(cli, args, &mut job, signals)?, None),
        Some(found) => {
            let watching = Watching::start(&job.gates, cli.quiet, signals.clone());
            capacity::warm_up::settle(&mut job, threads, watching.watch())
                .map_err(|why| Stop::bug(why.to_string()))?;
            let (ran, gauged) = live::run(&mut job, args.calls, found, &watching)?;
            (ran, Some(gauged))
        }
    };
    warnings.extend(after(&ran, &job));
    warnings.extend(gauged.iter().flat_map(|it| it.warnings.clone()));
    if !cli.quiet {
        for warning in &warnings[before..] {
            tell(&told.text(warning));
        }
    }
    let (zone, start) = (job.plan.calendar.zone().clone(), job.plan.calendar.start());
    let document = told.document(&ran, &warnings, &job);
    Ok(Finished {
        document,
        ran,
        zone,
        start,
        told,
        gauged,
    })
}

fn in_virtual_time(cli: &Cli, args: &Run, job: &mut Job, signals: &Signals) -> Result<Ran, Stop> {
    let threads = args.threads.map_or(0, usize::from);
    let progress = Progress::start(
        Arc::new(Watch::default()),
        total_s(job),
        cli.quiet,
        signals.clone(),
    );
    capacity::warm_up::settle(job, threads, progress.watch())
        .and_then(|()| capacity::run(job, threads, args.calls, progress.watch()))
        .map_err(|why| Stop::bug(why.to_string()))
}

/// Virtual time of all that is run at most, in seconds: for the progress bar.
pub(super) fn total_s(job: &Job) -> u64 {
    let pilots = match job.warm_up {
        WarmUp::Open => capacity::warm_up::PILOTS,
        WarmUp::Given | WarmUp::Found(_) => 0,
    };
    let replications = u64::from(job.replications) + u64::from(pilots);
    job.plan.duration.whole_secs().saturating_mul(replications)
}

/// That a warm-up could not really be found.
pub(super) fn too_short(job: &Job) -> Option<String> {
    if let WarmUp::Found(Found {
        warm_up,
        too_short: true,
        ..
    }) = job.warm_up
    {
        return Some(format!(
            "the run is too short to find its warm-up: the calls in the system do not settle in \
             its first half; {} s are left out, give `warm_up` or a longer `duration`",
            warm_up.as_secs_f64()
        ));
    }
    None
}

/// What only the run itself could tell.
fn after(ran: &Ran, job: &Job) -> Vec<String> {
    let planned = job.replications;
    let mut warnings: Vec<String> = too_short(job).into_iter().collect();
    if ran.counts.attempts_cut > 0 {
        let cut = ran.counts.attempts_cut;
        warnings.push(format!(
            "{cut} callers had tried 65 535 times and gave up: a bound of the engine"
        ));
    }
    let counted = ran.summary.replications.len();
    match ran.stopped {
        Some(Stopped::Whole) => warnings.push(format!(
            "interrupted: counted are the {counted} of {planned} replications that were over"
        )),
        Some(Stopped::Cut) => warnings.push(format!(
            "interrupted: no replication was over, counted are the calls so far of {counted} of \
             {planned}; means over time are too low"
        )),
        None => {}
    }
    warnings
}

fn exit(finished: &Finished, strict: bool, signals: &Signals) -> Exit {
    if let Some(caught) = signals.caught() {
        return caught;
    }
    verdict_exit(finished.document.verdict, strict)
}

fn verdict_exit(verdict: Verdict, strict: bool) -> Exit {
    match verdict {
        Verdict::Fail => Exit::GateFailed,
        Verdict::NotMeasured | Verdict::Invalid => Exit::Invalid,
        Verdict::Inconclusive if strict => Exit::Inconclusive,
        Verdict::Pass | Verdict::Inconclusive => Exit::Pass,
    }
}
