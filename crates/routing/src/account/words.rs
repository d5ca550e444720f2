//! Ids and the words of an accounts file.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// As a position in its table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A sub-account (location): the tenant that owns users, numbers and contacts.
    SubAccountId
}
id! {
    /// A user of one sub-account.
    UserId
}
id! {
    /// One of our numbers (a DID).
    NumberId
}
id! {
    /// A person of flesh and blood: one user, or the same human in several sub-accounts.
    PersonId
}
id! {
    /// An agency: the scope of agency-wide limits.
    AgencyId
}
id! {
    /// A roster of unnamed agents (how many at what time), kept by whoever read its file.
    RosterId
}

/// Which owner is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Prefer {
    /// The user that the called number is assigned to.
    #[default]
    NumberOwner,
    /// The user that the calling contact is assigned to.
    ContactOwner,
}

/// What a user can be rung on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// The web app.
    Web,
    /// The mobile app.
    Mobile,
    /// A VoIP desk phone.
    Desk,
    /// A phone number.
    Phone,
}

impl Device {
    /// In the order in which the devices of one user are listed in a stage.
    pub const ALL: [Self; 4] = [Self::Web, Self::Mobile, Self::Desk, Self::Phone];

    /// The word of the files and of a decision.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Mobile => "mobile",
            Self::Desk => "desk",
            Self::Phone => "phone",
        }
    }
}

/// Whether a Voice AI takes calls of a number, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VoiceAi {
    /// None is assigned.
    #[default]
    Off,
    /// Answers every call within its hours.
    Direct,
    /// Is tried first when nobody answered, within its hours.
    Backup,
}

impl VoiceAi {
    /// The word of the files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Direct => "direct",
            Self::Backup => "backup",
        }
    }
}

/// What comes when nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Backup {
    /// The voicemail greeting.
    #[default]
    Voicemail,
    /// The Voice AI, at any hour.
    VoiceAi,
    /// A queue on hold.
    Hold,
    /// Nothing: the call is hung up.
    None,
}

impl Backup {
    /// The word of the files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voicemail => "voicemail",
            Self::VoiceAi => "voice-ai",
            Self::Hold => "hold",
            Self::None => "none",
        }
    }
}

/// Who serves the callers on hold of a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum HoldStaff {
    /// The number's owner and its ring-more users.
    #[default]
    Default,
    /// These users, in file order.
    Users(Box<[UserId]>),
    /// So many unnamed agents of this number alone.
    Unnamed(u32),
    /// Unnamed agents by a roster.
    Roster(RosterId),
}
