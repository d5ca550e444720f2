//! The recorded calls in memory, and a scenario that offers them.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calllog::{Calls, CanonicalCall, ImportError, Importer, Quality};
use capacity::fit;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::arrivals::LoggedCall;
use scenario::{FileError, Files, LogReading, Scenario};

use super::Replay;
use super::rewritten::Rewritten;
use crate::commands::import;
use crate::commands::overrides::parsed;
use crate::commands::run::read_from;
use crate::exit::Stop;
use crate::files::{Disk, accounts_path, scenario_path};

/// The name under which the scenario finds the calls.
const LOG: &str = "recorded-calls.csv";

/// The most calls that are held.
const MOST_CALLS: usize = 20_000_000;

/// The calls of the log, in order of time.
pub(super) struct Recorded {
    pub(super) calls: Vec<CanonicalCall>,
    /// Redials that are not offered, because the scenario is to make them.
    pub(super) dropped: Vec<CanonicalCall>,
    pub(super) quality: Quality,
    /// Calls that are redials, as far as their callers are known.
    pub(super) redials: u64,
    zone: TimeZone,
    zone_name: Option<String>,
    /// The scenario makes redials of its own.
    pub(super) makes_redials: bool,
}

struct Gathered {
    calls: Vec<CanonicalCall>,
    dropped: Vec<CanonicalCall>,
    callers: fit::Recorded,
    drop_redials: bool,
    redials: u64,
}

impl Calls for Gathered {
    fn call(&mut self, call: &CanonicalCall) -> std::io::Result<()> {
        let redial = capacity::backtest::is_offered(call) && self.callers.call(call);
        self.redials += u64::from(redial);
        if self.calls.len() + self.dropped.len() >= MOST_CALLS {
            let message = format!("more than {MOST_CALLS} calls: replay a shorter stretch");
            return Err(std::io::Error::other(message));
        }
        // Who talked is not simulated, and twenty million names take room.
        let call = CanonicalCall {
            user: None,
            ..call.clone()
        };
        if redial && self.drop_redials {
            self.dropped.push(call);
        } else {
            self.calls.push(call);
        }
        Ok(())
    }
}

impl Recorded {
    pub(super) fn read(args: &Replay) -> Result<Self, Stop> {
        let options = args.reading.options()?;
        let (given, zone_name) = (options.zone.clone(), options.zone_name.clone());
        let mut gathered = Gathered {
            calls: Vec::new(),
            dropped: Vec::new(),
            callers: fit::Recorded::default(),
            drop_redials: args.drop_redials,
            redials: 0,
        };
        let told = |why: ImportError| Stop::input(why.to_string());
        let mut importer = Importer::new(options);
        let log = import::open(&args.log)?;
        importer
            .read(log, import::shown(&args.log), &mut gathered)
            .map_err(told)?;
        let (quality, _) = importer.finish(&mut gathered).map_err(told)?;
        if !gathered.calls.iter().any(capacity::backtest::is_offered) {
            let message = format!("{}: no inbound call with a known called number", args.log);
            return Err(Stop::input(message));
        }
        let mut recorded = Self {
            calls: gathered.calls,
            dropped: gathered.dropped,
            quality,
            redials: gathered.redials,
            zone: given.clone().unwrap_or(TimeZone::UTC),
            zone_name: given.is_some().then_some(zone_name).flatten(),
            makes_redials: false,
        };
        if let Some(named) = &args.scenario {
            let accounts = format!("accounts={}", absolute(&accounts_path(&args.accounts)?));
            // The scenario's own arrivals, which these calls replace, may be to other numbers.
            let arrivals = "arrivals=[{ kind = \"poisson\", rate = \"1/h\", to = \"all\" }]";
            let others = [
                parsed("--accounts", &accounts)?,
                parsed("replay", arrivals)?,
            ];
            let scenario = read_from(&scenario_path(named)?, &Disk, others.into(), Vec::new())?;
            recorded.makes_redials = makes_redials(&scenario);
            if given.is_none() {
                recorded.zone = scenario.time_zone;
            }
        }
        Ok(recorded)
    }

    /// What the scenario has to be told to offer these calls.
    pub(super) fn overrides(&self, args: &Replay, accounts: &Path) -> Result<Vec<String>, Stop> {
        let offered = || self.offered();
        let (Some(first), Some(last)) = (offered().next(), offered().next_back()) else {
            return Err(Stop::input(format!("{}: no call to offer", args.log)));
        };
        // Those that were left out are held against the ones that are made anew.
        let last = self
            .dropped
            .last()
            .filter(|it| it.start > last.start)
            .unwrap_or(last);
        // Against a router nobody waits for the first call, nor behind the last one.
        let begin = self.begin(first.start, args.live.is_live());
        let seconds = last
            .start
            .duration_since(begin.timestamp())
            .as_secs()
            .unsigned_abs()
            + 1;
        let duration = if args.live.is_live() {
            format!("duration={seconds}s")
        } else {
            format!("duration={}h", seconds.div_ceil(3600))
        };
        let scale = args.offered_scale.unwrap_or(1.0);
        let mut all = vec![
            format!("arrivals=[{{ kind = \"log\", file = \"{LOG}\", scale = {scale:?} }}]"),
            format!("start={}", begin.datetime()),
            duration,
            format!("interval={}", args.per()),
            format!("accounts={}", absolute(&accounts_path(accounts)?)),
        ];
        all.extend(self.zone_name.iter().map(|it| format!("time_zone={it}")));
        all.extend(args.replications().map(|it| format!("replications={it}")));
        all.extend(args.seed.iter().map(|it| format!("seed={it}")));
        if self.makes_redials && !args.drop_redials {
            // The recorded ones are among the calls already.
            all.push("people.redial.share=0.0".to_owned());
        }
        Ok(all)
    }

    /// The full hour at or before the first call, or its second.
    fn begin(&self, first: Timestamp, to_the_second: bool) -> jiff::Zoned {
        let zoned = first.to_zoned(self.zone.clone());
        let second = zoned.with().subsec_nanosecond(0);
        let full = if to_the_second {
            second.build()
        } else {
            second.minute(0).second(0).build()
        };
        full.unwrap_or(zoned)
    }

    /// The recorded calls that are offered.
    pub(super) fn offered(&self) -> impl DoubleEndedIterator<Item = &CanonicalCall> {
        let calls = self.calls.iter();
        calls.filter(|it| capacity::backtest::is_offered(it))
    }
}

/// Whether anybody calls again in this scenario.
pub(super) fn makes_redials(scenario: &Scenario) -> bool {
    let redial = scenario.people.redial.as_ref();
    redial.is_some_and(|it| it.share.get() > 0.0 && it.max != Some(0))
}

fn absolute(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.display().to_string()
}

/// The files of this machine, a scenario and the recorded calls.
pub(super) struct Overlay<'a> {
    pub(super) path: PathBuf,
    text: Option<String>,
    recorded: &'a Recorded,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(args: &Replay, recorded: &'a Recorded) -> Result<Self, Stop> {
        let name = Path::new(&args.log)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        // Rust's way to quote a text is not that of TOML.
        let quoted = toml::Value::from(format!("replay of {name}"));
        let text = format!("name = {quoted}\naccounts = \"\"\n");
        let (path, text) = match &args.scenario {
            Some(named) => (scenario_path(named)?, None),
            None => (PathBuf::from("replay.toml"), Some(text)),
        };
        Ok(Self {
            path,
            text,
            recorded,
        })
    }

    fn is_log(path: &Path) -> bool {
        path.file_name().is_some_and(|it| it == LOG)
    }

    /// A text of ours, if the path means one.
    fn own(&self, path: &Path) -> Option<&[u8]> {
        let text = self.text.as_ref().filter(|_| path == self.path);
        text.map(String::as_bytes)
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match self.own(path) {
            Some(text) => Ok(text.to_vec()),
            None => Disk.read(path),
        }
    }

    fn open(&self, path: &Path) -> Result<Box<dyn BufRead + '_>, FileError> {
        match self.own(path) {
            _ if Self::is_log(path) => Ok(Box::new(Rewritten::new(&self.recorded.calls))),
            Some(text) => Ok(Box::new(text)),
            None => Disk.open(path),
        }
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        self.call_log_as(path, &LogReading::default())
    }

    fn call_log_as(&self, path: &Path, how: &LogReading) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        if !Self::is_log(path) {
            return Disk.call_log_as(path, how);
        }
        let calls = self.recorded.calls.iter();
        Ok(calls.filter_map(crate::files::logged).collect())
    }
}
