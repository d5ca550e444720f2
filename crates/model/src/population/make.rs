//! One sub-account: its users, numbers, menus and contacts, from its draws.

use std::fmt::Write as _;
use std::sync::Arc;

use routing::account::{
    Backup, HoldStaff, Name, Number, PersonId, Prefer, Resolved, SubAccountId, User, UserId,
    VoiceAi,
};
use routing::hours::WeekHours;

use super::item::{Item, Kind, among, of_account, of_branch, of_number, of_user};
use super::keys::Odd;
use super::{Made, NumberOf, Population};
use crate::Share;
use crate::draws::below;
use crate::ivr::{Branch, Connect, Then, Workflow};

/// What a whisper of a population says.
const WHISPER: &str = "Call for {{location.name}}";
/// What a broken one says: no sub-account has custom values.
const BROKEN_WHISPER: &str = "About {{custom_values.offer}}";
/// The pool of a sub-account that has one.
const POOL: &str = "adverts";

impl Population {
    /// Makes the sub-account at this place, below [`Population::sub_accounts`]. What `made` held
    /// before is gone.
    pub fn make(&self, at: u32, made: &mut Made) {
        made.resolved.clear();
        made.workflows.clear();
        let sizes = self.sizes(at);
        let staff = sizes.users as u32;
        let own: Item<3> = self.item(Kind::SubAccount, at, 0);
        self.account(at, &own, &mut made.resolved);
        for place in 0..staff {
            let user = self.user(at, place);
            made.resolved.users.push(user);
        }
        let first_owner = if staff > 0 {
            own.one_of(of_account::FIRST_OWNER, staff)
        } else {
            0
        };
        let pool = sizes.numbers >= 5 && own.is(of_account::POOL, self.odds(Odd::Pool));
        let looped = own.is(of_account::LOOP, self.odds(Odd::Loop));
        for place in 0..sizes.numbers as u32 {
            let item: Item<4> = self.item(Kind::Number, at, place);
            let mut number = self.number(at, place, &item);
            if place < staff && item.is(of_number::OWNED, self.odds(Odd::Owned)) {
                number.assigned_to = Some(UserId((first_owner + place) % staff));
            }
            if pool && place > 0 {
                number.pool = Some(POOL.into());
                number.forward_to = Some(NumberOf::Forwarding.number(at, 0));
            }
            if looped && place < 2 {
                let back = if sizes.numbers > 1 { 1 - place } else { 0 };
                number.assigned_to = None;
                number.forward_to = Some(NumberOf::Account.number(at, back));
            }
            self.team(&item, &mut number, staff);
            if number.ivr {
                let workflow = self.workflow(at, place, staff, &item);
                made.workflows.push((place, workflow));
            }
            made.resolved.numbers.push(number);
        }
        self.contacts(at, sizes.contacts, staff, &mut made.resolved);
    }

    fn account(&self, at: u32, item: &Item<3>, resolved: &mut Resolved) {
        let mut id = ShortText::default();
        let _ = write!(id, "s{at:06}");
        let is = |at, odd| item.is(at, self.odds(odd));
        let it = &mut resolved.account;
        it.id = Name::from(id.as_str());
        it.business_phone = is(of_account::BUSINESS_PHONE, Odd::BusinessPhone)
            .then(|| NumberOf::Business.number(at, 0));
        it.forward_to_business_phone = !is(of_account::NOT_FORWARDED, Odd::NotForwarded);
        if is(of_account::PREFERS_CONTACT, Odd::PrefersContact) {
            it.prefer = Prefer::ContactOwner;
        }
        it.allow_private_calls = !is(of_account::REFUSES_PRIVATE, Odd::RefusesPrivate);
        it.voicemail_greeting = is(of_account::GREETING, Odd::CompanyGreeting);
        let set = item.within(of_account::RING_TIME, self.odds(Odd::CompanyTimeout));
        it.incoming_timeout = self.ring_time(set);
        resolved.agency = at.checked_div(self.agency_size).map(agency_name);
    }

    /// The ring time of this uniform, where one is set.
    fn ring_time(&self, set: Option<u32>) -> Option<routing::Nanos> {
        among(set?, &self.rings).copied()
    }

    fn user(&self, at: u32, place: u32) -> (User, Option<String>) {
        let item: Item<2> = self.item(Kind::User, at, place);
        let is = |at, odd| item.is(at, self.odds(odd));
        let mut id = ShortText::default();
        let _ = write!(id, "u{place}");
        let shift = item.beyond(of_user::SHIFT, self.odds(Odd::LoggedOut));
        let set = item.within(of_user::RING_TIME, self.odds(Odd::UserTimeout));
        let mut user = User {
            id: Name::from(id.as_str()),
            sub_account: SubAccountId(0),
            person: PersonId(0),
            phone: None,
            extension: None,
            web_app: is(of_user::WEB, Odd::Web),
            mobile_app: is(of_user::MOBILE, Odd::Mobile),
            desk_phone: is(of_user::DESK, Odd::Desk),
            client: None,
            sip: None,
            incoming_timeout: self.ring_time(set),
            voicemail_greeting: is(of_user::GREETING, Odd::UserGreeting),
            available: shift.is_some(),
            hours: None,
            ring_more_device: None,
            ivr_device: None,
        };
        let has_phone = is(of_user::PHONE, Odd::OwnPhone);
        let shared = item.within(of_user::SHARED, self.odds(Odd::Shared));
        let Some(who) = shared.filter(|_| self.agency_size > 0 && self.agency_staff > 0) else {
            user.phone = has_phone.then(|| NumberOf::User.number(at, place));
            user.hours = self.shift(shift);
            return (user, None);
        };
        // The person is the same in every sub-account: so are its phone and its hours.
        let agency = at / self.agency_size;
        let who = below(who, self.agency_staff);
        let person: Item<2> = self.item(Kind::AgencyStaff, agency, who);
        let its_shift = person.beyond(of_user::SHIFT, self.odds(Odd::LoggedOut));
        user.phone = has_phone.then(|| NumberOf::AgencyStaff.number(agency, who));
        user.hours = self.shift(shift.and(its_shift));
        (user, Some(format!("{}.p{who}", agency_name(agency))))
    }

    /// The hours of this uniform, of somebody who is logged in at all.
    fn shift(&self, uniform: Option<u32>) -> Option<Arc<WeekHours>> {
        among(uniform?, &self.shifts).map(Arc::clone)
    }

    /// A number but for its owner and its team.
    fn number(&self, at: u32, place: u32, item: &Item<4>) -> Number {
        let is = |at, odd| item.is(at, self.odds(odd));
        let set = item.within(of_number::RING_TIME, self.odds(Odd::NumberTimeout));
        let whisper = item.within(of_number::WHISPER, self.odds(Odd::Whisper));
        let whisper = whisper.map(|left| {
            let broken = u64::from(left) < self.odds(Odd::BrokenWhisper);
            if broken { BROKEN_WHISPER } else { WHISPER }
        });
        let ai = [
            (self.odds(Odd::AiDirect), VoiceAi::Direct),
            (self.odds(Odd::AiBackup), VoiceAi::Backup),
        ];
        let backups = [
            (self.odds(Odd::Held), Backup::Hold),
            (self.odds(Odd::BackupAi), Backup::VoiceAi),
            (self.odds(Odd::NoBackup), Backup::None),
        ];
        let voice_ai = among(item.uniform(of_number::VOICE_AI), &ai).copied();
        let by_hours = voice_ai.is_some() && is(of_number::AI_HOURS, Odd::AiByHours);
        let backup = among(item.uniform(of_number::BACKUP), &backups).copied();
        Number {
            number: NumberOf::Account.number(at, place),
            sub_account: SubAccountId(0),
            assigned_to: None,
            forward_to: is(of_number::FORWARDED, Odd::Forwarded)
                .then(|| NumberOf::Forwarding.number(at, place)),
            ring_more: Box::default(),
            incoming_timeout: self.ring_time(set),
            voice_capable: !is(of_number::NOT_CAPABLE, Odd::NotCapable),
            whisper: whisper.map(Into::into),
            call_connect: is(of_number::CALL_CONNECT, Odd::CallConnect),
            pass_called_number: is(of_number::PASSES_CALLED, Odd::PassesCalled),
            pool: None,
            ivr: is(of_number::IVR, Odd::Ivr),
            voice_ai: voice_ai.unwrap_or(VoiceAi::Off),
            voice_ai_hours: self
                .voice_ai_hours
                .as_ref()
                .filter(|_| by_hours)
                .map(Arc::clone),
            backup: backup.unwrap_or(Backup::Voicemail),
            hold_staff: HoldStaff::Default,
            hold_room: None,
        }
    }

    /// Who else rings, and who serves the callers on hold: everybody.
    fn team(&self, item: &Item<4>, number: &mut Number, staff: u32) {
        if staff == 0 {
            return;
        }
        if let Some(left) = item.within(of_number::RING_MORE, self.odds(Odd::RingMore)) {
            let first = below(left, staff);
            let wanted = self.extra_users.draw(item.uniform(of_number::EXTRA_USERS)) as usize;
            let others = (0..staff).map(|at| UserId((first + at) % staff));
            let others = others.filter(|user| Some(*user) != number.assigned_to);
            number.ring_more = others.take(wanted).collect();
        }
        if number.backup == Backup::Hold {
            number.hold_staff = HoldStaff::Users((0..staff).map(UserId).collect());
        }
    }

    fn workflow(&self, at: u32, place: u32, staff: u32, item: &Item<4>) -> Workflow {
        let branches = if staff > 0 {
            self.ivr_branches.draw(item.uniform(of_number::BRANCHES))
        } else {
            0
        };
        let share = self.connects / f64::from(branches.max(1));
        let branch = |which: u32| {
            // A number has at most 64 branches.
            let item: Item<1> = self.item(Kind::Branch, at, place << 6 | (which & 63));
            let first = item.one_of(of_branch::FIRST_USER, staff);
            let users = self
                .ivr_users
                .draw(item.uniform(of_branch::USERS))
                .min(staff);
            let user = |user: u32| Connect::User(UserId((first + user) % staff));
            let voicemail = item.is(of_branch::VOICEMAIL, self.odds(Odd::IvrVoicemail));
            Branch {
                share: Share::new(share).unwrap_or(Share::NEVER),
                connect: (0..users).map(user).collect(),
                connect_timeout: self.ivr_timeout,
                then: if voicemail {
                    Then::Voicemail
                } else {
                    Then::End
                },
            }
        };
        Workflow {
            menu: self.ivr_menu.clone(),
            hang_up: self.hang_up,
            branches: (0..branches).map(branch).collect(),
        }
    }

    /// Four contacts share a block of draws; an owner is drawn from what the share leaves of it.
    fn contacts(&self, at: u32, count: usize, staff: u32, resolved: &mut Resolved) {
        if count == 0 {
            return;
        }
        resolved.first_contact = Some(NumberOf::Contact.number(at, 0));
        let owned = self.odds(Odd::ContactOwner);
        let owner = |uniform: u32| {
            let uniform = u64::from(uniform);
            if uniform >= owned || staff == 0 {
                return Resolved::NOBODY;
            }
            (uniform * u64::from(staff) / owned) as u16
        };
        let owners = &mut resolved.contact_owners;
        while owners.len() < count {
            let block = owners.len() as u32 / 4;
            let some: Item<8> = Item::new(&self.draws, Kind::Contact, at, 0, block);
            let left = count - owners.len();
            owners.extend(some.all().take(left).map(owner));
        }
    }
}

fn agency_name(agency: u32) -> String {
    format!("a{agency:05}")
}

/// Room for the text of a short name.
#[derive(Default)]
struct ShortText {
    bytes: [u8; 16],
    length: usize,
}

impl ShortText {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl std::fmt::Write for ShortText {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        let room = self
            .bytes
            .get_mut(self.length..end)
            .ok_or(std::fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
