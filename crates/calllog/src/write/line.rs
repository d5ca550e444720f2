//! The part of a row that is never long, in a room of fixed size: no byte of it asks whether the
//! room must grow.

/// More than instants, numbers, words and spans take together: each of them has its own bound.
pub(super) const ROOM: usize = 512;

/// A word in so many bytes can be copied without asking how long it is.
const WORD: usize = 24;

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

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// A short word, and how long it is.
pub(super) struct Word([u8; WORD], u8);

impl Word {
    /// To be made when the program is: a longer word does not compile.
    pub(super) const fn new(text: &str) -> Self {
        let mut bytes = [0; WORD];
        let mut nth = 0;
        while nth < text.len() {
            bytes[nth] = text.as_bytes()[nth];
            nth += 1;
        }
        Self(bytes, text.len() as u8)
    }
}

/// Bytes of a row, one after the other. What does not fit is a bug of the bounds above and panics.
/// How far it is stays in a register: whatever is called for takes it and gives it back.
#[derive(Debug)]
pub(super) struct Line<'a> {
    room: &'a mut [u8; ROOM],
    until: usize,
}

impl<'a> Line<'a> {
    #[inline]
    pub(super) const fn new(room: &'a mut [u8; ROOM]) -> Self {
        Self { room, until: 0 }
    }

    /// How many bytes were written.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.until
    }

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.room[self.until] = byte;
        self.until += 1;
    }

    /// The first bytes of these; the others are written over by what comes next. Copying a fixed
    /// number of bytes takes an instruction or two, copying `used` of them a call.
    #[inline]
    pub(super) fn first<const N: usize>(&mut self, bytes: &[u8; N], used: usize) {
        self.room[self.until..self.until + N].copy_from_slice(bytes);
        self.until += used;
    }

    #[inline]
    pub(super) fn word(&mut self, word: &Word) {
        self.first(&word.0, word.1.into());
    }

    /// A short text.
    #[inline]
    pub(super) fn text(&mut self, text: &str) {
        let end = self.until + text.len();
        self.room[self.until..end].copy_from_slice(text.as_bytes());
        self.until = end;
    }

    /// A number below a hundred, as two digits.
    #[inline]
    pub(super) fn pair(&mut self, value: u64) {
        self.first(&PAIRS[(value % 100) as usize], 2);
    }

    /// A number without zeros in front.
    #[inline]
    pub(super) fn whole(&mut self, value: u64) {
        // Not told apart any further: how many digits come next, no processor can foresee.
        if value < 100_000_000 {
            self.eight_at_most(value);
        } else {
            self.until = long(self.room, self.until, value);
        }
    }

    #[inline]
    fn eight_at_most(&mut self, value: u64) {
        let digits = eight_digits(value);
        // The last digit stands, whatever it is.
        let zeros = (digits | 1 << 56).trailing_zeros() / 8;
        let digits = (digits | ZEROS) >> (8 * zeros);
        self.first(&digits.to_le_bytes(), 8 - zeros as usize);
    }

    /// The fraction of a second in nanoseconds, without the zeros at its end; none is nothing.
    #[inline]
    pub(super) fn fraction(&mut self, ns: u64) {
        if ns > 0 {
            self.byte(b'.');
            let (eight, last) = (eight_digits(ns / 10), (ns % 10) as u8);
            self.first(&(eight | ZEROS).to_le_bytes(), 8);
            if last > 0 {
                self.byte(b'0' + last);
            } else {
                self.until -= eight.leading_zeros() as usize / 8;
            }
        }
    }
}

/// A number of more than eight digits, from a place on; where it ends.
#[inline(never)]
fn long(room: &mut [u8; ROOM], at: usize, value: u64) -> usize {
    let mut line = Line { room, until: at };
    line.whole(value / 100_000_000);
    let digits = eight_digits(value % 100_000_000) | ZEROS;
    line.first(&digits.to_le_bytes(), 8);
    line.until
}

/// The digits of a number below 10^8, a byte each, the first one lowest: divided into fours, those
/// into pairs, those into digits, all at once.
#[inline]
const fn eight_digits(value: u64) -> u64 {
    let fours = (value / 10_000) | (value % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (fours - 100 * hundreds) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - 10 * tens) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Line<'_>)) -> String {
        // What stood there before leaves nothing.
        let mut room = [b'#'; ROOM];
        let mut line = Line::new(&mut room);
        write(&mut line);
        let until = line.len();
        String::from_utf8(room[..until].to_vec()).expect("text")
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let powers = (0..20).map(|it| 10u64.pow(it));
        let near = powers.flat_map(|it| [it - 1, it, it + 1, it.saturating_mul(7)]);
        let spread = (0..20_000u64).map(|it| it * 4_999 + it % 7);
        for value in near.chain(0..12_000).chain(spread).chain([u64::MAX]) {
            assert_eq!(written(|line| line.whole(value)), value.to_string());
        }
        assert_eq!(written(|line| line.pair(7)), "07");
    }

    #[test]
    fn a_fraction_has_no_digit_more_than_it_needs() {
        for ns in [
            1,
            10,
            120,
            999_999_999,
            500_000_000,
            250_000_000,
            100_000_001,
        ] {
            let plain = format!(".{ns:09}");
            let expected = plain.trim_end_matches('0');
            assert_eq!(written(|line| line.fraction(ns)), expected);
        }
        assert_eq!(written(|line| line.fraction(0)), "");
    }
}
