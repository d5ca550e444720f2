//! A decision as JSON.

use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::{Decision, Leg, RingStage};
use routing::trace::{Fact, Step, Trace};
use serde_json::{Map, Value, json};

/// The object of contract.md section 3.
pub fn decision(
    policy: &str,
    call: &InboundCall,
    decision: &Decision,
    trace: &Trace,
    accounts: &Accounts,
) -> Value {
    let number = accounts.find_number(call.to);
    let sub_account = number.map(|id| accounts.sub_account(accounts.number(id).sub_account));
    let legs = |legs: &[Leg]| -> Value { legs.iter().map(|it| leg(*it, accounts)).collect() };
    let stage = |it: &RingStage| json!({"legs": legs(&it.legs), "ring_s": it.ring.as_secs_f64()});
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("policy", policy.into());
    put("sub_account", sub_account.map(|it| &*it.id).into());
    put("from", call.from.map(|from| from.to_string()).into());
    put("to", call.to.to_string().into());
    put("rule", decision.rule.name().into());
    put("stages", decision.stages.iter().map(stage).collect());
    put("finally", decision.finally.name().into());
    if let Some(cause) = decision.finally.cause() {
        put("cause", cause.name().into());
    }
    if let Some(greeting) = decision.greeting {
        put("greeting", greeting.name().into());
    }
    if !decision.truncated.is_empty() {
        put("truncated", legs(&decision.truncated));
    }
    let steps = trace.steps().iter().map(|it| step(it, accounts));
    put("trace", steps.collect());
    Value::Object(object)
}

fn leg(leg: Leg, accounts: &Accounts) -> Value {
    let mut object = Map::new();
    object.insert("device".into(), leg.device().name().into());
    if let Leg::Phone { role, .. } = leg {
        object.insert("role".into(), role.name().into());
    }
    if let Some(user) = leg.user() {
        object.insert("user".into(), (&*accounts.user(user).id).into());
    }
    if let Some(number) = leg.number() {
        object.insert("number".into(), number.to_string().into());
    }
    Value::Object(object)
}

fn step(step: &Step, accounts: &Accounts) -> Value {
    let saw = step
        .saw
        .iter()
        .map(|(name, saw)| ((*name).to_owned(), fact(*saw, accounts)));
    let saw: Map<String, Value> = saw.collect();
    json!({"rule": step.rule.name(), "verdict": step.verdict.name(), "saw": saw})
}

fn fact(fact: Fact, accounts: &Accounts) -> Value {
    match fact {
        Fact::Is(yes) => yes.into(),
        Fact::User(user) => (&*accounts.user(user).id).into(),
        Fact::Number(number) => number.to_string().into(),
        Fact::Count(count) => count.into(),
        Fact::Time(time) => time.as_secs_f64().into(),
        Fact::Word(word) => word.into(),
        Fact::Nothing => Value::Null,
    }
}
