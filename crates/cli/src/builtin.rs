//! The built-in scenarios: the files of `scenarios/`, by name. A new one is a folder there and a
//! line here.

use std::path::{Component, Path};

/// A file of a built-in scenario: its name within the folder and its text.
pub(crate) type File = (&'static str, &'static str);

/// A built-in scenario.
#[derive(Debug)]
pub(crate) struct Builtin {
    /// Its name: the folder below `scenarios/`.
    pub name: &'static str,
    /// What it shows, in one line.
    pub help: &'static str,
    /// `scenario.toml` first.
    pub files: &'static [File],
}

macro_rules! builtin {
    ($name:literal alone, $help:literal) => {
        Builtin {
            name: $name,
            help: $help,
            files: &[(
                "scenario.toml",
                include_str!(concat!("../../../scenarios/", $name, "/scenario.toml")),
            )],
        }
    };
    ($name:literal, $help:literal $(, $more:literal)*) => {
        Builtin {
            name: $name,
            help: $help,
            files: &[
                (
                    "scenario.toml",
                    include_str!(concat!("../../../scenarios/", $name, "/scenario.toml")),
                ),
                (
                    "accounts.toml",
                    include_str!(concat!("../../../scenarios/", $name, "/accounts.toml")),
                ),
                $((
                    $more,
                    include_str!(concat!("../../../scenarios/", $name, "/", $more)),
                ),)*
            ],
        }
    };
}

/// Every built-in scenario.
pub(crate) const BUILTINS: &[Builtin] = &[
    builtin!(
        "office-day",
        "an ordinary office day: who reaches a person, who is missed and why"
    ),
    builtin!(
        "blocked-number",
        "a busy number that gets blocked, and then its whole account"
    ),
    builtin!(
        "sms-blast",
        "an SMS blast to 20 000 leads: when its replies get the account blocked, and what helps"
    ),
    builtin!(
        "routing-tour",
        "a tour of the routing table: one number a row"
    ),
    builtin!(
        "every-rule",
        "accounts in which every rule can fire: seed your router with them, then verify it",
        "accounts.json"
    ),
    builtin!(
        "router-ci",
        "a router team's CI: a small voice webhook with a planted bug, which verify finds",
        "accounts.json",
        "router.py"
    ),
    builtin!(
        "carrier-voicemail",
        "how long to ring: too short misses people, too long gives the calls to the phone company"
    ),
    builtin!(
        "redirect-loop",
        "two numbers that forward to each other block the whole account"
    ),
    builtin!(
        "voice-ai-overflow",
        "two people and a Voice AI that takes what they cannot"
    ),
    builtin!(
        "outage-redial",
        "half an hour without anybody logged in, and the redials that follow"
    ),
    builtin!(
        "radio-spot",
        "a radio spot at noon: everybody calls once, and the number still is called too often"
    ),
    builtin!(
        "robocall-flood",
        "a machine dials one number for three minutes and gets the whole account blocked"
    ),
    builtin!(
        "televote",
        "a televote on an IVR, which no rate limit stops"
    ),
    builtin!(
        "monday-morning" alone,
        "ten thousand made-up businesses on a Monday: what loses most calls"
    ),
];

/// The folder under which a built-in scenario's files are read: no real folder has this name.
const ROOT: &str = "<built-in>";

/// The built-in scenario of this name.
pub(crate) fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|it| it.name == name)
}

impl Builtin {
    /// The path under which [`read`] finds its scenario file.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        Path::new(ROOT).join(self.name).join("scenario.toml")
    }
}

/// The text of a built-in file, if the path is one.
pub(crate) fn read(path: &Path) -> Option<&'static str> {
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    let mut next = || parts.next().and_then(|part| part.as_os_str().to_str());
    if next() != Some(ROOT) {
        return None;
    }
    let builtin = find(next()?)?;
    let file = next()?;
    builtin
        .files
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, text)| *text)
}
