//! Rectangles, lines and words at whole pixels, on whichever of the two backends.
//!
//! The only place that talks to the drawing library. It hides how the two differ in placing texts.

use super::font::{advance, font};
use super::{Colour, PlotError, Size};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBColor, ShapeStyle};

/// A bitmap is drawn this many times too large and averaged: letters keep their distances.
const ZOOM: i32 = 2;

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// Who draws the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    /// The viewer, later and with a font of its own.
    Viewer,
    /// The library, now.
    Library,
}

impl Letters {
    /// How far below the top of a text its baseline lies, in em.
    fn baseline_em(self) -> f64 {
        match self {
            Self::Viewer => 0.76,
            Self::Library => 0.62,
        }
    }
}

/// The library drops the free space left of each letter. Between letters that evens out; behind a
/// space it makes words run together, so it is put back there.
const FORGOTTEN_EM: f64 = 0.07;

/// Something to draw on. The first error is kept and told at the end.
pub(super) struct Canvas<B: DrawingBackend> {
    backend: B,
    size: Size,
    zoom: i32,
    letters: Letters,
    error: Option<String>,
}

impl<'a> Canvas<SVGBackend<'a>> {
    pub(super) fn svg(text: &'a mut String, size: Size) -> Self {
        let backend = SVGBackend::with_string(text, (size.width(), size.height()));
        Self::on(backend, size, 1, Letters::Viewer)
    }
}

impl<'a> Canvas<BitMapBackend<'a>> {
    pub(super) fn bitmap(pixels: &'a mut Pixels) -> Self {
        let zoom = ZOOM as u32;
        let zoomed = (pixels.size.width() * zoom, pixels.size.height() * zoom);
        let size = pixels.size;
        let backend = BitMapBackend::with_buffer(&mut pixels.rgb, zoomed);
        Self::on(backend, size, ZOOM, Letters::Library)
    }
}

impl<B: DrawingBackend> Canvas<B> {
    fn on(backend: B, size: Size, zoom: i32, letters: Letters) -> Self {
        let mut canvas = Self {
            backend,
            size,
            zoom,
            letters,
            error: None,
        };
        canvas.fill(
            [0, 0, canvas.width(), canvas.height()],
            Colour::new(255, 255, 255),
        );
        canvas
    }

    pub(super) fn width(&self) -> i32 {
        self.size.width() as i32
    }

    pub(super) fn height(&self) -> i32 {
        self.size.height() as i32
    }

    /// Fills from (left, top) up to, but without, (right, bottom).
    pub(super) fn fill(&mut self, [left, top, right, bottom]: [i32; 4], colour: Colour) {
        if left >= right || top >= bottom {
            return;
        }
        let from = (left * self.zoom, top * self.zoom);
        let to = (right * self.zoom, bottom * self.zoom);
        let done = self.backend.draw_rect(from, to, &shape(colour), true);
        self.keep(done.map_err(|it| it.to_string()));
    }

    /// Fills a rectangle and darkens the pixels along its edge.
    pub(super) fn fill_outlined(&mut self, rect: [i32; 4], colour: Colour) {
        let [left, top, right, bottom] = rect;
        self.fill(rect, colour.darker());
        self.fill([left + 1, top + 1, right - 1, bottom - 1], colour);
    }

    /// Fills what a closed path surrounds.
    pub(super) fn fill_within(&mut self, points: &[(i32, i32)], colour: Colour) {
        let zoom = self.zoom;
        let points = points.iter().map(|(x, y)| (x * zoom, y * zoom));
        let done = self.backend.fill_polygon(points, &shape(colour));
        self.keep(done.map_err(|it| it.to_string()));
    }

    /// A path of straight lines.
    pub(super) fn path(&mut self, points: &[(i32, i32)], width_px: u32, colour: Colour) {
        let zoom = self.zoom;
        let points = points.iter().map(|(x, y)| (x * zoom, y * zoom));
        let style = shape(colour).stroke_width(width_px * zoom as u32);
        let done = self.backend.draw_path(points, &style);
        self.keep(done.map_err(|it| it.to_string()));
    }

    /// Writes on the baseline at `y`.
    pub(super) fn text(
        &mut self,
        text: &str,
        (x, y): (i32, i32),
        em_px: f64,
        align: Align,
        colour: Colour,
    ) {
        let em_px = em_px * f64::from(self.zoom);
        let top = y * self.zoom - (self.letters.baseline_em() * em_px).round() as i32;
        let x = x * self.zoom;
        if self.letters == Letters::Viewer {
            let h_pos = match align {
                Align::Start => HPos::Left,
                Align::Middle => HPos::Center,
                Align::End => HPos::Right,
            };
            return self.write(text, (x, top), em_px, h_pos, colour);
        }
        let step = |word: &str| advance(word, em_px) + advance(" ", em_px) + FORGOTTEN_EM * em_px;
        let words = text.split([' ', '\u{A0}']);
        let wide = words.clone().map(step).sum::<f64>() - step("");
        let mut left = match align {
            Align::Start => f64::from(x),
            Align::Middle => f64::from(x) - wide / 2.0,
            Align::End => f64::from(x) - wide,
        };
        for word in words {
            self.write(word, (left.round() as i32, top), em_px, HPos::Left, colour);
            left += step(word);
        }
    }

    fn write(&mut self, text: &str, at: (i32, i32), em_px: f64, h_pos: HPos, colour: Colour) {
        if text.is_empty() {
            return;
        }
        let style = font(em_px)
            .color(&rgb(colour))
            .pos(Pos::new(h_pos, VPos::Top));
        let done = self.backend.draw_text(text, &style, at);
        self.keep(done.map_err(|it| it.to_string()));
    }

    fn keep(&mut self, done: Result<(), String>) {
        if let Err(error) = done {
            self.error.get_or_insert(error);
        }
    }

    /// Completes the picture.
    pub(super) fn finish(mut self) -> Result<(), PlotError> {
        let done = self.backend.present();
        self.keep(done.map_err(|it| it.to_string()));
        self.error.map_or(Ok(()), |it| Err(PlotError::Draw(it)))
    }
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.red, colour.green, colour.blue)
}

fn shape(colour: Colour) -> ShapeStyle {
    ShapeStyle::from(&rgb(colour)).filled()
}

/// The text as it may stand in an attribute.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The pixels of a bitmap, still too large.
pub(super) struct Pixels {
    size: Size,
    rgb: Vec<u8>,
}

impl Pixels {
    pub(super) fn new(size: Size) -> Self {
        let bytes = size.width() as usize * size.height() as usize * 3;
        Self {
            size,
            rgb: vec![255; bytes * (ZOOM * ZOOM) as usize],
        }
    }

    /// The bytes of a PNG file.
    pub(super) fn encode(&self) -> Result<Vec<u8>, PlotError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.size.width(), self.size.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.averaged())?;
        writer.finish()?;
        Ok(bytes)
    }

    fn averaged(&self) -> Vec<u8> {
        let zoom = ZOOM as usize;
        let (width, height) = (self.size.width() as usize, self.size.height() as usize);
        let mut out = Vec::with_capacity(width * height * 3);
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            for part in 0..3 {
                let at = |dy, dx| ((y * zoom + dy) * width * zoom + x * zoom + dx) * 3 + part;
                let corners = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
                let sum: u32 = corners.iter().map(|at| u32::from(self.rgb[*at])).sum();
                out.push(((sum + 2) / 4) as u8);
            }
        }
        out
    }
}
