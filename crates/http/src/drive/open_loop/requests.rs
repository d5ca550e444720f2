//! The requests of a driven run: from their due time to a lane, and from their end to the world.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use routing::Nanos;
use routing::record::Sink;
use smallvec::smallvec;

use super::{Driver, Pace};
use crate::client::{Kind, Span, Told};
use crate::drive::lanes::{Done, Errand, Over, Task};
use crate::drive::retry_after;
use crate::wire::flaw::Flaw;

impl<S: Sink> Driver<'_, S> {
    /// What is due goes to a lane, or waits for one.
    pub(super) fn hand_out(&mut self, now: Instant) {
        let open = self.settings.pace == Pace::Open;
        let at = self.clock.at(now);
        loop {
            let backend = self.engine.backend();
            let is_due = |due: Nanos| !open || due <= at;
            if backend.asked.front().is_none_or(|it| !is_due(it.due)) {
                break;
            }
            let Some(asked) = backend.asked.pop_front() else {
                break;
            };
            self.due += 1;
            let due = if open {
                self.clock.when(asked.due)
            } else {
                now
            };
            let task = Task {
                errand: Errand::Ask(asked),
                due,
                waits_since: None,
            };
            self.line.take(task, now);
        }
        self.line.open();
    }

    /// A question has come to its end: the world hears of it, the lane goes on.
    pub(super) fn take(&mut self, done: Done) {
        self.count(&done);
        let Over::Asked(ticket, call, given) = done.over else {
            return;
        };
        if self.settings.pace == Pace::Open {
            self.engine.advance(self.clock.at(Instant::now()));
        }
        let reply = given.and_then(|it| it.decision(self.accounts, &call));
        if let Err(flaw) = &reply {
            self.latency.flawed(flaw);
            if let Some(wait) = self.told_to_wait(flaw, done.told.retry_after.as_deref()) {
                let wait = self.settings.speed.run(wait);
                self.engine.not_before(ticket, wait);
            }
        }
        let reply = reply.map_err(|flaw| flaw.failure());
        self.engine.reply(ticket, reply);
    }

    /// A lane cannot be connected. Without any, all who wait hear the error that they would have met
    /// themselves.
    pub(super) fn unreachable(&mut self, flaw: &Flaw, now: Instant) {
        for task in self.line.stranded() {
            self.fail(&task, flaw, now);
        }
        self.line.feed();
    }

    /// It was never sent.
    pub(super) fn fail(&mut self, task: &Task, flaw: &Flaw, now: Instant) {
        let kind = match &task.errand {
            Errand::Ask(_) => self.endpoint.settings().protocol.first(),
            Errand::Tell(..) => Kind::Status,
        };
        let unsent = Span {
            kind,
            due: task.due,
            ready: task.waits_since.unwrap_or(now),
            sent: None,
            replied: now,
            flaw: Some(flaw.class()),
        };
        self.latency.add(&Told {
            spans: smallvec![unsent],
            ..Told::default()
        });
        let Errand::Ask(asked) = &task.errand else {
            return;
        };
        if self.settings.pace == Pace::Open {
            self.engine.advance(self.clock.at(now));
        }
        self.engine.reply(asked.ticket, Err(flaw.failure()));
    }

    /// Whoever has waited for a connection as long as a whole request may take hears an error.
    pub(super) fn expire(&mut self, now: Instant) {
        let total = self.endpoint.settings().total;
        while let Some(task) = self.line.expired(now, total) {
            self.fail(&task, &Flaw::ConnectTimeout, now);
        }
    }

    fn told_to_wait(&self, flaw: &Flaw, header: Option<&str>) -> Option<Duration> {
        let most = self.settings.retry_after_max?;
        let refused = matches!(flaw, Flaw::Refused { .. });
        let header = header.filter(|_| refused)?;
        retry_after(header, Timestamp::now(), most)
    }

    pub(super) fn count(&mut self, done: &Done) {
        // The question itself was counted when it was handed out.
        let followed = done.told.spans.len().saturating_sub(1) as u64;
        self.due += followed;
        self.latency.add(&done.told);
        if matches!(done.over, Over::BrokenOff) {
            // Broken off on the way to another document, this one was not counted yet.
            self.due += u64::from(!done.told.spans.is_empty());
            let under_way = done.told.under_way;
            let kind = under_way.unwrap_or(self.endpoint.settings().protocol.first());
            let sent = under_way.is_some() && done.told.sent.is_some();
            self.latency.give_up(kind, sent);
        }
    }
}
