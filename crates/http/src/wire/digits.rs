//! Numbers as text, one digit after the other: a load run writes some for every call, and format
//! strings take several times as long.

/// `00` to `99`, one behind the other.
const TENS: &str = text(&pairs::<200>(10));

/// `00` to `ff`, one behind the other.
const BYTES: &str = text(&pairs::<512>(16));

const fn pairs<const LENGTH: usize>(base: usize) -> [u8; LENGTH] {
    let digits = b"0123456789abcdef";
    let mut pairs = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH / 2 {
        pairs[2 * at] = digits[at / base];
        pairs[2 * at + 1] = digits[at % base];
        at += 1;
    }
    pairs
}

const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("digits are text"),
    }
}

/// The number, in as many digits as it has.
pub(crate) fn push(into: &mut String, number: u64) {
    push_padded(into, number, 1);
}

/// The number in at least so many digits, at most 20, with zeros in front.
pub(super) fn push_padded(into: &mut String, number: u64, least: usize) {
    let mut tens = [0; 10];
    let (mut left, mut count) = (number, 0);
    loop {
        tens[count] = (left % 100) as usize * 2;
        left /= 100;
        count += 1;
        if left == 0 {
            break;
        }
    }
    let short = tens[count - 1] < 20;
    let digits = 2 * count - usize::from(short);
    into.push_str(&"00000000000000000000"[..least.min(20).saturating_sub(digits)]);
    for (at, pair) in tens[..count].iter().rev().enumerate() {
        let from = pair + usize::from(short && at == 0);
        into.push_str(&TENS[from..pair + 2]);
    }
}

/// The lowest so many bytes of the number, at most 8, two hexadecimal digits each.
pub(super) fn push_hex<const COUNT: usize>(into: &mut String, number: u64) {
    for byte in &number.to_be_bytes()[8 - COUNT..] {
        let from = usize::from(*byte) * 2;
        into.push_str(&BYTES[from..from + 2]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(push: impl FnOnce(&mut String)) -> String {
        let mut text = String::from("x");
        push(&mut text);
        text
    }

    proptest! {
        #[test]
        fn they_are_written_as_by_format_strings(number: u64, shift in 0u32..64) {
            let number = number >> shift;
            prop_assert_eq!(text(|it| push(it, number)), format!("x{number}"));
            prop_assert_eq!(text(|it| push_padded(it, number, 6)), format!("x{number:06}"));
            prop_assert_eq!(text(|it| push_hex::<8>(it, number)), format!("x{number:016x}"));
            let low = number as u16;
            prop_assert_eq!(text(|it| push_hex::<2>(it, number)), format!("x{low:04x}"));
        }
    }

    #[test]
    fn zero_has_a_digit() {
        assert_eq!(text(|it| push(it, 0)), "x0");
        assert_eq!(text(|it| push_hex::<2>(it, 0)), "x0000");
    }
}
