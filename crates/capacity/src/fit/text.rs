//! What was fitted, as a scenario file: each number with what it rests on.

use std::fmt::Write as _;

use jiff::civil::DateTime;

use super::{Campaign, Fitted, Lognormal, SHORT_TALK_S};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// So many called numbers are listed with their weights.
const MOST_NUMBERS: usize = 200;

/// An earlier blast: when, and what was found of it.
pub type Blast = (DateTime, u64, Campaign);

impl Fitted {
    /// The scenario file. `name`, `zone` and `accounts` are written as they are.
    pub fn to_toml(&self, name: &str, zone: &str, accounts: &str, blast: Option<&Blast>) -> String {
        let mut text = format!(
            "# Fitted to {} recorded calls. Each number says what it rests on; change what you know\n\
             # better. Callers who were refused are in no log: the load may have been higher.\n\
             name = {name:?}\ntime_zone = {zone:?}\naccounts = {accounts:?}\nduration = \"7d\"\n\
             replications = 20\n",
            self.calls
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
            "\n# Calls an hour of each day of the week, mean over the days in brackets; {} redials were\n\
             # left out, because [people] redial makes them anew. Days vary beyond chance by a factor\n\
             # with deviation {:.3} (day_cv), hours within a day by {:.3}.\n",
            profile.redials, profile.day_cv, profile.period_cv
        );
        if self.called.len() > MOST_NUMBERS {
            let more = self.called.len() - MOST_NUMBERS;
            let _ = writeln!(text, "# {more} numbers that were called less are left out.");
        }
        for (day, rates) in profile.rates.iter().enumerate() {
            if rates.iter().sum::<f64>() <= 0.0 {
                continue;
            }
            let rates: Vec<String> = rates
                .iter()
                .map(|it| format!("\"{}/h\"", rounded(*it, 3)))
                .collect();
            let _ = write!(
                text,
                "\n[[arrivals]]\nkind = \"profile\"\nevery = \"1h\"\ndays = \"{}\"  # ({} days)\n\
                 rates = [\n    {},\n    {},\n    {},\n    {},\n]\nday_cv = {}\nto = {}\n",
                DAYS[day],
                profile.days[day],
                rates[..6].join(", "),
                rates[6..12].join(", "),
                rates[12..18].join(", "),
                rates[18..].join(", "),
                decimal(profile.day_cv, 3),
                self.to()
            );
        }
    }

    fn blast(&self, text: &mut String, (at, recipients, found): &Blast) {
        let _ = write!(
            text,
            "\n# The blast of {at}: {:.0} calls in ten hours where {:.0} come on an ordinary \
             day ({} days to\n\
             # compare with); response share ± {:.5}. For the next one change recipients, and at.\n\
             # [[arrivals]]\n# kind = \"campaign\"\n# at = \"{at}\"\n# recipients = {recipients}\n\
             # response_share = {:.5}\n\
             # delay = {{ lognormal = {{ median = \"{}min\", sigma = {:.3} }} }}\n# to = {}\n",
            found.calls.0,
            found.calls.1,
            found.days,
            1.96 * found.se,
            found.response_share,
            rounded(found.median_min, 2),
            found.sigma,
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
                 # talk. Distance from the recorded ones {:.3}: {}.\ntalk = {}\n",
                talk.n,
                self.short_talks,
                talk.distance,
                talk.verdict(),
                law(talk.mu, talk.sigma)
            );
        }
        if let Some(patience) = &self.patience {
            let median = patience
                .median_s
                .map_or("beyond the data".to_owned(), |it| {
                    format!("{} s", rounded(it, 1))
                });
            let _ = write!(
                text,
                "# {} callers left the queue and {} were served first; likeliest lognormal under that.\n\
                 # Kaplan-Meier median {median}; distance from that curve {:.3}.\nhold_patience = {}\n",
                patience.callers.0,
                patience.callers.1,
                patience.distance,
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
                 answer.web = {{ delay = {law} }}\nanswer.mobile = {{ delay = {law} }}\n",
                delay.n,
                delay.distance,
                delay.verdict(),
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
            "# Of {} unanswered calls of known callers {:.1} % were followed by another within four hours;\n\
             # {:.1} % of answered ones were too, which is taken off.\n",
            redials.n,
            100.0 * redials.gross,
            100.0 * redials.ordinary
        );
        let delay = redials.delay.as_ref().map_or_else(
            || "{ lognormal = { median = \"13min\", sigma = 1.95 } }".to_owned(),
            |it: &Lognormal| law(it.mu, it.sigma),
        );
        let _ = writeln!(
            text,
            "redial = {{ share = {}, delay = {delay}, keep = 1.0, max = 5 }}",
            decimal(redials.share, 4)
        );
    }
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
