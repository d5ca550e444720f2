//! `busyhour replay`: a recorded day again.
//!
//! Without anything to change it is a backtest: the simulation held against what was recorded.
//! With another policy, settings or accounts it says which calls would have ended otherwise. With
//! a router it is load: the calls of the day, by its clock or faster.

mod backtest;
mod live;
mod noticed;
mod overlay;
mod rewritten;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::args::{Cli, Format};
use crate::commands::compare::How;
use crate::commands::import::args::Reading;
use crate::commands::overrides::parsed;
use crate::commands::run::{Ready, read_from, ready, told};
use crate::exit::{Exit, Stop};
use crate::output::tell;
use crate::signals::Signals;
use overlay::{Overlay, Recorded};
use report::pseudonym::Pseudonyms;

/// The most times that recorded calls are offered: what arrivals take.
const MOST_SCALE: f64 = 1e6;

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The log of the day, of any dialect, plain or gzip; - is stdin
    pub log: String,

    /// Accounts file (TOML, JSON or JSON Lines) that owns the called numbers
    #[arg(long, value_name = "FILE")]
    pub accounts: PathBuf,

    /// Take people, routing and limits from this scenario (one that `import --fit` wrote): a file,
    /// its folder, or a built-in name
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,

    #[command(flatten)]
    pub reading: Reading,

    /// What if: this routing policy
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,

    /// What if: this key, by its path
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// What if: these accounts
    #[arg(long, value_name = "FILE")]
    pub what_if_accounts: Option<PathBuf>,

    /// Set a key of the day as it was: on both sides of a what-if
    #[arg(long, value_name = "KEY=VALUE")]
    pub base: Vec<String>,

    /// So many times the recorded calls were offered: refused ones are in no log
    #[arg(long, value_name = "FACTOR")]
    pub offered_scale: Option<f64>,

    /// Leave out calls whose caller was not answered within four hours before, and let the
    /// scenario's redials make them anew
    #[arg(long)]
    pub drop_redials: bool,

    /// Length of the intervals that are compared [default: 1h]
    #[arg(long, value_name = "TIME")]
    pub per: Option<String>,

    /// Intervals with fewer calls than this are not compared [default: 10]
    #[arg(long, value_name = "N")]
    pub fewest: Option<u64>,

    /// Seed of all draws
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,

    /// How many times the day is simulated [default: 20, and 1 against a live router]
    #[arg(long, value_name = "N")]
    pub replications: Option<String>,

    /// Threads to run on [default: one a core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Of each kind of change, how many calls are shown [default: 3]
    #[arg(long, value_name = "N")]
    pub show: Option<u16>,

    /// Write the report into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write into the folder of --out though it exists
    #[arg(long, requires = "out")]
    pub force: bool,

    /// A backtest that does not agree ends with exit code 1; one that compares nothing, and an
    /// inconclusive what-if, with 3
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub live: live::Live,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

impl Replay {
    /// What is wrong with the flags alone is said before anything is read.
    fn check(&self) -> Result<(), Stop> {
        let per = super::live::duration("--per", self.per())?;
        if per.is_zero() {
            return Err(Stop::input(
                "--per 0s: expected a time above 0, such as 30min",
            ));
        }
        if let Some(scale) = self.offered_scale
            && !(scale > 0.0 && scale <= MOST_SCALE)
        {
            return Err(Stop::input(format!(
                "--offered-scale {scale}: expected a factor above 0, at most {MOST_SCALE}"
            )));
        }
        self.live.check(self)
    }

    fn per(&self) -> &str {
        self.per.as_deref().unwrap_or("1h")
    }

    fn fewest(&self) -> u64 {
        self.fewest.unwrap_or(10)
    }

    /// None where one is what the scenario says anyway.
    fn replications(&self) -> Option<&str> {
        let usual = match (self.live.is_live(), &self.scenario) {
            (false, _) => Some("20"),
            (true, Some(_)) => Some("1"),
            (true, None) => None,
        };
        self.replications.as_deref().or(usual)
    }
}

pub(crate) fn run(cli: &Cli, args: &Replay) -> Result<Exit, Stop> {
    args.check()?;
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    let recorded = Recorded::read(args)?;
    let files = Overlay::new(args, &recorded)?;
    let (base, redials_made) = side(args, &files, &recorded, &[], (None, None))?;
    let warnings = noticed::of_the_log(args, &recorded, redials_made);
    for warning in warnings.iter().filter(|_| !cli.quiet) {
        tell(&format!("warning: {}", base.told.text(warning)));
    }
    if args.live.is_live() {
        return live::run(cli, args, base, &signals);
    }
    let what_if = args.policy.is_some() || !args.set.is_empty() || args.what_if_accounts.is_some();
    if !what_if {
        return backtest::run(cli, args, base, (&recorded, warnings), &signals);
    }
    let mut changes: Vec<String> = args.set.clone();
    changes.extend(args.policy.as_ref().map(|it| format!("policy={it}")));
    let accounts = args.what_if_accounts.as_deref();
    let pseudonyms = base.told.pseudonyms().clone();
    // One number has one pseudonym on both sides.
    let (other, _) = side(
        args,
        &files,
        &recorded,
        &changes,
        (accounts, Some(pseudonyms)),
    )?;
    let mut sets = [
        Vec::new(),
        changes.iter().map(|it| ("--set", it.clone())).collect(),
    ];
    if let Some(file) = accounts {
        let file = format!("accounts={}", file.display());
        sets[1].push(("--what-if-accounts", file));
    }
    let how = How {
        files: None,
        threads: args.threads,
        show: args.show.unwrap_or(3),
        out: args.out.as_deref(),
        force: args.force,
        strict: args.strict,
        format: args.format,
    };
    super::compare::scenarios::between(cli, &how, &sets, (base, other), &signals)
}

/// One side: the recorded calls under the scenario's settings and these changes; and whether
/// anybody redials in it.
fn side(
    args: &Replay,
    files: &Overlay<'_>,
    recorded: &Recorded,
    changes: &[String],
    (accounts, pseudonyms): (Option<&Path>, Option<Pseudonyms>),
) -> Result<(Ready, bool), Stop> {
    let accounts = accounts.unwrap_or(&args.accounts);
    // What a replay sets by itself may well be what holds anyway; of the user's settings it is told.
    let own = recorded.overrides(args, accounts)?;
    let own = own.into_iter().chain(args.live.overrides());
    let typed = args.base.iter().chain(changes);
    let overrides = own
        .map(|text| parsed("replay", &text))
        .chain(typed.map(|text| parsed("--set", text)))
        .collect::<Result<_, Stop>>()?;
    let scenario = read_from(&files.path, files, overrides, Vec::new())?;
    let redials_made = overlay::makes_redials(&scenario);
    let pseudonyms = pseudonyms.unwrap_or_else(|| told::pseudonyms(&scenario));
    let mut ready = ready(scenario, pseudonyms)?;
    if recorded.makes_redials && !args.drop_redials && !redials_made {
        // It is the replay that set the share to 0, and it says so.
        let caused = "no effect: nobody redials";
        ready.warnings.retain(|it| !it.contains(caused));
    }
    let accounts = &ready.job.plan.accounts;
    let more = noticed::of_the_calls(args, recorded, accounts);
    ready.warnings.extend(more);
    Ok((ready, redials_made))
}
