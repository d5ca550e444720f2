//! `--set KEY=VALUE`: values put into the tree before it is read, so that they are checked like any other.

use std::cell::{Cell, RefCell};

use crate::nearest::nearest;
use crate::node::{Key, Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::{Override, Vary};
use crate::source::Span;
use crate::spec::{self, KeySpec, Takes};
use crate::toml_text;

/// The keys by which an element of a list is named.
const NAMES: [&str; 3] = ["id", "number", "phone"];

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) name: String,
    span: Span,
}

/// A value from the command line on its way into the tree, and what became of it.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) from: Override,
    pub(crate) path: Vec<Step>,
    /// The argument's key, as a whole.
    pub(crate) span: Span,
    value: Node,
    /// The value's text as it was written.
    raw: String,
    /// Places whose value it changed.
    pub(crate) changed: Cell<u64>,
    /// Places that already had the value.
    pub(crate) same: Cell<u64>,
    /// How far the path led, and the nearest name there where it ended.
    miss: RefCell<Option<(usize, Option<String>)>>,
}

impl Setting {
    /// This argument as a source of its own; reported and none when its key is no path.
    pub(crate) fn new(r: &Reading<'_>, from: &Override) -> Option<Self> {
        let source = r.sources.borrow_mut().add_argument(&from.flag, &from.text);
        let key = from
            .text
            .get(..from.value_at.saturating_sub(1))
            .unwrap_or_default();
        let span = Span::new(source, &(0..key.len()));
        let Some(path) = steps(source, key) else {
            let help = "a path is names with dots between them, as in people.talk";
            r.error(
                span,
                Fault::new(format!("`{key}` is no path of a key")).help(help),
            );
            return None;
        };
        let rest = from.text.get(from.value_at..).unwrap_or_default();
        let raw = rest.trim().to_owned();
        let offset = from.value_at + rest.len() - rest.trim_start().len();
        let value = toml_text::value(source, offset, &raw).unwrap_or_else(|| Node {
            span: Span::new(source, &(offset..offset + raw.len())),
            value: Value::Text(raw.clone()),
        });
        let (changed, same, miss) = (Cell::default(), Cell::default(), RefCell::default());
        Some(Self {
            from: from.clone(),
            path,
            span,
            value,
            raw,
            changed,
            same,
            miss,
        })
    }

    /// Whether it reaches into the accounts.
    pub(crate) fn is_of_accounts(&self) -> bool {
        self.path.len() > 1 && self.path[0].name == "accounts"
    }

    /// The path as it is written, without quotes.
    pub(crate) fn path_text(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(|step| step.name.as_str()).collect();
        names.join(".")
    }

    /// The last name of its path.
    pub(crate) fn key(&self) -> &str {
        self.path.last().map_or("", |step| &step.name)
    }

    /// Puts it into a scenario.
    pub(crate) fn apply(&self, root: &mut Node, keys: &[KeySpec]) {
        self.walk(root, Some(keys), 0);
    }

    /// Puts it into a sub-account, if it means this one.
    pub(crate) fn apply_to_sub_account(&self, node: &mut Node, keys: &[KeySpec]) {
        let Some(step) = self.path.get(1) else { return };
        let id = node.get("id").and_then(Node::as_text).map(str::to_owned);
        if step.name == "*" || id.as_deref() == Some(step.name.as_str()) {
            self.walk(node, Some(keys), 2);
        } else {
            self.missed(1, &step.name, id.as_deref());
        }
    }

    fn walk(&self, node: &mut Node, keys: Option<&[KeySpec]>, at: usize) {
        let Some(step) = self.path.get(at) else {
            return;
        };
        let last = at + 1 == self.path.len();
        match &mut node.value {
            Value::Table(entries) => {
                let spec = keys.and_then(|keys| spec::find(keys, &step.name));
                let found = entries.iter_mut().find(|(key, _)| key.name == step.name);
                match found {
                    Some((_, value)) if last => self.replace(value),
                    Some((_, value)) => self.walk(value, spec.and_then(within), at + 1),
                    None => {
                        if let Some(value) = self.made(spec, at) {
                            let key = Key {
                                span: step.span,
                                name: step.name.clone(),
                            };
                            entries.push((key, value));
                        }
                    }
                }
            }
            Value::List(elements) => self.walk_list(elements, keys, at),
            _ => self.missed(at, &step.name, []),
        }
    }

    fn walk_list(&self, elements: &mut [Node], keys: Option<&[KeySpec]>, at: usize) {
        let step = &self.path[at];
        let last = at + 1 == self.path.len();
        let named = elements
            .iter()
            .position(|it| name(it) == Some(step.name.as_str()));
        let index = named.or_else(|| step.name.parse().ok());
        let count = elements.len();
        for (place, element) in elements.iter_mut().enumerate() {
            if step.name != "*" && index != Some(place) {
                continue;
            }
            if last {
                self.replace(element);
            } else {
                self.walk(element, keys, at + 1);
            }
        }
        if step.name != "*" && index.is_none_or(|index| index >= count) {
            self.missed(at, &step.name, elements.iter().filter_map(name));
        }
    }

    fn replace(&self, value: &mut Node) {
        let raw = value.as_text() == Some(self.raw.as_str());
        let same = raw || value.canonical(&|_| None) == self.value.canonical(&|_| None);
        if same {
            self.same.set(self.same.get() + 1);
        } else {
            self.changed.set(self.changed.get() + 1);
        }
        *value = self.value.clone();
    }

    /// The value for a key that is not there yet, tables around it where the path leads on.
    fn made(&self, spec: Option<&KeySpec>, at: usize) -> Option<Node> {
        let leads_on = at + 1 < self.path.len();
        if leads_on && spec.is_some_and(|it| !holds_keys(&it.takes)) {
            self.missed(at + 1, &self.path[at + 1].name, []);
            return None;
        }
        if at + 1 == self.path.len() {
            let default = spec.map_or("", |it| it.default);
            let same = !default.is_empty() && {
                let node = Reading::default_node(default);
                node.as_text() == Some(self.raw.as_str())
                    || node.canonical(&|_| None) == self.value.canonical(&|_| None)
            };
            let count = if same { &self.same } else { &self.changed };
            count.set(count.get() + 1);
            return Some(self.value.clone());
        }
        let step = &self.path[at + 1];
        if step.name == "*" || step.name.bytes().all(|b| b.is_ascii_digit()) {
            self.missed(at + 1, &step.name, []);
            return None;
        }
        let spec = spec
            .and_then(within)
            .and_then(|keys| spec::find(keys, &step.name));
        let inner = self.made(spec, at + 1)?;
        let key = Key {
            span: step.span,
            name: step.name.clone(),
        };
        Some(Node {
            span: self.span,
            value: Value::Table(vec![(key, inner)]),
        })
    }

    /// Notes how far the path led, and the nearest of the names there.
    fn missed<'k>(&self, at: usize, word: &str, known: impl IntoIterator<Item = &'k str>) {
        let mut miss = self.miss.borrow_mut();
        if miss.as_ref().is_some_and(|(deepest, _)| *deepest > at) {
            return;
        }
        let before = miss
            .take()
            .filter(|(deepest, _)| *deepest == at)
            .and_then(|(_, near)| near);
        let near = nearest(word, known).map(str::to_owned);
        let both = before.iter().chain(&near).map(String::as_str);
        *miss = Some((at, nearest(word, both).map(str::to_owned)));
    }

    /// Reports it when it reached no place at all.
    pub(crate) fn check_reached(&self, r: &Reading<'_>) {
        if self.changed.get() + self.same.get() > 0 {
            return;
        }
        let miss = self.miss.borrow();
        let (at, near) = miss
            .as_ref()
            .map_or((0, None), |(at, near)| (*at, near.as_deref()));
        let step = self.path.get(at).or(self.path.last());
        let (span, name) = step.map_or((self.span, ""), |step| (step.span, &step.name));
        let what = if name == "*" {
            "nothing is there for `*`".to_owned()
        } else {
            format!("`{name}` matches nothing")
        };
        let fault = Fault::new(format!("{what} in `{}`", self.path_text()));
        r.error(
            span,
            match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault,
            },
        );
    }
}

/// Whether a table may be made here from a path that leads on.
fn holds_keys(takes: &Takes) -> bool {
    matches!(takes, Takes::Table(_) | Takes::Time(_) | Takes::Other(..))
}

fn within<'k>(spec: &'k KeySpec) -> Option<&'k [KeySpec]> {
    match spec.takes {
        Takes::Table(keys) | Takes::Tables(keys) => Some(keys),
        _ => None,
    }
}

/// The name of an element of a list of users, numbers or contacts.
fn name(node: &Node) -> Option<&str> {
    NAMES
        .iter()
        .find_map(|key| node.get(key).and_then(Node::as_text))
}

/// The steps of a path; a name with dots in it stands in quotes.
fn steps(source: u32, key: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = key;
    loop {
        let start = key.len() - rest.len();
        let (name, length) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"')?;
                (&quoted[..end], end + 2)
            }
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].trim(), end)
            }
        };
        if name.is_empty() {
            return None;
        }
        let span = Span::new(source, &(start..start + length));
        steps.push(Step {
            name: name.to_owned(),
            span,
        });
        rest = &rest[length..];
        if rest.is_empty() {
            return Some(steps);
        }
        rest = rest.strip_prefix('.')?;
    }
}

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
    fn a_path_has_names_between_dots() {
        let names = |key: &str| {
            let steps = steps(0, key)?;
            Some(steps.into_iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(names("arrivals.0.rate").unwrap(), ["arrivals", "0", "rate"]);
        assert_eq!(
            names("accounts.\"a.b\".name").unwrap(),
            ["accounts", "a.b", "name"]
        );
        for bad in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b"] {
            assert_eq!(names(bad), None, "{bad}");
        }
    }

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
