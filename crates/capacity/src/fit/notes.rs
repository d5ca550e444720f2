//! What a reader has to know of a fit beside its numbers, in sentences.
//!
//! Each stands in the scenario as a comment and in the report as a warning. Knows no files.

use jiff::civil::Date;

use super::Fitted;

/// So many days are listed.
const MOST_DAYS: usize = 10;

impl Fitted {
    /// What was left out or taken in spite of doubt, and what lies beyond the data.
    pub fn notes(&self) -> Vec<String> {
        let profile = &self.profile;
        let mut notes = Vec::new();
        for (days, what) in [
            (
                &profile.missing,
                "are left out: no call came, which the other days of their weekday make implausible",
            ),
            (
                &profile.partial,
                "are kept, first or last of the log: they may be cut, but no other is of their \
                 weekday",
            ),
            (
                &profile.blast,
                "are left out of what days are like, for the blast",
            ),
        ] {
            if !days.is_empty() {
                notes.push(format!("days that {what}: {}", listed(days)));
            }
        }
        if self.talks_alike {
            notes.push("no law of talk: all talks are equally long".to_owned());
        }
        self.of_patience(&mut notes);
        notes
    }

    fn of_patience(&self, notes: &mut Vec<String>) {
        let held = &self.held;
        if held.unanswered_left > 0 {
            notes.push(format!(
                "{} callers on hold whom nobody answered are taken as having left: the log calls \
                 none abandoned",
                held.unanswered_left
            ));
        }
        if held.left_out > 0 {
            notes.push(format!(
                "{} callers on hold were neither answered nor left, as far as the log says: they \
                 are left out of patience",
                held.left_out
            ));
        }
        if held.alike {
            notes.push(
                "no law of patience on hold: those who left waited all equally long, and a \
                 lognormal needs a spread"
                    .to_owned(),
            );
        }
        if let Some((it, times)) = self
            .patience
            .as_ref()
            .and_then(|it| Some((it, it.beyond()?)))
        {
            notes.push(format!(
                "the median of patience on hold, {:.0} s, is {times:.1} times the longest wait \
                 seen, {:.0} s: an extrapolation",
                it.mu.exp(),
                it.longest_s
            ));
        }
    }
}

fn listed(days: &[Date]) -> String {
    let shown: Vec<String> = days.iter().take(MOST_DAYS).map(Date::to_string).collect();
    let more = match days.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}
