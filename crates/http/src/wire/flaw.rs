//! What can be wrong with an answer: its class for reports, and the failure that it is to a call.

use engine::Failure;

use super::twiml::TwimlError;

/// Why there is no decision in an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 429 or 503: told to come back later.
    #[error("the router answered {status}: come back later")]
    Refused {
        /// Which of the two.
        status: u16,
    },
    /// Another status that is no success (11200).
    #[error("the router answered {status}, expected 200")]
    Status {
        /// Which.
        status: u16,
    },
    /// No content type (12300).
    #[error("the answer has no content-type")]
    NoContentType,
    /// A content type that no answer has (12300).
    #[error("the answer is {found:?}, expected {expected}")]
    ContentType {
        /// What was found.
        found: String,
        /// What would do.
        expected: &'static str,
    },
    /// No TwiML (12100).
    #[error("the answer is no TwiML: {0}")]
    Twiml(#[from] TwimlError),
    /// No decision.
    #[error("the answer is no decision: {0}")]
    Json(String),
    /// More bytes than an answer may have.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// One document leads to the next without end.
    #[error("the call was led through {0} documents without an end")]
    TooManyDocuments(usize),
    /// An `action` or redirect to another host.
    #[error("the answer leads to {0}, which is another host: it is not followed")]
    Elsewhere(String),
    /// An `action` or redirect that is no address.
    #[error("the answer leads to {0:?}, which is no address")]
    NoAddress(String),
    /// No whole answer in time.
    #[error("no whole answer in time")]
    Timeout,
    /// No connection in time (11205).
    #[error("no connection in time")]
    ConnectTimeout,
    /// The connection was refused or could not be made.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection broke before the whole answer was there.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// What came is no HTTP (11206).
    #[error("the answer is no HTTP: {0}")]
    NotHttp(String),
    /// More requests a second than the target guard allows.
    #[error("more requests a second than --allow-target allows: not sent")]
    OverAllowed,
}

impl Flaw {
    /// Of an answer with this status; none for a success.
    pub fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            429 | 503 => Some(Self::Refused { status }),
            _ => Some(Self::Status { status }),
        }
    }

    /// What it is to the call.
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Refused { .. } | Self::OverAllowed => Failure::Refused,
            Self::Timeout | Self::ConnectTimeout => Failure::Timeout,
            Self::Status { .. } | Self::Connect(_) | Self::Broken(_) | Self::NotHttp(_) => {
                Failure::Error
            }
            Self::NoContentType
            | Self::ContentType { .. }
            | Self::Twiml(_)
            | Self::Json(_)
            | Self::TooLarge(_)
            | Self::TooManyDocuments(_)
            | Self::Elsewhere(_)
            | Self::NoAddress(_) => Failure::BadReply,
        }
    }

    /// The provider's error code for it (domain.md 2.6).
    pub const fn provider_code(&self) -> u32 {
        match self {
            Self::Timeout | Self::ConnectTimeout => 11205,
            Self::Connect(_) | Self::Broken(_) | Self::NotHttp(_) => 11206,
            Self::TooManyDocuments(_) => 11215,
            Self::Twiml(_) => 12100,
            Self::NoContentType | Self::ContentType { .. } => 12300,
            _ => 11200,
        }
    }

    /// Its word in reports.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Refused { status: 429 } => "429",
            Self::Refused { .. } => "503",
            Self::Status { .. } => "status",
            Self::NoContentType | Self::ContentType { .. } => "content-type",
            Self::Twiml(_) => "twiml",
            Self::Json(_) => "json",
            Self::TooLarge(_) => "too-large",
            Self::TooManyDocuments(_) => "endless",
            Self::Elsewhere(_) | Self::NoAddress(_) => "elsewhere",
            Self::Timeout => "timeout",
            Self::ConnectTimeout => "connect-timeout",
            Self::Connect(_) => "connect",
            Self::Broken(_) => "broken",
            Self::NotHttp(_) => "not-http",
            Self::OverAllowed => "over-allowed",
        }
    }
}
