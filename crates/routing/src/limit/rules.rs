//! What the limits need to know of each number, looked up once: its class, and whose counters it
//! shares.

use super::params::{AccountScope, FromScope, LimitClass, LimitParams, PoolClass};
use crate::account::{Accounts, Backup, Number, SubAccountId, VoiceAi};

/// A number as the limits see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberRule {
    /// Which limits; none when exempt (IVR).
    pub(super) class: Option<LimitClass>,
    /// Callers are counted together over all numbers with the same scope.
    pub(super) from_scope: u32,
    /// What collects its violations.
    pub(super) account: u32,
}

/// One rule a number, by number id.
pub(super) fn of_numbers(params: &LimitParams, accounts: &Accounts) -> Vec<NumberRule> {
    let by_agency = |id: SubAccountId| agency_or_own(accounts, id);
    let rule = |number: &Number| NumberRule {
        class: params.class_of(number),
        from_scope: match params.from_scope {
            FromScope::Location => number.sub_account.0,
            FromScope::Agency => by_agency(number.sub_account),
            FromScope::Platform => 0,
        },
        account: match params.account {
            AccountScope::Location => number.sub_account.0,
            AccountScope::Agency => by_agency(number.sub_account),
        },
    };
    accounts.numbers().map(|(_, number)| rule(number)).collect()
}

/// Agencies first, then one each for the sub-accounts without an agency.
fn agency_or_own(accounts: &Accounts, id: SubAccountId) -> u32 {
    match accounts.sub_account(id).agency {
        Some(agency) => agency.0,
        None => accounts.agency_count() as u32 + id.0,
    }
}

impl LimitParams {
    /// For each sub-account the number of the account that is blocked with it; empty when each is
    /// blocked alone.
    pub fn blocked_as(&self, accounts: &Accounts) -> Vec<u32> {
        if self.account == AccountScope::Location {
            return Vec::new();
        }
        let all = 0..accounts.sub_accounts().len() as u32;
        all.map(|id| agency_or_own(accounts, SubAccountId(id)))
            .collect()
    }

    /// Which limits hold for this number; none when it is exempt (IVR). The class is the number's,
    /// whatever the hour: a Voice AI outside its hours keeps its limits.
    pub fn class_of(&self, number: &Number) -> Option<LimitClass> {
        if number.ivr {
            return None;
        }
        if number.pool.is_some() && self.pool_class == PoolClass::Regular {
            return Some(LimitClass::Regular);
        }
        Some(match (number.voice_ai, number.backup) {
            (VoiceAi::Direct, _) => LimitClass::VoiceAi,
            (VoiceAi::Backup, _) | (VoiceAi::Off, Backup::VoiceAi) => self.ai_backup_class,
            (VoiceAi::Off, _) => LimitClass::Regular,
        })
    }
}
