//! `import --fit` and `--fit-campaign`: a scenario of what the calls show.

use std::path::Path;

use capacity::fit::{Blast, Fit, Fitted};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::args::Import;
use crate::exit::Stop;
use crate::out;

/// What was fitted, and the blast where one was asked for.
pub(super) struct Done {
    pub(super) fitted: Fitted,
    pub(super) blast: Option<Blast>,
    /// The zone of days and hours, and whether the user named it.
    pub(super) zone: String,
    pub(super) zone_given: bool,
}

impl Done {
    /// What a reader of the numbers has to know.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.zone_given {
            let zone = &self.zone;
            warnings.push(format!(
                "days and hours are those of {zone}: --tz says otherwise"
            ));
        }
        warnings.extend(self.fitted.notes());
        warnings
    }
}

/// The blast that the user names: when, and to how many.
pub(super) fn blast(args: &Import) -> Result<Option<(DateTime, u64)>, Stop> {
    let (Some(at), Some(recipients)) = (&args.fit_campaign, args.recipients) else {
        return Ok(None);
    };
    let time = at.parse::<DateTime>().map_err(|_| {
        let expected = "expected local time, as in 2026-02-06T10:00";
        Stop::input(format!("--fit-campaign {at}: {expected}"))
    })?;
    Ok(Some((time, recipients)))
}

/// Fits, and writes the scenario where it was asked for.
pub(super) fn write(
    args: &Import,
    fit: &Fit,
    blast: Option<(DateTime, u64)>,
    zone: &TimeZone,
) -> Result<Done, Stop> {
    let (fitted, blast) = match blast {
        None => (fit.finish(), None),
        Some((at, recipients)) => {
            let found = fit.campaign(at, recipients);
            let found = found.map_err(|why| Stop::input(format!("--fit-campaign {at}: {why}")))?;
            (fit.finish_without(at), Some((at, recipients, found)))
        }
    };
    let zone = zone.iana_name().unwrap_or("UTC");
    if let Some(path) = &args.fit {
        let name = path.file_stem().map(|it| it.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| "fitted".to_owned());
        let accounts = accounts(args.accounts.as_deref(), path);
        let mut text = fitted.to_toml(&name, zone, &accounts, blast.as_ref());
        if args.one_queue.is_some() {
            text.push_str(super::queue::OF_A_QUEUE);
        }
        out::write(path, text.as_bytes())?;
    }
    Ok(Done {
        fitted,
        blast,
        zone: zone.to_owned(),
        zone_given: args.reading.tz.is_some(),
    })
}

/// The accounts file as the scenario has to name it: from its own folder.
fn accounts(accounts: Option<&Path>, scenario: &Path) -> String {
    let Some(path) = accounts else {
        return "accounts.toml".to_owned();
    };
    let beside = path.parent() == scenario.parent();
    let named = match path.file_name() {
        Some(name) if beside => name.into(),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    };
    named.display().to_string()
}
