//! The worked consequences of domain.md 2.3, both sides of every key, and the laws.

mod blocks;
mod golden;
mod keys;
mod law;
mod silence;

use super::{Admission, LimitParams, Limiter, Verdict};
use crate::account::{
    Accounts, AccountsBuilder, Backup, NewNumber, NewSubAccount, NumberId, VoiceAi,
};
use crate::call::InboundCall;
use crate::number::PhoneNumber;
use crate::record::Cause;
use crate::time::Nanos;

/// The numbers of [`accounts`], by what makes them differ. The first sub-account, `alone`, has no
/// agency: it must not be taken for the first agency.
const ALONE: u32 = 0;
const ALONE_POOL_AI: u32 = 1;
const ALONE_BACKUP_AI: u32 = 2;
/// In the sub-account `main`, of the agency `north`.
const REGULAR: u32 = 3;
const SECOND: u32 = 4;
const VOICE_AI: u32 = 5;
const IVR: u32 = 6;
/// In the sub-account `sister`, of the same agency.
const SISTER_AI_BACKUP: u32 = 7;
const SISTER_POOL: u32 = 8;

fn accounts() -> Accounts {
    let number = |at: u64| NewNumber::new(PhoneNumber::from_digits(15_555_550_100 + at).unwrap());
    let ai = |at, voice_ai| NewNumber {
        voice_ai,
        ..number(at)
    };
    let pool = |at| NewNumber {
        pool: Some("adwords".into()),
        ..number(at)
    };
    let mut builder = AccountsBuilder::new();
    let mut add = |id: &str, agency: Option<&str>, numbers| {
        let agency = agency.map(str::to_owned);
        let new = NewSubAccount {
            id: id.into(),
            agency,
            numbers,
            ..NewSubAccount::default()
        };
        builder.push(&new).unwrap();
    };
    let backup = NewNumber {
        backup: Backup::VoiceAi,
        ..number(2)
    };
    let pool_ai = NewNumber {
        voice_ai: VoiceAi::Direct,
        ..pool(1)
    };
    add("alone", None, vec![number(0), pool_ai, backup]);
    let ivr = NewNumber {
        ivr: true,
        voice_ai: VoiceAi::Direct,
        ..number(6)
    };
    add(
        "main",
        Some("north"),
        vec![number(3), number(4), ai(5, VoiceAi::Direct), ivr],
    );
    add(
        "sister",
        Some("north"),
        vec![ai(7, VoiceAi::Backup), pool(8)],
    );
    builder.finish()
}

/// A limiter under test, called in whole milliseconds. Caller 0 is private.
struct Desk {
    accounts: Accounts,
    limiter: Limiter,
}

impl Desk {
    fn new(params: LimitParams) -> Self {
        Self::starting_at(params, Nanos::ZERO)
    }

    fn starting_at(params: LimitParams, start_offset: Nanos) -> Self {
        let accounts = accounts();
        let limiter = Limiter::new(&params, &accounts, start_offset);
        Self { accounts, limiter }
    }

    fn call(&mut self, caller: u64, number: u32, at_ms: u64) -> Verdict {
        let number = NumberId(number);
        let call = InboundCall {
            from: caller_number(caller),
            to: self.accounts.number(number).number,
        };
        self.limiter.admit(&call, number, Nanos(at_ms * 1_000_000))
    }

    /// The same caller so many times at one moment; the last verdict.
    fn burst(&mut self, calls: u32, caller: u64, number: u32, at_ms: u64) -> Verdict {
        (0..calls)
            .map(|_| self.call(caller, number, at_ms))
            .last()
            .unwrap()
    }

    /// So many callers, one call each, at one moment; the last verdict.
    fn crowd(&mut self, callers: u64, number: u32, at_ms: u64) -> Verdict {
        (0..callers)
            .map(|n| self.call(1_000_000 + at_ms * 1000 + n, number, at_ms))
            .last()
            .unwrap()
    }
}

/// From the unassigned country code 999.
fn caller_number(caller: u64) -> Option<PhoneNumber> {
    if caller == 0 {
        None
    } else {
        PhoneNumber::from_digits(999_000_000_000_000 + caller)
    }
}

fn over(cause: Cause, count: u32) -> Verdict {
    Verdict::Blocked {
        cause,
        count,
        violations: 1,
        blocks_account: false,
    }
}

fn tips(cause: Cause, count: u32) -> Verdict {
    Verdict::Blocked {
        cause,
        count,
        violations: 1,
        blocks_account: true,
    }
}

fn account_blocked(count: u32) -> Verdict {
    Verdict::Blocked {
        cause: Cause::Account,
        count,
        violations: 0,
        blocks_account: false,
    }
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn with(change: impl FnOnce(&mut LimitParams)) -> Desk {
    let mut params = LimitParams::default();
    change(&mut params);
    Desk::new(params)
}

/// One caller, so many calls at 0; how many were admitted.
fn admitted(desk: &mut Desk, calls: u32, caller: u64, number: u32) -> usize {
    (0..calls)
        .filter(|_| desk.call(caller, number, 0).is_admitted())
        .count()
}

/// One caller's admitted calls of 250, with no account ever blocked: 10 regular, 200 Voice AI.
fn class_shown(number: u32, change: impl FnOnce(&mut LimitParams)) -> usize {
    let mut desk = with(|it| {
        it.violations_per_hour = 1000;
        change(it);
    });
    admitted(&mut desk, 250, 1, number)
}
