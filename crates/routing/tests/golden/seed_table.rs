//! domain.md 1.2: the sixteen rows of the table of 2024, and the seventeen it leaves out.

use std::collections::BTreeSet;

use crate::office::{Caller, Office};

/// W, M, U, F, B as in the table, and what rings.
type Row = (&'static str, &'static str);

/// The rows as they are printed, row 15 a double of row 6.
const PRINTED: [Row; 16] = [
    ("YYYYY", "W(ann)+M(ann)+U(ann)"),
    ("YYYYN", "W(ann)+M(ann)+U(ann)"),
    ("YYYNY", "W(ann)+M(ann)+U(ann)"),
    ("YYYNN", "W(ann)+M(ann)+U(ann)"),
    ("YYNNN", "W(ann)+M(ann)"),
    ("YNNNN", "W(ann)"),
    ("YYNYY", "W(ann)+M(ann)+F"),
    ("YYNNY", "W(ann)+M(ann)+B"),
    ("NNYYY", "U(ann)"),
    ("NNYNN", "U(ann)"),
    ("NNYYN", "U(ann)"),
    ("NNNNN", "drop/no-destination"),
    ("NNNYY", "F"),
    ("NNNNY", "B"),
    ("YNNNN", "W(ann)"),
    ("NYNNN", "M(ann)"),
];

/// Extrapolated by the closed form; no document prints them.
const EXTRAPOLATED: [Row; 17] = [
    ("NNNYN", "F"),
    ("NNYNY", "U(ann)"),
    ("NYNNY", "M(ann)+B"),
    ("NYNYN", "M(ann)+F"),
    ("NYNYY", "M(ann)+F"),
    ("NYYNN", "M(ann)+U(ann)"),
    ("NYYNY", "M(ann)+U(ann)"),
    ("NYYYN", "M(ann)+U(ann)"),
    ("NYYYY", "M(ann)+U(ann)"),
    ("YNNNY", "W(ann)+B"),
    ("YNNYN", "W(ann)+F"),
    ("YNNYY", "W(ann)+F"),
    ("YNYNN", "W(ann)+U(ann)"),
    ("YNYNY", "W(ann)+U(ann)"),
    ("YNYYN", "W(ann)+U(ann)"),
    ("YNYYY", "W(ann)+U(ann)"),
    ("YYNYN", "W(ann)+M(ann)+F"),
];

fn unassigned(flags: &str) -> Office {
    let yes = |at: usize| flags.as_bytes()[at] == b'Y';
    let devices: String = "WMU"
        .chars()
        .enumerate()
        .filter(|(at, _)| yes(*at))
        .map(|it| it.1)
        .collect();
    let mut office = Office::new().user("ann", &devices);
    if yes(3) {
        office = office.forward();
    }
    if yes(4) {
        office = office.business();
    }
    office
}

fn number_assigned(flags: &str) -> Office {
    unassigned(flags).owner("ann")
}

fn lead_assigned(flags: &str) -> Office {
    unassigned(flags).lead(Some("ann"))
}

#[test]
fn the_table_of_2024_row_by_row() {
    for (flags, rings) in PRINTED {
        for office in [number_assigned(flags), lead_assigned(flags)] {
            assert_eq!(office.rings("table-2024", Caller::Lead), rings, "{flags}");
        }
    }
}

#[test]
fn the_rows_that_the_table_leaves_out_extrapolated() {
    for (flags, rings) in EXTRAPOLATED {
        for office in [number_assigned(flags), lead_assigned(flags)] {
            assert_eq!(office.rings("table-2024", Caller::Lead), rings, "{flags}");
        }
    }
}

#[test]
fn printed_and_extrapolated_rows_are_all_32_inputs() {
    let all: BTreeSet<&str> = PRINTED
        .iter()
        .chain(&EXTRAPOLATED)
        .map(|row| row.0)
        .collect();
    assert_eq!(all.len(), 32);
}

#[test]
fn the_newest_guide_agrees_with_every_row_but_the_empty_one() {
    for (flags, rings) in PRINTED.into_iter().chain(EXTRAPOLATED) {
        let rings = if flags == "NNNNN" {
            "voicemail/default"
        } else {
            rings
        };
        assert_eq!(
            number_assigned(flags).rings("stages-2026", Caller::Lead),
            rings,
            "{flags}"
        );
    }
}

#[test]
fn all_policies_agree_on_rows_13_and_14_without_users() {
    for (flags, rings) in [("NNNYY", "F"), ("NNNNY", "B")] {
        unassigned(flags).expect_all(Caller::Stranger, rings);
        unassigned(flags).expect_all(Caller::Private, rings);
    }
}

/// The table predates the desk phone; it rings in parallel like web and mobile (1.2, last
/// paragraph).
#[test]
fn a_desk_phone_rings_beside_the_apps() {
    let office = Office::new().user("ann", "WMSU").owner("ann").forward();
    office.expect(
        &["table-2024", "stages-2026"],
        Caller::Stranger,
        "W(ann)+M(ann)+S(ann)+U(ann)",
    );
}
