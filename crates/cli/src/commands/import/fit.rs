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
    let fitted = fit.finish();
    let blast = match blast {
        None => None,
        Some((at, recipients)) => {
            let found = fit.campaign(at, recipients);
            let found = found.map_err(|why| Stop::input(format!("--fit-campaign {at}: {why}")))?;
            Some((at, recipients, found))
        }
    };
    if let Some(path) = &args.fit {
        let name = path.file_stem().map(|it| it.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| "fitted".to_owned());
        let zone = zone.iana_name().unwrap_or("UTC");
        let accounts = accounts(args.accounts.as_deref(), path);
        let mut text = fitted.to_toml(&name, zone, &accounts, blast.as_ref());
        if args.one_queue.is_some() {
            text.push_str(super::queue::OF_A_QUEUE);
        }
        out::write(path, text.as_bytes())?;
    }
    Ok(Done { fitted, blast })
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
