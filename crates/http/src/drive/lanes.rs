//! The connections of a driven run, each a lane that asks one question after the other; polled one
//! step at a time by whoever keeps the schedule, who can look at the clock in between.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use engine::Ticket;
use routing::call::InboundCall;

use super::tickets::Asked;
use crate::client::{self, Connection, Endpoint, Given, Told};
use crate::wire::ask::Ask;
use crate::wire::flaw::Flaw;
use crate::wire::status::Ended;

/// So many lanes are connected at once at most: more than a router accepts in one go only makes its
/// machine drop them, to be tried again a second later.
const OPENING: usize = 32;

/// What a lane is sent with.
pub(super) enum Errand {
    /// A question.
    Ask(Asked),
    /// The end of a call, and the call.
    Tell(Ask, Ended),
}

/// An errand for a lane.
pub(super) struct Task {
    pub(super) errand: Errand,
    pub(super) due: Instant,
    /// When it was ready but found no lane; none when it found one at once.
    pub(super) waits_since: Option<Instant>,
}

/// How an errand came to its end.
pub(super) enum Over {
    /// A question about this call has its answer, or none.
    Asked(Ticket, InboundCall, Result<Given, Flaw>),
    /// The end of a call was told, or not.
    Told,
    /// It was broken off.
    BrokenOff,
}

/// An errand that has come to its end.
pub(super) struct Done {
    pub(super) over: Over,
    pub(super) told: Told,
}

/// What a lane is to do.
enum Work {
    /// Open its connection.
    Open,
    /// Ask.
    Ask(Task),
}

/// What a lane has done.
enum Worked {
    /// It has its connection, or why not.
    Opened(Result<(), Flaw>),
    /// The question came to its end; whether the connection is still there.
    Asked(Done, bool),
}

/// Where a lane gets its work and leaves what came of it.
#[derive(Default)]
struct Slot {
    work: RefCell<Option<Work>>,
    worked: RefCell<Option<Worked>>,
    /// Break off what is under way.
    stop: Cell<bool>,
}

struct Lane<'a> {
    slot: Rc<Slot>,
    work: Pin<Box<dyn Future<Output = ()> + 'a>>,
    bell: Arc<Bell>,
    waker: Waker,
}

/// Lanes whose next step can be taken.
#[derive(Default)]
struct Ready {
    lanes: Mutex<Vec<u32>>,
    /// Whoever polls the lanes, while it rests.
    resting: Mutex<Option<Waker>>,
    rests: AtomicBool,
}

/// Rings when a lane can go on.
struct Bell {
    lane: u32,
    rung: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.rung.swap(true, Ordering::AcqRel) {
            return;
        }
        lock(&self.ready.lanes).push(self.lane);
        // Waking a runtime costs a system call: once is enough.
        if self.ready.rests.swap(false, Ordering::AcqRel)
            && let Some(waker) = &*lock(&self.ready.resting)
        {
            waker.wake_by_ref();
        }
    }
}

fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came of one step.
pub(super) enum Step {
    /// No lane can go on.
    None,
    /// One went on.
    Went,
    /// And its question came to its end.
    Ended(Done),
    /// And it is connected.
    Opened,
    /// And it cannot be connected.
    Closed(Flaw),
}

/// All of them.
pub(super) struct Lanes<'a> {
    endpoint: &'a Endpoint,
    most: usize,
    all: Vec<Lane<'a>>,
    /// Connected. The last one used is used next: few connections are kept warm, not all of them
    /// lukewarm.
    idle: Vec<u32>,
    /// Not connected.
    cold: Vec<u32>,
    /// Being connected.
    opening: usize,
    ready: Arc<Ready>,
    /// Those that can go on and were not looked at yet, the next one last.
    rung: Vec<u32>,
    /// Those that were given work and were not looked at yet.
    given: Vec<u32>,
    /// Whether answers that are there are read before more is sent.
    reads_first: bool,
}

impl<'a> Lanes<'a> {
    /// So many at most. With `reads_first` all answers that have come are read before the next
    /// requests leave: they leave together then, and a router that has gone to sleep is woken once
    /// for all of them instead of once for each. A schedule that is to be kept cannot wait for that.
    pub(super) fn new(endpoint: &'a Endpoint, most: usize, reads_first: bool) -> Self {
        Self {
            endpoint,
            most: most.max(1),
            all: Vec::new(),
            idle: Vec::new(),
            cold: Vec::new(),
            opening: 0,
            ready: Arc::default(),
            rung: Vec::new(),
            given: Vec::new(),
            reads_first,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// Questions under way.
    pub(super) fn busy(&self) -> usize {
        self.all.len() - self.idle.len() - self.cold.len() - self.opening
    }

    /// Whether one is connected and free.
    pub(super) fn is_free(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Gives a question to a lane that is free.
    pub(super) fn give(&mut self, task: Task) {
        if let Some(at) = self.idle.pop() {
            self.set_to(at, Work::Ask(task));
        }
    }

    /// Connects more lanes, so that there is one for each of so many questions that wait. They are
    /// not tied to a question: whoever is free first takes the next one. Few at a time, since the
    /// router has to accept them.
    pub(super) fn open_for(&mut self, waiting: usize) {
        while self.opening < waiting.min(OPENING) {
            let at = match self.cold.pop() {
                Some(at) => at,
                None if self.all.len() < self.most => self.add(),
                None => return,
            };
            self.opening += 1;
            self.set_to(at, Work::Open);
        }
    }

    fn set_to(&mut self, at: u32, work: Work) {
        *self.all[at as usize].slot.work.borrow_mut() = Some(work);
        self.step_now(at);
    }

    fn step_now(&mut self, at: u32) {
        let bell = &self.all[at as usize].bell;
        if !bell.rung.swap(true, Ordering::AcqRel) {
            let next = if self.reads_first {
                &mut self.given
            } else {
                &mut self.rung
            };
            next.push(at);
        }
    }

    fn add(&mut self) -> u32 {
        let at = self.all.len() as u32;
        let slot = Rc::<Slot>::default();
        let bell = Arc::new(Bell {
            lane: at,
            rung: AtomicBool::new(false),
            ready: Arc::clone(&self.ready),
        });
        self.all.push(Lane {
            work: Box::pin(work(self.endpoint, Rc::clone(&slot))),
            waker: Waker::from(Arc::clone(&bell)),
            slot,
            bell,
        });
        at
    }

    /// Whoever polls is woken when a lane can go on, unless one can already: `false`.
    pub(super) fn rest(&mut self, cx: &Context<'_>) -> bool {
        let mut resting = lock(&self.ready.resting);
        match &mut *resting {
            Some(waker) if waker.will_wake(cx.waker()) => {}
            other => *other = Some(cx.waker().clone()),
        }
        drop(resting);
        self.ready.rests.store(true, Ordering::Release);
        self.rung.is_empty() && self.given.is_empty() && lock(&self.ready.lanes).is_empty()
    }

    /// One step of one lane, if one can go on.
    pub(super) fn step(&mut self) -> Step {
        if self.rung.is_empty() {
            std::mem::swap(&mut self.rung, &mut lock(&self.ready.lanes));
            if self.rung.is_empty() {
                std::mem::swap(&mut self.rung, &mut self.given);
            }
            // First come, first served.
            self.rung.reverse();
        }
        let Some(at) = self.rung.pop() else {
            return Step::None;
        };
        let lane = &mut self.all[at as usize];
        lane.bell.rung.store(false, Ordering::Release);
        let mut cx = Context::from_waker(&lane.waker);
        // A lane never ends.
        let _ = lane.work.as_mut().poll(&mut cx);
        let worked = lane.slot.worked.borrow_mut().take();
        match worked {
            None => Step::Went,
            Some(Worked::Asked(done, connected)) => {
                let home = if connected {
                    &mut self.idle
                } else {
                    &mut self.cold
                };
                home.push(at);
                Step::Ended(done)
            }
            Some(Worked::Opened(Ok(()))) => {
                self.opening -= 1;
                self.idle.push(at);
                Step::Opened
            }
            Some(Worked::Opened(Err(flaw))) => {
                self.opening -= 1;
                self.cold.push(at);
                Step::Closed(flaw)
            }
        }
    }

    /// Breaks off all that is under way; each question still comes to its end by [`Lanes::step`].
    pub(super) fn break_off(&mut self) {
        for at in 0..self.all.len() as u32 {
            self.all[at as usize].slot.stop.set(true);
            self.step_now(at);
        }
    }
}

/// One lane: its connection, a question, what came of it, the next question.
async fn work(endpoint: &Endpoint, slot: Rc<Slot>) {
    let mut connection = None;
    loop {
        let next = poll_fn(|_| match slot.work.borrow_mut().take() {
            Some(work) => Poll::Ready(work),
            None => Poll::Pending,
        });
        let worked = match next.await {
            Work::Open => {
                let opening = client::open(endpoint);
                match until_stopped(&slot, opening).await {
                    Some(Ok(opened)) => {
                        connection = Some(opened);
                        Worked::Opened(Ok(()))
                    }
                    Some(Err(flaw)) => Worked::Opened(Err(flaw)),
                    None => Worked::Opened(Err(Flaw::ConnectTimeout)),
                }
            }
            Work::Ask(task) => {
                let done = ask(endpoint, &slot, &mut connection, task).await;
                Worked::Asked(done, connection.is_some())
            }
        };
        *slot.worked.borrow_mut() = Some(worked);
    }
}

async fn ask(
    endpoint: &Endpoint,
    slot: &Slot,
    connection: &mut Option<Connection>,
    task: Task,
) -> Done {
    let ready = task.waits_since.unwrap_or_else(Instant::now);
    let due = task.due;
    let mut told = Told::default();
    let over = match task.errand {
        Errand::Ask(asked) => {
            let question = &asked.question;
            let asking = client::ask(endpoint, connection, question, due, ready, &mut told);
            let given = until_stopped(slot, asking).await;
            given.map(|given| Over::Asked(asked.ticket, asked.call, given))
        }
        Errand::Tell(ask, ended) => {
            let (end, when) = ((&ask, &ended), (due, ready));
            let telling = client::tell_end(endpoint, connection, end, when, &mut told);
            let done = until_stopped(slot, telling).await;
            done.map(|_| Over::Told)
        }
    };
    Done {
        over: over.unwrap_or(Over::BrokenOff),
        told,
    }
}

/// What comes of it; none when it is to be broken off.
async fn until_stopped<T>(slot: &Slot, doing: impl Future<Output = T>) -> Option<T> {
    let mut doing = pin!(doing);
    poll_fn(|cx| {
        if slot.stop.get() {
            return Poll::Ready(None);
        }
        doing.as_mut().poll(cx).map(Some)
    })
    .await
}
