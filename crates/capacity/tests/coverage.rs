//! How often a 95 % interval covers the truth, over 1600 seeds, where the truth is known.
//!
//! The results stand in `docs/statistics.md`. Slow tests are run with
//! `cargo test --release -p capacity --test coverage -- --ignored --nocapture`.

use std::path::Path;
use std::sync::Arc;

use capacity::Job;
use engine::run::Watch;
use measure::{Metric, names};
use model::arrivals::LoggedCall;
use scenario::{FileError, Files, Options, parse_override, read_scenario};

const SEEDS: u64 = 1600;

/// Blocked calls cleared: Poisson arrivals, ten agents and no room to wait. Eight erlangs.
const ERLANG_B: (&str, &str) = (
    "accounts = \"accounts.toml\"\nduration = \"11h\"\nwarm_up = \"1h\"\nreplications = 10\n\
     [limits]\npreset = \"none\"\n[routing]\nmax_call = \"4d\"\n\
     [people]\ntalk = { exponential = \"2min\" }\n\
     [[arrivals]]\nkind = \"poisson\"\nrate = \"4/min\"\nto = \"all\"\n\
     [[gate]]\nmetric = \"calls.busy.share\"\nmax = 0.5\n",
    "[[sub_account]]\nid = \"a\"\n[[sub_account.number]]\nnumber = \"+15555550199\"\n\
     backup = \"hold\"\nhold_staff = 10\nhold_room = 0\n",
);

/// Ten minutes of Poisson calls to a number that admits three in each minute of the clock; the
/// sixth call too many blocks the account.
const BLOCK: (&str, &str) = (
    "accounts = \"accounts.toml\"\nduration = \"10min\"\nreplications = 50\n\
     [limits]\nwindow = \"fixed-minute\"\nregular = { from_per_minute = 1000, to_per_minute = 3 }\n\
     violations_per_hour = 5\n\
     [[arrivals]]\nkind = \"poisson\"\nrate = \"2.5/min\"\nto = \"all\"\n",
    "[[sub_account]]\nid = \"a\"\n[[sub_account.number]]\nnumber = \"+15555550199\"\n\
     backup = \"none\"\n",
);

struct Two(&'static str, &'static str);

impl Files for Two {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let text = match path.file_name().and_then(|name| name.to_str()) {
            Some("accounts.toml") => self.1,
            _ => self.0,
        };
        Ok(text.as_bytes().to_vec())
    }

    fn call_log(&self, _: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(vec!["there is no log".to_owned()])
    }
}

fn job((scenario, accounts): (&'static str, &'static str), set: &[&str]) -> Job {
    let options = Options {
        overrides: set
            .iter()
            .map(|text| parse_override("--set", text).expect("KEY=VALUE"))
            .collect(),
        gates: Vec::new(),
        metrics: &|name| match names::check(name) {
            Ok(known) => Ok(known.unit.unwrap_or("share")),
            Err(nearest) => Err(Some(nearest.nearest)),
        },
    };
    let read = read_scenario(
        Path::new("scenario.toml"),
        &Two(scenario, accounts),
        &options,
    );
    let scenario = read.unwrap_or_else(|problems| panic!("{problems}"));
    Job::new(scenario).expect("it can be counted")
}

/// Of each of so many seeds, from 1 on, the metric and how many replications it took.
fn over_seeds(mut job: Job, seeds: u64, metric: &str) -> Vec<(Metric, usize)> {
    let one = |seed| {
        job.plan.seed = seed;
        let ran = capacity::run(&job, 0, false, &Watch::default()).expect("a run");
        let metric = *ran.summary.get(metric).expect("a value");
        (metric, ran.summary.replications.len())
    };
    (1..=seeds).map(one).collect()
}

fn covers(metric: &Metric, truth: f64) -> bool {
    metric
        .ci95
        .is_some_and(|(low, high)| low <= truth && truth <= high)
}

fn coverage(found: &[(Metric, usize)], truth: f64) -> f64 {
    let hits = found.iter().filter(|it| covers(&it.0, truth)).count();
    hits as f64 / found.len() as f64
}

/// Erlang's loss formula, by its recursion.
fn erlang_b(servers: u32, erlangs: f64) -> f64 {
    let next = |blocked: f64, n: u32| erlangs * blocked / (f64::from(n) + erlangs * blocked);
    (1..=servers).fold(1.0, next)
}

/// The chance that the calls beyond `limit` in each of so many minutes, Poisson of this mean, are
/// more than `allowed` in all: the distribution of one minute, convolved.
fn block_chance(mean: f64, limit: usize, minutes: usize, allowed: usize) -> f64 {
    let mut poisson = vec![(-mean).exp()];
    for n in 1..60 {
        poisson.push(poisson[n - 1] * mean / n as f64);
    }
    let beyond = |excess: usize| match excess {
        0 => poisson[..=limit].iter().sum::<f64>(),
        more => poisson.get(limit + more).copied().unwrap_or(0.0),
    };
    let mut sum = vec![0.0; allowed + 1];
    sum[0] = 1.0;
    for _ in 0..minutes {
        let so_many = |all: usize| (0..=all).map(|now| beyond(now) * sum[all - now]).sum();
        sum = (0..=allowed).map(so_many).collect();
    }
    1.0 - sum.iter().sum::<f64>()
}

/// How often Wilson's interval of `n` tries covers this chance: the binomial distribution summed
/// over the counts whose interval does.
fn wilson_covers(n: u64, chance: f64) -> f64 {
    let mut probability = (1.0 - chance).powi(n as i32);
    let mut covered = 0.0;
    for yes in 0..=n {
        let (low, high) = measure::estimate::wilson_95(yes, n).expect("an interval");
        if low <= chance && chance <= high {
            covered += probability;
        }
        probability *= (n - yes) as f64 / (yes + 1) as f64 * chance / (1.0 - chance);
    }
    covered
}

#[test]
fn the_truths_are_what_they_are_elsewhere() {
    // Erlang's tables: ten servers and eight erlangs lose 12.166 %.
    assert!((erlang_b(10, 8.0) - 0.121_66).abs() < 5e-6);
    // One minute and no call too many allowed: more than three of a Poisson with mean 3.
    let plain = 1.0 - (-3f64).exp() * (1.0 + 3.0 + 4.5 + 4.5);
    assert!((block_chance(3.0, 3, 1, 0) - plain).abs() < 1e-12);
    // Agresti and Coull: Wilson's interval is near 95 % on average, not at every chance.
    assert!(
        (wilson_covers(50, 0.5) - 0.935).abs() < 0.001,
        "{}",
        wilson_covers(50, 0.5)
    );
}

/// A few seeds of both cases: the truth lies within four standard errors of the mean over them.
#[test]
fn the_cases_have_these_truths() {
    for (case, metric, truth) in [
        (ERLANG_B, "calls.busy.share", erlang_b(10, 8.0)),
        (BLOCK, "limit.block.chance", block_chance(2.5, 3, 10, 5)),
    ] {
        let found = over_seeds(job(case, &[]), 20, metric);
        let values: Vec<f64> = found.iter().map(|it| it.0.value).collect();
        let mean = measure::estimate::mean(&values).expect("values");
        let half = measure::estimate::half_width(&values).expect("several");
        assert!(
            (mean - truth).abs() < 2.0 * half,
            "{metric}: {mean} ±{half}, {truth}"
        );
    }
}

#[test]
#[ignore = "slow: 16 000 replications, a minute with --release"]
fn students_interval_covers_erlang_b_in_93_to_97_percent_of_seeds() {
    let found = over_seeds(job(ERLANG_B, &[]), SEEDS, "calls.busy.share");
    let covered = coverage(&found, erlang_b(10, 8.0));
    println!("Student's t, Erlang B: covered {covered:.4} of {SEEDS} seeds");
    assert!((0.93..=0.97).contains(&covered), "{covered}");
}

/// How often Wilson's interval covers hangs on the number of tries and on the chance; of 50 tries
/// at this one it is 96.2 %, of 200 it is 95.2 %.
#[test]
#[ignore = "slow: 400 000 replications, a minute with --release"]
fn wilsons_interval_covers_a_block_chance_in_93_to_97_percent_of_seeds() {
    let truth = block_chance(2.5, 3, 10, 5);
    for n in [50, 200] {
        let job = job(BLOCK, &[&format!("replications={n}")]);
        let found = over_seeds(job, SEEDS, "limit.block.chance");
        let (covered, expected) = (coverage(&found, truth), wilson_covers(n, truth));
        println!("Wilson, {n} tries of {truth:.4}: covered {covered:.4}, exactly {expected:.4}");
        // Three and a half standard errors of a share of 1600.
        let error = (expected * (1.0 - expected) / SEEDS as f64).sqrt();
        assert!((covered - expected).abs() < 3.5 * error, "{n}: {covered}");
        assert!(n < 200 || (0.93..=0.97).contains(&covered), "{covered}");
    }
}

#[test]
#[ignore = "slow: 1600 runs to a precision, minutes with --release"]
fn stopping_at_a_precision_costs_little_coverage() {
    let truth = erlang_b(10, 8.0);
    for precision in ["0.2", "0.1", "0.05"] {
        let set = format!("precision={precision}");
        let job = job(ERLANG_B, &[&set, "duration=3h", "replications=1000"]);
        let found = over_seeds(job, SEEDS, "calls.busy.share");
        let covered = coverage(&found, truth);
        let sum: usize = found.iter().map(|it| it.1).sum();
        let mean = sum as f64 / found.len() as f64;
        println!("precision {precision}: covered {covered:.4}, {mean:.1} replications on average");
        assert!(covered > 0.90, "{precision}: {covered}");
    }
}

#[test]
#[ignore = "slow: 1600 runs with antithetic pairs, a minute with --release"]
fn intervals_of_antithetic_pairs_cover_as_often() {
    let set = ["antithetic=true", "replications=20"];
    let truth = erlang_b(10, 8.0);
    let pairs = over_seeds(job(ERLANG_B, &set), SEEDS, "calls.busy.share");
    let alone = over_seeds(job(ERLANG_B, &set[1..]), SEEDS, "calls.busy.share");
    let width = |found: &[(Metric, usize)]| {
        let widths = found
            .iter()
            .filter_map(|it| it.0.ci95.map(|(low, high)| high - low));
        widths.sum::<f64>() / found.len() as f64
    };
    let covered = coverage(&pairs, truth);
    let ratio = width(&pairs) / width(&alone);
    println!("antithetic: covered {covered:.4}, {ratio:.3} of the width of as many alone");
    assert!((0.93..=0.97).contains(&covered), "{covered}");
}
