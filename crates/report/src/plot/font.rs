//! The compiled-in font: registered once, measured, and texts made fit to be drawn.

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::OnceLock;

/// plotters counts a size from the lowest to the highest point of a font, everyone else by its em.
const SIZE_PER_EM: f64 = 1.24;

/// More of a text than this is never drawn.
const MOST_CHARS: usize = 300;

/// Viewers of an SVG draw with a font of their own, most of them less than this much wider.
const VIEWER_FONT_IS_WIDER: f64 = 1.15;

/// The font at `em_px` pixels an em.
pub(super) fn font(em_px: f64) -> FontDesc<'static> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        let bytes = epaint_default_fonts::UBUNTU_LIGHT;
        register_font("sans-serif", FontStyle::Normal, bytes).is_ok()
    });
    FontDesc::new(
        FontFamily::SansSerif,
        em_px * SIZE_PER_EM,
        FontStyle::Normal,
    )
}

/// How far a text reaches, in pixels.
pub(super) fn advance(text: &str, em_px: f64) -> f64 {
    // Measured large: the library rounds down to whole pixels.
    let measured = font(em_px * 16.0).layout_box(text);
    f64::from(measured.map_or(0, |((left, _), (right, _))| right - left)) / 16.0
}

/// The room to leave for a text, in pixels.
pub(super) fn width(text: &str, em_px: f64) -> i32 {
    (advance(text, em_px) * VIEWER_FONT_IS_WIDER).ceil() as i32
}

/// One line without anything that is not a letter: a title may come from a hostile file.
pub(super) fn plain(text: &str) -> String {
    let hidden = |c: char| {
        matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    let spaced = text.chars().take(MOST_CHARS).filter(|c| !hidden(*c));
    let spaced: String = spaced
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text, or as much of its beginning as has room, with an ellipsis.
pub(super) fn fitted(text: &str, em_px: f64, room_px: i32) -> String {
    let text = plain(text);
    if width(&text, em_px) <= room_px {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let shortened = |n: usize| {
        let kept: String = chars[..n].iter().collect();
        format!("{}…", kept.trim_end())
    };
    let fitting = (1..chars.len())
        .rev()
        .map(shortened)
        .find(|it| width(it, em_px) <= room_px);
    fitting.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_knows_its_letters() {
        assert!(width("mmm", 12.0) > width("iii", 12.0));
        assert!(width("µ ≥ — é", 12.0) > 0);
        assert_eq!(width("", 12.0), 0);
    }

    #[test]
    fn a_text_is_one_line_of_visible_letters() {
        assert_eq!(plain(" a\n\tb\u{202E}c\u{0}  d "), "a bc d");
        assert_eq!(plain(&"x".repeat(10_000)).len(), MOST_CHARS);
    }

    #[test]
    fn a_long_text_is_cut_where_the_room_ends() {
        let text = fitted("Calls by how they ended on a long Monday", 12.0, 120);
        assert!(text.ends_with('…') && width(&text, 12.0) <= 120, "{text}");
        assert_eq!(fitted("short", 12.0, 120), "short");
        assert_eq!(fitted("short", 12.0, 0), "");
    }
}
