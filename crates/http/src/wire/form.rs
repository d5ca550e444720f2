//! The provider's form requests: a call that comes in, and the `action` request when a dial is
//! over (domain.md 4.1, 4.4).

use form_urlencoded::Serializer;
use routing::PhoneNumber;

use super::ask::{Ask, push_number};
use super::status::Ended;

/// The content type of both.
pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// Our header with the scenario time of a call.
pub const AT_HEADER: &str = "x-busyhour-at";

/// Our header with whose being logged in differs from the accounts: a form of user id and
/// true or false.
pub const AVAILABLE_HEADER: &str = "x-busyhour-available";

/// The header in which a router may tell why a call is dropped or refused.
pub const CAUSE_HEADER: &str = "x-busyhour-cause";

/// What stands in `From` when the caller withheld the number. Real ones also send some of these
/// as a number that spells the word on a keypad.
const WITHHELD: [&str; 12] = [
    "",
    "anonymous",
    "unknown",
    "private",
    "restricted",
    "blocked",
    "unavailable",
    "+266696687",
    "+7378742833",
    "+2562533",
    "+8566696",
    "+86282452253",
];

/// The account of all our requests: made up, none of the provider's.
const ACCOUNT_SID: &str = "AC00000000000000000000000000000001";

/// How a dial ended: `DialCallStatus` (domain.md 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialStatus {
    /// Nobody answered in time.
    NoAnswer,
    /// Every leg was busy.
    Busy,
    /// No leg could be dialled.
    Failed,
}

impl DialStatus {
    /// The word of the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoAnswer => "no-answer",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

/// The fields of a request about this call: of the first one, or of the one when a dial is over.
pub fn fields(ask: &Ask, dial: Option<DialStatus>) -> Vec<(String, String)> {
    let status = if dial.is_some() {
        "in-progress"
    } else {
        "ringing"
    };
    let mut fields = about(ask, status);
    if let Some(dial) = dial {
        let sid = ask.id.sid().replacen("CA", "CAd", 1);
        fields.push(("DialCallStatus".into(), dial.name().into()));
        fields.push(("DialCallSid".into(), sid[..34].to_owned()));
        fields.push(("DialBridged".into(), "false".into()));
    }
    fields
}

/// The fields of the request that tells the end of a call.
pub fn end_fields(ask: &Ask, ended: &Ended) -> Vec<(String, String)> {
    let mut fields = about(ask, ended.status.name());
    fields.push(("CallDuration".into(), ended.connected_s.to_string()));
    fields
}

fn about(ask: &Ask, status: &str) -> Vec<(String, String)> {
    let from = ask.from.map_or("anonymous".to_owned(), |it| it.to_string());
    let to = ask.to.to_string();
    [
        ("AccountSid", ACCOUNT_SID),
        ("ApiVersion", "2010-04-01"),
        ("CallSid", &ask.id.sid()),
        ("CallStatus", status),
        ("Called", &to),
        ("Caller", &from),
        ("Direction", "inbound"),
        ("From", &from),
        ("To", &to),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// The body of the first request about a call: [`body`] of its [`fields`], without making them one
/// by one: a load run writes one for every call.
pub fn first_body(ask: &Ask) -> String {
    let mut text = String::with_capacity(320);
    text.push_str("AccountSid=");
    text.push_str(ACCOUNT_SID);
    text.push_str("&ApiVersion=2010-04-01&CallSid=");
    ask.id.push_sid(&mut text);
    text.push_str("&CallStatus=ringing");
    let mut number = |field: &str, number: Option<PhoneNumber>| {
        text.push_str(field);
        match number {
            Some(number) => push_number(&mut text, "%2B", number),
            None => text.push_str("anonymous"),
        }
    };
    number("&Called=", Some(ask.to));
    number("&Caller=", ask.from);
    number("&Direction=inbound&From=", ask.from);
    number("&To=", Some(ask.to));
    text
}

/// Fields as a body.
pub fn body(fields: &[(String, String)]) -> String {
    Serializer::new(String::with_capacity(384))
        .extend_pairs(fields)
        .finish()
}

/// Our own headers of a request, each behind a line break: when, and who is logged in differently.
pub(crate) fn push_headers(head: &mut String, ask: &Ask) {
    head.extend(["\r\n", AT_HEADER, ": "]);
    ask.push_at(head);
    head.extend(["\r\n", AVAILABLE_HEADER, ": "]);
    if !ask.available.is_empty() {
        head.push_str(&available(ask));
    }
}

/// Who is logged in differently, as the value of [`AVAILABLE_HEADER`].
pub fn available(ask: &Ask) -> String {
    let pairs = ask
        .available
        .iter()
        .map(|(user, is)| (&**user, if *is { "true" } else { "false" }));
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// [`AVAILABLE_HEADER`], read; pairs that are neither true nor false are left out.
pub fn read_available(value: &str) -> Vec<(String, bool)> {
    form_urlencoded::parse(value.as_bytes())
        .filter_map(|(user, is)| Some((user.into_owned(), is.parse().ok()?)))
        .collect()
}

/// A body as its fields, in order, repeated names included. Total: what is no form is odd fields.
pub fn read(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The first value of a field.
pub fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(it, _)| it == name);
    found.map(|(_, value)| value.as_str())
}

/// What is wrong with a request about a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A field that there must be.
    #[error("the form has no field {0}")]
    Missing(&'static str),
    /// A field that is no number.
    #[error("{field} is {found:?}, expected a number as +15555550199")]
    NoNumber {
        /// Which.
        field: &'static str,
        /// What was found.
        found: String,
    },
}

/// Caller and called number of a request.
///
/// # Errors
/// When one is missing or is no number.
pub fn call(fields: &[(String, String)]) -> Result<(Option<PhoneNumber>, PhoneNumber), FormError> {
    let to = field(fields, "To").ok_or(FormError::Missing("To"))?;
    let from = field(fields, "From").ok_or(FormError::Missing("From"))?;
    let from = if WITHHELD.contains(&from.to_ascii_lowercase().as_str()) {
        None
    } else {
        Some(number("From", from)?)
    };
    Ok((from, number("To", to)?))
}

fn number(field: &'static str, text: &str) -> Result<PhoneNumber, FormError> {
    text.parse().map_err(|_| FormError::NoNumber {
        field,
        found: text.chars().take(40).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ask::tests::ask;

    #[test]
    fn the_first_body_is_that_of_the_fields() {
        let mut ask = ask();
        for from in [ask.from, None] {
            ask.from = from;
            assert_eq!(first_body(&ask), body(&fields(&ask, None)));
        }
    }

    #[test]
    fn a_call_survives_the_wire() {
        let mut ask = ask();
        for dial in [None, Some(DialStatus::NoAnswer)] {
            let fields = fields(&ask, dial);
            let read = read(body(&fields).as_bytes());
            assert_eq!(read, fields);
            assert_eq!(call(&read), Ok((ask.from, ask.to)));
            assert_eq!(field(&read, "DialCallStatus"), dial.map(DialStatus::name));
            assert_eq!(field(&read, "CallSid").unwrap().len(), 34);
        }
        ask.from = None;
        assert_eq!(call(&fields(&ask, None)), Ok((None, ask.to)));
    }

    #[test]
    fn the_example_body_of_the_documents_is_read() {
        let body = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01\
                    &CallSid=CA00000000000000000000000000000001&CallStatus=ringing\
                    &Called=%2B15555550199&CalledCountry=US&Caller=%2B15555550100\
                    &Direction=inbound&From=%2B15555550100&FromCity=&FromCountry=US\
                    &StirVerstat=TN-Validation-Passed-A&To=%2B15555550199&ToZip=";
        let (from, to) = call(&read(body.as_bytes())).unwrap();
        assert_eq!(from.unwrap().to_string(), "+15555550100");
        assert_eq!(to.to_string(), "+15555550199");
    }

    #[test]
    fn a_withheld_number_has_many_spellings() {
        for from in ["Anonymous", "unknown", "+266696687", "RESTRICTED", ""] {
            let fields = [("From", from), ("To", "+15555550199")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(call(&fields).unwrap().0, None, "{from}");
        }
    }

    #[test]
    fn what_is_no_call_is_told() {
        let of = |body: &str| call(&read(body.as_bytes())).unwrap_err().to_string();
        assert_eq!(of("From=%2B15555550100"), "the form has no field To");
        assert_eq!(of("\u{0}\u{1}=%ff%zz"), "the form has no field To");
        assert_eq!(
            of("From=client:ann&To=%2B15555550199"),
            "From is \"client:ann\", expected a number as +15555550199"
        );
    }

    #[test]
    fn who_is_logged_in_survives_the_header() {
        let mut ask = ask();
        ask.available.push(("zoë & co=1".into(), true));
        let read = read_available(&available(&ask));
        let expected: Vec<(String, bool)> = ask
            .available
            .iter()
            .map(|(user, is)| (user.to_string(), *is))
            .collect();
        assert_eq!(read, expected);
        assert!(available(&ask).is_ascii());
    }
}
