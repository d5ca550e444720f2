//! `--set` and `--vary` as they stand on the command line.

use crate::node::Value;
use crate::scenario::{Override, Vary};
use crate::toml_text;

/// `KEY=VALUE` of `--set` (or of another flag, which is named in messages).
///
/// # Errors
/// When there is no `=` or no key.
pub fn parse_override(flag: &str, text: &str) -> Result<Override, String> {
    let expected = || format!("found {text:?}, expected KEY=VALUE, as in duration=4h");
    let at = text.find('=').ok_or_else(expected)?;
    if text[..at].trim().is_empty() {
        return Err(expected());
    }
    Ok(Override {
        flag: flag.to_owned(),
        text: text.to_owned(),
        value_at: at + 1,
    })
}

impl Override {
    /// The value of a flag that stands for a key: `--seed 7` is `seed=7`.
    pub fn of(flag: &str, key: &str, value: &str) -> Self {
        Self {
            flag: flag.to_owned(),
            text: format!("{key}={value}"),
            value_at: key.len() + 1,
        }
    }
}

/// `KEY=a,b,c` of `--vary`: values between commas, or a TOML array of them. A comma within quotes,
/// brackets or braces belongs to its value.
///
/// # Errors
/// When there is no `=`, no key or no value, or an array is no TOML.
pub fn parse_vary(text: &str) -> Result<Vary, String> {
    let expected =
        || format!("found {text:?}, expected KEY=a,b,c, as in policy=table-2024,stages-2026");
    let at = text.find('=').ok_or_else(expected)?;
    let (key, list) = (text[..at].trim(), text[at + 1..].trim());
    if key.is_empty() || list.is_empty() {
        return Err(expected());
    }
    let values: Vec<String> = if list.starts_with('[') {
        let node = toml_text::value(0, 0, list);
        let node = node.filter(|node| matches!(node.value, Value::List(_)));
        let node =
            node.ok_or_else(|| format!("found {list:?}, expected an array of TOML values"))?;
        node.elements()
            .iter()
            .map(|it| list[it.span.start as usize..it.span.end as usize].to_owned())
            .collect()
    } else {
        between_commas(list)
    };
    if values.is_empty() || values.iter().any(String::is_empty) {
        return Err(format!("found {list:?}, expected values between commas"));
    }
    Ok(Vary {
        key: key.to_owned(),
        values,
    })
}

fn between_commas(list: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut begin) = (0i32, false, 0);
    let mut values = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth <= 0 => {
                values.push(list[begin..at].trim().to_owned());
                begin = at + 1;
            }
            _ => {}
        }
    }
    values.push(list[begin..].trim().to_owned());
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varied_values_stand_between_commas() {
        let values = |text: &str| parse_vary(text).map(|it| it.values);
        assert_eq!(values("a=1,2").unwrap(), ["1", "2"]);
        assert_eq!(values("a=[\"x,y\", 3]").unwrap(), ["\"x,y\"", "3"]);
        let times = values("people.talk={ constant = \"1s\" }, { uniform = [\"1s\", \"2s\"] }");
        assert_eq!(times.unwrap()[1], "{ uniform = [\"1s\", \"2s\"] }");
        for bad in ["a", "=1", "a=", "a=1,,2", "a=[1,"] {
            assert!(parse_vary(bad).is_err(), "{bad}");
        }
    }
}
