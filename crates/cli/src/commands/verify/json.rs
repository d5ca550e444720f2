//! A verification for programs.

use http::wire::json::decision;
use routing::trace::Trace;
use serde_json::{Map, Value, json};

use super::text::{Shown, asked, command};

pub(super) fn json(shown: &Shown<'_>) -> Value {
    let it = shown.verified;
    let fired: Map<String, Value> = it
        .coverage
        .fired()
        .map(|(item, count)| (item.to_string(), count.into()))
        .collect();
    let not_covered: Vec<String> = it.not_covered.iter().map(ToString::to_string).collect();
    let policies: Map<String, Value> = it
        .by_policy
        .iter()
        .map(|(name, agreed)| ((*name).to_owned(), (*agreed).into()))
        .collect();
    json!({
        "schema_version": 1,
        "url": scenario::shown_url(&shown.args.url),
        "policy": it.policy,
        "cases": it.cases,
        "agreed": it.agreed,
        "share": f64::from(it.agreed) / f64::from(it.cases.max(1)),
        "left_out": it.left_out,
        "coverage": fired,
        "not_covered": not_covered,
        "policies": policies,
        "disagreements": disagreements(shown),
        "verdict": if it.agrees() { "pass" } else { "fail" },
    })
}

fn disagreements(shown: &Shown<'_>) -> Vec<Value> {
    let one = |(class, first): &(http::verify::Class, http::verify::Disagreement)| {
        let differs: Vec<&str> = class.0.iter().map(|it| it.name()).collect();
        let object = |policy: &str, made: &routing::decision::Decision, trace: &Trace| {
            decision(policy, &first.call, made, trace, shown.accounts)
        };
        let found = match &first.given {
            Ok(given) => given.decision(shown.accounts, &first.call),
            Err(flaw) => Err(flaw.clone()),
        };
        let found = match &found {
            Ok(made) => object("router", made, &Trace::off()),
            Err(flaw) => json!({"failed": flaw.class(), "reason": flaw.to_string()}),
        };
        let turns: Vec<Value> = first
            .turns
            .iter()
            .map(|turn| json!({"asked": asked(shown, turn), "status": turn.status, "body": turn.body}))
            .collect();
        json!({
            "differs": differs,
            "rule": class.1.name(),
            "count": first.count,
            "from": first.call.from.map(|it| it.to_string()),
            "to": first.call.to.to_string(),
            "expected": object(shown.verified.policy, &first.expected, &first.trace),
            "router": found,
            "wire": turns,
            "command": command(shown, &first.call),
        })
    };
    shown.verified.disagreements.iter().map(one).collect()
}
