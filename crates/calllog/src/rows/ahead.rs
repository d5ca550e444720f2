//! Rows without anything odd, looked for many at a time: where each ends, and each of its fields.
//!
//! A row by itself is found by its line end, looked through for quotes, cut at its delimiters and
//! checked to be text, and each of these has a beginning and an end of its own. Here the bytes are
//! looked at once, in blocks. At the first block with a quote, a zero byte or a carriage return
//! that ends no line this is over, and the rows from there on are read one by one.

use wide::{i8x16, u8x16};

/// So many bytes are looked at at most; more would not stay near the processor.
const STRETCH: usize = 4096;

/// Bytes of a block: as many as a word has bits.
const BLOCK: usize = 64;

/// Bytes that are compared together.
const PIECE: usize = 16;

/// Marks that are noted together.
const NOTED: usize = 8;

/// Where a row stands in the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) from: usize,
    /// Behind its line feed.
    pub(super) until: usize,
    /// The mark before its first field, and its last.
    first: usize,
    last: usize,
}

/// What was found ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    /// Behind each delimiter and each line feed; the first is where the first row begins.
    marks: Box<[u32]>,
    /// Of each row, which mark its line feed is.
    ends: Vec<u32>,
    /// The next row.
    next: usize,
    /// The mark before its first field.
    mark: usize,
    /// All bytes are ASCII.
    ascii: bool,
    /// No value begins or ends with a blank, as far as ASCII tells.
    trimmed: bool,
}

/// What stands in a block.
#[derive(Clone, Copy)]
struct Block {
    /// A bit for each byte that is a delimiter or a line feed.
    marks: u64,
    /// A bit for each line feed.
    feeds: u64,
    /// A bit for each blank, control character and byte that is no ASCII; not for line ends.
    blanks: u64,
    odd: bool,
    returns: bool,
    ascii: bool,
}

impl Ahead {
    pub(super) fn new() -> Self {
        Self {
            marks: vec![0; STRETCH + 1 + NOTED].into(),
            ends: Vec::new(),
            next: 0,
            mark: 0,
            ascii: false,
            trimmed: false,
        }
    }

    /// Whether all that was found is ASCII.
    #[inline]
    pub(super) const fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// Whether no value that was found has a blank around it.
    #[inline]
    pub(super) const fn is_trimmed(&self) -> bool {
        self.trimmed
    }

    /// The next row that was found, if it begins here.
    #[inline]
    pub(super) fn next(&mut self, from: usize) -> Option<Place> {
        let last = *self.ends.get(self.next)? as usize;
        let place = Place {
            from: self.marks[self.mark] as usize,
            until: self.marks[last] as usize,
            first: self.mark,
            last,
        };
        self.next += 1;
        self.mark = last;
        (place.from == from).then_some(place)
    }

    /// The marks of a row: field by field where it begins, and where the next one would.
    #[inline]
    pub(super) fn marks(&self, place: Place) -> &[u32] {
        &self.marks[place.first..=place.last]
    }

    /// Looks at these bytes from a place on, where a row begins. Whether there is a whole row.
    pub(super) fn look(&mut self, bytes: &[u8], from: usize, delimiter: u8) -> bool {
        (self.next, self.mark) = (0, 0);
        self.ends.clear();
        self.marks[0] = from as u32;
        (self.ascii, self.trimmed) = (true, true);
        // Whether the byte before the block is a blank, and a mark.
        let (mut blank, mut mark) = (0, 1);
        let until = bytes.len().min(from + STRETCH);
        let (blocks, _) = bytes[from..until].as_chunks::<BLOCK>();
        let (mut at, mut found) = (from, 1);
        for block in blocks {
            let seen = Block::look(block, delimiter);
            if seen.odd || seen.returns && a_return_is_alone(bytes, at, seen.feeds) {
                break;
            }
            self.ascii &= seen.ascii;
            // Where carriage returns stand in the block is not known: any blank may be beside one.
            let (beside, first) = if seen.returns {
                (u64::MAX, 1)
            } else {
                (seen.marks >> 1 | seen.marks << 1 | mark, seen.marks)
            };
            self.trimmed &= seen.blanks & beside == 0 && blank & first == 0;
            (blank, mark) = (seen.blanks >> (BLOCK - 1), seen.marks >> (BLOCK - 1));
            let mut feeds = seen.feeds;
            while feeds != 0 {
                let before = seen.marks & (feeds ^ (feeds - 1)) >> 1;
                self.ends.push(found as u32 + before.count_ones());
                feeds &= feeds - 1;
            }
            self.note(seen.marks, found, at as u32 + 1);
            found += seen.marks.count_ones() as usize;
            at += BLOCK;
        }
        !self.ends.is_empty()
    }
}

impl Ahead {
    /// Notes the marks of a block from a place on. Eight at a time, whether there are so many or
    /// not: a processor cannot foresee how many there are, and what is too much is written over.
    #[inline]
    fn note(&mut self, mut marks: u64, from: usize, at: u32) {
        for place in self.marks[from..].chunks_exact_mut(NOTED) {
            for mark in place {
                *mark = at + marks.trailing_zeros();
                marks &= marks.wrapping_sub(1);
            }
            if marks == 0 {
                return;
            }
        }
    }
}

/// Whether a carriage return of the block stands before anything but a line feed.
fn a_return_is_alone(bytes: &[u8], at: usize, feeds: u64) -> bool {
    let block = &bytes[at..at + BLOCK];
    let bits = block.iter().rev();
    let returns = bits.fold(0u64, |bits, byte| bits << 1 | u64::from(*byte == b'\r'));
    let behind = bytes.get(at + BLOCK) == Some(&b'\n');
    returns & !(feeds >> 1 | u64::from(behind) << (BLOCK - 1)) != 0
}

impl Block {
    #[inline]
    fn look(block: &[u8; BLOCK], delimiter: u8) -> Self {
        let all = |byte: u8| u8x16::splat(byte);
        let (mut marks, mut feeds, mut graphic) = (0, 0, 0);
        let (mut odd, mut returns, mut any) = (all(0), all(0), all(0));
        let (pieces, _) = block.as_chunks::<PIECE>();
        for (nth, piece) in pieces.iter().enumerate() {
            let bytes = u8x16::new(*piece);
            let is = |byte: u8| bytes.simd_eq(all(byte));
            let (delimiter, feed, back) = (is(delimiter), is(b'\n'), is(b'\r'));
            // With a sign, what is no ASCII is below zero.
            let signed = i8x16::new(piece.map(u8::cast_signed));
            let sign = signed.simd_gt(i8x16::splat(b' '.cast_signed()));
            let mark = delimiter | feed;
            any |= bytes;
            odd |= is(b'"') | is(0);
            returns |= back;
            let seen = sign.to_bitmask() | (mark | back).to_bitmask();
            graphic |= u64::from(seen) << (PIECE * nth);
            marks |= u64::from(mark.to_bitmask()) << (PIECE * nth);
            feeds |= u64::from(feed.to_bitmask()) << (PIECE * nth);
        }
        Self {
            marks,
            feeds,
            blanks: !graphic,
            odd: odd.to_bitmask() != 0,
            returns: returns.to_bitmask() != 0,
            // The highest bit of each byte.
            ascii: any.to_bitmask() == 0,
        }
    }
}
