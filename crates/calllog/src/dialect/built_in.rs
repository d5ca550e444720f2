//! The dialects that come with the program: a file and a line each.

use super::Dialect;

/// A dialect of the program's own.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// As `--dialect` takes it.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// Every one, in the order in which a file is compared with them: those that say more of
        /// how they look come first.
        pub const BUILT_IN: &[BuiltIn] = &[$(BuiltIn {
            name: $name,
            text: include_str!(concat!("../../dialects/", $name, ".toml")),
        }),+];
    };
}

files![
    "canonical",
    "twilio-insights",
    "twilio",
    "freeswitch",
    "freeswitch-default",
    "freeswitch-asterisk",
    "asterisk",
    "asterisk-custom",
    "3cx",
    "highlevel",
];

impl BuiltIn {
    /// What its file says.
    pub fn dialect(&self) -> Dialect {
        Dialect::read(self.text, self.name).expect("a test reads every built-in dialect")
    }
}

/// The built-in dialect of this name, or `generic`.
pub fn find(name: &str) -> Option<Dialect> {
    if name == "generic" {
        return Some(Dialect::generic());
    }
    let found = BUILT_IN.iter().find(|it| it.name == name);
    found.map(BuiltIn::dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_dialect_is_read_and_says_how_it_looks() {
        for it in BUILT_IN {
            let dialect = Dialect::read(it.text, it.name).unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(dialect.name, it.name);
            assert!(
                !dialect.help.is_empty() && !dialect.looks.is_empty(),
                "{}",
                it.name
            );
        }
    }
}
