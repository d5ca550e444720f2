//! Everything that a run needs, checked and resolved: made once, shared by all replications.

use std::sync::Arc;

use model::arrivals::Source;
use model::ivr::Workflow;
use model::roster::Roster;
use model::{Calendar, Draws, People, RandomTime};
use routing::account::{Accounts, NumberId, UserId};
use routing::call::Availability;
use routing::limit::LimitParams;
use routing::params::RoutingParams;
use routing::time::Nanos;
use rustc_hash::FxHashMap;

/// A run, ready to start.
pub struct Plan {
    /// Who there is.
    pub accounts: Arc<Accounts>,
    /// Local time.
    pub calendar: Calendar,
    /// The seed of all draws.
    pub seed: u64,
    /// Nothing arrives from here on.
    pub duration: Nanos,
    /// Where the statistics begin.
    pub warm_up: Nanos,
    /// Whether replications `2k` and `2k + 1` are a pair with opposite draws.
    pub antithetic: bool,
    /// `[routing]`.
    pub routing: RoutingParams,
    /// `[limits]`.
    pub limits: LimitParams,
    /// `[people]`.
    pub people: People,
    /// `[[arrivals]]`, in file order.
    pub sources: Vec<Source>,
    /// What the IVR of a number does; a number without an entry ends its calls in the workflow at
    /// once.
    pub workflows: FxHashMap<NumberId, Workflow>,
    /// Rosters by their id.
    pub rosters: Vec<Roster>,
    /// Modelled time of a decision.
    pub latency: RandomTime,
    /// A decision that takes longer than this fails.
    pub timeout: Nanos,
}

impl Plan {
    /// The draws of a replication.
    pub fn draws(&self, replication: u32) -> Draws {
        if self.antithetic {
            Draws::paired(self.seed, replication)
        } else {
            Draws::new(self.seed, replication)
        }
    }

    /// How far ahead people's hours matter: what is alive at the end of the run lives on for a
    /// while.
    pub fn calendar_ends(&self) -> Nanos {
        crate::run::horizon(self.duration)
    }

    /// Who is logged in at this time of the run.
    pub fn world(&self, at: Nanos) -> World<'_> {
        World { plan: self, at }
    }
}

/// Who is logged in at one time of the run.
#[derive(Clone, Copy)]
pub struct World<'a> {
    plan: &'a Plan,
    at: Nanos,
}

impl Availability for World<'_> {
    fn logged_in(&self, user: UserId) -> bool {
        let user = self.plan.accounts.user(user);
        let in_hours = || match &user.hours {
            Some(hours) => hours.contains(self.plan.calendar.local(self.at)),
            None => true,
        };
        user.available && in_hours()
    }

    fn voice_ai_open(&self, number: NumberId) -> bool {
        match &self.plan.accounts.number(number).voice_ai_hours {
            Some(hours) => hours.contains(self.plan.calendar.local(self.at)),
            None => true,
        }
    }
}
