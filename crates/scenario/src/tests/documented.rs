//! The files that the manual shows, and what they mean.

use std::path::Path;

use model::ivr::Connect;
use model::people::AFTER;
use routing::account::{Backup, Device, HoldStaff, VoiceAi};
use routing::hours::{LocalTime, time_of_day};
use routing::{Nanos, PhoneNumber};

use super::memory::Memory;
use super::read;
use crate::{BoundOp, read_accounts};

pub(crate) const ACCOUNTS: &str = include_str!("every_key_accounts.toml");
pub(crate) const SCENARIO: &str = include_str!("every_key_scenario.toml");

fn phone(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

pub(crate) fn files() -> Memory {
    Memory::default()
        .with("s/scenario.toml", SCENARIO)
        .with("s/accounts.toml", ACCOUNTS)
}

#[test]
fn every_key_of_the_accounts_is_read() {
    let files = Memory::default().with("accounts.toml", ACCOUNTS);
    let read = read_accounts(Path::new("accounts.toml"), &files, &[]);
    let file = read.unwrap_or_else(|problems| panic!("{problems}"));
    let accounts = &file.accounts;
    let (id, it) = accounts.sub_accounts().next().unwrap();
    assert_eq!(
        (&*it.id, it.name.as_deref()),
        ("acme-dental", Some("Acme Dental"))
    );
    assert_eq!(it.business_phone, Some(phone("+15555550190")));
    assert_eq!(it.incoming_timeout, Some(Nanos::from_secs(20)));
    assert_eq!(&*it.custom_values["promo"], "Spring");
    assert_eq!(it.countries.as_deref().unwrap().len(), 2);
    assert_eq!(accounts.agency(it.agency.unwrap()), "north");
    let ann = accounts.user(accounts.find_user(id, "ann").unwrap());
    assert_eq!(ann.phone, Some(phone("+15555550101")));
    assert_eq!(ann.extension.as_deref(), Some("12"));
    assert!(ann.web_app && ann.mobile_app && !ann.desk_phone);
    assert_eq!(ann.incoming_timeout, Some(Nanos::from_secs(15)));
    assert_eq!(ann.ring_more_device, Some(Device::Mobile));
    assert_eq!(ann.ivr_device, Some(Device::Web));
    let lunch = LocalTime {
        weekday: 0,
        second: time_of_day("12:45").unwrap(),
    };
    assert!(!ann.hours.as_ref().unwrap().contains(lunch));
    let number = accounts.number(accounts.find_number(phone("+15555550199")).unwrap());
    assert_eq!(number.forward_to, Some(phone("+15555550123")));
    assert_eq!(number.ring_more.len(), 1);
    assert_eq!(
        (number.voice_ai, number.backup),
        (VoiceAi::Off, Backup::Voicemail)
    );
    assert!(matches!(&number.hold_staff, HoldStaff::Users(users) if users.len() == 2));
    assert_eq!(number.hold_room, Some(50));
    assert_eq!(
        accounts
            .find_contact(id, phone("+15555550177"))
            .unwrap()
            .assigned_to,
        accounts.find_user(id, "ben")
    );
}

#[test]
fn the_table_of_a_workflow_is_read() {
    let text = ACCOUNTS
        .replace("ivr = false", "# ivr = false")
        .replace("\n# [sub_account.number.ivr]", "\n[sub_account.number.ivr]")
        .replace("\n# [[sub_account.number.ivr", "\n[[sub_account.number.ivr");
    let text: String = text
        .lines()
        .map(|line| {
            let keys = ["menu", "hang_up", "share", "connect", "then"];
            let own = line
                .strip_prefix("# ")
                .filter(|rest| keys.iter().any(|key| rest.starts_with(key)));
            format!("{}\n", own.unwrap_or(line))
        })
        .collect();
    let files = Memory::default().with("accounts.toml", text);
    let read = read_accounts(Path::new("accounts.toml"), &files, &[]);
    let file = read.unwrap_or_else(|problems| panic!("{problems}"));
    let (number, workflow) = &file.workflows[0];
    assert!(file.accounts.number(*number).ivr);
    assert_eq!(workflow.hang_up.get(), 0.1);
    assert_eq!(workflow.branches[0].share.get(), 0.7);
    assert_eq!(workflow.branches[0].connect_timeout, Nanos::from_secs(10));
    assert_eq!(
        workflow.branches[0].connect[1],
        Connect::Number(phone("+15555550123"))
    );
}

#[test]
fn every_key_of_the_scenario_is_read() {
    let scenario = read(&files(), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.name, "An office day");
    assert_eq!((scenario.seed, scenario.replications), (42, 20));
    assert_eq!(scenario.duration, Nanos(10 * Nanos::HOUR.0));
    assert_eq!(
        scenario.calendar.label(Nanos::ZERO),
        "2026-03-06T09:00:00-05:00"
    );
    let redial = scenario.people.redial.as_ref().unwrap();
    assert_eq!((redial.keep.get(), redial.max), (0.8, Some(5)));
    assert_eq!(redial.after, AFTER.into_iter().collect());
    assert_eq!(
        scenario.people.text_back.as_ref().unwrap().share.get(),
        0.15
    );
    assert_eq!(scenario.routing.ring_timeout, Some(Nanos::from_secs(20)));
    assert_eq!(scenario.gates[0].bounds[0].op, BoundOp::AtLeast);
    assert_eq!(scenario.gates[0].each, Some(Nanos(30 * Nanos::MINUTE.0)));
    assert_eq!(scenario.sources.len(), 2);
    assert_eq!(scenario.limits.violations_per_hour, 5);
}
