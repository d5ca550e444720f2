//! A progress bar on stderr, only on a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use engine::run::Watch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::signals::Signals;

/// How often the bar and the signals are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Watches a run from beside it: moves the bar, and stops the run on a signal.
pub(crate) struct Progress {
    watch: Arc<Watch>,
    thread: Option<JoinHandle<()>>,
    done: Arc<std::sync::atomic::AtomicBool>,
}

impl Progress {
    /// Begins to watch a run of so many virtual seconds over all replications.
    pub(crate) fn start(watch: Arc<Watch>, total_s: u64, quiet: bool, signals: Signals) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            bar(total_s)
        };
        let done = Arc::<std::sync::atomic::AtomicBool>::default();
        let (own, over) = (Arc::clone(&watch), Arc::clone(&done));
        let thread = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                bar.set_position(own.passed_s.load(Ordering::Relaxed));
                bar.set_message(format!("{} calls", own.ended.load(Ordering::Relaxed)));
                if signals.caught().is_some() && !own.stop.swap(true, Ordering::Relaxed) {
                    bar.println("interrupted: no more calls start, those in the system end");
                }
                std::thread::park_timeout(TICK);
            }
            bar.finish_and_clear();
        });
        Self {
            watch,
            thread: Some(thread),
            done,
        }
    }

    /// What is watched.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A bar that panicked is no reason to lose a run.
            let _ = thread.join();
        }
    }
}

fn bar(total_s: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {percent:>3}% of virtual time, {msg}, {eta} left");
    let bar = ProgressBar::new(total_s);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
