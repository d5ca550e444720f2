//! How long the staff is there within the statistics window: the denominator of occupancy.

use std::collections::BTreeMap;

use measure::setup::Window;
use model::Calendar;
use model::roster::Roster;
use routing::Nanos;
use routing::account::{Accounts, Backup, HoldStaff, RosterId};

/// For each person the nanoseconds within the window in which at least one of its users is logged
/// in.
pub fn of_people(accounts: &Accounts, calendar: &Calendar, window: Window) -> Vec<u128> {
    let whole = (window.from, window.until);
    let mut by_hours: BTreeMap<u32, Vec<(Nanos, Nanos)>> = BTreeMap::new();
    let mut logged_in = vec![0u128; accounts.persons().len()];
    for (_, user) in accounts.users().filter(|(_, user)| user.available) {
        match &user.hours {
            None => logged_in[user.person.index()] = u128::from(window.length_ns()),
            Some(hours) => {
                let sessions = calendar.sessions(hours, window.until);
                by_hours.entry(user.person.0).or_default().extend(sessions);
            }
        }
    }
    for (person, sessions) in by_hours {
        let own = &mut logged_in[person as usize];
        *own = (*own).max(covered(sessions, whole));
    }
    logged_in
}

/// How much of a stretch these sessions cover together.
fn covered(mut sessions: Vec<(Nanos, Nanos)>, (from, until): (Nanos, Nanos)) -> u128 {
    sessions.sort_unstable();
    let (mut sum, mut reached) = (0u128, from);
    for (start, end) in sessions {
        let start = start.max(reached);
        let end = end.min(until);
        if end > start {
            sum += u128::from((end - start).0);
            reached = end;
        }
    }
    sum
}

/// The time of all unnamed agents together within the window, in nanoseconds.
pub fn of_agents(accounts: &Accounts, rosters: &[Roster], window: Window) -> u128 {
    let held = accounts
        .numbers()
        .filter(|(_, number)| number.backup == Backup::Hold);
    held.map(|(_, number)| match number.hold_staff {
        HoldStaff::Unnamed(agents) => u128::from(agents) * u128::from(window.length_ns()),
        HoldStaff::Roster(RosterId(at)) => rosters
            .get(at as usize)
            .map_or(0, |it| on_roster(it, window)),
        HoldStaff::Default | HoldStaff::Users(_) => 0,
    })
    .sum()
}

fn on_roster(roster: &Roster, window: Window) -> u128 {
    let steps = roster.steps();
    let ends = steps
        .iter()
        .skip(1)
        .map(|(from, _)| *from)
        .chain([Nanos::NEVER]);
    steps
        .iter()
        .zip(ends)
        .map(|((from, agents), until)| u128::from(*agents) * u128::from(window.clip(*from, until)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_sessions_count_once() {
        let s = Nanos::from_secs;
        let sessions = vec![(s(5), s(8)), (s(0), s(3)), (s(2), s(6)), (s(9), s(20))];
        assert_eq!(covered(sessions, (s(1), s(10))), 8_000_000_000);
    }

    #[test]
    fn a_roster_adds_up_over_the_window() {
        let s = Nanos::from_secs;
        let roster = Roster::new(vec![(s(0), 2), (s(10), 5), (s(20), 0)]);
        let window = Window {
            from: s(5),
            until: s(30),
        };
        assert_eq!(on_roster(&roster, window), (5 * 2 + 10 * 5) * 1_000_000_000);
    }
}
