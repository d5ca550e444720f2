use super::*;
use proptest::prelude::*;

fn quarter_hours(n: usize) -> Vec<String> {
    let label = |i: usize| format!("Mon {:02}:{:02}", (9 + i / 4) % 24, i % 4 * 15);
    (0..n).map(label).collect()
}

fn layer(name: &str, values: &[f64]) -> Layer {
    Layer {
        name: name.into(),
        colour: palette::outcome(name),
        values: values.to_vec(),
    }
}

fn outcomes(n: usize, layers: Vec<Layer>) -> Chart {
    Chart::Stacked(StackedSeries {
        title: "Calls per 15 min, by how they ended".into(),
        subtitle: "office day".into(),
        x_labels: quarter_hours(n),
        y_label: "calls per 15 min".into(),
        layers,
        line: None,
    })
}

fn storm() -> Violations {
    Violations {
        title: "Admission violations over time".into(),
        x_labels: quarter_hours(4),
        interval: "15 min".into(),
        violations_per_interval: vec![0.0, 6.0, 0.0, 0.0],
        blocked_per_interval: vec![0.0, 6.0, 40.0, 12.0],
        marks: vec![
            Mark {
                at: 1.2,
                text: "first violation".into(),
            },
            Mark {
                at: 1.9,
                text: "account blocked".into(),
            },
            Mark {
                at: 7.0,
                text: "after the end".into(),
            },
            Mark {
                at: f64::NAN,
                text: "never".into(),
            },
        ],
        ..Violations::default()
    }
}

/// The texts of a picture, in the order in which they are drawn.
fn texts(svg: &str) -> Vec<&str> {
    let after = svg.split("<text ").skip(1);
    after
        .filter_map(|it| it.split_once('>')?.1.split_once("</text>"))
        .map(|it| it.0.trim())
        .collect()
}

/// Left, top, width and height of every rectangle of a colour.
fn rectangles(svg: &str, colour: &str) -> Vec<[i32; 4]> {
    let of_colour = svg
        .lines()
        .filter(|it| it.starts_with("<rect") && it.contains(colour));
    let number = |line: &str, key: &str| {
        let from = line
            .split_once(&format!(" {key}=\""))
            .expect("a rectangle has its place")
            .1;
        from.split_once('"')
            .expect("a closed attribute")
            .0
            .parse()
            .expect("a whole number")
    };
    of_colour
        .map(|it| ["x", "y", "width", "height"].map(|key| number(it, key)))
        .collect()
}

/// Width, height and the RGB bytes of a PNG.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .expect("a PNG");
    let mut pixels = vec![
        0;
        reader
            .output_buffer_size()
            .expect("a size that fits memory")
    ];
    let info = reader.next_frame(&mut pixels).expect("a whole PNG");
    (info.width, info.height, pixels)
}

#[test]
fn an_svg_says_what_it_counts_and_names_every_layer_that_occurred() {
    let layers = vec![
        layer("answered", &[3.0, 8.0, 5.0, 4.0]),
        layer("voicemail", &[0.0; 4]),
        layer("blocked", &[0.0, 1.0, 0.0, 0.0]),
    ];
    let Chart::Stacked(mut series) = outcomes(4, layers) else {
        unreachable!()
    };
    series.line = Some(Line {
        name: "people logged in".into(),
        colour: Colour::BLUE,
        values: vec![2.0, 2.0, 1.0, 1.0],
    });
    let text = svg(&Chart::Stacked(series), Size::REPORT);
    assert_eq!(
        texts(&text),
        [
            "Calls per 15 min, by how they ended",
            "office day",
            "0",
            "2",
            "4",
            "6",
            "8",
            "10",
            "calls per 15 min",
            "09:00",
            "Mon",
            "09:15",
            "09:30",
            "09:45",
            "blocked",
            "answered",
            "people logged in",
        ]
    );
    assert!(text.starts_with(
        "<svg role=\"img\" aria-label=\"Calls per 15 min, by how they ended. office day\""
    ));
    assert!(text.contains("font-family=\"sans-serif\"") && !text.contains("NaN"));
}

#[test]
fn bars_stand_on_each_other_and_are_as_high_as_their_values() {
    let layers = vec![
        layer("answered", &[30.0, 60.0]),
        layer("blocked", &[30.0, 0.0]),
    ];
    let text = svg(&outcomes(2, layers), Size::REPORT);
    // The inner part of each bar, one pixel smaller on all sides; the last is that of the legend.
    let answered = rectangles(&text, "#009E73");
    let blocked = rectangles(&text, "fill=\"#000000\"");
    let (half, full) = (answered[0][3] + 2, answered[1][3] + 2);
    assert!(
        (full - 2 * half).abs() <= 1,
        "{half} and {full} pixels for 30 and 60 calls"
    );
    assert_eq!(
        blocked[0][1] + blocked[0][3],
        answered[0][1] - 1,
        "black ends where green begins"
    );
}

#[test]
fn violations_show_both_counts_and_the_marks_within_the_chart() {
    let text = svg(&Chart::Violations(storm()), Size::REPORT);
    let texts = texts(&text);
    let expected = [
        "violations per 15 min",
        "blocked calls per 15 min",
        "first violation",
        "account blocked",
    ];
    for expected in expected {
        assert!(
            texts.contains(&expected),
            "{expected:?} is missing in {texts:?}"
        );
    }
    assert!(!texts.contains(&"after the end") && !texts.contains(&"never"));
    assert!(!texts.iter().any(|it| it.starts_with("no ")));
}

#[test]
fn a_png_has_the_size_asked_for_and_shows_the_colours() {
    let size = Size::new(640, 360).expect("within range");
    let chart = outcomes(2, vec![layer("answered", &[30.0, 60.0])]);
    let bytes = png(&chart, size).expect("a picture");
    let (width, height, pixels) = decoded(&bytes);
    assert_eq!((width, height), (640, 360));
    let green = pixels.chunks(3).filter(|it| *it == [0, 158, 115]).count();
    let ink = pixels
        .chunks(3)
        .filter(|it| it.iter().all(|part| *part < 120))
        .count();
    assert!(green > 20_000, "{green} green pixels");
    assert!(ink > 200, "{ink} dark pixels: are there letters?");
}

#[test]
fn equal_charts_give_equal_bytes() {
    let chart = Chart::Violations(storm());
    assert_eq!(svg(&chart, Size::REPORT), svg(&chart, Size::REPORT));
    let pictures = [0, 1].map(|_| png(&chart, Size::SMALLEST).expect("a picture"));
    assert_eq!(pictures[0], pictures[1]);
}

#[test]
fn nothing_to_show_is_said_in_words() {
    for n in [0, 4] {
        let empty = svg(
            &outcomes(n, vec![layer("answered", &[0.0; 4])]),
            Size::REPORT,
        );
        assert!(texts(&empty).contains(&"no calls"));
        let quiet = Violations {
            x_labels: quarter_hours(n),
            ..Violations::default()
        };
        let quiet = svg(&Chart::Violations(quiet), Size::REPORT);
        assert!(texts(&quiet).contains(&"no violations"));
        assert!(texts(&quiet).contains(&"no blocked calls"));
    }
}

#[test]
fn more_intervals_than_pixels_are_averaged_and_the_reader_is_told() {
    let chart = outcomes(5_000, vec![layer("answered", &vec![7.0; 5_000])]);
    let text = svg(&chart, Size::REPORT);
    assert!(texts(&text).contains(&"office day; each step is the mean of 8 intervals"));
    assert!(text.len() < 60_000, "{} bytes", text.len());
}

#[test]
fn a_hostile_title_stays_text() {
    let Chart::Stacked(mut series) = outcomes(1, vec![layer("answered", &[1.0])]) else {
        unreachable!()
    };
    series.title = "<script>alert('&')</script>\u{0}\n\"]]>".into();
    series.layers[0].name = "\u{1b}[31m<b>".into();
    let text = svg(&Chart::Stacked(series), Size::REPORT);
    assert!(!text.contains("<script") && !text.contains("<b>"));
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    assert_eq!(text.matches('"').count() % 2, 0);
}

#[test]
fn a_size_out_of_range_is_refused_with_the_range() {
    let told = Size::new(10, 99_999)
        .expect_err("too small and too large")
        .to_string();
    assert!(
        told.contains("10 x 99999") && told.contains("480 x 300 to 3840 x 2160"),
        "{told}"
    );
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1e4_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, -5.0, 1e-300, 1e308, f64::MAX]),
    ]
}

fn any_values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any_value(), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_values_everything_lies_within_the_picture(
        n in 0..700_usize,
        layers in prop::collection::vec(any_values(), 0..5),
        line in prop::option::of(any_values()),
        title in "\\PC{0,80}",
        (width, height) in (480..1_200_u32, 300..700_u32),
    ) {
        let size = Size::new(width, height).expect("within range");
        let line = line.map(|values| Line { name: title.clone(), colour: Colour::BLUE, values });
        let named = layers.iter().zip(palette::OUTCOMES);
        let layers = named.map(|(values, (name, _))| layer(name, values)).collect();
        let Chart::Stacked(mut series) = outcomes(n, layers) else { unreachable!() };
        (series.line, series.title) = (line, title);
        let text = svg(&Chart::Stacked(series), size);
        for [left, top, wide, high] in rectangles(&text, "<rect") {
            prop_assert!(left >= 0 && top >= 0 && wide >= 0 && high >= 0);
            prop_assert!(left + wide <= width as i32 && top + high <= height as i32);
        }
        prop_assert!(!text.contains("=\"NaN") && !text.contains("inf\""));
    }

    #[test]
    fn whatever_the_violations_there_is_a_picture(
        n in 0..300_usize,
        violations in any_values(),
        blocked in any_values(),
        marks in prop::collection::vec((-2.0..300.0_f64, "\\PC{0,40}"), 0..12),
    ) {
        let marks = marks.into_iter().map(|(at, text)| Mark { at, text });
        let chart = Chart::Violations(Violations {
            x_labels: quarter_hours(n),
            violations_per_interval: violations,
            blocked_per_interval: blocked,
            marks: marks.collect(),
            ..storm()
        });
        let text = svg(&chart, Size::SMALLEST);
        for [left, top, wide, high] in rectangles(&text, "<rect") {
            prop_assert!(left >= 0 && top >= 0 && left + wide <= 480 && top + high <= 300);
        }
        if n.is_multiple_of(8) {
            prop_assert!(png(&chart, Size::SMALLEST).is_ok());
        }
    }
}
