//! `import --one-queue`: all called numbers of the log lead into one hold queue, and who served it.

use std::fmt::Write as _;
use std::path::Path;

use calllog::{CanonicalCall, Direction};
use capacity::fit::{Fitted, Staff};
use jiff::tz::TimeZone;
use routing::PhoneNumber;

use crate::exit::Stop;

/// How the roster calls itself, behind the name of the accounts file.
pub(super) const ENDING: &str = "roster.csv";

/// What a scenario needs to be told of a queue.
pub(super) const OF_A_QUEUE: &str = "
[routing]
empty_targets = \"backup\"  # nobody owns the number of a queue: it is on hold at once

[limits]
preset = \"none\"  # a guess: the log shows no refused call
";

/// How many served the queue, as the accounts file tells it.
pub(super) struct Roster {
    /// The file, beside the accounts.
    pub(super) file: String,
    /// Calls that it does not rest on.
    pub(super) left_out: u64,
}

/// The queue, and the calls in it.
pub(super) struct Queue {
    number: PhoneNumber,
    staff: Staff,
}

impl Queue {
    pub(super) fn new(number: &str) -> Result<Self, Stop> {
        let number = number.parse().map_err(|_| {
            let expected = "expected a number such as +15555550100";
            Stop::input(format!("--one-queue {number}: {expected}"))
        })?;
        Ok(Self {
            number,
            staff: Staff::default(),
        })
    }

    /// The same call to the number of the queue.
    pub(super) fn call(&mut self, call: &CanonicalCall) -> CanonicalCall {
        self.staff.call(call);
        let mut call = call.clone();
        if matches!(call.direction, Direction::Inbound | Direction::Unknown) {
            call.to = Some(self.number);
        }
        call
    }

    /// The roster that stands beside the accounts.
    pub(super) fn to_csv(&self, fitted: Option<&Fitted>, zone: &TimeZone) -> String {
        let talk = fitted.and_then(|it| it.talk.as_ref());
        let talk_s = talk.map(capacity::fit::Lognormal::mean_s);
        let mut text = String::from("interval_start,agents\n");
        for (start, agents) in self.staff.roster(zone, talk_s) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{start},{agents}");
        }
        text
    }

    /// The roster as the accounts file names it.
    pub(super) fn roster(&self, path: &Path) -> Roster {
        let name = path.file_name().unwrap_or_default();
        Roster {
            file: name.to_string_lossy().into_owned(),
            left_out: self.left_out(),
        }
    }

    /// Calls that the roster knows nothing of, because the log has more than are kept.
    pub(super) const fn left_out(&self) -> u64 {
        self.staff.left_out
    }
}
