//! What all commands about live routers share: flags to settings, refusals to exit codes.

use std::time::Duration;

use http::blocking::BlockingFault;
use http::client::{EndpointFault, Protocol};
use http::serve::Desk;
use http::target::Allow;
use http::url::Url;
use http::wire::signature::Token;
use routing::policy;
use scenario::{AccountsFile, Override, read_accounts};

use super::route::wrong;
use crate::args::{Cli, Targets};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, accounts_path};
use crate::output::tell;

/// Accounts with all that is set on the command line, and how they decide.
pub(super) fn desk(
    cli: &Cli,
    accounts: &std::path::Path,
    overrides: &[Override],
) -> Result<Desk, Stop> {
    let path = accounts_path(accounts)?;
    let file: AccountsFile = read_accounts(&path, &Disk, overrides)
        .map_err(|problems| Stop::input(problems.to_string()))?;
    if !cli.quiet {
        for warning in &file.warnings {
            tell(&warning.to_string());
        }
    }
    let policy = policy::find(file.policy).ok_or_else(|| Stop::bug("a policy without a rule"))?;
    Ok(Desk {
        accounts: file.accounts,
        params: file.routing,
        policy,
        zone: file.time_zone,
        token: None,
        signed_as: None,
    })
}

pub(super) fn url(flag: &str, text: &str) -> Result<Url, Stop> {
    Url::parse(text).map_err(|why| wrong(flag, &scenario::shown_url(text), &why.to_string()))
}

pub(super) fn duration(flag: &str, text: &str) -> Result<Duration, Stop> {
    let nanos = scenario::duration(text).map_err(|why| wrong(flag, text, &why))?;
    Ok(Duration::from_nanos(nanos.0))
}

/// The wire that is named, or the one that the path suggests.
pub(super) fn protocol(named: Option<&str>, url: &Url) -> Result<Protocol, Stop> {
    match named {
        Some("json") => Ok(Protocol::Json),
        Some("twilio") => Ok(Protocol::Twilio),
        Some(other) => Err(wrong(
            "--backend-protocol",
            other,
            "expected json or twilio",
        )),
        None if url.path.ends_with("/route") => Ok(Protocol::Json),
        None => Ok(Protocol::Twilio),
    }
}

/// The token in an environment variable that was named.
pub(super) fn token(name: &str) -> Result<Token, Stop> {
    match std::env::var(name) {
        Ok(token) if !token.is_empty() => Ok(token.as_str().into()),
        _ => Err(Stop::input(format!(
            "--token-env {name}: there is no such environment variable, or it is empty"
        ))),
    }
}

/// What the user allows, on the command line and in the environment.
pub(super) fn allowed(targets: &Targets) -> Result<Vec<Allow>, Stop> {
    let mut allowed = Vec::new();
    for text in &targets.allow {
        let parsed = Allow::parse(text);
        allowed.push(parsed.map_err(|why| Stop::input(format!("--allow-target {why}")))?);
    }
    if let Ok(text) = std::env::var("BUSYHOUR_ALLOW_TARGET") {
        let parsed = Allow::parse_list(&text);
        let wrong = |why| Stop::input(format!("BUSYHOUR_ALLOW_TARGET {why}"));
        allowed.extend(parsed.map_err(wrong)?);
    }
    Ok(allowed)
}

pub(super) fn wait_for(targets: &Targets) -> Result<Duration, Stop> {
    match &targets.wait_for {
        Some(text) => duration("--wait-for", text),
        None => Ok(Duration::ZERO),
    }
}

/// The certificates that are trusted beside those of the web.
pub(super) fn roots(targets: &Targets) -> Result<Vec<Vec<u8>>, Stop> {
    let Some(path) = &targets.ca_file else {
        return Ok(Vec::new());
    };
    let wrong = |why: &str| Stop::input(format!("--ca-file {}: {why}", path.display()));
    let text = std::fs::read(path).map_err(|why| wrong(&why.to_string()))?;
    http::client::roots_of_pem(&text).map_err(|why| wrong(&why.to_string()))
}

/// How the command ends when a router cannot be asked.
pub(super) fn stop(fault: &BlockingFault) -> Stop {
    let exit = match fault {
        BlockingFault::Endpoint(EndpointFault::Refused(_)) => Exit::Refused,
        BlockingFault::Endpoint(EndpointFault::Unresolved { .. } | EndpointFault::NoStatus) => {
            Exit::Input
        }
        BlockingFault::NotThere { .. } | BlockingFault::Verify(_) => Exit::Invalid,
        BlockingFault::Runtime(_) | BlockingFault::Endpoint(EndpointFault::Tls(_)) => {
            Exit::CannotWrite
        }
    };
    Stop {
        exit,
        message: fault.to_string(),
    }
}
