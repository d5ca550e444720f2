//! `[limits]`: the open questions of the documents about limits.

use routing::limit::{
    AccountScope, AnonymousFrom, BlockScope, CheckPosition, ClassLimits, FromScope, LimitClass,
    LimitParams, PoolClass, RateWindow, RejectForm, ViolationWindow,
};

use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

const MOST: u64 = 1_000_000_000;

const REGULAR: &[KeySpec] = &[
    key(
        "from_per_minute",
        Takes::Whole(0, MOST),
        "calls a minute from one caller",
    )
    .default("10"),
    key(
        "to_per_minute",
        Takes::Whole(0, MOST),
        "calls a minute to one number",
    )
    .default("15"),
];

const VOICE_AI: &[KeySpec] = &[
    key(
        "from_per_minute",
        Takes::Whole(0, MOST),
        "calls a minute from one caller",
    )
    .default("200"),
    key(
        "to_per_minute",
        Takes::Whole(0, MOST),
        "calls a minute to one number",
    )
    .default("200"),
];

macro_rules! words {
    ($type:ty) => {
        Takes::Words(|| <$type>::ALL.iter().map(|it| it.name()).collect())
    };
}

/// The keys of `[limits]`.
pub(crate) const KEYS: &[KeySpec] = &[
    key(
        "preset",
        Takes::Words(|| vec!["leadconnector", "none"]),
        "none: no limits at all",
    )
    .default("\"leadconnector\""),
    key(
        "regular",
        Takes::Table(REGULAR),
        "the limits of regular numbers",
    ),
    key(
        "voice_ai",
        Takes::Table(VOICE_AI),
        "the limits of numbers with a Voice AI",
    ),
    key(
        "violations_per_hour",
        Takes::Whole(0, MOST),
        "more than this blocks the account",
    )
    .default("5"),
    key("window", words!(RateWindow), "how a minute is read").default("\"sliding\""),
    key(
        "violation_window",
        words!(ViolationWindow),
        "how the hour is read",
    )
    .default("\"sliding\""),
    key(
        "count_blocked",
        Takes::Flag,
        "attempts that a limit stops enter the counters",
    )
    .default("true"),
    key(
        "double_hit",
        Takes::Whole(1, 2),
        "violations of a call over both limits",
    )
    .default("1"),
    key(
        "from_scope",
        words!(FromScope),
        "over how much one caller's calls are counted together",
    )
    .default("\"location\""),
    key("account", words!(AccountScope), "what is blocked").default("\"location\""),
    key(
        "block_scope",
        words!(BlockScope),
        "which numbers of a blocked account stop taking calls",
    )
    .default("\"non-ivr\""),
    key(
        "block_until",
        Takes::Other("\"never\", or a duration such as \"24h\"", until_schema),
        "how long a block holds",
    )
    .default("\"never\""),
    key(
        "anonymous_from",
        words!(AnonymousFrom),
        "how withheld callers enter the from limit",
    )
    .default("\"shared\""),
    key(
        "ai_backup_class",
        words!(LimitClass),
        "of a number whose Voice AI is only its backup",
    )
    .default("\"regular\""),
    key(
        "pool_class",
        words!(PoolClass),
        "the class of a number in a number pool",
    )
    .default("\"by-target\""),
    key(
        "reject_form",
        words!(RejectForm),
        "what the caller hears of a blocked call",
    )
    .default("\"busy\""),
    key(
        "check_position",
        words!(CheckPosition),
        "admission before or after the decision",
    )
    .default("\"before\""),
];

fn until_schema() -> serde_json::Value {
    serde_json::json!({ "anyOf": [{ "const": "never" }, crate::schema::duration()] })
}

fn class(table: &Table<'_>, default: ClassLimits) -> ClassLimits {
    let from = table.whole("from_per_minute").map(|n| n as u32);
    let to = table.whole("to_per_minute").map(|n| n as u32);
    ClassLimits {
        from_per_minute: from.unwrap_or(default.from_per_minute),
        to_per_minute: to.unwrap_or(default.to_per_minute),
    }
}

/// `[limits]`, read.
pub(crate) fn read(table: &Table<'_>) -> LimitParams {
    let default = LimitParams::default();
    macro_rules! word {
        ($key:literal, $type:ty) => {
            table
                .word($key)
                .and_then(<$type>::from_name)
                .unwrap_or_default()
        };
    }
    let block_until = table.take("block_until", |r, node| match r.text_of(node).as_deref() {
        Some("never") => Some(None),
        _ => values::duration(r, node, false).map(Some),
    });
    LimitParams {
        enabled: table.word("preset") != Some("none"),
        regular: class(&table.section("regular"), default.regular),
        voice_ai: class(&table.section("voice_ai"), default.voice_ai),
        violations_per_hour: table
            .whole("violations_per_hour")
            .map_or(default.violations_per_hour, |n| n as u32),
        window: word!("window", RateWindow),
        violation_window: word!("violation_window", ViolationWindow),
        count_blocked: table.flag("count_blocked"),
        double_hit: table
            .whole("double_hit")
            .map_or(default.double_hit, |n| n as u8),
        from_scope: word!("from_scope", FromScope),
        account: word!("account", AccountScope),
        block_scope: word!("block_scope", BlockScope),
        block_until: block_until.flatten(),
        anonymous_from: word!("anonymous_from", AnonymousFrom),
        ai_backup_class: word!("ai_backup_class", LimitClass),
        pool_class: word!("pool_class", PoolClass),
        reject_form: word!("reject_form", RejectForm),
        check_position: word!("check_position", CheckPosition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::memory::Memory;

    #[test]
    fn the_written_defaults_are_those_of_the_core() {
        let files = Memory::default();
        let reading = crate::reading::Reading::new(&files);
        let node = crate::reading::Reading::default_node("{}");
        let table = Table::open(&reading, &node, KEYS, Some("limits.".to_owned())).unwrap();
        assert_eq!(read(&table), LimitParams::default());
        assert!(!reading.failed());
    }
}
