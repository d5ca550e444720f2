//! The engine by the clock on the wall where decisions need no lanes: they are there at once, or
//! the world stands still while one is awaited.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use engine::run::Watch;
use engine::{Backend, Counts, Engine, Fault, Plan};
use routing::Nanos;
use routing::record::Sink;

use super::clock::{Clock, Speed};
use super::view::{Noted, Seen, View};

/// The longest sleep before it is looked whether the run is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Less than this is not slept: the machine may take as long to wake up.
const SHORT: Duration = Duration::from_micros(120);

/// What the world does while a decision is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// It goes on: decisions take next to no time.
    GoesOn,
    /// It stands still: the time that the back end takes does not pass in it.
    StandsStill,
}

/// Drives one replication. After the last arrival everything goes on as fast as it can be computed.
///
/// # Errors
/// See [`Fault`].
pub fn paced<B: Backend, S: Sink>(
    (plan, replication): (&Plan, u32),
    (backend, world): (B, World),
    sink: S,
    (watch, view): (&Watch, &View),
) -> Result<(S, Counts), Fault> {
    let mut engine = Engine::new(plan, replication, backend, Noted::new(sink));
    let mut clock = Clock::start(Speed::LIFE);
    let begun = Instant::now();
    let mut shown = begun;
    let mut stopped = false;
    while let Some(due) = engine.next_due()
        && !engine.has_fault()
    {
        if watch.stop.load(Ordering::Relaxed) && !stopped {
            stopped = true;
            engine.stop_arrivals();
            continue;
        }
        let now = Instant::now();
        if now.saturating_duration_since(shown) >= Duration::from_secs(1) {
            shown = now;
            view.show(Seen {
                elapsed: begun.elapsed(),
                duration: Duration::from_nanos(plan.duration.0),
                live: engine.live(),
                calls: engine.sink().calls,
                ..Seen::default()
            });
        }
        let over = stopped || clock.at(now) >= plan.duration;
        let left = clock.when(due).saturating_duration_since(now);
        if left.is_zero() || over {
            engine.advance(due);
            if world == World::StandsStill {
                clock.held(now.elapsed());
            }
            tell(&engine, watch);
        } else if let Some(sleep) = left.checked_sub(SHORT) {
            std::thread::sleep(LOOK_EVERY.min(sleep));
        } else {
            std::hint::spin_loop();
        }
    }
    let (noted, counts) = engine.finish()?;
    Ok((noted.inner, counts))
}

fn tell<B: Backend, S: Sink>(engine: &Engine<'_, B, S>, watch: &Watch) {
    let passed: Nanos = engine.now();
    watch
        .passed_s
        .fetch_max(passed.whole_secs(), Ordering::Relaxed);
    watch.ended.store(engine.counts().ended, Ordering::Relaxed);
}
