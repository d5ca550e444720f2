//! `[people]`: how callers and staff behave.

use model::people::{AFTER, Answering, Messages, OutcomeSet, People, Redial, TextBack};
use model::{RandomTime, Share};
use routing::account::Device;
use routing::record::Outcome;

use crate::node::Value;
use crate::quantity::Fault;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

const REACH: &str = "share of legs that somebody would pick up";
const DELAY: &str = "from the start of the stage to the pick-up";
const CONSOLE: &str = "{ lognormal = { median = \"4.3s\", sigma = 0.94 } }";
const MOBILE: &str = "{ lognormal = { median = \"10s\", sigma = 0.5 } }";
const PHONE: &str = "{ lognormal = { median = \"12s\", sigma = 0.4 } }";
const CARRIER: &str = "{ uniform = [\"20s\", \"30s\"] }";

const fn device(reach: &'static str, delay: &'static str, carrier: &'static str) -> [KeySpec; 6] {
    [
        key("reach", Takes::Share, REACH).default(reach),
        key("delay", Takes::Time(false), DELAY).default(delay),
        key(
            "decline",
            Takes::Share,
            "share of the reached legs that decline",
        )
        .default("0.0"),
        key("dnd", Takes::Share, "share of legs in do-not-disturb").default("0.0"),
        key(
            "sleep",
            Takes::Share,
            "share of legs that die after one ring",
        )
        .default("0.0"),
        key(
            "carrier_voicemail",
            Takes::Time(true),
            "when the phone company's machine picks up",
        )
        .default(carrier),
    ]
}

/// Apps have no phone company: they lack the last key.
const fn app(reach: &'static str, delay: &'static str) -> [KeySpec; 5] {
    let [a, b, c, d, e, _] = device(reach, delay, "\"infinite\"");
    [a, b, c, d, e]
}

const ANSWER: &[KeySpec] = &[
    key(
        "web",
        Takes::Table(&const { app("0.85", CONSOLE) }),
        "the web app",
    ),
    key(
        "desk",
        Takes::Table(&const { app("0.85", CONSOLE) }),
        "desk phones",
    ),
    key(
        "mobile",
        Takes::Table(&const { app("0.80", MOBILE) }),
        "the mobile app",
    ),
    key(
        "phone",
        Takes::Table(&const { device("0.86", PHONE, CARRIER) }),
        "phone numbers",
    ),
];

const VOICEMAIL: &[KeySpec] = &[
    key(
        "message",
        Takes::Share,
        "share of the callers who leave one",
    )
    .default("0.1"),
    key("length", Takes::Time(false), "length of a message")
        .default("{ lognormal = { mean = \"25s\", cv = 0.66 } }"),
];

const TEXT_BACK: &[KeySpec] = &[
    key(
        "share",
        Takes::Share,
        "share of the missed callers who call again",
    )
    .required(),
    key(
        "delay",
        Takes::Time(false),
        "from the end of the missed call",
    )
    .required(),
];

const REDIAL: &[KeySpec] = &[
    key("share", Takes::Share, "probability after the first attempt").required(),
    key(
        "delay",
        Takes::Time(false),
        "from the end of the failed attempt",
    )
    .required(),
    key(
        "keep",
        Takes::Share,
        "factor on the probability from attempt to attempt",
    )
    .default("1.0"),
    key(
        "max",
        Takes::Other("a whole number, or \"infinite\"", max_schema),
        "the most redials",
    )
    .default("\"infinite\""),
    key(
        "after",
        Takes::Other("a list of outcomes", after_schema),
        "outcomes tried again after",
    )
    .default(AFTER_DEFAULT),
];

const AFTER_DEFAULT: &str =
    "[\"abandoned\", \"no-answer\", \"busy\", \"blocked\", \"dropped\", \"failed\"]";

fn max_schema() -> serde_json::Value {
    serde_json::json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "const": "infinite" }] })
}

fn after_schema() -> serde_json::Value {
    serde_json::json!({ "type": "array", "items": { "enum": tried_again() } })
}

/// The outcomes after which somebody might call again: not after a talk, nor when the run was cut off.
fn tried_again() -> Vec<&'static str> {
    let kept = |it: &&Outcome| !matches!(it, Outcome::Answered | Outcome::Unfinished);
    Outcome::ALL
        .iter()
        .filter(kept)
        .map(|it| it.name())
        .collect()
}

/// The keys of `[people]`.
pub(crate) const KEYS: &[KeySpec] = &[
    key(
        "answer",
        Takes::Table(ANSWER),
        "how each kind of device is answered",
    ),
    key("talk", Takes::Time(false), "talk time")
        .default("{ lognormal = { median = \"120s\", sigma = 0.93 } }"),
    key("wrap_up", Takes::Time(false), "busy after the call").default("{ constant = \"0s\" }"),
    key(
        "patience",
        Takes::Time(true),
        "of a caller while it rings, over all stages",
    )
    .default("{ lognormal = { median = \"30s\", sigma = 0.5 } }"),
    key(
        "hold_patience",
        Takes::Time(true),
        "of a caller on hold, starting anew there",
    )
    .default("{ lognormal = { median = \"348s\", sigma = 1.85 } }"),
    key(
        "connect_prompt",
        Takes::Time(false),
        "Call Connect: until the key is pressed",
    )
    .default("{ constant = \"5s\" }"),
    key(
        "voicemail",
        Takes::Table(VOICEMAIL),
        "messages on our voicemail",
    ),
    key("ai_talk", Takes::Time(false), "talk time of the Voice AI")
        .default("{ lognormal = { median = \"90s\", sigma = 0.8 } }"),
    key(
        "text_back",
        Takes::Table(TEXT_BACK),
        "a missed caller gets a text and calls again",
    ),
    key(
        "call_waiting",
        Takes::Flag,
        "the legs of a busy person ring on",
    )
    .default("false"),
    key(
        "dial_buffer",
        Takes::Duration(true),
        "added to every ring time",
    )
    .default("\"5s\""),
    key(
        "redial",
        Takes::Table(REDIAL),
        "who calls again after a failed attempt; default nobody",
    ),
];

/// `[people]`, read.
pub(crate) fn read(table: &Table<'_>) -> People {
    let mut people = People::default();
    let answer = table.section("answer");
    for (name, device) in [
        ("web", Device::Web),
        ("desk", Device::Desk),
        ("mobile", Device::Mobile),
        ("phone", Device::Phone),
    ] {
        read_device(&answer.section(name), people.answer_mut(device), device);
    }
    set(&mut people.talk, table.time("talk"));
    set(&mut people.wrap_up, table.time("wrap_up"));
    set(&mut people.patience, table.time("patience"));
    set(&mut people.hold_patience, table.time("hold_patience"));
    set(&mut people.connect_prompt, table.time("connect_prompt"));
    let voicemail = table.section("voicemail");
    people.voicemail = Messages {
        message: voicemail.share("message").unwrap_or_default(),
        length: voicemail.time("length").unwrap_or(people.voicemail.length),
    };
    set(&mut people.ai_talk, table.time("ai_talk"));
    people.text_back = table.optional_section("text_back").and_then(|it| {
        let (share, delay) = (it.share("share"), it.time("delay"));
        Some(TextBack {
            share: share?,
            delay: delay?,
        })
    });
    people.call_waiting = table.flag("call_waiting");
    people.dial_buffer = table.duration("dial_buffer").unwrap_or(people.dial_buffer);
    people.redial = table.optional_section("redial").and_then(|it| redial(&it));
    people
}

fn set(slot: &mut RandomTime, value: Option<RandomTime>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn read_device(table: &Table<'_>, answering: &mut Answering, device: Device) {
    for (slot, name) in [
        (&mut answering.reach, "reach"),
        (&mut answering.decline, "decline"),
        (&mut answering.dnd, "dnd"),
        (&mut answering.sleep, "sleep"),
    ] {
        *slot = table.share(name).unwrap_or(*slot);
    }
    set(&mut answering.delay, table.time("delay"));
    if device == Device::Phone {
        set(
            &mut answering.carrier_voicemail,
            table.time("carrier_voicemail"),
        );
    }
}

fn redial(table: &Table<'_>) -> Option<Redial> {
    let (share, delay) = (table.share("share"), table.time("delay"));
    let keep = table.share("keep").unwrap_or(Share::ALWAYS);
    let max = table.take("max", |r, node| match r.text_of(node).as_deref() {
        Some("infinite") => Some(None),
        Some(_) if matches!(node.value, Value::Text(_)) => {
            let expected = "a whole number, or \"infinite\"";
            r.error(node.span, values::mismatch(node, expected));
            None
        }
        _ => values::whole(r, node, 0, 1_000_000).map(|max| Some(max as u32)),
    });
    let after = table.take("after", |r, node| {
        let Value::List(list) = &node.value else {
            let expected = "a list of outcomes such as [\"abandoned\", \"busy\"]";
            r.error(node.span, values::mismatch(node, expected));
            return None;
        };
        let names = tried_again();
        let outcomes: Vec<Option<Outcome>> = list
            .iter()
            .map(|node| values::word(r, node, &names).and_then(Outcome::from_name))
            .collect();
        if list.is_empty() {
            let fault =
                Fault::new("an empty list, expected the outcomes that are tried again after");
            r.error(
                node.span,
                fault.help("leave `redial` out where nobody calls again"),
            );
            return None;
        }
        outcomes.into_iter().collect::<Option<OutcomeSet>>()
    });
    let (max, after) = (max.flatten(), after.unwrap_or(AFTER.into_iter().collect()));
    Some(Redial {
        share: share?,
        delay: delay?,
        keep,
        max,
        after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::memory::Memory;

    #[test]
    fn the_written_defaults_are_those_of_the_model() {
        let files = Memory::default();
        let reading = crate::reading::Reading::new(&files);
        let node = crate::reading::Reading::default_node("{}");
        let table = Table::open(&reading, &node, KEYS, Some("people.".to_owned())).unwrap();
        assert_eq!(read(&table), People::default());
        assert!(!reading.failed());
    }
}
