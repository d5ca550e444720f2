use proptest::prelude::*;

use super::*;

/// One byte a read, as a slow pipe gives it.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = 1.min(self.0.len()).min(into.len());
        into[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn all_of(input: impl Read, max: usize) -> Vec<Result<Vec<String>, LogError>> {
    let mut rows = Rows::new(input, b',', max);
    let mut list = Vec::new();
    while let Some(row) = rows.next_row() {
        list.push(row.map(|row| row.values().map(str::to_owned).collect()));
    }
    list
}

fn rows_of(text: &str) -> Vec<Vec<String>> {
    all_of(text.as_bytes(), 1000)
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

/// Line, column and fault of every row that has one.
fn faults_of(bytes: &[u8], max: usize) -> Vec<(u64, u64, Fault)> {
    let errors = all_of(bytes, max).into_iter().filter_map(Result::err);
    errors.map(|it| (it.line, it.column, it.fault)).collect()
}

#[test]
fn line_ends_quotes_and_the_byte_order_mark_are_read() {
    let expected = vec![vec!["a", "b"], vec!["1", "x,\"y\"\nz"], vec!["", ""]];
    for text in [
        "a,b\n1,\"x,\"\"y\"\"\nz\"\n,\n",
        "a,b\r\n1,\"x,\"\"y\"\"\nz\"\r\n,\"\"",
        "\u{feff}\"a\",b\n\n\r\n1,\"x,\"\"y\"\"\nz\"\n,\r\n\n",
        "\n a , b \n1 ,\"x,\"\"y\"\"\nz\"\n , \n",
    ] {
        assert_eq!(rows_of(text), expected, "{text:?}");
    }
}

#[test]
fn blanks_around_a_value_are_none_of_it_wherever_they_stand() {
    // Each of them once at every place of a block, and nothing else to take care of.
    for odd in ["x ,y", "x, y", "x ", "\tx", "x y", "\u{a0}x"] {
        for end in ["\n", "\r\n"] {
            for before in 0..130 {
                let filler = "a".repeat(before);
                let text = format!("h{end}{filler},b{end}{odd}{end}{}{end}", "c,".repeat(70));
                let expected: Vec<&str> = odd.split(',').map(str::trim).collect();
                assert_eq!(rows_of(&text)[2], expected, "{odd:?} behind {before}");
            }
        }
    }
}

#[test]
fn a_quote_within_a_field_stands_for_itself() {
    assert_eq!(rows_of("5\" pipe,x\"\"y\n"), [["5\" pipe", "x\"\"y"]]);
}

#[test]
fn an_open_quote_is_told_with_the_line_it_opens_on() {
    let text = b"a,b\n1,2\n3,\"4\n5,6\n7,8\n";
    assert_eq!(faults_of(text, 1000), [(3, 3, Fault::UnclosedQuote)]);
    assert_eq!(faults_of(text, 10), [(3, 3, Fault::QuoteTooLong(10))]);
    // Within quotes that span lines the place is counted on from there.
    assert_eq!(
        faults_of(b"\"a\nb\",\"c\n", 1000),
        [(2, 4, Fault::UnclosedQuote)]
    );
}

#[test]
fn a_row_is_bounded() {
    assert_eq!(
        faults_of(b"a,b\n123456789012\n1,2\n", 10),
        [(2, 1, Fault::RowTooLong(10))]
    );
    assert!(
        faults_of(b"a,b\n123456789\n1,2", 10).is_empty(),
        "the line end counts"
    );
}

#[test]
fn faults_of_a_row_leave_the_next_one_readable() {
    let text = b"a\n\"b\"x\nc\0d\ne\rf\ng\xffh\nlast\n";
    let expected = [
        (2, 4, Fault::AfterQuote),
        (3, 2, Fault::Nul),
        (4, 2, Fault::LoneCarriageReturn),
        (5, 2, Fault::NotUtf8),
    ];
    assert_eq!(faults_of(text, 1000), expected);
    assert_eq!(
        all_of(&text[..], 1000).last().unwrap(),
        &Ok(vec!["last".to_owned()])
    );
}

#[test]
fn utf_16_is_named() {
    for text in [&b"\xff\xfes\0t\0"[..], b"\xfe\xff\0s\0t"] {
        assert_eq!(faults_of(text, 1000), [(1, 1, Fault::Utf16)]);
    }
}

#[test]
fn a_failing_input_is_told_once() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the cable is cut"))
        }
    }
    let list = all_of((&b"a\n"[..]).chain(Broken), 1000);
    assert_eq!(list.len(), 2);
    let error = list[1].as_ref().unwrap_err();
    assert_eq!(error.to_string(), "2:1: cannot read on: the cable is cut");
}

#[test]
fn halves_of_a_character_on_both_sides_of_a_delimiter_are_no_character() {
    let list = all_of(&b"a,b\n\xc2,\x80\n"[..], 1000);
    assert_eq!(list.len(), 2);
    assert!(list[0].is_ok() && list[1].is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end_and_alike_however_they_come(
        bytes in prop::collection::vec(
            prop_oneof![
                6 => prop::sample::select(b",\"\n\r ab".to_vec()),
                1 => any::<u8>(),
            ],
            0..200,
        ),
        max in 1usize..100,
    ) {
        let at_once = all_of(&bytes[..], max);
        prop_assert!(at_once.len() <= bytes.len() + 1);
        prop_assert_eq!(all_of(Drip(&bytes), max), at_once);
    }

    /// What the `csv` crate writes is read as the `csv` crate reads it, but for blanks at the ends.
    #[test]
    fn the_csv_crate_agrees(
        table in prop::collection::vec(prop::collection::vec("[a-c,\"\n é]{0,4}", 3), 1..8),
        crlf in any::<bool>(),
    ) {
        let ends = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(ends).from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(|it| it.trim().to_owned()).collect())
            .collect();
        prop_assert_eq!(rows_of(&text), theirs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Long enough that most rows are found ahead, and something odd is met now and then.
    #[test]
    fn rows_found_many_at_a_time_are_those_found_one_by_one(
        rows in prop::collection::vec(
            prop_oneof![
                30 => "[a-z0-9+:.-]{0,12}(,[a-z0-9+:.-]{0,12}){0,9}",
                3 => "[a-z é,]{0,60}",
                1 => "[a-z,]{200,5000}",
                1 => "a,\"b\n,\"\"c\",d",
                1 => "a\u{0}b",
                1 => "[a-z]{0,70},\r[a-z]",
            ],
            1..200,
        ),
        ends in prop::sample::select(vec!["\n", "\r\n", "\n\n"]),
        latin_1 in any::<bool>(),
    ) {
        let mut bytes = rows.join(ends).into_bytes();
        if latin_1 {
            bytes.iter_mut().filter(|it| **it == 0xc3).for_each(|it| *it = b'A');
        }
        let at_once = all_of(&bytes[..], 3000);
        prop_assert_eq!(all_of(Drip(&bytes), 3000), at_once);
    }
}
