//! What each form says of a small run.

mod sample;

use measure::Verdict;
use report::{REPORTS, by_name};
use sample::document;

fn render(name: &str, calls: &[u64]) -> String {
    let form = by_name(name).expect(name);
    String::from_utf8((form.make)().render(&document(calls))).expect("UTF-8")
}

#[test]
fn one_replication_as_text() {
    insta::assert_snapshot!(render("text", &[40]));
}

#[test]
fn several_replications_as_text() {
    insta::assert_snapshot!(render("text", &[30, 40, 50]));
}

#[test]
fn one_replication_as_json() {
    insta::assert_snapshot!(render("json", &[40]));
}

#[test]
fn several_replications_as_json() {
    insta::assert_snapshot!(render("json", &[30, 40, 50]));
}

#[test]
fn several_replications_as_markdown() {
    insta::assert_snapshot!(render("markdown", &[30, 40, 50]));
}

#[test]
fn tables_of_one_replication() {
    let tables = ["csv", "accounts", "staff"].map(|name| render(name, &[40]));
    insta::assert_snapshot!(tables.join("\n"));
}

#[test]
fn tables_of_several_replications() {
    let tables = ["csv", "accounts", "staff"].map(|name| render(name, &[30, 40, 50]));
    insta::assert_snapshot!(tables.join("\n"));
}

#[test]
fn gates_as_junit() {
    insta::assert_snapshot!(render("junit", &[30, 40, 50]));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for form in REPORTS {
        assert_eq!(
            render(form.name, &[30, 40]),
            render(form.name, &[30, 40]),
            "{}",
            form.name
        );
    }
}

#[test]
fn colour_adds_nothing_but_escapes() {
    let document = document(&[30, 40, 50]);
    let plain = report::text::summary_text(&document, false);
    let coloured = report::text::summary_text(&document, true);
    assert!(!plain.contains('\u{1b}'));
    let mut bare = String::new();
    for part in coloured.split('\u{1b}') {
        // An escape ends with its `m`.
        bare.push_str(
            part.split_once('m')
                .filter(|_| part.starts_with('['))
                .map_or(part, |it| it.1),
        );
    }
    assert_eq!(bare, plain);
}

#[test]
fn an_empty_run_can_be_told() {
    let empty = document(&[]);
    assert_eq!(empty.verdict, Verdict::NotMeasured);
    for form in REPORTS {
        assert!(!(form.make)().render(&empty).is_empty(), "{}", form.name);
    }
    let json = report::json::value(&document(&[0]));
    assert_eq!(json["metrics"]["calls.offered"]["value"], 0);
    assert_eq!(
        json["absent"]["calls.answered.share"],
        "there were no calls offered"
    );
}

#[test]
fn an_interrupted_run_says_so_in_every_page() {
    let mut document = document(&[40]);
    document.interrupted = true;
    for name in ["text", "markdown", "json"] {
        let form = by_name(name).expect(name);
        let page = String::from_utf8((form.make)().render(&document)).expect("UTF-8");
        assert!(page.contains("interrupted"), "{name}");
    }
}

#[test]
fn names_and_files_of_forms_stand_once() {
    let mut seen = std::collections::BTreeSet::new();
    for form in REPORTS {
        assert!(seen.insert(form.name) && form.file.is_none_or(|file| seen.insert(file)));
    }
}
