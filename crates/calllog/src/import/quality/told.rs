//! What the counts mean, in sentences.

use routing::record::Outcome;

use super::Quality;

impl Quality {
    /// What is odd about the logs, a sentence each. Texts of the log in them are real.
    pub fn warnings(&self) -> Vec<String> {
        let mut told = Vec::new();
        self.of_time(&mut told);
        self.of_values(&mut told);
        self.of_numbers(&mut told);
        self.of_calls(&mut told);
        told.extend(self.assumed.iter().map(|it| format!("assumed: {it}")));
        if self.calls > 0 {
            if self.calls > self.outcome_unknown {
                told.push(self.lost());
            }
            told.push(
                "callers whom the system refused (a rate limit, a blocked account) are not in such a \
                 log as a rule: it understates what was offered; replay it with --offered-scale"
                    .to_owned(),
            );
        }
        told
    }

    fn of_time(&self, told: &mut Vec<String>) {
        if self.days_missing > 0 {
            let days: Vec<String> = self.missing_days.iter().map(ToString::to_string).collect();
            let more = self.days_missing - days.len() as u64;
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let word = plural(self.days_missing, "day has", "days have");
            told.push(format!(
                "{} {word} no call between days that have: {}{more}",
                self.days_missing,
                days.join(", ")
            ));
        }
        if self.gaps > 0 {
            told.push(format!(
                "{} at a local time that no clock showed (it was put forward): read as if it had not \
                 been",
                calls(self.gaps)
            ));
        }
        if self.overlaps > 0 {
            told.push(format!(
                "{} at a local time that the clock showed twice (it was put back): the first of both \
                 is taken",
                calls(self.overlaps)
            ));
        }
        if self.reopened > 0 {
            let rows = plural(self.reopened, "row tells", "rows tell");
            told.push(format!(
                "{} {rows} of a call that had been closed, because more than 32 768 calls had begun \
                 since: counted as calls of their own",
                self.reopened
            ));
        }
        if self.sorted > 0 {
            told.push(format!(
                "{} stood behind a later one and were sorted",
                calls(self.sorted)
            ));
        }
    }

    fn of_values(&self, told: &mut Vec<String>) {
        if self.latin_1 > 0 {
            let rows = plural(self.latin_1, "row is", "rows are");
            told.push(format!(
                "{} {rows} not UTF-8 and were read as Latin-1; --encoding says otherwise",
                self.latin_1
            ));
        }
        if self.negative > 0 {
            let word = plural(self.negative, "duration is", "durations are");
            told.push(format!(
                "{} {word} negative: taken as unknown",
                self.negative
            ));
        }
        if self.absurd > 0 {
            let word = plural(self.absurd, "duration is", "durations are");
            told.push(format!(
                "{} {word} longer than twelve hours: kept",
                self.absurd
            ));
        }
        if self.duplicates > 0 {
            let word = plural(self.duplicates, "equals", "equal");
            let all = calls(self.duplicates);
            told.push(format!("{all} {word} another one in everything: kept"));
        }
    }

    fn of_numbers(&self, told: &mut Vec<String>) {
        let (bare, example) = &self.bare_numbers;
        if *bare > 0 {
            let word = plural(*bare, "number has", "numbers have");
            told.push(format!(
                "{bare} {word} no country code, as `{example}`: taken as they are; say which with \
                 --country-code if they are national"
            ));
        }
        let (odd, example) = &self.odd_numbers;
        if *odd > 0 {
            let word = plural(
                *odd,
                "text is no phone number",
                "texts are no phone numbers",
            );
            told.push(format!("{odd} {word}, as `{example}`: taken as unknown"));
        }
        if self.without_to > 0 {
            told.push(format!(
                "{} without a known called number: cannot be offered to anybody",
                calls(self.without_to)
            ));
        }
    }

    fn of_calls(&self, told: &mut Vec<String>) {
        if self.outcome_unknown > 0 {
            told.push(format!(
                "{} with an unknown outcome",
                calls(self.outcome_unknown)
            ));
        }
        if self.not_inbound > 0 {
            told.push(format!(
                "{} not inbound: they stand in the log but are no arrivals",
                calls(self.not_inbound)
            ));
        }
        if self.unproven > 0 {
            told.push(format!(
                "{} completed though no leg was answered (a voicemail, a menu, or the caller left): \
                 read as no-answer",
                calls(self.unproven)
            ));
        }
        if self.suspected > 0 {
            told.push(format!(
                "{} answered after a short talk or a long ring: taken for a phone company's voicemail, \
                 a guess that --suspect-voicemail asked for",
                calls(self.suspected)
            ));
        }
        if self.legless > 0 {
            told.push(format!(
                "{} completed without any leg in the log: read as answered, which is no proof of a \
                 person",
                calls(self.legless)
            ));
        }
    }

    /// How many were not answered, and what such logs lose.
    fn lost(&self) -> String {
        let answered = self.outcome(Outcome::Answered);
        let known = self.calls - self.outcome_unknown;
        let share = 100.0 * (known - answered) as f64 / known.max(1) as f64;
        let shown = format!(
            "{} of {known} calls ({share:.1} %) were not answered",
            known - answered
        );
        match &self.loses {
            Some(loses) => format!("{shown}; there may have been more: {loses}"),
            None => shown,
        }
    }
}

fn calls(count: u64) -> String {
    format!("{count} {}", plural(count, "call", "calls"))
}

fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
