//! An HTTP/1.1 answer in bytes: where its head ends and what it says, and how its body is framed
//! (RFC 9112). Pure, and bounded: whatever a router sends, no more than so much is taken.

use std::mem::MaybeUninit;

use crate::wire::flaw::Flaw;
use crate::wire::form::CAUSE_HEADER;
use crate::wire::twiml;

/// The largest body that is read: what the provider takes.
pub(super) const MAX_BODY: usize = twiml::MAX_BYTES;

/// The largest head of an answer.
pub(super) const MAX_HEAD: usize = 32 * 1024;

/// The most that is read for one request, in bytes: informational answers and the framing of
/// chunks included.
pub(super) const MAX_ANSWER: usize = 256 * 1024;

/// The most headers of an answer.
const MAX_HEADERS: usize = 96;

/// An answer, whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Got {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) body: Vec<u8>,
}

/// How long a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes.
    Length(usize),
    /// In chunks, the last one empty.
    Chunked,
    /// Until the connection is closed.
    UntilClosed,
}

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    /// The answer without its body.
    pub(super) got: Got,
    pub(super) framing: Framing,
    /// Whether the connection may be used again.
    pub(super) keeps: bool,
    /// How many bytes it took.
    pub(super) bytes: usize,
}

fn no_http(why: impl Into<String>) -> Flaw {
    Flaw::NotHttp(why.into())
}

/// The head at the beginning of these bytes; none while it is not whole.
pub(super) fn head(bytes: &[u8]) -> Result<Option<Head>, Flaw> {
    let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut parsed = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    let done = config.parse_response_with_uninit_headers(&mut parsed, bytes, &mut headers);
    let taken = match done {
        Ok(httparse::Status::Complete(taken)) => taken,
        Ok(httparse::Status::Partial) if bytes.len() > MAX_HEAD => {
            return Err(no_http(format!("its head is larger than {MAX_HEAD} bytes")));
        }
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(why) => return Err(no_http(why.to_string())),
    };
    let status = parsed.code.unwrap_or(0);
    if !(100..=999).contains(&status) || status == 101 {
        return Err(no_http(format!("the status {status:03} is none")));
    }
    let mut head = Head {
        got: Got {
            status,
            ..Got::default()
        },
        framing: Framing::UntilClosed,
        keeps: parsed.version == Some(1),
        bytes: taken,
    };
    let mut length = None;
    let mut chunked = false;
    for header in parsed.headers.iter() {
        let text = || {
            let text = std::str::from_utf8(header.value).ok()?;
            Some(text.trim().to_owned())
        };
        let named = |name: &str| header.name.eq_ignore_ascii_case(name);
        if named("content-length") {
            let found = body_length(header.value)?;
            if length.is_some_and(|known| known != found) {
                return Err(no_http("it has two lengths"));
            }
            length = Some(found);
        } else if named("transfer-encoding") {
            chunked = coding(header.value)?;
        } else if named("connection") {
            head.keeps = keeps(header.value, head.keeps);
        } else if named("content-type") {
            head.got.content_type = text();
        } else if named("location") {
            head.got.location = text();
        } else if named("retry-after") {
            head.got.retry_after = text();
        } else if named(CAUSE_HEADER) {
            head.got.cause = text();
        }
    }
    head.framing = match (status, chunked, length) {
        (..=199 | 204 | 304, ..) => Framing::Length(0),
        (_, true, _) => Framing::Chunked,
        (_, false, Some(length)) if length > MAX_BODY => return Err(Flaw::TooLarge(MAX_BODY)),
        (_, false, Some(length)) => Framing::Length(length),
        (_, false, None) => Framing::UntilClosed,
    };
    head.keeps &= head.framing != Framing::UntilClosed;
    Ok(Some(head))
}

fn body_length(value: &[u8]) -> Result<usize, Flaw> {
    let text = std::str::from_utf8(value).unwrap_or_default().trim();
    let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let length = text.parse::<i64>().ok().filter(|_| digits);
    let length = length.and_then(|it| usize::try_from(it).ok());
    length.ok_or_else(|| no_http("its length is none"))
}

/// Whether it comes in chunks; anything beside is not understood.
fn coding(value: &[u8]) -> Result<bool, Flaw> {
    if value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
        Ok(true)
    } else {
        Err(no_http("its transfer-encoding is not chunked"))
    }
}

fn keeps(value: &[u8], before: bool) -> bool {
    let words = value.split(|it| *it == b',').map(<[u8]>::trim_ascii);
    words.fold(before, |keeps, word| {
        if word.eq_ignore_ascii_case(b"close") {
            false
        } else {
            keeps || word.eq_ignore_ascii_case(b"keep-alive")
        }
    })
}

/// What follows in a body of chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunk {
    /// More bytes are needed to tell.
    Partial,
    /// So many bytes of framing, then so many of data, then two of framing.
    Data(usize, usize),
    /// The end, after so many bytes.
    End(usize),
}

/// The next chunk at the beginning of these bytes.
pub(super) fn chunk(bytes: &[u8]) -> Result<Chunk, Flaw> {
    let (size, length) = match httparse::parse_chunk_size(bytes) {
        Ok(httparse::Status::Complete((size, length))) => (size, length),
        Ok(httparse::Status::Partial) => return Ok(Chunk::Partial),
        Err(_) => return Err(no_http("a chunk has no size")),
    };
    if length > MAX_BODY as u64 {
        return Err(Flaw::TooLarge(MAX_BODY));
    }
    if length > 0 {
        return Ok(Chunk::Data(size, length as usize));
    }
    // Trailers, up to an empty line.
    let mut at = size;
    loop {
        let Some(line) = bytes[at..].windows(2).position(|it| it == b"\r\n") else {
            return Ok(Chunk::Partial);
        };
        at += line + 2;
        if line == 0 {
            return Ok(Chunk::End(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Result<Option<Head>, Flaw> {
        head(text.as_bytes())
    }

    #[test]
    fn a_head_says_what_matters() {
        let text = "HTTP/1.1 200 OK\r\nContent-Type: text/xml \r\nContent-Length: 11\r\n\
                    x-busyhour-cause: hang-up\r\nRetry-After: 7\r\n\r\n<Response/>";
        let head = of(text).unwrap().unwrap();
        assert_eq!(head.got.status, 200);
        assert_eq!(head.got.content_type.as_deref(), Some("text/xml"));
        assert_eq!(head.got.cause.as_deref(), Some("hang-up"));
        assert_eq!(head.got.retry_after.as_deref(), Some("7"));
        assert_eq!(head.framing, Framing::Length(11));
        assert!(head.keeps);
        assert_eq!(&text[head.bytes..], "<Response/>");
        assert!(of(&text[..text.len() - 14]).unwrap().is_none());
    }

    #[test]
    fn framing_and_the_life_of_a_connection_follow_the_rfc() {
        for (text, framing, keeps) in [
            ("HTTP/1.1 204 x\r\n\r\n", Framing::Length(0), true),
            (
                "HTTP/1.1 304 x\r\ncontent-length: 9\r\n\r\n",
                Framing::Length(0),
                true,
            ),
            ("HTTP/1.1 200 x\r\n\r\n", Framing::UntilClosed, false),
            (
                "HTTP/1.1 200 x\r\ntransfer-encoding: Chunked\r\ncontent-length: 3\r\n\r\n",
                Framing::Chunked,
                true,
            ),
            (
                "HTTP/1.1 200 x\r\ncontent-length: 0\r\nconnection: Close\r\n\r\n",
                Framing::Length(0),
                false,
            ),
            (
                "HTTP/1.0 200 x\r\ncontent-length: 0\r\n\r\n",
                Framing::Length(0),
                false,
            ),
            (
                "HTTP/1.0 200 x\r\ncontent-length: 0\r\nconnection: a, keep-alive\r\n\r\n",
                Framing::Length(0),
                true,
            ),
        ] {
            let head = of(text).unwrap().unwrap();
            assert_eq!((head.framing, head.keeps), (framing, keeps), "{text}");
        }
    }

    #[test]
    fn what_is_no_http_or_too_much_is_told() {
        for (text, class) in [
            ("SSH-2.0-x\r\n\r\n", "not-http"),
            ("HTTP/1.1 099 x\r\n\r\n", "not-http"),
            ("HTTP/1.1 101 x\r\n\r\n", "not-http"),
            ("HTTP/1.1 200 x\r\ncontent-length: -1\r\n\r\n", "not-http"),
            ("HTTP/1.1 200 x\r\ncontent-length: +1\r\n\r\n", "not-http"),
            (
                "HTTP/1.1 200 x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
                "not-http",
            ),
            (
                "HTTP/1.1 200 x\r\ntransfer-encoding: gzip\r\n\r\n",
                "not-http",
            ),
            (
                "HTTP/1.1 200 x\r\ncontent-length: 99999999\r\n\r\n",
                "too-large",
            ),
        ] {
            assert_eq!(of(text).unwrap_err().class(), class, "{text}");
        }
    }

    #[test]
    fn chunks_are_taken_apart() {
        assert_eq!(chunk(b"5;x=y\r\nhello\r\n"), Ok(Chunk::Data(7, 5)));
        assert_eq!(chunk(b"5"), Ok(Chunk::Partial));
        assert_eq!(chunk(b"0\r\n"), Ok(Chunk::Partial));
        assert_eq!(chunk(b"0\r\n\r\nrest"), Ok(Chunk::End(5)));
        assert_eq!(chunk(b"0\r\na: b\r\n\r\n"), Ok(Chunk::End(11)));
        assert_eq!(chunk(b"x\r\n").unwrap_err().class(), "not-http");
        assert_eq!(chunk(b"ffffffff\r\n").unwrap_err().class(), "too-large");
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = head(&bytes);
            let _ = chunk(&bytes);
            let mut http = b"HTTP/1.1 200 OK\r\n".to_vec();
            http.extend(&bytes);
            let _ = head(&http);
        }
    }
}
