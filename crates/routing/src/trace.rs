//! The trace of a decision: typed facts, one a rule. Prose is made by whoever shows them.
//!
//! [`Trace::off`] costs nothing: what a step saw is only gathered when the trace is on.

use smallvec::SmallVec;

use crate::account::UserId;
use crate::number::PhoneNumber;
use crate::time::Nanos;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A rule of the documents that a decision may rest on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RuleId {
            $($(#[$doc])* $variant,)+
        }

        impl RuleId {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in traces and reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

rules! {
    /// The called number is nobody's.
    UnknownNumber = "unknown-number",
    /// The called number cannot take voice calls.
    NotVoiceCapable = "not-voice-capable",
    /// A withheld number where private calls are not allowed.
    PrivateCaller = "private-caller",
    /// An IVR workflow takes every call.
    Ivr = "ivr",
    /// The Voice AI answers directly.
    VoiceAiDirect = "voice-ai-direct",
    /// A number pool goes only to its forwarding number.
    Pool = "pool",
    /// The user that the called number is assigned to.
    NumberOwner = "number-owner",
    /// The user that the calling contact is assigned to.
    ContactOwner = "contact-owner",
    /// Number and contact are both assigned.
    BothAssigned = "both-assigned",
    /// The one phone slot: U, else F, else B.
    PhoneSlot = "phone-slot",
    /// Extra users.
    RingMore = "ring-more",
    /// F.
    Forwarding = "forwarding",
    /// B.
    BusinessPhone = "business-phone",
    /// At most so many legs ring.
    LegCap = "leg-cap",
    /// Nothing to ring.
    EmptyTargets = "empty-targets",
    /// The whisper does not resolve.
    WhisperFault = "whisper-fault",
    /// Where the ring time comes from.
    Timeout = "timeout",
    /// What comes when nobody answers.
    Backup = "backup",
    /// Whose greeting is played.
    Greeting = "greeting",
    /// Decided by a router outside, which told no rule that we know.
    External = "external",
}

/// What a rule said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It ends the decision.
    Decides,
    /// It adds something to what rings, or sets a value.
    Applies,
    /// It was looked at and had nothing to say.
    Passes,
    /// It was cut by a cap or a duplicate.
    Cuts,
}

impl Verdict {
    /// Its word in traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decides => "decides",
            Self::Applies => "applies",
            Self::Passes => "passes",
            Self::Cuts => "cuts",
        }
    }
}

/// One thing that a rule saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no.
    Is(bool),
    /// A user.
    User(UserId),
    /// A phone number.
    Number(PhoneNumber),
    /// A count.
    Count(u32),
    /// A span of time.
    Time(Nanos),
    /// A word of the files: a level, a device, a cause.
    Word(&'static str),
    /// Nothing was set.
    Nothing,
}

impl From<Option<UserId>> for Fact {
    fn from(user: Option<UserId>) -> Self {
        user.map_or(Self::Nothing, Self::User)
    }
}

impl From<Option<PhoneNumber>> for Fact {
    fn from(number: Option<PhoneNumber>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

/// What a rule saw, by name, in the order in which it looked.
pub type Saw = SmallVec<[(&'static str, Fact); 4]>;

/// One step of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which rule.
    pub rule: RuleId,
    /// What it said.
    pub verdict: Verdict,
    /// What it saw.
    pub saw: Saw,
}

/// The steps of a decision, in order, if somebody wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace(Option<Vec<Step>>);

impl Trace {
    /// Nobody wants it.
    pub const fn off() -> Self {
        Self(None)
    }

    /// Gathers steps.
    pub const fn on() -> Self {
        Self(Some(Vec::new()))
    }

    /// Adds a step; `saw` is only called when the trace is on.
    #[inline]
    pub fn step<const N: usize>(
        &mut self,
        rule: RuleId,
        verdict: Verdict,
        saw: impl FnOnce() -> [(&'static str, Fact); N],
    ) {
        if let Some(steps) = &mut self.0 {
            steps.push(Step {
                rule,
                verdict,
                saw: Saw::from_iter(saw()),
            });
        }
    }

    /// The steps so far; none when the trace is off.
    pub fn steps(&self) -> &[Step] {
        self.0.as_deref().unwrap_or_default()
    }
}
