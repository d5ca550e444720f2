//! The accept loop: connections in, bounded in number and time; told to stop, it answers what is
//! under way and takes nothing new.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode, body::Incoming};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::accounts_rate::Rates;
use super::answer::{self, Reset};
use super::fault::Faults;
use super::metrics::Metrics;
use super::{Bounds, Desk};

/// So many connections beyond the bound are told why they are not served.
const TOLD: usize = 256;

/// The largest head of a request.
const MAX_HEAD: usize = 32 * 1024;

/// Everything that a request needs.
pub(super) struct House {
    pub(super) desk: Desk,
    pub(super) bounds: Bounds,
    pub(super) faults: Faults,
    pub(super) metrics: Metrics,
    pub(super) rates: Option<Rates>,
    pub(super) begun: Instant,
    numbers: AtomicU64,
}

impl House {
    /// The next request's number.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

/// What a server did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Requests that were answered, or reset on purpose.
    pub requests: u64,
    /// Connections that were still open when the drain was over.
    pub left: usize,
}

/// Serves until `stop` is done, then what is under way.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    bounds: Bounds,
    faults: Faults,
    stop: impl Future<Output = ()>,
) -> Served {
    let begun = Instant::now();
    let rates = bounds
        .per_account_per_s
        .map(|per_s| Rates::new(per_s, desk.accounts.sub_accounts().len(), begun));
    let house = Arc::new(House {
        desk,
        bounds,
        faults,
        metrics: Metrics::default(),
        rates,
        begun,
        numbers: AtomicU64::new(0),
    });
    let (tell, told) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => take(&house, stream, told.clone()),
                // Out of descriptors, or gone before it was accepted: others may still come.
                Err(_) => sleep(Duration::from_millis(5)).await,
            },
        }
    }
    drop(listener);
    let _ = tell.send(true);
    let drained = async {
        while house.metrics.connections.now() > 0 {
            sleep(Duration::from_millis(2)).await;
        }
    };
    let _ = timeout(house.bounds.drain, drained).await;
    Served {
        requests: house.metrics.total(),
        left: house.metrics.connections.now(),
    }
}

/// One connection, on a task of its own.
fn take(house: &Arc<House>, stream: TcpStream, told: watch::Receiver<bool>) {
    let (held, now) = house.metrics.connections.enter();
    house.metrics.accepted.fetch_add(1, Ordering::Relaxed);
    let bound = house.bounds.connections;
    if now > bound + TOLD {
        return;
    }
    // A small answer must not wait for more of it to come.
    let _ = stream.set_nodelay(true);
    let house = Arc::clone(house);
    tokio::spawn(async move {
        let _held = held;
        connection(&house, stream, told, now > bound).await;
    });
}

async fn connection(
    house: &Arc<House>,
    stream: TcpStream,
    mut told: watch::Receiver<bool>,
    full: bool,
) {
    let service = service_fn(|request: Request<Incoming>| async move {
        if full {
            let after = Duration::from_secs(1);
            return Ok::<_, Reset>(answer::later(StatusCode::SERVICE_UNAVAILABLE, after));
        }
        answer::answer(house, request).await
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(house.bounds.idle)
            .max_buf_size(MAX_HEAD)
            .keep_alive(!full)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = &mut connection => return,
        _ = told.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
