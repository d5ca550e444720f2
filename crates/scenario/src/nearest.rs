//! The nearest known word to one that is not known, for suggestions.

/// The nearest of `known` if it is near enough to be meant: a slip in every three letters, or one that
/// begins with the word.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word: Vec<char> = fold(word).take(64).collect();
    let allowed = (word.len().max(3)) / 3;
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let letters: Vec<char> = fold(candidate).take(64).collect();
        if letters.len().abs_diff(word.len()) > allowed && !begins(&letters, &word) {
            continue;
        }
        let mut distance = distance(&word, &letters);
        if distance > allowed && begins(&letters, &word) {
            distance = allowed;
        }
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> impl Iterator<Item = char> {
    word.chars().map(|c| {
        if c == '-' || c == ' ' {
            '_'
        } else {
            c.to_ascii_lowercase()
        }
    })
}

fn begins(long: &[char], short: &[char]) -> bool {
    short.len() >= 3 && long.starts_with(short)
}

/// Damerau's distance: letters put in, left out, changed, or two neighbours exchanged (Damerau 1964;
/// the restricted form, in which no letter is touched twice).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let change = last[j] + usize::from(x != y);
            row[j + 1] = change.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let known = [
            "duration",
            "warm_up",
            "replications",
            "interval",
            "accounts",
        ];
        for (word, meant) in [
            ("duratoin", Some("duration")),
            ("warmup", Some("warm_up")),
            ("warm-up", Some("warm_up")),
            ("Replications", Some("replications")),
            ("replic", Some("replications")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }

    #[test]
    fn two_exchanged_letters_are_one_slip() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters("ab"), &letters("ba")), 1);
        assert_eq!(distance(&letters("kitten"), &letters("sitting")), 3);
        assert_eq!(distance(&[], &letters("abc")), 3);
    }
}
