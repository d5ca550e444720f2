//! What was fitted, as a scenario file: each number with what it rests on and its 95 % interval.

use std::fmt::Write as _;

use jiff::civil::DateTime;

use super::{Campaign, Fitted, Interval, Lognormal, SHORT_TALK_S};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// So many called numbers are listed with their weights.
const MOST_NUMBERS: usize = 200;

/// An earlier blast: when, and what was found of it.
pub type Blast = (DateTime, u64, Campaign);

impl Fitted {
    /// The scenario file. `name`, `zone` and `accounts` are written as they are.
    pub fn to_toml(&self, name: &str, zone: &str, accounts: &str, blast: Option<&Blast>) -> String {
        let mut text = format!(
            "# Fitted to {} recorded calls. Each number says what it rests on and, in brackets or\n\
             # behind ±, where it lies with 95 %. Change what you know better. Callers who\n\
             # were refused are in no log: the load may have been higher. Days and hours are\n\
             # those of {}.\n",
            self.calls,
            zone.escape_debug()
        );
        for note in self.notes() {
            let _ = writeln!(text, "# Note: {note}.");
        }
        let (name, zone, accounts) = (quoted(name), quoted(zone), quoted(accounts));
        let _ = write!(
            text,
            "name = {name}\ntime_zone = {zone}\naccounts = {accounts}\nduration = \"7d\"\n\
             replications = 20\n"
        );
        self.arrivals(&mut text);
        if let Some(blast) = blast {
            self.blast(&mut text, blast);
        }
        self.people(&mut text);
        text
    }

    fn to(&self) -> String {
        let listed = self.called.iter().take(MOST_NUMBERS);
        let numbers: Vec<String> = listed
            .map(|(to, calls)| format!("\"{to}\" = {calls}"))
            .collect();
        format!("{{ {} }}", numbers.join(", "))
    }

    fn arrivals(&self, text: &mut String) {
        let profile = &self.profile;
        let _ = write!(
            text,
            "\n# Calls an hour of each day of the week, mean over the days that are named; {} redials\n\
             # were left out, because [people] redial makes them anew. Days vary beyond chance\n\
             # by {:.3} {}, hours around their share of the day by {:.3} {}.\n\
             # day_cv and period_cv together make days vary as much: half-hours hang together, so that\n\
             # their factors make days vary too.\n",
            profile.redials,
            profile.day_cv,
            brackets(profile.day_cv_ci95, 3),
            profile.period_cv,
            brackets(profile.period_cv_ci95, 3)
        );
        if self.called.len() > MOST_NUMBERS {
            let more = self.called.len() - MOST_NUMBERS;
            let _ = writeln!(text, "# {more} numbers that were called less are left out.");
        }
        for (day, rates) in profile.rates.iter().enumerate() {
            if rates.iter().sum::<f64>() > 0.0 {
                self.day(text, day);
            }
        }
    }

    /// The arrivals of one day of the week.
    fn day(&self, text: &mut String, day: usize) {
        let profile = &self.profile;
        let days = profile.days[day];
        let calls = profile.calls_a_day[day];
        let of = if days == 1 { "day" } else { "days" };
        let decimals = usize::from(calls < 100.0);
        let beside = profile.calls_a_day_ci95[day].map(|it| it.beside(calls, decimals));
        let beside = beside.unwrap_or_else(|| "[no interval]".to_owned());
        let _ = write!(
            text,
            "\n[[arrivals]]\nkind = \"profile\"\nevery = \"1h\"\ndays = \"{}\"  \
             # {calls:.decimals$} {beside} calls a day, {days} {of}\nrates = [\n",
            DAYS[day]
        );
        let ends = &profile.rates_ci95[day];
        for (rates, ends) in profile.rates[day].chunks(6).zip(ends.chunks(6)) {
            let rates: Vec<String> = rates
                .iter()
                .map(|it| format!("\"{}/h\"", rounded(*it, 3)))
                .collect();
            let _ = writeln!(text, "    {},", rates.join(", "));
            let ends: Vec<String> = ends.iter().flatten().map(|it| it.told(1)).collect();
            if !ends.is_empty() {
                let _ = writeln!(text, "    # {}", ends.join(" "));
            }
        }
        let _ = write!(
            text,
            "]\nday_cv = {}\nperiod_cv = {}\nto = {}\n",
            decimal(profile.factors.day_cv, 3),
            decimal(profile.factors.period_cv, 3),
            self.to()
        );
    }

    fn blast(&self, text: &mut String, (at, recipients, found): &Blast) {
        let _ = write!(
            text,
            "\n# The blast of {at}: {:.0} calls in ten hours where {:.0} come on an ordinary \
             day ({} days to\n\
             # compare with). For the next one change recipients, and at.\n\
             # [[arrivals]]\n# kind = \"campaign\"\n# at = \"{at}\"\n# recipients = {recipients}\n\
             # response_share = {:.5}  # {}\n\
             # delay = {{ lognormal = {{ median = \"{}min\", sigma = {:.3} }} }}  # median {} min, \
             sigma {}\n# to = {}\n",
            found.calls.0,
            found.calls.1,
            found.days,
            found.response_share,
            found.response_share_ci95.beside(found.response_share, 5),
            rounded(found.median_min, 2),
            found.sigma,
            found.median_min_ci95.told(1),
            found.sigma_ci95.told(3),
            self.to()
        );
    }

    fn people(&self, text: &mut String) {
        text.push_str("\n[people]\n");
        if let Some(talk) = &self.talk {
            let _ = write!(
                text,
                "# {} talks of {SHORT_TALK_S} s and more; {} shorter ones are left out, as \
                 rows without a real\n\
                 # talk. Distance from the recorded ones {:.3}: {}.\n# {}.\ntalk = {}\n",
                talk.n,
                self.short_talks,
                talk.distance,
                talk.verdict(),
                ends(talk),
                law(talk.mu, talk.sigma)
            );
        }
        if let Some(patience) = &self.patience {
            let median = patience
                .median_s
                .map_or("beyond the data".to_owned(), |it| {
                    format!("{} s", rounded(it, 1))
                });
            let median = format!("{median} {}", brackets(patience.median_s_ci95, 1));
            let _ = write!(
                text,
                "# {} callers left the queue and {} were served first; likeliest lognormal under that.\n\
                 # Kaplan-Meier median {median}; distance from that curve {:.3}.\n\
                 # {}.\nhold_patience = {}\n",
                patience.callers.0,
                patience.callers.1,
                patience.distance,
                of_law(patience.ci95),
                law(patience.mu, patience.sigma)
            );
        }
        self.answers(text);
        self.redials(text);
    }

    fn answers(&self, text: &mut String) {
        if let Some(delay) = &self.answer_delay {
            let _ = write!(
                text,
                "# {} answers, from the first ring; the log does not say on which \
                 device. Distance {:.3}: {}.\n\
                 # {}.\n\
                 answer.web = {{ delay = {law} }}\nanswer.mobile = {{ delay = {law} }}\n",
                delay.n,
                delay.distance,
                delay.verdict(),
                ends(delay),
                law = law(delay.mu, delay.sigma)
            );
        }
    }

    fn redials(&self, text: &mut String) {
        let Some(redials) = &self.redials else {
            text.push_str(
                "# Too few unanswered calls of known callers to tell how many call again.\n",
            );
            return;
        };
        let _ = write!(
            text,
            "# Of {} unanswered calls of known callers {:.1} % {} were followed by another within\n\
             # four hours; {:.1} % {} of answered ones were too, which is taken off: {:.1} % {}.\n",
            redials.n,
            100.0 * redials.gross,
            percent(redials.gross_ci95),
            100.0 * redials.ordinary,
            percent(redials.ordinary_ci95),
            100.0 * redials.share,
            percent(redials.share_ci95)
        );
        let delay = if let Some(it) = &redials.delay {
            let _ = writeln!(text, "# {} delays; {}.", it.n, ends(it));
            law(it.mu, it.sigma)
        } else {
            text.push_str(
                "# Too few delays to fit, or all alike: theirs is that of a bank in 1999.\n",
            );
            "{ lognormal = { median = \"13min\", sigma = 1.95 } }".to_owned()
        };
        let _ = writeln!(
            text,
            "redial = {{ share = {}, delay = {delay}, keep = 1.0, max = 5 }}",
            decimal(redials.share, 4)
        );
    }
}

/// A basic string of TOML: all but controls, quote and backslash stands for itself.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// In brackets; said, where there is none.
fn brackets(ends: Option<Interval>, decimals: usize) -> String {
    ends.map_or_else(|| "[no interval]".to_owned(), |it| it.told(decimals))
}

/// Of a share, in percent.
fn percent(ends: Option<Interval>) -> String {
    brackets(ends.map(|it| it.map(|share| 100.0 * share)), 1)
}

fn ends(law: &Lognormal) -> String {
    of_law(Some((law.mu_ci95, law.sigma_ci95)))
}

/// Where median and sigma lie.
fn of_law(ends: Option<(Interval, Interval)>) -> String {
    let (mu, sigma) = ends.unzip();
    format!(
        "95 % intervals: median {} s, sigma {}",
        brackets(mu.map(|it| it.map(f64::exp)), 1),
        brackets(sigma, 3)
    )
}

fn law(mu: f64, sigma: f64) -> String {
    let median = rounded(mu.exp().max(0.001), 3);
    format!(
        "{{ lognormal = {{ median = \"{median}s\", sigma = {} }} }}",
        decimal(sigma, 3)
    )
}

/// So many digits behind the point, without zeros at the end.
fn rounded(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The same as a TOML float.
fn decimal(value: f64, digits: usize) -> String {
    let text = rounded(value, digits);
    if text.contains('.') {
        text
    } else {
        text + ".0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_string_of_toml() {
        let name = "a\"b\\c\te\u{301}\u{7f}\u{85}é";
        let wanted = "\"a\\\"b\\\\c\\u0009e\u{301}\\u007F\\u0085é\"";
        assert_eq!(quoted(name), wanted);
    }
}
