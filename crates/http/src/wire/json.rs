//! The JSON wire: a call as an object, and a decision as the object of contract.md section 3.

mod answer;
mod write;

pub use answer::read_decision;
pub use write::decision;

use std::collections::BTreeMap;

use routing::PhoneNumber;
use serde::Deserialize;

use super::ask::{Ask, push_number};
use super::digits;

/// The content type of both.
pub const CONTENT_TYPE: &str = "application/json";

/// A call as the wire writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Wire {
    #[serde(default)]
    call_id: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    from: Option<String>,
    to: String,
    #[serde(default)]
    attempt: u32,
    #[serde(default)]
    available: Option<BTreeMap<String, bool>>,
}

/// A call as a server reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name; may be empty.
    pub call_id: String,
    /// Scenario time, as it is written.
    pub at: Option<String>,
    /// The caller; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
    /// Whose being logged in differs from the accounts; none when nothing is said.
    pub available: Option<Vec<(String, bool)>>,
}

/// The body of a request. Written by hand: only the ids of users can hold what must be escaped.
pub fn ask(ask: &Ask) -> String {
    let mut body = String::with_capacity(192);
    body.push_str("{\"call_id\":\"");
    ask.id.push(&mut body);
    body.push_str("\",\"at\":\"");
    ask.push_at(&mut body);
    body.push_str("\",\"from\":");
    match ask.from {
        Some(from) => {
            push_number(&mut body, "\"+", from);
            body.push('"');
        }
        None => body.push_str("null"),
    }
    push_number(&mut body, ",\"to\":\"+", ask.to);
    body.push_str("\",\"attempt\":");
    digits::push(&mut body, ask.id.attempt.into());
    body.push_str(",\"available\":");
    if ask.available.is_empty() {
        body.push_str("{}}");
        return body;
    }
    let available = ask.available.iter().map(|(user, is)| (&**user, *is));
    let available: BTreeMap<&str, bool> = available.collect();
    // Strings and booleans: there is nothing that could fail.
    body.push_str(&serde_json::to_string(&available).unwrap_or_default());
    body.push('}');
    body
}

/// A request, read.
///
/// # Errors
/// What is wrong with it, in words for whoever sent it.
pub fn read_ask(body: &[u8]) -> Result<Asked, String> {
    let wire: Wire = serde_json::from_slice(body).map_err(|why| why.to_string())?;
    let number = |field: &str, text: &str| -> Result<PhoneNumber, String> {
        text.parse().map_err(|why| format!("{field}: {why}"))
    };
    Ok(Asked {
        from: wire.from.map(|from| number("from", &from)).transpose()?,
        to: number("to", &wire.to)?,
        call_id: wire.call_id,
        at: wire.at,
        available: wire.available.map(|it| it.into_iter().collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ask::tests::ask as example;

    #[test]
    fn a_call_is_written_as_the_contract_says() {
        let expected = r#"{"call_id":"c-000042-1","at":"2026-03-02T15:00:05.250Z","#.to_owned()
            + r#""from":"+15555550177","to":"+15555550199","attempt":1,"#
            + r#""available":{"ann":true,"ben":false}}"#;
        assert_eq!(ask(&example()), expected);
    }

    #[test]
    fn a_call_survives_the_wire() {
        let mut call = example();
        let read = read_ask(ask(&call).as_bytes()).unwrap();
        assert_eq!((read.from, read.to), (call.from, call.to));
        assert_eq!(read.at.unwrap(), call.at_text());
        assert_eq!(read.available.unwrap().len(), 2);
        call.from = None;
        assert_eq!(read_ask(ask(&call).as_bytes()).unwrap().from, None);
    }

    #[test]
    fn only_the_called_number_is_required() {
        let read = read_ask(br#"{"to":"+15555550199","new":{"field":1}}"#).unwrap();
        assert_eq!(read.available, None);
        for (body, expected) in [
            ("", "EOF"),
            ("[]", "invalid"),
            ("{\"from\":null}", "missing field `to`"),
            ("{\"to\":\"15\"}", "to: a phone number starts with `+`"),
            ("{\"to\":5}", "invalid type"),
        ] {
            let why = read_ask(body.as_bytes()).unwrap_err();
            assert!(why.contains(expected), "{body}: {why}");
        }
        let deep = "[".repeat(100_000);
        assert!(read_ask(deep.as_bytes()).is_err());
    }
}
