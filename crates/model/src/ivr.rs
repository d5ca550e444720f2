//! What an IVR workflow does with a call: the `ivr` table of a number.

use routing::account::UserId;
use routing::{Nanos, PhoneNumber};

use crate::quantity::Share;
use crate::random_time::RandomTime;

/// The most users or numbers that a branch connects at once (domain.md H14).
pub const MAX_CONNECT: usize = 10;

/// Whom a branch connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connect {
    /// A user, on the one device of an IVR.
    User(UserId),
    /// A phone number.
    Number(PhoneNumber),
}

/// What comes when nobody of a branch answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Then {
    /// The workflow ends the call.
    #[default]
    End,
    /// Our voicemail greeting.
    Voicemail,
}

/// One choice of the menu.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Share of the callers who stay that choose it.
    pub share: Share,
    /// Who rings together, at most [`MAX_CONNECT`]; nobody goes straight to `then`.
    pub connect: Vec<Connect>,
    /// Ring time (domain.md H14: default 10 s).
    pub connect_timeout: Nanos,
    /// What comes when nobody answers.
    pub then: Then,
}

/// A workflow. `Default` (`ivr = true`) takes the call and ends it at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Time in the menu.
    pub menu: RandomTime,
    /// Share of the callers who hang up at its end.
    pub hang_up: Share,
    /// Choices; what is left of 1 ends in the workflow.
    pub branches: Vec<Branch>,
}

impl Default for Workflow {
    fn default() -> Self {
        Self {
            menu: RandomTime::constant(Nanos::ZERO),
            hang_up: Share::NEVER,
            branches: Vec::new(),
        }
    }
}

impl Workflow {
    /// The branch of this uniform between 0 and 1; none when the call ends in the workflow.
    pub fn choose(&self, p: f64) -> Option<&Branch> {
        let mut so_far = 0.0;
        self.branches.iter().find(|branch| {
            so_far += branch.share.get();
            p < so_far
        })
    }
}
