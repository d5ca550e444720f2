//! The recorded day against a live router: its calls when they came, or so many times as fast.
//!
//! Every call is due at its own instant, whatever became of those before: the schedule is that of
//! the log divided by the speed, so nothing drifts. The life of a call (who answers when, how long
//! people talk and wait) passes as much faster; the router and the network do not.

use clap::Args;
use http::drive::Speed;

use super::Replay;
use crate::args::{Cli, Run, Targets};
use crate::commands::run::{self, Ready};
use crate::exit::{Exit, Stop};
use crate::signals::Signals;

/// So many requests are under way when the day is sent as fast as possible.
const CONNECTIONS: u32 = 64;

/// What can be typed about it.
#[derive(Debug, Args)]
pub(crate) struct Live {
    /// Send the recorded calls to the live router at this URL, in real time
    #[arg(long, value_name = "URL")]
    pub backend: Option<String>,

    /// How the router is spoken to [default: the scenario's, else json for a URL that ends in
    /// /route, else twilio]
    #[arg(long, value_name = "json|twilio", requires = "backend")]
    pub backend_protocol: Option<String>,

    /// So many times as fast as it was recorded, or max: the next call leaves when the router has
    /// answered one, over 64 connections [default: 1]
    #[arg(long, value_name = "N|max", requires = "backend")]
    pub speed: Option<String>,

    /// After the last call, send what falls due and await answers for so long [default: 30s]
    #[arg(long, value_name = "TIME", requires = "backend")]
    pub drain: Option<String>,

    #[command(flatten)]
    pub targets: Targets,
}

impl Live {
    pub(super) const fn is_live(&self) -> bool {
        self.backend.is_some()
    }

    fn is_max(&self) -> bool {
        self.speed.as_deref() == Some("max")
    }

    fn speed(&self) -> Result<Speed, Stop> {
        let Some(text) = self.speed.as_deref().filter(|it| *it != "max") else {
            return Ok(Speed::LIFE);
        };
        let number = text.strip_suffix('x').unwrap_or(text);
        let found = number.parse().ok().and_then(Speed::times);
        found.ok_or_else(|| {
            let expected = "expected a factor from 0.001 to 1000000, or max";
            Stop::input(format!("--speed {text}: {expected}"))
        })
    }

    /// What only makes sense in virtual time is refused before anything is read.
    pub(super) fn check(&self, args: &Replay) -> Result<(), Stop> {
        self.speed()?;
        if !self.is_live() {
            return Ok(());
        }
        let what_if = [
            ("--policy", args.policy.is_some()),
            ("--what-if-accounts", args.what_if_accounts.is_some()),
            ("--set", !args.set.is_empty()),
        ];
        if let Some((flag, _)) = what_if.iter().find(|it| it.1) {
            return Err(Stop::input(format!(
                "{flag} asks what if, in virtual time; with --backend the router decides: start it \
                 with what is to be tried, and set keys of the day with --base"
            )));
        }
        let compared = [
            ("--per", args.per.is_some()),
            ("--fewest", args.fewest.is_some()),
            ("--show", args.show.is_some()),
        ];
        if let Some((flag, _)) = compared.iter().find(|it| it.1) {
            return Err(Stop::input(format!(
                "{flag} is of what a simulation is held against; with --backend nothing is \
                 compared: leave it away"
            )));
        }
        Ok(())
    }

    /// What the scenario has to be told to send its calls.
    pub(super) fn overrides(&self) -> Vec<String> {
        let Some(url) = &self.backend else {
            return Vec::new();
        };
        let mut all = vec![
            "clock=wall".to_owned(),
            "backend.kind=http".to_owned(),
            format!("backend.url={url}"),
        ];
        let protocol = self.backend_protocol.as_ref();
        all.extend(protocol.map(|it| format!("backend.protocol={it}")));
        if self.is_max() {
            all.push(format!("backend.closed={{ connections = {CONNECTIONS} }}"));
        }
        all
    }
}

/// Sends the calls, and tells how they went as `run` does.
pub(super) fn run(
    cli: &Cli,
    args: &Replay,
    mut ready: Ready,
    signals: &Signals,
) -> Result<Exit, Stop> {
    let speed = args.live.speed()?;
    if speed != Speed::LIFE {
        ready.warnings.push(format!(
            "sent {} times as fast as recorded: people ring, talk and wait as much faster, the \
             router's own clocks and the time-outs of requests do not",
            speed.factor()
        ));
    }
    let asked = Run {
        scenario: args.log.clone(),
        seed: None,
        replications: None,
        threads: args.threads,
        set: Vec::new(),
        gates: Vec::new(),
        vary: Vec::new(),
        no_tables: true,
        policy: None,
        clock: None,
        backend: None,
        backend_protocol: None,
        max_connections: None,
        drain: args.live.drain.clone(),
        lockstep: false,
        targets: args.live.targets.clone(),
        out: args.out.clone(),
        force: args.force,
        calls: false,
        strict: args.strict,
        format: args.format,
    };
    run::at_speed(
        cli,
        &asked,
        (ready, speed),
        super::noticed::of_blocked,
        signals,
    )
}
