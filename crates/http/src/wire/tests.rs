//! What holds over both wires.

use routing::account::{Accounts, AccountsBuilder, NewContact, NewNumber, NewSubAccount, NewUser};
use routing::call::{AtTime, InboundCall};
use routing::decision::Decision;
use routing::params::RoutingParams;
use routing::policy::{self, POLICIES};
use routing::trace::Trace;

use super::execution::{Answer, Execution, FollowUp, Heard, Next};
use super::reply::Reply;
use super::{form, json, reply, twiml};

/// A sub-account in which most rules may fire: by number, what is set.
pub(crate) fn accounts() -> Accounts {
    let mut builder = AccountsBuilder::new();
    let number = |last: u32| format!("+1555555{last:04}").parse().unwrap();
    let user = |id: &str, web: bool, mobile: bool, desk: bool, phone: Option<u32>| NewUser {
        id: id.into(),
        web_app: web,
        mobile_app: mobile,
        desk_phone: desk,
        phone: phone.map(number),
        ..NewUser::default()
    };
    let plain = |last: u32| NewNumber {
        number: number(last),
        ..NewNumber::new(number(last))
    };
    let mut ann = user("ann", true, true, true, Some(101));
    ann.client = Some("user_7".into());
    ann.sip = Some("sip:ann@example.invalid".into());
    let users = vec![
        ann,
        user("ben", true, true, false, None),
        user("cem", false, false, false, Some(103)),
        user("dot", false, false, false, None),
    ];
    let all = vec!["ben".to_owned(), "cem".into(), "ann".into(), "dot".into()];
    let numbers = vec![
        plain(190),
        NewNumber {
            assigned_to: Some("ann".into()),
            forward_to: Some(number(123)),
            ring_more: all.clone(),
            ..plain(191)
        },
        NewNumber {
            assigned_to: Some("ben".into()),
            ring_more: all,
            incoming_timeout: Some(routing::Nanos(12_500_000_000)),
            backup: routing::account::Backup::Hold,
            ..plain(192)
        },
        NewNumber {
            forward_to: Some(number(123)),
            whisper: Some("{{nothing.known}}".into()),
            ..plain(193)
        },
        NewNumber {
            voice_capable: false,
            ..plain(194)
        },
        NewNumber {
            ivr: true,
            ..plain(195)
        },
        NewNumber {
            pool: Some("ads".into()),
            forward_to: Some(number(124)),
            pass_called_number: true,
            ..plain(196)
        },
        NewNumber {
            assigned_to: Some("dot".into()),
            backup: routing::account::Backup::None,
            ..plain(197)
        },
        NewNumber {
            voice_ai: routing::account::VoiceAi::Direct,
            ..plain(198)
        },
    ];
    let contacts = vec![NewContact {
        phone: number(177),
        assigned_to: Some("ben".into()),
    }];
    builder
        .push(&NewSubAccount {
            id: "acme".into(),
            business_phone: Some(number(189)),
            allow_private_calls: false,
            users: users.clone(),
            numbers,
            contacts,
            ..NewSubAccount::default()
        })
        .unwrap();
    builder
        .push(&NewSubAccount {
            id: "bare".into(),
            users,
            numbers: vec![
                plain(180),
                NewNumber {
                    backup: routing::account::Backup::None,
                    ..plain(181)
                },
            ],
            ..NewSubAccount::default()
        })
        .unwrap();
    builder.finish()
}

/// Every caller to every number, ours and one that is nobody's.
pub(crate) fn calls() -> Vec<InboundCall> {
    let callers = [Some("+15555550177"), Some("+15555550160"), None];
    let called = (180..200).map(|last| format!("+1555555{last:04}"));
    called
        .flat_map(|to| {
            callers.map(|from| InboundCall {
                from: from.map(|it| it.parse().unwrap()),
                to: to.parse().unwrap(),
            })
        })
        .collect()
}

fn decide(name: &str, call: &InboundCall, accounts: &Accounts) -> (Decision, Trace) {
    let mut trace = Trace::on();
    let decision = policy::decide(
        policy::find(name).unwrap(),
        call,
        accounts,
        &RoutingParams::default(),
        &AtTime::new(accounts, None),
        &mut trace,
    );
    (decision, trace)
}

/// The whole exchange, without a socket.
fn over_twilio(decision: &Decision, call: &InboundCall, accounts: &Accounts) -> Heard {
    let mut execution = Execution::default();
    let mut stage = 0;
    loop {
        let Reply { document, cause } = reply::at_stage(decision, stage, call, accounts);
        let xml = twiml::write(&document);
        let answer = Answer {
            status: 200,
            content_type: Some("text/xml"),
            cause,
            body: xml.as_bytes(),
        };
        match execution
            .read(&answer)
            .expect("our own answers are answers")
        {
            Next::Done(heard) => return heard,
            Next::Ask(FollowUp { url, .. }) => {
                let (_, query) = url.split_once('?').unwrap();
                let fields = form::read(query.as_bytes());
                stage = form::field(&fields, "stage").unwrap().parse().unwrap();
            }
        }
    }
}

#[test]
fn a_decision_survives_both_wires_whatever_the_policy() {
    let accounts = accounts();
    let mut seen = std::collections::BTreeSet::new();
    for entry in POLICIES {
        for call in calls() {
            let (decision, trace) = decide(entry.name, &call, &accounts);
            let heard = over_twilio(&decision, &call, &accounts).decision(&accounts, &call);
            let about = format!("{}: {call:?}", entry.name);
            assert!(heard.agrees_with(&decision), "{about}: {heard:?}");
            let object = json::decision(entry.name, &call, &decision, &trace, &accounts);
            let body = object.to_string();
            let read = json::read_decision(body.as_bytes(), &accounts, &call).unwrap();
            assert_eq!(read, decision, "{about}");
            seen.insert(decision.finally);
        }
    }
    assert!(seen.len() >= 9, "most endings are seen: {seen:?}");
}

#[test]
fn the_json_answer_is_that_of_the_contract() {
    let accounts = accounts();
    let call = InboundCall {
        from: Some("+15555550177".parse().unwrap()),
        to: "+15555550191".parse().unwrap(),
    };
    let (decision, trace) = decide("table-2024", &call, &accounts);
    let mut object = json::decision("table-2024", &call, &decision, &trace, &accounts);
    let steps = object["trace"].take();
    assert!(steps.as_array().is_some_and(|it| !it.is_empty()));
    let mut expected = [
        r#"{"policy":"table-2024","sub_account":"acme","from":"+15555550177","#,
        r#""to":"+15555550191","rule":"number-owner","stages":[{"legs":["#,
        r#"{"device":"web","user":"ann"},{"device":"mobile","user":"ann"},"#,
        r#"{"device":"desk","user":"ann"},{"device":"phone","role":"user","user":"ann","#,
        r#""number":"+15555550101"}],"ring_s":60.0}],"finally":"voicemail","greeting":"default","#,
    ]
    .concat();
    expected.push_str("\"trace\":null}");
    assert_eq!(object.to_string(), expected);
}

#[test]
fn a_router_that_says_less_is_understood_by_the_accounts() {
    let accounts = accounts();
    let call = InboundCall {
        from: Some("+15555550177".parse().unwrap()),
        to: "+15555550191".parse().unwrap(),
    };
    let xml = "<Response><Dial timeout=\"60\"><Client>user_7</Client>\
               <Number>+15555550101</Number><Sip>sip:ann@example.invalid</Sip>\
               <Client>ben</Client><Number>+15555550103</Number><Client>nobody</Client>\
               </Dial><Record/></Response>";
    let answer = Answer {
        status: 200,
        content_type: Some("text/xml"),
        cause: None,
        body: xml.as_bytes(),
    };
    let Next::Done(heard) = Execution::default().read(&answer).unwrap() else {
        panic!("nothing more to ask");
    };
    let names: Vec<String> = heard
        .decision(&accounts, &call)
        .legs()
        .map(|leg| {
            let user = leg.user().map_or("", |user| &*accounts.user(user).id);
            format!("{} {user}", leg.device().name())
        })
        .collect();
    // Ben owns the contact, so both of his apps ring; as an extra user it would be one.
    let expected = [
        "web ann",
        "mobile ann",
        "phone ann",
        "desk ann",
        "web ben",
        "mobile ben",
        "phone cem",
    ];
    assert_eq!(names, expected);
}
