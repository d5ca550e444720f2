//! Letters that are not UTF-8: what spreadsheets of the west write.

/// How the bytes of a log become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, and a row that is not as Latin-1 (which is counted and warned about).
    #[default]
    Auto,
    /// UTF-8 and nothing else.
    Utf8,
    /// Windows-1252, the superset of Latin-1 that goes by its name.
    Latin1,
}

/// What Windows-1252 has at 0x80 to 0x9f; where it has nothing, the control character of Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Windows-1252 to UTF-8.
pub(super) fn decode(raw: &[u8], into: &mut Vec<u8>) {
    into.clear();
    for byte in raw.iter().copied() {
        let letter = match byte {
            0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        let mut room = [0; 4];
        into.extend_from_slice(letter.encode_utf8(&mut room).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_letter() {
        let all: Vec<u8> = (0..=255).collect();
        let mut decoded = Vec::new();
        decode(&all, &mut decoded);
        let text = String::from_utf8(decoded).unwrap();
        assert_eq!(text.chars().count(), 256);
        assert!(text.contains("€") && text.ends_with("ÿ"));
    }
}
