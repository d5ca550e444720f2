//! Servers that mean no good: each has its class, is given up in bounded time, and its answer is
//! never read beyond bounds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use http::client::{Endpoint, Protocol, Settings};
use http::url::Url;

use crate::desk::endpoint_with;
use crate::server::asked;

/// What a server does with each connection once a request has come.
pub(crate) type Behaviour = fn(&mut TcpStream);

/// A server that behaves so, for as long as the test lasts.
pub(crate) fn hostile(behaves: Behaviour) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut stream = stream;
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                behaves(&mut stream);
            });
        }
    });
    address
}

pub(crate) fn impatient(address: SocketAddr, protocol: Protocol) -> Arc<Endpoint> {
    let url = Url::parse(&format!("http://{address}/voice")).expect("a URL");
    let mut settings = Settings::new(url, protocol);
    settings.total = Duration::from_millis(600);
    settings.connect = Duration::from_millis(300);
    endpoint_with(settings)
}

pub(crate) fn say(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

fn ok(kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(crate) fn xml(stream: &mut TcpStream, body: &str) {
    say(stream, &ok("text/xml", body));
}

/// Goes on until nobody listens.
pub(crate) fn flood(stream: &mut TcpStream, piece: &str) {
    let piece = piece.repeat(64);
    while stream.write_all(piece.as_bytes()).is_ok() {}
}

pub(crate) const SERVERS: &[(&str, Behaviour, &str)] = &[
    (
        "never answers",
        |_| thread::sleep(Duration::from_secs(5)),
        "timeout",
    ),
    (
        "dribbles its head",
        |stream| {
            for byte in "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n"
                .repeat(9)
                .bytes()
            {
                let _ = stream.write_all(&[byte]);
                thread::sleep(Duration::from_millis(20));
            }
        },
        "timeout",
    ),
    (
        "dribbles its body",
        |stream| {
            say(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 999\r\n\r\n",
            );
            for _ in 0..999 {
                let _ = stream.write_all(b" ");
                thread::sleep(Duration::from_millis(20));
            }
        },
        "timeout",
    ),
    (
        "a body without end",
        |stream| {
            say(stream, "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n");
            flood(stream, "<Response><Say>and so on</Say></Response>");
        },
        "too-large",
    ),
    (
        "chunks without end",
        |stream| {
            say(
                stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            );
            flood(stream, "5\r\nhello\r\n");
        },
        "too-large",
    ),
    (
        "says that its body is huge",
        |stream| {
            say(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n<a/>",
            );
        },
        "not-http",
    ),
    ("closes at once", |_| {}, "broken"),
    (
        "closes in its body",
        |stream| {
            say(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 99\r\n\r\n<Res",
            );
        },
        "broken",
    ),
    (
        "is no HTTP",
        |stream| say(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        "not-http",
    ),
    (
        "another content type",
        |stream| say(stream, &ok("application/octet-stream", "<Response/>")),
        "content-type",
    ),
    (
        "no content type",
        |stream| {
            say(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n<Response/>",
            );
        },
        "content-type",
    ),
    (
        "broken TwiML",
        |stream| xml(stream, "<Response><Dial>"),
        "twiml",
    ),
    (
        "a document type and entities",
        |stream| {
            xml(
                stream,
                "<!DOCTYPE r [<!ENTITY a \"&a;&a;\">]><Response>&a;</Response>",
            );
        },
        "twiml",
    ),
    (
        "a file as an entity",
        |stream| {
            let body = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
                        <Response><Say>&x;</Say></Response>";
            xml(stream, body);
        },
        "twiml",
    ),
    (
        "nested without end",
        |stream| xml(stream, &"<a>".repeat(20_000)),
        "twiml",
    ),
    (
        "a head of ten megabytes",
        |stream| {
            say(stream, "HTTP/1.1 200 OK\r\n");
            let line = format!("x-filler: {}\r\n", "x".repeat(1000));
            for _ in 0..10_000 {
                if stream.write_all(line.as_bytes()).is_err() {
                    return;
                }
            }
        },
        "not-http",
    ),
    (
        "one header without end",
        |stream| {
            say(stream, "HTTP/1.1 200 OK\r\nx: ");
            flood(stream, "xxxxxxxxxxxxxxxx");
        },
        "not-http",
    ),
    (
        "informational answers without end",
        |stream| flood(stream, "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
        "too-large",
    ),
    (
        "a redirect to elsewhere",
        |stream| {
            say(
                stream,
                "HTTP/1.1 307 x\r\nlocation: http://192.0.2.1/voice\r\ncontent-length: 0\r\n\r\n",
            );
        },
        "elsewhere",
    ),
    (
        "a document that leads elsewhere",
        |stream| {
            xml(
                stream,
                "<Response><Redirect>http://169.254.169.254/</Redirect></Response>",
            );
        },
        "elsewhere",
    ),
    (
        "an action elsewhere",
        |stream| {
            xml(
                stream,
                "<Response><Dial action='https://api.twilio.com/'>1</Dial></Response>",
            );
        },
        "elsewhere",
    ),
    (
        "redirects to itself",
        |stream| {
            for _ in 0..30 {
                say(
                    stream,
                    "HTTP/1.1 308 x\r\nlocation: /voice\r\ncontent-length: 0\r\n\r\n",
                );
                let _ = stream.read(&mut [0; 4096]);
            }
        },
        "endless",
    ),
    (
        "documents that lead to themselves",
        |stream| {
            for _ in 0..30 {
                xml(stream, "<Response><Redirect/></Response>");
                let _ = stream.read(&mut [0; 4096]);
            }
        },
        "endless",
    ),
    (
        "come back in three centuries",
        |stream| {
            say(
                stream,
                "HTTP/1.1 429 x\r\nretry-after: 9999999999999\r\ncontent-length: 0\r\n\r\n",
            );
        },
        "429",
    ),
    (
        "a status that is none",
        |stream| say(stream, "HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n"),
        "not-http",
    ),
];

#[test]
fn each_has_its_class_and_its_bounded_time() {
    let tried: Vec<_> = SERVERS
        .iter()
        .map(|(name, behaves, class)| {
            let asking = thread::spawn(move || {
                let endpoint = impatient(hostile(*behaves), Protocol::Twilio);
                let begun = Instant::now();
                (asked(&endpoint), begun.elapsed())
            });
            (name, class, asking)
        })
        .collect();
    for (name, class, asking) in tried {
        let ((given, told), took) = asking.join().expect("no panic");
        let flaw = given.expect_err(name);
        assert_eq!(flaw.class(), *class, "{name}: {flaw}");
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
        assert!(
            told.spans.len() <= 20,
            "{name}: {} requests",
            told.spans.len()
        );
    }
}

#[test]
fn json_that_is_no_decision_has_its_class() {
    let bodies: [(&str, Behaviour); 4] = [
        ("broken", |stream| {
            say(stream, &ok("application/json", "{\"stages\":["));
        }),
        ("another object", |stream| {
            say(stream, &ok("application/json", "{}"));
        }),
        ("nested", |stream| {
            say(stream, &ok("application/json", &"[".repeat(60_000)));
        }),
        ("a huge number", |stream| {
            let body = r#"{"stages":[{"legs":[],"ring_s":1e999}],"finally":"voicemail"}"#;
            say(stream, &ok("application/json", body));
        }),
    ];
    let accounts = crate::desk::job(crate::server::SCENARIO, crate::server::ACCOUNTS)
        .plan
        .accounts;
    let call = routing::call::InboundCall {
        from: None,
        to: "+15555550100".parse().unwrap(),
    };
    for (name, behaves) in bodies {
        let endpoint = impatient(hostile(behaves), Protocol::Json);
        let given = asked(&endpoint).0.expect(name);
        let flaw = given.decision(&accounts, &call).expect_err(name);
        assert_eq!(flaw.class(), "json", "{name}");
    }
}

#[test]
fn a_fallback_is_asked_once_and_told_what_went_wrong() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut request) {
                let asked = String::from_utf8_lossy(&request[..read]).into_owned();
                let falls_back = asked.starts_with("POST /fallback");
                // Told first: whoever has the answer may look at once.
                let _ = tell.send(asked);
                if falls_back {
                    xml(&mut stream, "<Response><Record/></Response>");
                } else {
                    say(&mut stream, "HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n");
                }
            }
        }
    });
    let at = |path: &str| Url::parse(&format!("http://{address}{path}")).expect("a URL");
    let ask_with = |fallback: &str| {
        let mut settings = Settings::new(at("/voice"), Protocol::Twilio);
        settings.fallback = Some(at(fallback));
        asked(&endpoint_with(settings)).0
    };
    assert!(ask_with("/fallback").is_ok());
    let requests: Vec<String> = told.try_iter().collect();
    assert_eq!(requests.len(), 2, "{requests:?}");
    let code = "ErrorCode=11200&ErrorUrl=http%3A%2F%2F127.0.0.1";
    assert!(requests[1].contains(code), "{}", requests[1]);
    // A fallback that fails as well is the end.
    assert_eq!(ask_with("/worse").unwrap_err().class(), "status");
    assert_eq!(told.try_iter().count(), 2);
}

#[test]
fn a_port_where_nobody_listens_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let flaw = asked(&impatient(address, Protocol::Json)).0.unwrap_err();
    assert_eq!(flaw.class(), "connect");
}
