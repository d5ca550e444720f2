//! What a log shows of numbers and users, as an accounts file to be completed by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use calllog::{CanonicalCall, Direction};
use routing::PhoneNumber;
use routing::record::Outcome;

use super::queue::Roster;
use crate::exit::Stop;

/// The most numbers, and the most users of each, that are kept.
const MOST: usize = 200_000;
const MOST_USERS: usize = 1000;

/// The most users that ring beside the owner of a number.
const RING_MORE: usize = 6;

/// What is known of one called number.
#[derive(Default)]
struct Called {
    calls: u64,
    held: u64,
    /// Calls that each user answered.
    answered: BTreeMap<String, u64>,
    /// Whole seconds for which unanswered calls rang.
    rang_s: BTreeMap<u64, u64>,
}

/// Numbers by the sub-account that they are put into.
pub(super) struct Seen {
    by_file: bool,
    files: BTreeMap<PhoneNumber, String>,
    /// Numbers that were called in more than one log.
    in_two: BTreeSet<PhoneNumber>,
    /// A file as it was called last, and its stem.
    last: (String, String),
    numbers: BTreeMap<PhoneNumber, Called>,
    calls: u64,
    left_out: u64,
}

impl Seen {
    pub(super) fn new(by_file: bool) -> Self {
        Self {
            by_file,
            files: BTreeMap::new(),
            in_two: BTreeSet::new(),
            last: Default::default(),
            numbers: BTreeMap::new(),
            calls: 0,
            left_out: 0,
        }
    }

    /// In which file a number was called first.
    pub(super) fn leg(&mut self, file: &str, call: &CanonicalCall) {
        let Some(to) = inbound(call).filter(|_| self.by_file) else {
            return;
        };
        if self.last.0 != file {
            self.last = (file.to_owned(), stem(file));
        }
        match self.files.get(&to) {
            Some(first) if *first != self.last.1 => {
                self.in_two.insert(to);
            }
            None if self.files.len() < MOST => {
                self.files.insert(to, self.last.1.clone());
            }
            _ => {}
        }
    }

    /// Numbers that are in the sub-account of the first of several logs.
    pub(super) fn in_two(&self) -> usize {
        self.in_two.len()
    }

    /// Whether there is no number to write of.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub(super) fn call(&mut self, call: &CanonicalCall) {
        let Some(to) = inbound(call) else {
            return;
        };
        self.calls += 1;
        if self.numbers.len() >= MOST && !self.numbers.contains_key(&to) {
            self.left_out += 1;
            return;
        }
        let number = self.numbers.entry(to).or_default();
        number.calls += 1;
        number.held += u64::from(call.hold.is_some_and(|it| it.0 > 0));
        if let Some(user) = &call.user {
            if let Some(count) = number.answered.get_mut(user) {
                *count += 1;
            } else if number.answered.len() < MOST_USERS {
                number.answered.insert(user.clone(), 1);
            }
        }
        if call.outcome == Some(Outcome::NoAnswer)
            && let Some(ring) = call.ring
            && number.rang_s.len() < MOST_USERS
        {
            *number.rang_s.entry(ring.whole_secs()).or_default() += 1;
        }
    }

    /// The accounts file.
    ///
    /// The roster is the file that says how many served the one queue there is.
    pub(super) fn to_toml(&self, logs: &[String], roster: Option<&Roster>) -> String {
        let names: Vec<String> = logs.iter().map(|it| stem(it)).collect();
        let mut text = format!(
            "# What {} calls of {} show of numbers and users. A log does not show how calls are routed: \
             what\n# is marked as a guess is one. Complete it by hand, then: busyhour check FILE\n",
            self.calls,
            names.join(", ")
        );
        if self.left_out > 0 {
            let _ = writeln!(
                text,
                "# {} calls to further numbers are left out.",
                self.left_out
            );
        }
        let mut accounts: BTreeMap<&str, Vec<(PhoneNumber, &Called)>> = BTreeMap::new();
        for (number, called) in &self.numbers {
            let account = self.files.get(number).map_or("imported", String::as_str);
            accounts.entry(account).or_default().push((*number, called));
        }
        for (account, numbers) in accounts {
            self.account(&mut text, account, &numbers, roster);
        }
        text
    }

    fn account(
        &self,
        text: &mut String,
        id: &str,
        numbers: &[(PhoneNumber, &Called)],
        roster: Option<&Roster>,
    ) {
        let why = if self.by_file {
            "the name of the log"
        } else {
            "a guess: the log names none"
        };
        let _ = write!(text, "\n[[sub_account]]\nid = {}  # {why}\n", quoted(id));
        let mut users: BTreeMap<&str, u64> = BTreeMap::new();
        for (user, count) in numbers.iter().flat_map(|(_, it)| &it.answered) {
            *users.entry(user).or_default() += count;
        }
        for (user, count) in &users {
            let _ = write!(
                text,
                "\n[[sub_account.user]]\nid = {}  # answered {count} calls\n",
                quoted(user)
            );
            if user.parse::<PhoneNumber>().is_ok() {
                let _ = writeln!(
                    text,
                    "phone = {}  # a guess: the leg went there",
                    quoted(user)
                );
            } else {
                text.push_str("web_app = true  # a guess: the log does not show the device\n");
            }
        }
        for (number, called) in numbers {
            called.write(text, *number, roster);
        }
    }
}

impl Called {
    fn write(&self, text: &mut String, number: PhoneNumber, roster: Option<&Roster>) {
        let _ = write!(
            text,
            "\n[[sub_account.number]]\nnumber = \"{number}\"  # {} calls\n",
            self.calls
        );
        if let Some(roster) = roster {
            text.push_str(
                "backup = \"hold\"  # all calls of the log are one queue\n\
                 # A guess: how many talked while somebody waited, and how many were there else.\n",
            );
            if roster.left_out > 0 {
                let _ = writeln!(
                    text,
                    "# It does not rest on the last {} calls of the log: they are too many.",
                    roster.left_out
                );
            }
            let _ = writeln!(text, "hold_staff = {{ file = {} }}", quoted(&roster.file));
            return;
        }
        let mut users: Vec<(&str, u64)> = self
            .answered
            .iter()
            .map(|(user, count)| (user.as_str(), *count))
            .collect();
        users.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let list = |users: &[(&str, u64)]| {
            let names: Vec<String> = users.iter().map(|it| quoted(it.0)).collect();
            format!("[{}]", names.join(", "))
        };
        if self.held > 0 && !users.is_empty() {
            let _ = write!(
                text,
                "backup = \"hold\"  # a guess: {} calls were on hold\nhold_staff = {}  # who answered its \
                 calls\n",
                self.held,
                list(&users)
            );
            return;
        }
        if let Some(((owner, count), others)) = users.split_first() {
            let _ = writeln!(
                text,
                "assigned_to = {}  # a guess: answered {count} of its calls, the most",
                quoted(owner)
            );
            let others = &others[..others.len().min(RING_MORE)];
            if !others.is_empty() {
                let others = list(others);
                let _ = writeln!(
                    text,
                    "ring_more = {others}  # a guess: answered others of them"
                );
            }
        }
        // The ring time is what unanswered calls most often rang for.
        let most = self
            .rang_s
            .iter()
            .max_by_key(|(second, count)| (**count, **second));
        if let Some((second, count)) = most.filter(|(second, _)| **second > 0) {
            let _ = writeln!(
                text,
                "incoming_timeout = \"{second}s\"  # a guess: {count} unanswered calls rang so long"
            );
        }
    }
}

/// Whether each log names a sub-account of its own.
///
/// # Errors
/// Two that name the same one, and the standard input, which has no name.
pub(super) fn named_apart(logs: &[String]) -> Result<(), Stop> {
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for log in logs {
        if log == "-" {
            return Err(Stop::input(
                "--sub-account-from filename: a log on stdin has no name; give the log as a file, or \
                 leave the flag out",
            ));
        }
        let name = stem(log);
        if let Some(before) = named.insert(name.clone(), log) {
            return Err(Stop::input(format!(
                "--sub-account-from filename: {before} and {log} would both be the sub-account \
                 `{name}`; rename one of them"
            )));
        }
    }
    Ok(())
}

fn inbound(call: &CanonicalCall) -> Option<PhoneNumber> {
    let inbound = matches!(call.direction, Direction::Inbound | Direction::Unknown);
    call.to.filter(|_| inbound)
}

fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let kept = |c: char| if c.is_control() { ' ' } else { c };
    if stem.is_empty() {
        "imported".to_owned()
    } else {
        stem.chars().map(kept).collect()
    }
}

/// A TOML text on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
