//! Charts over time, as SVG text or PNG bytes.
//!
//! Takes plain numbers and words, and knows nothing of where they come from: no metrics, no files,
//! no outcomes beyond the colours that [`palette`] gives to their names. Equal charts give equal
//! bytes.
//!
//! The letters of a PNG come from a font that is compiled in, so that a machine without any fonts
//! draws the same picture. An SVG keeps its text as text in the generic family `sans-serif`.

#![expect(
    clippy::cast_possible_wrap,
    reason = "pixels and their counts are far below 2^31"
)]

mod axis;
mod canvas;
mod font;
mod frame;
pub mod palette;
mod stacked;
mod violations;

use canvas::Canvas;
pub use palette::Colour;

/// A picture that can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Amounts on top of each other, interval by interval.
    Stacked(StackedSeries),
    /// Violations of the admission limits and the calls that they stopped.
    Violations(Violations),
}

/// Amounts per interval on top of each other: calls by how they ended, for example.
///
/// There are as many intervals as `x_labels`. A value that is missing, negative or not finite
/// counts as 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StackedSeries {
    /// What the picture shows, as a reader would say it.
    pub title: String,
    /// A second, smaller line; may be empty.
    pub subtitle: String,
    /// The starts of the intervals in local time. `Mon 09:00` or `2026-03-06 09:00` are understood
    /// as a day and a time of day, and labelled at round times; other words are labelled evenly.
    pub x_labels: Vec<String>,
    /// What the vertical axis counts, with its unit: `calls per 15 min`.
    pub y_label: String,
    /// The amounts, the lowest layer first. A layer of nothing but zeros is left out of the legend.
    pub layers: Vec<Layer>,
    /// A line over the layers, in the same unit.
    pub line: Option<Line>,
}

/// One of the amounts of a [`StackedSeries`].
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name in the legend.
    pub name: String,
    /// Its colour; see [`palette::outcome`].
    pub colour: Colour,
    /// One value an interval.
    pub values: Vec<f64>,
}

/// A line over a [`StackedSeries`].
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// One value an interval.
    pub values: Vec<f64>,
}

/// Violations of the admission limits over time, and below them the calls that were blocked.
///
/// There are as many intervals as `x_labels`. A value that is missing, negative or not finite
/// counts as 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Violations {
    /// What the picture shows, as a reader would say it.
    pub title: String,
    /// A second, smaller line; may be empty.
    pub subtitle: String,
    /// The starts of the intervals, as in [`StackedSeries::x_labels`].
    pub x_labels: Vec<String>,
    /// The length of an interval as it ends both axis titles: `15 min`.
    pub interval: String,
    /// Violations, one value an interval.
    pub violations_per_interval: Vec<f64>,
    /// Blocked calls, one value an interval.
    pub blocked_per_interval: Vec<f64>,
    /// Moments worth a line and a word: the first violation, the block of an account.
    pub marks: Vec<Mark>,
}

/// A moment with a word to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When, in intervals from the start of the first: 2.5 is the middle of the third. One outside
    /// of the chart is not drawn.
    pub at: f64,
    /// What happened.
    pub text: String,
}

/// Width and height of a picture in pixels.
///
/// Letters have a fixed size in pixels: a larger picture shows more detail, not larger letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// What fits a page and a screen: 900 x 420.
    pub const REPORT: Self = Self {
        width: 900,
        height: 420,
    };
    /// The smallest in which everything has its place.
    pub const SMALLEST: Self = Self {
        width: 480,
        height: 300,
    };
    /// The largest that is drawn.
    pub const LARGEST: Self = Self {
        width: 3840,
        height: 2160,
    };

    /// From [`Size::SMALLEST`] to [`Size::LARGEST`] in both directions.
    ///
    /// # Errors
    /// [`PlotError::Size`] when outside of them.
    pub fn new(width: u32, height: u32) -> Result<Self, PlotError> {
        let fits = (Self::SMALLEST.width..=Self::LARGEST.width).contains(&width)
            && (Self::SMALLEST.height..=Self::LARGEST.height).contains(&height);
        if fits {
            Ok(Self { width, height })
        } else {
            Err(PlotError::Size { width, height })
        }
    }

    /// In pixels.
    pub const fn width(self) -> u32 {
        self.width
    }

    /// In pixels.
    pub const fn height(self) -> u32 {
        self.height
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The size is out of range.
    #[error(
        "a plot of {width} x {height} pixels: expected {} x {} to {} x {}; choose a size between",
        Size::SMALLEST.width, Size::SMALLEST.height, Size::LARGEST.width, Size::LARGEST.height
    )]
    Size {
        /// The width asked for.
        width: u32,
        /// The height asked for.
        height: u32,
    },
    /// The drawing library gave up, which is a bug of ours.
    #[error("the plot could not be drawn: {0}; please report this")]
    Draw(String),
    /// The picture could not be packed, which is a bug of ours.
    #[error("the plot could not be encoded as PNG: {0}; please report this")]
    Encode(#[from] png::EncodingError),
}

/// The chart as the text of an SVG file. It names no font file, no script and no address but its
/// namespace.
pub fn svg(chart: &Chart, size: Size) -> String {
    let mut text = String::new();
    let mut canvas = Canvas::svg(&mut text, size);
    draw(chart, &mut canvas);
    canvas
        .finish()
        .expect("writing letters and lines into a string does not fail");
    let label = canvas::escaped(&font::plain(&spoken(chart)));
    text.replacen(
        "<svg ",
        &format!("<svg role=\"img\" aria-label=\"{label}\" "),
        1,
    )
}

/// The chart as the bytes of a PNG file of exactly this size.
///
/// # Errors
/// [`PlotError::Draw`] and [`PlotError::Encode`], neither of which any chart is known to cause.
pub fn png(chart: &Chart, size: Size) -> Result<Vec<u8>, PlotError> {
    let mut pixels = canvas::Pixels::new(size);
    let mut canvas = Canvas::bitmap(&mut pixels);
    draw(chart, &mut canvas);
    canvas.finish()?;
    pixels.encode()
}

fn draw<B: plotters::backend::DrawingBackend>(chart: &Chart, canvas: &mut Canvas<B>) {
    match chart {
        Chart::Stacked(series) => stacked::draw(series, canvas),
        Chart::Violations(violations) => violations::draw(violations, canvas),
    }
}

/// What a screen reader says in place of the picture.
fn spoken(chart: &Chart) -> String {
    let (title, subtitle) = match chart {
        Chart::Stacked(it) => (&it.title, &it.subtitle),
        Chart::Violations(it) => (&it.title, &it.subtitle),
    };
    if subtitle.is_empty() {
        title.clone()
    } else {
        format!("{title}. {subtitle}")
    }
}

#[cfg(test)]
mod tests;
