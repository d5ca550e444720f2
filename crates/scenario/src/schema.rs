//! JSON Schema (2020-12) of scenario and accounts files, made from the tables that the readers use.

use model::arrivals::{KINDS, Takes as Wants};
use serde_json::{Map, Value, json};

use crate::accounts::keys;
use crate::reading::Reading;
use crate::scenario::FileKind;
use crate::spec::{KeySpec, Takes};
use crate::{arrivals, node, population, top};

/// The JSON Schema of scenario files or of accounts files.
pub fn schema(kind: FileKind) -> Value {
    let (title, keys) = match kind {
        FileKind::Scenario => ("busyhour scenario", top::KEYS),
        FileKind::Accounts => ("busyhour accounts", keys::TOP),
    };
    let mut schema = table(keys);
    if let Value::Object(map) = &mut schema {
        map.insert("title".to_owned(), json!(title));
        let draft = "https://json-schema.org/draft/2020-12/schema";
        map.insert("$schema".to_owned(), json!(draft));
        if kind == FileKind::Scenario {
            map.insert("required".to_owned(), json!(["arrivals"]));
            let one = [
                json!({ "required": ["accounts"] }),
                json!({ "required": ["population"] }),
            ];
            map.insert("oneOf".to_owned(), json!(one));
            describe_population(&mut map["properties"]["population"]);
            map["properties"]["arrivals"]["items"] = arrivals_schema();
        }
        map.insert("$defs".to_owned(), json!({ "random_time": random_time() }));
    }
    schema
}

/// Where the defaults of a population come from, and what they are in its other mixes.
fn describe_population(of: &mut Value) {
    let Some(Value::Object(keys)) = of.get_mut("properties") else {
        return;
    };
    for (name, key) in keys {
        if let Some(help) = population::more_help(name) {
            key["description"] = json!(help);
        }
    }
}

fn arrivals_schema() -> Value {
    let kinds = KINDS.iter();
    let one = kinds.map(|kind| {
        let mut schema = table(&arrivals::keys(kind));
        schema["properties"]["kind"] = json!({ "const": kind.name, "description": kind.help });
        for key in kind.keys {
            if let Wants::Word(words) = key.takes {
                schema["properties"][key.name]["enum"] = json!(words);
            }
        }
        schema
    });
    json!({ "oneOf": one.collect::<Vec<_>>() })
}

/// A table with these keys and no others.
pub(crate) fn table(keys: &[KeySpec]) -> Value {
    let mut properties = Map::new();
    for key in keys.iter().filter(|key| key.refused.is_empty()) {
        let mut schema = value(&key.takes);
        if let Value::Object(map) = &mut schema {
            map.insert("description".to_owned(), json!(key.description()));
            if !key.default.is_empty() {
                map.insert(
                    "default".to_owned(),
                    as_json(&Reading::default_node(key.default)),
                );
            }
        }
        properties.insert(key.name.to_owned(), schema);
    }
    let required = keys
        .iter()
        .filter(|key| key.required && key.refused.is_empty());
    let required: Vec<&str> = required.map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn value(takes: &Takes) -> Value {
    match takes {
        Takes::Text | Takes::Zone => json!({ "type": "string", "minLength": 1 }),
        Takes::Path => json!({ "type": "string", "minLength": 1, "format": "uri-reference" }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Whole(least, most) if *most == u64::MAX => {
            json!({ "type": "integer", "minimum": least })
        }
        Takes::Whole(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Takes::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Takes::Factor => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Takes::Spread => json!({ "type": "number", "minimum": 0 }),
        Takes::Duration(_) => duration(),
        Takes::Rate => rate(),
        Takes::Rates => json!({ "type": "array", "items": rate(), "minItems": 1 }),
        Takes::Words(words) => json!({ "enum": words() }),
        Takes::Time(false) => json!({ "$ref": "#/$defs/random_time" }),
        Takes::Time(true) => {
            json!({ "anyOf": [{ "$ref": "#/$defs/random_time" }, { "const": "infinite" }] })
        }
        Takes::DateTime => {
            let pattern = "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2})?)?$";
            json!({ "type": "string", "pattern": pattern })
        }
        Takes::Phone => phone(),
        Takes::Hours => {
            let one = json!({ "type": "string" });
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Takes::Days => json!({ "type": "string" }),
        Takes::Table(keys) => table(keys),
        Takes::Tables(keys) => json!({ "type": "array", "items": table(keys) }),
        Takes::Other(_, schema) => schema(),
    }
}

/// A duration.
pub(crate) fn duration() -> Value {
    json!({ "type": "string", "pattern": "^\\s*(\\d+(\\.\\d+)?(us|ms|s|min|h|d)\\s*)+$" })
}

fn rate() -> Value {
    json!({ "type": "string", "pattern": "^\\s*\\d+(\\.\\d+)?\\s*/\\s*(s|min|h|d)\\s*$" })
}

/// A phone number in E.164 form.
pub(crate) fn phone() -> Value {
    json!({ "type": "string", "pattern": "^\\+[1-9][0-9]{0,14}$" })
}

fn random_time() -> Value {
    let one = |family: &str, inner: Value| {
        json!({ "type": "object", "properties": { family: inner }, "required": [family],
                "additionalProperties": false })
    };
    let families = crate::random_time::TABLES
        .iter()
        .map(|(family, keys)| one(family, table(keys)));
    let mut all: Vec<Value> = vec![
        one("constant", duration()),
        one("exponential", duration()),
        one(
            "uniform",
            json!({ "type": "array", "items": duration(), "minItems": 2, "maxItems": 2 }),
        ),
    ];
    all.extend(families);
    let part = table(crate::random_time::PART);
    all.push(one(
        "hyperexponential",
        json!({ "type": "array", "items": part, "minItems": 1 }),
    ));
    all.push(one(
        "empirical",
        json!({ "type": "string", "format": "uri-reference" }),
    ));
    json!({ "oneOf": all })
}

pub(crate) fn as_json(node: &node::Node) -> Value {
    match &node.value {
        node::Value::Null => Value::Null,
        node::Value::Flag(flag) => json!(flag),
        node::Value::Whole(number) => json!(*number as i64),
        node::Value::Number(number) => json!(number),
        node::Value::Text(text) | node::Value::Date(text) => json!(text),
        node::Value::List(list) => list.iter().map(as_json).collect(),
        node::Value::Table(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.name.clone(), as_json(value)));
            Value::Object(entries.collect())
        }
    }
}
