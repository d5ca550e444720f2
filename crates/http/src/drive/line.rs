//! Requests that are due and the connections which they leave over: whoever finds none free waits
//! in line.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::lanes::{Done, Lanes, Step, Task};

/// Lanes, and who waits for one.
pub(super) struct Line<'a> {
    pub(super) lanes: Lanes<'a>,
    /// Due, and without a lane.
    waiting: VecDeque<Task>,
}

impl<'a> Line<'a> {
    pub(super) const fn new(lanes: Lanes<'a>) -> Self {
        let waiting = VecDeque::new();
        Self { lanes, waiting }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nobody waits and nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.lanes.busy() == 0
    }

    /// What is due goes to a lane, or waits for one. Whoever waits goes first.
    pub(super) fn take(&mut self, mut task: Task, now: Instant) {
        if self.waiting.is_empty() && self.lanes.is_free() {
            self.lanes.give(task);
        } else {
            task.waits_since = Some(now);
            self.waiting.push_back(task);
        }
    }

    /// More lanes for those who wait.
    pub(super) fn open(&mut self) {
        self.lanes.open_for(self.waiting.len());
    }

    /// Whoever waits goes to a lane, as far as there are free ones; more are opened for the rest.
    pub(super) fn feed(&mut self) {
        while self.lanes.is_free()
            && let Some(task) = self.waiting.pop_front()
        {
            self.lanes.give(task);
        }
        self.open();
    }

    /// One who has waited for a connection as long as a whole request may take.
    pub(super) fn expired(&mut self, now: Instant, total: Duration) -> Option<Task> {
        let late = |task: &mut Task| now.saturating_duration_since(task.due) >= total;
        self.waiting.pop_front_if(late)
    }

    /// A lane cannot be connected. Whoever waits may still go to another that is; without any, these
    /// meet the error themselves.
    pub(super) fn stranded(&mut self) -> VecDeque<Task> {
        if self.lanes.is_free() || self.lanes.busy() > 0 {
            return VecDeque::new();
        }
        std::mem::take(&mut self.waiting)
    }

    /// One that was under way when the lanes were broken off; none when all have come to their end.
    pub(super) fn broken_off(&mut self) -> Option<Done> {
        loop {
            match self.lanes.step() {
                Step::None => return None,
                Step::Went | Step::Opened | Step::Closed(_) => {}
                Step::Ended(done) => return Some(done),
            }
        }
    }

    /// Nobody waits any more; how many did.
    pub(super) fn dismiss(&mut self) -> usize {
        let waited = self.waiting.len();
        self.waiting.clear();
        waited
    }
}
