use super::*;

const QUEUE: [(Column, &str); 9] = [
    (Column::TableId, "T"),
    (Column::Model, "M/M/s"),
    (Column::Lambda, "4.2/min"),
    (Column::Servers, "12"),
    (Column::Room, "inf"),
    (Column::Service, "M mean 2 min"),
    (Column::Patience, "none"),
    (Column::Metric, "P(wait)"),
    (Column::Kind, "exact"),
];

fn row(changes: &[(Column, &str)]) -> Row {
    let all = QUEUE.iter().chain(&[(Column::Value, "0.5")]).chain(changes);
    all.fold(Row::default(), |row, (column, text)| {
        row.with(*column, *text)
    })
}

fn asked(changes: &[(Column, &str)]) -> Result<Question, String> {
    let row = row(changes);
    question(&row, std::slice::from_ref(&row))
}

#[test]
fn numbers_are_as_exact_as_they_are_printed() {
    for (text, number, half_unit) in [
        ("0.0499", 0.0499, 5e-5),
        ("17", 17.0, 0.5),
        ("96%", 0.96, 5e-3),
        ("3.1 %", 0.031, 5e-4),
        ("1.00000", 1.0, 5e-6),
        ("102.0", 102.0, 0.05),
        (".5", 0.5, 0.05),
        ("-2", -2.0, 0.5),
        ("1.5e-3", 1.5e-3, 5e-5),
    ] {
        let (found, half) = printed_number(text).expect(text);
        assert!((found - number).abs() < 1e-12 && (half / half_unit - 1.0).abs() < 1e-9);
    }
    for text in [
        "",
        "about 20%",
        "inf",
        "NaN",
        "1,5",
        "+-1",
        "0x10",
        "1e999999999999",
    ] {
        assert_eq!(printed_number(text), None, "{text}");
    }
}

#[test]
fn rates_and_rooms_are_read() {
    let per_s = |text| rate(text).map(|it| it.number / it.unit_s.unwrap_or(100.0));
    let near = |text, expected: f64| {
        let found = per_s(text).expect(text);
        assert!((found / expected - 1.0).abs() < 1e-12, "{text}: {found}");
    };
    near("102", 1.02);
    near("48/min", 0.8);
    near("90/h", 0.025);
    near("100 per 30 min", 100.0 / 1800.0);
    near("7 per 2 h", 7.0 / 7200.0);
    for text in [
        "",
        "see model",
        "4.2/week",
        "4.2 or so",
        "100 per 0 min",
        "100 per 30",
    ] {
        assert!(rate(text).is_none(), "{text}");
    }
    for (text, waiting) in [
        ("inf", None),
        ("0", Some(0)),
        ("200", Some(200)),
        ("50-60 (blocking <1e-12)", Some(60)),
        ("50-60", Some(60)),
        ("40 trunks", Some(28)),
    ] {
        assert_eq!(room(text, 12), Ok(waiting), "{text}");
    }
    for text in [
        "",
        "some",
        "60-50",
        "11 trunks",
        "40 lines",
        "200 (or so)",
        "-1",
    ] {
        assert!(room(text, 12).is_err(), "{text}");
    }
}

#[test]
fn the_unit_of_the_table_is_shared() {
    use Column::{Lambda, Metric, Patience, Service};
    let model = |changes: &[_]| asked(changes).expect("a question").model;
    let nameless = model(&[(Lambda, "3"), (Service, "M mean 1"), (Patience, "M mean 2")]);
    assert_eq!((nameless.rate_per_s, nameless.service.1), (0.03, 100.0));
    assert_eq!(nameless.patience.map(|it| it.1), Some(200.0));
    let of_lambda = model(&[(Service, "M mean 1"), (Patience, "M mean 30 s")]);
    assert_eq!(of_lambda.service.1, 60.0);
    assert_eq!(of_lambda.patience.map(|it| it.1), Some(30.0));
    let of_service = model(&[(Lambda, "4.2")]);
    assert_eq!(of_service.rate_per_s, 0.07);
    let time = asked(&[(Metric, "P(W<=0.5|S)")])
        .expect("a question")
        .reading
        .take;
    assert_eq!(time.names(), ["service_level.30s.of_answered"]);
}

#[test]
fn what_is_checked_comes_before_what_is_printed() {
    use Column::{HalfWidth, Kind, Note, OurCheck, OurHalfWidth, Value};
    let found = asked(&[(OurCheck, "0.51234"), (Note, "a misprint")]).expect("a question");
    assert_eq!((found.expected, found.nearness), (0.51234, Nearness::Exact));
    let simulated = (Kind, "simulated (10 x 5M arrivals)");
    let found = asked(&[simulated, (HalfWidth, "0.2")]).expect("a question");
    assert_eq!(found.nearness, Nearness::Simulated(0.2));
    let both = [simulated, (HalfWidth, "0.2"), (OurHalfWidth, "0.1")];
    let found = asked(&both).expect("a question");
    assert_eq!(found.nearness, Nearness::Simulated(0.1));
    for change in [
        (Kind, "numerical"),
        (Kind, "empirical"),
        (Note, "a misprint"),
        (Value, ""),
    ] {
        assert!(asked(&[change]).is_err(), "{change:?}");
    }
}

#[test]
fn a_row_may_leave_out_what_another_table_says() {
    use Column::{Lambda, Metric, Model, Patience, Room, Servers, Service, TableId};
    let day = row(&[
        (TableId, "CC"),
        (Model, "terminating 480-min day, starts empty"),
        (Metric, "service level (<20 s) of served"),
    ]);
    let bare = [(Lambda, ""), (Servers, ""), (Room, ""), (Service, "")];
    let impatient = [
        (TableId, "CC Ab"),
        (Model, "as CC + exponential patience"),
        (Patience, "M mean 1 min"),
        (Metric, "service level of served"),
    ];
    let impatient = row(&[&bare[..], &impatient[..]].concat());
    let again = row(&[
        (TableId, "CC Ab again"),
        (
            Model,
            "as CC Ab; abandoner redials w.p. 0.5 after Exp(rate 0.2)",
        ),
        (Patience, ""),
        (Lambda, "5/min"),
        (Metric, "mean orbit size"),
    ]);
    let table = [day.clone(), impatient.clone(), again.clone()];
    let found = question(&impatient, &table).expect("a question");
    assert_eq!(
        (found.model.servers, found.model.day_s),
        (12, Some(28_800.0))
    );
    assert_eq!(
        found.reading.take.names(),
        ["service_level.20s.of_answered"]
    );
    let found = question(&again, &table).expect("a question").model;
    assert_eq!((found.rate_per_s * 60.0).round(), 5.0);
    assert_eq!(found.redial.map(|it| it.mean_s), Some(300.0));
    assert_eq!(found.patience.map(|it| it.1), Some(60.0));
    // Two rows that differ in what is left out, and one that names itself.
    let other = day.clone().with(Servers, "13");
    assert!(question(&impatient, &[day, other, impatient.clone()]).is_err());
    let itself = impatient.with(Model, "as CC Ab");
    assert!(question(&itself, std::slice::from_ref(&itself)).is_err());
}

#[test]
fn letters_that_contradict_the_columns_are_told() {
    use Column::{Model, Patience, Service};
    for (changes, said) in [
        (vec![(Model, "M/D/s")], "not `D`"),
        (vec![(Model, "M/M/13")], "12 servers"),
        (vec![(Model, "M/M/s+M")], "patience `M` is missing"),
        (vec![(Model, "M/M/s+M"), (Patience, "D = 1 min")], "not `M`"),
        (vec![(Service, "none")], "`none` is no distribution"),
    ] {
        let why = asked(&changes).expect_err(said);
        assert!(why.contains(said), "{why}");
    }
}
