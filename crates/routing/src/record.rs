//! What a run tells about each call: the one language between whoever makes calls and whoever
//! counts.

use std::cell::Cell;

use crate::account::{NumberId, PersonId, SubAccountId, UserId};
use crate::decision::{Decision, DropCause};
use crate::number::PhoneNumber;
use crate::time::Nanos;
use crate::trace::RuleId;

macro_rules! words {
    ($(#[$all:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$all])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $type {
            $($(#[$doc])* $variant,)+
        }

        impl $type {
            /// Every one, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its word in files and metric names.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The one with this word.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

words! {
    /// How a call ended: exactly one a call.
    Outcome {
        /// A person talked.
        Answered = "answered",
        /// A phone company's machine won.
        CarrierVoicemail = "carrier-voicemail",
        /// Our greeting was reached, message or not.
        Voicemail = "voicemail",
        /// The Voice AI ended it.
        VoiceAi = "voice-ai",
        /// The IVR workflow ended it.
        Ivr = "ivr",
        /// The caller left first.
        Abandoned = "abandoned",
        /// Hold full, or hang-up after every leg was busy.
        Busy = "busy",
        /// Any other hang-up.
        NoAnswer = "no-answer",
        /// Dropped at once, or rejected.
        Dropped = "dropped",
        /// Stopped by a rate limit.
        Blocked = "blocked",
        /// The back end gave no usable decision.
        Failed = "failed",
        /// Wall clock only: still needed the back end after the drain.
        Unfinished = "unfinished",
    }
}

words! {
    /// Why, where the outcome leaves it open.
    Cause {
        /// The outcome says it all.
        None = "none",
        /// Left in the menu.
        Menu = "menu",
        /// Left while ringing.
        Ringing = "ringing",
        /// Left on hold.
        Hold = "hold",
        /// No room on hold.
        HoldFull = "hold-full",
        /// Every leg was busy.
        AllBusy = "all-busy",
        /// Still on hold when nothing was left to happen.
        Unserved = "unserved",
        /// See [`DropCause`].
        NoDestination = "no-destination",
        /// See [`DropCause`].
        NotVoiceCapable = "not-voice-capable",
        /// See [`DropCause`].
        WhisperFault = "whisper-fault",
        /// See [`DropCause`].
        PrivateCaller = "private-caller",
        /// See [`DropCause`].
        UnknownNumber = "unknown-number",
        /// More hops over our own numbers than allowed.
        RedirectLoop = "redirect-loop",
        /// Too many calls from one caller.
        FromRate = "from-rate",
        /// Too many calls to one number.
        ToRate = "to-rate",
        /// The account is blocked.
        Account = "account",
        /// No reply in time.
        BackendTimeout = "backend-timeout",
        /// An error instead of a reply.
        BackendError = "backend-error",
        /// A reply that makes no sense.
        BackendBadReply = "backend-bad-reply",
        /// Told to come back later.
        BackendRefused = "backend-refused",
    }
}

impl From<DropCause> for Cause {
    fn from(cause: DropCause) -> Self {
        match cause {
            DropCause::NoDestination => Self::NoDestination,
            DropCause::NotVoiceCapable => Self::NotVoiceCapable,
            DropCause::WhisperFault => Self::WhisperFault,
            DropCause::PrivateCaller => Self::PrivateCaller,
            DropCause::UnknownNumber => Self::UnknownNumber,
        }
    }
}

impl Outcome {
    /// The causes with which this outcome comes.
    pub const fn causes(self) -> &'static [Cause] {
        match self {
            Self::Abandoned => &[Cause::Menu, Cause::Ringing, Cause::Hold],
            Self::Busy => &[Cause::HoldFull, Cause::AllBusy],
            Self::NoAnswer => &[Cause::Unserved],
            Self::Dropped => &[
                Cause::NoDestination,
                Cause::NotVoiceCapable,
                Cause::WhisperFault,
                Cause::PrivateCaller,
                Cause::UnknownNumber,
                Cause::RedirectLoop,
            ],
            Self::Blocked => &[Cause::FromRate, Cause::ToRate, Cause::Account],
            Self::Failed => &[
                Cause::BackendTimeout,
                Cause::BackendError,
                Cause::BackendBadReply,
                Cause::BackendRefused,
            ],
            _ => &[],
        }
    }
}

/// Which fresh call: the index of its `[[arrivals]]` and its number among that table's calls.
/// Together with the attempt it is the address of every draw about it, in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FreshId {
    /// Index of the `[[arrivals]]` table, from 0.
    pub source: u16,
    /// Number within that table, from 0; below 2^48.
    pub n: u64,
}

/// A fresh call as it arrives (redials are not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreshCall {
    /// Which.
    pub id: FreshId,
    /// When.
    pub at: Nanos,
    /// The caller; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
}

/// One call (a fresh one or a redial), followed to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The fresh call it goes back to.
    pub fresh: FreshId,
    /// 1 for the fresh call, 2 for its first redial, and so on.
    pub attempt: u32,
    /// The caller; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
    /// Which of ours that is.
    pub number: Option<NumberId>,
    /// And whose.
    pub sub_account: Option<SubAccountId>,
    /// When it arrived.
    pub arrived: Nanos,
    /// When anything first rang.
    pub rang: Option<Nanos>,
    /// When it reached hold, and when it left the queue.
    pub held: Option<(Nanos, Nanos)>,
    /// When a person was connected.
    pub answered: Option<Nanos>,
    /// When a machine took it (our greeting, a Voice AI, a phone company's voicemail), if it ended
    /// later than that.
    pub taken: Option<Nanos>,
    /// When it ended for the caller.
    pub ended: Nanos,
    /// Who talked, where the person has a name.
    pub person: Option<PersonId>,
    /// The same as a user of the sub-account.
    pub user: Option<UserId>,
    /// Whether an unnamed agent talked.
    pub unnamed_agent: bool,
    /// How long whoever talked was busy after the call.
    pub wrap_up: Nanos,
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub cause: Cause,
    /// The rule of its first decision; none when it got none.
    pub rule: Option<RuleId>,
    /// Hops over our own numbers.
    pub hops: u16,
    /// When the caller means to call again; none when never. Beyond the run it stays undone.
    pub redial_at: Option<Nanos>,
    /// When the attempt before this one arrived.
    pub previous_arrived: Option<Nanos>,
    /// Whether an earlier attempt of the same fresh call was answered within the statistics window.
    pub reached_before: bool,
}

/// One leg, from its start to its end (its talk included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegRecord {
    /// Whose.
    pub person: Option<PersonId>,
    /// When the call arrived that it belongs to.
    pub call_arrived: Nanos,
    /// When it began to ring.
    pub from: Nanos,
    /// When it ended.
    pub until: Nanos,
    /// Whether it is the first leg of this person in its stage: the person was rung once, however
    /// many devices rang.
    pub first_of_person: bool,
    /// Whether the person was busy and it ended at once.
    pub busy: bool,
}

/// A decision that a back end took, for a call or for one of its hops.
#[derive(Debug, Clone, Copy)]
pub struct DecisionRecord<'a> {
    /// The fresh call.
    pub fresh: FreshId,
    /// Its attempt.
    pub attempt: u32,
    /// 0 for the call itself, then its hops.
    pub hop: u16,
    /// What was decided.
    pub decision: &'a Decision,
    /// Room for what the sink wants to know again when it is told of this very decision the next
    /// time; 0 at first.
    pub memo: &'a Cell<u128>,
}

/// A violation of a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViolationRecord {
    /// When.
    pub at: Nanos,
    /// In which sub-account.
    pub sub_account: SubAccountId,
    /// The number that was called.
    pub number: NumberId,
    /// Whose limit it was: `FromRate` the caller's, `ToRate` the number's. Of an attempt over both
    /// it is the caller's.
    pub cause: Cause,
    /// How many at once (1, or 2 with `double_hit = 2`).
    pub count: u8,
    /// Whether it blocked the account.
    pub blocks_account: bool,
}

/// Callers on hold of one number over a stretch of time in which their count did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSpan {
    /// Whose queue.
    pub number: NumberId,
    /// How many waited.
    pub length: u32,
    /// From here.
    pub from: Nanos,
    /// Until here.
    pub until: Nanos,
}

/// How many calls and legs there were at each of some whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The first whole second.
    pub from_s: u64,
    /// The second after the last.
    pub until_s: u64,
    /// Calls in the system.
    pub calls: u32,
    /// Legs ringing or connected.
    pub legs: u32,
}

/// Takes what a run tells. One method is required; the others do nothing unless somebody cares.
///
/// A sink must not depend on the order of what it is told beyond what each method promises.
pub trait Sink {
    /// A call ended. Called once for every call.
    fn record(&mut self, record: &CallRecord);
    /// A fresh call arrived.
    fn fresh(&mut self, _call: &FreshCall) {}
    /// A back end decided.
    fn decision(&mut self, _record: &DecisionRecord<'_>) {}
    /// A leg ended.
    fn leg(&mut self, _record: &LegRecord) {}
    /// Legs that ended together after they began together: they are as `common`, but each has a
    /// person of its own, and is or is not the first leg of that person in its stage.
    fn legs(&mut self, common: &LegRecord, each: impl Iterator<Item = (Option<PersonId>, bool)>)
    where
        Self: Sized,
    {
        for (person, first_of_person) in each {
            self.leg(&LegRecord {
                person,
                first_of_person,
                ..*common
            });
        }
    }
    /// A limit was violated.
    fn violation(&mut self, _record: &ViolationRecord) {}
    /// A queue on hold changed.
    fn queue(&mut self, _span: &QueueSpan) {}
    /// Whole seconds passed.
    fn level(&mut self, _level: &Level) {}
}
