//! What comes before every policy, in the order of contract.md section 3: not-voice-capable,
//! private-caller, IVR, a direct Voice AI, a number pool. (An unknown number ends even before.)
//!
//! Must not know which policy follows, beyond whether it ranks the Voice AI itself.

use super::ending::{self, Targets};
use super::{Question, RoutingPolicy, legs};
use crate::account::VoiceAi;
use crate::decision::{Decision, DropCause, Terminal};
use crate::trace::{Fact, RuleId, Trace, Verdict};

/// The decision, if one of these rules takes the call.
pub(super) fn decide(
    policy: &dyn RoutingPolicy,
    question: &Question<'_>,
    trace: &mut Trace,
) -> Option<Decision> {
    refusal(question, trace)
        .or_else(|| ivr(question, trace))
        .or_else(|| {
            let ranked = policy.ranks_voice_ai(question.params);
            let direct = if ranked {
                None
            } else {
                voice_ai_direct(question, trace)
            };
            direct.or_else(|| pool(question, trace))
        })
}

fn refusal(question: &Question<'_>, trace: &mut Trace) -> Option<Decision> {
    let capable = question.called().voice_capable;
    trace.step(RuleId::NotVoiceCapable, verdict(!capable), || {
        [("voice_capable", Fact::Is(capable))]
    });
    if !capable {
        let finally = Terminal::Drop(DropCause::NotVoiceCapable);
        return Some(Decision::at_once(finally, RuleId::NotVoiceCapable));
    }
    let allowed = question.sub_account().allow_private_calls;
    let refused = question.call.from.is_none() && !allowed;
    trace.step(RuleId::PrivateCaller, verdict(refused), || {
        [
            ("from", Fact::from(question.call.from)),
            ("allow_private_calls", Fact::Is(allowed)),
        ]
    });
    refused.then(|| {
        let finally = Terminal::Reject(DropCause::PrivateCaller);
        Decision::at_once(finally, RuleId::PrivateCaller)
    })
}

fn ivr(question: &Question<'_>, trace: &mut Trace) -> Option<Decision> {
    let ivr = question.called().ivr;
    trace.step(RuleId::Ivr, verdict(ivr), || [("ivr", Fact::Is(ivr))]);
    ivr.then(|| Decision::at_once(Terminal::Ivr, RuleId::Ivr))
}

/// The Voice AI takes the call at once, if it answers directly and is within its hours.
pub(super) fn voice_ai_direct(question: &Question<'_>, trace: &mut Trace) -> Option<Decision> {
    let mode = question.called().voice_ai;
    let takes = mode == VoiceAi::Direct && question.world.voice_ai_open(question.number);
    trace.step(RuleId::VoiceAiDirect, verdict(takes), || {
        let open = question.world.voice_ai_open(question.number);
        [
            ("voice_ai", Fact::Word(mode.name())),
            ("within_hours", Fact::Is(open)),
        ]
    });
    takes.then(|| Decision::at_once(Terminal::VoiceAi, RuleId::VoiceAiDirect))
}

/// A pool's numbers go only to the pool's forwarding number, never to apps (domain.md 1.8, H12).
fn pool(question: &Question<'_>, trace: &mut Trace) -> Option<Decision> {
    let called = question.called();
    let in_pool = called.pool.is_some();
    trace.step(
        RuleId::Pool,
        if in_pool {
            Verdict::Applies
        } else {
            Verdict::Passes
        },
        || {
            [
                ("pool", Fact::Is(in_pool)),
                ("forward_to", Fact::from(called.forward_to)),
            ]
        },
    );
    in_pool.then(|| {
        let mut targets = Targets::default();
        if let Some(leg) = legs::forwarding(question) {
            targets.add(leg, RuleId::Pool);
        }
        match ending::ring(question, targets, trace) {
            Ok(decision) => decision,
            Err(_nothing_rings) => ending::no_destination(RuleId::Pool),
        }
    })
}

fn verdict(decides: bool) -> Verdict {
    if decides {
        Verdict::Decides
    } else {
        Verdict::Passes
    }
}
