//! TwiML: the provider's answer language, as far as routing is concerned (domain.md 4.3).
//!
//! [`parse()`] is as tolerant as the provider (unknown verbs, nouns and attributes are kept apart)
//! and as strict (well-formed, `<Response>` on top), bounded, and knows neither DTDs nor entities
//! beyond the five of XML. [`write()`] writes what our own server answers.

mod parse;
mod write;

pub use parse::{TwimlError, parse};
pub use write::write;

use routing::Nanos;
use routing::decision::App;

/// The largest document that the provider takes, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How long a `<Dial>` rings that says nothing (domain.md 4.3).
pub const DEFAULT_TIMEOUT: Nanos = Nanos(30 * Nanos::SECOND.0);

/// An answer: verbs in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What to do, one after the other.
    pub verbs: Vec<Verb>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Ring somebody.
    Dial(Dial),
    /// Refuse the call; only as the first verb.
    Reject {
        /// `busy` or `rejected`.
        reason: Option<String>,
    },
    /// End the call.
    Hangup,
    /// Go on with another document.
    Redirect {
        /// Where it is.
        url: String,
        /// Whether it is asked for by POST.
        post: bool,
    },
    /// Take a message.
    Record,
    /// Ask for keys: a menu.
    Gather,
    /// Wait in a queue.
    Enqueue {
        /// Its name.
        queue: String,
    },
    /// Hand the call to a stream, an agent or a conversation.
    Connect,
    /// Leave a queue.
    Leave,
    /// Say a text, or play a file: takes time, changes nothing.
    Say(String),
    /// Wait: takes time, changes nothing.
    Pause,
    /// A verb that is not known here: the provider warns and goes on.
    Unknown(String),
}

/// `<Dial>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// Who is asked when it is over; none falls through to the next verb.
    pub action: Option<Action>,
    /// How long it rings, as it is written.
    pub timeout: Nanos,
    /// One after the other instead of all together.
    pub sequential: bool,
    /// The number that the legs see; none is the caller's.
    pub caller_id: Option<String>,
    /// Who rings.
    pub nouns: Vec<Noun>,
}

impl Default for Dial {
    fn default() -> Self {
        Self {
            action: None,
            timeout: DEFAULT_TIMEOUT,
            sequential: false,
            caller_id: None,
            nouns: Vec::new(),
        }
    }
}

/// Where a verb goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// As it is written: often relative.
    pub url: String,
    /// Whether it is asked for by POST.
    pub post: bool,
}

/// Who a `<Dial>` rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noun {
    /// A phone number.
    Number {
        /// As it is written.
        number: String,
        /// Screening or whisper before it is connected.
        url: Option<String>,
        /// Where the provider tells how the leg goes.
        status_callback: Option<String>,
    },
    /// An app by its identity.
    Client {
        /// The identity.
        identity: String,
        /// The devices that our own server names; empty where nobody says.
        devices: Vec<App>,
    },
    /// A desk phone by its address.
    Sip {
        /// The address.
        uri: String,
    },
    /// A queue: whoever waits in it is connected.
    Queue,
    /// A conference, or something that is not known here.
    Other(String),
}
