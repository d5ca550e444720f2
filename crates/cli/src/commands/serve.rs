//! `busyhour serve`: a reference router to test against.

use std::net::TcpListener;

use http::serve::{Bounds, Faults};

use super::route::wrong;
use super::{live, overrides};
use crate::args::{Cli, Serve};
use crate::exit::{Exit, Stop};
use crate::output::{print, tell};
use crate::signals::Signals;

pub(crate) fn run(cli: &Cli, args: &Serve) -> Result<Exit, Stop> {
    let keys = [
        ("--policy", "policy", args.policy.as_ref()),
        ("--time-zone", "time_zone", args.time_zone.as_ref()),
    ];
    let overrides = overrides::overrides(&args.set, &keys)?;
    let mut desk = live::desk(cli, &args.accounts, &overrides)?;
    desk.token = args.token_env.as_deref().map(live::token).transpose()?;
    let signed_as = args.signed_as.as_deref();
    desk.signed_as = signed_as
        .map(|text| live::url("--signed-as", text))
        .transpose()?;
    let (bounds, faults) = (bounds(args)?, faults(args)?);
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    let listener = TcpListener::bind(&args.listen)
        .map_err(|why| wrong("--listen", &args.listen, &why.to_string()))?;
    let address = listener
        .local_addr()
        .map_err(|why| wrong("--listen", &args.listen, &why.to_string()))?;
    // Whoever starts it from a script reads this line and knows that it is ready.
    print(format!("listening on http://{address}\n").as_bytes())?;
    if !cli.quiet {
        tell(&format!(
            "{} under {}: JSON at POST /route, Twilio at POST /voice, /healthz, /metrics",
            args.accounts.display(),
            desk.policy.name()
        ));
    }
    let stop = || signals.caught().is_some();
    let served = http::blocking::serve(
        listener,
        desk,
        (bounds, faults),
        usize::from(args.threads),
        stop,
    )
    .map_err(|why| Stop::bug(format!("cannot serve: {why}")))?;
    if !cli.quiet {
        let left = match served.left {
            0 => String::new(),
            left => format!(", {left} connections still open after {}", args.drain),
        };
        tell(&format!(
            "stopped: {} requests answered{left}",
            served.requests
        ));
    }
    Ok(Exit::Pass)
}

fn bounds(args: &Serve) -> Result<Bounds, Stop> {
    let flag = "--rate-per-account";
    let rate = |text: &String| match scenario::rate_per_s(text) {
        Ok(per_s) if per_s > 0.0 => Ok(per_s),
        Ok(_) => Err(wrong(flag, text, "expected a rate above 0")),
        Err(why) => Err(wrong(flag, text, &why)),
    };
    Ok(Bounds {
        connections: args.max_connections as usize,
        in_flight: args.max_requests as usize,
        per_account_per_s: args.rate_per_account.as_ref().map(rate).transpose()?,
        drain: live::duration("--drain", &args.drain)?,
        ..Bounds::default()
    })
}

fn faults(args: &Serve) -> Result<Faults, Stop> {
    let mut faults = Faults::default();
    for text in &args.faults {
        faults
            .add(text)
            .map_err(|why| wrong("--fault", text, &why.to_string()))?;
    }
    Ok(faults)
}
