//! What every chart has: its head, its legend, and the frame in which values are drawn.

use super::Colour;
use super::axis::{self, EM_PX, Scale};
use super::canvas::{Align, Canvas};
use super::font::{fitted, width};
use plotters::backend::DrawingBackend;

pub(super) const INK: Colour = Colour::new(34, 34, 34);
pub(super) const SOFT_INK: Colour = Colour::new(85, 85, 85);
const GRID: Colour = Colour::new(226, 226, 226);
const AXIS: Colour = Colour::new(120, 120, 120);
const PAPER: Colour = Colour::new(255, 255, 255);

/// Free pixels at the outer edges.
pub(super) const MARGIN: i32 = 16;
/// Pixels below a frame for two rows of labels.
pub(super) const FOOT: i32 = 46;
/// Pixels between two lines of a legend.
const LEGEND_ROW: i32 = 20;
/// Steps of fewer pixels are drawn as one shape, without gaps.
const NARROWEST_BAR: i32 = 5;
const SWATCH: i32 = 12;
const TITLE_EM_PX: f64 = 18.0;
/// Counts above this are cut: their sum must stay a number.
const LARGEST: f64 = 1e15;

/// Writes title and subtitle; tells where the room below them begins.
pub(super) fn head<B: DrawingBackend>(canvas: &mut Canvas<B>, title: &str, subtitle: &str) -> i32 {
    let room = canvas.width() - 2 * MARGIN;
    let title = fitted(title, TITLE_EM_PX, room);
    canvas.text(&title, (MARGIN, 30), TITLE_EM_PX, Align::Start, INK);
    let subtitle = fitted(subtitle, EM_PX, room);
    canvas.text(&subtitle, (MARGIN, 49), EM_PX, Align::Start, SOFT_INK);
    if subtitle.is_empty() { 40 } else { 58 }
}

/// A name in the legend with its mark.
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) colour: Colour,
    /// A line, not a box.
    pub(super) line: bool,
}

/// The pixels that the legend takes at the right, gap included: at most a third of the picture.
pub(super) fn legend_width<B: DrawingBackend>(canvas: &Canvas<B>, entries: &[Entry<'_>]) -> i32 {
    let names = entries.iter().map(|it| width(it.name, EM_PX)).max();
    names.map_or(0, |it| (it + SWATCH + 8 + 20).min(canvas.width() / 3))
}

/// Draws the legend at the right edge, from `top` down.
pub(super) fn legend<B: DrawingBackend>(canvas: &mut Canvas<B>, entries: &[Entry<'_>], top: i32) {
    let left = canvas.width() - MARGIN - legend_width(canvas, entries) + 20;
    let rows = entries.len().max(1) as i32;
    let row = ((canvas.height() - top - 8) / rows).clamp(1, LEGEND_ROW);
    for (i, entry) in entries.iter().enumerate() {
        let y = top + i as i32 * row;
        if entry.line {
            canvas.fill([left, y + 5, left + SWATCH, y + 7], entry.colour);
        } else {
            let swatch = [left, y, left + SWATCH, y + SWATCH.min(row)];
            canvas.fill_outlined(swatch, entry.colour);
        }
        let text_left = left + SWATCH + 8;
        let name = fitted(entry.name, EM_PX, canvas.width() - text_left - 4);
        canvas.text(&name, (text_left, y + 10), EM_PX, Align::Start, INK);
    }
}

/// A rectangle in which values stand over intervals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    /// How many intervals lie side by side.
    pub(super) intervals: usize,
    /// How many of them share a step, where there are more of them than pixels.
    pub(super) per_step: usize,
}

impl Frame {
    pub(super) fn new([left, top, right, bottom]: [i32; 4], intervals: usize) -> Self {
        let right = right.max(left + 1);
        let per_step = intervals.div_ceil((right - left) as usize).max(1);
        Self {
            left,
            top,
            right,
            bottom: bottom.max(top + 1),
            intervals,
            per_step,
        }
    }

    /// Where an interval starts.
    pub(super) fn x_of(&self, interval: usize) -> i32 {
        self.x_at(interval.min(self.intervals) as f64)
    }

    /// Where a moment lies that is counted in intervals.
    pub(super) fn x_at(&self, intervals: f64) -> i32 {
        let share = intervals / self.intervals.max(1) as f64;
        self.left + (share * f64::from(self.right - self.left)).round() as i32
    }

    /// Where a value ends.
    pub(super) fn y_of(&self, value: f64, scale: Scale) -> i32 {
        self.bottom - (value / scale.top() * f64::from(self.bottom - self.top)).round() as i32
    }

    /// From where to where each step is drawn.
    pub(super) fn steps(&self) -> impl Iterator<Item = (i32, i32)> + use<'_> {
        let starts = (0..self.intervals).step_by(self.per_step);
        starts.map(|it| (self.x_of(it), self.x_of(it + self.per_step)))
    }

    /// Whether a step has too few pixels for a bar of its own.
    pub(super) fn dense(&self) -> bool {
        (self.right - self.left) / (self.intervals.div_ceil(self.per_step).max(1) as i32)
            < NARROWEST_BAR
    }

    /// A path along the top of each step: two points a step.
    pub(super) fn stairs(&self, values: &[f64], scale: Scale) -> Vec<(i32, i32)> {
        let steps = self.steps().zip(values);
        let ends = steps.map(|((from, until), value)| (from, until, self.y_of(*value, scale)));
        ends.flat_map(|(from, until, y)| [(from, y), (until, y)])
            .collect()
    }

    /// From where to where the bar of each step is drawn: with a gap between wide ones.
    pub(super) fn bars(&self) -> impl Iterator<Item = (i32, i32)> + use<'_> {
        self.steps().map(|(from, until)| {
            let gap = if until - from < 6 {
                0
            } else {
                ((until - from) / 6).clamp(1, 10)
            };
            (from + gap / 2, until - (gap - gap / 2))
        })
    }

    /// The mean of each step's values, cleaned of what is no count.
    pub(super) fn per_step(&self, values: &[f64]) -> Vec<f64> {
        let clean = |i: usize| match values.get(i) {
            Some(it) if it.is_finite() && *it > 0.0 => it.min(LARGEST),
            _ => 0.0,
        };
        let steps = (0..self.intervals).step_by(self.per_step);
        let mean = |from: usize| {
            let until = (from + self.per_step).min(self.intervals);
            (from..until).map(clean).sum::<f64>() / (until - from) as f64
        };
        steps.map(mean).collect()
    }

    /// What a reader must know when steps are means.
    pub(super) fn note(&self) -> String {
        match self.per_step {
            1 => String::new(),
            n => format!("each step is the mean of {n} intervals"),
        }
    }

    /// Horizontal lines and their numbers, and above them what they count.
    pub(super) fn grid<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        scale: Scale,
        counts: &str,
    ) {
        for (value, text) in scale.marks() {
            let y = self.y_of(value, scale);
            canvas.fill([self.left, y, self.right, y + 1], GRID);
            canvas.text(&text, (self.left - 7, y + 4), EM_PX, Align::End, SOFT_INK);
        }
        let counts = fitted(counts, EM_PX, self.right - MARGIN);
        canvas.text(
            &counts,
            (MARGIN, self.top - 12),
            EM_PX,
            Align::Start,
            SOFT_INK,
        );
    }

    /// The line at 0, and the marks below it with their labels where given.
    pub(super) fn x_axis<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        labels: &[String],
        named: bool,
    ) {
        canvas.fill([self.left, self.bottom, self.right, self.bottom + 1], AXIS);
        let room = self.right - self.left;
        let labels: Vec<String> = labels
            .iter()
            .map(|it| fitted(it, EM_PX, room / 2))
            .collect();
        for mark in axis::marks(&labels, &|it| self.x_of(it)) {
            let x = self.x_of(mark.interval);
            canvas.fill([x, self.bottom + 1, x + 1, self.bottom + 6], AXIS);
            if named {
                canvas.text(
                    &mark.text,
                    (x, self.bottom + 19),
                    EM_PX,
                    Align::Middle,
                    SOFT_INK,
                );
                canvas.text(&mark.day, (x, self.bottom + 35), EM_PX, Align::Middle, INK);
            }
        }
    }

    /// Words in the middle of an empty frame.
    pub(super) fn say<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, words: &str) {
        let middle = (
            i32::midpoint(self.left, self.right),
            i32::midpoint(self.top, self.bottom),
        );
        canvas.text(words, middle, 16.0, Align::Middle, SOFT_INK);
    }

    /// A line at the height of each step's value, set off from what is below it.
    pub(super) fn line<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        values: &[f64],
        scale: Scale,
        colour: Colour,
    ) {
        let points = self.stairs(values, scale);
        canvas.path(&points, 4, PAPER);
        canvas.path(&points, 2, colour);
    }
}

/// Pixels left of a frame for the numbers of its scale.
pub(super) fn gutter(scale: Scale) -> i32 {
    let widest = scale
        .marks()
        .map(|(_, text)| width(&text, EM_PX))
        .max()
        .unwrap_or(0);
    (MARGIN + widest + 4).max(MARGIN + 28)
}

/// Whether every value is a whole number: then no mark of the axis stands between two.
pub(super) fn whole(values: &[f64]) -> bool {
    values.iter().all(|it| it.fract() == 0.0)
}

/// One bar in its colour, outlined where it is large enough to be.
pub(super) fn bar<B: DrawingBackend>(canvas: &mut Canvas<B>, rect: [i32; 4], colour: Colour) {
    let [left, top, right, bottom] = rect;
    if right - left >= 4 && bottom - top >= 3 {
        canvas.fill_outlined(rect, colour);
    } else {
        canvas.fill(rect, colour);
    }
}
