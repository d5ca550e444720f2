//! How one request went, in time.

use std::time::Instant;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The provider's first request about a call.
    Voice,
    /// The provider's request when a dial is over, or where a document leads.
    Action,
    /// The provider's request when a call has ended.
    Status,
    /// A question over the JSON wire.
    Route,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Voice, Self::Action, Self::Status, Self::Route];

    /// Its word in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Action => "action",
            Self::Status => "status",
            Self::Route => "route",
        }
    }
}

/// One request. `due <= ready <= sent <= replied`: up to `ready` it is our own lag, up to `sent`
/// it waits for a connection, from there on the router works.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// What for.
    pub kind: Kind,
    /// When the schedule wants it sent.
    pub due: Instant,
    /// When we were ready to send it.
    pub ready: Instant,
    /// When it was written; none when it never was.
    pub sent: Option<Instant>,
    /// When the whole reply was there, or it was given up.
    pub replied: Instant,
    /// The word of what was wrong with it; none when it was answered with a success.
    pub flaw: Option<&'static str>,
}
