//! What a lint promises about every call that may come.

use proptest::prelude::*;
use routing::call::AtTime;
use routing::country;
use routing::decision::{Leg, Terminal};
use routing::lint::{Detail, Finding, FindingKind, LintSettings, lint};
use routing::policy::{POLICIES, PolicyEntry};
use routing::trace::Trace;

use crate::generate::{Situation, moment, situation};

fn findings(situation: &Situation, entry: &PolicyEntry) -> Vec<Finding> {
    let settings = LintSettings::default();
    lint(
        entry.policy,
        &situation.accounts(),
        &situation.params,
        &settings,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_lint_has_one_order_and_one_answer(situation in situation()) {
        for entry in POLICIES {
            let found = findings(&situation, entry);
            let place = |it: &Finding| (it.sub_account, it.number, it.user, it.kind);
            prop_assert!(found.is_sorted_by_key(place));
            prop_assert_eq!(&found, &findings(&situation, entry));
        }
    }

    /// At any moment of the week: what is no finding does not happen.
    #[test]
    fn what_happens_to_a_call_was_found(situation in situation(), now in moment()) {
        let accounts = situation.accounts();
        let Some(number) = accounts.find_number(situation.call.to) else { return Ok(()) };
        let sub_account = accounts.number(number).sub_account;
        let countries = accounts.sub_account(sub_account).countries.as_deref();
        for entry in POLICIES {
            let found: Vec<_> = findings(&situation, entry)
                .into_iter()
                .filter(|finding| finding.number == Some(number))
                .collect();
            let has = |kind| found.iter().any(|finding| finding.kind == kind);
            let world = AtTime::new(&accounts, Some(now));
            let decision = situation.decide_in(entry, &world, &mut Trace::off());
            if let Terminal::Drop(_) = decision.finally {
                prop_assert!(has(FindingKind::DeadEnd) || has(FindingKind::DropsSome));
            } else if !matches!(decision.finally, Terminal::Reject(_)) {
                prop_assert!(!has(FindingKind::DeadEnd), "{}: not so dead", entry.name);
            }
            if !decision.truncated.is_empty() {
                prop_assert!(has(FindingKind::LegsCut), "{}", entry.name);
            }
            for phone in decision.legs().filter_map(Leg::number) {
                let told = found.iter().any(|finding| finding.detail == Detail::Phone(phone));
                prop_assert!(told || country::dialable(phone, countries), "{}", entry.name);
            }
        }
    }

    /// Following the phone legs of real calls back to where they began is always a loop that was
    /// found.
    #[test]
    fn a_call_that_comes_back_was_found_as_a_loop(situation in situation(), now in moment()) {
        let accounts = situation.accounts();
        for entry in POLICIES {
            let mut call = situation.clone();
            let mut path = Vec::new();
            while let Some(number) = accounts.find_number(call.call.to) {
                if path.contains(&number) {
                    let found = findings(&situation, entry);
                    let on_loop = |finding: &Finding| match &finding.detail {
                        Detail::Loop(numbers) => numbers.contains(&number),
                        _ => false,
                    };
                    prop_assert!(found.iter().any(on_loop), "{}: {path:?}", entry.name);
                    break;
                }
                path.push(number);
                let world = AtTime::new(&accounts, Some(now));
                let decision = call.decide_in(entry, &world, &mut Trace::off());
                let ours = |phone: &routing::PhoneNumber| accounts.find_number(*phone).is_some();
                let next = decision.legs().filter_map(Leg::number).find(ours);
                let Some(next) = next else { break };
                call.call.to = next;
            }
        }
    }
}
