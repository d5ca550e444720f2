//! A router's JSON answer as a decision about a call.

use routing::Nanos;
use routing::account::{Accounts, NumberId, UserId};
use routing::call::InboundCall;
use routing::decision::{App, Decision, Greeting, Leg, MAX_LEGS, RingStage, Role, Terminal};
use routing::trace::RuleId;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::wire::execution::{cause, likely};
use crate::wire::flaw::Flaw;
use crate::wire::legs;

/// One call may ring so many stages.
const MAX_STAGES: usize = 16;

/// The longest ring time that is taken for one.
const MAX_RING_S: f64 = 86_400.0;

#[derive(Debug, Deserialize)]
struct Answer {
    stages: Vec<Stage>,
    finally: String,
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    greeting: Option<String>,
    #[serde(default)]
    rule: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Stage {
    legs: Vec<WireLeg>,
    ring_s: f64,
}

#[derive(Debug, Deserialize)]
struct WireLeg {
    device: String,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    number: Option<String>,
}

/// The decision that an answer holds. Only `stages` and `finally` must be there, and `cause` with
/// drop and reject; fields that are not known are ignored.
///
/// # Errors
/// When it is no such object, or names a user, device or ending that there is not.
pub fn read_decision(
    body: &[u8],
    accounts: &Accounts,
    call: &InboundCall,
) -> Result<Decision, Flaw> {
    let answer: Answer = serde_json::from_slice(body).map_err(|why| Flaw::Json(why.to_string()))?;
    if answer.stages.len() > MAX_STAGES {
        let why = format!("{} stages, at most {MAX_STAGES}", answer.stages.len());
        return Err(Flaw::Json(why));
    }
    let mut stages = SmallVec::new();
    let mut truncated = SmallVec::new();
    for stage in &answer.stages {
        let mut legs = stage
            .legs
            .iter()
            .map(|it| leg(it, accounts, call))
            .collect::<Result<Vec<Leg>, Flaw>>()?;
        truncated.extend(legs.drain(MAX_LEGS.min(legs.len())..));
        stages.push(RingStage {
            legs: legs.into_iter().collect(),
            ring: ring(stage.ring_s)?,
        });
    }
    let finally = finally(&answer, accounts, call)?;
    let known = |it: &&RuleId| Some(it.name()) == answer.rule.as_deref();
    let rule = RuleId::ALL.iter().find(known).copied();
    Ok(Decision {
        stages,
        finally,
        greeting: (finally == Terminal::Voicemail).then(|| greeting(&answer)),
        rule: rule.unwrap_or(RuleId::External),
        truncated,
    })
}

fn ring(seconds: f64) -> Result<Nanos, Flaw> {
    if (0.0..=MAX_RING_S).contains(&seconds) {
        return Ok(Nanos::from_secs_f64(seconds));
    }
    Err(Flaw::Json(format!("ring_s is {seconds}, expected seconds")))
}

fn greeting(answer: &Answer) -> Greeting {
    [Greeting::User, Greeting::Company, Greeting::Default]
        .into_iter()
        .find(|it| Some(it.name()) == answer.greeting.as_deref())
        .unwrap_or(Greeting::Default)
}

fn finally(answer: &Answer, accounts: &Accounts, call: &InboundCall) -> Result<Terminal, Flaw> {
    let why = || match answer.cause.as_deref() {
        Some(word) => cause(word).ok_or_else(|| Flaw::Json(format!("cause {word:?} is not known"))),
        None => Err(Flaw::Json(format!(
            "{} needs a cause, as {}",
            answer.finally,
            likely(accounts, call).name()
        ))),
    };
    Ok(match answer.finally.as_str() {
        "voicemail" => Terminal::Voicemail,
        "voice-ai" => Terminal::VoiceAi,
        "ivr" => Terminal::Ivr,
        "hold" => Terminal::Hold,
        "hang-up" => Terminal::HangUp,
        "drop" => Terminal::Drop(why()?),
        "reject" => Terminal::Reject(why()?),
        other => return Err(Flaw::Json(format!("finally {other:?} is not known"))),
    })
}

fn leg(leg: &WireLeg, accounts: &Accounts, call: &InboundCall) -> Result<Leg, Flaw> {
    let number = accounts.find_number(call.to);
    let app = match leg.device.as_str() {
        "web" => App::Web,
        "mobile" => App::Mobile,
        "desk" => App::Desk,
        "phone" => return phone(leg, accounts, call, number),
        other => return Err(Flaw::Json(format!("device {other:?} is not known"))),
    };
    let id = leg.user.as_deref().unwrap_or_default();
    let user = user(accounts, number, id)?;
    Ok(Leg::App { app, user })
}

fn phone(
    leg: &WireLeg,
    accounts: &Accounts,
    call: &InboundCall,
    number: Option<NumberId>,
) -> Result<Leg, Flaw> {
    let text = leg.number.as_deref().unwrap_or_default();
    let dialled = text
        .parse()
        .map_err(|why| Flaw::Json(format!("number {text:?}: {why}")))?;
    let named = leg
        .user
        .as_deref()
        .map(|id| user(accounts, number, id))
        .transpose()?;
    let Some(word) = leg.role.as_deref() else {
        return Ok(match number {
            Some(number) => legs::guessed(accounts, call, number, dialled),
            None => Leg::Phone {
                role: Role::Forwarding,
                user: named,
                number: dialled,
            },
        });
    };
    let role = legs::role(word).ok_or_else(|| Flaw::Json(format!("role {word:?} is not known")))?;
    Ok(Leg::Phone {
        role,
        user: named,
        number: dialled,
    })
}

fn user(accounts: &Accounts, number: Option<NumberId>, id: &str) -> Result<UserId, Flaw> {
    let found = number.and_then(|it| accounts.find_user(accounts.number(it).sub_account, id));
    found.ok_or_else(|| Flaw::Json(format!("user {id:?} is not of the called sub-account")))
}
