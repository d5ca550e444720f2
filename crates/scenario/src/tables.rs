//! `[[table]]`: the same run under several settings, printed as a table after the summary.

use crate::arguments::parse_override;
use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::MetricNames;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

/// The most rows, and the most columns, of one table.
const MOST: usize = 50;

/// What a table shows where it does not say.
const SHOW: &str = "[\"limit.block.chance\", \"limit.first_block_s\", \"callers.reached.share\"]";

const LINES: Takes = Takes::Other(
    "a list such as [{ name = \"3 %\", set = [\"arrivals.0.response_share=0.03\"] }]",
    lines_schema,
);

/// The keys of a table.
pub(crate) const KEYS: &[KeySpec] = &[
    key("title", Takes::Text, "what it is about").required(),
    key("rows", LINES, "what is set in each row").required(),
    key("columns", LINES, "what is set in each column").required(),
    key(
        "show",
        Takes::Other(
            "a list of metrics",
            || serde_json::json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        ),
        "the metrics that are shown",
    )
    .default(SHOW),
    key(
        "replications",
        Takes::Whole(1, 100_000),
        "of each cell; default those of the scenario",
    ),
];

const LINE: &[KeySpec] = &[
    key("name", Takes::Text, "what the row or column is called").required(),
    key(
        "set",
        Takes::Other(
            "a list of texts such as [\"seed=7\"]",
            || serde_json::json!({ "type": "array", "items": { "type": "string" } }),
        ),
        "KEY=VALUE each, as for --set",
    )
    .default("[]"),
];

fn lines_schema() -> serde_json::Value {
    serde_json::json!({ "type": "array", "items": crate::schema::table(LINE), "minItems": 1 })
}

/// A table that the scenario asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// What it is about.
    pub title: String,
    /// What is set in each row.
    pub rows: Vec<Setting>,
    /// What is set in each column, after that.
    pub columns: Vec<Setting>,
    /// The metrics that are shown.
    pub show: Vec<String>,
    /// Of each cell; none is as many as the scenario has.
    pub replications: Option<u32>,
}

/// A row or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What it is called.
    pub name: String,
    /// `KEY=VALUE`, as for `--set`.
    pub set: Vec<String>,
}

/// One `[[table]]`.
pub(crate) fn read(r: &Reading<'_>, node: &Node, metrics: MetricNames<'_>) -> Option<TableSpec> {
    let table = Table::open(r, node, KEYS, None)?;
    let title = table.text("title");
    let (rows, columns) = (table.take("rows", lines), table.take("columns", lines));
    let show = table.take("show", |r, node| texts(r, node, &|_, _, _| true));
    if let Some(written) = table.given("show") {
        texts(r, written, &|r, node, name| known(r, node, name, metrics))?;
    }
    let replications = table.whole("replications").map(|n| n as u32);
    Some(TableSpec {
        title: title?,
        rows: rows?,
        columns: columns?,
        show: show?,
        replications,
    })
}

fn lines(r: &Reading<'_>, node: &Node) -> Option<Vec<Setting>> {
    let Value::List(list) = &node.value else {
        r.error(node.span, values::mismatch(node, &LINES.expected()));
        return None;
    };
    if list.is_empty() || list.len() > MOST {
        let message = format!("{} of them, expected 1 to {MOST}", list.len());
        r.error(node.span, Fault::new(message));
        return None;
    }
    // Every one is read before any is refused.
    let read: Vec<_> = list.iter().map(|node| one(r, node)).collect();
    read.into_iter().collect()
}

fn one(r: &Reading<'_>, node: &Node) -> Option<Setting> {
    let table = Table::open(r, node, LINE, None)?;
    let name = table.text("name");
    let set = table.take("set", |r, node| {
        texts(r, node, &|r, node, text| {
            let parsed = parse_override("set", text);
            let parsed = parsed.map_err(|why| r.error(node.span, Fault::new(why)));
            parsed.is_ok()
        })
    });
    Some(Setting {
        name: name?,
        set: set?,
    })
}

/// A list of texts, each of which passes.
fn texts(
    r: &Reading<'_>,
    node: &Node,
    passes: &dyn Fn(&Reading<'_>, &Node, &str) -> bool,
) -> Option<Vec<String>> {
    let Value::List(list) = &node.value else {
        r.error(node.span, values::mismatch(node, "a list of texts"));
        return None;
    };
    let read = |node: &Node| {
        let text = values::text(r, node)?;
        passes(r, node, &text).then_some(text)
    };
    let read: Vec<_> = list.iter().map(read).collect();
    read.into_iter().collect()
}

/// Whether there is this metric.
fn known(r: &Reading<'_>, node: &Node, name: &str, metrics: MetricNames<'_>) -> bool {
    let Err(near) = metrics(name) else {
        return true;
    };
    let fault = Fault::new(format!("there is no metric `{name}`"));
    let fault = match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault,
    };
    r.error(node.span, fault);
    false
}

#[cfg(test)]
mod tests {
    use crate::tests::{SCENARIO, read, refused, with_scenario};

    #[test]
    fn a_table_is_read_and_its_slips_are_told() {
        let good = "[[table]]\ntitle = \"T\"\nrows = [{ name = \"a\", set = [\"seed=2\"] }]\n\
                    columns = [{ name = \"b\" }]\nreplications = 3\n";
        let text = |table: &str| format!("{SCENARIO}\n{table}");
        let scenario = read(&with_scenario(&text(good)), &[], &[]).unwrap();
        let table = &scenario.tables[0];
        assert_eq!((table.rows.len(), table.columns.len()), (1, 1));
        assert_eq!(table.rows[0].set, ["seed=2"]);
        assert_eq!(table.replications, Some(3));
        assert_eq!(table.show.len(), 3);
        for (from, to, said) in [
            ("name = \"a\", ", "", "`name` is missing"),
            ("seed=2", "seed", "expected KEY=VALUE"),
            ("title = \"T\"\n", "", "`title` is missing"),
            (
                "replications = 3",
                "show = [\"calls.answred\"]",
                "there is no metric",
            ),
            ("[{ name = \"b\" }]", "[]", "0 of them, expected 1 to 50"),
            (
                "{ name = \"b\" }",
                "{ name = \"b\", sit = [] }",
                "unknown key `sit`",
            ),
        ] {
            let printed = refused(&with_scenario(&text(&good.replace(from, to))), &[], &[]);
            assert!(printed.contains(said), "{to}: {printed}");
        }
    }
}
