//! The keys of `[population]`: what each is, what it takes, and its value in each built-in mix.
//! Help, schema and manual are made from this table.

/// The built-in mixes, in the order of [`Key::defaults`].
pub const MIXES: [(&str, &str); 3] = [
    (
        "small-business",
        "shops, practices and tradesmen: a few people, a few numbers, phones in pockets",
    ),
    (
        "agency",
        "clients of agencies: forty sub-accounts an agency, some of its staff in several of them",
    ),
    (
        "call-centre",
        "twenty-five desks and more, calls shared out or held, few phones",
    ),
];

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A probability.
    Share,
    /// How many there are of something: see [`super::Count`].
    Count,
    /// Ring times with their shares; the shares add up to 1.
    Rings,
    /// Hours with their shares; what is left of 1 is always logged in.
    Shifts,
    /// Hours of the week.
    Hours,
    /// A random time.
    Time,
    /// A duration above zero.
    Duration,
    /// A whole number up to this.
    Whole(u32),
}

/// A key of `[population]`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// One line of help: what the share is of, or what is counted.
    pub help: &'static str,
    /// Where the defaults come from: `[A]` is an assumption of ours; else the key of a source.
    pub source: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Its default in each of [`MIXES`], as it would be written.
    pub defaults: [&'static str; 3],
}

macro_rules! shares {
    ($($odd:ident $name:literal [$small:literal, $agency:literal, $centre:literal]
       $source:literal $help:literal;)+) => {
        /// What is true of a share of the sub-accounts, users, numbers or contacts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Odd { $($odd),+ }

        impl Odd {
            /// In the order of their draws.
            pub(super) const ALL: &'static [Self] = &[$(Self::$odd),+];
        }

        /// The keys that are shares, in the order of their draws.
        pub const SHARES: &[Key] = &[$(Key {
            name: $name,
            help: $help,
            source: $source,
            takes: Takes::Share,
            defaults: [$small, $agency, $centre],
        }),+];
    };
}

// New ones go to the end: the place of a share is part of the address of its draw.
shares! {
    BusinessPhone "business_phone" ["0.6", "0.5", "0.3"] "[A]"
        "of the sub-accounts: have a business phone (B)";
    NotForwarded "business_phone_off" ["0.2", "0.3", "0.2"] "[A] S0 FAQ 5"
        "of the sub-accounts: do not forward calls to the business phone";
    PrefersContact "prefer_contact_owner" ["0.1", "0.15", "0.05"] "[A] H2b"
        "of the sub-accounts: ask the contact's owner first";
    RefusesPrivate "private_refused" ["0.05", "0.05", "0.02"] "[A] H1b"
        "of the sub-accounts: take no withheld numbers";
    CompanyGreeting "company_greeting" ["0.4", "0.5", "0.8"] "[A] H4"
        "of the sub-accounts: have a voicemail greeting of their own";
    CompanyTimeout "company_timeout" ["0.35", "0.4", "0.6"] "[A] H3"
        "of the sub-accounts: set a ring time of the company";
    Pool "number_pool" ["0.02", "0.1", "0.02"] "[A] H12"
        "of the sub-accounts with five numbers or more: all but the first are a number pool";
    Loop "redirect_loop" ["0.002", "0.004", "0.001"] "[A] H8"
        "of the sub-accounts: the first number forwards to one of their own, and that one back";
    Web "web_app" ["0.55", "0.7", "0.95"] "[A]"
        "of the users: ring on the web app";
    Mobile "mobile_app" ["0.8", "0.7", "0.1"] "[A]"
        "of the users: ring on the mobile app";
    Desk "desk_phone" ["0.1", "0.05", "0.4"] "[A]"
        "of the users: ring on a desk phone";
    OwnPhone "own_phone" ["0.6", "0.4", "0.05"] "[A]"
        "of the users: have a phone number of their own (U)";
    LoggedOut "logged_out" ["0.05", "0.08", "0.02"] "[A] domain 3.8"
        "of the users: are logged out of their apps for good";
    UserGreeting "user_greeting" ["0.3", "0.3", "0.1"] "[A] H4"
        "of the users: have a voicemail greeting of their own";
    UserTimeout "user_timeout" ["0.25", "0.2", "0.1"] "[A] H3"
        "of the users: set a ring time of their own";
    Shared "shared_staff" ["0.0", "0.25", "0.0"] "[A] H16"
        "of the users: are people of the agency who work for several of its sub-accounts";
    Owned "owned_numbers" ["0.8", "0.6", "0.2"] "[A] H6"
        "of the numbers, as far as there are users: are assigned to a user, one number a user";
    Forwarded "forwarding" ["0.3", "0.4", "0.1"] "[A]"
        "of the numbers: have a forwarding number (F)";
    RingMore "ring_more" ["0.3", "0.4", "0.8"] "[A] H5"
        "of the numbers: ring more users";
    NumberTimeout "number_timeout" ["0.3", "0.3", "0.5"] "[A] H3"
        "of the numbers: set a ring time of their own";
    CallConnect "call_connect" ["0.6", "0.7", "0.3"] "[A] H10"
        "of the numbers: a phone leg must press a key (on by default since August 2021)";
    Whisper "whisper" ["0.15", "0.3", "0.2"] "[A] H3"
        "of the numbers: have a whisper";
    BrokenWhisper "broken_whisper" ["0.03", "0.03", "0.01"] "[A] S0 FAQ 10"
        "of the whispers: name a custom value that is not there";
    PassesCalled "pass_called_number" ["0.05", "0.1", "0.05"] "[A] H3"
        "of the numbers: a forwarded leg shows the called number";
    NotCapable "not_voice_capable" ["0.005", "0.005", "0.001"] "[A] S0 FAQ 10"
        "of the numbers: cannot take voice calls";
    Ivr "ivr" ["0.05", "0.08", "0.25"] "[A] H13"
        "of the numbers: an IVR workflow takes every call";
    AiDirect "voice_ai_direct" ["0.03", "0.05", "0.02"] "[A] H2b"
        "of the numbers: a Voice AI answers every call";
    AiBackup "voice_ai_backup" ["0.06", "0.1", "0.03"] "[A] H2b"
        "of the numbers: a Voice AI is tried when nobody answered";
    AiByHours "voice_ai_by_hours" ["0.5", "0.5", "0.5"] "[A] H2b"
        "of the Voice AIs: answer within `voice_ai_hours` only";
    Held "backup_hold" ["0.0", "0.01", "0.7"] "[A]"
        "of the numbers: callers wait on hold for the staff of the sub-account";
    BackupAi "backup_voice_ai" ["0.01", "0.02", "0.02"] "[A] H1"
        "of the numbers: the backup is the Voice AI";
    NoBackup "backup_none" ["0.04", "0.03", "0.05"] "[A]"
        "of the numbers: the call is hung up when nobody answered";
    ContactOwner "contact_owner" ["0.4", "0.5", "0.1"] "[A]"
        "of the contacts: are assigned to a user";
    IvrConnects "ivr_connects" ["0.8", "0.8", "0.9"] "[A]"
        "of the callers in a menu: choose a branch that connects, evenly; the rest ends there";
    IvrHangUp "ivr_hang_up" ["0.1", "0.1", "0.1"] "[A]"
        "of the callers in a menu: hang up at its end";
    IvrVoicemail "ivr_voicemail" ["0.7", "0.7", "0.3"] "[A] H14"
        "of the branches: go on to voicemail when nobody answers";
}

const RINGS: &str = "[{ share = 0.45, ring = \"20s\" }, { share = 0.2, ring = \"15s\" }, \
     { share = 0.1, ring = \"30s\" }, { share = 0.15, ring = \"60s\" }, \
     { share = 0.06, ring = \"10s\" }, { share = 0.04, ring = \"1s\" }]";

const SHIFTS_SMALL: &str = "[{ share = 0.35, hours = [\"Mon-Fri 09:00-17:00\"] }, \
     { share = 0.2, hours = [\"Mon-Fri 09:00-12:30\", \"Mon-Fri 13:00-17:00\"] }, \
     { share = 0.15, hours = [\"Mon-Sat 08:00-18:00\"] }]";

const SHIFTS_CENTRE: &str = "[{ share = 0.3, hours = [\"Mon-Fri 08:00-12:00\", \
     \"Mon-Fri 12:30-16:30\"] }, { share = 0.3, hours = [\"Mon-Fri 09:30-13:30\", \
     \"Mon-Fri 14:00-18:00\"] }, { share = 0.3, hours = [\"Mon-Fri 12:00-16:00\", \
     \"Mon-Fri 16:30-20:30\"] }, { share = 0.1, hours = [\"Sat,Sun 09:00-17:00\"] }]";

const fn key(
    name: &'static str,
    takes: Takes,
    source: &'static str,
    defaults: [&'static str; 3],
    help: &'static str,
) -> Key {
    Key {
        name,
        help,
        source,
        takes,
        defaults,
    }
}

/// The keys that are no shares.
pub const OTHERS: &[Key] = &[
    key(
        "staff",
        Takes::Count,
        "[A]",
        [
            "{ geometric = { mean = 3.0, least = 1 }, most = 40 }",
            "{ geometric = { mean = 4.0, least = 1 }, most = 60 }",
            "{ lognormal = { median = 25.0, sigma = 0.6 }, least = 4, most = 400 }",
        ],
        "users of a sub-account",
    ),
    key(
        "numbers",
        Takes::Count,
        "[A]",
        [
            "{ geometric = { mean = 3.0, least = 1 }, most = 50 }",
            "{ geometric = { mean = 4.0, least = 1 }, most = 100 }",
            "{ geometric = { mean = 6.0, least = 1 }, most = 100 }",
        ],
        "numbers of a sub-account",
    ),
    key(
        "contacts",
        Takes::Count,
        "[A]",
        [
            "{ lognormal = { median = 20.0, sigma = 1.0 }, most = 5000 }",
            "{ lognormal = { median = 60.0, sigma = 1.2 }, most = 5000 }",
            "{ lognormal = { median = 300.0, sigma = 1.0 }, most = 5000 }",
        ],
        "contacts of a sub-account",
    ),
    key(
        "extra_users",
        Takes::Count,
        "[A] H5, at most six",
        [
            "{ uniform = [1, 3] }",
            "{ uniform = [1, 4] }",
            "{ uniform = [4, 6] }",
        ],
        "extra users of a number that rings more",
    ),
    key(
        "ring_times",
        Takes::Rings,
        "[A] shares; H20: 15 to 20 s is advised, H3: 1 s and 60 s are common",
        [RINGS, RINGS, RINGS],
        "what a ring time is where one is set, well or badly",
    ),
    key(
        "shifts",
        Takes::Shifts,
        "[A]",
        [SHIFTS_SMALL, SHIFTS_SMALL, SHIFTS_CENTRE],
        "when users are logged in; what is left of 1 always is",
    ),
    key(
        "voice_ai_hours",
        Takes::Hours,
        "[A] H2b",
        [
            "[\"Mon-Sun 18:00-08:00\"]",
            "[\"Mon-Sun 18:00-08:00\"]",
            "[\"Mon-Sun 20:30-08:00\"]",
        ],
        "when the Voice AIs that keep hours answer",
    ),
    key(
        "ivr_branches",
        Takes::Count,
        "[A]",
        [
            "{ uniform = [1, 3] }",
            "{ uniform = [1, 3] }",
            "{ uniform = [2, 5] }",
        ],
        "branches of a menu that connect",
    ),
    key(
        "ivr_users",
        Takes::Count,
        "[A] H14, at most ten",
        [
            "{ uniform = [1, 2] }",
            "{ uniform = [1, 3] }",
            "{ uniform = [2, 8] }",
        ],
        "users that a branch connects",
    ),
    key(
        "ivr_menu",
        Takes::Time,
        "[D] planning 4: a menu of one level",
        [
            "{ lognormal = { median = \"9s\", sigma = 0.51 } }",
            "{ lognormal = { median = \"9s\", sigma = 0.51 } }",
            "{ lognormal = { median = \"9s\", sigma = 0.51 } }",
        ],
        "time in the menu",
    ),
    key(
        "ivr_timeout",
        Takes::Duration,
        "[F] H14",
        ["\"10s\"", "\"10s\"", "\"20s\""],
        "ring time of a branch",
    ),
    key(
        "agency_size",
        Takes::Whole(1_000_000),
        "[A]",
        ["0", "40", "0"],
        "sub-accounts of an agency, one after the other; 0 = no agencies",
    ),
    key(
        "agency_staff",
        Takes::Whole(9_999),
        "[A]",
        ["0", "6", "0"],
        "people of an agency, of whom `shared_staff` are",
    ),
];

/// Every key beside `mix`, `sub_accounts` and `seed`.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    OTHERS.iter().chain(SHARES)
}
