use super::*;

const SMALL: &str = r#"
name = "small"
help = "a test"
time_format = "%d.%m.%Y %H:%M"
time_zone = "Europe/Berlin"
opaque = ["from"]
[map]
start = "when"
from = { column = "who", strip = "Ext." }
to = ["line", "number"]
talk_s = { from = "answered", until = "ended" }
total_s = { column = "ms", unit = "ms" }
[[outcome]]
when = { result = ["gone", "left"], talk = { above = 0 }, note = { empty = true } }
is = "abandoned"
[[direction]]
when = { way = { starts = "in" } }
is = "skip"
"#;

#[test]
fn what_is_saved_is_read() {
    let dialect = Dialect::read(SMALL, "small.toml").unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(dialect.opaque, (true, false));
    let again = Dialect::read(&dialect.to_toml(), "saved.toml");
    assert_eq!(again.unwrap_or_else(|why| panic!("{why}")), dialect);
}

#[test]
fn every_error_is_told_with_its_place() {
    let text = "name = 3\nhelp = \"x\"\ndelimiter = \"x\"\nodd = 1\ntime_zone = \"Mars\"\n[map]\nstart = \"a\"\n\
        [[outcome]]\nwhen = { a = { over = 1 } }\nis = \"gone\"\n";
    let told = Dialect::read(text, "d.toml").unwrap_err().to_string();
    for start in [
        "d.toml:1:8: found a whole number, expected a text",
        "d.toml:3:13: expected one of",
        "d.toml:4:1: no such key `odd`",
        "d.toml:5:13: there is no time zone \"Mars\"",
        "d.toml:6:1: [map] does not say which column is `to`",
        "d.toml:9:16: no such key `over`",
        "d.toml:10:6: found \"gone\", expected one of answered",
    ] {
        assert!(
            told.lines().any(|line| line.starts_with(start)),
            "{start}\n{told}"
        );
    }
    let told = Dialect::read("name = ", "d.toml").unwrap_err().to_string();
    assert!(told.starts_with("d.toml:1:"), "{told}");
    let columns = "columns = [\"a\", \"b\"]\n[map]\nstart = \"a\"\nto = \"c\"\n";
    let told = Dialect::read(columns, "d.toml").unwrap_err().to_string();
    assert!(told.contains("`columns` has no column `c`"), "{told}");
}
