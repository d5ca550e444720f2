use proptest::prelude::*;

use super::*;
use crate::wire::twiml::write;

const REFERENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Dial timeout="20" answerOnBridge="true" action="/after-dial" record="record-from-answer-dual">
    <Client statusCallback="/leg" statusCallbackEvent="initiated ringing">user_7</Client>
    <Number url="/whisper" sendDigits="ww201">+15555550123</Number>
    <Sip>sip:201@example.invalid</Sip>
  </Dial>
</Response>
"#;

#[test]
fn the_reference_reply_of_the_documents_is_read() {
    let document = parse(REFERENCE.as_bytes()).unwrap();
    let expected = Dial {
        action: Some(Action {
            url: "/after-dial".into(),
            post: true,
        }),
        timeout: Nanos::from_secs(20),
        nouns: vec![
            Noun::Client {
                identity: "user_7".into(),
                devices: vec![],
            },
            Noun::Number {
                number: "+15555550123".into(),
                url: Some("/whisper".into()),
                status_callback: None,
            },
            Noun::Sip {
                uri: "sip:201@example.invalid".into(),
            },
        ],
        ..Dial::default()
    };
    assert_eq!(document.verbs, [Verb::Dial(expected)]);
}

#[test]
fn every_verb_has_its_meaning() {
    let body = "<Response><Reject reason='busy'/><Hangup/><Redirect method='get'> /a?b=1&amp;c \
                </Redirect><Record/><Gather><Say>Press 1</Say></Gather><Enqueue>hold</Enqueue>\
                <Connect><Stream url='wss://x.invalid'/></Connect><Leave/><Say>Hi &#38; bye</Say>\
                <Play>a.mp3</Play><Pause length='2'/><Refer/><dial>1</dial></Response>";
    let expected = [
        Verb::Reject {
            reason: Some("busy".into()),
        },
        Verb::Hangup,
        Verb::Redirect {
            url: "/a?b=1&c".into(),
            post: false,
        },
        Verb::Record,
        Verb::Gather,
        Verb::Enqueue {
            queue: "hold".into(),
        },
        Verb::Connect,
        Verb::Leave,
        Verb::Say("Hi & bye".into()),
        Verb::Say("a.mp3".into()),
        Verb::Pause,
        Verb::Unknown("Refer".into()),
        Verb::Unknown("dial".into()),
    ];
    assert_eq!(parse(body.as_bytes()).unwrap().verbs, expected);
}

#[test]
fn a_dial_is_read_as_the_provider_reads_it() {
    let of = |xml: &str| match parse(format!("<Response>{xml}</Response>").as_bytes()) {
        Ok(Document { verbs }) => match verbs.into_iter().next() {
            Some(Verb::Dial(dial)) => dial,
            other => panic!("{other:?}"),
        },
        Err(why) => panic!("{why}"),
    };
    let short = of("<Dial> +15555550123 </Dial>");
    assert!(matches!(&short.nouns[..], [Noun::Number { number, .. }] if number == "+15555550123"));
    assert_eq!(short.timeout, DEFAULT_TIMEOUT);
    assert_eq!(of("<Dial timeout='12.5'/>").timeout, Nanos(12_500_000_000));
    for odd in ["soon", "-1", "NaN", "inf", "1e300", ""] {
        assert_eq!(
            of(&format!("<Dial timeout='{odd}'/>")).timeout,
            DEFAULT_TIMEOUT
        );
    }
    let many = of("<Dial sequential='true' action=''><Queue/><Conference>x</Conference></Dial>");
    assert!(many.sequential && many.action.is_none());
    assert_eq!(many.nouns, [Noun::Queue, Noun::Other("Conference".into())]);
    let client = of(
        "<Dial><Client><Identity>ann</Identity><Parameter name='devices' \
                     value='web mobile fridge'/></Client></Dial>",
    );
    let expected = Noun::Client {
        identity: "ann".into(),
        devices: vec![App::Web, App::Mobile],
    };
    assert_eq!(client.nouns, [expected]);
}

#[test]
fn what_the_provider_refuses_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Response>&b;</Response>";
    let outside = "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><Response/>";
    for (text, expected) in [
        ("", "is empty"),
        ("   ", "is empty"),
        (
            "\n<?xml version=\"1.0\"?><Response/>",
            "begins with a blank",
        ),
        ("<response/>", "<response>, expected <Response>"),
        (
            "<html><body>502</body></html>",
            "<html>, expected <Response>",
        ),
        ("{\"stages\":[]}", "not well-formed"),
        (
            "<Response><Say>Tom & Jerry</Say></Response>",
            "not well-formed",
        ),
        ("<Response><Dial></Response>", "not well-formed"),
        ("<Response>", "is never closed"),
        ("<Response/><Response/>", "behind the end"),
        ("<Response/>tail", "outside of the document"),
        ("<Response><Say>&nbsp;</Say></Response>", "entity &nbsp;"),
        ("<Response><Say a=\"&x;\"/></Response>", "not well-formed"),
        (bomb, "DTD"),
        (outside, "DTD"),
        (deep.as_str(), "nests deeper"),
    ] {
        let error = parse(text.as_bytes()).expect_err(text).to_string();
        assert!(error.contains(expected), "{text:.60}: {error}");
    }
    assert_eq!(parse(&[0xff, 0xfe]), Err(TwimlError::NotUtf8));
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(parse(&large), Err(TwimlError::TooLarge(MAX_BYTES + 1)));
}

fn text() -> impl Strategy<Value = String> {
    "[ -~äß\u{4e2d}]{1,20}".prop_map(|it| it.trim().to_owned())
}

fn noun() -> impl Strategy<Value = Noun> {
    prop_oneof![
        (
            text(),
            proptest::option::of(text()),
            proptest::option::of(text())
        )
            .prop_map(|(number, url, status_callback)| Noun::Number {
                number,
                url,
                status_callback
            }),
        (text(), any::<bool>()).prop_map(|(identity, both)| Noun::Client {
            identity,
            devices: if both {
                vec![App::Web, App::Mobile]
            } else {
                vec![]
            },
        }),
        text().prop_map(|uri| Noun::Sip { uri }),
    ]
}

fn one() -> impl Strategy<Value = Verb> {
    let dial = (
        proptest::collection::vec(noun(), 1..4),
        0u64..2000,
        proptest::option::of("/[a-z?=&]{0,9}"),
        any::<bool>(),
    );
    prop_oneof![
        dial.prop_map(|(nouns, tenths, action, post)| Verb::Dial(Dial {
            action: action.map(|url| Action { url, post }),
            timeout: Nanos(tenths * 100_000_000),
            sequential: !post,
            caller_id: None,
            nouns,
        })),
        proptest::option::of("busy|rejected").prop_map(|reason| Verb::Reject { reason }),
        (text(), any::<bool>()).prop_map(|(url, post)| Verb::Redirect { url, post }),
        text().prop_map(|queue| Verb::Enqueue { queue }),
        text().prop_map(Verb::Say),
        Just(Verb::Hangup),
        Just(Verb::Record),
        Just(Verb::Gather),
        Just(Verb::Connect),
        Just(Verb::Leave),
        Just(Verb::Pause),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(verbs in proptest::collection::vec(one(), 0..5)) {
        let document = Document { verbs };
        let xml = write(&document);
        prop_assert_eq!(parse(xml.as_bytes()), Ok(document), "{}", xml);
    }

    #[test]
    fn no_text_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_broken_document_makes_it_panic(cut in 0usize..400, odd in any::<char>()) {
        let mut text: String = REFERENCE.chars().take(cut).collect();
        text.push(odd);
        let _ = parse(text.as_bytes());
    }
}
