//! An output that is no regular file: it is written to, and stays what it is.
#![cfg(unix)]

use std::os::unix::fs::FileTypeExt as _;
use std::process::Command;

use crate::desk::Desk;

/// What a command writes into a named pipe, which must be one afterwards.
fn through_a_pipe(desk: &Desk, args: &[&str]) -> String {
    let pipe = desk.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|it| it.success()), "mkfifo of the coreutils");
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::read_to_string(pipe).expect("what came through"))
    };
    desk.ends(0, args);
    let kind = std::fs::metadata(&pipe).expect("the pipe").file_type();
    assert!(kind.is_fifo(), "replaced by a {kind:?}");
    reader.join().expect("the reader")
}

#[test]
fn an_import_goes_through_a_named_pipe() {
    let desk = Desk::empty();
    let log = "start,from,to,direction,outcome\n\
               2026-03-02T15:00:05Z,+15555550100,+15555550199,inbound,abandoned\n";
    desk.write("calls.csv", log);
    desk.ends(0, &["import", "calls.csv", "--out", "file.csv"]);
    let piped = through_a_pipe(&desk, &["import", "calls.csv", "--out", "pipe"]);
    assert_eq!(piped, desk.read("file.csv"));
    assert!(piped.contains("+15555550199"), "{piped}");
}

#[test]
fn generated_calls_go_through_a_named_pipe() {
    let desk = Desk::small();
    let args = |out| ["generate", "calls", "scenario.toml", "--out", out];
    desk.ends(0, &args("file.csv"));
    let piped = through_a_pipe(&desk, &args("pipe"));
    assert_eq!(piped, desk.read("file.csv"));
    assert!(piped.lines().count() > 50, "{piped}");
}

#[test]
fn a_dash_is_the_standard_output() {
    let desk = Desk::small();
    let args = |out| ["generate", "calls", "scenario.toml", "--out", out];
    desk.ends(0, &args("file.csv"));
    let printed = desk.ends(0, &args("-")).stdout();
    assert_eq!(printed, desk.read("file.csv"));
    assert!(!desk.path("-").exists());
}

#[test]
fn a_log_on_the_standard_output_is_nothing_but_the_log() {
    let desk = Desk::small();
    let args = ["generate", "calls", "scenario.toml", "--out", "calls.csv"];
    desk.ends(0, &args);
    let base = ["import", "calls.csv"];
    let report = desk.ends(0, &[&base[..], &["--out", "file.csv"]].concat());
    assert!(report.stdout().contains("  calls "), "{}", report.stdout());
    for dash in [&[][..], &["--out", "-"], &["--out", "/dev/stdout"]] {
        let done = desk.ends(0, &[&base[..], dash].concat());
        assert_eq!(done.stdout(), desk.read("file.csv"));
        assert!(done.stderr().contains("  calls "), "{}", done.stderr());
        let json = [&base[..], dash, &["--format", "json"]].concat();
        let why = desk.ends(2, &json).stderr();
        assert!(why.contains("--out FILE"), "{why}");
    }
    desk.write(
        "odd.csv",
        "start,from,to\n2026-03-02T15:00:00Z,ann,line 1\nsoon,ann,line 1\n",
    );
    let more = ["--opaque", "from", "--opaque", "to", "--on-bad-row", "skip"];
    let done = desk.ends(
        0,
        &[&["import", "odd.csv", "--out", "-"], &more[..]].concat(),
    );
    assert!(
        done.stderr().contains("--out FILE keeps it"),
        "{}",
        done.stderr()
    );
    assert!(desk.path("odd.csv.skipped.csv").exists() || desk.path("odd.skipped.csv").exists());
    assert!(!desk.path("-.keys.csv").exists() && !desk.path("-.skipped.csv").exists());
}

#[test]
fn a_link_goes_on_leading_to_its_file() {
    let desk = Desk::small();
    desk.write("elsewhere/calls.csv", "yesterday's");
    let link = desk.path("calls.csv");
    std::os::unix::fs::symlink(desk.path("elsewhere/calls.csv"), &link).expect("a link");
    let args = ["generate", "calls", "scenario.toml", "--out", "calls.csv"];
    desk.ends(2, &args);
    assert_eq!(desk.read("elsewhere/calls.csv"), "yesterday's");
    desk.ends(0, &[&args[..], &["--force"]].concat());
    assert!(link.is_symlink());
    assert!(
        desk.read("elsewhere/calls.csv")
            .starts_with("start,from,to")
    );
}
