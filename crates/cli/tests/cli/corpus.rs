//! The seeds of the fuzz targets for scenarios and accounts: each is checked, or told what is
//! wrong, and none makes the program panic.

use std::fs;
use std::path::Path;

use crate::desk::Desk;

#[test]
fn every_scenario_and_accounts_file_of_the_corpus_is_checked() {
    for target in ["scenario", "accounts"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz/corpus")
            .join(target);
        let entries = fs::read_dir(root).expect("the corpus");
        let mut count = 0;
        for path in entries.map(|it| it.expect("an entry").path()) {
            let text = fs::read_to_string(&path).expect("a seed");
            let desk = Desk::empty();
            let file = if text.starts_with('{') {
                "seed.json"
            } else {
                "seed.toml"
            };
            for cut in [text.len(), text.len() / 2] {
                let cut = (0..=cut)
                    .rev()
                    .find(|it| text.is_char_boundary(*it))
                    .unwrap_or(0);
                desk.write(file, &text[..cut]);
                let out = desk
                    .command(&["check", file])
                    .output()
                    .expect("the program runs");
                let code = out.status.code();
                assert!(matches!(code, Some(0 | 2)), "{}: {code:?}", path.display());
            }
            count += 1;
        }
        assert!(count > 2, "{target}: where are the seeds?");
    }
}
