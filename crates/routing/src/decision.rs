//! What routing decides: who rings together, for how long, and what comes then.

use smallvec::SmallVec;

use crate::account::{Device, UserId};
use crate::number::PhoneNumber;
use crate::time::Nanos;
use crate::trace::RuleId;

/// The most legs that one `<Dial>` may carry (domain.md 2.4) and so the most in a stage without
/// allocation.
pub const MAX_LEGS: usize = 10;

/// An app that a user is logged in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum App {
    /// The web app.
    Web,
    /// The mobile app.
    Mobile,
    /// A VoIP desk phone.
    Desk,
}

impl App {
    /// In the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Web, Self::Mobile, Self::Desk];

    /// The same as a device.
    pub const fn device(self) -> Device {
        match self {
            Self::Web => Device::Web,
            Self::Mobile => Device::Mobile,
            Self::Desk => Device::Desk,
        }
    }
}

/// On whose behalf a phone number rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// U of the owner.
    User,
    /// F.
    Forwarding,
    /// B.
    Business,
    /// The phone of an extra user.
    RingMore,
}

impl Role {
    /// The word of a decision.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Forwarding => "forwarding",
            Self::Business => "business",
            Self::RingMore => "ring-more",
        }
    }
}

/// One thing that rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leg {
    /// An app of a user.
    App {
        /// Which.
        app: App,
        /// Whose.
        user: UserId,
    },
    /// A phone number.
    Phone {
        /// On whose behalf.
        role: Role,
        /// Whose, where the role is a user's.
        user: Option<UserId>,
        /// What is dialled.
        number: PhoneNumber,
    },
}

impl Leg {
    /// What rings.
    pub const fn device(self) -> Device {
        match self {
            Self::App { app, .. } => app.device(),
            Self::Phone { .. } => Device::Phone,
        }
    }

    /// Whose it is; F and B belong to nobody.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::App { user, .. } => Some(user),
            Self::Phone { user, .. } => user,
        }
    }

    /// The number dialled, if it is a phone leg.
    pub const fn number(self) -> Option<PhoneNumber> {
        match self {
            Self::App { .. } => None,
            Self::Phone { number, .. } => Some(number),
        }
    }
}

/// Legs that ring together; the first answer wins.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct RingStage {
    /// In the order owner's devices, phone slot, ring-more.
    pub legs: SmallVec<[Leg; MAX_LEGS]>,
    /// The setting after the lookup. What rings is this, clamped to 5..600 s, and the dial buffer.
    pub ring: Nanos,
}

/// Why a call is dropped or rejected at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropCause {
    /// Nothing to ring and no backup allowed.
    NoDestination,
    /// The number cannot take voice calls.
    NotVoiceCapable,
    /// The whisper names something that does not resolve.
    WhisperFault,
    /// A withheld number where private calls are not allowed.
    PrivateCaller,
    /// Nobody owns the number.
    UnknownNumber,
}

impl DropCause {
    /// Every cause.
    pub const ALL: [Self; 5] = [
        Self::NoDestination,
        Self::NotVoiceCapable,
        Self::WhisperFault,
        Self::PrivateCaller,
        Self::UnknownNumber,
    ];

    /// The word of a decision.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoDestination => "no-destination",
            Self::NotVoiceCapable => "not-voice-capable",
            Self::WhisperFault => "whisper-fault",
            Self::PrivateCaller => "private-caller",
            Self::UnknownNumber => "unknown-number",
        }
    }
}

/// What comes when no stage was answered, or instead of stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Terminal {
    /// Our voicemail greeting.
    Voicemail,
    /// The Voice AI.
    VoiceAi,
    /// The IVR workflow.
    Ivr,
    /// A queue on hold.
    Hold,
    /// The call is hung up.
    HangUp,
    /// Dropped at once.
    Drop(DropCause),
    /// Refused at once.
    Reject(DropCause),
}

impl Terminal {
    /// The word of a decision.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voicemail => "voicemail",
            Self::VoiceAi => "voice-ai",
            Self::Ivr => "ivr",
            Self::Hold => "hold",
            Self::HangUp => "hang-up",
            Self::Drop(_) => "drop",
            Self::Reject(_) => "reject",
        }
    }

    /// Why, with drop and reject.
    pub const fn cause(self) -> Option<DropCause> {
        match self {
            Self::Drop(cause) | Self::Reject(cause) => Some(cause),
            _ => None,
        }
    }
}

/// Whose voicemail greeting is played (domain.md 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Greeting {
    /// The user's file.
    User,
    /// The company's file.
    Company,
    /// The stock prompt.
    Default,
}

impl Greeting {
    /// The word of a decision.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Company => "company",
            Self::Default => "default",
        }
    }
}

/// What routing decides for one call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision {
    /// One after the other; empty when the call is handled or dropped at once.
    pub stages: SmallVec<[RingStage; 1]>,
    /// What comes then.
    pub finally: Terminal,
    /// Whose greeting a voicemail plays; none without a voicemail.
    pub greeting: Option<Greeting>,
    /// The rule that decided who rings or how the call ends.
    pub rule: RuleId,
    /// Legs that the cap cut off.
    pub truncated: SmallVec<[Leg; 0]>,
}

impl Decision {
    /// A call that is handled, dropped or refused without ringing anybody.
    pub fn at_once(finally: Terminal, rule: RuleId) -> Self {
        Self {
            stages: SmallVec::new(),
            finally,
            greeting: None,
            rule,
            truncated: SmallVec::new(),
        }
    }

    /// Every leg of every stage, in order.
    pub fn legs(&self) -> impl Iterator<Item = Leg> {
        self.stages
            .iter()
            .flat_map(|stage| stage.legs.iter().copied())
    }

    /// Whether two decisions agree: the same legs in each stage (their order does not count),
    /// ring times, terminal and cause (contract.md section 3).
    pub fn agrees_with(&self, other: &Self) -> bool {
        let sorted = |stage: &RingStage| {
            let mut legs = stage.legs.clone();
            legs.sort_unstable();
            (legs, stage.ring)
        };
        self.finally == other.finally
            && self.stages.len() == other.stages.len()
            && self
                .stages
                .iter()
                .zip(&other.stages)
                .all(|(a, b)| sorted(a) == sorted(b))
    }
}
