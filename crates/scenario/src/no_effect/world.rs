//! What there is in the accounts and the arrivals that a key could act on.

use model::callers::Callers;
use model::ivr::{Connect, Then, Workflow};
use routing::PhoneNumber;
use routing::account::{Accounts, Backup, Number, NumberId, User, VoiceAi};
use routing::policy::whisper_resolves;

use crate::scenario::Scenario;

/// Facts, each gathered once.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) web: bool,
    pub(crate) mobile: bool,
    pub(crate) desk: bool,
    pub(crate) phone: bool,
    pub(crate) hold: bool,
    /// Some callers on hold are served by named users.
    pub(crate) named_staff: bool,
    pub(crate) voice_ai: bool,
    pub(crate) direct_ai: bool,
    /// A Voice AI that is only a number's backup.
    pub(crate) backup_ai: bool,
    pub(crate) pool: bool,
    pub(crate) ivr: bool,
    /// Some workflow connects users.
    pub(crate) ivr_users: bool,
    pub(crate) call_connect: bool,
    pub(crate) voicemail: bool,
    pub(crate) broken_whisper: bool,
    pub(crate) agencies: usize,
    pub(crate) sub_accounts: usize,
    /// Somebody is not logged in at all times.
    pub(crate) logged_out: bool,
    /// A leg may lead to one of our own numbers.
    pub(crate) redirects: bool,
    pub(crate) private_callers: bool,
}

impl World {
    pub(crate) fn of(accounts: &Accounts, workflows: &[(NumberId, Workflow)]) -> Self {
        let mut world = Self {
            agencies: accounts.agency_count(),
            sub_accounts: accounts.sub_accounts().len(),
            private_callers: true,
            ..Self::default()
        };
        let ours = |number: Option<PhoneNumber>| {
            number.is_some_and(|number| accounts.find_number(number).is_some())
        };
        for (_, user) in accounts.users() {
            world.user(user);
            world.redirects |= ours(user.phone);
        }
        for (id, number) in accounts.numbers() {
            world.number(number);
            world.redirects |= ours(number.forward_to);
            world.named_staff |=
                number.backup == Backup::Hold && !accounts.hold_users(id).is_empty();
            let account = accounts.sub_account(number.sub_account);
            let resolves = |text: &str| whisper_resolves(account, text);
            world.broken_whisper |= number
                .whisper
                .as_deref()
                .is_some_and(|text| !resolves(text));
        }
        for (_, account) in accounts.sub_accounts() {
            world.phone |= account.business_phone.is_some();
            world.redirects |= ours(account.business_phone);
        }
        for branch in workflows
            .iter()
            .flat_map(|(_, workflow)| &workflow.branches)
        {
            world.voicemail |= branch.then == Then::Voicemail;
            for connect in &branch.connect {
                match connect {
                    Connect::User(_) => world.ivr_users = true,
                    Connect::Number(number) => {
                        world.phone = true;
                        world.redirects |= ours(Some(*number));
                    }
                }
            }
        }
        world
    }

    pub(crate) fn of_scenario(scenario: &Scenario) -> Self {
        let mut world = Self::of(&scenario.accounts, &scenario.workflows);
        let private = |it: &model::arrivals::Source| {
            it.targets.is_none() || matches!(it.callers, Callers::Private)
        };
        world.private_callers = scenario.sources.iter().any(private);
        world
    }

    fn user(&mut self, user: &User) {
        self.web |= user.web_app;
        self.mobile |= user.mobile_app;
        self.desk |= user.desk_phone;
        self.phone |= user.phone.is_some();
        self.logged_out |= !user.available || user.hours.is_some();
    }

    fn number(&mut self, number: &Number) {
        self.phone |= number.forward_to.is_some();
        self.hold |= number.backup == Backup::Hold;
        self.direct_ai |= number.voice_ai == VoiceAi::Direct;
        let backup_ai = number.voice_ai == VoiceAi::Backup || number.backup == Backup::VoiceAi;
        self.voice_ai |= backup_ai || number.voice_ai == VoiceAi::Direct;
        self.backup_ai |= backup_ai && number.voice_ai != VoiceAi::Direct;
        self.pool |= number.pool.is_some();
        self.ivr |= number.ivr;
        self.call_connect |= number.call_connect;
        self.voicemail |= number.backup == Backup::Voicemail;
    }
}
