//! Every sample below `fixtures` becomes the canonical log beside it.
//!
//! A folder is named after its dialect, perhaps with `@` and what is special about it. It holds
//! `in.*`, `expected.csv`, and where the import needs to be told something an `import.toml`; a
//! dialect that is not built in comes as `dialect.toml`. With `CALLLOG_BLESS` set in the environment
//! `expected.csv` is written instead; read it before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use calllog::dialect::{self, Is};
use calllog::{Calls, CanonicalCall, CanonicalWriter, Column, Dialect, Importer, Options};
use jiff::tz::TimeZone;
use routing::record::Outcome;

struct Written(CanonicalWriter<Vec<u8>>);

impl Calls for Written {
    fn call(&mut self, call: &CanonicalCall) -> std::io::Result<()> {
        self.0.write(call, &[])
    }
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let entries = fs::read_dir(root).expect("fixtures");
    let mut folders: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    folders.sort();
    folders
}

fn input(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|it| it.expect("an entry").path());
    let found = entries.find(|it| {
        it.file_stem().is_some_and(|it| {
            it.to_string_lossy().starts_with("in") && !it.to_string_lossy().starts_with("import")
        })
    });
    found.unwrap_or_else(|| panic!("{} holds no in.*", folder.display()))
}

fn options(folder: &Path) -> Options {
    let mut options = Options::default();
    if let Ok(text) = fs::read_to_string(folder.join("dialect.toml")) {
        let dialect = Dialect::read(&text, "dialect.toml").unwrap_or_else(|why| panic!("{why}"));
        options.dialect = Some(dialect);
    }
    let Ok(text) = fs::read_to_string(folder.join("import.toml")) else {
        return options;
    };
    let table: toml::Table = text.parse().expect("TOML");
    for (key, value) in &table {
        let text = value.as_str().unwrap_or_default().to_owned();
        match key.as_str() {
            "dialect" => options.dialect = dialect::find(&text),
            "tz" => options.zone = Some(TimeZone::get(&text).expect("a zone")),
            "time_format" => options.time_format = calllog::TimeFormat::new(&text).ok(),
            "country_code" => options.country_code = Some(text),
            "empty_from" => options.empty_from_distinct = text == "distinct",
            "opaque" => {
                let names = value.as_array().expect("a list");
                options.opaque_from = names.iter().any(|it| it.as_str() == Some("from"));
                options.opaque_to = names.iter().any(|it| it.as_str() == Some("to"));
            }
            "map" => {
                let pairs = value.as_table().expect("a table").iter();
                let pair = |(ours, theirs): (&String, &toml::Value)| {
                    let column = Column::from_header(ours).expect("one of our columns");
                    (column, theirs.as_str().expect("a name").to_owned())
                };
                options.map = pairs.map(pair).collect();
            }
            "outcome" => {
                let pairs = value.as_table().expect("a table").iter();
                let pair = |(word, is): (&String, &toml::Value)| {
                    let is = match is.as_str().expect("a word") {
                        "skip" => Is::Skip,
                        name => Is::Word(Outcome::from_name(name).expect("an outcome")),
                    };
                    (word.clone(), is)
                };
                options.outcomes = pairs.map(pair).collect();
            }
            other => panic!("import.toml: no such key {other}"),
        }
    }
    options
}

#[test]
fn every_sample_becomes_the_log_beside_it() {
    let folders = folders();
    for folder in &folders {
        let name = folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let options = options(folder);
        let zone = options.zone.clone().unwrap_or(TimeZone::UTC);
        let path = input(folder);
        let bytes = fs::read(&path).expect("a sample");
        let mut written = Written(CanonicalWriter::new(Vec::new(), zone, &[]).expect("a header"));
        let mut importer = Importer::new(options);
        let read = importer.read(bytes.as_slice(), &name, &mut written);
        read.unwrap_or_else(|why| panic!("{why}"));
        let dialect = importer.dialect().expect("a dialect").name.clone();
        assert_eq!(
            dialect,
            name.split('@').next().expect("a name"),
            "detected in {name}"
        );
        let (quality, _) = importer
            .finish(&mut written)
            .unwrap_or_else(|why| panic!("{why}"));
        let skipped: u64 = quality.skipped.values().sum();
        assert_eq!(
            quality.rows,
            quality.calls + quality.legs + skipped,
            "{name}"
        );
        let text = String::from_utf8(written.0.finish().expect("a log")).expect("UTF-8");
        let expected = folder.join("expected.csv");
        if std::env::var_os("CALLLOG_BLESS").is_some() {
            fs::write(&expected, &text).expect("a file");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(text, expected, "{name}");
        // What was imported is a canonical log, and importing that changes nothing but the rows.
        let again = calllog::read_all(text.as_bytes(), "expected.csv");
        assert_eq!(again.expect("a canonical log").len() as u64, quality.calls);
    }
    for it in dialect::BUILT_IN {
        let has = |folder: &PathBuf| folder.ends_with(it.name);
        assert!(folders.iter().any(has), "no sample of {}", it.name);
    }
}
