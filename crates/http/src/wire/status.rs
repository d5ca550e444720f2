//! What the provider tells a router when a call has ended: the status callback of a number
//! (domain.md 4.4). Nothing depends on the answer.

use model::Calendar;
use routing::record::{CallRecord, Cause, Outcome};
use routing::{Nanos, PhoneNumber};

use super::ask::{Ask, CallId};

/// How a call ended: `CallStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    /// Somebody or something took it.
    Completed,
    /// The caller heard a busy tone.
    Busy,
    /// It could not be handled.
    Failed,
    /// Nobody took it.
    NoAnswer,
}

impl CallStatus {
    /// The word of the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
        }
    }
}

/// A call that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub id: CallId,
    /// The caller; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
    /// When, in the time of the run.
    pub at: Nanos,
    /// How.
    pub status: CallStatus,
    /// `CallDuration`: whole seconds from when it was taken to its end, the rest cut off.
    pub connected_s: u64,
}

impl Ended {
    /// The end of this call; none where the router has never heard of it, and where it did not end
    /// but the run did.
    pub fn of(record: &CallRecord) -> Option<Self> {
        let never_asked = record.outcome == Outcome::Blocked && record.rule.is_none();
        if never_asked || record.outcome == Outcome::Unfinished {
            return None;
        }
        let connected = connected(record);
        Some(Self {
            id: CallId {
                fresh: record.fresh,
                attempt: record.attempt,
                hop: 0,
            },
            from: record.from,
            to: record.to,
            at: record.ended,
            status: status(record, connected.is_some()),
            connected_s: connected.map_or(0, |from| {
                Nanos(record.ended.0.saturating_sub(from.0)).whole_secs()
            }),
        })
    }

    /// As a request is made about it: at its end, by the local time of this calendar.
    pub fn ask(&self, calendar: &Calendar) -> Ask {
        Ask {
            id: self.id,
            at: calendar.timestamp(self.at),
            from: self.from,
            to: self.to,
            available: Vec::new(),
        }
    }
}

/// Since when the provider counts the call as taken: by a person, a machine, a queue or a menu.
fn connected(record: &CallRecord) -> Option<Nanos> {
    let held = record.held.map(|(from, _)| from);
    let taken = [held, record.answered, record.taken];
    let first = taken.into_iter().flatten().min();
    let at_once = match record.outcome {
        Outcome::Ivr => Some(record.arrived),
        Outcome::Abandoned if record.cause == Cause::Menu => Some(record.arrived),
        // A message of no length: taken and over.
        Outcome::Voicemail | Outcome::VoiceAi | Outcome::CarrierVoicemail => Some(record.ended),
        _ => None,
    };
    first.or(at_once)
}

fn status(record: &CallRecord, connected: bool) -> CallStatus {
    match record.outcome {
        Outcome::Failed => CallStatus::Failed,
        _ if connected => CallStatus::Completed,
        Outcome::Busy | Outcome::Blocked => CallStatus::Busy,
        // <Reject> without a reason ends as no-answer, <Hangup> as completed (domain.md 4.3).
        Outcome::Dropped if record.cause == Cause::PrivateCaller => CallStatus::NoAnswer,
        Outcome::Dropped => CallStatus::Completed,
        _ => CallStatus::NoAnswer,
    }
}

#[cfg(test)]
mod tests {
    use routing::record::FreshId;
    use routing::trace::RuleId;

    use super::*;

    /// A call of a minute that ended like this.
    fn ended(outcome: Outcome, cause: Cause) -> CallRecord {
        CallRecord {
            fresh: FreshId { source: 0, n: 42 },
            attempt: 2,
            from: None,
            to: "+15555550199".parse().unwrap(),
            number: None,
            sub_account: None,
            arrived: Nanos::from_secs(100),
            rang: None,
            held: None,
            answered: None,
            taken: None,
            ended: Nanos::from_secs(160),
            person: None,
            user: None,
            unnamed_agent: false,
            wrap_up: Nanos::ZERO,
            outcome,
            cause,
            rule: Some(RuleId::External),
            hops: 0,
            redial_at: None,
            previous_arrived: None,
            reached_before: false,
        }
    }

    fn told(record: &CallRecord) -> Option<(&'static str, u64)> {
        Ended::of(record).map(|it| (it.status.name(), it.connected_s))
    }

    #[test]
    fn each_outcome_has_its_word_and_its_time() {
        let at = |s: f64| Some(Nanos::from_secs_f64(s));
        let mut answered = ended(Outcome::Answered, Cause::None);
        answered.answered = at(110.5);
        let mut queued = answered.clone();
        queued.held = Some((Nanos::from_secs(105), Nanos::from_secs_f64(110.5)));
        let mut waited = ended(Outcome::Abandoned, Cause::Hold);
        waited.held = Some((Nanos::from_secs(120), Nanos::from_secs(160)));
        let mut message = ended(Outcome::Voicemail, Cause::None);
        let greeted = message.clone();
        message.taken = at(150.0);
        for (record, expected) in [
            (answered, ("completed", 49)),
            (queued, ("completed", 55)),
            (waited, ("completed", 40)),
            (message, ("completed", 10)),
            (greeted, ("completed", 0)),
            (ended(Outcome::Ivr, Cause::None), ("completed", 60)),
            (ended(Outcome::Abandoned, Cause::Menu), ("completed", 60)),
            (ended(Outcome::Abandoned, Cause::Ringing), ("no-answer", 0)),
            (ended(Outcome::NoAnswer, Cause::None), ("no-answer", 0)),
            (ended(Outcome::Busy, Cause::AllBusy), ("busy", 0)),
            (ended(Outcome::Blocked, Cause::FromRate), ("busy", 0)),
            (ended(Outcome::Failed, Cause::BackendTimeout), ("failed", 0)),
            (
                ended(Outcome::Dropped, Cause::PrivateCaller),
                ("no-answer", 0),
            ),
            (
                ended(Outcome::Dropped, Cause::NoDestination),
                ("completed", 0),
            ),
        ] {
            assert_eq!(told(&record), Some(expected), "{record:?}");
        }
    }

    #[test]
    fn what_the_router_never_heard_of_and_what_did_not_end_is_not_told() {
        let mut blocked = ended(Outcome::Blocked, Cause::FromRate);
        blocked.rule = None;
        assert_eq!(told(&blocked), None);
        assert_eq!(told(&ended(Outcome::Unfinished, Cause::None)), None);
        // Asked, and nothing came of it: it has heard.
        let mut failed = ended(Outcome::Failed, Cause::BackendError);
        failed.rule = None;
        assert_eq!(told(&failed), Some(("failed", 0)));
    }
}
