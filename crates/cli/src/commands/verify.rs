//! `busyhour verify`: does a live router decide as the documents say?

mod json;
mod text;

use http::client::Settings;
use http::verify::{Cases, Examiner};
use routing::call::InboundCall;

use super::{live, overrides, route};
use crate::args::{Cli, Format, Verify};
use crate::exit::{Exit, Stop};
use crate::output::print;

pub(crate) fn run(cli: &Cli, args: &Verify) -> Result<Exit, Stop> {
    let keys = [("--policy", "policy", args.policy.as_ref())];
    let overrides = overrides::overrides(&args.set, &keys)?;
    let settings = settings(args)?;
    let allowed = live::allowed(&args.targets)?;
    let wait_for = live::wait_for(&args.targets)?;
    let alone = alone(args)?;
    let desk = live::desk(cli, &args.accounts, &overrides)?;
    let endpoint =
        http::blocking::find(settings, allowed, wait_for).map_err(|why| live::stop(&why))?;
    let examiner = Examiner::new(desk);
    let cases = match alone {
        Some(call) => Cases::alone(call),
        None => Cases::of(&examiner, args.cases as usize),
    };
    let verified =
        http::blocking::verify(&endpoint, &examiner, &cases).map_err(|why| live::stop(&why))?;
    let shown = text::Shown {
        verified: &verified,
        accounts: examiner.accounts(),
        args,
        alone: alone.is_some(),
    };
    match args.format {
        Format::Json => print(format!("{}\n", json::json(&shown)).as_bytes())?,
        Format::Text => print(text::text(&shown).as_bytes())?,
        Format::Github => {
            print(text::annotations(&shown).as_bytes())?;
            print(text::text(&shown).as_bytes())?;
        }
    }
    Ok(if verified.agrees() {
        Exit::Pass
    } else {
        Exit::GateFailed
    })
}

fn settings(args: &Verify) -> Result<Settings, Stop> {
    let url = live::url("URL", &args.url)?;
    let protocol = live::protocol(args.backend_protocol.as_deref(), &url)?;
    let mut settings = Settings::new(url, protocol);
    settings.waits_for_rate = true;
    settings.roots = live::roots(&args.targets)?;
    settings.token = args.token_env.as_deref().map(live::token).transpose()?;
    let signed_as = args.signed_as.as_deref();
    settings.signed_as = signed_as
        .map(|text| live::url("--signed-as", text))
        .transpose()?;
    Ok(settings)
}

fn alone(args: &Verify) -> Result<Option<InboundCall>, Stop> {
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        return Ok(None);
    };
    let from = match from.as_str() {
        "private" => None,
        text => Some(route::number("--from", text)?),
    };
    let to = route::number("--to", to)?;
    Ok(Some(InboundCall { from, to }))
}
