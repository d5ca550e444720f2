//! `[routing]`: every open question of the documents that is not about limits, as a named
//! parameter.

use crate::time::Nanos;

/// What an absent preferred owner means (stages-2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OwnerFallthrough {
    /// The other owner is asked.
    #[default]
    OtherOwner,
    /// The next layer: no owner.
    NextLayer,
}

/// What happens when nothing is there to ring (D3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EmptyTargets {
    /// Each policy its own: backup in stages-2026 and priority-2025, drop in the other four.
    #[default]
    Policy,
    /// The call is dropped at once.
    Drop,
    /// The number's backup takes it.
    Backup,
}

impl EmptyTargets {
    /// The word of the files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Drop => "drop",
            Self::Backup => "backup",
        }
    }
}

/// Whether apps of users who are logged out are left out of the decision (domain.md 3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AvailabilityGate {
    /// They are left out.
    #[default]
    Live,
    /// They are listed, and ring to nobody.
    ConfigOnly,
}

/// When a broken whisper drops the call (domain.md 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WhisperAt {
    /// At the decision.
    #[default]
    Webhook,
    /// When a phone leg is picked up.
    OnAnswer,
}

/// The `[routing]` table. `Default` gives its defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingParams {
    /// stages-2026 only.
    pub owner_fallthrough: OwnerFallthrough,
    /// All policies.
    pub empty_targets: EmptyTargets,
    /// All policies.
    pub availability_gate: AvailabilityGate,
    /// At most so many extra users ring, 0 to 6.
    pub ring_more_max: u8,
    /// At most so many legs ring in one stage, 1 to 10.
    pub max_legs: u8,
    /// A call is cut so long after its answer.
    pub max_call: Nanos,
    /// priority-2025: 3 puts a direct Voice AI at its rank behind the external number, 0 before
    /// all.
    pub ai_rank: u8,
    /// tree-owner-first: a known contact's owner before the number's.
    pub contact_first: bool,
    /// All policies.
    pub whisper_fault: WhisperAt,
    /// In a run: the other legs end when one is picked up and must press a key.
    pub screening_cancels_others: bool,
    /// In a run: at most so many hops over our own numbers a call.
    pub hop_cap: u16,
    /// Overrides the lookup of the ring time.
    pub ring_timeout: Option<Nanos>,
}

impl Default for RoutingParams {
    fn default() -> Self {
        Self {
            owner_fallthrough: OwnerFallthrough::default(),
            empty_targets: EmptyTargets::default(),
            availability_gate: AvailabilityGate::default(),
            ring_more_max: 6,
            max_legs: 10,
            max_call: Nanos(2 * Nanos::HOUR.0),
            ai_rank: 0,
            contact_first: false,
            whisper_fault: WhisperAt::default(),
            screening_cancels_others: true,
            hop_cap: 20,
            ring_timeout: None,
        }
    }
}
