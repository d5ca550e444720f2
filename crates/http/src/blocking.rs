//! For callers that know no async: each function has a runtime of its own and returns when it is
//! done.

use std::io;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use crate::client::{Connection, Endpoint, EndpointFault, Settings};
use crate::serve::{self, Bounds, Desk, Faults, Served};
use crate::target::Allow;
use crate::verify::{Cases, Examiner, Verification, VerifyFault};

/// How often a router that is not there yet is tried.
const TRY_EVERY: Duration = Duration::from_millis(50);

/// How often it is looked whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum BlockingFault {
    /// The machine has no room for a runtime.
    #[error("cannot start the event loop: {0}")]
    Runtime(#[from] io::Error),
    /// The router cannot be asked.
    #[error(transparent)]
    Endpoint(#[from] EndpointFault),
    /// It did not answer in the time that was given for it.
    #[error("{authority} did not answer within {}", seconds(*.waited))]
    NotThere {
        /// Where it should be.
        authority: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// There was nothing to verify.
    #[error(transparent)]
    Verify(#[from] VerifyFault),
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

fn one_thread() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Serves on so many threads until `stop` says so, then what is under way.
///
/// # Errors
/// When the machine has no room for it.
pub fn serve(
    listener: std::net::TcpListener,
    desk: Desk,
    (bounds, faults): (Bounds, Faults),
    threads: usize,
    stop: impl Fn() -> bool,
) -> io::Result<Served> {
    let runtime = if threads <= 1 {
        one_thread()?
    } else {
        Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()?
    };
    listener.set_nonblocking(true)?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        let stopped = async {
            while !stop() {
                sleep(LOOK_EVERY).await;
            }
        };
        Ok(serve::serve(listener, desk, bounds, faults, stopped).await)
    })
}

/// Finds a router that the guard passes, and waits so long until it answers at all.
///
/// # Errors
/// When the guard refuses it, or it does not answer.
pub fn find(
    settings: Settings,
    allowed: Vec<Allow>,
    wait_for: Duration,
) -> Result<Endpoint, BlockingFault> {
    one_thread()?.block_on(async {
        let endpoint = Endpoint::find(settings, allowed).await?;
        if wait_for.is_zero() {
            return Ok(endpoint);
        }
        let begun = Instant::now();
        while !answers(&endpoint).await {
            if begun.elapsed() >= wait_for {
                return Err(BlockingFault::NotThere {
                    authority: endpoint.settings().url.authority(),
                    waited: wait_for,
                });
            }
            sleep(TRY_EVERY).await;
        }
        Ok(endpoint)
    })
}

/// Whether anything that speaks HTTP is there: what it says does not matter.
async fn answers(endpoint: &Endpoint) -> bool {
    let Ok(mut connection) = Connection::open(endpoint).await else {
        return false;
    };
    let root = endpoint.settings().url.with_path("/");
    connection.get(&root, Duration::from_secs(1)).await.is_ok()
}

/// Asks a router every case.
///
/// # Errors
/// When there is nobody to ask.
pub fn verify(
    endpoint: &Endpoint,
    examiner: &Examiner,
    cases: &Cases,
) -> Result<Verification, BlockingFault> {
    let examined = one_thread()?.block_on(examiner.examine(endpoint, cases));
    Ok(examined?)
}
