//! What an import writes beside its log and says of it: nothing lost, nothing shown that is hidden.

use crate::desk::{Desk, Done};

const LOG: &str = "start,from,to,direction,outcome\n\
    2026-03-02T15:00:00Z,+15555550101,+15555550199,inbound,answered\n";
const ODD: &str = "start,from,to\n2026-03-02T15:00:00Z,ann,+15555550199\n=cmd|x,ann,y\n";
const SKIP: [&str; 4] = ["--on-bad-row", "skip", "--opaque", "from"];

fn with(base: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    [base, more].concat()
}

/// What the import is refused with; nothing is written.
fn refused(desk: &Desk, args: &[&str]) -> String {
    let before = desk.files(".");
    let why = desk.ends(2, args).stderr();
    assert!(before == desk.files("."), "{args:?} changed a file");
    why
}

#[test]
fn side_files_overwrite_nothing_unasked() {
    let desk = Desk::empty();
    desk.write("log.csv", ODD);
    let import = with(&["import", "log.csv", "--out", "a.csv"], &SKIP);
    for side in ["a.skipped.csv", "a.keys.csv"] {
        desk.write(side, "mine");
        let why = refused(&desk, &import);
        assert!(why.starts_with(&format!("{side}: it exists")), "{why}");
        std::fs::remove_file(desk.path(side)).expect("the file");
    }
    desk.ends(0, &import);
    desk.ends(0, &with(&import, &["--force"]));
    // Where they cannot come they are in nobody's way.
    desk.write("b.skipped.csv", "mine");
    desk.write("good.csv", LOG);
    desk.ends(0, &["import", "good.csv", "--out", "b.csv"]);
    desk.write("q.roster.csv", "mine");
    let queue = ["import", "good.csv", "--accounts", "q.toml", "--one-queue"];
    let why = refused(&desk, &with(&queue, &["+15555550198", "--out", "q.csv"]));
    assert!(why.starts_with("q.roster.csv: it exists"), "{why}");
}

#[test]
fn a_log_that_is_read_is_never_overwritten() {
    let desk = Desk::empty();
    desk.write("x.skipped.csv", ODD);
    let import = with(&["import", "x.skipped.csv", "--force"], &SKIP);
    for out in [["--out", "x.csv"], ["--out", "./x.skipped.csv"]] {
        let why = refused(&desk, &with(&import, &out));
        assert!(
            why.contains("would overwrite the log that is read"),
            "{why}"
        );
    }
}

#[test]
fn a_failed_import_leaves_no_file() {
    let desk = Desk::empty();
    desk.write("log.csv", &format!("{ODD}2026-03-02T15:00:00Z,\"open,z\n"));
    let import = with(
        &[
            "import",
            "log.csv",
            "--out",
            "a.csv",
            "--accounts",
            "a.toml",
            "--fit",
        ],
        &SKIP,
    );
    refused(&desk, &import);
    desk.write("nobody.csv", "start,from,to\n");
    for flags in [["--accounts", "n.toml"], ["--fit=n.toml", "--force"]] {
        let why = refused(
            &desk,
            &with(&["import", "nobody.csv", "--out", "n.csv"], &flags),
        );
        assert!(
            why.contains("no call was found, so there is nothing"),
            "{why}"
        );
    }
    let empty = desk.ends(0, &["import", "nobody.csv", "--out", "n.csv"]);
    assert!(empty.stdout().contains("warning: no call was found"));
}

#[test]
fn the_file_that_cannot_be_written_is_named() {
    let desk = Desk::empty();
    desk.write("log.csv", ODD);
    std::fs::create_dir(desk.path("w.skipped.csv")).expect("a folder");
    let import = with(&["import", "log.csv", "--out", "w.csv", "--force"], &SKIP);
    let why = desk.ends(5, &import).stderr();
    assert!(why.starts_with("cannot write w.skipped.csv"), "{why}");
    assert!(!desk.path("w.csv").exists() && !desk.path("w.keys.csv").exists());
}

#[cfg(unix)]
#[test]
fn beside_a_device_no_side_file_is_made() {
    let desk = Desk::empty();
    desk.write("log.csv", ODD);
    let done = desk.ends(
        0,
        &with(&["import", "log.csv", "--out", "/dev/null"], &SKIP),
    );
    assert!(
        done.stderr()
            .contains("as that goes to /dev/null; --out FILE keeps it")
    );
    assert!(done.stdout().contains("malformed rows: log.skipped.csv"));
    for name in [
        "/dev/null.skipped.csv",
        "/dev/null.keys.csv",
        "/dev/.null.keys.csv.part",
    ] {
        assert!(!std::path::Path::new(name).exists(), "{name}");
    }
    let queue = [
        "--one-queue",
        "+15555550198",
        "--accounts",
        "/dev/null",
        "--out",
        "q.csv",
    ];
    let why = refused(&desk, &[&["import", "log.csv"][..], &queue].concat());
    assert!(why.contains("/dev/null is no file"), "{why}");
}

#[test]
fn a_dash_is_the_standard_output_for_every_output_and_for_one_alone() {
    let desk = Desk::empty();
    desk.write("log.csv", LOG);
    let import = ["import", "log.csv", "--out", "a.csv", "--force"];
    for (flag, begin) in [
        (vec!["--accounts", "-"], "# What 1 calls of log show"),
        (
            vec!["--accounts", "/dev/stdout"],
            "# What 1 calls of log show",
        ),
        (vec!["--save-dialect=-"], ""),
        (vec!["--fit=-"], ""),
    ] {
        let done = desk.ends(0, &with(&import, &flag));
        let text = done.stdout();
        assert!(
            text.starts_with(begin) && text.contains(" = "),
            "{flag:?}: {text}"
        );
        assert!(!text.contains("read as canonical"), "{flag:?}: {text}");
        assert!(done.stderr().contains("read as canonical"), "{flag:?}");
    }
    assert!(!desk.path("-").exists());
    for (args, named) in [
        (vec!["--accounts", "-"], ["--out", "--accounts"]),
        (
            vec!["--out", "b.csv", "--accounts", "-", "--fit=-"],
            ["--accounts", "--fit"],
        ),
        (
            vec!["--out", "b.csv", "--accounts", "./b.csv"],
            ["--out", "--accounts"],
        ),
        (
            vec!["--out", "b.csv", "--fit=c.toml", "--accounts", "c.toml"],
            ["--accounts", "--fit"],
        ),
        (
            vec!["--out", "b.csv", "--accounts", "-", "--format", "json"],
            ["--format", "--accounts"],
        ),
    ] {
        let why = refused(&desk, &with(&["import", "log.csv"], &args));
        assert!(named.iter().all(|it| why.contains(it)), "{args:?}: {why}");
    }
}

#[cfg(unix)]
#[test]
fn what_the_standard_output_is_appended_to_stays() {
    let desk = Desk::empty();
    desk.write("log.csv", LOG);
    desk.write("all.txt", "before\n");
    let all = std::fs::File::options()
        .append(true)
        .open(desk.path("all.txt"));
    let program = desk.command(&[]).get_program().to_owned();
    let mut import = std::process::Command::new(program);
    import.args([
        "import",
        "log.csv",
        "--out",
        "a.csv",
        "--accounts",
        "/dev/stdout",
    ]);
    import
        .current_dir(desk.path("."))
        .stdout(all.expect("the file"));
    assert!(import.output().expect("the program runs").status.success());
    let text = desk.read("all.txt");
    assert!(text.starts_with("before\n# What 1 calls"), "{text}");
}

fn bare(done: &Done) {
    for text in [done.stdout(), done.stderr()] {
        let shown = ["555555", "Ann", "bob"].iter().any(|it| text.contains(it));
        assert!(!shown, "{text}");
    }
}

#[test]
fn messages_of_a_redacted_import_hide_what_the_log_holds() {
    let desk = Desk::empty();
    let row = "2026-03-02T15:00:00Z,+15555550171,+15555550172";
    for (nth, (head, rows)) in [
        (
            "start,from,to",
            format!("{row}\n2026-03-02T15:00:00Z,+1555555017x,Ann\n"),
        ),
        ("start,from,to", format!("soon +15555550171,{row}\n")),
        (
            "start,from,to,outcome",
            format!("{row},+15555550142\n{row},15555550143 Ann\n"),
        ),
        ("start,from,to,direction", format!("{row},Ann\n")),
        ("x,Ann,+15555550171", format!("{row}\n")),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("+1555555017{nth}.csv");
        desk.write(&name, &format!("{head}\n{rows}"));
        for format in ["text", "github"] {
            let import = [
                "import", &name, "--redact", "--format", format, "--out", "a.csv",
            ];
            let done = desk.ends(2, &import);
            bare(&done);
            let why = done.stderr();
            assert!(why.contains("help: --redact hides"), "{why}");
        }
    }
    desk.write(
        "log.csv",
        &format!("start,from,to\n{row}\n2026-03-02T15:00:00Z,x,y\n"),
    );
    let done = desk.ends(2, &["import", "log.csv", "--redact"]);
    assert!(
        done.stderr().contains("log.csv:3:22: from: `…` is"),
        "{}",
        done.stderr()
    );
}

#[test]
fn the_report_of_a_redacted_import_hides_numbers_in_words_marks_and_names_of_files() {
    let desk = Desk::empty();
    let name = "+15555550177.csv";
    desk.write(
        name,
        "begin,from,to,outcome\n\
         2026-03-02T15:00:05Z,bob` +15555550142 `x,+15555550199,\n\
         2026-03-02T15:00:06Z,+15555550143,+15555550199,+15555550142\n\
         soon,+15555550143,+15555550199,\n",
    );
    let dialect = "name = \"d\"\nodd_numbers = \"unknown\"\n[map]\nstart = \"begin\"\n\
        from = \"from\"\nto = \"to\"\noutcome = \"outcome\"\n";
    desk.write("d.toml", dialect);
    for format in ["text", "json", "github"] {
        let import = [
            "import",
            name,
            "--redact",
            "--dialect",
            "d.toml",
            "--format",
            format,
        ];
        let more = [
            "--accounts",
            "a.toml",
            "--sub-account-from",
            "filename",
            "--force",
        ];
        let words = [
            "--outcome",
            "+15555550142=skip",
            "--on-bad-row",
            "skip",
            "--out",
            "a.csv",
        ];
        let done = desk.ends(0, &[&import[..], &more, &words].concat());
        bare(&done);
        assert!(done.stdout().contains('…'), "{}", done.stdout());
        for file in ["a.toml", "a.skipped.csv", "a.csv"] {
            assert!(!desk.read(file).contains("555555"), "{}", desk.read(file));
        }
    }
}

#[test]
fn words_of_a_log_are_shown_short_and_without_what_a_terminal_obeys() {
    let desk = Desk::empty();
    let row = "2026-03-02T15:00:00Z,+15555550101,+15555550199";
    let long = "w".repeat(10_000);
    let rows = format!("start,from,to,outcome\n{row},\u{1b}[31mred\n{row},{long}\n");
    desk.write("log.csv", &rows);
    let why = desk.ends(2, &["import", "log.csv"]).stderr();
    assert!(!why.contains('\u{1b}') && why.len() < 2000, "{}", why.len());
    assert!(
        why.contains("[31mred (1)") && why.contains("www… (1)"),
        "{why}"
    );
}

#[test]
fn sub_accounts_of_logs_are_kept_apart() {
    let desk = Desk::empty();
    desk.write("a/north.csv", LOG);
    desk.write("b/north.csv", LOG);
    desk.write("south.csv", LOG);
    let by_name = [
        "--accounts",
        "s.toml",
        "--sub-account-from",
        "filename",
        "--out",
        "s.csv",
    ];
    let import = |logs: &[&'static str]| [&["import"], logs, &by_name[..]].concat();
    let why = refused(&desk, &import(&["a/north.csv", "b/north.csv"]));
    assert!(
        why.contains("a/north.csv and b/north.csv would both be"),
        "{why}"
    );
    let why = refused(&desk, &import(&["a/north.csv", "-"]));
    assert!(why.contains("a log on stdin has no name"), "{why}");
    let done = desk
        .ends(0, &import(&["a/north.csv", "south.csv"]))
        .stdout();
    assert!(
        done.contains("warning: 1 number was called in more than one log"),
        "{done}"
    );
}

#[test]
fn a_workflow_is_told_at_the_line() {
    let desk = Desk::empty();
    desk.write("log.csv", ODD);
    let import = [
        "import",
        "log.csv",
        "--format",
        "github",
        "--out",
        "a.csv",
        "--opaque=from",
    ];
    let text = desk.ends(2, &import).stdout();
    assert!(
        text.starts_with("::error file=log.csv,line=3,col=1::start: `=cmd"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
    let text = desk
        .ends(0, &with(&import, &["--on-bad-row", "skip"]))
        .stdout();
    assert!(text.starts_with("::warning::"), "{text}");
    assert!(text.contains("\nlog.csv: read as canonical"), "{text}");
}

#[test]
fn skipped_rows_are_no_formulas() {
    let desk = Desk::empty();
    desk.write("=1+1.csv", ODD);
    desk.ends(0, &with(&["import", "=1+1.csv", "--out", "a.csv"], &SKIP));
    assert_eq!(
        desk.read("a.skipped.csv"),
        "file,line,reason,row\n\"'=1+1.csv\",3,bad-time,\"'=cmd|x,ann,y\"\n"
    );
}
