//! What can fire when a call is decided, and how often it did.

use std::collections::BTreeMap;
use std::fmt;

use routing::account::{Accounts, UserId};
use routing::call::InboundCall;
use routing::decision::{Decision, DropCause};
use routing::policy::RingLevel;
use routing::trace::{Fact, RuleId, Step, Verdict};

/// Something that can fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A rule of the policy.
    Rule(RuleId),
    /// A row of the device table of 2024, 1 to 16 (15 repeats 6).
    Row(u8),
    /// A cause of a drop or a refusal.
    Cause(DropCause),
    /// Where the ring time comes from.
    Timeout(RingLevel),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => write!(f, "rule {}", rule.name()),
            Self::Row(row) => write!(f, "device row {row}"),
            Self::Cause(cause) => write!(f, "cause {}", cause.name()),
            Self::Timeout(level) => write!(f, "ring time of {}", level.name()),
        }
    }
}

/// Web, mobile, user phone, forwarding, business phone: the rows of the table (domain.md 1.2).
const ROWS: [(&str, u8); 15] = [
    ("YYYYY", 1),
    ("YYYYN", 2),
    ("YYYNY", 3),
    ("YYYNN", 4),
    ("YYNNN", 5),
    ("YNNNN", 6),
    ("YYNYY", 7),
    ("YYNNY", 8),
    ("NNYYY", 9),
    ("NNYNN", 10),
    ("NNYYN", 11),
    ("NNNNN", 12),
    ("NNNYY", 13),
    ("NNNNY", 14),
    ("NYNNN", 16),
];

/// The sources of a ring time in an accounts file.
const LEVELS: [RingLevel; 4] = [
    RingLevel::User,
    RingLevel::Number,
    RingLevel::Company,
    RingLevel::Default,
];

/// How often each item fired.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(BTreeMap<Item, u32>);

impl Coverage {
    /// How often this one did.
    pub fn of(&self, item: Item) -> u32 {
        self.0.get(&item).copied().unwrap_or(0)
    }

    /// All that fired, in order.
    pub fn fired(&self) -> impl Iterator<Item = (Item, u32)> {
        self.0.iter().map(|(item, count)| (*item, *count))
    }

    /// Notes what fired for one call.
    pub fn add(&mut self, items: &[Item]) {
        for item in items {
            *self.0.entry(*item).or_default() += 1;
        }
    }

    /// Whether one of these has fired less often than this.
    pub fn wants(&self, items: &[Item], least: u32) -> bool {
        items.iter().any(|item| self.of(*item) < least)
    }
}

/// What fired when this call was decided.
pub fn fired(
    accounts: &Accounts,
    call: &InboundCall,
    decision: &Decision,
    steps: &[Step],
) -> Vec<Item> {
    let mut items: Vec<Item> = steps
        .iter()
        .filter(|step| step.verdict != Verdict::Passes)
        .map(|step| Item::Rule(step.rule))
        .collect();
    items.extend(decision.finally.cause().map(Item::Cause));
    let timeouts = steps.iter().filter(|step| step.rule == RuleId::Timeout);
    items.extend(timeouts.filter_map(level).map(Item::Timeout));
    // Before the policy nobody's devices are looked at.
    let rung = steps.iter().any(|step| {
        matches!(
            step.rule,
            RuleId::NumberOwner | RuleId::ContactOwner | RuleId::BothAssigned
        )
    });
    if rung {
        items.extend(row(accounts, call).map(Item::Row));
    }
    items.sort_unstable();
    items.dedup();
    items
}

fn level(step: &Step) -> Option<RingLevel> {
    let word = step.saw.iter().find_map(|(name, fact)| match fact {
        Fact::Word(word) if *name == "level" => Some(*word),
        _ => None,
    })?;
    LEVELS.into_iter().find(|level| level.name() == word)
}

/// The row of the table that this call is, if it is one: the number's owner, else the contact's.
fn row(accounts: &Accounts, call: &InboundCall) -> Option<u8> {
    let number = accounts.number(accounts.find_number(call.to)?);
    let account = accounts.sub_account(number.sub_account);
    let contact = || {
        accounts
            .find_contact(number.sub_account, call.from?)?
            .assigned_to
    };
    let owner: UserId = number.assigned_to.or_else(contact)?;
    let owner = accounts.user(owner);
    let business = account.business_phone.is_some() && account.forward_to_business_phone;
    let flags = [
        owner.web_app,
        owner.mobile_app,
        owner.phone.is_some(),
        number.forward_to.is_some(),
        business,
    ];
    let word: String = flags.map(|is| if is { 'Y' } else { 'N' }).iter().collect();
    let found = ROWS.iter().find(|(row, _)| *row == word);
    // The table knows no desk phone.
    found.filter(|_| !owner.desk_phone).map(|(_, row)| *row)
}

/// All that should fire under a policy with this name, if the accounts allow it.
pub fn wanted(policy: &str) -> Vec<Item> {
    use RuleId as R;
    let everywhere = [
        R::UnknownNumber,
        R::NotVoiceCapable,
        R::PrivateCaller,
        R::Ivr,
        R::VoiceAiDirect,
        R::Pool,
        R::WhisperFault,
        R::Timeout,
        R::Backup,
        R::Greeting,
    ];
    let own: &[RuleId] = match policy {
        "stages-2026" => &[R::NumberOwner, R::ContactOwner, R::PhoneSlot, R::RingMore],
        "table-2024" => &[
            R::NumberOwner,
            R::ContactOwner,
            R::PhoneSlot,
            R::EmptyTargets,
        ],
        "priority-2025" => &[
            R::NumberOwner,
            R::ContactOwner,
            R::RingMore,
            R::Forwarding,
            R::BusinessPhone,
        ],
        "tree-owner-first" => &[
            R::NumberOwner,
            R::ContactOwner,
            R::RingMore,
            R::Forwarding,
            R::BusinessPhone,
            R::EmptyTargets,
        ],
        "strict-both" => &[
            R::BothAssigned,
            R::Forwarding,
            R::BusinessPhone,
            R::EmptyTargets,
        ],
        "layers-legacy" => &[
            R::ContactOwner,
            R::Forwarding,
            R::BusinessPhone,
            R::EmptyTargets,
        ],
        _ => &[],
    };
    let rows = ROWS.iter().map(|(_, row)| Item::Row(*row));
    let causes = DropCause::ALL.into_iter().map(Item::Cause);
    let mut items: Vec<Item> = everywhere
        .into_iter()
        .chain(own.iter().copied())
        .map(Item::Rule)
        .chain(rows)
        .chain(causes)
        .chain(LEVELS.into_iter().map(Item::Timeout))
        .collect();
    items.sort_unstable();
    items
}
