//! How the keys of a table are described: once, for reading, for the JSON Schema and for the
//! manifest.

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeySpec {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) help: &'static str,
    /// As it would be written in TOML; empty when there is none.
    pub(crate) default: &'static str,
    pub(crate) required: bool,
    /// Why a known key is not taken; empty when it is.
    pub(crate) refused: &'static str,
    /// Where the default comes from, or what is known of the value; empty where it is a choice.
    pub(crate) source: &'static str,
}

/// What a key takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    Text,
    Flag,
    Whole(u64, u64),
    Share,
    /// A number above zero.
    Factor,
    /// A number of zero or more.
    Spread,
    /// A duration; `true` where it may be zero.
    Duration(bool),
    Rate,
    Rates,
    Words(fn() -> Vec<&'static str>),
    /// A random time; `true` where it may be `"infinite"`.
    Time(bool),
    DateTime,
    Zone,
    Phone,
    /// Windows of the week.
    Hours,
    /// Days of the week.
    Days,
    Path,
    Table(&'static [KeySpec]),
    Tables(&'static [KeySpec]),
    /// Read by code of its own: what it is, and its schema.
    Other(&'static str, fn() -> serde_json::Value),
}

pub(crate) const fn key(name: &'static str, takes: Takes, help: &'static str) -> KeySpec {
    KeySpec {
        name,
        takes,
        help,
        default: "",
        required: false,
        refused: "",
        source: "",
    }
}

/// A key that is known and comes with a later version.
pub(crate) const fn later(name: &'static str, refused: &'static str) -> KeySpec {
    let help = "comes later";
    KeySpec {
        name,
        takes: Takes::Text,
        help,
        default: "",
        required: false,
        refused,
        source: "",
    }
}

impl KeySpec {
    pub(crate) const fn default(mut self, text: &'static str) -> Self {
        self.default = text;
        self
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn source(mut self, text: &'static str) -> Self {
        self.source = text;
        self
    }

    /// What it is, and where its default comes from.
    pub(crate) fn description(&self) -> String {
        if self.source.is_empty() {
            return self.help.to_owned();
        }
        format!("{}; source: {}", self.help, self.source)
    }
}

pub(crate) fn find<'k>(keys: &'k [KeySpec], name: &str) -> Option<&'k KeySpec> {
    keys.iter().find(|it| it.name == name)
}

impl Takes {
    /// What is expected, for messages.
    pub(crate) fn expected(&self) -> String {
        let text = match self {
            Self::Text => "a text",
            Self::Flag => "true or false",
            Self::Whole(least, most) => {
                return if *most == u64::MAX {
                    format!("a whole number from {least}")
                } else {
                    format!("a whole number from {least} to {most}")
                };
            }
            Self::Share => "a number from 0 to 1",
            Self::Factor => "a number above 0",
            Self::Spread => "a number of 0 or more",
            Self::Duration(_) => "a duration such as \"30s\"",
            Self::Rate => "a rate such as \"12/min\"",
            Self::Rates => "a list of rates such as [\"3/h\", \"12/h\"]",
            Self::Words(words) => return one_of(&words()),
            Self::Time(false) => "a random time such as { constant = \"30s\" }",
            Self::Time(true) => "a random time such as { constant = \"30s\" }, or \"infinite\"",
            Self::DateTime => "a local date and time such as \"2026-03-06T09:00:00\"",
            Self::Zone => "a time zone such as \"America/New_York\"",
            Self::Phone => "a phone number such as \"+15555550100\"",
            Self::Hours => "a list of hours such as [\"Mon-Fri 09:00-17:00\"]",
            Self::Days => "days of the week such as \"Mon-Fri\"",
            Self::Path => "the path of a file",
            Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
            Self::Other(what, _) => what,
        };
        text.to_owned()
    }
}

/// `"a", "b" or "c"`.
pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
