//! A driven run, watched: a page that is drawn anew on a terminal, a line now and then elsewhere,
//! and Ctrl-C.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::run::Watch;
use http::drive::{Seen, View};
use indicatif::{ProgressBar, ProgressStyle};
use measure::Gate;
use routing::record::Outcome;

use crate::output::tell;
use crate::signals::Signals;

/// How often signals are looked for, and the page is drawn.
const TICK: Duration = Duration::from_millis(200);

/// How often a line is printed where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Watches a run from beside it.
pub(super) struct Watching {
    watch: Arc<Watch>,
    view: Arc<View>,
    thread: Option<JoinHandle<()>>,
    done: Arc<AtomicBool>,
}

impl Watching {
    pub(super) fn start(gates: &[Gate], quiet: bool, signals: Signals) -> Self {
        let mut watching = Self {
            watch: Arc::default(),
            view: Arc::default(),
            thread: None,
            done: Arc::default(),
        };
        let (watch, view) = (Arc::clone(&watching.watch), Arc::clone(&watching.view));
        let done = Arc::clone(&watching.done);
        let page = Page {
            gates: gates.to_vec(),
            form: match (quiet, std::io::stderr().is_terminal()) {
                (true, _) => Form::Silent,
                (false, true) => Form::Terminal(bar()),
                (false, false) => Form::Lines(Duration::ZERO),
            },
            before: Seen::default(),
        };
        let thread = std::thread::spawn(move || page.watch(&watch, &view, &done, &signals));
        watching.thread = Some(thread);
        watching
    }

    /// What may stop it.
    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Where the run shows how far it is.
    pub(super) fn view(&self) -> &View {
        &self.view
    }

    /// The run is over.
    pub(super) fn end(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A page that panicked is no reason to lose a run.
            let _ = thread.join();
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.end();
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{msg}") {
        bar.set_style(style);
    }
    bar
}

enum Form {
    Silent,
    Terminal(ProgressBar),
    /// When the last one was, in time of the run.
    Lines(Duration),
}

struct Page {
    gates: Vec<Gate>,
    form: Form,
    /// A second ago, for rates.
    before: Seen,
}

impl Page {
    fn watch(mut self, watch: &Watch, view: &View, done: &AtomicBool, signals: &Signals) {
        let mut rates = Rates::default();
        while !done.load(Ordering::Relaxed) {
            let seen = view.seen();
            if seen.elapsed > self.before.elapsed {
                rates = Rates::between(&self.before, &seen);
                self.before = seen.clone();
            }
            if signals.caught().is_some() && !watch.stop.swap(true, Ordering::Relaxed) {
                self.say("interrupted: no more calls start, those in the system end");
            }
            match &mut self.form {
                Form::Terminal(bar) if !seen.elapsed.is_zero() => {
                    bar.set_message(page(&seen, rates, &self.gates));
                    bar.tick();
                }
                Form::Lines(last) if seen.elapsed.saturating_sub(*last) >= LINE_EVERY => {
                    *last = seen.elapsed;
                    tell(&line(&seen, rates));
                }
                _ => {}
            }
            std::thread::park_timeout(TICK);
        }
        if let Form::Terminal(bar) = &self.form {
            bar.finish_and_clear();
        }
    }

    fn say(&self, text: &str) {
        match &self.form {
            Form::Terminal(bar) => bar.println(text),
            Form::Lines(_) => tell(text),
            Form::Silent => {}
        }
    }
}

/// Requests a second.
#[derive(Debug, Clone, Copy, Default)]
struct Rates {
    due: f64,
    sent: f64,
    done: f64,
}

impl Rates {
    fn between(before: &Seen, now: &Seen) -> Self {
        let seconds = (now.elapsed.saturating_sub(before.elapsed)).as_secs_f64();
        let rate = |before: u64, now: u64| now.saturating_sub(before) as f64 / seconds.max(1e-9);
        Self {
            due: rate(before.due, now.due),
            sent: rate(before.sent, now.sent),
            done: rate(before.done, now.done),
        }
    }
}

fn ms(ns: u64) -> String {
    format!("{:.2}", ns as f64 / 1e6)
}

/// How far it is: of a time that is known beforehand, or where the router sets the pace, by when
/// the calls arrive.
fn how_far(seen: &Seen) -> String {
    let (elapsed, whole) = (seen.elapsed.as_secs_f64(), seen.duration.as_secs_f64());
    seen.passed.map_or_else(
        || format!("{elapsed:.0} s of {whole:.0} s"),
        |share| {
            let of = 100.0 * share;
            format!("{elapsed:.0} s, {of:.1} % of the time of the calls")
        },
    )
}

/// One line, for logs.
fn line(seen: &Seen, rates: Rates) -> String {
    let [p50, _, p99, most] = seen.response_ns.map(ms);
    format!(
        "{}: due {:.0}/s, sent {:.0}/s, done {:.0}/s, {} in flight, {} calls \
         ended; response p50 {p50} p99 {p99} max {most} ms, lag p99 {} ms, {} of late; {} refused, \
         {} failed",
        how_far(seen),
        rates.due,
        rates.sent,
        rates.done,
        seen.in_flight + seen.waiting,
        seen.calls.ended(),
        ms(seen.lag_p99_ns),
        ms(seen.lag_of_late_ns),
        seen.refused,
        seen.failed,
    )
}

/// A page, for terminals.
fn page(seen: &Seen, rates: Rates, gates: &[Gate]) -> String {
    let [p50, p90, p99, most] = seen.response_ns.map(ms);
    let mut page = format!(
        "{}\n\
         requests   wanted {:.0}/s   started {:.0}/s   done {:.0}/s\n\
         \u{20}          {} due, {} sent, {} not sent, {} in flight, {} waiting, {} connections\n\
         response   p50 {p50}   p90 {p90}   p99 {p99}   max {most} ms\n\
         our lag    p99 {} ms, {} in the last 10 s\n\
         router     {} refused (429, 503)   {} failed\n\
         calls      {} in the system",
        how_far(seen),
        rates.due,
        rates.sent,
        rates.done,
        seen.due,
        seen.sent,
        seen.not_sent,
        seen.in_flight,
        seen.waiting,
        seen.connections,
        ms(seen.lag_p99_ns),
        ms(seen.lag_of_late_ns),
        seen.refused,
        seen.failed,
        seen.live,
    );
    for (outcome, count) in Outcome::ALL.iter().zip(seen.calls.outcomes) {
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(page, "   {} {count}", outcome.name());
        }
    }
    let _ = write!(
        page,
        "\nlimits     {} violations   {} blocks",
        seen.calls.violations, seen.calls.blocks
    );
    for gate in gates {
        let _ = write!(page, "\ngate       {}", gate_line(gate, seen));
    }
    page
}

/// How a gate stands, where that can be told before the end.
fn gate_line(gate: &Gate, seen: &Seen) -> String {
    let bounds: Vec<String> = gate
        .bounds()
        .map(|it| format!("{} {}", it.sign(), it.at()))
        .collect();
    let asked = format!("{} {}", gate.metric, bounds.join(" and "));
    match so_far(&gate.metric, seen) {
        Some(value) if gate.each.is_none() => format!("{asked}: {value:.4} so far"),
        _ => format!("{asked}: at the end"),
    }
}

fn so_far(metric: &str, seen: &Seen) -> Option<f64> {
    let ended = seen.calls.ended();
    let of_outcome = |name: &str| {
        let at = Outcome::ALL.iter().position(|it| it.name() == name)?;
        Some(seen.calls.outcomes[at] as f64)
    };
    let us = |ns: u64| Some(ns as f64 / 1000.0);
    match metric {
        "backend.response_us.p50" => us(seen.response_ns[0]),
        "backend.response_us.p90" => us(seen.response_ns[1]),
        "backend.response_us.p99" => us(seen.response_ns[2]),
        "backend.response_us.max" => us(seen.response_ns[3]),
        "backend.lag_us.p99" => us(seen.lag_p99_ns),
        "backend.requests" => Some(seen.due as f64),
        "backend.not_sent" => Some(seen.not_sent as f64),
        "limit.violations" => Some(seen.calls.violations as f64),
        other => {
            let name = other.strip_prefix("calls.")?;
            match name.strip_suffix(".share") {
                Some(name) => Some(of_outcome(name)? / (ended.max(1) as f64)),
                None => of_outcome(name),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        let mut seen = Seen {
            elapsed: Duration::from_secs(20),
            duration: Duration::from_mins(1),
            due: 2_000,
            sent: 1_990,
            not_sent: 4,
            done: 1_980,
            in_flight: 10,
            response_ns: [150_000, 300_000, 2_000_000, 9_000_000],
            lag_p99_ns: 20_000,
            lag_of_late_ns: 30_000,
            refused: 3,
            ..Seen::default()
        };
        seen.calls.outcomes[0] = 90;
        seen.calls.outcomes[2] = 10;
        seen
    }

    #[test]
    fn a_line_tells_rates_percentiles_and_lag() {
        let rates = Rates::between(&Seen::default(), &seen());
        assert_eq!(
            line(&seen(), rates),
            "20 s of 60 s: due 100/s, sent 100/s, done 99/s, 10 in flight, 100 calls ended; \
             response p50 0.15 p99 2.00 max 9.00 ms, lag p99 0.02 ms, 0.03 of late; 3 refused, \
             0 failed"
        );
    }

    #[test]
    fn a_closed_loop_is_as_far_as_its_calls() {
        assert_eq!(how_far(&seen()), "20 s of 60 s");
        let closed = Seen {
            passed: Some(0.125),
            ..seen()
        };
        assert_eq!(how_far(&closed), "20 s, 12.5 % of the time of the calls");
    }

    #[test]
    fn a_page_shows_each_gate_as_far_as_it_is_known() {
        let gate = |metric: &str| Gate {
            metric: metric.to_owned(),
            min: Some(0.8),
            ..Gate::default()
        };
        let gates = [gate("calls.answered.share"), gate("staff.occupancy")];
        let page = page(&seen(), Rates::default(), &gates);
        assert!(page.contains("gate       calls.answered.share >= 0.8: 0.9000 so far"));
        assert!(page.contains("gate       staff.occupancy >= 0.8: at the end"));
        assert!(
            page.contains("limits     0 violations   0 blocks"),
            "{page}"
        );
    }
}
