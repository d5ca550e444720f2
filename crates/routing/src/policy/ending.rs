//! From targets to a decision: the leg cap, the ring time, what comes when nobody answers or
//! nothing rings, and whose greeting it plays. The same in every policy.
//!
//! Must not know who was chosen, or why.

use smallvec::SmallVec;

use super::owners;
use super::ring_time::ring_time;
use super::{Question, legs::Legs};
use crate::account::{Backup, VoiceAi};
use crate::decision::{Decision, DropCause, Greeting, Leg, MAX_LEGS, RingStage, Terminal};
use crate::params::EmptyTargets;
use crate::trace::{Fact, RuleId, Trace, Verdict};

/// What is to ring, and the rule that brought the first of it.
#[derive(Default)]
pub(super) struct Targets {
    legs: Legs,
    rule: Option<RuleId>,
}

impl Targets {
    /// Adds a leg that this rule brings.
    pub(super) fn add(&mut self, leg: Leg, rule: RuleId) {
        self.rule.get_or_insert(rule);
        self.legs.push(leg);
    }

    /// Adds legs that this rule brings.
    pub(super) fn add_all(&mut self, legs: Legs, rule: RuleId) {
        for leg in legs {
            self.add(leg, rule);
        }
    }

    /// Whether nothing is to ring.
    pub(super) fn is_empty(&self) -> bool {
        self.legs.is_empty()
    }
}

/// What a policy does by itself when nothing is there to ring (domain.md D3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenEmpty {
    /// The call is dropped at once.
    Drop,
    /// The number's backup takes it.
    Backup,
}

/// Rings the targets, or ends as the policy, or the parameter over it, says of empty ones.
pub(super) fn conclude(
    question: &Question<'_>,
    targets: Targets,
    by_itself: WhenEmpty,
    trace: &mut Trace,
) -> Decision {
    ring(question, targets, trace).unwrap_or_else(|_| nothing_rings(question, by_itself, trace))
}

/// There was no leg.
pub(super) struct NothingRings;

/// Rings the targets in one stage.
pub(super) fn ring(
    question: &Question<'_>,
    targets: Targets,
    trace: &mut Trace,
) -> Result<Decision, NothingRings> {
    let Targets {
        mut legs,
        rule: Some(rule),
    } = targets
    else {
        return Err(NothingRings);
    };
    let max = usize::from(question.params.max_legs).clamp(1, MAX_LEGS);
    let truncated: SmallVec<[Leg; 0]> = legs.drain(max.min(legs.len())..).collect();
    if !truncated.is_empty() {
        trace.step(RuleId::LegCap, Verdict::Cuts, || {
            let cut = truncated.len() as u32;
            [
                ("max_legs", Fact::Count(max as u32)),
                ("cut", Fact::Count(cut)),
            ]
        });
    }
    let (ring, level) = ring_time(question.accounts, question.number, question.params);
    trace.step(RuleId::Timeout, Verdict::Applies, || {
        [
            ("ring", Fact::Time(ring)),
            ("level", Fact::Word(level.name())),
        ]
    });
    let (finally, greeting) = when_unanswered(question, trace);
    let stages = SmallVec::from_buf([RingStage { legs, ring }]);
    Ok(Decision {
        stages,
        finally,
        greeting,
        rule,
        truncated,
    })
}

/// Dropped because there is nothing to ring.
pub(super) fn no_destination(rule: RuleId) -> Decision {
    Decision::at_once(Terminal::Drop(DropCause::NoDestination), rule)
}

fn nothing_rings(question: &Question<'_>, by_itself: WhenEmpty, trace: &mut Trace) -> Decision {
    let setting = question.params.empty_targets;
    let then = match setting {
        EmptyTargets::Policy => by_itself,
        EmptyTargets::Drop => WhenEmpty::Drop,
        EmptyTargets::Backup => WhenEmpty::Backup,
    };
    let dropped = then == WhenEmpty::Drop;
    let verdict = if dropped {
        Verdict::Decides
    } else {
        Verdict::Passes
    };
    trace.step(RuleId::EmptyTargets, verdict, || {
        let then = if dropped { "drop" } else { "backup" };
        [
            ("empty_targets", Fact::Word(setting.name())),
            ("then", Fact::Word(then)),
        ]
    });
    if dropped {
        return no_destination(RuleId::EmptyTargets);
    }
    let (finally, greeting) = when_unanswered(question, trace);
    Decision {
        greeting,
        ..Decision::at_once(finally, RuleId::Backup)
    }
}

/// What comes when nobody answers: a backup Voice AI within its hours first (domain.md 1.5, stage
/// 3).
fn when_unanswered(question: &Question<'_>, trace: &mut Trace) -> (Terminal, Option<Greeting>) {
    let called = question.called();
    let open = || question.world.voice_ai_open(question.number);
    let finally = if called.voice_ai == VoiceAi::Backup && open() {
        Terminal::VoiceAi
    } else {
        match called.backup {
            Backup::Voicemail => Terminal::Voicemail,
            Backup::VoiceAi => Terminal::VoiceAi,
            Backup::Hold => Terminal::Hold,
            Backup::None => Terminal::HangUp,
        }
    };
    trace.step(RuleId::Backup, Verdict::Applies, || {
        [
            ("voice_ai", Fact::Word(called.voice_ai.name())),
            ("within_hours", Fact::Is(open())),
            ("backup", Fact::Word(called.backup.name())),
            ("finally", Fact::Word(finally.name())),
        ]
    });
    let greeting = (finally == Terminal::Voicemail).then(|| greeting(question, trace));
    (finally, greeting)
}

/// Whose file is played (domain.md 1.7, H4): the number owner's, without one the contact owner's;
/// where that user has none, the company's; else the stock prompt. Independent of who rang.
fn greeting(question: &Question<'_>, trace: &mut Trace) -> Greeting {
    let user = owners::number_owner(question).or_else(|| owners::contact_owner(question));
    let own = user.is_some_and(|user| question.accounts.user(user).voicemail_greeting);
    let company = question.sub_account().voicemail_greeting;
    let greeting = match (own, company) {
        (true, _) => Greeting::User,
        (false, true) => Greeting::Company,
        (false, false) => Greeting::Default,
    };
    trace.step(RuleId::Greeting, Verdict::Applies, || {
        [
            ("user", Fact::from(user)),
            ("user_greeting", Fact::Is(own)),
            ("company_greeting", Fact::Is(company)),
            ("greeting", Fact::Word(greeting.name())),
        ]
    });
    greeting
}
