//! The name that somebody may have meant.

/// The most similar of all fixed names; the first of equals.
pub(super) fn to(name: &str) -> String {
    super::all()
        .min_by_key(|known| distance(&known.name, name))
        .map(|known| known.name.into_owned())
        .unwrap_or_default()
}

/// How many letters must be put in, left out or changed to make one of the other (Levenshtein). Only the
/// first letters of a very long text are looked at.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != *to);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
