use super::*;

fn xml(body: &str) -> Answer<'_> {
    Answer {
        status: 200,
        content_type: Some("text/xml; charset=utf-8"),
        cause: None,
        body: body.as_bytes(),
    }
}

/// Answers in turn; what was heard, and which requests were made on the way.
fn heard(answers: &[&str]) -> (Heard, Vec<FollowUp>) {
    let mut execution = Execution::default();
    let mut asked = Vec::new();
    for answer in answers {
        match execution.read(&xml(answer)).unwrap() {
            Next::Ask(follow_up) => asked.push(follow_up),
            Next::Done(heard) => return (heard, asked),
        }
    }
    panic!("the call does not end: {asked:?}")
}

#[test]
fn every_ending_of_the_contract_is_heard() {
    const RING: &str = "<Dial action='/after'><Number>+15555550101</Number></Dial>";
    for (first, after, expected) in [
        ("<Record/>", "", End::Voicemail),
        ("<Enqueue>q</Enqueue>", "", End::Hold),
        ("<Gather/>", "", End::Ivr),
        ("<Connect/>", "", End::VoiceAi),
        ("<Reject/>", "", End::Reject),
        ("", "", End::Drop),
        ("<Say>Sorry</Say>", "", End::Drop),
        ("<Hangup/><Record/>", "", End::Drop),
        ("<Say>No</Say><Reject/>", "", End::Drop),
        ("<Shout/><Reject/>", "", End::Reject),
        (RING, "<Record/>", End::Voicemail),
        (RING, "<Say>Wait</Say><Enqueue>q</Enqueue>", End::Hold),
        (RING, "<Connect/>", End::VoiceAi),
        (RING, "<Gather/>", End::Ivr),
        (RING, "", End::HangUp),
        (RING, "<Reject/>", End::HangUp),
        (RING, "<Say>Sorry</Say><Hangup/>", End::HangUp),
        ("<Dial>+15555550101</Dial><Record/>", "", End::Voicemail),
        ("<Dial>+15555550101</Dial>", "", End::HangUp),
    ] {
        let first = format!("<Response>{first}</Response>");
        let after = format!("<Response>{after}</Response>");
        let (heard, asked) = heard(&[&first, &after]);
        assert_eq!(heard.end, expected, "{first} {after}");
        assert_eq!(heard.stages.is_empty(), !first.contains("Dial"), "{first}");
        if let Some(asked) = asked.first() {
            assert_eq!(asked.url, "/after");
            assert_eq!(asked.dial, Some(DialStatus::NoAnswer));
        }
    }
}

#[test]
fn stages_come_from_dials_in_order() {
    let (heard, asked) = heard(&[
        "<Response><Redirect>/two</Redirect><Record/></Response>",
        "<Response><Dial timeout='5'><Client>ann</Client></Dial>\
         <Dial timeout='7' sequential='true' action='three'>\
         <Number>+15555550101</Number><Sip>sip:x</Sip></Dial></Response>",
        "<Response><Hangup/></Response>",
    ]);
    let rings: Vec<f64> = heard
        .stages
        .iter()
        .map(|it| it.ring.as_secs_f64())
        .collect();
    assert_eq!(rings, [5.0, 7.0, 7.0]);
    assert_eq!(heard.end, End::HangUp);
    let urls: Vec<&str> = asked.iter().map(|it| it.url.as_str()).collect();
    assert_eq!(urls, ["/two", "three"]);
    assert_eq!(asked[0].dial, None);
}

#[test]
fn an_endless_way_is_cut() {
    let mut execution = Execution::default();
    let round = xml("<Response><Redirect>/again</Redirect></Response>");
    let mut steps = 0;
    let flaw = loop {
        steps += 1;
        match execution.read(&round) {
            Ok(_) => {}
            Err(flaw) => break flaw,
        }
    };
    assert_eq!(flaw, Flaw::TooManyDocuments(MAX_DOCUMENTS));
    assert_eq!(steps, MAX_DOCUMENTS);
    let many = format!(
        "<Response>{}</Response>",
        "<Dial>+15555550101</Dial>".repeat(MAX_STAGES + 1)
    );
    assert!(Execution::default().read(&xml(&many)).is_err());
}

#[test]
fn the_content_type_decides_how_a_body_is_taken() {
    let of = |content_type: Option<&str>, status: u16, body: &str| {
        Execution::default().read(&Answer {
            status,
            content_type,
            cause: None,
            body: body.as_bytes(),
        })
    };
    let record = "<Response><Record/></Response>";
    let ends = |next: Result<Next, Flaw>| match next {
        Ok(Next::Done(heard)) => heard.end,
        other => panic!("{other:?}"),
    };
    for kind in [
        "text/xml",
        "Application/XML; charset=x",
        "text/html",
        "text/plain",
    ] {
        assert_eq!(ends(of(Some(kind), 200, record)), End::Voicemail, "{kind}");
    }
    assert_eq!(ends(of(Some("text/plain"), 200, "read me")), End::Drop);
    assert_eq!(ends(of(Some("audio/mpeg"), 200, "...")), End::Drop);
    assert_eq!(ends(of(None, 204, "")), End::Drop);
    assert_eq!(of(None, 200, record), Err(Flaw::NoContentType));
    for (kind, status, class) in [
        ("application/json", 200, "content-type"),
        ("text/xml", 404, "status"),
        ("text/xml", 302, "status"),
        ("text/xml", 429, "429"),
        ("text/xml", 503, "503"),
    ] {
        let flaw = of(Some(kind), status, record).unwrap_err();
        assert_eq!(flaw.class(), class);
    }
}

#[test]
fn a_stated_cause_is_kept() {
    let stated = |cause: &'static str| {
        let answer = Answer {
            cause: Some(cause),
            ..xml("<Response/>")
        };
        match Execution::default().read(&answer).unwrap() {
            Next::Done(heard) => heard,
            Next::Ask(_) => panic!("nothing to ask"),
        }
    };
    assert_eq!(stated("whisper-fault").cause, Some(DropCause::WhisperFault));
    assert_eq!(stated("bad weather").cause, None);
    assert_eq!(stated(HANG_UP).end, End::HangUp);
}
