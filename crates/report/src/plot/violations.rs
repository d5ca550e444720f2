//! Violations over blocked calls, with marks across both.

use super::axis::{EM_PX, Scale};
use super::canvas::{Align, Canvas};
use super::font::{fitted, width};
use super::frame::{self, FOOT, Frame, INK, MARGIN, SOFT_INK};
use super::{Colour, Mark, Violations, palette};
use plotters::backend::DrawingBackend;

/// Pixels between the two frames, for the title of the lower one.
const BETWEEN: i32 = 38;
/// Pixels of a row of marks.
const ROW: i32 = 16;
/// Pixels of each dash of the line of a mark.
const DASH: usize = 4;
/// More rows of marks would push the frames together.
const MOST_ROWS: usize = 3;

pub(super) fn draw<B: DrawingBackend>(chart: &Violations, canvas: &mut Canvas<B>) {
    let intervals = chart.x_labels.len();
    let right = canvas.width() - MARGIN - 20;
    let outer = Frame::new([MARGIN + 90, 0, right, 1], intervals);
    let violations = outer.per_step(&chart.violations_per_interval);
    let blocked = outer.per_step(&chart.blocked_per_interval);
    let scales = [&violations, &blocked].map(|it| {
        let highest = it.iter().copied().fold(0.0, f64::max);
        Scale::over(
            highest,
            frame::whole(it),
            ((canvas.height() - 180) / 80).clamp(1, 5) as u32,
        )
    });

    let note = outer.note();
    let subtitle = [chart.subtitle.as_str(), &note]
        .into_iter()
        .filter(|it| !it.is_empty());
    let head = frame::head(
        canvas,
        &chart.title,
        &subtitle.collect::<Vec<_>>().join("; "),
    );
    let left = scales.map(frame::gutter).into_iter().max().unwrap_or(0);
    let across = Frame::new([left, 0, right, 1], intervals);
    let (marks, rows) = placed(&chart.marks, &across);
    let top = head + 28 + rows as i32 * ROW;
    let height = (canvas.height() - FOOT - top - BETWEEN) / 2;
    let at = |top: i32| Frame {
        per_step: outer.per_step,
        ..Frame::new([left, top, right, top + height], intervals)
    };
    let frames = [at(top), at(top + height + BETWEEN)];

    let of = |what: &str| format!("{what} per {}", chart.interval);
    let rows_of = [
        (
            of("violations"),
            &violations,
            palette::outcome("dropped"),
            "no violations",
        ),
        (
            of("blocked calls"),
            &blocked,
            palette::outcome("blocked"),
            "no blocked calls",
        ),
    ];
    let titles_end = rows_of
        .iter()
        .map(|it| MARGIN + 4 + width(&it.0, EM_PX))
        .max()
        .unwrap_or(0);
    for ((frame, scale), (title, values, colour, nothing)) in frames.iter().zip(scales).zip(rows_of)
    {
        frame.grid(canvas, scale, &title);
        panel(canvas, frame, scale, values, colour);
        if values.iter().all(|it| *it <= 0.0) {
            frame.say(canvas, nothing);
        }
    }
    frames[0].x_axis(canvas, &chart.x_labels, false);
    frames[1].x_axis(canvas, &chart.x_labels, true);
    draw_marks(canvas, &marks, head + 12, &frames, titles_end);
}

/// Bars of which even the smallest can be seen: one violation is news.
fn panel<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    frame: &Frame,
    scale: Scale,
    values: &[f64],
    colour: Colour,
) {
    for ((left, right), value) in frame.bars().zip(values) {
        if *value > 0.0 {
            let top = frame.y_of(*value, scale).min(frame.bottom - 2);
            frame::bar(
                canvas,
                [left, top, right.max(left + 1), frame.bottom],
                colour,
            );
        }
    }
}

/// A mark with its place: the row of its words from above, none when they found no room.
struct Placed {
    x: i32,
    text: String,
    row: Option<usize>,
    /// The words stand left of their line: there is no room at the right.
    leftward: bool,
}

/// Gives every mark within the frame the first row in which its words touch no others'.
fn placed(marks: &[Mark], frame: &Frame) -> (Vec<Placed>, usize) {
    let inside = |it: &&Mark| it.at.is_finite() && it.at >= 0.0 && it.at <= frame.intervals as f64;
    let mut marks: Vec<&Mark> = marks.iter().filter(inside).collect();
    marks.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut ends = [i32::MIN; MOST_ROWS];
    let mut rows = 0;
    let mut out = Vec::with_capacity(marks.len());
    for mark in marks {
        let x = frame.x_at(mark.at);
        let text = fitted(&mark.text, EM_PX, (frame.right - frame.left) / 2);
        let wide = width(&text, EM_PX);
        let leftward = x + wide > frame.right + 16;
        let from = if leftward { x - wide } else { x };
        let row = ends.iter().position(|end| *end < from);
        if let Some(row) = row {
            ends[row] = from + wide + 10;
            rows = rows.max(row + 1);
        }
        out.push(Placed {
            x,
            text,
            row,
            leftward,
        });
    }
    (out, rows)
}

fn draw_marks<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    marks: &[Placed],
    first_row: i32,
    frames: &[Frame; 2],
    titles_end: i32,
) {
    for mark in marks {
        let from = mark
            .row
            .map_or(frames[0].top, |row| first_row + row as i32 * ROW - 4);
        for y in (from..frames[1].bottom).step_by(DASH + DASH / 2) {
            let on_title = frames
                .iter()
                .any(|it| (it.top - 26..it.top - 4).contains(&y));
            if !(on_title && mark.x < titles_end) {
                let until = (y + DASH as i32).min(frames[1].bottom);
                canvas.fill([mark.x, y, mark.x + 1, until], SOFT_INK);
            }
        }
        if mark.row.is_some() {
            let (x, align) = if mark.leftward {
                (mark.x - 4, Align::End)
            } else {
                (mark.x + 4, Align::Start)
            };
            canvas.text(&mark.text, (x, from + 8), EM_PX, align, INK);
        }
    }
}
