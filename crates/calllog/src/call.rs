//! A call as every log tells it, once its dialect is behind it.

use jiff::Timestamp;
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};

/// Which way a call went, as seen from the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Direction {
    /// The log does not say. Offered like an inbound call.
    #[default]
    Unknown,
    /// From outside to us.
    Inbound,
    /// From us to outside.
    Outbound,
    /// Between two of us.
    Internal,
}

impl Direction {
    /// Its word in the canonical log; empty when unknown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }
}

/// The columns of the canonical log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// When it arrived: RFC 3339 with offset.
    Start,
    /// The caller: E.164, empty when withheld or unknown.
    From,
    /// The number called: E.164.
    To,
    /// See [`Direction`].
    Direction,
    /// See [`Outcome`].
    Outcome,
    /// Ringing, in seconds.
    RingS,
    /// On hold, in seconds.
    HoldS,
    /// Talking, in seconds.
    TalkS,
    /// Work after the call, in seconds.
    WrapS,
    /// From arrival to the end, in seconds.
    TotalS,
    /// Who talked.
    User,
    /// The row of the log that the call was imported from.
    SourceRow,
}

impl Column {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 12] = [
        Self::Start,
        Self::From,
        Self::To,
        Self::Direction,
        Self::Outcome,
        Self::RingS,
        Self::HoldS,
        Self::TalkS,
        Self::WrapS,
        Self::TotalS,
        Self::User,
        Self::SourceRow,
    ];

    /// Those without which a file is not a call log.
    pub const REQUIRED: [Self; 2] = [Self::Start, Self::To];

    /// Its name in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::From => "from",
            Self::To => "to",
            Self::Direction => "direction",
            Self::Outcome => "outcome",
            Self::RingS => "ring_s",
            Self::HoldS => "hold_s",
            Self::TalkS => "talk_s",
            Self::WrapS => "wrap_s",
            Self::TotalS => "total_s",
            Self::User => "user",
            Self::SourceRow => "source_row",
        }
    }

    /// The column that a header means: case, blanks, `_` and `-` do not count.
    pub fn from_header(header: &str) -> Option<Self> {
        let bare = |text: &str| -> String {
            let kept = text
                .chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'));
            kept.flat_map(char::to_lowercase).collect()
        };
        let header = bare(header);
        Self::ALL.into_iter().find(|it| bare(it.name()) == header)
    }
}

/// One call of a log. What the log does not tell is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalCall {
    /// When it arrived.
    pub start: Timestamp,
    /// The caller; none when withheld or unknown.
    pub from: Option<PhoneNumber>,
    /// The number called.
    pub to: Option<PhoneNumber>,
    /// Which way it went.
    pub direction: Direction,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How long it rang.
    pub ring: Option<Nanos>,
    /// How long it was on hold.
    pub hold: Option<Nanos>,
    /// How long somebody talked.
    pub talk: Option<Nanos>,
    /// How long that person worked on it afterwards.
    pub wrap: Option<Nanos>,
    /// From its arrival to its end.
    pub total: Option<Nanos>,
    /// Who talked, as the log names people.
    pub user: Option<String>,
    /// The row of the log that it was imported from.
    pub source_row: Option<u64>,
}

impl CanonicalCall {
    /// A call of which nothing but its start is known.
    pub const fn at(start: Timestamp) -> Self {
        Self {
            start,
            from: None,
            to: None,
            direction: Direction::Unknown,
            outcome: None,
            ring: None,
            hold: None,
            talk: None,
            wrap: None,
            total: None,
            user: None,
            source_row: None,
        }
    }
}
