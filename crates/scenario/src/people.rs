//! `[people]`: how callers and staff behave.

use model::people::{AFTER, Answering, Messages, OutcomeSet, People, Redial, TextBack};
use model::{RandomTime, Share};
use routing::account::Device;
use routing::record::Outcome;

use crate::node::Value;
use crate::quantity::Fault;
use crate::table::Table;
use crate::values;

mod keys;

pub(crate) use keys::KEYS;
use keys::tried_again;

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
    let share = |slot: &mut Share, name| *slot = table.share(name).unwrap_or(*slot);
    share(&mut answering.reach, "reach");
    set(&mut answering.delay, table.time("delay"));
    share(&mut answering.decline, "decline");
    share(&mut answering.dnd, "dnd");
    share(&mut answering.sleep, "sleep");
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
