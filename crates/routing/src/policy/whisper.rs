//! Whispers: whether the text played to whoever picks up a phone leg resolves, and the drop when
//! it does not (domain.md 3.1, S0 FAQ 10).
//!
//! Must not know what the placeholders stand for, only whether they stand for something.

use super::Question;
use crate::account::SubAccount;
use crate::decision::{Decision, DropCause, Terminal};
use crate::params::WhisperAt;
use crate::trace::{Fact, RuleId, Trace, Verdict};

/// What resolves whatever it is called (contract.md section 2).
const ALWAYS: [&str; 3] = ["location.", "user.", "contact."];

/// Whether every `{{ placeholder }}` of a whisper resolves in this sub-account.
pub fn whisper_resolves(account: &SubAccount, whisper: &str) -> bool {
    broken_placeholder(account, whisper).is_none()
}

/// The first placeholder that does not resolve: what stands between its braces, or after braces
/// that are never closed.
pub fn broken_placeholder<'w>(account: &SubAccount, whisper: &'w str) -> Option<&'w str> {
    let mut rest = whisper;
    while let Some((_, opened)) = rest.split_once("{{") {
        let Some((name, after)) = opened.split_once("}}") else {
            return Some(opened.trim());
        };
        let name = name.trim();
        if !resolves(account, name) {
            return Some(name);
        }
        rest = after;
    }
    None
}

fn resolves(account: &SubAccount, name: &str) -> bool {
    if let Some(value) = name.strip_prefix("custom_values.") {
        return account.custom_values.contains_key(value);
    }
    ALWAYS.iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty())
    })
}

/// Drops a call whose phone legs would play a whisper that does not resolve.
pub(super) fn guard(question: &Question<'_>, decision: Decision, trace: &mut Trace) -> Decision {
    let Some(whisper) = question.called().whisper.as_deref() else {
        return decision;
    };
    if question.params.whisper_fault == WhisperAt::OnAnswer {
        return decision;
    }
    // Most whispers are never reached: an app plays none (domain.md D13).
    let plays = decision.legs().any(|leg| leg.number().is_some());
    if !plays {
        return decision;
    }
    let resolved = whisper_resolves(question.sub_account(), whisper);
    let verdict = if resolved {
        Verdict::Passes
    } else {
        Verdict::Decides
    };
    trace.step(RuleId::WhisperFault, verdict, || {
        [("resolves", Fact::Is(resolved))]
    });
    if resolved {
        return decision;
    }
    Decision::at_once(
        Terminal::Drop(DropCause::WhisperFault),
        RuleId::WhisperFault,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Accounts, AccountsBuilder, NewSubAccount, SubAccountId};

    fn spring() -> Accounts {
        let mut builder = AccountsBuilder::new();
        let custom_values = [("promo".to_owned(), "Spring".to_owned())].into();
        builder
            .push(&NewSubAccount {
                id: "a".into(),
                custom_values,
                ..Default::default()
            })
            .unwrap();
        builder.finish()
    }

    #[test]
    fn a_placeholder_resolves_when_it_names_something_that_exists() {
        let accounts = spring();
        let account = accounts.sub_account(SubAccountId(0));
        for whisper in [
            "",
            "no placeholder at all }} { {",
            "Call for {{location.name}}",
            "{{ user.name }} and {{contact.first_name}}",
            "{{ custom_values.promo }}",
        ] {
            assert!(whisper_resolves(account, whisper), "{whisper}");
        }
    }

    #[test]
    fn a_broken_placeholder_is_named() {
        let accounts = spring();
        let account = accounts.sub_account(SubAccountId(0));
        for (whisper, name) in [
            ("{{custom_values.gone}}", "custom_values.gone"),
            ("{{custom_values.promo}} {{ nobody }}", "nobody"),
            ("{{location.}}", "location."),
            ("{{location}}", "location"),
            ("{{}}", ""),
            (
                "fine {{location.name}} then {{ location.name",
                "location.name",
            ),
            ("{{ {{location.name}} }}", "{{location.name"),
        ] {
            assert_eq!(
                broken_placeholder(account, whisper),
                Some(name),
                "{whisper}"
            );
        }
    }
}
