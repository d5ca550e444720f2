//! Whole numbers as digits, without an allocation.

/// The number, without zeros in front.
pub(crate) fn plain(row: &mut Vec<u8>, value: u64) {
    let mut room = [0; 20];
    let mut at = room.len();
    let mut rest = value;
    loop {
        at -= 1;
        room[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    row.extend_from_slice(&room[at..]);
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
