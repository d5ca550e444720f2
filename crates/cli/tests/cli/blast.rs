//! The SMS blast: the numbers of `docs/blast.md`, the tables, and what decided it in words.

use serde_json::Value;

use crate::desk::Desk;

fn chance(desk: &Desk, set: &[&str]) -> f64 {
    let mut args = vec![
        "run",
        "sms-blast",
        "--no-tables",
        "--format",
        "json",
        "--quiet",
    ];
    for set in set {
        args.extend(["--set", set]);
    }
    args.extend(["--set", "gate=[]", "--replications", "400"]);
    let ran = desk.ends(0, &args).json();
    ran["metrics"]["limit.block.chance"]["value"]
        .as_f64()
        .expect("a chance")
}

#[test]
fn the_sketch_comes_out() {
    let desk = Desk::empty();
    let two = "arrivals.0.to=[\"+15555550199\", \"+15555550198\"]";
    let batches = "arrivals.0.send={ batch = 3000, every = \"10min\" }";
    // Five standard errors of 400 replications are .125 at one half.
    for (set, sketch, close) in [
        (vec!["arrivals.0.response_share=0.01"], 0.001, 0.01),
        (vec![], 0.49, 0.125),
        (vec!["arrivals.0.response_share=0.03"], 1.0, 0.015),
        (vec!["arrivals.0.delay.lognormal.median=11min"], 0.98, 0.035),
        (vec!["arrivals.0.delay.lognormal.median=30min"], 0.10, 0.075),
        (vec![two], 0.001, 0.012),
        (vec![batches], 0.001, 0.012),
    ] {
        let found = chance(&desk, &set);
        assert!(
            (found - sketch).abs() <= close,
            "{set:?}: {found}, the sketch has {sketch}"
        );
    }
}

#[test]
fn it_prints_its_tables_and_what_decided_it() {
    let desk = Desk::empty();
    let args = [
        "run",
        "sms-blast",
        "--quiet",
        "--out",
        "out",
        "--set",
        "table.0.replications=10",
    ];
    let text = desk.ends(0, &args).stdout();
    for said in [
        "What decided it\n  The to-limit of +999",
        "(bright-smile) made all violations.",
        "The sixth violation within an hour blocked the account in ",
        " min after the first message.",
        "Response and delay of the replies, against pace and numbers (10 replications a cell)",
        "Readings of the limit rules, at 2 % (100 replications a cell)",
        "chance of a block, with its 95 % interval",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(
        !text.contains("+1555555"),
        "numbers are shown as pseudonyms"
    );
    let run: Value = serde_json::from_str(&desk.read("out/run.json")).expect("JSON");
    let tables = run["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), 2);
    let cell = &tables[1]["cells"]["limit.block.chance"][0][0];
    assert!(
        cell["value"].is_number() && cell["ci95"].is_array(),
        "{cell}"
    );
    assert!(
        desk.read("out/summary.md")
            .contains("## Readings of the limit rules")
    );
    // The cell that sets nothing is the run itself.
    let again = [
        "run",
        "sms-blast",
        "--quiet",
        "--format",
        "json",
        "--no-tables",
    ];
    let again = desk.ends(
        0,
        &[&again[..], &["--replications", "100", "--set", "gate=[]"]].concat(),
    );
    let again = again.json();
    assert_eq!(again["metrics"]["limit.block.chance"], *cell);
    assert!(again.get("tables").is_none());
}

#[test]
fn a_wrong_cell_is_told_before_anything_runs() {
    let desk = Desk::small();
    let scenario = desk.read("scenario.toml");
    let table = "\n[[table]]\ntitle = \"T\"\nrows = [{ name = \"r\", set = [\"duratoin=1h\"] }]\n\
                 columns = [{ name = \"c\" }]\n";
    desk.write("scenario.toml", &format!("{scenario}{table}"));
    for args in [["run", "scenario.toml"], ["check", "scenario.toml"]] {
        let said = desk.ends(2, &args);
        let said = format!("{}{}", said.stdout(), said.stderr());
        assert!(
            said.contains("[[table]] \"T\", row \"r\", column \"c\""),
            "{said}"
        );
        assert!(said.contains("duration"), "{said}");
    }
}
