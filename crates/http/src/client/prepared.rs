//! A request as it goes over the wire: its path, its form or object, its headers and its signature.

use std::borrow::Cow;

use super::endpoint::{Endpoint, Protocol};
use super::span::Kind;
use crate::url::Url;
use crate::wire::ask::Ask;
use crate::wire::flaw::Flaw;
use crate::wire::form::{self, DialStatus};
use crate::wire::status::Ended;
use crate::wire::{digits, json, signature};

/// A request that is about to be made.
pub(super) struct Wanted<'a> {
    /// Where documents say.
    pub(super) public: Cow<'a, Url>,
    pub(super) kind: Kind,
    pub(super) post: bool,
    pub(super) dial: Option<DialStatus>,
    pub(super) ask: &'a Ask,
    /// What was wrong with which request, when the fallback is asked.
    pub(super) failed: Option<(u32, String)>,
    /// The call has ended so.
    pub(super) ended: Option<&'a Ended>,
}

/// The beginning of a URL that an answer leads to.
pub(super) fn shown(url: &str) -> String {
    url.chars().take(120).collect()
}

/// A request, ready for the wire as often as it is needed.
pub(super) struct Prepared<'a> {
    pub(super) method: &'static str,
    pub(super) url: Cow<'a, Url>,
    pub(super) body: String,
    /// All of it.
    pub(super) bytes: Vec<u8>,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(
        endpoint: &Endpoint,
        wanted: &Wanted<'_>,
        public: &'a Url,
        post: bool,
    ) -> Result<Self, Flaw> {
        let settings = &endpoint.settings;
        let url = if public.same_origin(&settings.url) {
            Cow::Borrowed(public)
        } else if public.same_origin(endpoint.public()) {
            Cow::Owned(public.at_origin(&settings.url))
        } else {
            return Err(Flaw::Elsewhere(shown(&public.authority())));
        };
        let mut prepared = Self {
            method: "POST",
            url,
            body: String::new(),
            bytes: Vec::new(),
        };
        if settings.protocol == Protocol::Json {
            prepared.body = json::ask(wanted.ask);
            prepared.write(endpoint, json::CONTENT_TYPE, |_| {});
            return Ok(prepared);
        }
        let about = |head: &mut String| form::push_headers(head, wanted.ask);
        let first = wanted.kind == Kind::Voice && wanted.failed.is_none();
        if post && first && settings.token.is_none() {
            prepared.body = form::first_body(wanted.ask);
            prepared.write(endpoint, form::CONTENT_TYPE, about);
            return Ok(prepared);
        }
        let mut fields = match wanted.ended {
            Some(ended) => form::end_fields(wanted.ask, ended),
            None => form::fields(wanted.ask, wanted.dial),
        };
        if let Some((code, url)) = &wanted.failed {
            fields.push(("ErrorCode".into(), code.to_string()));
            fields.push(("ErrorUrl".into(), url.clone()));
        }
        let mut query = None;
        if post {
            prepared.body = form::body(&fields);
        } else {
            // By GET the fields are part of the URL, which alone is signed.
            let joint = if public.path.contains('?') { '&' } else { '?' };
            let fields = form::body(&fields);
            let path = format!("{}{joint}{fields}", prepared.url.path);
            prepared.url = Cow::Owned(prepared.url.with_path(&path));
            prepared.method = "GET";
            query = Some(format!("{}{joint}{fields}", public.path));
        }
        let signature = settings.token.as_ref().map(|token| match query {
            Some(path) => signature::sign(token, &public.with_path(&path).to_string(), &[]),
            None => signature::sign(token, &public.to_string(), &fields),
        });
        prepared.write(endpoint, form::CONTENT_TYPE, |head| {
            about(head);
            if let Some(signature) = signature {
                let parts = ["\r\n", signature::HEADER, ": ", &signature];
                head.extend(parts);
            }
        });
        Ok(prepared)
    }

    /// Neither path nor values hold a line break: URLs are checked, the rest is written by us.
    fn write(
        &mut self,
        endpoint: &Endpoint,
        content_type: &str,
        headers: impl FnOnce(&mut String),
    ) {
        let mut text = String::with_capacity(384 + self.body.len());
        text.extend([self.method, " ", &self.url.path, " HTTP/1.1\r\nhost: "]);
        text.extend([&endpoint.authority, "\r\ncontent-type: ", content_type]);
        headers(&mut text);
        if self.method == "POST" {
            text.push_str("\r\ncontent-length: ");
            digits::push(&mut text, self.body.len() as u64);
        }
        text.extend(["\r\n\r\n", &self.body]);
        self.bytes = text.into_bytes();
    }
}
