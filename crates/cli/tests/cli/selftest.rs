//! `busyhour selftest`: known answers come out, wrong ones are found, other words are not guessed.

use std::path::PathBuf;

use serde_json::Value;

use crate::desk::{Desk, Done, value};

const HEADER: &str = "table_id,source,model,lambda,servers,room,service,patience,metric,value,\
    ci95_halfwidth,kind,certainty,our_check,our_ci95_halfwidth,note";

/// Columns from `table_id` to `metric`, then value, half-width, kind, check and note.
fn table(rows: &[([&str; 8], [&str; 5])]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = HEADER.to_owned();
    for (asked, [number, half_width, kind, check, note]) in rows {
        let [id, model, lambda, servers, room, service, patience, metric] = *asked;
        let fields = [
            id, "ours", model, lambda, servers, room, service, patience, metric, number,
            half_width, kind, "", check, "", note,
        ];
        let fields: Vec<String> = fields.into_iter().map(quoted).collect();
        text.push('\n');
        text.push_str(&fields.join(","));
    }
    text.push('\n');
    text
}

fn rows(done: &Done) -> Vec<Value> {
    done.json()["rows"].as_array().expect("rows").clone()
}

fn verdicts(done: &Done) -> Vec<String> {
    let of = |row: &Value| row["verdict"].as_str().expect("a verdict").to_owned();
    rows(done).iter().map(of).collect()
}

fn count(done: &Done, verdict: &str) -> usize {
    verdicts(done).iter().filter(|it| *it == verdict).count()
}

/// Queues of a kind that no published table has, with answers from formulas.
const ANSWERED: [([&str; 8], [&str; 5]); 9] = [
    (
        [
            "Loss",
            "M/D/s/s",
            "90/h",
            "3",
            "0",
            "D = 2 min",
            "none",
            "blocking",
        ],
        ["0.3460", "", "exact", "0.346", ""],
    ),
    (
        [
            "Trunks",
            "M/M/s FCFS",
            "1",
            "1",
            "2 trunks",
            "M mean 1",
            "none",
            "P(B)",
        ],
        ["33.3%", "", "exact", "", ""],
    ),
    (
        [
            "Line",
            "M/M/s (Erlang-C)",
            "30 per 60 min",
            "1",
            "inf",
            "M mean 1 min",
            "none",
            "ASA s",
        ],
        ["60.0", "", "exact", "", ""],
    ),
    (
        [
            "Line",
            "M/M/1",
            "0.5/min",
            "1",
            "inf",
            "M mean 60 s",
            "none",
            "P(W<=60 s)",
        ],
        ["0.696735", "", "exact", "", ""],
    ),
    (
        [
            "Again",
            "blocked caller redials w.p. 1 after Exp(rate 1/min)",
            "0.5/min",
            "1",
            "0",
            "M mean 1 min",
            "none",
            "attempts per min",
        ],
        ["1.5", "", "exact", "", ""],
    ),
    (
        [
            "Day",
            "terminating 60-min day, starts empty",
            "2/min",
            "9",
            "inf",
            "M mean 2 min",
            "none",
            "arrived per day",
        ],
        ["121", "1", "simulated (by hand)", "", ""],
    ),
    (
        [
            "Day again",
            "as Day + impatient callers",
            "",
            "",
            "",
            "",
            "M mean 1 min",
            "arrived per day",
        ],
        ["120", "", "exact", "", ""],
    ),
    (
        [
            "Empty",
            "M/M/s+M",
            "2",
            "8",
            "1-20 (never full)",
            "E3 mean 1",
            "LN(2,0.5)",
            "mean orbit size",
        ],
        ["0", "", "exact", "", ""],
    ),
    (
        [
            "Misprint", "M/M/s/s", "1", "1", "0", "M mean 1", "none", "blocking",
        ],
        ["0.9", "", "exact (as printed)", "0.5", "a misprint"],
    ),
];

#[test]
fn rows_of_a_table_nobody_has_seen_come_out() {
    let desk = Desk::empty();
    desk.write("t.csv", &table(&ANSWERED));
    // The first eight are of eight classes; the last is of the first one's and thus left out.
    let done = desk.ends(
        0,
        &[
            "selftest", "--table", "t.csv", "--format", "json", "--quick",
        ],
    );
    for row in rows(&done) {
        // `M/M/s+M` does not fit a lognormal patience.
        let expected = if row["table_id"] == "Empty" {
            "not-expressed"
        } else {
            "agree"
        };
        assert_eq!(row["verdict"], expected, "{row}");
    }
    assert!(rows(&done).len() + 3 >= ANSWERED.len());
}

#[test]
fn a_wrong_answer_is_found() {
    let desk = Desk::empty();
    let (asked, mut told) = ANSWERED[1];
    told[0] = "0.5";
    desk.write("t.csv", &table(&[ANSWERED[1], (asked, told)]));
    let args = [
        "selftest", "--table", "t.csv", "--quick", "--format", "json",
    ];
    let done = desk.ends(1, &args);
    assert_eq!(verdicts(&done), ["agree", "differ"]);
    let row = &rows(&done)[1];
    for key in [
        "table_id", "metric", "expected", "measured", "ci95", "verdict", "reason",
    ] {
        assert!(!row[key].is_null(), "{key}");
    }
    let (low, high) = (row["ci95"][0].as_f64(), row["ci95"][1].as_f64());
    assert!(low < Some(1.0 / 3.0) && high > Some(1.0 / 3.0), "{row}");
    let page = desk
        .ends(1, &["selftest", "--table", "t.csv", "--quick"])
        .stdout();
    assert!(page.contains("differ: 0.16"), "{page}");
    assert!(
        page.ends_with("2 rows: 1 agree, 1 differ, 0 not-expressed\n"),
        "{page}"
    );
}

#[test]
fn other_words_are_told_and_not_guessed() {
    const QUEUE: [&str; 8] = ["T", "M/M/s", "1", "2", "inf", "M mean 1", "none", "P(wait)"];
    const EXACT: [&str; 5] = ["0.3", "", "exact", "", ""];
    let with = |at: usize, text: &'static str| {
        let mut asked = QUEUE;
        asked[at] = text;
        (asked, EXACT)
    };
    let told = |at: usize, text: &'static str| {
        let mut told = EXACT;
        told[at] = text;
        (QUEUE, told)
    };
    let cases = [
        (with(1, "GI/M/s"), "`GI/M/s`"),
        (with(1, "M/M/s LIFO"), "`LIFO`"),
        (with(1, "as Nothing"), "`as Nothing`"),
        (with(2, "see model"), "`see model`"),
        (with(3, "7+7+4"), "`7+7+4`"),
        (with(4, "plenty"), "`plenty`"),
        (with(5, "mean 1"), "`mean 1`"),
        (with(6, "rather long"), "`rather long`"),
        (with(7, "required servers"), "`required servers`"),
        (with(2, "3"), "never settle"),
        (told(0, "about a third"), "`about a third`"),
        (told(2, "numerical"), "`numerical`"),
        (told(2, "empirical"), "`empirical`"),
        (told(4, "this is a MISPRINT"), "misprint"),
    ];
    let desk = Desk::empty();
    let all: Vec<_> = cases.iter().map(|(row, _)| *row).collect();
    desk.write("t.csv", &table(&all));
    let done = desk.ends(0, &["selftest", "--table", "t.csv", "--format", "json"]);
    let rows = rows(&done);
    assert_eq!(rows.len(), cases.len());
    for (row, (_, said)) in rows.iter().zip(&cases) {
        assert_eq!(row["verdict"], "not-expressed", "{row}");
        assert!(
            row["reason"].as_str().expect("a reason").contains(said),
            "{row}"
        );
    }
}

#[test]
fn every_fault_of_a_table_is_told_with_its_place() {
    let desk = Desk::empty();
    desk.write("t.csv", "table_id,model,model\nA,B\n");
    let told = desk.ends(2, &["selftest", "--table", "t.csv"]).stderr();
    for place in [
        "t.csv:1:1: error: no column `lambda`",
        "t.csv:1:16:",
        "t.csv:2:1:",
    ] {
        assert!(told.contains(place), "{told}");
    }
    let told = desk
        .ends(2, &["selftest", "--table", "nowhere.csv"])
        .stderr();
    assert!(
        told.contains("nowhere.csv:1:1: error: there is no such file"),
        "{told}"
    );
    desk.write("t.csv", &table(&ANSWERED[..1]));
    let told = desk
        .ends(2, &["selftest", "--table", "t.csv", "--rows", "Other"])
        .stderr();
    assert!(told.contains("no row with this table_id"), "{told}");
}

#[test]
fn our_own_rows_agree_quickly() {
    let done = Desk::empty().ends(0, &["selftest", "--quick", "--format", "json"]);
    let differing: Vec<Value> = rows(&done)
        .into_iter()
        .filter(|row| row["verdict"] != "agree")
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(rows(&done).len() >= 50);
}

#[test]
fn a_saved_scenario_gives_the_number_by_hand() {
    let desk = Desk::empty();
    desk.write("t.csv", &table(&ANSWERED[..1]));
    let args = [
        "selftest", "--table", "t.csv", "--quick", "--save", "s", "--format", "json",
    ];
    let ours = rows(&desk.ends(0, &args))[0]["measured"]
        .as_f64()
        .expect("a number");
    let run = ["run", "s/01-loss", "--format", "json", "--out", "o"];
    let by_hand = value(&desk.ends(0, &run).json(), "calls.busy.share");
    // The run's own value is the plain mean over replications, not weighted by their calls.
    assert!((ours - by_hand).abs() < 1e-3, "{ours} is not {by_hand}");
    desk.ends(2, &args);
}

fn published() -> Option<PathBuf> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let path = PathBuf::from(data).join("published_tables.csv");
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

#[test]
fn published_rows_agree_quickly() {
    let Some(path) = published() else { return };
    let path = path.to_str().expect("UTF-8");
    let done = Desk::empty().ends(
        0,
        &["selftest", "--table", path, "--quick", "--format", "json"],
    );
    assert_eq!(count(&done, "differ"), 0);
    assert!(count(&done, "agree") >= 100, "{}", count(&done, "agree"));
}

#[test]
#[ignore = "minutes: 200 million calls; run it with --release -- --ignored after changes to the engine"]
fn all_published_rows_agree() {
    let Some(path) = published() else { return };
    let path = path.to_str().expect("UTF-8");
    let done = Desk::empty().ends(0, &["selftest", "--table", path, "--format", "json"]);
    let told = ["Whitt T", "CC MMC", "Erlang", "GMR", "M/M/c/c retrial"];
    let of_these = |row: &Value| {
        let id = row["table_id"].as_str().unwrap_or_default();
        told.iter().any(|it| id.starts_with(it)) && row["verdict"] == "agree"
    };
    let agree = rows(&done).iter().filter(|row| of_these(row)).count();
    assert!(agree >= 160, "{agree}");
}
