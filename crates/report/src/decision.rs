//! One decision with its trace: the object of contract.md section 3, and prose for people.

use std::fmt::Write as _;

use routing::account::Accounts;
use routing::decision::Leg;
use routing::trace::Fact;
use serde_json::Value;

pub use routing::Shown;

/// The object of contract.md section 3.
pub fn json(shown: &Shown<'_>) -> Value {
    // Its keys are words and its numbers finite: every such object can be made.
    serde_json::to_value(shown).unwrap_or_default()
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
        Fact::User(user) => accounts.user(user).id.to_string(),
        Fact::Number(number) => number.to_string(),
        Fact::Count(count) => count.to_string(),
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
