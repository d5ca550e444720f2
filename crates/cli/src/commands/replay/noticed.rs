//! What whoever reads a replay must know of the log and of what was made of it.

use std::collections::BTreeSet;

use measure::Summary;
use routing::PhoneNumber;
use routing::account::Accounts;
use routing::record::Outcome;

use super::Replay;
use super::overlay::Recorded;

/// Of the log alone, and of what is done with its redials: `redials_made` is whether the scenario,
/// as it runs, makes any.
pub(super) fn of_the_log(args: &Replay, recorded: &Recorded, redials_made: bool) -> Vec<String> {
    let mut warnings = recorded.quality.warnings();
    if args.offered_scale.is_some() {
        warnings.retain(|it| !it.contains("--offered-scale"));
    }
    warnings.extend(redials(args, recorded, redials_made));
    let nameless = recorded.quality.without_from;
    if nameless > 0 {
        let (have, are) = (plural(nameless, "has", "have"), calls(nameless));
        warnings.push(format!(
            "{are} {have} no known caller: whether {} cannot be told",
            plural(nameless, "it is a redial", "they are redials")
        ));
    }
    warnings
}

fn redials(args: &Replay, recorded: &Recorded, made: bool) -> Vec<String> {
    let n = recorded.redials;
    let mut warnings = Vec::new();
    if args.drop_redials && n > 0 {
        let left_out = format!(
            "{n} recorded {} left out",
            plural(
                n,
                "redial of a known caller was",
                "redials of known callers were"
            )
        );
        warnings.push(if made {
            format!("{left_out}, to be made anew by the scenario")
        } else {
            format!(
                "{left_out}, and nothing makes them anew: nobody redials in this scenario; set \
                 people.redial (--base, or a --scenario that `import --fit` wrote), or leave \
                 --drop-redials away"
            )
        });
        return warnings;
    }
    if n > 0 && !args.drop_redials {
        warnings.push(format!(
            "{} {} who {} not answered before: with another capacity there would be more or fewer \
             of them; --drop-redials lets the scenario make them",
            calls(n),
            plural(
                n,
                "is a redial of a known caller",
                "are redials of known callers"
            ),
            plural(n, "was", "were")
        ));
    }
    if recorded.makes_redials && !args.drop_redials && !made {
        warnings.push(
            "recorded redials are kept instead of the scenario's: people.redial.share is set to 0"
                .to_owned(),
        );
    }
    warnings
}

/// What is done with the calls: how many times they are offered, and whether anybody owns the
/// numbers they go to.
pub(super) fn of_the_calls(args: &Replay, recorded: &Recorded, accounts: &Accounts) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(scale) = args.offered_scale {
        warnings.push(format!(
            "the recorded calls are offered {scale} times (--offered-scale)"
        ));
    }
    let (mut to_nobody, mut all) = (0u64, 0u64);
    let mut numbers: BTreeSet<PhoneNumber> = BTreeSet::new();
    for to in recorded.offered().filter_map(|it| it.to) {
        all += 1;
        if accounts.find_number(to).is_none() {
            to_nobody += 1;
            numbers.insert(to);
        }
    }
    if let Some(one) = numbers.first() {
        let others = match numbers.len() - 1 {
            0 => String::new(),
            1 => " and one more".to_owned(),
            more => format!(" and {more} more"),
        };
        warnings.push(format!(
            "{to_nobody} of {all} recorded calls {} to numbers that no account of --accounts owns \
             ({one}{others}): nobody can answer them",
            plural(to_nobody, "goes", "go")
        ));
    }
    warnings
}

/// That limits blocked what was admitted when it was recorded.
pub(super) fn of_blocked(summary: &Summary) -> Option<String> {
    let (mut blocked, mut all) = (0, 0);
    for run in &summary.replications {
        blocked += run.counts.outcome(Outcome::Blocked);
        all += run.counts.offered();
    }
    (blocked > 0).then(|| {
        format!(
            "limits blocked {blocked} of {all} simulated calls, though recorded calls were \
             admitted when they were recorded; --base limits.preset=none takes the limits away"
        )
    })
}

/// That the log does not tell all outcomes, and what is compared then.
pub(super) fn of_unknown(unknown: u64) -> Option<String> {
    (unknown > 0).then(|| {
        format!(
            "{} {} no known outcome: the recorded share of answered calls is of the others, the \
             simulated one of all; how many were missed is not compared where there are such calls",
            calls(unknown),
            plural(unknown, "has", "have")
        )
    })
}

fn calls(n: u64) -> String {
    format!("{n} {}", plural(n, "call", "calls"))
}

const fn plural<'a>(n: u64, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}
