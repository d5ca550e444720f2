//! A run against a live router, or on the wall clock: wires the driver, and says what was measured.

pub(super) mod files;
mod measured;
mod view;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use capacity::ledger::Ledger;
use capacity::{Job, Ran, RunFault};
use engine::Counts;
use engine::run::Watch;
use http::client::{Endpoint, Protocol, Settings};
use http::drive::{self, Board, DriveFault, Load};
use http::latency::Latency;
use http::lockstep::Lockstep;
use routing::Nanos;
use scenario::{Clock, LiveBackend, Scenario, Wire};

use crate::args::{Cli, Run};
use crate::commands::live;
use crate::exit::Stop;
use crate::signals::Signals;

pub(super) use measured::{invalid, warnings};

/// How the run is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// In virtual time; the world stands still while the router is asked.
    Lockstep,
    /// The same on the wall clock.
    PacedLockstep,
    /// Decided in process, on the wall clock.
    Paced,
    /// When calls are due, whatever the router does.
    Open,
    /// As many requests as connections, always.
    Closed(u32),
}

/// A live run, ready to start.
pub(super) struct Live {
    pub(super) mode: Mode,
    endpoint: Option<Arc<Endpoint>>,
    load: Load,
}

/// What a live run is about, if the scenario or the command line want one. Whatever the guard
/// refuses is refused here, before any folder is made.
pub(super) fn find(args: &Run, scenario: &Scenario) -> Result<Option<Live>, Stop> {
    let wall = scenario.clock == Clock::Wall;
    let Some(backend) = &scenario.backend.live else {
        let mode = Mode::Paced;
        let load = load(args, 1)?;
        return Ok(wall.then_some(Live {
            mode,
            endpoint: None,
            load,
        }));
    };
    let mode = match (wall, args.live.lockstep, backend.closed) {
        (_, false, Some(connections)) => Mode::Closed(connections),
        (false, ..) => Mode::Lockstep,
        (true, true, _) => Mode::PacedLockstep,
        (true, false, _) => Mode::Open,
    };
    let settings = settings(args, backend, scenario.backend.timeout)?;
    let allowed = live::allowed(&args.live.targets)?;
    let wait_for = live::wait_for(&args.live.targets)?;
    let found = http::blocking::find(settings, allowed, wait_for);
    let endpoint = found.map_err(|why| live::stop(&why))?;
    Ok(Some(Live {
        mode,
        endpoint: Some(Arc::new(endpoint)),
        load: load(args, backend.max_connections as usize)?,
    }))
}

fn load(args: &Run, connections: usize) -> Result<Load, Stop> {
    let drain = live::duration("--drain", &args.live.drain)?;
    Ok(Load {
        connections,
        drain: Nanos(drain.as_nanos() as u64),
    })
}

fn settings(args: &Run, backend: &LiveBackend, timeout: Nanos) -> Result<Settings, Stop> {
    let url = live::url("backend.url", &backend.url)?;
    let protocol = match (args.live.backend_protocol.as_deref(), backend.protocol) {
        (None, Some(Wire::Json)) => Protocol::Json,
        (None, Some(Wire::Twilio)) => Protocol::Twilio,
        (named, _) => live::protocol(named, &url)?,
    };
    let mut settings = Settings::new(url, protocol);
    settings.total = Duration::from_nanos(timeout.0);
    settings.connect = settings.connect.min(settings.total);
    let public = |key: &str, text: &Option<String>| {
        text.as_deref().map(|text| live::url(key, text)).transpose()
    };
    settings.signed_as = public("backend.signed_as", &backend.signed_as)?;
    settings.fallback = public("backend.fallback_url", &backend.fallback_url)?;
    // The variable is named in the scenario, and unset means not signed (contract.md section 4).
    let token = backend.token_env.as_deref().map(std::env::var);
    settings.token = token.and_then(Result::ok).filter(|it| !it.is_empty());
    Ok(settings)
}

/// Why a replication stopped.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Run(#[from] RunFault),
    #[error(transparent)]
    Drive(#[from] DriveFault),
    #[error(transparent)]
    Engine(#[from] engine::Fault),
    #[error("cannot start the event loop: {0}")]
    Runtime(#[from] std::io::Error),
}

impl Live {
    /// Plays the job.
    pub(super) fn run(
        &self,
        cli: &Cli,
        args: &Run,
        job: &mut Job,
        signals: &Signals,
    ) -> Result<(Ran, Latency), Stop> {
        let (board, watch) = (Arc::<Board>::default(), Watch::default());
        if let Mode::Closed(_) = self.mode {
            // The schedule's own time runs ahead of the clock: only the client's time-outs count.
            job.plan.timeout = Nanos(3650 * Nanos::DAY.0);
        }
        let view = view::View::start(Arc::clone(&board), cli.quiet, signals.clone());
        let gather = Arc::new(Mutex::new(Latency::default()));
        let metrics = || {
            let latency = gather.lock().map(|it| it.clone()).unwrap_or_default();
            measured::metrics(&latency)
        };
        let job: &Job = job;
        let ran = capacity::driven::run_driven(
            job,
            args.calls,
            &watch,
            &mut |at, ledger| {
                let done = self.replication(job, at, ledger, &board, &gather);
                if signals.caught().is_some() {
                    watch.stop.store(true, std::sync::atomic::Ordering::Relaxed);
                }
                done
            },
            metrics,
        );
        drop(view);
        let ran = ran.map_err(|why: Fault| Stop::bug(why.to_string()))?;
        let latency = gather.lock().map(|it| it.clone()).unwrap_or_default();
        Ok((ran, latency))
    }

    fn replication(
        &self,
        job: &Job,
        at: u32,
        ledger: Ledger,
        board: &Board,
        gather: &Arc<Mutex<Latency>>,
    ) -> Result<(Ledger, Counts), Fault> {
        let lockstep = |endpoint: &Arc<Endpoint>| {
            Lockstep::new(
                Arc::clone(endpoint),
                Arc::clone(&job.plan.accounts),
                job.plan.calendar.clone(),
                Arc::clone(gather),
            )
        };
        let plan = &job.plan;
        let Some(endpoint) = &self.endpoint else {
            return Ok(drive::paced(plan, at, job.in_process(), ledger, board)?);
        };
        let (ledger, counts, latency) = match self.mode {
            Mode::Lockstep => {
                let watch = Watch::default();
                let asked = lockstep(endpoint)?;
                return Ok(engine::run::replication(plan, at, asked, ledger, &watch)?);
            }
            Mode::Paced | Mode::PacedLockstep => {
                return Ok(drive::paced(plan, at, lockstep(endpoint)?, ledger, board)?);
            }
            Mode::Open => drive::open(plan, at, endpoint, self.load, ledger, board)?,
            Mode::Closed(connections) => {
                drive::closed(plan, at, endpoint, connections as usize, ledger, board)?
            }
        };
        if let Ok(mut all) = gather.lock() {
            all.merge(&latency);
        }
        Ok((ledger, counts))
    }
}
