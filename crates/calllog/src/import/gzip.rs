//! Packed logs: unpacked as they are read, and never to more than a log may be.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use crate::error::LogError;

/// How much a packed log may unpack to. A file of zeros packs a thousand to one; a call log, whose
/// rows differ in their times and numbers, hardly above fifty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Unpacked bytes a packed one, over the whole so far.
    pub ratio: u64,
    /// Unpacked bytes in all.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ratio: 300,
            bytes: 1 << 40,
        }
    }
}

/// So much may be unpacked before the ratio counts: the first block of a small file may be odd.
const FREE_BYTES: u64 = 16 << 20;

/// Counts what goes through.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

type Head<R> = Chain<Cursor<Vec<u8>>, R>;

/// A log as it stands, or unpacked.
pub(super) enum Unpacked<R> {
    Plain(Head<R>),
    Packed(Box<Packed<R>>),
}

pub(super) struct Packed<R> {
    decoder: MultiGzDecoder<BufReader<Counted<Head<R>>>>,
    unpacked: u64,
    limits: Limits,
}

/// The text of a log, by its first bytes.
pub(super) fn unpacked<R: Read>(mut input: R, limits: Limits) -> Result<Unpacked<R>, LogError> {
    let mut head = Vec::new();
    let read = (&mut input).take(2).read_to_end(&mut head);
    read.map_err(|why| LogError::unreadable(1, &why))?;
    let packed = head == [0x1f, 0x8b];
    let whole = Cursor::new(head).chain(input);
    if !packed {
        return Ok(Unpacked::Plain(whole));
    }
    let counted = Counted {
        inner: whole,
        bytes: 0,
    };
    Ok(Unpacked::Packed(Box::new(Packed {
        decoder: MultiGzDecoder::new(BufReader::new(counted)),
        unpacked: 0,
        limits,
    })))
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(into),
            Self::Packed(packed) => packed.read(into),
        }
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(into)?;
        self.unpacked += read as u64;
        let packed = self.decoder.get_ref().get_ref().bytes;
        let Limits { ratio, bytes } = self.limits;
        if self.unpacked > bytes {
            let message = format!("it unpacks to more than {bytes} bytes");
            return Err(io::Error::other(message));
        }
        if self.unpacked > FREE_BYTES && self.unpacked / packed.max(1) > ratio {
            let message = format!(
                "it unpacks to more than {ratio} times its size: this is no call log but a bomb"
            );
            return Err(io::Error::other(message));
        }
        Ok(read)
    }
}
