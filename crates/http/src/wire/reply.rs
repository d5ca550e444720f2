//! Decisions as TwiML: what our own server answers to a call, and when a dial is over.

use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::{Decision, Greeting, Terminal};

use super::execution::HANG_UP;
use super::legs;
use super::twiml::{Action, Dial, Document, Verb};

/// Where the provider asks when a stage is over: `/voice/after?stage=N`, N the next stage.
pub const AFTER_PATH: &str = "/voice/after";

/// What is played to whoever picks up a phone leg.
pub const WHISPER_PATH: &str = "/voice/whisper";

/// What a router answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The document.
    pub document: Document,
    /// Why the call ends, where the document alone does not say.
    pub cause: Option<&'static str>,
}

/// The answer at the stage with this index: it rings, or what comes when all have rung.
pub fn at_stage(
    decision: &Decision,
    stage: usize,
    call: &InboundCall,
    accounts: &Accounts,
) -> Reply {
    let Some(rings) = decision.stages.get(stage) else {
        return finally(decision, call);
    };
    let number = accounts.find_number(call.to).map(|id| accounts.number(id));
    let screened = number.is_some_and(|it| it.call_connect || it.whisper.is_some());
    let shows_called = number.is_some_and(|it| it.pass_called_number);
    let dial = Dial {
        action: Some(Action {
            url: format!("{AFTER_PATH}?stage={}", stage + 1),
            post: true,
        }),
        timeout: rings.ring,
        sequential: false,
        caller_id: shows_called.then(|| call.to.to_string()),
        nouns: legs::nouns(accounts, rings, screened.then_some(WHISPER_PATH)),
    };
    Reply {
        document: Document {
            verbs: vec![Verb::Dial(dial)],
        },
        cause: None,
    }
}

fn finally(decision: &Decision, call: &InboundCall) -> Reply {
    let verbs = match decision.finally {
        Terminal::Voicemail => vec![Verb::Say(greeting(decision.greeting).into()), Verb::Record],
        Terminal::VoiceAi => vec![Verb::Connect],
        Terminal::Ivr => vec![Verb::Gather],
        Terminal::Hold => vec![Verb::Enqueue {
            queue: format!("hold-{}", call.to.digits()),
        }],
        Terminal::HangUp | Terminal::Drop(_) => vec![Verb::Hangup],
        Terminal::Reject(_) => vec![Verb::Reject {
            reason: Some("rejected".into()),
        }],
    };
    let at_once = decision.stages.is_empty();
    let cause = match decision.finally {
        Terminal::HangUp if at_once => Some(HANG_UP),
        other => other.cause().map(routing::decision::DropCause::name),
    };
    Reply {
        document: Document { verbs },
        cause,
    }
}

fn greeting(of: Option<Greeting>) -> &'static str {
    match of {
        Some(Greeting::User) => "You have reached my voicemail. Please leave a message.",
        Some(Greeting::Company) => "You have reached our voicemail. Please leave a message.",
        Some(Greeting::Default) | None => "Nobody is available. Please leave a message.",
    }
}
