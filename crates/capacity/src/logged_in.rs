//! How long the staff is there within the statistics window: the denominator of occupancy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use measure::setup::Window;
use model::Calendar;
use model::roster::Roster;
use routing::Nanos;
use routing::account::{Accounts, Backup, HoldStaff, RosterId};
use routing::hours::WeekHours;
use rustc_hash::FxHashMap;

/// For each person the nanoseconds within the window in which at least one of its users is logged
/// in. Most people have one user, and many have the same hours: each hours are looked at once.
pub fn of_people(accounts: &Accounts, calendar: &Calendar, window: Window) -> Vec<u128> {
    let whole = (window.from, window.until);
    let mut known = Known::default();
    let mut first: Vec<Option<usize>> = vec![None; accounts.persons().len()];
    let mut more: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    let mut logged_in = vec![0u128; first.len()];
    for (_, user) in accounts.users().filter(|(_, user)| user.available) {
        let person = user.person.index();
        let Some(hours) = &user.hours else {
            logged_in[person] = u128::from(window.length_ns());
            continue;
        };
        let at = known.place(hours, || {
            let sessions = calendar.sessions(hours, window.until);
            (covered(sessions.clone(), whole), sessions)
        });
        logged_in[person] = logged_in[person].max(known.all[at].0);
        match first[person] {
            None => first[person] = Some(at),
            Some(other) if other != at => {
                more.entry(user.person.0).or_default().extend([other, at]);
            }
            Some(_) => {}
        }
    }
    for (person, several) in more {
        let sessions = several
            .iter()
            .flat_map(|at| known.all[*at].1.iter().copied());
        let own = &mut logged_in[person as usize];
        *own = (*own).max(covered(sessions.collect(), whole));
    }
    logged_in
}

/// Time logged in, and from when to when each time.
type LoggedIn = (u128, Vec<(Nanos, Nanos)>);

/// Hours that were looked at: by where they lie, since equal ones are kept once, then by what they
/// say.
#[derive(Default)]
struct Known {
    by_place: FxHashMap<usize, usize>,
    by_hours: FxHashMap<Arc<WeekHours>, usize>,
    all: Vec<LoggedIn>,
}

impl Known {
    fn place(&mut self, hours: &Arc<WeekHours>, look: impl FnOnce() -> LoggedIn) -> usize {
        let pointer = Arc::as_ptr(hours).addr();
        if let Some(at) = self.by_place.get(&pointer) {
            return *at;
        }
        let next = self.all.len();
        let at = *self.by_hours.entry(Arc::clone(hours)).or_insert(next);
        if at == next {
            self.all.push(look());
        }
        self.by_place.insert(pointer, at);
        at
    }
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
