//! Whatever a table says, it is read or refused.

use proptest::prelude::*;

use super::{Column, Effort, Row, Selftest, Verdict, question, read};

/// Pieces of the grammar and of nothing, in any order.
fn words() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "M",
        "mean",
        "1",
        ".5",
        "LN(",
        "1,4)",
        "E",
        "2",
        "D",
        "=",
        "any",
        "SCV",
        "min",
        "s",
        "/",
        "per",
        "inf",
        "-",
        "trunks",
        "none",
        "as",
        "T",
        "P(W<=",
        "|S)",
        "E[Q]",
        "th",
        "pct",
        "wait",
        "service level",
        "(",
        "<",
        "redials w.p.",
        "after Exp(rate",
        ")",
        "terminating",
        "day",
        "99999999999",
        "\"",
        ",",
        "é",
        "%",
    ]);
    prop::collection::vec(pieces, 0..6).prop_map(|it| it.join(" "))
}

proptest! {
    #[test]
    fn any_row_is_a_question_or_has_a_reason(texts in prop::collection::vec(words(), 15)) {
        let columns = [
            Column::TableId, Column::Model, Column::Lambda, Column::Servers, Column::Room,
            Column::Service, Column::Patience, Column::Metric, Column::Value, Column::Kind,
            Column::OurCheck, Column::Note,
        ];
        let row = columns.iter().zip(&texts).fold(Row::default(), |row, (column, text)| {
            row.with(*column, text.as_str())
        });
        let row = row.with(Column::Kind, "exact");
        if let Err(why) = question(&row, std::slice::from_ref(&row)) {
            prop_assert!(!why.is_empty());
        }
        let plan = Selftest::new(vec![row], Effort::Quick, 1);
        let silent = plan.answers(&[]);
        prop_assert_eq!(silent.len() + plan.rounds.len(), 1);
        prop_assert!(silent.iter().all(|it| it.verdict == Verdict::NotExpressed));
    }

    #[test]
    fn any_bytes_are_a_table_or_have_faults_in_their_order(
        bytes in prop::collection::vec(prop::sample::select(b"a,\"\n\r \xff1".to_vec()), 0..200)
    ) {
        let head = b"table_id,model,lambda,servers,room,service,patience,metric,value,kind\n";
        let all = [&head[..], &bytes].concat();
        for text in [&bytes, &all] {
            if let Err(faults) = read("t.csv", text) {
                prop_assert!(!faults.is_empty());
                let places: Vec<_> = faults.iter().map(|it| (it.line, it.column)).collect();
                prop_assert!(places.is_sorted(), "{:?}", places);
                prop_assert!(faults.iter().all(|it| it.to_string().starts_with("t.csv:")));
            }
        }
    }
}
