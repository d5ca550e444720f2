//! What a bug may say of itself: where it is and what it is, and nobody's number.
//!
//! A panic's message is made where it happens and may hold whatever was at hand there. All runs of
//! digits that are long enough for a phone number, an identifier or a token are left out of it.

use std::fmt::Write as _;

use crate::output::tell;

/// So many digits and hexadecimal letters in a row may be a number of somebody, or a token.
const LONGEST: usize = 6;

/// From now on panics are told without numbers.
pub(crate) fn without_numbers() {
    std::panic::set_hook(Box::new(|panic| {
        tell(&hidden(&panic.to_string()));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it != "0") {
            tell(&std::backtrace::Backtrace::force_capture().to_string());
        }
    }));
}

/// The text, each long run with a digit in it replaced by `…`.
fn hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_hexdigit());
        let (run, behind) = from.split_at(end.unwrap_or(from.len()));
        let long = run.len() > LONGEST && run.contains(|c: char| c.is_ascii_digit());
        // Writing to a string cannot fail.
        let _ = write!(shown, "{before}{}", if long { "…" } else { run });
        rest = behind;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_its_place_and_no_number_and_no_token() {
        for (message, expected) in [
            (
                "panicked at crates/cli/src/main.rs:19:5:\nno user of +15555550171",
                "panicked at crates/cli/src/main.rs:19:5:\nno user of +…",
            ),
            ("left: 12, right: 123456", "left: 12, right: 123456"),
            ("token 0123456789abcdef!", "token …!"),
            ("a decade faced", "a decade faced"),
        ] {
            assert_eq!(hidden(message), expected);
        }
    }

    #[test]
    fn a_number_in_a_real_panic_is_not_told() {
        // The hook's own path, without changing that of the other tests.
        let number = routing::PhoneNumber::from_digits(15_555_550_171).expect("a number");
        let caught = std::panic::catch_unwind(|| panic!("nobody owns {number}"));
        let payload = caught.expect_err("it panics");
        let message = payload.downcast_ref::<String>().expect("a text");
        assert!(message.contains("+15555550171"));
        assert_eq!(hidden(message), "nobody owns +…");
    }
}
