//! `[limits]`: every open question of the documents about limits, as a named parameter.

use crate::time::Nanos;

macro_rules! words {
    ($(#[$all:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$all])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $type {
            $($(#[$doc])* $variant,)+
        }

        impl $type {
            /// Every one, the default first.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its word in scenario files.
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
    /// How "more than L in a minute" is read. Each is a file below `limit/window/`.
    RateWindow {
        /// A call at t counts while now - t < 60 s. Exact.
        #[default]
        Sliding = "sliding",
        /// Calls of the same clock minute count.
        FixedMinute = "fixed-minute",
        /// This clock minute's calls, and the last one's in proportion to what the sliding minute
        /// still covers of it.
        SlidingCounter = "sliding-counter",
        /// A bucket of L tokens that fills at L a minute (generic cell rate algorithm).
        Gcra = "gcra",
    }
}

words! {
    /// Which violations count towards the block of an account.
    ViolationWindow {
        /// Those of the last 3600 s, half-open.
        #[default]
        Sliding = "sliding",
        /// Those since the last full UTC hour.
        FixedHour = "fixed-hour",
    }
}

words! {
    /// Over how much one caller's calls are counted together.
    FromScope {
        /// One sub-account.
        #[default]
        Location = "location",
        /// All sub-accounts of an agency; a sub-account without one stands alone.
        Agency = "agency",
        /// All sub-accounts of the run.
        Platform = "platform",
    }
}

words! {
    /// What collects violations and is blocked.
    AccountScope {
        /// One sub-account.
        #[default]
        Location = "location",
        /// All sub-accounts of an agency; a sub-account without one stands alone.
        Agency = "agency",
    }
}

words! {
    /// Which numbers of a blocked account stop taking calls.
    BlockScope {
        /// All but those with an IVR.
        #[default]
        NonIvr = "non-ivr",
        /// All.
        All = "all",
    }
}

words! {
    /// How withheld callers enter the from limit.
    AnonymousFrom {
        /// All of a scope (and class) count as one caller.
        #[default]
        Shared = "shared",
        /// Not at all. They still count for the number they call.
        Exempt = "exempt",
    }
}

words! {
    /// The limits that a number comes under, IVR aside.
    LimitClass {
        /// 10 from a caller, 15 to a number.
        #[default]
        Regular = "regular",
        /// 200 and 200.
        VoiceAi = "voice-ai",
    }
}

words! {
    /// The class of a number in a number pool.
    PoolClass {
        /// As of any other number.
        #[default]
        ByTarget = "by-target",
        /// Always regular.
        Regular = "regular",
    }
}

words! {
    /// What the caller hears of a blocked call. Kept for the record and the wire; changes no
    /// count.
    RejectForm {
        /// A busy tone.
        #[default]
        Busy = "busy",
        /// A rejection.
        Rejected = "rejected",
        /// "This number is not in service".
        NotInService = "not-in-service",
        /// Nothing.
        Silent = "silent",
    }
}

words! {
    /// Whether admission is asked before the decision or after it.
    CheckPosition {
        /// Before: a blocked call costs no decision.
        #[default]
        Before = "before",
        /// After.
        After = "after",
    }
}

/// The two limits of a class. Strictly more than this many violates; 0 makes every call a
/// violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClassLimits {
    /// Calls a minute from one caller.
    pub from_per_minute: u32,
    /// Calls a minute to one number.
    pub to_per_minute: u32,
}

/// The `[limits]` table. `Default` is `preset = "leadconnector"` (domain.md 2.1, H7a and H7b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LimitParams {
    /// False (`preset = "none"`): every call is admitted and nothing is counted.
    pub enabled: bool,
    /// Of regular numbers.
    pub regular: ClassLimits,
    /// Of numbers with a Voice AI.
    pub voice_ai: ClassLimits,
    /// More violations than this within an hour block the account; 0 blocks at the first.
    pub violations_per_hour: u32,
    /// How a minute is read.
    pub window: RateWindow,
    /// How the hour is read.
    pub violation_window: ViolationWindow,
    /// Whether attempts that a limit stops enter the counters. True: every attempt enters both.
    /// False: a stopped attempt enters neither.
    pub count_blocked: bool,
    /// How many violations a call over both limits makes: 1 or 2 (other values count as the
    /// nearer).
    pub double_hit: u8,
    /// Over how much one caller's calls are counted together.
    pub from_scope: FromScope,
    /// What is blocked.
    pub account: AccountScope,
    /// Which of its numbers.
    pub block_scope: BlockScope,
    /// How long a block holds from the violation that made it; none is `"never"`: to the end of
    /// the run.
    pub block_until: Option<Nanos>,
    /// How withheld callers count.
    pub anonymous_from: AnonymousFrom,
    /// The class of a number whose Voice AI is only its backup.
    pub ai_backup_class: LimitClass,
    /// The class of a pool number.
    pub pool_class: PoolClass,
    /// What a blocked caller hears.
    pub reject_form: RejectForm,
    /// When admission is asked; whoever runs the life of a call acts on it.
    pub check_position: CheckPosition,
}

impl Default for LimitParams {
    fn default() -> Self {
        Self {
            enabled: true,
            regular: ClassLimits {
                from_per_minute: 10,
                to_per_minute: 15,
            },
            voice_ai: ClassLimits {
                from_per_minute: 200,
                to_per_minute: 200,
            },
            violations_per_hour: 5,
            window: RateWindow::default(),
            violation_window: ViolationWindow::default(),
            count_blocked: true,
            double_hit: 1,
            from_scope: FromScope::default(),
            account: AccountScope::default(),
            block_scope: BlockScope::default(),
            block_until: None,
            anonymous_from: AnonymousFrom::default(),
            ai_backup_class: LimitClass::default(),
            pool_class: PoolClass::default(),
            reject_form: RejectForm::default(),
            check_position: CheckPosition::default(),
        }
    }
}

impl LimitParams {
    /// `preset = "none"`: no limits at all; the other keys stand at their defaults and do nothing.
    pub fn none() -> Self {
        Self {
            enabled: false,
            ..Self::default()
        }
    }

    /// The two limits of this class.
    pub const fn of(&self, class: LimitClass) -> ClassLimits {
        match class {
            LimitClass::Regular => self.regular,
            LimitClass::VoiceAi => self.voice_ai,
        }
    }
}
