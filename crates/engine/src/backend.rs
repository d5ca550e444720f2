//! Where decisions come from: in this process, or from somewhere else in its own time.

use std::sync::Arc;

use routing::account::{Accounts, NumberId};
use routing::call::{Availability, InboundCall};
use routing::decision::Decision;
use routing::params::RoutingParams;
use routing::policy::{self, RoutingPolicy};
use routing::record::{Cause, FreshId};
use routing::time::Nanos;
use routing::trace::Trace;

/// The engine's name for a decision that it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

/// A call that wants a decision.
pub struct Request<'a> {
    /// The call: who, to which number.
    pub call: InboundCall,
    /// Which of our numbers that is.
    pub number: Option<NumberId>,
    /// Time of the run.
    pub at: Nanos,
    /// The fresh call that it goes back to.
    pub fresh: FreshId,
    /// Its attempt.
    pub attempt: u32,
    /// 0 for the call itself, then its hops.
    pub hop: u16,
    /// Who is logged in now.
    pub world: &'a dyn Availability,
}

/// Why a back end gave no decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// No reply in time.
    Timeout,
    /// An error instead of a reply.
    Error,
    /// A reply that makes no sense.
    BadReply,
    /// Told to come back later.
    Refused,
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Timeout => Self::BackendTimeout,
            Failure::Error => Self::BackendError,
            Failure::BadReply => Self::BackendBadReply,
            Failure::Refused => Self::BackendRefused,
        }
    }
}

/// What a back end makes of a decision or its failure.
pub type Reply = Result<Decision, Failure>;

/// What a back end says when it is asked.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is the usual one, and is not kept"
)]
pub enum Submitted {
    /// Here it is.
    Done(Reply),
    /// Later, through [`crate::Engine::reply`] with the ticket; the engine keeps the deadline.
    Pending,
}

/// Takes requests for decisions. Implementations hold no clock: what takes time is said with
/// [`Submitted::Pending`], or modelled by the plan's latency.
pub trait Backend {
    /// Asks for a decision.
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted;

    /// Whether it decides at once and always the same for the same number, the same answers of
    /// [`Request::world`] to what it asks, and the same standing of the caller: withheld, contact
    /// of this or that user, or neither. Then the engine remembers what was decided, and asks
    /// again when an answer may have changed, and for each ticket that [`Ticket::is_asked_anew`].
    fn is_steady(&self) -> bool {
        false
    }

    /// Whether it rings nobody but whom the accounts name. Then the plan alone tells whether a leg
    /// can call one of our own numbers.
    fn rings_the_named(&self) -> bool {
        false
    }
}

/// So many tickets of a replication are sampled densely, so that also a short run has a sample.
const DENSELY: u64 = 8_192;

impl Ticket {
    /// Whether a steady back end is asked for this one whatever is remembered: every 16th ticket
    /// of the first 8 192, every 256th from there on. So whoever times its decisions sees a sample
    /// of those that calls need, and a long run hardly feels it.
    #[inline]
    pub const fn is_asked_anew(self) -> bool {
        self.0
            .is_multiple_of(if self.0 < DENSELY { 16 } else { 256 })
    }
}

/// The routing core itself, at once.
#[derive(Clone)]
pub struct InProcess {
    accounts: Arc<Accounts>,
    params: RoutingParams,
    policy: &'static dyn RoutingPolicy,
}

impl InProcess {
    /// Decides by this policy.
    pub fn new(
        accounts: Arc<Accounts>,
        params: RoutingParams,
        policy: &'static dyn RoutingPolicy,
    ) -> Self {
        Self {
            accounts,
            params,
            policy,
        }
    }
}

impl Backend for InProcess {
    fn submit(&mut self, _ticket: Ticket, request: &Request<'_>) -> Submitted {
        Submitted::Done(Ok(policy::decide(
            self.policy,
            &request.call,
            &self.accounts,
            &self.params,
            request.world,
            &mut Trace::off(),
        )))
    }

    fn is_steady(&self) -> bool {
        true
    }

    fn rings_the_named(&self) -> bool {
        true
    }
}
