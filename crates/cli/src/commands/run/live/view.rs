//! A live run while it goes: one line on a terminal, rewritten; a line every 10 s elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use http::drive::{Board, Glance};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::tell;
use crate::signals::Signals;

/// How often signals are looked at, and the line is rewritten.
const TICK: Duration = Duration::from_millis(200);

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// Watches from a thread of its own.
pub(super) struct View {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl View {
    pub(super) fn start(board: Arc<Board>, quiet: bool, signals: Signals) -> Self {
        let over = Arc::<AtomicBool>::default();
        let ends = Arc::clone(&over);
        let thread = std::thread::spawn(move || watch(&board, quiet, &signals, &ends));
        Self {
            over,
            thread: Some(thread),
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(board: &Board, quiet: bool, signals: &Signals, over: &AtomicBool) {
    let terminal = std::io::stderr().is_terminal() && !quiet;
    let bar = if terminal {
        let bar = ProgressBar::new_spinner();
        bar.with_style(
            ProgressStyle::with_template("{spinner} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        )
    } else {
        ProgressBar::hidden()
    };
    let (mut last, mut at) = (board.glance(), Instant::now());
    let mut told = Instant::now();
    while !over.load(Ordering::Relaxed) {
        sleep(TICK);
        if signals.caught().is_some() && !board.stop.swap(true, Ordering::Relaxed) && !quiet {
            bar.suspend(|| tell("interrupted: no more calls start, those under way are drained"));
        }
        let now = board.glance();
        if terminal && at.elapsed() >= Duration::from_secs(1) {
            bar.set_message(line(&now, &last, at.elapsed()));
            (last, at) = (now, Instant::now());
        }
        bar.tick();
        if !terminal && !quiet && told.elapsed() >= EVERY {
            tell(&line(&now, &last, at.elapsed()));
            (last, at) = (now, Instant::now());
            told = Instant::now();
        }
    }
    bar.finish_and_clear();
}

fn line(now: &Glance, last: &Glance, took: Duration) -> String {
    let seconds = took.as_secs_f64().max(1e-3);
    let rate = |now: u64, last: u64| (now - last) as f64 / seconds;
    let mut line = format!(
        "{:>5.0} s  calls {} arrived, {} ended",
        now.passed_ns as f64 / 1e9,
        now.arrived,
        now.ended
    );
    if now.due > 0 {
        line += &format!(
            "  questions {:.0}/s due, {:.0}/s done, {} under way, {} waiting",
            rate(now.due, last.due),
            rate(now.done, last.done),
            now.in_flight,
            now.waiting
        );
        line += &format!(
            "  p50 {} us, p99 {} us, lag p99 {} us",
            now.p50_us, now.p99_us, now.lag_p99_us
        );
        if now.failed + now.refused > 0 {
            line += &format!("  {} failed, {} refused", now.failed, now.refused);
        }
    }
    line
}
