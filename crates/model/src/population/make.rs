//! One sub-account: its users, numbers, menus and contacts, from its draws.

use std::fmt::Write as _;
use std::sync::Arc;

use routing::account::{
    Backup, HoldStaff, Name, Number, PersonId, Prefer, Resolved, SubAccountId, User, UserId,
    VoiceAi,
};
use routing::hours::WeekHours;

use super::item::{Item, Kind, Pick};
use super::keys::Odd;
use super::{Made, NumberOf, Population};
use crate::Share;
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
        let mut own = self.item(Kind::SubAccount, at, 0);
        self.account(at, &mut own, &mut made.resolved);
        for place in 0..staff {
            let user = self.user(at, place);
            made.resolved.users.push(user);
        }
        let first_owner = if staff > 0 {
            own.one_of(Pick::FirstOwner, staff)
        } else {
            0
        };
        let pool = sizes.numbers >= 5 && own.is(Odd::Pool);
        let looped = own.is(Odd::Loop);
        for place in 0..sizes.numbers as u32 {
            let mut item = self.item(Kind::Number, at, place);
            let mut number = self.number(at, place, &mut item);
            if place < staff && item.is(Odd::Owned) {
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
            self.team(&mut item, &mut number, staff);
            if number.ivr {
                let workflow = self.workflow(at, place, staff, &mut item);
                made.workflows.push((place, workflow));
            }
            made.resolved.numbers.push(number);
        }
        self.contacts(at, sizes.contacts, staff, &mut made.resolved);
    }

    fn account(&self, at: u32, item: &mut Item<'_>, resolved: &mut Resolved) {
        let mut id = ShortText::default();
        let _ = write!(id, "s{at:06}");
        let it = &mut resolved.account;
        it.id = Name::from(id.as_str());
        it.business_phone = item
            .is(Odd::BusinessPhone)
            .then(|| NumberOf::Business.number(at, 0));
        it.forward_to_business_phone = !item.is(Odd::NotForwarded);
        if item.is(Odd::PrefersContact) {
            it.prefer = Prefer::ContactOwner;
        }
        it.allow_private_calls = !item.is(Odd::RefusesPrivate);
        it.voicemail_greeting = item.is(Odd::CompanyGreeting);
        it.incoming_timeout = self.ring_time(item, Odd::CompanyTimeout);
        resolved.agency = at.checked_div(self.agency_size).map(agency_name);
    }

    /// A ring time where one is set.
    fn ring_time(&self, item: &mut Item<'_>, set: Odd) -> Option<routing::Nanos> {
        if !item.is(set) {
            return None;
        }
        item.among(Pick::RingTime, &self.rings).copied()
    }

    fn user(&self, at: u32, place: u32) -> (User, Option<String>) {
        let mut item = self.item(Kind::User, at, place);
        let mut id = ShortText::default();
        let _ = write!(id, "u{place}");
        let mut user = User {
            id: Name::from(id.as_str()),
            sub_account: SubAccountId(0),
            person: PersonId(0),
            phone: None,
            extension: None,
            web_app: item.is(Odd::Web),
            mobile_app: item.is(Odd::Mobile),
            desk_phone: item.is(Odd::Desk),
            client: None,
            sip: None,
            incoming_timeout: None,
            voicemail_greeting: false,
            available: true,
            hours: None,
            ring_more_device: None,
            ivr_device: None,
        };
        let has_phone = item.is(Odd::OwnPhone);
        user.available = !item.is(Odd::LoggedOut);
        user.voicemail_greeting = item.is(Odd::UserGreeting);
        user.incoming_timeout = self.ring_time(&mut item, Odd::UserTimeout);
        let shared = self.agency_size > 0 && self.agency_staff > 0 && item.is(Odd::Shared);
        if !shared {
            user.phone = has_phone.then(|| NumberOf::User.number(at, place));
            user.hours = self.shift(&mut item).filter(|_| user.available);
            return (user, None);
        }
        // The person is the same in every sub-account: so are its phone and its hours.
        let agency = at / self.agency_size;
        let who = item.one_of(Pick::AgencyPerson, self.agency_staff);
        let mut person = self.item(Kind::AgencyStaff, agency, who);
        user.phone = has_phone.then(|| NumberOf::AgencyStaff.number(agency, who));
        user.hours = self.shift(&mut person).filter(|_| user.available);
        (user, Some(format!("{}.p{who}", agency_name(agency))))
    }

    fn shift(&self, item: &mut Item<'_>) -> Option<Arc<WeekHours>> {
        item.among(Pick::Shift, &self.shifts).map(Arc::clone)
    }

    /// A number but for its owner and its team.
    fn number(&self, at: u32, place: u32, item: &mut Item<'_>) -> Number {
        let forward = item.is(Odd::Forwarded);
        let incoming_timeout = self.ring_time(item, Odd::NumberTimeout);
        let call_connect = item.is(Odd::CallConnect);
        let whisper = item.is(Odd::Whisper);
        let broken = whisper && item.is(Odd::BrokenWhisper);
        let whisper = whisper.then(|| if broken { BROKEN_WHISPER } else { WHISPER }.into());
        let pass_called_number = item.is(Odd::PassesCalled);
        let voice_capable = !item.is(Odd::NotCapable);
        let ivr = item.is(Odd::Ivr);
        let voice_ai = self.voice_ai(item);
        let hours = voice_ai != VoiceAi::Off && item.is(Odd::AiByHours);
        Number {
            number: NumberOf::Account.number(at, place),
            sub_account: SubAccountId(0),
            assigned_to: None,
            forward_to: forward.then(|| NumberOf::Forwarding.number(at, place)),
            ring_more: Box::default(),
            incoming_timeout,
            voice_capable,
            whisper,
            call_connect,
            pass_called_number,
            pool: None,
            ivr,
            voice_ai,
            voice_ai_hours: self.voice_ai_hours.clone().filter(|_| hours),
            backup: self.backup(item),
            hold_staff: HoldStaff::Default,
            hold_room: None,
        }
    }

    fn voice_ai(&self, item: &mut Item<'_>) -> VoiceAi {
        let odds = [Odd::AiDirect, Odd::AiBackup];
        let values = [VoiceAi::Direct, VoiceAi::Backup];
        self.either(item, Pick::VoiceAi, odds, values)
            .unwrap_or(VoiceAi::Off)
    }

    fn backup(&self, item: &mut Item<'_>) -> Backup {
        let odds = [Odd::Held, Odd::BackupAi, Odd::NoBackup];
        let values = [Backup::Hold, Backup::VoiceAi, Backup::None];
        self.either(item, Pick::Backup, odds, values)
            .unwrap_or(Backup::Voicemail)
    }

    /// At most one of several that exclude each other.
    fn either<T: Copy, const N: usize>(
        &self,
        item: &mut Item<'_>,
        pick: Pick,
        odds: [Odd; N],
        values: [T; N],
    ) -> Option<T> {
        let shares: [(u64, T); N] =
            std::array::from_fn(|at| (self.odds[odds[at] as usize], values[at]));
        item.among(pick, &shares).copied()
    }

    /// Who else rings, and who serves the callers on hold: everybody.
    fn team(&self, item: &mut Item<'_>, number: &mut Number, staff: u32) {
        if staff == 0 {
            return;
        }
        if item.is(Odd::RingMore) {
            let first = item.one_of(Pick::FirstExtra, staff);
            let wanted = self.extra_users.draw(item.pick(Pick::Extras)) as usize;
            let others = (0..staff).map(|at| UserId((first + at) % staff));
            let others = others.filter(|user| Some(*user) != number.assigned_to);
            number.ring_more = others.take(wanted).collect();
        }
        if number.backup == Backup::Hold {
            number.hold_staff = HoldStaff::Users((0..staff).map(UserId).collect());
        }
    }

    fn workflow(&self, at: u32, place: u32, staff: u32, item: &mut Item<'_>) -> Workflow {
        let branches = if staff > 0 {
            self.ivr_branches.draw(item.pick(Pick::Branches))
        } else {
            0
        };
        let share = self.connects / f64::from(branches.max(1));
        let branch = |which: u32| {
            // A number has fewer than 64 branches.
            let mut item = self.item(Kind::Branch, at, place << 6 | (which & 63));
            let first = item.one_of(Pick::FirstBranchUser, staff);
            let users = self.ivr_users.draw(item.pick(Pick::BranchUsers)).min(staff);
            let user = |user: u32| Connect::User(UserId((first + user) % staff));
            Branch {
                share: Share::new(share).unwrap_or(Share::NEVER),
                connect: (0..users).map(user).collect(),
                connect_timeout: self.ivr_timeout,
                then: if item.is(Odd::IvrVoicemail) {
                    Then::Voicemail
                } else {
                    Then::End
                },
            }
        };
        Workflow {
            menu: self.ivr_menu.clone(),
            hang_up: self.hang_up,
            branches: (0..branches.min(64)).map(branch).collect(),
        }
    }

    /// Four contacts share a block of draws; an owner is drawn from what the share leaves of it.
    fn contacts(&self, at: u32, count: usize, staff: u32, resolved: &mut Resolved) {
        if count == 0 {
            return;
        }
        resolved.first_contact = Some(NumberOf::Contact.number(at, 0));
        let owned = self.odds[Odd::ContactOwner as usize];
        let owner = |uniform: u32| {
            let uniform = u64::from(uniform);
            if uniform >= owned || staff == 0 {
                return Resolved::NOBODY;
            }
            (uniform * u64::from(staff) / owned) as u16
        };
        while resolved.contact_owners.len() < count {
            let block = resolved.contact_owners.len() as u32 / 4;
            let four = self.item(Kind::Contact, at, block).four();
            let left = count - resolved.contact_owners.len();
            resolved
                .contact_owners
                .extend(four.map(owner).into_iter().take(left));
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
