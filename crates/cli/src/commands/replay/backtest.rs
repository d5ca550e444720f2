//! The backtest: does the simulation meet what was recorded?

use std::fmt::Write as _;
use std::sync::Arc;

use capacity::backtest::{
    AGREES, Backtest, Held, Recorded as InInterval, Terms, What, WhyNot, is_offered,
};
use engine::run::Watch;
use report::plot::{Chart, Layer, Line, Size, StackedSeries, palette};
use serde_json::{Value, json};

use super::overlay::Recorded;
use super::{Replay, noticed};
use crate::args::{Cli, Format};
use crate::commands::run::{Ready, total_s};
use crate::exit::{Exit, Stop};
use crate::folder::Folder;
use crate::output::{print, tell};
use crate::progress::Progress;
use crate::signals::Signals;

mod markdown;

/// So many of the worst intervals are named.
const WORST: usize = 5;

/// A backtest with everything that its report tells.
struct Page<'a> {
    ready: &'a Ready,
    backtest: Backtest,
    warnings: Vec<String>,
    replications: usize,
    scale: f64,
    per: &'a str,
}

pub(super) fn run(
    cli: &Cli,
    args: &Replay,
    mut ready: Ready,
    (recorded, mut warnings): (&Recorded, Vec<String>),
    signals: &Signals,
) -> Result<Exit, Stop> {
    let out = args.out.as_deref();
    let folder = out
        .map(|path| Folder::named(path, args.force))
        .transpose()?;
    let threads = args.threads.map_or(0, usize::from);
    let watch = Arc::new(Watch::default());
    let progress = Progress::start(watch, total_s(&ready.job), cli.quiet, signals.clone());
    let ran = capacity::warm_up::settle(&mut ready.job, threads, progress.watch())
        .and_then(|()| capacity::run(&ready.job, threads, false, progress.watch()))
        .map_err(|why| Stop::bug(why.to_string()))?;
    drop(progress);
    let intervals = intervals(&ready, recorded);
    let terms = Terms {
        fewest: args.fewest(),
        scale: args.offered_scale.unwrap_or(1.0),
    };
    warnings.extend(ready.warnings.iter().cloned());
    let unknown = intervals.iter().map(|it| it.unknown).sum();
    warnings.extend(noticed::of_unknown(unknown));
    warnings.extend(noticed::of_blocked(&ran.summary));
    let page = Page {
        backtest: Backtest::new(&ran.summary, &intervals, terms),
        warnings: warnings.iter().map(|it| ready.told.text(it)).collect(),
        replications: ran.summary.replications.len(),
        scale: terms.scale,
        per: args.per(),
        ready: &ready,
    };
    if let Some(folder) = &folder {
        folder.write("validation.svg", page.chart().as_bytes())?;
        folder.write("summary.md", markdown::page(&page).as_bytes())?;
        folder.write("replay.json", &page.json())?;
        folder.write("replay.txt", page.text().as_bytes())?;
        folder.write("intervals.csv", page.csv().as_bytes())?;
    }
    match args.format {
        Format::Json => print(&page.json())?,
        Format::Text => print(page.text().as_bytes())?,
        Format::Github => {
            print(page.annotation(args.strict).as_bytes())?;
            print(page.text().as_bytes())?;
        }
    }
    if let Some(folder) = folder.filter(|_| !cli.quiet) {
        tell(&format!("folder: {}", folder.path().display()));
    }
    if let Some(caught) = signals.caught() {
        return Ok(caught);
    }
    Ok(match page.verdict() {
        "differs" if args.strict => Exit::GateFailed,
        "nothing-to-compare" if args.strict => Exit::Inconclusive,
        _ => Exit::Pass,
    })
}

/// All recorded calls by the intervals of the run, redials among them: the simulation counts its
/// own as well.
fn intervals(ready: &Ready, recorded: &Recorded) -> Vec<InInterval> {
    let (calendar, step) = (&ready.job.plan.calendar, ready.job.setup.interval.0.max(1));
    let mut all = Vec::new();
    let dropped = recorded.dropped.iter().filter(|it| is_offered(it));
    for call in recorded.offered().chain(dropped) {
        let Some(at) = calendar.since_start(call.start) else {
            continue;
        };
        let row = (at.0 / step) as usize;
        if row >= all.len() {
            all.resize(row + 1, InInterval::default());
        }
        all[row].add(call);
    }
    all
}

impl Page<'_> {
    /// The share of calls answered decides: that is what a replay is asked for.
    fn verdict(&self) -> &'static str {
        match self.backtest.agrees(What::Answered) {
            None => "nothing-to-compare",
            Some(true) => "agrees",
            Some(false) => "differs",
        }
    }

    /// Why this is compared in no interval; empty if it is.
    fn why(&self, what: What) -> String {
        let why = self.backtest.why_not[what as usize];
        why.as_ref().map(WhyNot::to_string).unwrap_or_default()
    }

    /// One that does not agree, for a GitHub workflow.
    fn annotation(&self, strict: bool) -> String {
        let verdict = self.verdict();
        let level = match verdict {
            "agrees" => return String::new(),
            "differs" if strict => "error",
            _ => "warning",
        };
        let (all, inside) = self.backtest.inside(What::Answered);
        let name = self.ready.told.text(&self.ready.name);
        let said = if all == 0 {
            self.why(What::Answered)
        } else {
            format!("{inside} of {all} intervals inside the 95 % band")
        };
        let text = format!("{name}: {verdict}: {said}");
        let text = crate::commands::check::escaped(&text);
        format!("::{level} title=replay::{text}\n")
    }

    fn at(&self, interval: &capacity::backtest::Interval) -> String {
        self.ready.job.plan.calendar.label(interval.bounds.0)
    }

    /// Recorded and simulated answers by interval: what is looked at first.
    fn chart(&self) -> String {
        let intervals = &self.backtest.intervals;
        let held = |it: &capacity::backtest::Interval| it.held[What::Answered as usize];
        let calls = |it: &capacity::backtest::Interval| it.recorded.calls as f64;
        let simulated = |it| held(it).map_or(0.0, |held| held.simulated * calls(it));
        let answered: Vec<f64> = intervals.iter().map(simulated).collect();
        let rest = intervals
            .iter()
            .zip(&answered)
            .map(|(it, value)| calls(it) - value);
        let (inside, all) = (self.backtest.inside(What::Answered).1, intervals.len());
        let layer = |name: &str, outcome: &str, values| Layer {
            name: name.to_owned(),
            colour: palette::outcome(outcome),
            values,
        };
        let series = StackedSeries {
            title: format!(
                "{}: simulated and recorded",
                self.ready.told.text(&self.ready.name)
            ),
            subtitle: format!(
                "{inside} of {all} intervals inside the 95 % band of {} replications",
                self.replications
            ),
            x_labels: intervals
                .iter()
                .map(|it| self.at(it)[..16].replace('T', " "))
                .collect(),
            y_label: format!("calls per {}", self.per),
            line: Some(Line {
                name: "answered, recorded".to_owned(),
                colour: palette::outcome("blocked"),
                values: intervals
                    .iter()
                    .map(|it| it.recorded.answered as f64)
                    .collect(),
            }),
            layers: vec![
                layer("answered, simulated", "answered", answered.clone()),
                layer("not answered, simulated", "abandoned", rest.collect()),
            ],
        };
        report::plot::svg(&Chart::Stacked(series), Size::REPORT)
    }

    fn text(&self) -> String {
        let name = self.ready.told.text(&self.ready.name);
        let mut text = format!(
            "{name}: the simulation {}\n",
            match self.verdict() {
                "agrees" => "agrees with what was recorded",
                "differs" => "differs from what was recorded",
                _ => "has nothing to be compared with",
            }
        );
        let _ = writeln!(
            text,
            "recorded against the 95 % band of {} replications; {:.0} % of the intervals have to \
             lie inside\n",
            self.replications,
            100.0 * AGREES
        );
        self.table(&mut text);
        text.push('\n');
        for what in What::ALL {
            let (all, inside) = self.backtest.inside(what);
            if all == 0 {
                let _ = writeln!(text, "{:<16} not compared: {}", what.name(), self.why(what));
                continue;
            }
            let share = 100.0 * inside as f64 / all as f64;
            let _ = writeln!(
                text,
                "{:<16} {inside} of {all} intervals inside ({share:.0} %)",
                what.name()
            );
            for (interval, held) in self.backtest.worst(what, WORST) {
                let _ = writeln!(
                    text,
                    "  worst: {}  {}",
                    self.at(interval),
                    shown(what, &held)
                );
            }
        }
        for warning in &self.warnings {
            let _ = writeln!(
                text,
                "warning: {}",
                warning.lines().next().unwrap_or_default()
            );
        }
        text
    }

    /// A line an interval, up to a week of hours.
    fn table(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "  interval                    calls   answered   simulated (band)"
        );
        for interval in self.backtest.intervals.iter().take(168) {
            let Some(held) = interval.held[What::Answered as usize] else {
                continue;
            };
            let mark = if held.inside() { ' ' } else { '✗' };
            let [recorded, simulated, low, high] =
                [held.recorded, held.simulated, held.band.0, held.band.1].map(|it| 100.0 * it);
            let _ = writeln!(
                text,
                "{mark} {:<25} {:>7}   {recorded:>6.1} %   {simulated:>5.1} % ({low:.1} to {high:.1})",
                self.at(interval),
                interval.recorded.calls
            );
        }
        if self.backtest.intervals.len() > 168 {
            let more = self.backtest.intervals.len() - 168;
            let _ = writeln!(
                text,
                "  … and {more} more: see intervals.csv (--out) or --format json"
            );
        }
    }

    fn csv(&self) -> String {
        let mut csv = String::from("interval_start,calls");
        for what in What::ALL {
            let name = what.name();
            let _ = write!(
                csv,
                ",{name}_recorded,{name}_simulated,{name}_low,{name}_high"
            );
        }
        csv.push('\n');
        for interval in &self.backtest.intervals {
            let _ = write!(csv, "{},{}", self.at(interval), interval.recorded.calls);
            for held in &interval.held {
                match held {
                    None => csv.push_str(",,,,"),
                    Some(it) => {
                        let (low, high) = it.band;
                        let _ = write!(csv, ",{},{},{low},{high}", it.recorded, it.simulated);
                    }
                }
            }
            csv.push('\n');
        }
        csv
    }

    fn json(&self) -> Vec<u8> {
        let of = |held: &Option<Held>| {
            held.map(|it| {
                json!({ "recorded": it.recorded, "simulated": it.simulated,
                        "band95": [it.band.0, it.band.1], "inside": it.inside() })
            })
        };
        let interval = |it: &capacity::backtest::Interval| {
            let mut object = json!({ "start": self.at(it), "calls": it.recorded.calls });
            for (what, held) in What::ALL.iter().zip(&it.held) {
                object[what.name()] = of(held).unwrap_or(Value::Null);
            }
            object
        };
        let mut inside = json!({});
        let mut worst = json!({});
        for what in What::ALL {
            let (all, within) = self.backtest.inside(what);
            let why_not = self.backtest.why_not[what as usize];
            let why_not = why_not.map(WhyNot::name);
            inside[what.name()] =
                json!({ "intervals": all, "inside": within, "not_compared": why_not });
            let named = self.backtest.worst(what, WORST);
            worst[what.name()] = named.iter().map(|(it, _)| json!(self.at(it))).collect();
        }
        let report = json!({
            "replay": "backtest",
            "verdict": self.verdict(),
            "replications": self.replications,
            "offered_scale": self.scale,
            "inside": inside,
            "worst": worst,
            "intervals": self.backtest.intervals.iter().map(interval).collect::<Vec<_>>(),
            "warnings": self.warnings,
        });
        format!("{report:#}\n").into_bytes()
    }
}

fn shown(what: What, held: &Held) -> String {
    let (scale, unit) = match what {
        What::Answered => (100.0, " % answered"),
        What::Missed => (1.0, " missed"),
        What::Wait => (1.0, " s"),
    };
    let [recorded, low, high] = [held.recorded, held.band.0, held.band.1].map(|it| scale * it);
    format!("recorded {recorded:.1}{unit}, band {low:.1} to {high:.1}")
}
