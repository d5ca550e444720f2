//! What `--set` and the flags that stand for keys change in a scenario.

use scenario::{Override, parse_override};

use super::route::wrong;
use crate::exit::Stop;

/// One of them, as it was typed.
pub(super) fn parsed(flag: &str, text: &str) -> Result<Override, Stop> {
    parse_override(flag, text).map_err(|why| wrong(flag, text, &why))
}

/// `--set`, then the flags that stand for keys: flag, key and what was typed.
pub(super) fn overrides(
    set: &[String],
    keys: &[(&str, &str, Option<&String>)],
) -> Result<Vec<Override>, Stop> {
    let set = set.iter().map(|text| parsed("--set", text));
    let typed = keys.iter().filter_map(|(flag, key, value)| {
        let text = format!("{key}={}", (*value)?);
        Some(parsed(flag, &text))
    });
    set.chain(typed).collect()
}
