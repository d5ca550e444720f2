//! Every seed of the fuzz targets: whatever the bytes, reading them ends, and without a panic.

use std::fs;
use std::path::Path;

use calllog::{Calls, CanonicalCall, Dialect, Importer, OnBadRow, Options};
use jiff::tz::TimeZone;

struct Nowhere;

impl Calls for Nowhere {
    fn call(&mut self, _: &CanonicalCall) -> std::io::Result<()> {
        Ok(())
    }
}

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let entries = fs::read_dir(root)
        .expect("the corpus")
        .map(|it| it.expect("an entry").path());
    let mut seeds: Vec<_> = entries
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a seed")))
        .collect();
    seeds.sort();
    assert!(seeds.len() > 5, "{target}: where are the seeds?");
    seeds
}

#[test]
fn every_log_of_the_corpus_is_read_to_an_end_whole_and_cut_off() {
    for (name, bytes) in seeds("log") {
        for on_bad_row in [OnBadRow::Stop, OnBadRow::Skip] {
            for cut in [bytes.len(), bytes.len() / 2, bytes.len() / 3] {
                let zone = Some(TimeZone::UTC);
                let options = Options {
                    zone,
                    on_bad_row,
                    ..Options::default()
                };
                let mut importer = Importer::new(options);
                let read = importer.read(&bytes[..cut], &name, &mut Nowhere);
                match read.and_then(|()| importer.finish(&mut Nowhere)) {
                    Ok((quality, _)) => {
                        let skipped: u64 = quality.skipped.values().sum();
                        assert_eq!(
                            quality.rows,
                            quality.calls + quality.legs + skipped,
                            "{name}"
                        );
                    }
                    Err(why) => assert!(why.to_string().starts_with(&name), "{why}"),
                }
                let _ = calllog::read_all(&bytes[..cut], &name);
            }
        }
    }
}

#[test]
fn every_dialect_of_the_corpus_is_read_or_told_what_is_wrong() {
    for (name, bytes) in seeds("dialect") {
        let text = String::from_utf8_lossy(&bytes);
        for cut in (0..=text.len())
            .step_by(97)
            .filter(|it| text.is_char_boundary(*it))
        {
            match Dialect::read(&text[..cut], &name) {
                Ok(dialect) => assert!(!dialect.to_toml().is_empty()),
                Err(why) => assert!(why.to_string().starts_with(&name), "{why}"),
            }
        }
    }
}
