//! Findings in accounts, in words.

use routing::account::{Accounts, NumberId};
use routing::lint::{Caller, Case, Detail, Finding, LintSettings, lint};
use routing::params::RoutingParams;
use routing::policy::{RingLevel, RoutingPolicy};
use serde_json::{Value, json};

/// One finding, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its kind.
    pub kind: &'static str,
    /// What it means and what to do.
    pub help: &'static str,
    /// In which sub-account.
    pub sub_account: String,
    /// At which number or user.
    pub at: String,
    /// What was seen; may be empty.
    pub detail: String,
}

impl Row {
    /// One line.
    pub fn text(&self) -> String {
        let Self {
            kind,
            help,
            sub_account,
            at,
            detail,
        } = self;
        let seen = if detail.is_empty() {
            String::new()
        } else {
            format!(" ({detail})")
        };
        format!("{kind} at {sub_account} {at}{seen}: {help}")
    }

    /// As an object.
    pub fn json(&self) -> Value {
        json!({
            "kind": self.kind,
            "sub_account": self.sub_account,
            "at": self.at,
            "detail": self.detail,
            "help": self.help,
        })
    }
}

/// All findings under this policy, in their order.
pub fn rows(
    accounts: &Accounts,
    policy: &dyn RoutingPolicy,
    params: &RoutingParams,
    settings: &LintSettings,
) -> Vec<Row> {
    lint(policy, accounts, params, settings)
        .iter()
        .map(|it| row(it, accounts))
        .collect()
}

fn row(finding: &Finding, accounts: &Accounts) -> Row {
    let number = |id: NumberId| accounts.number(id).number.to_string();
    let at = match (finding.number, finding.user) {
        (Some(id), _) => number(id),
        (None, Some(user)) => accounts.user(user).id.to_string(),
        (None, None) => String::new(),
    };
    Row {
        kind: finding.kind.name(),
        help: finding.kind.help(),
        sub_account: accounts.sub_account(finding.sub_account).id.to_string(),
        at,
        detail: detail(&finding.detail, accounts),
    }
}

fn detail(seen: &Detail, accounts: &Accounts) -> String {
    match seen {
        Detail::Nothing => String::new(),
        Detail::Loop(path) => {
            let mut hops: Vec<String> = path
                .iter()
                .map(|id| accounts.number(*id).number.to_string())
                .collect();
            hops.extend(hops.first().cloned());
            hops.join(" -> ")
        }
        Detail::Drop { cause, case } => {
            format!("{} for {}", cause.name(), case_text(*case, accounts))
        }
        Detail::RingTime { set, rings, level } => {
            format!("{set} set by {}, rings {rings}", level_text(*level))
        }
        Detail::Placeholder(text) => format!("{{{{{text}}}}}"),
        Detail::Device(device) => device.name().to_owned(),
        Detail::Phone(phone) => phone.to_string(),
        Detail::Cut(legs) => format!("{legs} cut"),
    }
}

fn level_text(level: RingLevel) -> &'static str {
    level.name()
}

fn case_text(case: Case, accounts: &Accounts) -> String {
    let who = match case.caller {
        Caller::Unknown => "an unknown caller".to_owned(),
        Caller::Private => "a private caller".to_owned(),
        Caller::Contact(None) => "a contact without owner".to_owned(),
        Caller::Contact(Some(owner)) => format!("a contact of {}", accounts.user(owner).id),
    };
    if case.logged_in {
        who
    } else {
        format!("{who} with all apps logged out")
    }
}
