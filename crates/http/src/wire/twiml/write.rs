//! TwiML as text.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{Dial, Document, Noun, Verb};

/// The document as XML, in the provider's own style.
pub fn write(document: &Document) -> String {
    let mut xml = String::with_capacity(512);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>");
    for verb in &document.verbs {
        one(&mut xml, verb);
    }
    xml.push_str("</Response>\n");
    xml
}

fn one(xml: &mut String, verb: &Verb) {
    match verb {
        Verb::Dial(dial) => ring(xml, dial),
        Verb::Reject { reason } => {
            xml.push_str("<Reject");
            attribute(xml, "reason", reason.as_deref());
            xml.push_str("/>");
        }
        Verb::Hangup => xml.push_str("<Hangup/>"),
        Verb::Redirect { url, post } => {
            xml.push_str("<Redirect");
            attribute(xml, "method", (!post).then_some("GET"));
            let _ = write!(xml, ">{}</Redirect>", escape(url));
        }
        Verb::Record => xml.push_str("<Record maxLength=\"3600\"/>"),
        Verb::Gather => xml.push_str("<Gather numDigits=\"1\"/>"),
        Verb::Enqueue { queue } => {
            let _ = write!(xml, "<Enqueue>{}</Enqueue>", escape(queue));
        }
        Verb::Connect => {
            xml.push_str("<Connect><Stream url=\"wss://agent.invalid/stream\"/></Connect>");
        }
        Verb::Leave => xml.push_str("<Leave/>"),
        Verb::Say(text) => {
            let _ = write!(xml, "<Say>{}</Say>", escape(text));
        }
        Verb::Pause => xml.push_str("<Pause/>"),
        Verb::Unknown(name) => {
            let _ = write!(xml, "<{name}/>");
        }
    }
}

fn ring(xml: &mut String, dial: &Dial) {
    // Whole seconds as the provider wants them; our own client also reads parts of one.
    let _ = write!(xml, "<Dial timeout=\"{}\"", dial.timeout.as_secs_f64());
    attribute(xml, "answerOnBridge", Some("true"));
    attribute(xml, "sequential", dial.sequential.then_some("true"));
    attribute(xml, "callerId", dial.caller_id.as_deref());
    if let Some(action) = &dial.action {
        attribute(xml, "action", Some(&action.url));
        attribute(xml, "method", (!action.post).then_some("GET"));
    }
    xml.push('>');
    for noun in &dial.nouns {
        someone(xml, noun);
    }
    xml.push_str("</Dial>");
}

fn someone(xml: &mut String, noun: &Noun) {
    match noun {
        Noun::Number {
            number,
            url,
            status_callback,
        } => {
            xml.push_str("<Number");
            attribute(xml, "url", url.as_deref());
            attribute(xml, "statusCallback", status_callback.as_deref());
            let _ = write!(xml, ">{}</Number>", escape(number));
        }
        Noun::Client { identity, devices } => {
            let names: Vec<&str> = devices.iter().map(|app| app.device().name()).collect();
            let _ = write!(
                xml,
                "<Client><Identity>{}</Identity>\
                 <Parameter name=\"devices\" value=\"{}\"/></Client>",
                escape(identity),
                names.join(" ")
            );
        }
        Noun::Sip { uri } => {
            let _ = write!(xml, "<Sip>{}</Sip>", escape(uri));
        }
        Noun::Queue => xml.push_str("<Queue/>"),
        Noun::Other(name) => {
            let _ = write!(xml, "<{name}/>");
        }
    }
}

fn attribute(xml: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(xml, " {name}=\"{}\"", escape(value));
    }
}
