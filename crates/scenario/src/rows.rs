//! Small comma-separated files (rosters, empirical distributions): cells with their places.

use crate::source::Span;

/// One cell, without blanks and quotes around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell<'t> {
    pub(crate) text: &'t str,
    pub(crate) span: Span,
}

/// One row that is not empty and no comment; it has one cell at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row<'t> {
    pub(crate) line: usize,
    pub(crate) cells: Vec<Cell<'t>>,
}

/// The rows of a text, in order. Lines that are empty or start with `#` are left out.
pub(crate) fn rows(source: u32, text: &str) -> impl Iterator<Item = Row<'_>> {
    let mut at = 0;
    text.split('\n')
        .enumerate()
        .filter_map(move |(index, line)| {
            let begin = at;
            at += line.len() + 1;
            let bare = line.trim_start_matches('\u{feff}').trim();
            if bare.is_empty() || bare.starts_with('#') {
                return None;
            }
            let mut offset = begin;
            let cells = line.split(',').map(|raw| {
                let start = offset;
                offset += raw.len() + 1;
                let trim = |c: char| c.is_whitespace() || c == '"' || c == '\u{feff}';
                let cell = raw.trim_matches(trim);
                let start = start + (raw.len() - raw.trim_start_matches(trim).len()).min(raw.len());
                Cell {
                    text: cell,
                    span: Span::new(source, &(start..start + cell.len())),
                }
            });
            Some(Row {
                line: index + 1,
                cells: cells.collect(),
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_places() {
        let text = "# a roster\n09:00, \"3\"\r\n\n10:00,4";
        let rows: Vec<_> = rows(0, text).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].line, rows[1].line), (2, 4));
        for cell in rows.iter().flat_map(|row| &row.cells) {
            let span = cell.span.start as usize..cell.span.end as usize;
            assert_eq!(&text[span], cell.text);
        }
        assert_eq!(rows[0].cells[1].text, "3");
    }
}
