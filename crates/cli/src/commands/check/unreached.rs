//! Calls that never reach the back end, in words.

use capacity::Job;
use capacity::unreached::{Unreached, find};
use report::lint::Row;
use routing::lint::Finding;

/// The most numbers of a log that are named.
const MOST_NAMED: usize = 5;

/// Every finding about the scenario's calls, and calls of logs that are left out.
pub(super) fn rows(job: &Job, findings: &[Finding]) -> Vec<Row> {
    let left_out = job.left_out.iter().map(|(calls, why)| Row {
        kind: "calls-left-out",
        help: "they are not offered: lay start and duration around them",
        sub_account: String::new(),
        at: "arrivals".to_owned(),
        detail: format!("{calls} calls of the log {why}"),
    });
    left_out
        .chain(find(job, findings).iter().map(|it| row(it, job)))
        .collect()
}

fn row(found: &Unreached, job: &Job) -> Row {
    let of_arrivals = |kind, arrivals: &usize, detail, help| Row {
        kind,
        help,
        sub_account: String::new(),
        at: format!("arrivals.{arrivals}"),
        detail,
    };
    match found {
        Unreached::NoCalls { arrivals } => of_arrivals(
            "no-calls",
            arrivals,
            String::new(),
            "it brings no call within the run: look at its rates, start and duration",
        ),
        Unreached::NobodyOwns {
            arrivals,
            calls,
            numbers,
        } => of_arrivals(
            "nobody-owns",
            arrivals,
            nobody_owns(*calls, numbers),
            "these calls end as dropped/unknown-number: add the numbers to the accounts",
        ),
        Unreached::OnlyDeadEnds { arrivals } => of_arrivals(
            "only-dead-ends",
            arrivals,
            String::new(),
            "every number that it calls drops every call: see the dead ends above",
        ),
        Unreached::OverToLimit {
            number,
            per_minute,
            limit,
        } => Row {
            kind: "over-to-limit",
            help: "what is above is blocked before the back end, and may block the account",
            sub_account: id_of(job, job.plan.accounts.number(*number).sub_account),
            at: job.plan.accounts.number(*number).number.to_string(),
            detail: format!("{per_minute:.1} calls in its busiest minute, limit {limit}"),
        },
        Unreached::OverPrivateLimit {
            sub_account,
            per_minute,
            limit,
        } => Row {
            kind: "over-private-limit",
            help: "withheld callers count as one (limits.anonymous_from): what is above is blocked",
            sub_account: id_of(job, *sub_account),
            at: String::new(),
            detail: format!("{per_minute:.1} private calls in its busiest minute, limit {limit}"),
        },
    }
}

fn id_of(job: &Job, id: routing::account::SubAccountId) -> String {
    job.plan.accounts.sub_account(id).id.to_string()
}

fn nobody_owns(calls: u64, numbers: &[routing::PhoneNumber]) -> String {
    let named: Vec<String> = numbers
        .iter()
        .take(MOST_NAMED)
        .map(ToString::to_string)
        .collect();
    let more = numbers.len() - named.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{calls} calls to {}{more}", named.join(", "))
}
