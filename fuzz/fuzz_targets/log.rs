//! A log of any dialect: it is read to its end, or an error says where it goes wrong.
#![no_main]

use calllog::{CanonicalCall, Calls, Importer, OnBadRow, Options};
use libfuzzer_sys::fuzz_target;

struct Nowhere;

impl Calls for Nowhere {
    fn call(&mut self, _: &CanonicalCall) -> std::io::Result<()> {
        Ok(())
    }
}

fuzz_target!(|bytes: &[u8]| {
    for on_bad_row in [OnBadRow::Stop, OnBadRow::Skip] {
        let zone = Some(jiff::tz::TimeZone::UTC);
        let options = Options { zone, on_bad_row, ..Options::default() };
        let mut importer = Importer::new(options);
        if importer.read(bytes, "log", &mut Nowhere).is_ok() {
            let (quality, _) = importer.finish(&mut Nowhere).expect("nothing more is read");
            let skipped: u64 = quality.skipped.values().sum();
            assert_eq!(quality.rows, quality.calls + quality.legs + skipped);
        }
    }
    let _ = calllog::read_all(bytes, "log");
});
