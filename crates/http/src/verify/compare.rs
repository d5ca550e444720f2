//! Where an answer and a decision differ, in the words of the wire that it came over.

use routing::Nanos;
use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::{App, Decision, Leg, Terminal};

use crate::client::Given;
use crate::wire::execution::{End, Heard};
use crate::wire::flaw::Flaw;
use crate::wire::legs;
use crate::wire::twiml::Noun;

/// One way in which two decisions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// Something rings that should not, or the other way round.
    Legs,
    /// It rings for another time.
    RingTime,
    /// Something else comes then.
    Finally,
    /// For another cause.
    Cause,
    /// There was no answer, or none that makes sense: by the word of the flaw.
    NoAnswer(&'static str),
}

impl Difference {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Legs => "legs",
            Self::RingTime => "ring_s",
            Self::Finally => "finally",
            Self::Cause => "cause",
            Self::NoAnswer(flaw) => flaw,
        }
    }
}

/// What differs; nothing when they agree.
pub fn differences(
    expected: &Decision,
    given: &Result<Given, Flaw>,
    accounts: &Accounts,
    call: &InboundCall,
) -> Vec<Difference> {
    match given {
        Err(flaw) => vec![Difference::NoAnswer(flaw.class())],
        Ok(Given::Heard(heard)) => of_heard(expected, heard, accounts),
        Ok(json) => match json.decision(accounts, call) {
            Ok(found) => of_decisions(expected, &found),
            Err(flaw) => vec![Difference::NoAnswer(flaw.class())],
        },
    }
}

fn of_decisions(expected: &Decision, found: &Decision) -> Vec<Difference> {
    let legs = |decision: &Decision| -> Vec<Vec<Leg>> {
        let sorted = |stage: &routing::decision::RingStage| {
            let mut legs = stage.legs.to_vec();
            legs.sort_unstable();
            legs
        };
        decision.stages.iter().map(sorted).collect()
    };
    let rings = |decision: &Decision| -> Vec<Nanos> {
        decision.stages.iter().map(|stage| stage.ring).collect()
    };
    let same_end = expected.finally.name() == found.finally.name();
    let same_cause = expected.finally.cause() == found.finally.cause();
    listed([
        (legs(expected) != legs(found), Difference::Legs),
        (
            ring_differs(&rings(expected), &rings(found)),
            Difference::RingTime,
        ),
        (!same_end, Difference::Finally),
        (same_end && !same_cause, Difference::Cause),
    ])
}

/// Over the provider's wire a client is one noun for all apps of a user, and a number tells no
/// role: so the expected decision is put into nouns, not the answer into legs.
fn of_heard(expected: &Decision, heard: &Heard, accounts: &Accounts) -> Vec<Difference> {
    let mut legs_differ = expected.stages.len() != heard.stages.len();
    for (stage, heard) in expected.stages.iter().zip(&heard.stages) {
        let mut wanted: Vec<String> = stage.legs.iter().map(|it| noun(*it, accounts)).collect();
        let mut found: Vec<String> = heard.nouns.iter().map(words).collect();
        for list in [&mut wanted, &mut found] {
            list.sort_unstable();
            list.dedup();
        }
        legs_differ |= wanted != found;
    }
    let wanted: Vec<Nanos> = expected.stages.iter().map(|it| it.ring).collect();
    let found: Vec<Nanos> = heard.stages.iter().map(|it| it.ring).collect();
    let end = end(expected, heard);
    let cause = match (expected.finally.cause(), heard.cause) {
        (wanted, Some(stated)) => wanted != Some(stated),
        (_, None) => false,
    };
    listed([
        (legs_differ, Difference::Legs),
        (ring_differs(&wanted, &found), Difference::RingTime),
        (end != heard.end, Difference::Finally),
        (end == heard.end && cause, Difference::Cause),
    ])
}

fn listed<const N: usize>(found: [(bool, Difference); N]) -> Vec<Difference> {
    found.into_iter().filter(|it| it.0).map(|it| it.1).collect()
}

/// Only where both ring: a stage too much or too few is about legs.
fn ring_differs(wanted: &[Nanos], found: &[Nanos]) -> bool {
    wanted
        .iter()
        .zip(found)
        .any(|(wanted, found)| wanted != found)
}

/// How the expected decision ends on this wire. A call that is hung up though nothing rang cannot
/// be told from a drop, unless the router says so.
fn end(expected: &Decision, heard: &Heard) -> End {
    match expected.finally {
        Terminal::Voicemail => End::Voicemail,
        Terminal::VoiceAi => End::VoiceAi,
        Terminal::Ivr => End::Ivr,
        Terminal::Hold => End::Hold,
        Terminal::HangUp if expected.stages.is_empty() && heard.cause.is_none() => {
            match heard.end {
                End::Drop => End::Drop,
                _ => End::HangUp,
            }
        }
        Terminal::HangUp => End::HangUp,
        Terminal::Drop(_) => End::Drop,
        Terminal::Reject(_) => End::Reject,
    }
}

fn noun(leg: Leg, accounts: &Accounts) -> String {
    match leg {
        Leg::App {
            app: App::Desk,
            user,
        } => format!("sip {}", legs::sip(accounts, user).to_ascii_lowercase()),
        Leg::App { user, .. } => format!("client {}", legs::identity(accounts, user)),
        Leg::Phone { number, .. } => format!("number {number}"),
    }
}

fn words(noun: &Noun) -> String {
    match noun {
        Noun::Number { number, .. } => format!("number {number}"),
        Noun::Client { identity, .. } => format!("client {identity}"),
        Noun::Sip { uri } => format!("sip {}", uri.to_ascii_lowercase()),
        Noun::Queue => "queue".to_owned(),
        Noun::Other(name) => format!("other {name}"),
    }
}
