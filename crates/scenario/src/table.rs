//! A table read by its description: what is unknown, missing or later is reported as it is opened, and
//! each value as it is taken. A value that cannot be read counts as its default, so that reading goes on.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{RandomTime, Rate, Share};
use routing::hours::WeekHours;
use routing::{Nanos, PhoneNumber};

use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::quantity::{self, Fault};
use crate::random_time;
use crate::reading::Reading;
use crate::source::Span;
use crate::spec::{self, KeySpec, Takes};
use crate::values;

/// A table that is open. Without a node it is one that is not written down: all defaults.
#[derive(Clone)]
pub(crate) struct Table<'r> {
    pub(crate) reading: &'r Reading<'r>,
    pub(crate) node: Option<&'r Node>,
    keys: &'r [KeySpec],
    /// Its path in the scenario, with a dot behind; none where parameters are not noted.
    path: Option<String>,
}

impl<'r> Table<'r> {
    /// Opens a table; reported and none when the value is something else.
    pub(crate) fn open(
        reading: &'r Reading<'r>,
        node: &'r Node,
        keys: &'r [KeySpec],
        path: Option<String>,
    ) -> Option<Self> {
        if !matches!(node.value, Value::Table(_)) {
            let message = format!("found {}, expected a table", node.found());
            reading.error(node.span, Fault::new(message));
            return None;
        }
        let table = Self {
            reading,
            node: Some(node),
            keys,
            path,
        };
        table.check(node);
        Some(table)
    }

    fn check(&self, node: &Node) {
        for (key, value) in node.entries() {
            match spec::find(self.keys, &key.name) {
                None => self.unknown(key.span, &key.name),
                Some(spec) if !spec.refused.is_empty() => {
                    let message = format!("`{}` {}", key.name, spec.refused);
                    self.reading.error(key.span, Fault::new(message));
                }
                Some(spec) => {
                    if let Some(path) = &self.path
                        && !matches!(spec.takes, Takes::Table(_) | Takes::Tables(_))
                    {
                        let whole = key.span.source == value.span.source;
                        let span = if whole { key.span } else { value.span };
                        self.reading.give(&format!("{path}{}", spec.name), span);
                    }
                }
            }
        }
        for spec in self
            .keys
            .iter()
            .filter(|it| it.required && node.get(it.name).is_none())
        {
            if !self.reading.is_broken(node.span.source) {
                let message = format!("`{}` is missing", spec.name);
                let help = format!("expected {}: {}", spec.takes.expected(), spec.help);
                self.reading
                    .error(node.span, Fault::new(message).help(help));
            }
        }
    }

    fn unknown(&self, span: Span, name: &str) {
        let names = self.keys.iter().map(|it| it.name);
        let fault = Fault::new(format!("unknown key `{name}`"));
        let help = match nearest(name, names.clone()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => {
                let here = self.keys.iter().filter(|it| it.refused.is_empty());
                let names: Vec<&str> = here.map(|it| it.name).collect();
                format!("the keys here are {}", names.join(", "))
            }
        };
        self.reading.error(span, fault.help(help));
    }

    fn spec(&self, name: &'static str) -> Option<&'r KeySpec> {
        let spec = spec::find(self.keys, name);
        debug_assert!(spec.is_some(), "{name} is not described");
        spec
    }

    /// The value as it is written, if it is and may be.
    pub(crate) fn given(&self, name: &str) -> Option<&'r Node> {
        let refused = spec::find(self.keys, name).is_some_and(|it| !it.refused.is_empty());
        if refused { None } else { self.node?.get(name) }
    }

    /// Where a fault at this key is shown: its value, or the table when it is not written.
    pub(crate) fn span(&self, name: &str) -> Span {
        let table = self.node.map_or(Span::default(), |node| node.span);
        self.given(name).map_or(table, |node| node.span)
    }

    /// The value read by `read`; where it is not written or cannot be read, the default.
    pub(crate) fn take<T>(
        &self,
        name: &'static str,
        read: impl Fn(&'r Reading<'r>, &Node) -> Option<T>,
    ) -> Option<T> {
        let spec = self.spec(name)?;
        if let Some(node) = self.given(name)
            && let Some(value) = read(self.reading, node)
        {
            self.note(spec, Some(node));
            return Some(value);
        }
        if spec.default.is_empty() {
            self.note(spec, None);
            return None;
        }
        let node = self.reading.cached_default(spec.default);
        self.note(spec, Some(&node));
        read(self.reading, &node)
    }

    /// Notes the parameter in force.
    fn note(&self, spec: &KeySpec, node: Option<&Node>) {
        let Some(path) = &self.path else { return };
        let text = match (node, spec.takes) {
            (None, _) => "none".to_owned(),
            (Some(_), Takes::Path) => return,
            (Some(node), takes) => {
                let text = self.reading.text_of(node).map(|text| match takes {
                    Takes::Duration(_) => {
                        quantity::duration(&text).map_or(text, quantity::duration_text)
                    }
                    _ => text,
                });
                text.unwrap_or_else(|| node.render_with(&|span| self.reading.hash_at(span)))
            }
        };
        self.reading
            .parameter(&format!("{path}{}", spec.name), text);
    }

    /// A table within this one, written down or not.
    pub(crate) fn section(&self, name: &'static str) -> Self {
        let empty = Self {
            reading: self.reading,
            node: None,
            keys: &[],
            path: None,
        };
        let Some(Takes::Table(keys)) = self.spec(name).map(|it| it.takes) else {
            return empty;
        };
        let path = self.path.as_ref().map(|path| format!("{path}{name}."));
        let node = self.given(name);
        node.and_then(|node| Self::open(self.reading, node, keys, path.clone()))
            .unwrap_or(Self {
                node: None,
                keys,
                path,
                ..empty
            })
    }

    /// A table within this one, if it is written down.
    pub(crate) fn optional_section(&self, name: &'static str) -> Option<Self> {
        if self.given(name).is_none() {
            if let Some(path) = &self.path {
                self.reading
                    .parameter(&format!("{path}{name}"), "none".to_owned());
            }
            return None;
        }
        Some(self.section(name)).filter(|table| table.node.is_some())
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        self.take(name, values::text)
    }

    pub(crate) fn flag(&self, name: &'static str) -> bool {
        self.take(name, values::flag).unwrap_or_default()
    }

    pub(crate) fn whole(&self, name: &'static str) -> Option<u64> {
        let Takes::Whole(least, most) = self.spec(name)?.takes else {
            return None;
        };
        self.take(name, |r, node| values::whole(r, node, least, most))
    }

    pub(crate) fn share(&self, name: &'static str) -> Option<Share> {
        self.take(name, values::share)
    }

    pub(crate) fn number(&self, name: &'static str) -> Option<f64> {
        let zero = matches!(self.spec(name)?.takes, Takes::Spread);
        self.take(name, |r, node| values::number(r, node, zero))
    }

    pub(crate) fn duration(&self, name: &'static str) -> Option<Nanos> {
        let Takes::Duration(zero) = self.spec(name)?.takes else {
            return None;
        };
        self.take(name, |r, node| values::duration(r, node, zero))
    }

    pub(crate) fn rate(&self, name: &'static str) -> Option<Rate> {
        self.take(name, values::rate)
    }

    pub(crate) fn time(&self, name: &'static str) -> Option<RandomTime> {
        let Takes::Time(infinite) = self.spec(name)?.takes else {
            return None;
        };
        self.take(name, |r, node| random_time::read(r, node, infinite))
    }

    pub(crate) fn word(&self, name: &'static str) -> Option<&'static str> {
        let Takes::Words(words) = self.spec(name)?.takes else {
            return None;
        };
        self.take(name, |r, node| values::word(r, node, &words()))
    }

    pub(crate) fn phone(&self, name: &'static str) -> Option<PhoneNumber> {
        self.take(name, values::phone)
    }

    pub(crate) fn hours(&self, name: &'static str) -> Option<WeekHours> {
        self.take(name, values::hours)
    }

    pub(crate) fn date_time(&self, name: &'static str) -> Option<DateTime> {
        self.take(name, values::date_time)
    }

    pub(crate) fn zone(&self, name: &'static str) -> Option<TimeZone> {
        self.take(name, values::zone)
    }

    /// Reports an error at this key.
    pub(crate) fn error(&self, name: &str, fault: Fault) {
        self.reading.error(self.span(name), fault);
    }
}
