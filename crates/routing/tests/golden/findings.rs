//! What a lint finds: redirect loops, dead ends, ring times, whispers, devices, countries, pools,
//! caps.

use routing::account::{Accounts, AccountsBuilder, Device, NewNumber, NumberId, UserId};
use routing::decision::DropCause;
use routing::lint::{Caller, Case, Detail, Finding, FindingKind, LintSettings, lint};
use routing::params::RoutingParams;
use routing::policy::{self, RingLevel};

use crate::office::{NUMBER, Office, hours, line, secs};

fn findings(office: &Office, policy: &str) -> Vec<Finding> {
    let policy = policy::find(policy).unwrap();
    lint(
        policy,
        &office.accounts(),
        &office.params,
        &LintSettings::default(),
    )
}

fn names(office: &Office, policy: &str) -> Vec<&'static str> {
    findings(office, policy)
        .iter()
        .map(|finding| finding.kind.name())
        .collect()
}

/// An office without a finding: a ring that ends before carriers answer.
fn calm() -> Office {
    Office::new()
        .forward()
        .number(|it| it.incoming_timeout = Some(secs(15)))
}

#[test]
fn a_calm_office_has_no_finding() {
    for entry in policy::POLICIES {
        assert_eq!(findings(&calm(), entry.name), []);
    }
}

/// Numbers 0, 1, 2 … that forward to the number at each index, or outside.
fn forwarding(targets: &[Option<u64>]) -> Accounts {
    let office = calm().account(|it| {
        it.numbers = targets
            .iter()
            .enumerate()
            .map(|(at, target)| {
                let mut number = NewNumber::new(line(30 + at as u64));
                number.forward_to = Some(line(target.map_or(23, |target| 30 + target)));
                number.incoming_timeout = Some(secs(15));
                number
            })
            .collect();
    });
    office.accounts()
}

fn loops(accounts: &Accounts) -> Vec<Vec<u32>> {
    let policy = policy::find("stages-2026").unwrap();
    let found = lint(
        policy,
        accounts,
        &RoutingParams::default(),
        &LintSettings::default(),
    );
    let path = |finding: Finding| match finding.detail {
        Detail::Loop(path) => {
            assert_eq!(finding.number, Some(path[0]));
            Some(path.iter().map(|number| number.0).collect())
        }
        _ => None,
    };
    found.into_iter().filter_map(path).collect()
}

#[test]
fn a_number_that_forwards_to_itself_is_a_loop() {
    assert_eq!(loops(&forwarding(&[Some(0)])), [[0]]);
}

#[test]
fn a_loop_over_several_numbers_is_found_once_with_its_path() {
    // 0 leads into the loop 1 -> 3 -> 2 -> 1; 4 leads outside; 5 and 6 are a loop of their own.
    let accounts = forwarding(&[Some(1), Some(3), Some(1), Some(2), None, Some(6), Some(5)]);
    assert_eq!(loops(&accounts), [vec![1, 3, 2], vec![5, 6]]);
}

/// Number 0 rings 1 and 2 together, and both forward back to it.
#[test]
fn two_loops_through_one_number_are_both_found_from_their_first_number() {
    let office = calm().user("eve", "U").ring_more(&["eve"]).account(|it| {
        it.users[0].phone = Some(line(98));
        it.numbers[0].forward_to = Some(line(97));
        for at in [97, 98] {
            let mut number = NewNumber::new(line(at));
            number.forward_to = Some(line(99));
            it.numbers.push(number);
        }
    });
    assert_eq!(loops(&office.accounts()), [[0, 1], [0, 2]]);
}

/// 0 -> 1 -> 2 -> 0 is found; the shorter 1 -> 2 -> 1 shares all its numbers and waits for the
/// next lint.
#[test]
fn a_number_on_a_loop_that_was_found_starts_none_of_its_own() {
    let office = calm().user("eve", "U").ring_more(&["eve"]).account(|it| {
        it.users[0].phone = Some(line(98));
        it.numbers[0].ring_more.clear();
        it.numbers[0].forward_to = Some(line(98));
        let mut one = NewNumber::new(line(98));
        one.forward_to = Some(line(97));
        let mut two = NewNumber::new(line(97));
        two.forward_to = Some(line(99));
        two.ring_more = vec!["eve".into()];
        it.numbers.extend([one, two]);
    });
    assert_eq!(loops(&office.accounts()), [[0, 1, 2]]);
}

#[test]
fn a_chain_that_ends_outside_is_no_loop() {
    assert_eq!(
        loops(&forwarding(&[Some(1), Some(2), None])),
        Vec::<Vec<u32>>::new()
    );
}

#[test]
fn a_loop_runs_over_every_phone_leg_that_the_policy_can_ring() {
    let looped = line(99);
    let user = Office::new()
        .user("ann", "U")
        .owner("ann")
        .who(|it| it.phone = Some(looped));
    assert!(names(&user, "stages-2026").contains(&"redirect-loop"));
    assert!(
        !names(&user, "layers-legacy").contains(&"redirect-loop"),
        "rings no number owner"
    );
    let business = Office::new().account(|it| it.business_phone = Some(looped));
    assert!(names(&business, "strict-both").contains(&"redirect-loop"));
    let covered = business.forward();
    assert!(
        !names(&covered, "strict-both").contains(&"redirect-loop"),
        "F comes before B"
    );
    let extra = Office::new().user("eve", "U").ring_more(&["eve"]);
    let extra = extra.who(|it| it.phone = Some(looped));
    assert!(names(&extra, "stages-2026").contains(&"redirect-loop"));
}

#[test]
fn a_loop_that_only_opens_when_staff_are_logged_out_is_found() {
    let office = Office::new().user("ann", "W").owner("ann");
    let office = office.number(|it| it.forward_to = Some(line(99)));
    assert_eq!(names(&office, "priority-2025"), [""; 0]);
    let office = office.who(|ann| ann.hours = Some(hours("Mon-Fri 09:00-17:00")));
    assert_eq!(names(&office, "priority-2025"), ["redirect-loop"]);
}

#[test]
fn a_number_where_nobody_can_ever_ring_is_a_dead_end() {
    let case = Case {
        caller: Caller::Unknown,
        logged_in: true,
        voice_ai_open: true,
    };
    let found = findings(&Office::new(), "table-2024");
    let cause = DropCause::NoDestination;
    let expected = Finding {
        kind: FindingKind::DeadEnd,
        sub_account: routing::account::SubAccountId(0),
        number: Some(NUMBER),
        user: None,
        detail: Detail::Drop { cause, case },
    };
    assert_eq!(found, [expected]);
    assert_eq!(
        names(&Office::new(), "stages-2026"),
        [""; 0],
        "voicemail takes the calls"
    );
}

#[test]
fn a_number_that_drops_some_callers_says_which_first() {
    let office = Office::new().user("ann", "U").lead(Some("ann"));
    let office = office.number(|it| it.incoming_timeout = Some(secs(15)));
    let found = findings(&office, "layers-legacy");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, FindingKind::DropsSome);
    let Detail::Drop { case, .. } = found[0].detail else {
        panic!("{:?}", found[0])
    };
    assert_eq!(case.caller, Caller::Unknown);
    // Dropped only when ann's app is logged out.
    let office = Office::new().user("ann", "W").owner("ann");
    let office = office.who(|ann| ann.hours = Some(hours("Mon-Fri 09:00-17:00")));
    let found = findings(&office, "table-2024");
    let Detail::Drop { case, .. } = found[0].detail else {
        panic!("{:?}", found[0])
    };
    assert!(!case.logged_in);
}

#[test]
fn ring_times_are_judged_by_when_they_really_end() {
    let phone = Office::new().forward();
    let at = |set: Option<u64>| {
        let office = phone
            .clone()
            .number(|it| it.incoming_timeout = set.map(secs));
        names(&office, "stages-2026")
    };
    assert_eq!(at(None), ["ring-time-unset"]);
    assert_eq!(at(Some(1)), ["ring-time-clamped"]);
    assert_eq!(at(Some(5)), [""; 0]);
    assert_eq!(
        at(Some(15)),
        [""; 0],
        "15 + 5 s: the first carrier answers as the ring ends"
    );
    assert_eq!(at(Some(16)), ["carrier-voicemail-race"]);
    assert_eq!(at(Some(20)), ["carrier-voicemail-race"]);
    assert_eq!(at(Some(25)), ["carrier-voicemail-first"]);
    assert_eq!(
        at(Some(601)),
        ["carrier-voicemail-first", "ring-time-clamped"]
    );
}

#[test]
fn a_ring_time_finding_says_what_is_set_what_rings_and_who_set_it() {
    let office = Office::new().user("ann", "U").owner("ann");
    let office = office.who(|ann| ann.incoming_timeout = Some(secs(20)));
    let detail = Detail::RingTime {
        set: secs(20),
        rings: secs(25),
        level: RingLevel::User,
    };
    assert_eq!(findings(&office, "stages-2026")[0].detail, detail);
}

#[test]
fn apps_alone_do_not_race_against_a_carrier() {
    let office = Office::new().user("ann", "WM").owner("ann");
    assert_eq!(names(&office, "stages-2026"), [""; 0]);
}

#[test]
fn without_a_dial_buffer_twenty_seconds_end_in_time() {
    let office = Office::new()
        .forward()
        .number(|it| it.incoming_timeout = Some(secs(20)));
    let settings = LintSettings {
        dial_buffer: secs(0),
        ..Default::default()
    };
    let policy = policy::find("stages-2026").unwrap();
    assert_eq!(
        lint(policy, &office.accounts(), &office.params, &settings),
        []
    );
}

#[test]
fn a_broken_whisper_is_found_with_its_placeholder() {
    let office = calm().number(|it| it.whisper = Some("From {{ custom_values.gone }}".into()));
    let found = findings(&office, "stages-2026");
    let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::DeadEnd, FindingKind::BrokenWhisper]);
    assert_eq!(
        found[1].detail,
        Detail::Placeholder("custom_values.gone".into())
    );
}

#[test]
fn a_device_that_the_user_does_not_have_is_found_at_the_user() {
    let office = calm().user("ann", "W").user("ben", "M").who(|ben| {
        ben.ring_more_device = Some(Device::Desk);
        ben.ivr_device = Some(Device::Phone);
    });
    let found = findings(&office, "stages-2026");
    assert_eq!(found.len(), 2);
    assert!(
        found
            .iter()
            .all(|it| it.user == Some(UserId(1)) && it.number.is_none())
    );
    assert_eq!(found[0].detail, Detail::Device(Device::Desk));
    assert_eq!(found[1].kind, FindingKind::IvrDeviceMissing);
}

#[test]
fn a_leg_outside_the_countries_is_found_with_its_phone() {
    let office = calm().account(|it| it.countries = Some(vec!["CA".into()]));
    let found = findings(&office, "stages-2026");
    assert_eq!(found[0].kind, FindingKind::LegOutsideCountries);
    assert_eq!(found[0].detail, Detail::Phone(line(23)));
    let office = calm().account(|it| it.countries = Some(vec!["US".into()]));
    assert_eq!(findings(&office, "stages-2026"), []);
}

#[test]
fn a_pool_without_forwarding_number_is_found() {
    let office = Office::new().number(|it| it.pool = Some("adwords".into()));
    assert_eq!(
        names(&office, "stages-2026"),
        ["dead-end", "pool-without-forward-to"]
    );
}

#[test]
fn legs_that_the_cap_cuts_are_counted() {
    let office = Office::new()
        .user("ann", "WMS")
        .user("ben", "W")
        .owner("ann");
    let office = office.ring_more(&["ben"]).params(|it| it.max_legs = 2);
    let found = findings(&office, "stages-2026");
    assert_eq!(found[0].detail, Detail::Cut(2));
}

#[test]
fn findings_come_by_sub_account_users_before_numbers_in_file_order() {
    let mut builder = AccountsBuilder::new();
    for id in ["first", "second"] {
        let office = Office::new()
            .user("ann", "")
            .who(|ann| ann.ivr_device = Some(Device::Web));
        let mut account = office.account;
        account.id = id.into();
        account.numbers[0].number = line(if id == "first" { 98 } else { 97 });
        builder.push(&account).unwrap();
    }
    let policy = policy::find("table-2024").unwrap();
    let settings = LintSettings::default();
    let found = lint(
        policy,
        &builder.finish(),
        &RoutingParams::default(),
        &settings,
    );
    let places: Vec<_> = found
        .iter()
        .map(|it| (it.sub_account.0, it.user, it.number))
        .collect();
    assert_eq!(
        places,
        [
            (0, Some(UserId(0)), None),
            (0, None, Some(NumberId(0))),
            (1, Some(UserId(1)), None),
            (1, None, Some(NumberId(1))),
        ]
    );
}

#[test]
fn every_kind_has_a_name_of_its_own_and_a_help() {
    let mut names: Vec<_> = FindingKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FindingKind::ALL.len());
    assert!(FindingKind::ALL.iter().all(|kind| !kind.help().is_empty()));
}
