//! What a population is like, and what it must not depend on.

use std::collections::BTreeSet;

use routing::account::{Accounts, Backup, SubAccountId, VoiceAi};
use routing::hours::WeekHours;

use super::*;
use crate::quantity::Share;

/// Every key with a plain value: the tests set the one that they are about.
fn values() -> Values {
    let mut values = Values::default();
    let whole = |count| Value::Count(Count::constant(count));
    for key in keys() {
        let value = match (key.takes, key.name) {
            (Takes::Share, _) => Value::Share(Share::new(0.3).unwrap()),
            (Takes::Count, "contacts") => whole(40),
            (Takes::Count, "numbers") => whole(6),
            (Takes::Count, "staff") => whole(5),
            (Takes::Count, _) => whole(2),
            (Takes::Rings, _) => Value::Rings(vec![
                (Share::new(0.25).unwrap(), Nanos::from_secs(20)),
                (Share::new(0.75).unwrap(), Nanos::from_secs(60)),
            ]),
            (Takes::Shifts, _) => Value::Shifts(vec![(
                Share::new(0.5).unwrap(),
                WeekHours::new(vec!["Mon-Fri 09:00-17:00".parse().unwrap()]),
            )]),
            (Takes::Hours, _) => {
                Value::Hours(WeekHours::new(vec!["Mon-Sun 18:00-08:00".parse().unwrap()]))
            }
            (Takes::Time, _) => Value::Time(RandomTime::constant(Nanos::from_secs(9))),
            (Takes::Duration, _) => Value::Duration(Nanos::from_secs(10)),
            (Takes::Whole(_), "agency_size") => Value::Whole(10),
            (Takes::Whole(_), _) => Value::Whole(3),
        };
        values.0.insert(key.name, value);
    }
    values
}

fn with(key: &'static str, share: f64) -> Values {
    let mut values = values();
    values
        .0
        .insert(key, Value::Share(Share::new(share).unwrap()));
    values
}

fn population(sub_accounts: u32, values: &Values) -> Population {
    Population::new(sub_accounts, 7, values).unwrap()
}

fn accounts(sub_accounts: u32, values: &Values) -> Accounts {
    population(sub_accounts, values).build().unwrap().accounts
}

/// A sub-account with all that belongs to it, as a text.
fn told(accounts: &Accounts, id: u32) -> String {
    let id = SubAccountId(id);
    let it = accounts.sub_account(id);
    let users = accounts.users_of(id).map(|user| {
        let user = accounts.user(user);
        let person = accounts.person_name(user.person);
        let own = (
            &user.id,
            user.phone,
            user.web_app,
            user.mobile_app,
            user.desk_phone,
        );
        let more = (user.available, &user.hours, user.incoming_timeout);
        format!("{own:?} {more:?} {person}")
    });
    let users: Vec<String> = users.collect();
    let numbers = accounts.numbers_of(id).map(|number| {
        let it = accounts.number(number);
        let owner = it.assigned_to.map(|user| accounts.ordinal(user));
        let more: Vec<u32> = it
            .ring_more
            .iter()
            .map(|user| accounts.ordinal(*user))
            .collect();
        let own = (it.number, owner, it.forward_to, more, it.incoming_timeout);
        let ends = (
            it.voice_ai,
            it.backup,
            it.ivr,
            &it.whisper,
            &it.pool,
            it.call_connect,
        );
        format!("{own:?} {ends:?}")
    });
    let numbers: Vec<String> = numbers.collect();
    let contacts = accounts.contacts_of(id).iter().map(|contact| {
        let owner = contact.assigned_to.map(|user| accounts.ordinal(user));
        format!("{} {owner:?}", contact.phone)
    });
    let contacts: Vec<String> = contacts.collect();
    format!(
        "{} {:?} {:?} {users:?} {numbers:?} {contacts:?}",
        it.id, it.business_phone, it.incoming_timeout
    )
}

#[test]
fn a_sub_account_is_the_same_however_many_there_are() {
    let values = values();
    let (few, many) = (accounts(30, &values), accounts(5000, &values));
    for id in 0..30 {
        let (a, b) = (told(&few, id), told(&many, id));
        assert_eq!(a, b, "sub-account {id}");
    }
    assert_ne!(told(&many, 3), told(&many, 4));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let population = population(6000, &values());
    let built = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| population.build().unwrap())
    };
    let (one, three) = (built(1), built(3));
    assert_eq!(one.workflows, three.workflows);
    for id in (0..6000).step_by(97) {
        assert_eq!(told(&one.accounts, id), told(&three.accounts, id));
    }
    assert_eq!(one.accounts.persons().len(), three.accounts.persons().len());
}

#[test]
fn every_share_is_met() {
    let count = 4000;
    for share in [0.0, 0.2, 1.0] {
        let met = |key: &'static str, count: &dyn Fn(&Accounts) -> (usize, usize)| {
            let (hit, of) = count(&accounts(4000, &with(key, share)));
            let seen = hit as f64 / of as f64;
            let slack = 4.0 * (share * (1.0 - share) / of as f64).sqrt();
            assert!((seen - share).abs() <= slack, "{key}: {seen} of {share}");
        };
        let users = |is: fn(&routing::account::User) -> bool| {
            move |it: &Accounts| {
                (
                    it.users().filter(|(_, it)| is(it)).count(),
                    it.users().len(),
                )
            }
        };
        let numbers = |is: fn(&routing::account::Number) -> bool| {
            move |it: &Accounts| {
                (
                    it.numbers().filter(|(_, it)| is(it)).count(),
                    it.numbers().len(),
                )
            }
        };
        let account = |is: fn(&routing::account::SubAccount) -> bool| {
            move |it: &Accounts| (it.sub_accounts().filter(|(_, it)| is(it)).count(), count)
        };
        met("web_app", &users(|it| it.web_app));
        met("mobile_app", &users(|it| it.mobile_app));
        met("desk_phone", &users(|it| it.desk_phone));
        met("own_phone", &users(|it| it.phone.is_some()));
        met("logged_out", &users(|it| !it.available));
        met("user_greeting", &users(|it| it.voicemail_greeting));
        met("user_timeout", &users(|it| it.incoming_timeout.is_some()));
        met(
            "number_timeout",
            &numbers(|it| it.incoming_timeout.is_some()),
        );
        met("call_connect", &numbers(|it| it.call_connect));
        met("whisper", &numbers(|it| it.whisper.is_some()));
        met("ring_more", &numbers(|it| !it.ring_more.is_empty()));
        met("not_voice_capable", &numbers(|it| !it.voice_capable));
        met("pass_called_number", &numbers(|it| it.pass_called_number));
        met("ivr", &numbers(|it| it.ivr));
        met("business_phone", &account(|it| it.business_phone.is_some()));
        met(
            "business_phone_off",
            &account(|it| !it.forward_to_business_phone),
        );
        met("private_refused", &account(|it| !it.allow_private_calls));
        met("company_greeting", &account(|it| it.voicemail_greeting));
        met(
            "company_timeout",
            &account(|it| it.incoming_timeout.is_some()),
        );
        met("contact_owner", &|it: &Accounts| {
            let ids = it.sub_accounts().map(|(id, _)| id);
            let all = ids.flat_map(|id| it.contacts_of(id).iter().collect::<Vec<_>>());
            let owned = all.filter(|contact| contact.assigned_to.is_some()).count();
            (owned, it.contact_count())
        });
    }
}

#[test]
fn shares_that_exclude_each_other_are_met_and_may_not_be_more_than_one() {
    let mut exclusive = values();
    for (key, share) in [
        ("voice_ai_direct", 0.2),
        ("voice_ai_backup", 0.5),
        ("backup_hold", 0.1),
        ("backup_voice_ai", 0.2),
        ("backup_none", 0.3),
    ] {
        let share = Value::Share(Share::new(share).unwrap());
        exclusive.0.insert(key, share);
    }
    let made = accounts(4000, &exclusive);
    let all = made.numbers().len() as f64;
    let share = |is: &dyn Fn(&routing::account::Number) -> bool| {
        made.numbers().filter(|(_, it)| is(it)).count() as f64 / all
    };
    for (seen, expected) in [
        (share(&|it| it.voice_ai == VoiceAi::Direct), 0.2),
        (share(&|it| it.voice_ai == VoiceAi::Backup), 0.5),
        (share(&|it| it.backup == Backup::Hold), 0.1),
        (share(&|it| it.backup == Backup::VoiceAi), 0.2),
        (share(&|it| it.backup == Backup::None), 0.3),
    ] {
        assert!((seen - expected).abs() < 0.015, "{seen} of {expected}");
    }
    let fault = Population::new(10, 1, &with("voice_ai_direct", 0.9)).unwrap_err();
    assert_eq!(fault.key, "voice_ai_direct");
    let fault = Population::new(10, 1, &with("backup_hold", 0.5)).unwrap_err();
    assert_eq!(fault.key, "backup_hold");
}

#[test]
fn one_share_moves_nothing_else() {
    let (a, b) = (
        accounts(300, &with("ivr", 0.1)),
        accounts(300, &with("ivr", 0.9)),
    );
    let numbers = |it: &Accounts| -> Vec<String> {
        let one = |number: &routing::account::Number| {
            let ends = (number.voice_ai, number.backup, number.assigned_to);
            format!("{ends:?} {:?} {:?}", number.ring_more, number.forward_to)
        };
        it.numbers().map(|(_, number)| one(number)).collect()
    };
    assert_eq!(numbers(&a), numbers(&b));
    let ivrs = |it: &Accounts| it.numbers().filter(|(_, number)| number.ivr).count();
    assert!(ivrs(&a) < ivrs(&b));
    // Who has one at 0.1 has one at 0.9 too.
    let mut both = a.numbers().zip(b.numbers());
    assert!(both.all(|((_, a), (_, b))| !a.ivr || b.ivr));
}

#[test]
fn numbers_are_found_and_nobody_elses_are() {
    let made = accounts(3000, &values());
    for (id, number) in made.numbers() {
        assert_eq!(made.find_number(number.number), Some(id));
    }
    for (of, place) in [(0, 6), (2999, 6), (3000, 0), (999_999, 9_999)] {
        assert_eq!(made.find_number(NumberOf::Account.number(of, place)), None);
    }
    for kind in [NumberOf::User, NumberOf::Contact, NumberOf::Business] {
        assert_eq!(made.find_number(kind.number(1, 1)), None);
    }
    assert_eq!(made.find_number(crate::callers::made_up(0, 1)), None);
    let text = NumberOf::Account.number(42, 3).to_string();
    assert_eq!(text, "+99910000420003");
}

#[test]
fn contacts_are_found_by_their_numbers() {
    let made = accounts(50, &values());
    for (id, _) in made.sub_accounts() {
        assert_eq!(made.contacts_of(id).len(), 40);
        for contact in made.contacts_of(id).iter() {
            assert_eq!(made.find_contact(id, contact.phone), Some(contact));
            let users: Vec<_> = made.users_of(id).collect();
            assert!(
                contact
                    .assigned_to
                    .is_none_or(|owner| users.contains(&owner))
            );
        }
    }
}

#[test]
fn references_stay_within_the_sub_account() {
    let built = population(5000, &values()).build().unwrap();
    let made = &built.accounts;
    for (_, number) in made.numbers() {
        let users: BTreeSet<_> = made.users_of(number.sub_account).collect();
        let named = number.assigned_to.iter().chain(number.ring_more.iter());
        assert!(named.clone().all(|user| users.contains(user)));
        let extra: BTreeSet<_> = number.ring_more.iter().collect();
        assert_eq!(extra.len(), number.ring_more.len(), "nobody twice");
        assert!(
            number
                .assigned_to
                .is_none_or(|owner| !extra.contains(&owner))
        );
    }
    for (number, workflow) in &built.workflows {
        let it = made.number(*number);
        assert!(it.ivr);
        let users: BTreeSet<_> = made.users_of(it.sub_account).collect();
        for whom in workflow.branches.iter().flat_map(|it| &it.connect) {
            let crate::ivr::Connect::User(user) = whom else {
                panic!("a population connects users");
            };
            assert!(users.contains(user));
        }
    }
}

#[test]
fn people_of_an_agency_work_in_its_sub_accounts_only() {
    let made = accounts(200, &with("shared_staff", 1.0));
    // Three people an agency of ten sub-accounts.
    assert_eq!(made.persons().len(), 60);
    assert_eq!(made.agency_count(), 20);
    for (_, user) in made.users() {
        let agency = made.sub_account(user.sub_account).agency.unwrap();
        let name = made.person_name(user.person);
        assert!(name.starts_with(made.agency(agency)), "{name}");
    }
    let alone = accounts(200, &with("shared_staff", 0.0));
    assert_eq!(alone.persons().len(), alone.users().len());
    assert_eq!(
        alone.person_name(routing::account::PersonId(7)),
        "s000001/u2"
    );
}

#[test]
fn loops_lead_back() {
    let made = accounts(100, &with("redirect_loop", 1.0));
    for (id, _) in made.sub_accounts() {
        let two: Vec<_> = made
            .numbers_of(id)
            .take(2)
            .map(|at| made.number(at))
            .collect();
        assert_eq!(two[0].forward_to, Some(two[1].number));
        assert_eq!(two[1].forward_to, Some(two[0].number));
        assert_eq!((two[0].assigned_to, two[1].assigned_to), (None, None));
    }
    let mut alone = with("redirect_loop", 1.0);
    alone.0.insert("numbers", Value::Count(Count::constant(1)));
    let made = accounts(10, &alone);
    assert!(
        made.numbers()
            .all(|(_, it)| it.forward_to == Some(it.number))
    );
}

#[test]
fn a_population_without_users_or_numbers_is_one() {
    for key in ["staff", "numbers", "contacts"] {
        let mut none = values();
        none.0.insert(key, Value::Count(Count::constant(0)));
        let made = accounts(50, &none);
        assert_eq!(made.sub_accounts().len(), 50, "{key}");
    }
}

#[test]
fn too_many_numbers_are_refused_before_they_are_made() {
    let mut many = values();
    many.0.insert("numbers", Value::Count(Count::constant(11)));
    let refused = population(MOST_SUB_ACCOUNTS, &many).build().unwrap_err();
    assert_eq!((refused.what, refused.found), ("numbers", 11_000_000));
    let ring = Value::Rings(vec![(Share::new(0.5).unwrap(), Nanos::from_secs(20))]);
    many.0.insert("ring_times", ring);
    assert_eq!(Population::new(1, 1, &many).unwrap_err().key, "ring_times");
}
