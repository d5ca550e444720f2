//! A call that ends otherwise, with both its lives and both its traces.

use measure::moves::{Life, Moved};
use routing::Nanos;
use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::Decision;
use routing::record::Cause;
use routing::trace::Trace;
use serde_json::{Map, Value};

use super::{Call, Lived};
use crate::decision::{self, Shown};
use crate::document::LocalTime;
use crate::json::number;
use crate::numbers;
use crate::pseudonym::Pseudonyms;

/// What a page needs to tell of calls.
pub struct Pages<'a> {
    /// Phone numbers become these.
    pub pseudonyms: &'a Pseudonyms,
    /// The time of the day.
    pub local_time: &'a LocalTime,
    /// Who the ids of each side stand for.
    pub accounts: [&'a Accounts; 2],
    /// The policy of each side.
    pub policies: [&'a str; 2],
}

/// One call, with what each side decides about it.
pub fn told(moved: &Moved, decided: &[(Decision, Trace); 2], pages: &Pages<'_>) -> Call {
    let call = moved.call;
    let hide = |number| pages.pseudonyms.of(number).to_string();
    let lives = [&moved.a, &moved.b];
    let lived = [0, 1].map(|side| {
        let asked = InboundCall {
            from: call.from,
            to: call.to,
        };
        lived(lives[side], call.at, asked, &decided[side], pages, side)
    });
    Call {
        id: format!("c-{:03}-{:09}", call.id.source, call.id.n),
        replication: moved.replication,
        at: pages.local_time.of(call.at),
        from: call.from.map(hide),
        to: hide(call.to),
        lived,
    }
}

fn lived(
    life: &Life,
    arrived: Nanos,
    call: InboundCall,
    (decision, trace): &(Decision, Trace),
    pages: &Pages<'_>,
    side: usize,
) -> Lived {
    let accounts = pages.accounts[side];
    let user = life
        .user
        .map(|user| pages.pseudonyms.in_text(&accounts.user(user).id));
    let shown = Shown {
        policy: pages.policies[side],
        call,
        decision,
        trace,
        accounts,
    };
    let hide = |text: String| pages.pseudonyms.in_text(&text);
    // Without a rule nobody was asked: a limit stopped the call.
    let decided = life.rule.is_some();
    let object = decided.then(|| hidden(decision::json(&shown), &hide));
    let why = if decided {
        hide(decision::text(&shown))
    } else {
        "no decision: a limit came before it\n".to_owned()
    };
    Lived {
        life: object_of(life, arrived, user.as_deref()),
        told: sentence(life, arrived, user.as_deref()),
        decision: object,
        why,
    }
}

/// Every text in it with pseudonyms.
fn hidden(value: Value, hide: &impl Fn(String) -> String) -> Value {
    match value {
        Value::String(text) => hide(text).into(),
        Value::Array(list) => list.into_iter().map(|it| hidden(it, hide)).collect(),
        Value::Object(object) => object
            .into_iter()
            .map(|(key, it)| (key, hidden(it, hide)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

fn object_of(life: &Life, arrived: Nanos, user: Option<&str>) -> Value {
    let mut object = Map::new();
    object.insert("outcome".into(), life.outcome.name().into());
    if life.cause != Cause::None {
        object.insert("cause".into(), life.cause.name().into());
    }
    if let Some(rule) = life.rule {
        object.insert("rule".into(), rule.name().into());
    }
    let times = [
        ("rang_s", life.rang),
        ("held_s", life.held.map(|it| it.0)),
        ("left_hold_s", life.held.map(|it| it.1)),
        ("answered_s", life.answered),
        ("ended_s", Some(life.ended)),
    ];
    for (name, at) in times {
        if let Some(at) = at {
            let after = at.since(arrived).as_secs_f64();
            object.insert(name.into(), number(after, false));
        }
    }
    if let Some(user) = user {
        object.insert("user".into(), user.into());
    }
    Value::Object(object)
}

fn sentence(life: &Life, arrived: Nanos, user: Option<&str>) -> String {
    let after = |at: Nanos| numbers::fixed(at.since(arrived).as_secs_f64(), 1);
    let mut text = life.outcome.name().to_owned();
    if life.cause != Cause::None {
        text = format!("{text} ({})", life.cause.name());
    }
    if let Some((from, until)) = life.held {
        text = format!("{text}, on hold {} s to {} s", after(from), after(until));
    }
    if let Some(at) = life.answered {
        let by = user.map(|user| format!(" by {user}")).unwrap_or_default();
        text = format!("{text} after {} s{by}", after(at));
    }
    format!("{text}, over after {} s", after(life.ended))
}
