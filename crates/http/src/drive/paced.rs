//! In step with the clock, with a back end that answers at once or holds the world still until it
//! does.

use std::thread::sleep;
use std::time::{Duration, Instant};

use engine::{Backend, Counts, Engine, Plan};
use routing::Nanos;
use routing::record::Sink;

use super::DriveFault;
use super::board::{Board, put};

/// How long one sleep lasts at most, so that a stop is seen.
const LONGEST_SLEEP: Duration = Duration::from_millis(50);

/// One replication up to its end: on the wall clock while calls arrive, in virtual time after.
/// While the back end is asked no time passes in the run, so it gives what the simulation gives.
///
/// # Errors
/// See [`DriveFault`].
pub fn paced<B: Backend, S: Sink>(
    plan: &Plan,
    replication: u32,
    backend: B,
    sink: S,
    board: &Board,
) -> Result<(S, Counts), DriveFault> {
    let mut engine = Engine::new(plan, replication, backend, sink);
    let epoch = Instant::now();
    // Time in which the world stood still.
    let mut held = Duration::ZERO;
    while let Some(due) = engine.next_due() {
        if engine.has_fault() {
            break;
        }
        if board.stops() {
            engine.stop_arrivals();
            engine.advance(due);
            continue;
        }
        if due < plan.duration {
            wait(epoch + held + Duration::from_nanos(due.0), board);
        }
        let begun = Instant::now();
        engine.advance(due);
        held += begun.elapsed();
        tell(board, engine.now(), engine.counts());
    }
    Ok(engine.finish()?)
}

fn wait(until: Instant, board: &Board) {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || board.stops() {
            return;
        }
        sleep(left.min(LONGEST_SLEEP));
    }
}

fn tell(board: &Board, now: Nanos, counts: Counts) {
    put(&board.passed_ns, now.0);
    put(&board.arrived, counts.arrived);
    put(&board.ended, counts.ended);
}
