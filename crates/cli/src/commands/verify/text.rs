//! A verification for people.

use std::fmt::Write as _;

use http::client::{Given, Turn};
use http::verify::{Difference, Disagreement, Verification};
use report::decision;
use routing::account::Accounts;
use routing::call::InboundCall;

use crate::args::Verify;

/// A verification and what it was about.
pub(super) struct Shown<'a> {
    pub(super) verified: &'a Verification,
    pub(super) accounts: &'a Accounts,
    pub(super) args: &'a Verify,
    /// One call alone: nothing is said of coverage.
    pub(super) alone: bool,
}

/// Bodies longer than this are cut: an error page is not a trace.
const LONGEST_BODY: usize = 1_500;

pub(super) fn text(shown: &Shown<'_>) -> String {
    let mut text = String::new();
    let it = shown.verified;
    headline(&mut text, shown);
    if !shown.alone {
        coverage(&mut text, it);
    }
    policies(&mut text, it);
    for (class, first) in &it.disagreements {
        let names: Vec<&str> = class.0.iter().map(|it| it.name()).collect();
        let _ = write!(
            text,
            "\n{} differ{} where {} decides: {} call{}\n",
            names.join(" and "),
            if names.len() == 1 { "s" } else { "" },
            class.1.name(),
            first.count,
            if first.count == 1 {
                ""
            } else {
                "s, the first:"
            },
        );
        disagreement(&mut text, shown, first, &class.0);
    }
    text
}

fn headline(text: &mut String, shown: &Shown<'_>) {
    let it = shown.verified;
    let _ = writeln!(
        text,
        "{} under {}: {} of {} calls agree ({})",
        scenario::shown_url(&shown.args.url),
        it.policy,
        it.agreed,
        it.cases,
        percent(it.agreed, it.cases)
    );
    if let Some((name, agreed)) = it.follows_rather() {
        let _ = writeln!(text, "it rather follows {name}: {agreed} of {}", it.cases);
    }
}

/// Never rounded up to 100 %.
fn percent(part: u32, of: u32) -> String {
    let tenths = (u64::from(part) * 1000)
        .checked_div(u64::from(of))
        .unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn coverage(text: &mut String, it: &Verification) {
    let fired = it.coverage.fired().count();
    let least = it.coverage.fired().map(|(_, count)| count).min();
    let _ = writeln!(
        text,
        "coverage: {fired} rules, device rows, causes and ring times fired, each at least {} times",
        least.unwrap_or(0)
    );
    if it.left_out > 0 {
        let _ = writeln!(text, "left out by --cases: {} calls", it.left_out);
    }
    if !it.not_covered.is_empty() {
        let names: Vec<String> = it.not_covered.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            text,
            "cannot fire three times with these accounts: {}\n  help: `busyhour new every-rule` \
             writes accounts in which all can",
            names.join(", ")
        );
    }
}

fn policies(text: &mut String, it: &Verification) {
    text.push_str("agreement with every policy:\n");
    for (name, agreed) in &it.by_policy {
        let _ = writeln!(
            text,
            "  {name:<18} {agreed} of {} ({})",
            it.cases,
            percent(*agreed, it.cases)
        );
    }
}

fn disagreement(text: &mut String, shown: &Shown<'_>, first: &Disagreement, what: &[Difference]) {
    let expected = decision::Shown {
        policy: shown.verified.policy,
        call: first.call,
        decision: &first.expected,
        trace: &first.trace,
        accounts: shown.accounts,
    };
    let _ = writeln!(text, "  again, alone: {}", command(shown, &first.call));
    text.push_str("  expected\n");
    indented(text, &decision::text(&expected));
    text.push_str("  the router\n");
    match &first.given {
        Ok(given) => indented(text, &said(given, shown.accounts, &first.call)),
        Err(flaw) => indented(text, &format!("no decision: {flaw}")),
    }
    if what.iter().any(|it| matches!(it, Difference::NoAnswer(_))) || !first.turns.is_empty() {
        text.push_str("  what went over the wire\n");
        for turn in &first.turns {
            indented(text, &wire(shown, turn));
        }
    }
}

fn said(given: &Given, accounts: &Accounts, call: &InboundCall) -> String {
    let decision = match given.decision(accounts, call) {
        Ok(decision) => decision,
        Err(flaw) => return format!("no decision: {flaw}"),
    };
    let off = routing::trace::Trace::off();
    let told = decision::text(&decision::Shown {
        policy: "the router",
        call: *call,
        decision: &decision,
        trace: &off,
        accounts,
    });
    let (what, _) = told.split_once("\n\nwhy").unwrap_or((&told, ""));
    let what = what.split_once("\n\n").map_or(what, |(_, what)| what);
    what.to_owned()
}

/// The request, without what is secret in the URL that the user named.
pub(super) fn asked(shown: &Shown<'_>, turn: &Turn) -> String {
    let url = shown.args.url.split('#').next().unwrap_or_default();
    let hidden = scenario::shown_url(url);
    match (url.split_once('?'), hidden.split_once('?')) {
        (Some((_, query)), Some((_, hidden))) if !query.is_empty() => {
            turn.asked.replace(query, hidden)
        }
        _ => turn.asked.clone(),
    }
}

fn wire(shown: &Shown<'_>, turn: &Turn) -> String {
    let body: String = turn.body.chars().take(LONGEST_BODY).collect();
    let asked = asked(shown, turn);
    format!("{asked}\n-> {}\n{}", turn.status, body.trim_end())
}

fn indented(text: &mut String, block: &str) {
    for line in block.trim_end().lines() {
        let _ = writeln!(text, "    {line}");
    }
}

/// The command that asks about this call alone.
pub(super) fn command(shown: &Shown<'_>, call: &InboundCall) -> String {
    let args = shown.args;
    let from = call.from.map_or("private".to_owned(), |it| it.to_string());
    let signed_as = args.signed_as.as_deref().map(scenario::shown_url);
    let mut command = format!(
        "busyhour verify {} --accounts {} --from {from} --to {}",
        quoted(&scenario::shown_url(&args.url)),
        quoted(&args.accounts.display().to_string()),
        call.to
    );
    for (flag, value) in [
        ("--policy", &args.policy),
        ("--backend-protocol", &args.backend_protocol),
        ("--token-env", &args.token_env),
        ("--signed-as", &signed_as),
    ] {
        if let Some(value) = value {
            let _ = write!(command, " {flag} {}", quoted(value));
        }
    }
    for (flag, values) in [
        ("--set", &args.set),
        ("--allow-target", &args.targets.allow),
    ] {
        for value in values {
            let _ = write!(command, " {flag} {}", quoted(value));
        }
    }
    if let Some(path) = &args.targets.ca_file {
        let _ = write!(
            command,
            " --ca-file {}",
            quoted(&path.display().to_string())
        );
    }
    command
}

/// For a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.:_-+=@,%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A line a class, for a GitHub workflow.
pub(super) fn annotations(shown: &Shown<'_>) -> String {
    let line = |(class, first): &(http::verify::Class, Disagreement)| {
        let names: Vec<&str> = class.0.iter().map(|it| it.name()).collect();
        let text = format!(
            "{} of {} calls: {}",
            first.count,
            class.1.name(),
            command(shown, &first.call)
        );
        let title = names.join(" and ");
        format!(
            "::error title={title} differs::{}\n",
            crate::commands::check::escaped(&text)
        )
    };
    shown.verified.disagreements.iter().map(line).collect()
}
