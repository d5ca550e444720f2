//! Servers that send without end: what is read of them is bounded, whatever it is.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use http::client::{Protocol, Settings};
use http::url::Url;

use crate::desk::endpoint_with;
use crate::hostile::{flood, hostile, impatient};
use crate::server::asked;

/// How many bytes a flooding server gets rid of before nobody listens any more.
fn flooded(head: &'static str, piece: &'static str) -> u64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let flooding = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("it connects");
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(head.as_bytes());
        let piece = piece.repeat(64);
        let mut written = 0;
        while stream.write_all(piece.as_bytes()).is_ok() {
            written += piece.len() as u64;
        }
        written
    });
    let url = Url::parse(&format!("http://{address}/voice")).expect("a URL");
    // All the time in the world: what ends it is the bound.
    let endpoint = endpoint_with(Settings::new(url, Protocol::Twilio));
    let begun = Instant::now();
    let flaw = asked(&endpoint).0.expect_err("no answer");
    assert!(begun.elapsed() < Duration::from_secs(5), "{flaw}");
    flooding.join().expect("no panic")
}

#[test]
fn a_flood_is_cut_by_what_is_read_not_by_time() {
    let floods = [
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n",
            "<Say>and so on</Say>",
        ),
        ("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\n", "x-filler: and so on and so on\r\n"),
    ];
    for (head, piece) in floods {
        // What is read is bounded; the rest lies in the buffers of the kernel, on both sides.
        let written = flooded(head, piece);
        assert!(written < 32 << 20, "{piece}: {written} bytes");
    }
}

#[test]
fn a_hostile_answer_does_not_hold_up_the_next_question() {
    let address = hostile(|stream| flood(stream, "HTTP/1.1 103 Early Hints\r\n\r\n"));
    let begun = Instant::now();
    for _ in 0..20 {
        let flaw = asked(&impatient(address, Protocol::Json)).0.unwrap_err();
        assert_eq!(flaw.class(), "too-large");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
