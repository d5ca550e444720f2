//! Two months of a real bank, where its file is at hand: imported, and what is published of it.
//!
//! Call data: "Anonymous Bank" call centre, 1999, organised by Ilan Guedj and Avishai Mandelbaum,
//! Technion, Haifa. The file is not part of the project; without it each test says so.

use serde_json::Value;

use crate::desk::Desk;

pub(crate) const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/anonymous_bank_1999_jan_feb.csv"
);

/// Whether the file is here; said, where it is not.
pub(crate) fn is_here() -> bool {
    let here = std::fs::metadata(FILE).is_ok();
    if !here {
        eprintln!("skipped: {FILE} is not here");
    }
    here
}

/// The two months into `bank.csv`, the column `to` as the called number; the report.
pub(crate) fn import(desk: &Desk, to: &str, more: &[&str]) -> Value {
    let to = format!("to={to}");
    let args = [
        "import",
        FILE,
        "--tz",
        "Asia/Jerusalem",
        "--out",
        "bank.csv",
        "--format",
        "json",
        "--map",
        "start=arrived",
        "--map",
        "from=cust",
        "--map",
        &to,
        "--map",
        "ring_s=vru_s",
        "--map",
        "hold_s=queue_s",
        "--map",
        "user=agent",
        "--outcome",
        "AGENT=answered",
        "--outcome",
        "HANG=abandoned",
        "--outcome",
        "PHANTOM=skip",
        "--opaque",
        "from",
        "--opaque",
        "to",
        "--empty-from",
        "distinct",
    ];
    desk.ends(0, &[&args[..], more].concat()).json()
}
