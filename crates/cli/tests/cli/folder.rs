//! The run folder: which files, where, and that none is overwritten unasked.

use crate::desk::Desk;

const FILES: [&str; 9] = [
    "accounts.csv",
    "plots/outcomes.png",
    "plots/outcomes.svg",
    "plots/violations.png",
    "plots/violations.svg",
    "run.json",
    "staff.csv",
    "summary.md",
    "timeseries.csv",
];

#[test]
fn a_run_folder_holds_these_files_and_calls_when_asked_for() {
    let desk = Desk::small();
    desk.run_json("plain", &[]);
    let names: Vec<String> = desk.files("plain").into_keys().collect();
    let known: Vec<&String> = names
        .iter()
        .filter(|it| FILES.contains(&it.as_str()))
        .collect();
    assert_eq!(known, FILES);
    // Further reports of the contract may stand beside them, nothing else.
    for name in names.iter().filter(|it| !FILES.contains(&it.as_str())) {
        assert!(
            ["junit.xml", "report.html"].contains(&name.as_str()),
            "{name}"
        );
    }
    assert!(desk.path("plain/latency.hlog").exists());
    desk.run_json("with-calls", &["--calls"]);
    assert!(desk.path("with-calls/calls.csv").exists());
}

#[test]
fn without_out_runs_are_numbered_under_their_reduced_name() {
    let desk = Desk::small();
    desk.write("reports/An-odd-name/7/run.json", "{}");
    let name = "name=\"../An odd/name\"";
    for n in [8, 9] {
        let said = desk
            .ends(0, &["run", "scenario.toml", "--set", name])
            .stderr();
        assert_eq!(said, format!("run folder: reports/An-odd-name/{n}\n"));
    }
    assert!(desk.path("reports/An-odd-name/9/run.json").exists());
}

#[test]
fn an_out_that_exists_is_refused_without_force() {
    let desk = Desk::small();
    desk.run_json("a", &[]);
    let before = desk.files("a");
    let args = ["run", "scenario.toml", "--out", "a", "--seed", "5"];
    let said = desk.ends(2, &args).stderr();
    assert!(said.contains("--force"), "{said}");
    assert_eq!(desk.files("a"), before);
    desk.ends(0, &[&args[..], &["--force"]].concat());
    assert_ne!(desk.files("a")["run.json"], before["run.json"]);
}

#[test]
fn calls_csv_is_a_canonical_log_with_a_row_a_call() {
    let desk = Desk::small();
    let run = desk.run_json("a", &["--calls", "--replications", "2"]);
    let mut rows = csv::Reader::from_path(desk.path("a/calls.csv")).expect("a CSV file");
    let head: Vec<String> = rows
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        head,
        [
            "start",
            "from",
            "to",
            "direction",
            "outcome",
            "ring_s",
            "hold_s",
            "talk_s",
            "wrap_s",
            "total_s",
            "user",
            "source_row",
            "call",
            "replication",
            "attempt",
            "cause",
            "rule"
        ]
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    let offered = crate::desk::value(&run, "calls.offered") * 2.0;
    assert_eq!(rows.len() as f64, offered);
    for row in &rows {
        assert!(
            row[1].starts_with("+999") && row[2].starts_with("+999"),
            "{row:?}"
        );
        assert!(
            row[0].starts_with("2026-01-05T00:") && row[0].ends_with("+00:00"),
            "{row:?}"
        );
    }
    let text = desk.read("a/calls.csv");
    let read = calllog::read_all(text.as_bytes(), "calls.csv").expect("a canonical log");
    assert_eq!(read.len(), rows.len());
}

#[test]
fn latency_hlog_is_an_interval_log_of_decision_times() {
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::Deserializer;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
    let desk = Desk::small();
    desk.run_json("a", &["--replications", "20"]);
    let bytes = desk.read("a/latency.hlog").into_bytes();
    let mut intervals = 0;
    for entry in IntervalLogIterator::new(&bytes) {
        if let LogEntry::Interval(interval) = entry.expect("a line of the log") {
            assert_eq!(interval.tag().map(|tag| tag.as_str()), Some("decision_ns"));
            let raw = from_base64(interval.encoded_histogram());
            let read: Histogram<u64> = Deserializer::new().deserialize(&mut &raw[..]).expect("V2");
            assert!(read.len() > 10 && read.max() < 1_000_000_000);
            intervals += 1;
        }
    }
    assert_eq!(intervals, 1);
}

/// RFC 4648, with padding.
fn from_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |c: u8| ALPHABET.iter().position(|it| *it == c).expect("a digit") as u32;
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |sum, c| sum << 6 | digit(*c)) << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
