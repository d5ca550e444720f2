//! A row without quotes, cut into fields eight bytes at a time.

use super::Field;

/// A byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

const LOW: u64 = eight(0x7f);

/// The highest bit of each byte that is zero, and no other bit.
#[inline]
const fn zeros(word: u64) -> u64 {
    !(((word & LOW) + LOW) | word | LOW)
}

/// The highest bits of the bytes as the lowest bits of a number.
#[inline]
const fn gathered(highest: u64) -> u64 {
    (highest >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Whether there is a quote, a zero byte or a carriage return.
#[inline]
fn is_odd(word: u64) -> bool {
    // All three are below 0x23, and besides them only blanks are, in most rows.
    let low = word.wrapping_sub(eight(0x23)) & !word & !LOW;
    low != 0 && has_odd(word)
}

/// Apart, because it is rare.
#[inline(never)]
fn has_odd(word: u64) -> bool {
    (zeros(word) | zeros(word ^ eight(b'"')) | zeros(word ^ eight(b'\r'))) != 0
}

/// The fields of a row, and whether it has a quote, a zero byte or a carriage return: then they
/// are none of its fields.
#[inline]
pub(super) fn cut(body: &[u8], delimiter: u8, fields: &mut Vec<Field>) -> bool {
    let wanted = eight(delimiter);
    // Neither odd nor a delimiter.
    let filler = if delimiter == b'x' { b'y' } else { b'x' };
    let mut any_odd = false;
    let mut at = 0;
    let mut block_at = 0;
    for block in body.chunks(64) {
        // A bit for each byte that is a delimiter: walking bits is cheaper than asking each word.
        let mut bits = 0;
        let (words, rest) = block.as_chunks::<8>();
        for (nth, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            any_odd |= is_odd(word);
            bits |= gathered(zeros(word ^ wanted)) << (8 * nth);
        }
        if !rest.is_empty() {
            let mut last = [filler; 8];
            last[..rest.len()].copy_from_slice(rest);
            let word = u64::from_le_bytes(last);
            any_odd |= is_odd(word);
            bits |= gathered(zeros(word ^ wanted)) << (8 * words.len());
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
    any_odd
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
            let odd = cut(&body, delimiter, &mut fields);
            prop_assert_eq!(odd, body.iter().any(|it| matches!(it, b'"' | 0 | b'\r')));
            let cut: Vec<&[u8]> = fields
                .iter()
                .map(|it| &body[it.from as usize..it.until as usize])
                .collect();
            let expected: Vec<&[u8]> = body.split(|it| *it == delimiter).collect();
            prop_assert_eq!(cut, expected);
        }
    }
}
