//! A model whose numbers are all known, and the scenario that plays it.

use std::fmt::Write as _;

use super::discipline::Lost;
use super::law::Family;
use super::lengths::Lengths;
use super::metric::seconds;

/// Who calls again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Redial {
    /// After which end.
    pub after: Lost,
    /// With which probability, each time anew.
    pub share: f64,
    /// After how long on average, in seconds; exponential.
    pub mean_s: f64,
}

/// A queue with Poisson arrivals, all times in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Fresh calls a second.
    pub rate_per_s: f64,
    /// Agents.
    pub servers: u32,
    /// How many may wait; none without bound.
    pub room: Option<u32>,
    /// How long a call is served: shape and mean.
    pub service: (Family, f64),
    /// How long a caller waits at most: shape and mean; none without bound.
    pub patience: Option<(Family, f64)>,
    /// Who calls again, if anybody.
    pub redial: Option<Redial>,
    /// The length of a day that starts empty; none in steady state.
    pub day_s: Option<f64>,
}

/// The number that is called, in every scenario.
const NUMBER: &str = "+15555550199";

impl Model {
    /// Offered load of the fresh calls in erlangs.
    pub fn load(&self) -> f64 {
        self.rate_per_s * self.service.1
    }

    /// Why there is nothing to measure, if so.
    pub(crate) fn fault(&self) -> Option<String> {
        let times = [self.service.1]
            .into_iter()
            .chain(self.patience.map(|it| it.1));
        let mut times = times
            .chain(self.redial.map(|it| it.mean_s))
            .chain(self.day_s);
        if times.any(|time_s| !(1e-3..=1e8).contains(&time_s)) {
            return Some("a time outside of 1 ms to 1000 days".to_owned());
        }
        if !(1e-6..=1e6).contains(&self.rate_per_s) {
            return Some("a rate outside of 0.1 a day to a million a second".to_owned());
        }
        // Whoever is lost is lost for good, unless all of them call again.
        let loses = match self.redial {
            Some(redial) if redial.share >= 1.0 => false,
            _ => self.patience.is_some() || self.room.is_some(),
        };
        let (load, servers) = (self.load(), self.servers);
        if self.day_s.is_none() && !loses && load >= f64::from(servers) {
            let message = format!("{load:.3} erlangs never settle on {servers} servers");
            return Some(message);
        }
        None
    }

    /// The accounts file of its scenario.
    pub fn accounts(&self) -> String {
        let servers = self.servers;
        let mut text = format!(
            "[[sub_account]]\nid = \"queue\"\n\n[[sub_account.number]]\nnumber = \"{NUMBER}\"\n\
             backup = \"hold\"\nhold_staff = {servers}\n"
        );
        if let Some(room) = self.room {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "hold_room = {room}");
        }
        text
    }

    /// The scenario file, with a gate for each metric that is wanted: so that it is counted.
    pub fn scenario(&self, name: &str, seed: u64, lengths: &Lengths, wanted: &[&str]) -> String {
        let Lengths {
            warm_up_s,
            duration_s,
            replications,
        } = *lengths;
        let mut text = format!(
            "name = {name:?}\nseed = {seed}\nduration = \"{duration_s}s\"\n\
             warm_up = \"{warm_up_s}s\"\nreplications = {replications}\n\
             interval = \"{duration_s}s\"\naccounts = \"accounts.toml\"\n\n\
             [[arrivals]]\nkind = \"poisson\"\nrate = \"{}/s\"\nto = [\"{NUMBER}\"]\n\n\
             [people]\ntalk = {}\nhold_patience = {}\n",
            self.rate_per_s,
            time(self.service),
            self.patience.map_or("\"infinite\"".to_owned(), time),
        );
        if let Some(redial) = self.redial {
            let after = match redial.after {
                Lost::Blocked => "busy",
                Lost::Abandoned => "abandoned",
            };
            let delay = time((Family::Exponential, redial.mean_s));
            let _ = writeln!(
                text,
                "redial = {{ share = {:?}, delay = {delay}, keep = 1.0, max = \"infinite\", \
                 after = [\"{after}\"] }}",
                redial.share
            );
        }
        // A long talk is not cut off, and nobody counts calls.
        text.push_str("\n[routing]\nmax_call = \"3650d\"\n\n[limits]\npreset = \"none\"\n");
        for metric in wanted {
            let _ = write!(text, "\n[[gate]]\nmetric = \"{metric}\"\nmin = 0.0\n");
        }
        text
    }
}

/// A random time as scenario files write it.
fn time((family, mean_s): (Family, f64)) -> String {
    let mean = seconds(mean_s);
    match family {
        Family::Exponential | Family::Any => format!("{{ exponential = \"{mean}\" }}"),
        Family::Constant => format!("{{ constant = \"{mean}\" }}"),
        Family::Erlang(phases) => format!("{{ erlang = {{ k = {phases}, mean = \"{mean}\" }} }}"),
        Family::Lognormal { scv } => {
            let cv = scv.sqrt();
            format!("{{ lognormal = {{ mean = \"{mean}\", cv = {cv:?} }} }}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: Model = Model {
        rate_per_s: 0.8,
        servers: 50,
        room: None,
        service: (Family::Exponential, 60.0),
        patience: None,
        redial: None,
        day_s: None,
    };

    #[test]
    fn a_model_is_a_scenario_that_people_can_read() {
        let model = Model {
            room: Some(0),
            service: (Family::Lognormal { scv: 4.0 }, 100.0),
            redial: Some(Redial {
                after: Lost::Blocked,
                share: 0.7,
                mean_s: 200.0,
            }),
            ..QUEUE
        };
        let lengths = Lengths {
            warm_up_s: 100,
            duration_s: 1100,
            replications: 20,
        };
        let expected = r#"name = "loss"
seed = 7
duration = "1100s"
warm_up = "100s"
replications = 20
interval = "1100s"
accounts = "accounts.toml"

[[arrivals]]
kind = "poisson"
rate = "0.8/s"
to = ["+15555550199"]

[people]
talk = { lognormal = { mean = "100s", cv = 2.0 } }
hold_patience = "infinite"
redial = { share = 0.7, delay = { exponential = "200s" }, keep = 1.0, max = "infinite", after = ["busy"] }

[routing]
max_call = "3650d"

[limits]
preset = "none"

[[gate]]
metric = "calls.busy.share"
min = 0.0
"#;
        assert_eq!(
            model.scenario("loss", 7, &lengths, &["calls.busy.share"]),
            expected
        );
        assert!(
            model
                .accounts()
                .ends_with("hold_staff = 50\nhold_room = 0\n")
        );
        assert!(!QUEUE.accounts().contains("hold_room"));
    }

    #[test]
    fn what_never_settles_is_not_run() {
        assert_eq!(QUEUE.fault(), None);
        let overload = Model {
            rate_per_s: 1.0,
            ..QUEUE
        };
        assert!(
            overload
                .fault()
                .is_some_and(|why| why.contains("never settle"))
        );
        let day = Model {
            day_s: Some(3600.0),
            ..overload
        };
        assert_eq!(day.fault(), None);
        let lossy = Model {
            room: Some(3),
            ..overload
        };
        assert_eq!(lossy.fault(), None);
        let redial = Some(Redial {
            after: Lost::Blocked,
            share: 1.0,
            mean_s: 60.0,
        });
        assert!(Model { redial, ..lossy }.fault().is_some());
    }
}
