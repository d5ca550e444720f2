//! A run by the clock on the wall, or against a live router: which driver it needs, and what it
//! measured.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use capacity::driven::run_driven;
use capacity::ledger::Ledger;
use capacity::{Job, Ran, RunFault};
use engine::{Counts, Fault};
use http::blocking;
use http::client::{Endpoint, Settings};
use http::drive::{self, DriveFault, NET, Pace, Speed, World, open_loop, paced};
use http::latency::Latency;
use http::lockstep::{EndsTold, Lockstep};
use routing::Nanos;
use scenario::{Clock, LiveBackend, Scenario, Wire};

use super::gauged::{self, Gauged};
use super::watching::Watching;
use crate::args::Run;
use crate::commands::live;
use crate::exit::Stop;

/// After the last arrival, so long is what falls due still sent.
const DRAIN: Duration = Duration::from_secs(30);

/// What a scenario says of clocks and routers.
pub(in crate::commands) struct Driving {
    clock: Clock,
    backend: Option<LiveBackend>,
    timeout: Nanos,
}

impl Driving {
    pub(in crate::commands) fn of(scenario: &Scenario) -> Self {
        Self {
            clock: scenario.clock,
            backend: scenario.backend.live.clone(),
            timeout: scenario.backend.timeout,
        }
    }

    /// Whether it is more than a simulation in this process.
    pub(in crate::commands) const fn is_live(&self) -> bool {
        matches!(self.clock, Clock::Wall) || self.backend.is_some()
    }
}

/// Why a driven run has no result.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Run(#[from] RunFault),
    #[error(transparent)]
    Drive(#[from] DriveFault),
    #[error(transparent)]
    Engine(#[from] Fault),
    #[error("cannot start the event loop: {0}")]
    Machine(#[from] std::io::Error),
}

/// What kind of run it is.
enum Driver {
    /// In this process, by the clock on the wall.
    InProcess,
    /// The world waits for the router; by the clock on the wall, or as fast as it answers.
    Lockstep(Arc<Endpoint>, Clock),
    /// By the schedule, or in a closed loop.
    Open(Box<Endpoint>, drive::Settings),
}

/// The router, found and allowed, before anything is written or run.
pub(super) struct Found {
    driver: Driver,
    backend: Option<LiveBackend>,
}

/// Finds the router that a run is about, and decides how it is driven.
pub(super) fn find(args: &Run, driving: &Driving, speed: Speed) -> Result<Found, Stop> {
    let Some(backend) = &driving.backend else {
        return Ok(Found {
            driver: Driver::InProcess,
            backend: None,
        });
    };
    let settings = Settings {
        roots: live::roots(&args.targets)?,
        ..settings(backend, driving.timeout)?
    };
    let allowed = live::allowed(&args.targets)?;
    let wait_for = live::wait_for(&args.targets)?;
    let drain = match &args.drain {
        Some(text) => live::duration("--drain", text)?,
        None => DRAIN,
    };
    let endpoint = blocking::find(settings, allowed, wait_for).map_err(|it| live::stop(&it))?;
    let by_schedule = driving.clock == Clock::Wall && !args.lockstep;
    let driver = if by_schedule || backend.closed.is_some() {
        let most = Duration::from_nanos(backend.retry_after_max.0);
        let settings = drive::Settings {
            speed,
            pace: match backend.closed {
                Some(connections) => Pace::Closed(connections as usize),
                None => Pace::Open,
            },
            max_connections: backend.max_connections as usize,
            drain,
            retry_after_max: backend.honours_retry_after.then_some(most),
        };
        Driver::Open(Box::new(endpoint), settings)
    } else {
        Driver::Lockstep(Arc::new(endpoint), driving.clock)
    };
    Ok(Found {
        driver,
        backend: Some(backend.clone()),
    })
}

fn settings(backend: &LiveBackend, timeout: Nanos) -> Result<Settings, Stop> {
    let named = backend.protocol.map(Wire::name);
    let url = live::url("backend.url", &backend.url)?;
    let protocol = live::protocol(named, &url)?;
    let other = |key: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| live::url(key, text)).transpose()
    };
    let token = backend.token_env.as_deref().map(live::token).transpose()?;
    Ok(Settings {
        signed_as: other("backend.signed_as", &backend.signed_as)?,
        fallback: other("backend.fallback_url", &backend.fallback_url)?,
        status: other("backend.status_url", &backend.status_url)?,
        token,
        total: Duration::from_nanos(timeout.0),
        connect: Duration::from_nanos(backend.connect_timeout.0.min(timeout.0)),
        connect_retries: backend.connect_retries,
        ..Settings::new(url, protocol)
    })
}

/// Runs it, watched.
pub(super) fn run(
    job: &mut Job,
    keep_calls: bool,
    found: Found,
    watching: &Watching,
) -> Result<(Ran, Gauged), Stop> {
    let Found { driver, backend } = found;
    if matches!(driver, Driver::Open(..)) {
        // The client keeps the time-outs of every request; the engine need not keep another.
        job.plan.timeout = NET;
    }
    let latency = Arc::new(Mutex::new(Latency::default()));
    let mut gauged = Gauged::new(backend.as_ref());
    let ran = run_driven::<Broken>(
        job,
        keep_calls,
        watching.watch(),
        &mut |at, ledger| one(job, at, ledger, &driver, (watching, &latency), &mut gauged),
        || gauged::metrics(&lock(&latency), backend.is_some()),
    );
    let mut ran = ran.map_err(|why| Stop::bug(why.to_string()))?;
    gauged.latency = lock(&latency).clone();
    gauged.settle(&mut ran, job);
    Ok((ran, gauged))
}

fn lock(latency: &Mutex<Latency>) -> std::sync::MutexGuard<'_, Latency> {
    latency.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One replication.
fn one(
    job: &Job,
    at: u32,
    mut ledger: Ledger,
    driver: &Driver,
    (watching, latency): (&Watching, &Arc<Mutex<Latency>>),
    gauged: &mut Gauged,
) -> Result<(Ledger, Counts), Broken> {
    ledger.tally = ledger.tally.undivided();
    let plan = &job.plan;
    let (watch, view) = (watching.watch(), watching.view());
    match driver {
        Driver::InProcess => {
            let backend = (job.in_process(), World::GoesOn);
            Ok(paced((plan, at), backend, ledger, (watch, view))?)
        }
        Driver::Lockstep(endpoint, clock) => {
            let backend = Lockstep::new(
                Arc::clone(endpoint),
                plan.accounts.clone(),
                plan.calendar.clone(),
                Arc::clone(latency),
            )?;
            let told = Arc::clone(latency);
            let sink = EndsTold::new(ledger, Arc::clone(endpoint), plan.calendar.clone(), told)?;
            let (sink, counts) = if *clock == Clock::Virtual {
                engine::run::replication(plan, at, backend, sink, watch)?
            } else {
                let backend = (backend, World::StandsStill);
                paced((plan, at), backend, sink, (watch, view))?
            };
            Ok((sink.done(), counts))
        }
        Driver::Open(endpoint, settings) => {
            let driven = open_loop((plan, at), endpoint, *settings, ledger, (watch, view))?;
            lock(latency).merge(&driven.latency);
            gauged.connections = gauged.connections.max(driven.connections);
            gauged.took += driven.took;
            Ok((driven.sink, driven.counts))
        }
    }
}
