//! Amounts on top of each other.

use super::axis::Scale;
use super::canvas::Canvas;
use super::frame::{self, Entry, FOOT, Frame, MARGIN};
use super::{Layer, StackedSeries};
use plotters::backend::DrawingBackend;

pub(super) fn draw<B: DrawingBackend>(series: &StackedSeries, canvas: &mut Canvas<B>) {
    let intervals = series.x_labels.len();
    let named = |values: &[f64]| {
        values
            .iter()
            .take(intervals)
            .any(|it| it.is_finite() && *it > 0.0)
    };
    let layers: Vec<_> = series
        .layers
        .iter()
        .filter(|it| named(&it.values))
        .collect();
    let mut entries: Vec<Entry<'_>> = layers
        .iter()
        .rev()
        .map(|it| Entry {
            name: &it.name,
            colour: it.colour,
            line: false,
        })
        .collect();
    let line = series.line.as_ref().filter(|it| named(&it.values));
    entries.extend(line.map(|it| Entry {
        name: &it.name,
        colour: it.colour,
        line: true,
    }));

    // A first frame, with a wide gutter, only to learn how many intervals share a step.
    let right = canvas.width() - MARGIN - frame::legend_width(canvas, &entries).max(20);
    let outer = Frame::new([MARGIN + 90, 0, right, 1], intervals);
    let values: Vec<Vec<f64>> = layers.iter().map(|it| outer.per_step(&it.values)).collect();
    let line_values = line.map(|it| outer.per_step(&it.values));
    let scale = scale_of(&values, line_values.as_deref(), canvas.height());

    let note = outer.note();
    let subtitle = [series.subtitle.as_str(), &note]
        .into_iter()
        .filter(|it| !it.is_empty());
    let top = frame::head(
        canvas,
        &series.title,
        &subtitle.collect::<Vec<_>>().join("; "),
    ) + 28;
    let rect = [frame::gutter(scale), top, right, canvas.height() - FOOT];
    let frame = Frame {
        per_step: outer.per_step,
        ..Frame::new(rect, intervals)
    };

    frame.grid(canvas, scale, &series.y_label);
    if frame.dense() {
        areas(canvas, &frame, scale, &values, &layers);
    } else {
        bars(canvas, &frame, scale, &values, &layers);
    }
    if let (Some(line), Some(values)) = (line, &line_values) {
        frame.line(canvas, values, scale, line.colour);
    }
    frame.x_axis(canvas, &series.x_labels, true);
    frame::legend(canvas, &entries, frame.top);
    if entries.is_empty() {
        frame.say(canvas, "no calls");
    }
}

fn scale_of(layers: &[Vec<f64>], line: Option<&[f64]>, height: i32) -> Scale {
    let steps = layers.first().map_or(0, Vec::len);
    let totals = (0..steps).map(|i| layers.iter().map(|it| it[i]).sum::<f64>());
    let of_line = line.unwrap_or_default().iter().copied();
    let highest = totals.chain(of_line).fold(0.0, f64::max);
    let whole = layers.iter().all(|it| frame::whole(it)) && frame::whole(line.unwrap_or_default());
    Scale::over(highest, whole, (height / 60).clamp(2, 8) as u32)
}

/// A bar for every interval.
fn bars<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    frame: &Frame,
    scale: Scale,
    values: &[Vec<f64>],
    layers: &[&Layer],
) {
    for (step, (left, right)) in frame.bars().enumerate() {
        let mut below = 0.0;
        for (layer, values) in layers.iter().zip(values) {
            let bottom = frame.y_of(below, scale);
            below += values[step];
            frame::bar(
                canvas,
                [left, frame.y_of(below, scale), right, bottom],
                layer.colour,
            );
        }
    }
}

/// A shape for every layer, where bars would be too narrow.
fn areas<B: DrawingBackend>(
    canvas: &mut Canvas<B>,
    frame: &Frame,
    scale: Scale,
    values: &[Vec<f64>],
    layers: &[&Layer],
) {
    let mut totals = vec![0.0; values.first().map_or(0, Vec::len)];
    let mut below = frame.stairs(&totals, scale);
    for (layer, values) in layers.iter().zip(values) {
        for (total, value) in totals.iter_mut().zip(values) {
            *total += value;
        }
        let above = frame.stairs(&totals, scale);
        let around: Vec<_> = above
            .iter()
            .copied()
            .chain(below.into_iter().rev())
            .collect();
        canvas.fill_within(&around, layer.colour);
        below = above;
    }
    canvas.path(&below, 1, frame::SOFT_INK);
}
