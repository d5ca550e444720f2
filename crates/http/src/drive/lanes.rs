//! Connections and who uses them: a bounded number, each on a task of its own, the least long
//! unused first; whoever finds none free waits in the order of coming.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use engine::Ticket;
use routing::call::InboundCall;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::client::{self, Connection, Endpoint, Given, Kind, Protocol, Span, Told};
use crate::wire::ask::Ask;
use crate::wire::flaw::Flaw;

/// Of a question that no lane has seen.
const NO_LANE: usize = usize::MAX;

/// A question with its times.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) ticket: Ticket,
    pub(super) call: InboundCall,
    pub(super) ask: Ask,
    pub(super) due: Instant,
    pub(super) ready: Instant,
}

/// A question that was answered, or not.
#[derive(Debug)]
pub(super) struct Done {
    lane: usize,
    pub(super) ticket: Ticket,
    pub(super) call: InboundCall,
    pub(super) given: Result<Given, Flaw>,
    pub(super) told: Told,
}

/// All connections.
pub(super) struct Lanes {
    endpoint: Arc<Endpoint>,
    most: usize,
    lanes: Vec<UnboundedSender<Job>>,
    /// Those with nothing to do, the one that was used last at the end.
    idle: Vec<usize>,
    waiting: VecDeque<Job>,
    tell: UnboundedSender<Done>,
    done: UnboundedReceiver<Done>,
}

impl Lanes {
    /// None yet, at most so many.
    pub(super) fn new(endpoint: Arc<Endpoint>, most: usize) -> Self {
        let (tell, done) = unbounded_channel();
        Self {
            endpoint,
            most,
            lanes: Vec::new(),
            idle: Vec::new(),
            waiting: VecDeque::new(),
            tell,
            done,
        }
    }

    /// Sends it at once over a free connection, or a new one, or lets it wait for one.
    pub(super) fn send(&mut self, job: Job) {
        if let Some(lane) = self.idle.pop() {
            return self.over(lane, job);
        }
        if self.lanes.len() >= self.most {
            return self.waiting.push_back(job);
        }
        let (give, jobs) = unbounded_channel();
        self.lanes.push(give);
        let lane = self.lanes.len() - 1;
        tokio::spawn(work(
            lane,
            Arc::clone(&self.endpoint),
            jobs,
            self.tell.clone(),
        ));
        self.over(lane, job);
    }

    fn over(&self, lane: usize, job: Job) {
        // A lane ends only when this end is dropped.
        let _ = self.lanes[lane].send(job);
    }

    /// The next that is done, if there is one now.
    pub(super) fn try_done(&mut self) -> Option<Done> {
        let done = self.done.try_recv().ok()?;
        self.free(done.lane);
        Some(done)
    }

    /// The next that is done, waited for.
    pub(super) async fn next_done(&mut self) -> Option<Done> {
        let done = self.done.recv().await?;
        self.free(done.lane);
        Some(done)
    }

    /// The lane goes on with whoever waits longest.
    fn free(&mut self, lane: usize) {
        if lane == NO_LANE {
            return;
        }
        let total = self.endpoint.settings().total;
        while let Some(job) = self.waiting.pop_front() {
            if job.due.elapsed() < total {
                return self.over(lane, job);
            }
            // The caller has heard the error long ago.
            let told = never_sent(&job, self.kind());
            let _ = self.tell.send(Done {
                lane: NO_LANE,
                ticket: job.ticket,
                call: job.call,
                given: Err(Flaw::Timeout),
                told,
            });
        }
        self.idle.push(lane);
    }

    fn kind(&self) -> Kind {
        match self.endpoint.settings().protocol {
            Protocol::Twilio => Kind::Voice,
            Protocol::Json => Kind::Route,
        }
    }

    /// Connections at work.
    pub(super) fn busy(&self) -> usize {
        self.lanes.len() - self.idle.len()
    }

    /// Questions that wait for a connection.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Gives up whatever waits: it is told as never sent.
    pub(super) fn give_up(&mut self) -> Vec<Told> {
        let kind = self.kind();
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().map(|job| never_sent(job, kind)).collect()
    }
}

fn never_sent(job: &Job, kind: Kind) -> Told {
    Told {
        spans: vec![Span {
            kind,
            due: job.due,
            ready: job.ready,
            sent: None,
            replied: Instant::now(),
            flaw: Some(Flaw::Timeout.class()),
        }],
        ..Told::default()
    }
}

/// One connection, as long as there is work.
async fn work(
    lane: usize,
    endpoint: Arc<Endpoint>,
    mut jobs: UnboundedReceiver<Job>,
    tell: UnboundedSender<Done>,
) {
    let mut connection: Option<Connection> = None;
    while let Some(job) = jobs.recv().await {
        let mut told = Told::default();
        let asking = client::ask(
            &endpoint,
            &mut connection,
            &job.ask,
            job.due,
            job.ready,
            &mut told,
        );
        let given = asking.await;
        let done = Done {
            lane,
            ticket: job.ticket,
            call: job.call,
            given,
            told,
        };
        if tell.send(done).is_err() {
            return;
        }
    }
}
