//! Decisions as the engine works with them: each one looked up once, however many calls it is
//! for.
//!
//! A run has few different decisions and many calls. So a decision becomes a line of a table when
//! it is seen first, with everything looked up that stays the same for the whole run: persons,
//! where draws lie, own numbers, countries, ring times. A live call keeps its place in the table.
//! Also remembers which decision a steady back end ([`crate::Backend::is_steady`]) took for a
//! number, until somebody whom it asked about logs in or out.

use std::cell::Cell;
use std::hash::{Hash, Hasher};

use model::Calendar;
use routing::account::{NumberId, PersonId, UserId};
use routing::call::Availability;
use routing::decision::{Decision, Terminal};
use routing::hours::{DAY_S, WeekHours};
use routing::time::Nanos;
use routing::trace::RuleId;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::plan::{Plan, World};
use crate::prepare::{self, LegPlan};

/// A place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DecisionId(pub u32);

impl DecisionId {
    /// None yet.
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// A stage of a decision: which legs, and how long it really rings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StagePlan {
    pub first: u16,
    pub first_ringer: u16,
    pub count: u8,
    pub ringers: u8,
    /// The legs that ring a phone that is nobody's, as bits.
    pub nobodys: u32,
    pub rings: Nanos,
}

/// A person whom a stage rings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ringer {
    pub person: PersonId,
    /// On which legs, as bits: those that are not barred.
    pub legs: u32,
    /// How many these are.
    pub count: u32,
}

/// A decision for calls to one number, with all that it means looked up.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub stages: SmallVec<[StagePlan; 1]>,
    pub legs: SmallVec<[LegPlan; 4]>,
    /// Stage by stage.
    pub ringers: SmallVec<[Ringer; 2]>,
    pub finally: Terminal,
    pub rule: RuleId,
    /// Whether a device rings twice in it, so that it must be noted which time it rings.
    pub repeats: bool,
    /// Whether a leg calls one of our own numbers.
    pub hops: bool,
    /// Whether an app in it has a user who is not always logged in.
    pub comes_and_goes: bool,
    /// Whether a phone leg must press a key (Call Connect).
    pub screened: bool,
    /// Whether whoever picks up a phone leg hears a broken whisper, and the call drops.
    pub whisper_breaks: bool,
    /// What the sink keeps about it.
    pub memo: Cell<u128>,
}

impl Prepared {
    /// The legs of a stage, in order.
    #[inline]
    pub(crate) fn legs_of(&self, stage: u8) -> &[LegPlan] {
        self.legs_in(self.stages[usize::from(stage)])
    }

    /// The same of a stage that is at hand.
    #[inline]
    pub(crate) fn legs_in(&self, stage: StagePlan) -> &[LegPlan] {
        let first = usize::from(stage.first);
        &self.legs[first..first + usize::from(stage.count)]
    }

    /// The persons whom a stage rings, in the order of their first legs.
    #[inline]
    pub(crate) fn ringers_of(&self, stage: StagePlan) -> &[Ringer] {
        let first = usize::from(stage.first_ringer);
        &self.ringers[first..first + usize::from(stage.ringers)]
    }
}

/// A decision as it came: seldom looked at, so kept apart from what every call reads.
#[derive(Debug)]
struct AsItCame {
    decision: Decision,
    number: Option<NumberId>,
}

/// What the caller is to the number that is called: all that a decision may know of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    /// Withheld.
    Private,
    /// No contact, or one that is nobody's.
    Stranger,
    /// A contact of this user.
    ContactOf(UserId),
}

/// A decision that holds before a time.
#[derive(Debug, Clone, Copy)]
struct Remembered {
    before: Nanos,
    decision: DecisionId,
}

impl Remembered {
    const NOTHING: Self = Self {
        before: Nanos::ZERO,
        decision: DecisionId::NONE,
    };
}

/// More lines than this are kept only while live calls need them: a live router may answer every
/// call with another decision.
const LINES_KEPT: usize = 1 << 16;

/// The table.
#[derive(Debug)]
pub(crate) struct Decisions {
    lines: Vec<Option<Prepared>>,
    /// Line by line. Of a line that is free, what stood there last: so that naming a decision reads
    /// nothing of it.
    as_they_came: Vec<AsItCame>,
    free: Vec<u32>,
    by_hash: FxHashMap<u64, SmallVec<[u32; 2]>>,
    /// When the table is looked through for lines that nobody needs.
    sweep_at: usize,
    /// By number, for strangers.
    of_strangers: Vec<Remembered>,
    of_others: FxHashMap<(NumberId, Caller), Remembered>,
}

impl std::ops::Index<DecisionId> for Decisions {
    type Output = Prepared;
    #[inline]
    fn index(&self, id: DecisionId) -> &Prepared {
        let line = self.lines[id.0 as usize].as_ref();
        line.expect("no line goes while a call needs it")
    }
}

impl Decisions {
    /// Empty, for so many numbers.
    pub(crate) fn new(numbers: usize) -> Self {
        Self {
            lines: Vec::new(),
            as_they_came: Vec::new(),
            free: Vec::new(),
            by_hash: FxHashMap::default(),
            sweep_at: LINES_KEPT,
            of_strangers: vec![Remembered::NOTHING; numbers],
            of_others: FxHashMap::default(),
        }
    }

    /// The line of this decision for calls to this number; made when there is none yet.
    pub(crate) fn line(
        &mut self,
        plan: &Plan,
        decision: Decision,
        number: Option<NumberId>,
    ) -> DecisionId {
        let hash = hash(&decision, number);
        if let Some(found) = self.find(hash, &decision, number) {
            return found;
        }
        let prepared = prepare::prepare(plan, &decision, number);
        let came = AsItCame { decision, number };
        let at = if let Some(at) = self.free.pop() {
            self.lines[at as usize] = Some(prepared);
            self.as_they_came[at as usize] = came;
            at
        } else {
            self.lines.push(Some(prepared));
            self.as_they_came.push(came);
            self.lines.len() as u32 - 1
        };
        self.by_hash.entry(hash).or_default().push(at);
        DecisionId(at)
    }

    fn find(&self, hash: u64, decision: &Decision, number: Option<NumberId>) -> Option<DecisionId> {
        let same = |at: &u32| {
            let line = &self.as_they_came[*at as usize];
            line.number == number && line.decision == *decision
        };
        let found = self.by_hash.get(&hash)?.iter().find(|at| same(at));
        found.copied().map(DecisionId)
    }

    /// What was decided for such a caller, if that still holds.
    #[inline]
    pub(crate) fn remembered(
        &self,
        number: NumberId,
        caller: Caller,
        now: Nanos,
    ) -> Option<DecisionId> {
        let it = match caller {
            Caller::Stranger => self.of_strangers.get(number.index())?,
            _ => self.of_others.get(&(number, caller))?,
        };
        (now < it.before).then_some(it.decision)
    }

    /// Remembers a decision before this time.
    pub(crate) fn remember(
        &mut self,
        number: NumberId,
        caller: Caller,
        decision: DecisionId,
        before: Nanos,
    ) {
        let it = Remembered { before, decision };
        match caller {
            Caller::Stranger => self.of_strangers[number.index()] = it,
            _ => _ = self.of_others.insert((number, caller), it),
        }
    }

    /// The decision as it came.
    #[inline]
    pub(crate) fn as_it_came(&self, id: DecisionId) -> &Decision {
        &self.as_they_came[id.0 as usize].decision
    }

    /// Whether it is time to look for lines that nobody needs.
    #[inline]
    pub(crate) fn overflows(&self) -> bool {
        self.lines.len() - self.free.len() >= self.sweep_at
    }

    /// Drops every line that is not among these, and forgets what was remembered.
    #[cold]
    pub(crate) fn keep(&mut self, needed: &[DecisionId]) {
        let mut keep = vec![false; self.lines.len()];
        for id in needed {
            keep[id.0 as usize] = true;
        }
        for (at, line) in self.lines.iter_mut().enumerate() {
            if line.take_if(|_| !keep[at]).is_some() {
                self.free.push(at as u32);
                let came = &self.as_they_came[at];
                let hash = hash(&came.decision, came.number);
                if let Some(alike) = self.by_hash.get_mut(&hash) {
                    alike.retain(|it| *it != at as u32);
                    if alike.is_empty() {
                        self.by_hash.remove(&hash);
                    }
                }
            }
        }
        self.of_strangers.fill(Remembered::NOTHING);
        self.of_others.clear();
        self.sweep_at = LINES_KEPT.max(2 * (self.lines.len() - self.free.len()));
    }
}

fn hash(decision: &Decision, number: Option<NumberId>) -> u64 {
    let mut hasher = FxHasher::default();
    (decision, number).hash(&mut hasher);
    hasher.finish()
}

/// The world as a decision asks about it, noting until when all its answers hold.
pub(crate) struct Asking<'a> {
    world: World<'a>,
    plan: &'a Plan,
    at: Nanos,
    before: Cell<Nanos>,
}

impl<'a> Asking<'a> {
    pub(crate) fn new(plan: &'a Plan, at: Nanos) -> Self {
        Self {
            world: plan.world(at),
            plan,
            at,
            before: Cell::new(Nanos::NEVER),
        }
    }

    /// The first time at which an answer may be another one.
    pub(crate) fn before(&self) -> Nanos {
        self.before.get()
    }

    fn note(&self, hours: Option<&WeekHours>) {
        if let Some(hours) = hours {
            let edge = next_edge(&self.plan.calendar, hours, self.at);
            self.before.set(self.before.get().min(edge));
        }
    }
}

fn next_edge(calendar: &Calendar, hours: &WeekHours, at: Nanos) -> Nanos {
    let second = calendar.local(at).second;
    let edge = hours.edges().into_iter().find(|edge| *edge > second);
    calendar.until_second(at, edge.unwrap_or(DAY_S))
}

impl Availability for Asking<'_> {
    fn logged_in(&self, user: UserId) -> bool {
        self.note(self.plan.accounts.user(user).hours.as_deref());
        self.world.logged_in(user)
    }

    fn voice_ai_open(&self, number: NumberId) -> bool {
        let number_hours = &self.plan.accounts.number(number).voice_ai_hours;
        self.note(number_hours.as_deref());
        self.world.voice_ai_open(number)
    }
}
