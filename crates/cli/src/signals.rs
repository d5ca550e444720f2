//! Ctrl-C once: start no more calls, let those in the system end. Twice: stop now.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::Exit;

/// What was caught so far.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
}

impl Signals {
    /// Begins to listen. The second signal of a kind ends the program at once; files are written under
    /// temporary names, so none is torn.
    pub(crate) fn listen() -> std::io::Result<Self> {
        let signals = Self {
            interrupted: Arc::default(),
            terminated: Arc::default(),
        };
        for (signal, exit, seen) in [
            (SIGINT, Exit::Interrupted, &signals.interrupted),
            (SIGTERM, Exit::Terminated, &signals.terminated),
        ] {
            // The order matters: the shutdown looks at the flag before this signal has set it.
            flag::register_conditional_shutdown(signal, exit as i32, Arc::clone(seen))?;
            flag::register(signal, Arc::clone(seen))?;
        }
        Ok(signals)
    }

    /// How the program ends because of a signal, if there was one.
    pub(crate) fn caught(&self) -> Option<Exit> {
        if self.interrupted.load(Ordering::Relaxed) {
            Some(Exit::Interrupted)
        } else {
            self.terminated
                .load(Ordering::Relaxed)
                .then_some(Exit::Terminated)
        }
    }
}
