//! One job on one thread and on several in turn: how many times faster, and what it costs on the
//! cores.
//!
//! Offices of two people each that have nothing to do with each other; the same calls, decisions
//! and outcomes every time, or it stops. Two figures a pair: how many times shorter the run takes
//! on the clock, and how many times more time on cores it takes in all (1 is nothing lost). Where
//! others use the cores, believe the second and read the first as a lower bound.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use benches::pairs::Spread;
use capacity::{Job, Ran};
use clap::Parser;
use engine::run::Watch;
use model::arrivals::LoggedCall;
use scenario::{FileError, Files, Options, read_scenario};

/// One thread and several in turn: medians of the ratios.
#[derive(Parser)]
struct Args {
    /// How many pairs; one more that does not count goes before.
    #[arg(long, default_value_t = 7)]
    pairs: usize,
    /// Threads of the second run of each pair.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Replications of a run.
    #[arg(long, default_value_t = 1)]
    replications: u32,
    /// How many offices.
    #[arg(long, default_value_t = 2000)]
    offices: u32,
    /// Virtual hours of a replication.
    #[arg(long, default_value_t = 10)]
    hours: u32,
    /// Fresh calls an hour to each office.
    #[arg(long, default_value_t = 6.0)]
    calls: f64,
    /// No pairs, no clock: just that many runs on this many threads, for a profiler.
    #[arg(long)]
    alone: bool,
}

/// The scenario and its accounts, held in memory.
struct Offices {
    scenario: String,
    accounts: String,
}

impl Files for Offices {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match path.to_str() {
            Some("scenario.toml") => Ok(self.scenario.clone().into_bytes()),
            Some("accounts.toml") => Ok(self.accounts.clone().into_bytes()),
            _ => Err(FileError::Missing),
        }
    }

    fn call_log(&self, _path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(vec!["there is no log".to_owned()])
    }
}

fn offices(args: &Args) -> Offices {
    let mut accounts = String::new();
    for at in 0..args.offices {
        // Country code 999 is nobody's.
        let phone = |kind: u64| format!("+999{:012}", kind * 1_000_000 + u64::from(at));
        let (ours, ann, ben) = (phone(1), phone(2), phone(3));
        let _ = write!(
            accounts,
            "[[sub_account]]\nid = \"office-{at}\"\nincoming_timeout = \"20s\"\n\
             [[sub_account.user]]\nid = \"ann\"\nweb_app = true\nphone = \"{ann}\"\n\
             [[sub_account.user]]\nid = \"ben\"\nmobile_app = true\nphone = \"{ben}\"\n\
             [[sub_account.number]]\nnumber = \"{ours}\"\nassigned_to = \"ann\"\n\
             ring_more = [\"ben\"]\n"
        );
    }
    let rate = args.calls * f64::from(args.offices);
    let scenario = format!(
        "accounts = \"accounts.toml\"\nduration = \"{}h\"\nreplications = {}\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"{rate}/h\"\nto = \"all\"\n\
         [people]\nredial = {{ share = 0.43, delay = {{ exponential = \"13min\" }} }}\n",
        args.hours, args.replications
    );
    Offices { scenario, accounts }
}

fn job(args: &Args) -> Job {
    let options = Options {
        overrides: Vec::new(),
        gates: Vec::new(),
        metrics: &|_| Err(None),
    };
    let read = read_scenario(Path::new("scenario.toml"), &offices(args), &options);
    let scenario = read.unwrap_or_else(|problems| panic!("{problems}"));
    Job::new(scenario).expect("an office day can be counted")
}

/// One run: what it brought, and how long all its threads were on cores.
fn ran(job: &Job, threads: usize) -> (Ran, f64) {
    let before = on_cores_s();
    let ran = capacity::run(job, threads, false, &Watch::default());
    let ran = ran.unwrap_or_else(|fault| panic!("{fault}"));
    (ran, on_cores_s() - before)
}

/// Time on cores of all threads of this process, those that have ended too: fields 14 and 15 of
/// its `stat`, in hundredths of a second. Linux only; elsewhere 0.
fn on_cores_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() {
    let args = Args::parse();
    let job = job(&args);
    if args.alone {
        for _ in 0..args.pairs {
            let (ran, on_cores) = ran(&job, args.threads);
            let (took, ended) = (ran.took.as_secs_f64(), ran.counts.ended);
            println!("{ended} calls in {took:.3} s, {on_cores:.2} s on cores");
        }
        return;
    }
    let (mut faster, mut dearer, mut rate) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=args.pairs {
        let (one, one_on_core) = ran(&job, 1);
        let (several, several_on_cores) = ran(&job, args.threads);
        let prints = (one.summary.fingerprints, several.summary.fingerprints);
        assert_eq!(prints.0, prints.1, "the threads change the result");
        assert!(one.summary.metrics == several.summary.metrics);
        if pair > 0 {
            let (took_one, took) = (one.took.as_secs_f64(), several.took.as_secs_f64());
            faster.push(took_one / took);
            dearer.push(several_on_cores / one_on_core);
            rate.push(one.counts.ended as f64 / took_one / 1e6);
        }
    }
    let shown = |figures: Vec<f64>| match Spread::of(figures) {
        Some(it) => format!("{:.3} [{:.3} {:.3}]", it.median, it.least, it.greatest),
        None => "-".to_owned(),
    };
    println!("median [least greatest] of {} pairs", args.pairs);
    println!("  million calls a second on one thread {}", shown(rate));
    println!("  faster on {} threads {}", args.threads, shown(faster));
    println!("  time on cores, times     {}", shown(dearer));
}
