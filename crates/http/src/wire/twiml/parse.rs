//! TwiML from text: well-formed, bounded, without DTD and entities; what is not known stays apart.

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use routing::Nanos;
use routing::account::Device;
use routing::decision::App;

use super::{Action, DEFAULT_TIMEOUT, Dial, Document, MAX_BYTES, Noun, Verb};

/// Deeper nesting means nothing in TwiML.
const MAX_DEPTH: usize = 16;

/// The longest ring time that is read as one: beyond a day it is a slip.
const MAX_TIMEOUT_S: f64 = 86_400.0;

/// Why a text is no TwiML: the provider's 12100.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TwimlError {
    /// Larger than the provider takes.
    #[error("{0} bytes, where a document may have {MAX_BYTES}")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// Not well-formed.
    #[error("not well-formed: {0}")]
    NotWellFormed(String),
    /// Something before `<?xml`.
    #[error("the document begins with a blank, expected <?xml or <Response>")]
    LeadingBlank,
    /// Another element on top.
    #[error("the document is <{0}>, expected <Response>")]
    NotAResponse(String),
    /// No element at all.
    #[error("the document is empty, expected <Response>")]
    Empty,
    /// A DTD.
    #[error("the document declares a DTD, which is not read")]
    Dtd,
    /// An entity beyond those of XML itself.
    #[error("the document names the entity &{0};, which is not known")]
    Entity(String),
    /// Nested too deeply.
    #[error("the document nests deeper than {MAX_DEPTH} elements")]
    TooDeep,
}

/// An element with its text, tags taken off; pieces of the document where nothing had to be
/// resolved, since a load run reads one for every call.
#[derive(Debug, Default)]
struct Element<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
    text: Cow<'a, str>,
    children: Vec<Element<'a>>,
}

/// A document.
///
/// # Errors
/// See [`TwimlError`].
pub fn parse(bytes: &[u8]) -> Result<Document, TwimlError> {
    if bytes.len() > MAX_BYTES {
        return Err(TwimlError::TooLarge(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| TwimlError::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let top = tree(text)?;
    if text.starts_with(char::is_whitespace) && text.trim_start().starts_with("<?xml") {
        return Err(TwimlError::LeadingBlank);
    }
    if top.name != "Response" {
        return Err(TwimlError::NotAResponse(top.name.to_owned()));
    }
    Ok(Document {
        verbs: top.children.iter().map(verb).collect(),
    })
}

/// The one element on top.
fn tree(text: &str) -> Result<Element<'_>, TwimlError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut top = None;
    loop {
        let from = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|why| TwimlError::NotWellFormed(why.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() >= MAX_DEPTH {
                    return Err(TwimlError::TooDeep);
                }
                open.push(element(tag(text, from, &start), &start)?);
            }
            Event::Empty(start) => {
                let done = element(tag(text, from, &start), &start)?;
                close(done, &mut open, &mut top)?;
            }
            Event::End(_) => {
                if let Some(done) = open.pop() {
                    close(done, &mut open, &mut top)?;
                }
            }
            Event::Text(text) => add(&mut open, text.into_inner())?,
            Event::CData(text) => add(&mut open, text.into_inner())?,
            Event::GeneralRef(name) => add(&mut open, entity(&name)?.into())?,
            Event::DocType(_) => return Err(TwimlError::Dtd),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if let Some(left) = open.last() {
        let why = format!("<{}> is never closed", left.name);
        return Err(TwimlError::NotWellFormed(why));
    }
    top.ok_or(TwimlError::Empty)
}

fn entity(name: &quick_xml::events::BytesRef<'_>) -> Result<String, TwimlError> {
    let unknown = || TwimlError::Entity(name.chars().take(40).collect());
    if let Some(character) = name.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(character.to_string());
    }
    let known = quick_xml::escape::resolve_xml_entity(name).ok_or_else(unknown)?;
    Ok(known.to_owned())
}

/// What stands between the brackets of a tag that begins here: what the reader says of it, as a
/// piece of the document, which outlives the reader's word.
fn tag<'a>(text: &'a str, from: u64, start: &BytesStart<'_>) -> Option<&'a str> {
    let from = usize::try_from(from).ok()? + '<'.len_utf8();
    let tag = text.get(from..from + start.len())?;
    (tag == &**start).then_some(tag)
}

fn element<'a>(tag: Option<&'a str>, start: &BytesStart<'_>) -> Result<Element<'a>, TwimlError> {
    let broken = |why: &dyn std::fmt::Display| TwimlError::NotWellFormed(why.to_string());
    let tag = tag.ok_or_else(|| broken(&"a tag is not where it begins"))?;
    let name = start.name().as_ref().len();
    let mut attributes = Vec::new();
    for attribute in Attributes::new(tag, name) {
        let attribute = attribute.map_err(|why| broken(&why))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|why| broken(&why))?;
        attributes.push((attribute.key.into_inner(), value));
    }
    Ok(Element {
        name: &tag[..name],
        attributes,
        ..Element::default()
    })
}

fn close<'a>(
    done: Element<'a>,
    open: &mut [Element<'a>],
    top: &mut Option<Element<'a>>,
) -> Result<(), TwimlError> {
    if let Some(outer) = open.last_mut() {
        outer.children.push(done);
    } else if top.is_none() {
        *top = Some(done);
    } else {
        let why = format!("<{}> stands behind the end of the document", done.name);
        return Err(TwimlError::NotWellFormed(why));
    }
    Ok(())
}

fn add<'a>(open: &mut [Element<'a>], text: Cow<'a, str>) -> Result<(), TwimlError> {
    match open.last_mut() {
        Some(element) => {
            // Without a copy where it is the first piece.
            element.text += text;
            Ok(())
        }
        None if text.trim().is_empty() => Ok(()),
        None => {
            let why = "text outside of the document".to_owned();
            Err(TwimlError::NotWellFormed(why))
        }
    }
}

impl Element<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| &**value)
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.attribute(name).map(str::to_owned)
    }

    /// POST unless GET is said.
    fn post(&self) -> bool {
        !self
            .attribute("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("GET"))
    }

    fn trimmed(&self) -> String {
        self.text.trim().to_owned()
    }
}

fn verb(element: &Element<'_>) -> Verb {
    match element.name {
        "Dial" => Verb::Dial(dial(element)),
        "Reject" => Verb::Reject {
            reason: element.owned("reason"),
        },
        "Hangup" => Verb::Hangup,
        "Redirect" => Verb::Redirect {
            url: element.trimmed(),
            post: element.post(),
        },
        "Record" => Verb::Record,
        "Gather" => Verb::Gather,
        "Enqueue" => Verb::Enqueue {
            queue: element.trimmed(),
        },
        "Connect" => Verb::Connect,
        "Leave" => Verb::Leave,
        "Say" | "Play" => Verb::Say(element.trimmed()),
        "Pause" => Verb::Pause,
        other => Verb::Unknown(other.to_owned()),
    }
}

fn dial(element: &Element<'_>) -> Dial {
    let mut nouns: Vec<Noun> = element.children.iter().map(noun).collect();
    let number = element.trimmed();
    if nouns.is_empty() && !number.is_empty() {
        // <Dial>+15555550123</Dial>: the short form.
        nouns.push(Noun::Number {
            number,
            url: None,
            status_callback: None,
        });
    }
    let action = element.owned("action").filter(|url| !url.trim().is_empty());
    Dial {
        action: action.map(|url| Action {
            url,
            post: element.post(),
        }),
        timeout: element
            .attribute("timeout")
            .map_or(DEFAULT_TIMEOUT, timeout),
        sequential: element.attribute("sequential") == Some("true"),
        caller_id: element.owned("callerId"),
        nouns,
    }
}

/// What is no ring time is as if it were not there: the provider warns and goes on.
fn timeout(text: &str) -> Nanos {
    match text.trim().parse::<f64>() {
        Ok(seconds) if (0.0..=MAX_TIMEOUT_S).contains(&seconds) => Nanos::from_secs_f64(seconds),
        _ => DEFAULT_TIMEOUT,
    }
}

fn noun(element: &Element<'_>) -> Noun {
    match element.name {
        "Number" => Noun::Number {
            number: element.trimmed(),
            url: element.owned("url"),
            status_callback: element.owned("statusCallback"),
        },
        "Client" => client(element),
        "Sip" => Noun::Sip {
            uri: element.trimmed(),
        },
        "Queue" => Noun::Queue,
        other => Noun::Other(other.to_owned()),
    }
}

fn client(element: &Element<'_>) -> Noun {
    let inside = |name: &str| element.children.iter().find(|child| child.name == name);
    let identity = inside("Identity").map_or_else(|| element.trimmed(), Element::trimmed);
    let named = element
        .children
        .iter()
        .filter(|child| child.name == "Parameter")
        .find(|child| child.attribute("name") == Some("devices"))
        .and_then(|child| child.attribute("value"))
        .unwrap_or_default();
    let app = |word: &str| match word {
        word if word == Device::Web.name() => Some(App::Web),
        word if word == Device::Mobile.name() => Some(App::Mobile),
        _ => None,
    };
    Noun::Client {
        identity,
        devices: named.split_whitespace().filter_map(app).collect(),
    }
}

#[cfg(test)]
mod tests;
