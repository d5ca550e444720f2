//! Every seed of the fuzz target for TwiML, whole and cut off: reading it ends, without a panic, and
//! what was understood is understood again when we write it.

use std::fs;
use std::path::Path;

use http::wire::twiml::{parse, write};

#[test]
fn every_document_of_the_corpus_is_read_or_refused_and_what_is_written_is_read_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/twiml");
    let entries = fs::read_dir(root).expect("the corpus");
    let (mut read, mut refused) = (0, 0);
    for path in entries.map(|it| it.expect("an entry").path()) {
        let bytes = fs::read(&path).expect("a seed");
        for cut in 0..=bytes.len() {
            let Ok(document) = parse(&bytes[..cut]) else {
                refused += u32::from(cut == bytes.len());
                continue;
            };
            read += u32::from(cut == bytes.len());
            let written = write(&document);
            let again = parse(written.as_bytes());
            let again = again.unwrap_or_else(|why| panic!("{}: {why}: {written}", path.display()));
            assert_eq!(
                again.verbs.len(),
                document.verbs.len(),
                "{}",
                path.display()
            );
        }
    }
    assert!(read > 5 && refused > 5, "{read} read, {refused} refused");
}
