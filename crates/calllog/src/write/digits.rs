//! Whole numbers as digits, without an allocation.

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut nth = 0;
    while nth < 100 {
        pairs[nth] = [b'0' + (nth / 10) as u8, b'0' + (nth % 10) as u8];
        nth += 1;
    }
    pairs
};

/// The number, without zeros in front.
#[inline]
pub(crate) fn plain(row: &mut Vec<u8>, value: u64) {
    match value {
        0..10 => row.push(b'0' + value as u8),
        10..100 => row.extend_from_slice(&PAIRS[value as usize]),
        _ => long(row, value),
    }
}

fn long(row: &mut Vec<u8>, value: u64) {
    let mut room = [0; 20];
    let mut at = room.len();
    let mut rest = value;
    while rest >= 10 {
        at -= 2;
        room[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if rest > 0 {
        at -= 1;
        room[at] = b'0' + rest as u8;
    }
    row.extend_from_slice(&room[at..]);
}

/// Two digits of a number below a hundred.
#[inline]
pub(crate) fn pair(value: u64) -> [u8; 2] {
    PAIRS[(value % 100) as usize]
}

/// The number with zeros in front, to this many digits.
pub(crate) fn padded(row: &mut Vec<u8>, value: u64, digits: usize) {
    let from = row.len();
    row.resize(from + digits, b'0');
    let mut rest = value;
    for place in row[from..].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let powers = (0..20).map(|it| 10u64.pow(it));
        let near = powers.flat_map(|it| [it - 1, it, it + 1, it.saturating_mul(7)]);
        for value in near.chain(0..1200).chain([u64::MAX]) {
            let mut row = Vec::new();
            plain(&mut row, value);
            assert_eq!(row, value.to_string().into_bytes());
        }
        let mut row = Vec::new();
        padded(&mut row, 7, 3);
        assert_eq!((&row[..], pair(7)), (&b"007"[..], *b"07"));
    }
}
