//! One decision with its trace: the object of contract.md section 3, and prose for people.

use std::fmt::Write as _;

use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::{Decision, Leg};
use routing::trace::{Fact, Step, Trace};
use serde_json::{Map, Value, json};

/// A decision and what it was about.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// Which policy decided.
    pub policy: &'a str,
    /// The call.
    pub call: InboundCall,
    /// What was decided.
    pub decision: &'a Decision,
    /// By which steps.
    pub trace: &'a Trace,
    /// Who the ids stand for.
    pub accounts: &'a Accounts,
}

fn leg_json(leg: Leg, accounts: &Accounts) -> Value {
    let user = |user| Value::from(&*accounts.user(user).id);
    match leg {
        Leg::App { app, user: id } => json!({"device": app.device().name(), "user": user(id)}),
        Leg::Phone {
            role,
            user: id,
            number,
        } => {
            let mut object = Map::new();
            object.insert("device".into(), "phone".into());
            object.insert("role".into(), role.name().into());
            if let Some(id) = id {
                object.insert("user".into(), user(id));
            }
            object.insert("number".into(), number.to_string().into());
            Value::Object(object)
        }
    }
}

fn fact_json(fact: Fact, accounts: &Accounts) -> Value {
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

fn step_json(step: &Step, accounts: &Accounts) -> Value {
    let saw = step
        .saw
        .iter()
        .map(|(name, fact)| ((*name).to_owned(), fact_json(*fact, accounts)));
    let saw: Map<String, Value> = saw.collect();
    json!({"rule": step.rule.name(), "verdict": step.verdict.name(), "saw": saw})
}

/// The object of contract.md section 3.
pub fn json(shown: &Shown<'_>) -> Value {
    let Shown {
        policy,
        call,
        decision,
        trace,
        accounts,
    } = *shown;
    let number = accounts
        .find_number(call.to)
        .map(|number| accounts.number(number));
    let sub_account = number.map(|number| &*accounts.sub_account(number.sub_account).id);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("policy", policy.into());
    put("sub_account", sub_account.into());
    put("from", call.from.map(|from| from.to_string()).into());
    put("to", call.to.to_string().into());
    put("rule", decision.rule.name().into());
    let stage = |stage: &routing::decision::RingStage| {
        let legs: Vec<Value> = stage
            .legs
            .iter()
            .map(|leg| leg_json(*leg, accounts))
            .collect();
        json!({"legs": legs, "ring_s": stage.ring.as_secs_f64()})
    };
    put("stages", decision.stages.iter().map(stage).collect());
    put("finally", decision.finally.name().into());
    if let Some(cause) = decision.finally.cause() {
        put("cause", cause.name().into());
    }
    if let Some(greeting) = decision.greeting {
        put("greeting", greeting.name().into());
    }
    if !decision.truncated.is_empty() {
        put(
            "truncated",
            decision
                .truncated
                .iter()
                .map(|leg| leg_json(*leg, accounts))
                .collect(),
        );
    }
    put(
        "trace",
        trace
            .steps()
            .iter()
            .map(|step| step_json(step, accounts))
            .collect(),
    );
    Value::Object(object)
}

fn leg_text(leg: Leg, accounts: &Accounts) -> String {
    match leg {
        Leg::App { app, user } => {
            format!("{:<7} {}", app.device().name(), accounts.user(user).id)
        }
        Leg::Phone { role, user, number } => {
            let whose = user
                .map(|user| format!(", {}", accounts.user(user).id))
                .unwrap_or_default();
            format!("{:<7} {number} ({}{whose})", "phone", role.name())
        }
    }
}

fn fact_text(fact: Fact, accounts: &Accounts) -> String {
    match fact {
        Fact::Is(true) => "yes".to_owned(),
        Fact::Is(false) => "no".to_owned(),
        Fact::Nothing => "none".to_owned(),
        Fact::Time(time) => time.to_string(),
        Fact::Word(word) => word.to_owned(),
        other => fact_json(other, accounts)
            .to_string()
            .trim_matches('"')
            .to_owned(),
    }
}

/// The same for people.
pub fn text(shown: &Shown<'_>) -> String {
    let Shown {
        policy,
        call,
        decision,
        trace,
        accounts,
    } = *shown;
    let from = call
        .from
        .map_or_else(|| "a withheld number".to_owned(), |from| from.to_string());
    let mut text = format!("{from} calls {} under {policy}\n\n", call.to);
    for (at, stage) in decision.stages.iter().enumerate() {
        let ring = routing::policy::really_rings(stage.ring, routing::Nanos::ZERO);
        let clamped = if ring == stage.ring {
            String::new()
        } else {
            format!(", dialled as {ring}")
        };
        let _ = writeln!(text, "stage {}: rings {}{clamped}", at + 1, stage.ring);
        for leg in &stage.legs {
            let _ = writeln!(text, "  {}", leg_text(*leg, accounts));
        }
    }
    for leg in &decision.truncated {
        let _ = writeln!(text, "cut by max_legs: {}", leg_text(*leg, accounts));
    }
    let cause = decision
        .finally
        .cause()
        .map(|cause| format!(" ({})", cause.name()));
    let greeting = decision
        .greeting
        .map(|it| format!(", {} greeting", it.name()));
    let _ = writeln!(
        text,
        "{}: {}{}{}\nrule: {}\n\nwhy",
        if decision.stages.is_empty() {
            "at once"
        } else {
            "then"
        },
        decision.finally.name(),
        cause.unwrap_or_default(),
        greeting.unwrap_or_default(),
        decision.rule.name(),
    );
    for step in trace.steps() {
        let saw: Vec<String> = step
            .saw
            .iter()
            .map(|(name, fact)| format!("{name} {}", fact_text(*fact, accounts)))
            .collect();
        let _ = writeln!(
            text,
            "  {:<18} {:<8} {}",
            step.rule.name(),
            step.verdict.name(),
            saw.join(", ")
        );
    }
    text
}
