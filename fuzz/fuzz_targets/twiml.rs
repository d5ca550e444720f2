//! A router's answer: a document or what is wrong with it; what we write of it is read again.
#![no_main]

use http::wire::twiml;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = twiml::parse(bytes) {
        let _ = twiml::parse(twiml::write(&document).as_bytes());
    }
});
