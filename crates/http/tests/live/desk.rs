//! Servers and scenarios to test with.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use capacity::Job;
use http::client::{Endpoint, Protocol, Settings};
use http::serve::{Bounds, Desk, Faults, Served, serve};
use http::target::Allow;
use http::url::Url;
use scenario::{FileError, Files, Options, read_scenario};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// Two files that lie in memory.
struct Texts<'a> {
    scenario: &'a str,
    accounts: &'a str,
}

impl Files for Texts<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let text = match path.to_str() {
            Some("scenario.toml") => self.scenario,
            Some("accounts.toml") => self.accounts,
            _ => return Err(FileError::Missing),
        };
        Ok(text.as_bytes().to_vec())
    }

    fn open(&self, path: &Path) -> Result<Box<dyn std::io::BufRead + '_>, FileError> {
        Ok(Box::new(std::io::Cursor::new(self.read(path)?)))
    }

    fn call_log(&self, _path: &Path) -> Result<Arc<[model::arrivals::LoggedCall]>, Vec<String>> {
        Err(vec!["no log here".to_owned()])
    }
}

/// A job of these texts.
pub(crate) fn job(scenario: &str, accounts: &str) -> Job {
    let texts = Texts { scenario, accounts };
    let options = Options {
        overrides: Vec::new(),
        gates: Vec::new(),
        metrics: &|_| Ok("s"),
    };
    let read = read_scenario(Path::new("scenario.toml"), &texts, &options);
    Job::new(read.unwrap_or_else(|why| panic!("{why}"))).expect("something is counted")
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A server on a thread of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Served>>,
}

impl Server {
    pub(crate) fn start(desk: Desk, bounds: Bounds, faults: Faults) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                tell.send(listener.local_addr().expect("an address"))
                    .expect("somebody waits");
                serve(listener, desk, bounds, faults, async {
                    let _ = stopped.await;
                })
                .await
            })
        });
        Self {
            address: told.recv().expect("the server begins"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn of(job: &Job) -> Self {
        Self::start(desk(job), Bounds::default(), Faults::default())
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("a URL")
    }

    /// Tells it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> Served {
        self.ended().expect("the server does not panic")
    }

    fn ended(&mut self) -> Option<Served> {
        drop(self.stop.take());
        self.thread.take()?.join().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended();
    }
}

/// A desk that decides as the job does.
pub(crate) fn desk(job: &Job) -> Desk {
    Desk {
        accounts: Arc::clone(&job.plan.accounts),
        params: job.plan.routing.clone(),
        policy: job.policy,
        zone: job.plan.calendar.zone().clone(),
        token: None,
        signed_as: None,
    }
}

pub(crate) fn endpoint(url: Url, protocol: Protocol) -> Arc<Endpoint> {
    endpoint_with(Settings::new(url, protocol))
}

pub(crate) fn endpoint_with(settings: Settings) -> Arc<Endpoint> {
    endpoint_allowed(settings, Vec::new())
}

pub(crate) fn endpoint_allowed(settings: Settings, allowed: Vec<Allow>) -> Arc<Endpoint> {
    let found = runtime().block_on(Endpoint::find(settings, allowed));
    Arc::new(found.unwrap_or_else(|why| panic!("{why}")))
}
