//! Recorded calls to the numbers of a scenario: when callers call, how long they talk and wait, and
//! whether they call again.
//!
//! Takes calls one by one in order of time and keeps counts only, so that a log of any length fits.
//! What each number rests on is told beside it. Knows nothing of files.

mod again;
mod arrivals;
mod campaign;
mod days;
mod factors;
mod interval;
mod lognormal;
mod notes;
mod patience;
mod redials;
mod spread;
mod staff;
mod text;

use std::collections::BTreeMap;

use calllog::{CanonicalCall, Direction};
use jiff::tz::TimeZone;
use routing::PhoneNumber;
use routing::record::Outcome;

pub use arrivals::Profile;
pub use campaign::{Campaign, CampaignFault};
pub use factors::Factors;
pub use interval::Interval;
pub use lognormal::Lognormal;
pub use patience::{Patience, Waited};
pub use redials::{Recorded, Redials};
pub use staff::Staff;
pub use text::Blast;

/// Talks shorter than this are left out of the fit: in real logs they are rows that no talk
/// stands behind (Brown et al. 2005, section 4.1).
pub const SHORT_TALK_S: f64 = 10.0;

/// Durations in milliseconds and how often each was seen.
pub(crate) type Durations = BTreeMap<u64, u64>;

/// The most different durations, numbers or minutes that are kept.
const MOST: usize = 2_000_000;

/// Gathers calls.
#[derive(Debug)]
pub struct Fit {
    talks: Durations,
    short_talks: u64,
    answer_delays: Durations,
    patience: patience::Gathering,
    redials: Recorded,
    arrivals: arrivals::Gathering,
    called: BTreeMap<PhoneNumber, u64>,
    calls: u64,
    held: u64,
}

/// What the calls show.
#[derive(Debug)]
pub struct Fitted {
    /// Inbound calls that it rests on.
    pub calls: u64,
    /// Talk time, short talks left out.
    pub talk: Option<Lognormal>,
    /// There are enough talks, but all are equally long: no law has so little spread.
    pub talks_alike: bool,
    /// Talks below [`SHORT_TALK_S`].
    pub short_talks: u64,
    /// From the first ring to the answer, of calls that did not wait on hold.
    pub answer_delay: Option<Lognormal>,
    /// How long callers wait on hold.
    pub patience: Option<Patience>,
    /// Those whose patience that is, and those of whom it says nothing.
    pub held: Waited,
    /// How many call again after they were not answered.
    pub redials: Option<Redials>,
    /// When callers call.
    pub profile: Profile,
    /// Calls to each number, the most called first.
    pub called: Vec<(PhoneNumber, u64)>,
}

fn keep(all: &mut Durations, ns: u64) {
    let ms = ns / 1_000_000;
    if all.len() < MOST || all.contains_key(&ms) {
        *all.entry(ms).or_default() += 1;
    }
}

impl Fit {
    /// Nothing yet; days and hours are those of this zone.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            talks: Durations::new(),
            short_talks: 0,
            answer_delays: Durations::new(),
            patience: patience::Gathering::default(),
            redials: Recorded::default(),
            arrivals: arrivals::Gathering::new(zone),
            called: BTreeMap::new(),
            calls: 0,
            held: 0,
        }
    }

    /// A call, in order of time. Calls that are not inbound say nothing here.
    pub fn call(&mut self, call: &CanonicalCall) {
        if !matches!(call.direction, Direction::Inbound | Direction::Unknown) {
            return;
        }
        self.calls += 1;
        if let Some(to) = call.to
            && (self.called.len() < MOST || self.called.contains_key(&to))
        {
            *self.called.entry(to).or_default() += 1;
        }
        let held = call.hold.filter(|it| it.0 > 0);
        self.held += u64::from(held.is_some());
        let answered = call.outcome == Some(Outcome::Answered);
        if answered {
            match call.talk {
                Some(talk) if talk.as_secs_f64() >= SHORT_TALK_S => keep(&mut self.talks, talk.0),
                Some(talk) => self.short_talks += u64::from(talk.0 > 0),
                None => {}
            }
            if let (Some(ring), None) = (call.ring, held) {
                keep(&mut self.answer_delays, ring.0);
            }
        }
        match (held, call.outcome) {
            (Some(hold), Some(Outcome::Abandoned)) => self.patience.left(hold.0),
            (Some(hold), Some(Outcome::Answered)) => self.patience.served(hold.0),
            (Some(hold), Some(Outcome::NoAnswer)) => self.patience.unanswered(hold.0),
            (Some(_), _) => self.patience.otherwise(),
            (None, _) => {}
        }
        let redial = self.redials.call(call);
        self.arrivals.call(call.start, redial);
    }

    /// What all of it shows.
    pub fn finish(&self) -> Fitted {
        self.finish_but(None)
    }

    /// The same, without the days of a blast at this local time in what days are like.
    pub fn finish_without(&self, blast: jiff::civil::DateTime) -> Fitted {
        self.finish_but(Some(blast))
    }

    fn finish_but(&self, blast: Option<jiff::civil::DateTime>) -> Fitted {
        let mut called: Vec<_> = self
            .called
            .iter()
            .map(|(to, calls)| (*to, *calls))
            .collect();
        let (talk, patience) = (Lognormal::fit(&self.talks), self.patience.fit());
        called.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        Fitted {
            calls: self.calls,
            talks_alike: talk.is_none() && self.talks.values().sum::<u64>() >= lognormal::FEWEST,
            talk,
            short_talks: self.short_talks,
            // A ring that was always answered at once is a menu, or a queue.
            answer_delay: Lognormal::fit(&self.answer_delays).filter(|_| self.held == 0),
            held: self.patience.seen(patience.is_some()),
            patience,
            redials: self.redials.fit(),
            profile: self.arrivals.profile(blast),
            called,
        }
    }

    /// What an earlier blast of messages brought: see [`Campaign`].
    ///
    /// # Errors
    /// Why nothing can be said.
    pub fn campaign(
        &self,
        at: jiff::civil::DateTime,
        recipients: u64,
    ) -> Result<Campaign, CampaignFault> {
        self.arrivals.campaign(at, recipients)
    }
}

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod tests;
