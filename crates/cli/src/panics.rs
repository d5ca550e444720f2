//! What a bug may say of itself: where it is and what it is, and nobody's number.
//!
//! A panic's message is made where it happens and may hold whatever was at hand there. Whatever is
//! long enough for a phone number, an identifier or a token is left out of it.

use crate::output::tell;

/// More digits than this, or digits and hexadecimal letters, may be a number of somebody.
const MOST_DIGITS: usize = 6;
/// More letters and digits than this, with a digit among them, may be a token.
const MOST_LETTERS: usize = 15;

/// From now on panics are told without numbers.
pub(crate) fn without_numbers() {
    std::panic::set_hook(Box::new(|panic| {
        tell(&hidden(&panic.to_string()));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it != "0") {
            tell(&std::backtrace::Backtrace::force_capture().to_string());
        }
    }));
}

/// The text, with `…` in the place of each word that may tell who somebody is.
fn hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(at);
        let word = run(from, |c| c.is_ascii_alphanumeric() || c == '_');
        let secret = telling(from, word);
        shown.push_str(before);
        shown.push_str(secret.map_or(word, |_| "…"));
        rest = &from[secret.unwrap_or(word).len()..];
    }
    shown + rest
}

/// What the text begins with, as long as such characters go on.
fn run(text: &str, goes_on: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !goes_on(c)).unwrap_or(text.len());
    &text[..end]
}

/// The number or the token that the text begins with; its first word is this.
fn telling<'a>(text: &'a str, word: &'a str) -> Option<&'a str> {
    let hexadecimal = word.chars().all(|c| c.is_ascii_hexdigit());
    let most = if hexadecimal {
        MOST_DIGITS
    } else {
        MOST_LETTERS
    };
    if word.len() > most && word.contains(|c: char| c.is_ascii_digit()) {
        return Some(word);
    }
    // As people write it: (555) 555-0171.
    let spaced = run(text, |c| c.is_ascii_digit() || " -().".contains(c));
    let number = spaced.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = number.matches(|c: char| c.is_ascii_digit()).count();
    (digits > MOST_DIGITS).then_some(number)
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
            ("token sk_live_Zq7TnVb2LmXw", "token …"),
            ("call (555) 555-0171 back", "call (… back"),
            ("555 555 0171, or 555.555.0171", "…, or …"),
            (
                "version 1.95.0 at 127.0.0.1:80",
                "version 1.95.0 at 127.0.0.1:80",
            ),
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
