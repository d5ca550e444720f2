//! Colours that colour-blind readers can tell apart, and one fixed colour for each way a call ends.
//!
//! Eight of them are Okabe and Ito's (2008, "Color Universal Design"); the others are greys and
//! lighter or darker relatives, since twelve outcomes need more than eight.

/// A colour, 0 to 255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Colour {
    /// Okabe-Ito.
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// Okabe-Ito.
    pub const ORANGE: Self = Self::new(230, 159, 0);
    /// Okabe-Ito.
    pub const SKY: Self = Self::new(86, 180, 233);
    /// Okabe-Ito.
    pub const GREEN: Self = Self::new(0, 158, 115);
    /// Okabe-Ito.
    pub const YELLOW: Self = Self::new(240, 228, 66);
    /// Okabe-Ito.
    pub const BLUE: Self = Self::new(0, 114, 178);
    /// Okabe-Ito.
    pub const VERMILLION: Self = Self::new(213, 94, 0);
    /// Okabe-Ito.
    pub const PURPLE: Self = Self::new(204, 121, 167);
    /// For what is neither good nor bad.
    pub const GREY: Self = Self::new(188, 188, 188);

    /// From its parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The same, dark enough to stand out from white as an outline.
    #[must_use]
    pub const fn darker(self) -> Self {
        const fn part(value: u8) -> u8 {
            (value as u16 * 11 / 20) as u8
        }
        Self::new(part(self.red), part(self.green), part(self.blue))
    }
}

/// Every outcome with its colour, in the order in which they stack best: what went well lowest.
pub const OUTCOMES: &[(&str, Colour)] = &[
    ("answered", Colour::GREEN),
    ("ivr", Colour::YELLOW),
    ("voice-ai", Colour::PURPLE),
    ("voicemail", Colour::SKY),
    ("carrier-voicemail", Colour::BLUE),
    ("abandoned", Colour::ORANGE),
    ("no-answer", Colour::GREY),
    ("busy", Colour::new(120, 75, 0)),
    ("dropped", Colour::VERMILLION),
    ("blocked", Colour::BLACK),
    ("failed", Colour::new(250, 195, 175)),
    ("unfinished", Colour::new(235, 235, 235)),
];

/// The colour of an outcome by its name in files; grey for any other word.
pub fn outcome(name: &str) -> Colour {
    OUTCOMES
        .iter()
        .find(|(it, _)| *it == name)
        .map_or(Colour::GREY, |(_, colour)| *colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear light as seen without one kind of cone (Machado, Oliveira and Fernandes 2009).
    const DEUTAN: [[f64; 3]; 3] = [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ];
    const PROTAN: [[f64; 3]; 3] = [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ];
    const ALL: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn times(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    /// CIE L*a*b* (D65) of the colour as such a reader sees it.
    fn seen(colour: Colour, eye: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = [colour.red, colour.green, colour.blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        let xyz = [
            [0.412_456, 0.357_576, 0.180_438],
            [0.212_673, 0.715_152, 0.072_175],
            [0.019_334, 0.119_192, 0.950_304],
        ];
        let [x, y, z] = times(&xyz, times(eye, linear).map(|part| part.clamp(0.0, 1.0)));
        let f = |t: f64| {
            if t > 0.008_856 {
                t.cbrt()
            } else {
                7.787 * t + 16.0 / 116.0
            }
        };
        let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn no_two_outcomes_look_alike_to_any_reader() {
        for (eye_name, eye) in [
            ("all cones", &ALL),
            ("deutan", &DEUTAN),
            ("protan", &PROTAN),
        ] {
            for (i, (a, one)) in OUTCOMES.iter().enumerate() {
                for (b, other) in &OUTCOMES[..i] {
                    let (p, q) = (seen(*one, eye), seen(*other, eye));
                    let far = (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>().sqrt();
                    assert!(far > 12.0, "{a} and {b} are {far:.1} apart for {eye_name}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_word_is_grey() {
        assert_eq!(outcome("answered"), Colour::GREEN);
        assert_eq!(outcome("no such outcome"), Colour::GREY);
    }
}
