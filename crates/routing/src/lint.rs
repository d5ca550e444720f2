//! What can be found in accounts without a single call: loops, dead ends, ring times that lose
//! the race against a phone company's voicemail, whispers and devices that lead nowhere.
//!
//! Findings are typed; prose is made by whoever shows them. They rest on decisions of the chosen
//! policy, never on a second reading of the rules. An IVR's connects are not in the accounts
//! model: none is followed.

mod cases;
mod loops;

use crate::account::{Accounts, Device, NumberId, SubAccountId, UserId};
use crate::country;
use crate::decision::DropCause;
use crate::number::PhoneNumber;
use crate::params::RoutingParams;
use crate::policy::{
    LONGEST_RING, RingLevel, RoutingPolicy, SHORTEST_RING, broken_placeholder, really_rings,
    ring_time,
};
use crate::time::Nanos;

pub use cases::{Caller, Case};
use cases::{Seen, look};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $help:literal;)+) => {
        /// What a finding is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingKind {
            $($(#[$doc])* $variant,)+
        }

        impl FindingKind {
            /// Every kind, in the order in which one number's findings are listed.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it means and what to do, in one line.
            pub const fn help(self) -> &'static str {
                match self {
                    $(Self::$variant => $help,)+
                }
            }
        }
    };
}

kinds! {
    /// Phone legs lead back to the number they came from (domain.md 3.3). With [`Detail::Loop`].
    RedirectLoop = "redirect-loop",
        "phone legs lead back to the number they came from: forward to a phone outside";
    /// Every call is dropped, whoever calls and whoever is logged in. With [`Detail::Drop`].
    DeadEnd = "dead-end",
        "every call is dropped at once, whoever calls: mend its cause";
    /// Some calls are dropped. With [`Detail::Drop`], the first case.
    DropsSome = "drops-some",
        "some callers, or all at some hours, are dropped at once: mend its cause";
    /// A pool number that leads nowhere (domain.md 1.8).
    PoolWithoutForward = "pool-without-forward-to",
        "a pool number goes only to its forwarding number, and has none: set forward_to";
    /// A whisper that does not resolve (domain.md 3.1). With [`Detail::Placeholder`].
    BrokenWhisper = "broken-whisper",
        "the whisper names what does not exist and drops calls to phones: define it";
    /// Nobody set a ring time and a phone may ring (domain.md 1.7). With [`Detail::RingTime`].
    RingTimeUnset = "ring-time-unset",
        "unset means 60 s, and carrier voicemail answers before: set 15 s or less";
    /// The ring ends while carriers begin to answer (H20, H1b). With [`Detail::RingTime`].
    CarrierVoicemailRace = "carrier-voicemail-race",
        "the ring ends while carrier voicemail answers (20-30 s): set 15 s or less";
    /// The ring outlasts every carrier (H4). With [`Detail::RingTime`].
    CarrierVoicemailFirst = "carrier-voicemail-first",
        "the ring outlasts carrier voicemail, which takes the calls: set 15 s or less";
    /// Set outside what a dial can ring (domain.md 3.4). With [`Detail::RingTime`].
    RingTimeClamped = "ring-time-clamped",
        "the ring time lies outside 5-600 s: what is set is not what rings";
    /// A leg that fails as it starts (domain.md 3.6). With [`Detail::Phone`].
    LegOutsideCountries = "leg-outside-countries",
        "a phone leg outside the countries fails as it starts: enable its country";
    /// More legs than one dial carries (domain.md 3.18). With [`Detail::Cut`], the most cut at
    /// once.
    LegsCut = "legs-cut",
        "more legs than one dial carries, the last never ring: ring fewer devices";
    /// The channel named for ring-more is none of the user's. With [`Detail::Device`].
    RingMoreDeviceMissing = "ring-more-device-missing",
        "ring_more_device is no device of the user, who never rings as an extra user";
    /// The channel named for an IVR is none of the user's. With [`Detail::Device`].
    IvrDeviceMissing = "ivr-device-missing",
        "ivr_device is no device of the user, whom no IVR reaches";
}

/// What a finding saw, beyond its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Its place says it all.
    Nothing,
    /// Our numbers in the order of the hops, from the finding's own; the last leads back to the
    /// first.
    Loop(Vec<NumberId>),
    /// A call that is dropped.
    Drop {
        /// Why.
        cause: DropCause,
        /// Which call.
        case: Case,
    },
    /// A ring time.
    RingTime {
        /// As it is set.
        set: Nanos,
        /// What rings: clamped, with the dial buffer.
        rings: Nanos,
        /// Who set it.
        level: RingLevel,
    },
    /// What stands between the braces.
    Placeholder(Box<str>),
    /// A device.
    Device(Device),
    /// A phone that a leg dials.
    Phone(PhoneNumber),
    /// How many legs.
    Cut(u32),
}

/// One thing that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// Where.
    pub sub_account: SubAccountId,
    /// At which number; none for what is about a user.
    pub number: Option<NumberId>,
    /// At which user; none for what is about a number.
    pub user: Option<UserId>,
    /// What was seen.
    pub detail: Detail,
}

/// What a lint takes for granted about the world of phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LintSettings {
    /// Added to every ring time (`[people] dial_buffer`).
    pub dial_buffer: Nanos,
    /// When the first phone company's voicemail answers.
    pub carrier_voicemail_from: Nanos,
    /// When the last one has answered.
    pub carrier_voicemail_until: Nanos,
}

impl Default for LintSettings {
    /// 5 s (T2) and 20-30 s (H20).
    fn default() -> Self {
        Self {
            dial_buffer: Nanos::from_secs(5),
            carrier_voicemail_from: Nanos::from_secs(20),
            carrier_voicemail_until: Nanos::from_secs(30),
        }
    }
}

/// Every finding, by sub-account; within one, its users before its numbers, in file order.
///
/// Each number is decided for an unknown caller, a private one and one contact of every owner,
/// with all logged in that can be and with all logged out that can be.
pub fn lint(
    policy: &dyn RoutingPolicy,
    accounts: &Accounts,
    params: &RoutingParams,
    settings: &LintSettings,
) -> Vec<Finding> {
    let seen = look(policy, accounts, params);
    let mut findings = Vec::new();
    users(accounts, &mut findings);
    for (number, seen) in seen.iter().enumerate() {
        let mut at = At::new(accounts, NumberId(number as u32), &mut findings);
        at.ends(seen);
        at.whisper();
        at.ring_time(seen, params, settings);
        at.legs(seen);
    }
    for path in loops::find(accounts, &seen) {
        At::new(accounts, path[0], &mut findings)
            .add(FindingKind::RedirectLoop, Detail::Loop(path));
    }
    findings.sort_by_key(|it| (it.sub_account, it.number, it.user, it.kind));
    findings
}

fn users(accounts: &Accounts, findings: &mut Vec<Finding>) {
    for (id, user) in accounts.users() {
        for (kind, device) in [
            (FindingKind::RingMoreDeviceMissing, user.ring_more_device),
            (FindingKind::IvrDeviceMissing, user.ivr_device),
        ] {
            if let Some(device) = device.filter(|device| !user.has(*device)) {
                findings.push(Finding {
                    kind,
                    sub_account: user.sub_account,
                    number: None,
                    user: Some(id),
                    detail: Detail::Device(device),
                });
            }
        }
    }
}

/// The findings of one number.
struct At<'a> {
    accounts: &'a Accounts,
    number: NumberId,
    findings: &'a mut Vec<Finding>,
}

impl<'a> At<'a> {
    fn new(accounts: &'a Accounts, number: NumberId, findings: &'a mut Vec<Finding>) -> Self {
        Self {
            accounts,
            number,
            findings,
        }
    }

    fn add(&mut self, kind: FindingKind, detail: Detail) {
        let sub_account = self.accounts.number(self.number).sub_account;
        let number = Some(self.number);
        self.findings.push(Finding {
            kind,
            sub_account,
            number,
            user: None,
            detail,
        });
    }

    fn ends(&mut self, seen: &Seen) {
        let it = self.accounts.number(self.number);
        if it.pool.is_some() && it.forward_to.is_none() && !it.ivr {
            self.add(FindingKind::PoolWithoutForward, Detail::Nothing);
        }
        if let Some((cause, case)) = seen.first_drop {
            let kind = if seen.taken {
                FindingKind::DropsSome
            } else {
                FindingKind::DeadEnd
            };
            self.add(kind, Detail::Drop { cause, case });
        }
    }

    fn whisper(&mut self) {
        let it = self.accounts.number(self.number);
        let account = self.accounts.sub_account(it.sub_account);
        let whisper = it.whisper.as_deref();
        if let Some(name) = whisper.and_then(|text| broken_placeholder(account, text)) {
            self.add(FindingKind::BrokenWhisper, Detail::Placeholder(name.into()));
        }
    }

    fn ring_time(&mut self, seen: &Seen, params: &RoutingParams, settings: &LintSettings) {
        if !seen.rings {
            return;
        }
        let (set, level) = ring_time(self.accounts, self.number, params);
        let rings = really_rings(set, settings.dial_buffer);
        let detail = Detail::RingTime { set, rings, level };
        if set < SHORTEST_RING || set > LONGEST_RING {
            self.add(FindingKind::RingTimeClamped, detail.clone());
        }
        // A leg to one of our own numbers is no phone with a carrier behind it.
        let outside = seen
            .phones
            .iter()
            .any(|to| self.accounts.find_number(*to).is_none());
        if !outside || rings <= settings.carrier_voicemail_from {
            return;
        }
        let kind = if level == RingLevel::Default {
            FindingKind::RingTimeUnset
        } else if rings < settings.carrier_voicemail_until {
            FindingKind::CarrierVoicemailRace
        } else {
            FindingKind::CarrierVoicemailFirst
        };
        self.add(kind, detail);
    }

    fn legs(&mut self, seen: &Seen) {
        let sub_account = self.accounts.number(self.number).sub_account;
        let countries = self.accounts.sub_account(sub_account).countries.as_deref();
        for phone in &seen.phones {
            if !country::dialable(*phone, countries) {
                self.add(FindingKind::LegOutsideCountries, Detail::Phone(*phone));
            }
        }
        if seen.most_cut > 0 {
            self.add(FindingKind::LegsCut, Detail::Cut(seen.most_cut));
        }
    }
}
