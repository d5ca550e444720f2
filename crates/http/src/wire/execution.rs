//! What a provider would do with a router's answers, up to the end of the call, if nobody answers:
//! documents in, the next request or what was heard out. No socket: whoever drives it asks.

use routing::Nanos;
use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::{Decision, DropCause, Greeting, Leg, MAX_LEGS, RingStage, Terminal};
use routing::trace::RuleId;
use smallvec::SmallVec;

use super::flaw::Flaw;
use super::form::DialStatus;
use super::legs;
use super::twiml::{self, Action, Dial, Document, Noun, Verb};

/// One call may lead through so many documents: the provider's own bound on redirects, doubled for
/// the `action` requests between them.
pub const MAX_DOCUMENTS: usize = 20;

/// One call may ring so many stages.
const MAX_STAGES: usize = 16;

/// The word of the cause header for a call that is hung up though nothing rang: without it such an
/// answer means a drop.
pub const HANG_UP: &str = "hang-up";

/// An answer as it came.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// `content-type`.
    pub content_type: Option<&'a str>,
    /// `x-busyhour-cause`.
    pub cause: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// A request that the provider would make next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// As the document writes it: often relative.
    pub url: String,
    /// Whether by POST.
    pub post: bool,
    /// How the dial ended, where one did.
    pub dial: Option<DialStatus>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Another request.
    Ask(FollowUp),
    /// The end of the call.
    Done(Heard),
}

/// How a call ends on the wire when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `<Record>`.
    Voicemail,
    /// `<Connect>`.
    VoiceAi,
    /// `<Gather>`.
    Ivr,
    /// `<Enqueue>`.
    Hold,
    /// An end behind a dial.
    HangUp,
    /// An end without a dial.
    Drop,
    /// `<Reject>`.
    Reject,
}

/// A stage as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardStage {
    /// Who rings.
    pub nouns: Vec<Noun>,
    /// For how long, as it is written.
    pub ring: Nanos,
}

/// A whole call as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Who rang, in order.
    pub stages: Vec<HeardStage>,
    /// What came then.
    pub end: End,
    /// Why, where the router says so.
    pub cause: Option<DropCause>,
}

/// A call on its way through a router's documents.
#[derive(Debug, Clone, Default)]
pub struct Execution {
    stages: Vec<HeardStage>,
    documents: usize,
    dialled: bool,
    /// Whether some verb took the call, so that it cannot be refused any more.
    taken: bool,
    cause: Option<String>,
}

impl Execution {
    /// Goes on with the next answer.
    ///
    /// # Errors
    /// When the answer is none, or leads on without end: the caller hears an error.
    pub fn read(&mut self, answer: &Answer<'_>) -> Result<Next, Flaw> {
        self.documents += 1;
        if let Some(cause) = answer.cause {
            self.cause = Some(cause.trim().to_owned());
        }
        let next = match document(answer)? {
            Some(document) => self.go_through(document)?,
            // Played or read aloud, then hung up.
            None => self.done(None),
        };
        if matches!(next, Next::Ask(_)) && self.documents >= MAX_DOCUMENTS {
            return Err(Flaw::TooManyDocuments(self.documents));
        }
        Ok(next)
    }

    fn go_through(&mut self, document: Document) -> Result<Next, Flaw> {
        for verb in document.verbs {
            let end = match verb {
                Verb::Dial(dial) => {
                    self.taken = true;
                    let action = self.ring(dial)?;
                    let Some(action) = action else {
                        continue;
                    };
                    return Ok(Next::Ask(FollowUp {
                        url: action.url,
                        post: action.post,
                        dial: Some(DialStatus::NoAnswer),
                    }));
                }
                Verb::Redirect { url, post } => {
                    return Ok(Next::Ask(FollowUp {
                        url,
                        post,
                        dial: None,
                    }));
                }
                Verb::Say(_) | Verb::Pause => {
                    self.taken = true;
                    continue;
                }
                Verb::Unknown(_) => continue,
                // A call that was taken cannot be refused: it ends.
                Verb::Reject { .. } if self.taken => None,
                Verb::Reject { .. } => Some(End::Reject),
                Verb::Record => Some(End::Voicemail),
                Verb::Gather => Some(End::Ivr),
                Verb::Enqueue { .. } => Some(End::Hold),
                Verb::Connect => Some(End::VoiceAi),
                Verb::Hangup | Verb::Leave => None,
            };
            return Ok(self.done(end));
        }
        Ok(self.done(None))
    }

    /// It rings; where the provider asks when it is over.
    fn ring(&mut self, dial: Dial) -> Result<Option<Action>, Flaw> {
        self.dialled = true;
        let ring = dial.timeout;
        if dial.sequential {
            let alone = |noun: Noun| HeardStage {
                nouns: vec![noun],
                ring,
            };
            self.stages.extend(dial.nouns.into_iter().map(alone));
        } else {
            self.stages.push(HeardStage {
                nouns: dial.nouns,
                ring,
            });
        }
        if self.stages.len() > MAX_STAGES {
            return Err(Flaw::TooManyDocuments(self.documents));
        }
        Ok(dial.action)
    }

    fn done(&mut self, end: Option<End>) -> Next {
        let hung_up = self.dialled || self.cause.as_deref() == Some(HANG_UP);
        let cause = self.cause.as_deref().and_then(cause);
        let end = end.unwrap_or(if hung_up { End::HangUp } else { End::Drop });
        Next::Done(Heard {
            stages: std::mem::take(&mut self.stages),
            end,
            cause,
        })
    }
}

/// A cause by its word.
pub(super) fn cause(word: &str) -> Option<DropCause> {
    DropCause::ALL
        .into_iter()
        .find(|cause| cause.name() == word)
}

/// The document of an answer; none where a text is read aloud or a sound is played.
fn document(answer: &Answer<'_>) -> Result<Option<Document>, Flaw> {
    if let Some(flaw) = Flaw::of_status(answer.status) {
        return Err(flaw);
    }
    if answer.status == 204 {
        return Ok(Some(Document::default()));
    }
    let given = answer.content_type.ok_or(Flaw::NoContentType)?;
    let kind = given.split(';').next().unwrap_or(given).trim();
    match kind.to_ascii_lowercase().as_str() {
        "text/xml" | "application/xml" | "text/html" => Ok(Some(twiml::parse(answer.body)?)),
        "text/plain" => Ok(twiml::parse(answer.body).ok()),
        audio if audio.starts_with("audio/") => Ok(None),
        _ => Err(Flaw::ContentType {
            found: given.chars().take(80).collect(),
            expected: "text/xml",
        }),
    }
}

impl Heard {
    /// As a decision about this call, as far as the accounts know who was rung.
    pub fn decision(&self, accounts: &Accounts, call: &InboundCall) -> Decision {
        let mut stages = SmallVec::new();
        let mut truncated = SmallVec::new();
        for stage in &self.stages {
            let mut legs: SmallVec<[Leg; MAX_LEGS]> = SmallVec::new();
            for leg in stage
                .nouns
                .iter()
                .flat_map(|noun| legs::of_noun(accounts, call, noun))
            {
                if !legs.contains(&leg) {
                    legs.push(leg);
                }
            }
            truncated.extend(legs.drain(MAX_LEGS.min(legs.len())..));
            // A dial that reaches nobody is over at once.
            if !legs.is_empty() {
                stages.push(RingStage {
                    legs,
                    ring: stage.ring,
                });
            }
        }
        let finally = self.finally(accounts, call);
        Decision {
            stages,
            finally,
            greeting: (finally == Terminal::Voicemail).then_some(Greeting::Default),
            rule: RuleId::External,
            truncated,
        }
    }

    fn finally(&self, accounts: &Accounts, call: &InboundCall) -> Terminal {
        match self.end {
            End::Voicemail => Terminal::Voicemail,
            End::VoiceAi => Terminal::VoiceAi,
            End::Ivr => Terminal::Ivr,
            End::Hold => Terminal::Hold,
            End::HangUp => Terminal::HangUp,
            End::Drop => Terminal::Drop(self.cause.unwrap_or_else(|| likely(accounts, call))),
            End::Reject => Terminal::Reject(self.cause.unwrap_or(DropCause::PrivateCaller)),
        }
    }
}

/// Why a call is dropped when the router does not say.
pub(super) fn likely(accounts: &Accounts, call: &InboundCall) -> DropCause {
    match accounts.find_number(call.to) {
        None => DropCause::UnknownNumber,
        Some(number) if !accounts.number(number).voice_capable => DropCause::NotVoiceCapable,
        Some(_) => DropCause::NoDestination,
    }
}

#[cfg(test)]
mod tests;
