//! What a run's report says of its scenario, without a single real phone number (contract.md
//! section 6).

use capacity::{Job, Ran, WarmUp};
use measure::Violated;
use report::decided::Decided;
use report::pseudonym::Pseudonyms;
use report::{Document, FoundWarmUp, LocalTime, Manifest};
use routing::PhoneNumber;
use routing::account::NumberId;
use scenario::{Clock, Scenario, Wire};
use serde_json::Value;

/// Names and parameters for the report, numbers in them replaced by pseudonyms.
pub(in crate::commands) struct Told {
    manifest: Manifest,
    sub_accounts: Vec<String>,
    people: Vec<String>,
    /// By user.
    pub users: Vec<String>,
    pseudonyms: Pseudonyms,
}

impl Told {
    pub(in crate::commands) fn of(scenario: &Scenario, pseudonyms: Pseudonyms) -> Self {
        let hide = |text: &str| pseudonyms.in_text(text);
        let accounts = &scenario.accounts;
        let parameter = |(key, value): &(String, String)| (hide(key), Value::from(hide(value)));
        Self {
            manifest: Manifest {
                name: hide(&scenario.name),
                seed: scenario.seed,
                scenario_sha256: scenario.sha256.clone(),
                busyhour: env!("CARGO_PKG_VERSION").to_owned(),
                clock: match scenario.clock {
                    Clock::Virtual => "virtual".to_owned(),
                    Clock::Wall => "wall".to_owned(),
                },
                backend: back_end(scenario).to_owned(),
                parameters: scenario.parameters.iter().map(parameter).collect(),
            },
            sub_accounts: accounts
                .sub_accounts()
                .map(|(_, it)| hide(&it.id))
                .collect(),
            people: accounts
                .persons()
                .map(|id| hide(&accounts.person_name(id)))
                .collect(),
            users: accounts.users().map(|(_, user)| hide(&user.id)).collect(),
            pseudonyms,
        }
    }

    /// The pseudonym of a number.
    pub(in crate::commands) fn number(&self, number: PhoneNumber) -> PhoneNumber {
        self.pseudonyms.of(number)
    }

    /// What the report says of the scenario.
    pub(in crate::commands) const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What hides the numbers.
    pub(in crate::commands) const fn pseudonyms(&self) -> &Pseudonyms {
        &self.pseudonyms
    }

    /// A text with pseudonyms for the numbers in it.
    pub(in crate::commands) fn text(&self, text: &str) -> String {
        self.pseudonyms.in_text(text)
    }

    /// All that a report may tell of this run.
    pub(in crate::commands) fn document(
        &self,
        ran: &Ran,
        warnings: &[String],
        job: &Job,
    ) -> Document {
        let warm_up = match job.warm_up {
            WarmUp::Found(found) => Some(FoundWarmUp {
                warm_up: found.warm_up,
                pilots: capacity::warm_up::PILOTS,
                step: found.step,
                too_short: found.too_short,
            }),
            WarmUp::Given | WarmUp::Open => None,
        };
        let calendar = job.plan.calendar.clone();
        Document {
            manifest: self.manifest.clone(),
            summary: ran.summary.clone(),
            gates: ran.gates.clone(),
            verdict: ran.verdict,
            warnings: warnings.iter().map(|it| self.text(it)).collect(),
            interrupted: ran.stopped.is_some(),
            precision: ran.precision.clone(),
            warm_up,
            sub_accounts: self.sub_accounts.clone(),
            people: self.people.clone(),
            local_time: LocalTime::new(move |at| calendar.label(at)),
            decided: job.plan.limits.enabled.then(|| self.decided(ran, job)),
            tables: Vec::new(),
        }
    }

    /// For words about what decided a storm.
    fn decided(&self, ran: &Ran, job: &Job) -> Decided {
        let accounts = &job.plan.accounts;
        let mut all = Violated::default();
        for run in &ran.summary.replications {
            all.merge(&run.violated);
        }
        let called = |(number, _): (NumberId, u64)| {
            let it = accounts.number(number);
            let account = &self.sub_accounts[it.sub_account.index()];
            let pseudonym = self.number(accounts.dialled(number));
            (number, format!("{pseudonym} ({account})"))
        };
        Decided {
            numbers: all.to().chain(all.from()).map(called).collect(),
            begins: job
                .plan
                .sources
                .iter()
                .filter_map(|it| it.process.begins())
                .collect(),
            borne: job.plan.limits.violations_per_hour,
        }
    }
}

/// Who decided: this program, or a router over which wire.
fn back_end(scenario: &Scenario) -> &'static str {
    match &scenario.backend.live {
        None => "in-process",
        Some(live) => match live.protocol {
            Some(wire) => wire.name(),
            None if live.url.ends_with("/route") => Wire::Json.name(),
            None => Wire::Twilio.name(),
        },
    }
}

/// Under the key `BUSYHOUR_KEY`, so that one number has one pseudonym over many runs; else one
/// made from the inputs, which nobody has who has only the report.
pub(in crate::commands) fn pseudonyms(scenario: &Scenario) -> Pseudonyms {
    match std::env::var_os("BUSYHOUR_KEY") {
        Some(key) if !key.is_empty() => Pseudonyms::new(key.as_encoded_bytes()),
        _ => Pseudonyms::new(&scenario.canonical),
    }
}
