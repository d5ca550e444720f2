//! A warm-up that is to be found (`warm_up = "auto"`): pilot replications before the run, and
//! MSER-5 on the calls in the system, averaged over them.
//!
//! The pilots have replication numbers of their own, far above those of any run, so that their
//! draws are nobody else's and the run itself is the one that a warm-up given by hand would make.

use engine::run::{Watch, replication};
use measure::warm_up::{InSystem, mser5};
use rayon::prelude::*;
use routing::Nanos;

use crate::job::{Job, WarmUp};
use crate::run::RunFault;

/// How many pilots: Hoad, Robinson and Davies (2010) begin with five.
pub const PILOTS: u32 = 5;

/// Into so many equal steps a pilot is cut: two hundred batches of five.
const STEPS: u64 = 1000;

/// What MSER-5 found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The warm-up.
    pub warm_up: Nanos,
    /// The length of an observation.
    pub step: Nanos,
    /// Whether the run is too short to tell: the smallest standard error lies in its second half.
    pub too_short: bool,
}

/// Finds the warm-up of a job that asks for it, and lets the job count from there; nothing when
/// it was given. On so many threads (0: as many as there are cores).
///
/// # Errors
/// See [`RunFault`].
pub fn settle(job: &mut Job, threads: usize, watch: &Watch) -> Result<(), RunFault> {
    if job.warm_up != WarmUp::Open {
        return Ok(());
    }
    let step = Nanos(job.plan.duration.0.div_ceil(STEPS).max(1));
    let whole_steps = (job.plan.duration.0 / step.0) as usize;
    let empty = InSystem::new(step, whole_steps);
    let one = |pilot: u32| {
        let number = u32::MAX - pilot;
        let done = replication(&job.plan, number, job.in_process(), empty.clone(), watch);
        done.map(|(in_system, _)| in_system)
    };
    let pool = crate::run::pool(threads)?;
    let all = || (0..PILOTS).into_par_iter().map(one).collect();
    let pilots: Result<Vec<InSystem>, _> = pool.install(all);
    let mut sum = empty.clone();
    for pilot in pilots? {
        sum.add(&pilot);
    }
    let truncation = mser5(&sum.means(PILOTS));
    let found = Found {
        warm_up: Nanos(step.0 * truncation.observations as u64),
        step,
        too_short: truncation.too_short,
    };
    job.count_from(found);
    Ok(())
}
