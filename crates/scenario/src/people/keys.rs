//! The keys of `[people]`, with where each default comes from: `docs/people.md` and the schema say
//! it from here. \[A\] is an assumption for which no source was found.

use routing::record::Outcome;

use crate::spec::{KeySpec, Takes, key};

const CONSOLE: &str = "{ lognormal = { median = \"4.3s\", sigma = 0.94 } }";
const MOBILE: &str = "{ lognormal = { median = \"10s\", sigma = 0.5 } }";
const PHONE: &str = "{ lognormal = { median = \"12s\", sigma = 0.4 } }";
const CARRIER: &str = "{ uniform = [\"20s\", \"30s\"] }";

const MOODS: &str = "[A] off: no source says how often; sweep it";
const CONSOLE_SOURCE: &str = "[D] fitted to the DECC bins of attended consoles: 81 % within 10 s, \
                              96 % within 20 s, 99 % within 40 s";

/// How one kind of device is answered: its defaults, and the sources of the first two.
struct Device {
    reach: &'static str,
    reach_source: &'static str,
    delay: &'static str,
    delay_source: &'static str,
}

const WEB: Device = Device {
    reach: "0.85",
    reach_source: "[A]; that sleeping tabs miss calls is documented by Kixie",
    delay: CONSOLE,
    delay_source: CONSOLE_SOURCE,
};

const DESK: Device = Device {
    reach_source: "[A] as the web app",
    ..WEB
};

const MOBILE_APP: Device = Device {
    reach: "0.80",
    reach_source: "[A] a push that is delivered in time; that Android's doze delays it is \
                   documented by Kixie",
    delay: MOBILE,
    delay_source: "[A] 1 to 4 s to wake the app, then as a mobile phone is picked up: mean 8.67 s \
                   (tawkon 2013, users' own calls; shape [A])",
};

const PHONE_LEG: Device = Device {
    reach: "0.86",
    reach_source: "14 % of personal mobile calls are not picked up (tawkon 2013)",
    delay: PHONE,
    delay_source: "[A] 3 to 6 s until it rings, then as a mobile phone is picked up: mean 8.67 s \
                   (tawkon 2013; shape [A])",
};

const fn device(of: &Device) -> [KeySpec; 6] {
    [
        key(
            "reach",
            Takes::Share,
            "share of legs that somebody would pick up",
        )
        .default(of.reach)
        .source(of.reach_source),
        key(
            "delay",
            Takes::Time(false),
            "from the start of the stage to the pick-up",
        )
        .default(of.delay)
        .source(of.delay_source),
        key(
            "decline",
            Takes::Share,
            "share of the reached legs that decline",
        )
        .default("0.0")
        .source(MOODS),
        key("dnd", Takes::Share, "share of legs in do-not-disturb")
            .default("0.0")
            .source(MOODS),
        key(
            "sleep",
            Takes::Share,
            "share of legs that die after one ring",
        )
        .default("0.0")
        .source(MOODS),
        key(
            "carrier_voicemail",
            Takes::Time(true),
            "when the phone company's machine picks up",
        )
        .default(CARRIER)
        .source(
            "HighLevel help 155000006881 and clixio's changelog of 25 Aug 2025: after 20 to 30 s",
        ),
    ]
}

/// Apps have no phone company: they lack the last key.
const fn app(of: &Device) -> [KeySpec; 5] {
    let [reach, delay, decline, dnd, sleep, _] = device(of);
    [reach, delay, decline, dnd, sleep]
}

const ANSWER: &[KeySpec] = &[
    key("web", Takes::Table(&const { app(&WEB) }), "the web app"),
    key("desk", Takes::Table(&const { app(&DESK) }), "desk phones"),
    key(
        "mobile",
        Takes::Table(&const { app(&MOBILE_APP) }),
        "the mobile app",
    ),
    key(
        "phone",
        Takes::Table(&const { device(&PHONE_LEG) }),
        "phone numbers",
    ),
];

const VOICEMAIL: &[KeySpec] = &[
    key(
        "message",
        Takes::Share,
        "share of the callers who leave one",
    )
    .default("0.1")
    .source("[A] between sources that differ: below 3 % (Invoca's platform), 20 to 33 % (others)"),
    key("length", Takes::Time(false), "length of a message")
        .default("{ lognormal = { mean = \"25s\", cv = 0.66 } }")
        .source("[A]"),
];

const TEXT_BACK: &[KeySpec] = &[
    key(
        "share",
        Takes::Share,
        "share of the missed callers who call again",
    )
    .required()
    .source("[A] .15"),
    key(
        "delay",
        Takes::Time(false),
        "from the end of the missed call",
    )
    .required()
    .source("[A] lognormal, median 5 min, sigma 1.63, after the replies to SMS (Dynmark 2013)"),
];

const REDIAL: &[KeySpec] = &[
    key("share", Takes::Share, "probability after the first attempt")
        .required()
        .source(
            "[D] .43 (Anonymous Bank 1999, net of ordinary returns); .85 to .9 in an outage [A]",
        ),
    key(
        "delay",
        Takes::Time(false),
        "from the end of the failed attempt",
    )
    .required()
    .source(
        "[D] lognormal, median 13 min, sigma 1.95 (Anonymous Bank 1999, cut at 4 h); 15 to 60 s \
         in an outage [A]",
    ),
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

/// The outcomes after which somebody might call again: not after a talk, nor when the run was cut
/// off.
pub(super) fn tried_again() -> Vec<&'static str> {
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
        .default("{ lognormal = { median = \"120s\", sigma = 0.93 } }")
        .source(
            "[D] all talks of the Anonymous Bank 1999 (mu 4.79); Brown et al. 2005, table 1: \
             regular 4.84/.86, new prospects 4.25/.90, help desk 5.39/1.17",
        ),
    key("wrap_up", Takes::Time(false), "busy after the call")
        .default("{ constant = \"0s\" }")
        .source("[A]: no log that was measured has it"),
    key(
        "patience",
        Takes::Time(true),
        "of a caller while it rings, over all stages",
    )
    .default("{ lognormal = { median = \"30s\", sigma = 0.5 } }")
    .source("[A] no source found; sweep 20 to 45 s"),
    key(
        "hold_patience",
        Takes::Time(true),
        "of a caller on hold, starting anew there",
    )
    .default("{ lognormal = { median = \"348s\", sigma = 1.85 } }")
    .source(
        "[D] Anonymous Bank 1999 (mu 5.85); Brown et al. 2005, 5.2 and 7.1. Surveys say 58 s \
         (Metrigy 2024): stated, not revealed",
    ),
    key(
        "connect_prompt",
        Takes::Time(false),
        "Call Connect: until the key is pressed",
    )
    .default("{ constant = \"5s\" }")
    .source("[A] how long the prompt lasts is an open question of the documents"),
    key(
        "voicemail",
        Takes::Table(VOICEMAIL),
        "messages on our voicemail",
    ),
    key("ai_talk", Takes::Time(false), "talk time of the Voice AI")
        .default("{ lognormal = { median = \"90s\", sigma = 0.8 } }")
        .source("[A]"),
    key(
        "text_back",
        Takes::Table(TEXT_BACK),
        "a missed caller gets a text and calls again; default nobody",
    ),
    key(
        "call_waiting",
        Takes::Flag,
        "the legs of a busy person ring on",
    )
    .default("false")
    .source("[A]"),
    key(
        "dial_buffer",
        Takes::Duration(true),
        "added to every ring time",
    )
    .default("\"5s\"")
    .source("Twilio's TwiML Dial: it adds 5 s to every timeout"),
    key(
        "redial",
        Takes::Table(REDIAL),
        "who calls again after a failed attempt; default nobody",
    ),
];
