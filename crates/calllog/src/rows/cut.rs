//! A row without quotes, cut into fields sixteen bytes at a time.

use wide::{i8x16, u8x16};

use super::Field;

/// So many bytes are looked at together.
const PIECE: usize = 16;

/// What there is in a row, or in a piece of one: not zero where there is any.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    /// A bit for each byte that is a delimiter.
    delimiters: u32,
    /// A quote, a zero byte or a carriage return.
    odd: u32,
    /// A blank, a control character, or what is no ASCII.
    not_graphic: u32,
}

impl Seen {
    /// Whether a quote, a zero byte or a carriage return was seen.
    pub(super) const fn is_odd(self) -> bool {
        self.odd != 0
    }

    /// Whether all is letters, digits and signs of ASCII.
    pub(super) const fn is_graphic(self) -> bool {
        self.not_graphic == 0
    }

    #[inline]
    fn and(&mut self, piece: Self) {
        self.odd |= piece.odd;
        self.not_graphic |= piece.not_graphic;
    }
}

/// Cuts a row at its delimiters. Where something odd is seen, the fields are none of the row's.
#[inline]
pub(super) fn cut(body: &[u8], delimiter: u8, fields: &mut Vec<Field>) -> Seen {
    let mut seen = Seen::default();
    let mut at = 0;
    let mut block_at = 0;
    for block in body.chunks(64) {
        // A bit for each byte that is a delimiter: walking bits is cheaper than asking each piece.
        let mut bits = 0;
        let (pieces, rest) = block.as_chunks::<PIECE>();
        for (nth, piece) in pieces.iter().enumerate() {
            let piece = look(piece, delimiter);
            seen.and(piece);
            bits |= u64::from(piece.delimiters) << (PIECE * nth);
        }
        if !rest.is_empty() {
            let last = look_at_the_last(body, rest, delimiter);
            seen.and(last);
            bits |= u64::from(last.delimiters) << (PIECE * pieces.len());
        }
        while bits != 0 {
            let until = block_at + bits.trailing_zeros();
            fields.push(Field::new(at, until));
            at = until + 1;
            bits &= bits - 1;
        }
        block_at += 64;
    }
    fields.push(Field::new(at, body.len() as u32));
    seen
}

/// The same of the last bytes of a row, fewer than a piece.
#[inline]
fn look_at_the_last(body: &[u8], rest: &[u8], delimiter: u8) -> Seen {
    if let Some(last) = body.last_chunk::<PIECE>() {
        // Together with bytes before them, which are looked at twice and told once.
        let mut seen = look(last, delimiter);
        seen.delimiters >>= PIECE - rest.len();
        return seen;
    }
    // Neither odd nor a delimiter.
    let filler = if delimiter == b'x' { b'y' } else { b'x' };
    let mut last = [filler; PIECE];
    last[..rest.len()].copy_from_slice(rest);
    look(&last, delimiter)
}

#[inline]
fn look(piece: &[u8; PIECE], delimiter: u8) -> Seen {
    let bytes = u8x16::new(*piece);
    let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
    // With a sign, what is no ASCII is below zero.
    let signed = i8x16::new(piece.map(u8::cast_signed));
    let graphic = signed.simd_gt(i8x16::splat(b' '.cast_signed()));
    Seen {
        delimiters: is(delimiter).to_bitmask(),
        odd: (is(b'"') | is(b'\r') | is(0)).to_bitmask(),
        not_graphic: (!graphic).to_bitmask(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_is_cut_at_every_delimiter(
            body in proptest::collection::vec(prop_oneof![
                Just(b','), Just(b';'), Just(b'"'), Just(0), Just(b'\r'), any::<u8>(), b'a'..=b'z'
            ], 0..200),
            delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'x')],
        ) {
            let mut fields = Vec::new();
            let seen = cut(&body, delimiter, &mut fields);
            prop_assert_eq!(seen.is_graphic(), body.iter().all(|it| (0x21..0x80).contains(it)));
            prop_assert_eq!(seen.is_odd(), body.iter().any(|it| matches!(it, b'"' | 0 | b'\r')));
            let cut: Vec<&[u8]> = fields
                .iter()
                .map(|it| &body[it.from as usize..it.until as usize])
                .collect();
            let expected: Vec<&[u8]> = body.split(|it| *it == delimiter).collect();
            prop_assert_eq!(cut, expected);
        }
    }
}
