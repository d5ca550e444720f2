//! The keys of an accounts file (contract.md section 2).

use routing::account::MAX_RING_MORE;
use serde_json::json;

use crate::spec::{KeySpec, Takes, key};

const RING: Takes = Takes::Duration(false);
const DEVICES: Takes = Takes::Words(|| vec!["web", "mobile", "desk", "phone"]);

/// The top of the file.
pub(crate) const TOP: &[KeySpec] = &[key(
    "sub_account",
    Takes::Tables(SUB_ACCOUNT),
    "one table a sub-account",
)
.required()];

/// `[[sub_account]]`.
pub(crate) const SUB_ACCOUNT: &[KeySpec] = &[
    key("id", Takes::Text, "its name in files and reports").required(),
    key("name", Takes::Text, "its name for people; default the id"),
    key("agency", Takes::Text, "the scope of agency-wide limits"),
    key(
        "business_phone",
        Takes::Phone,
        "B: the phone of the business profile",
    ),
    key(
        "forward_to_business_phone",
        Takes::Flag,
        "whether B is used at all",
    )
    .default("true"),
    key(
        "prefer",
        Takes::Words(|| vec!["number-owner", "contact-owner"]),
        "who is asked first",
    )
    .default("\"number-owner\""),
    key(
        "incoming_timeout",
        RING,
        "ring time of the company level; unset everywhere = 60s",
    ),
    key(
        "allow_private_calls",
        Takes::Flag,
        "whether withheld numbers may call",
    )
    .default("true"),
    key(
        "voicemail_greeting",
        Takes::Flag,
        "a company greeting exists",
    )
    .default("false"),
    key(
        "custom_values",
        Takes::Other("a table of texts", texts),
        "what {{custom_values.X}} in a whisper may name",
    ),
    key(
        "countries",
        Takes::Other("a list of country codes such as [\"US\", \"CA\"]", codes),
        "where legs may be dialled; left out = everywhere",
    ),
    key("user", Takes::Tables(USER), "its users"),
    key("number", Takes::Tables(NUMBER), "its numbers"),
    key("contact", Takes::Tables(CONTACT), "its known callers"),
];

/// `[[sub_account.user]]`.
pub(crate) const USER: &[KeySpec] = &[
    key("id", Takes::Text, "name within the sub-account").required(),
    key(
        "person",
        Takes::Text,
        "the same person in several sub-accounts; default SUB-ACCOUNT/ID",
    ),
    key("phone", Takes::Phone, "U: the user's own phone"),
    key(
        "extension",
        Takes::Text,
        "shown and dialled, no effect on the simulation",
    ),
    key("web_app", Takes::Flag, "rings on the web app").default("false"),
    key("mobile_app", Takes::Flag, "rings on the mobile app").default("false"),
    key("desk_phone", Takes::Flag, "rings on a desk phone").default("false"),
    key(
        "client",
        Takes::Text,
        "TwiML <Client> identity of web and mobile; default the id",
    ),
    key(
        "sip",
        Takes::Text,
        "TwiML <Sip> of the desk phone; default sip:ID@example.invalid",
    ),
    key("incoming_timeout", RING, "ring time of the user level"),
    key("voicemail_greeting", Takes::Flag, "the user has a greeting").default("false"),
    key(
        "available",
        Takes::Flag,
        "logged in; false = apps logged out everywhere",
    )
    .default("true"),
    key(
        "hours",
        Takes::Hours,
        "when logged in, scenario's time zone; left out = always",
    ),
    key(
        "ring_more_device",
        DEVICES,
        "the one channel when rung as an extra user",
    ),
    key("ivr_device", DEVICES, "the one channel of an IVR"),
];

/// `[[sub_account.number]]`.
pub(crate) const NUMBER: &[KeySpec] = &[
    key("number", Takes::Phone, "the number").required(),
    key("assigned_to", Takes::Text, "its owner, a user's id"),
    key("forward_to", Takes::Phone, "F: the forwarding number"),
    key(
        "ring_more",
        Takes::Other("a list of users", extra_users),
        "extra users, up to 6",
    ),
    key("incoming_timeout", RING, "ring time of the number level"),
    key("voice_capable", Takes::Flag, "can take voice calls").default("true"),
    key(
        "whisper",
        Takes::Text,
        "played to whoever picks up a phone leg",
    ),
    key("call_connect", Takes::Flag, "a phone leg must press a key").default("false"),
    key(
        "pass_called_number",
        Takes::Flag,
        "a forwarded leg shows the called number",
    )
    .default("false"),
    key(
        "pool",
        Takes::Text,
        "member of a number pool: goes only to forward_to",
    ),
    key(
        "ivr",
        Takes::Other("true, false or a table", ivr),
        "an IVR workflow takes every call",
    )
    .default("false"),
    key(
        "voice_ai",
        Takes::Words(|| vec!["off", "direct", "backup"]),
        "when a Voice AI answers",
    )
    .default("\"off\""),
    key(
        "voice_ai_hours",
        Takes::Hours,
        "when the Voice AI answers; left out = always",
    ),
    key(
        "backup",
        Takes::Words(|| vec!["voicemail", "voice-ai", "hold", "none"]),
        "what comes when nobody answered",
    )
    .default("\"voicemail\""),
    key(
        "hold_staff",
        Takes::Other("a list of users, a number of agents or { file = … }", staff),
        "who serves callers on hold; default the owner and ring_more",
    ),
    key(
        "hold_room",
        Takes::Whole(0, u32::MAX as u64),
        "how many may wait; left out = no bound",
    ),
];

/// `[[sub_account.contact]]`.
pub(crate) const CONTACT: &[KeySpec] = &[
    key("phone", Takes::Phone, "the caller's number").required(),
    key(
        "assigned_to",
        Takes::Text,
        "the contact's owner, a user's id",
    ),
];

/// `[sub_account.number.ivr]`.
pub(crate) const IVR: &[KeySpec] = &[
    key("menu", Takes::Time(false), "time in the menu").default("{ constant = \"0s\" }"),
    key(
        "hang_up",
        Takes::Share,
        "share of the callers who hang up at its end",
    )
    .default("0.0"),
    key(
        "branch",
        Takes::Tables(BRANCH),
        "choices; what is left of 1 ends in the workflow",
    ),
];

/// `[[sub_account.number.ivr.branch]]`.
pub(crate) const BRANCH: &[KeySpec] = &[
    key("share", Takes::Share, "share of the callers who choose it").required(),
    key(
        "connect",
        Takes::Other("a list of users or numbers", names),
        "who rings, up to ten",
    ),
    key("connect_timeout", RING, "ring time").default("\"10s\""),
    key(
        "then",
        Takes::Words(|| vec!["end", "voicemail"]),
        "what comes when nobody answers",
    )
    .default("\"end\""),
];

/// `{ file = "roster.csv" }`.
pub(crate) const STAFF_FILE: &[KeySpec] =
    &[key("file", Takes::Path, "a roster: interval_start,agents").required()];

fn texts() -> serde_json::Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

fn codes() -> serde_json::Value {
    json!({ "type": "array", "items": { "type": "string", "pattern": "^[A-Z]{2}$" } })
}

fn names() -> serde_json::Value {
    json!({ "type": "array", "items": { "type": "string" }, "maxItems": model::ivr::MAX_CONNECT })
}

fn extra_users() -> serde_json::Value {
    json!({ "type": "array", "items": { "type": "string" }, "maxItems": MAX_RING_MORE })
}

fn ivr() -> serde_json::Value {
    json!({ "anyOf": [{ "type": "boolean" }, crate::schema::table(IVR)] })
}

fn staff() -> serde_json::Value {
    json!({ "anyOf": [
        { "type": "array", "items": { "type": "string" } },
        { "type": "integer", "minimum": 0 },
        crate::schema::table(STAFF_FILE),
    ] })
}
