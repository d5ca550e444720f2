//! Whole files in, values or printed errors out.

mod broken;
mod defaults;
mod documented;
mod formats;
mod logs;
pub(crate) mod memory;
mod populations;
mod ready;
mod replicating;
mod set;
mod sources;
mod without_effect;

use std::path::Path;

use memory::Memory;

use crate::{Options, Problems, Scenario, parse_override, read_scenario};

/// A small scenario that reads.
pub(crate) const SCENARIO: &str = "accounts = \"accounts.toml\"\nduration = \"1h\"\n\n\
    [[arrivals]]\nkind = \"poisson\"\nrate = \"12/min\"\nto = \"all\"\n";

/// Its accounts.
pub(crate) const ACCOUNTS: &str = "[[sub_account]]\nid = \"acme\"\n\n\
    [[sub_account.user]]\nid = \"ann\"\nweb_app = true\n\n\
    [[sub_account.user]]\nid = \"ben\"\nphone = \"+15555550102\"\n\n\
    [[sub_account.number]]\nnumber = \"+15555550199\"\nassigned_to = \"ann\"\n\n\
    [[sub_account.contact]]\nphone = \"+15555550177\"\nassigned_to = \"ben\"\n";

fn metrics(name: &str) -> Result<&'static str, Option<String>> {
    match name {
        "calls.answered.share" => Ok("share"),
        "calls.offered" => Ok("calls"),
        "answer.delay_s.p90" => Ok("s"),
        _ => Err(crate::nearest::nearest(name, ["calls.answered.share"]).map(str::to_owned)),
    }
}

/// Both small files.
pub(crate) fn small() -> Memory {
    Memory::default()
        .with("s/scenario.toml", SCENARIO)
        .with("s/accounts.toml", ACCOUNTS)
}

/// The small accounts with this scenario.
pub(crate) fn with_scenario(text: &str) -> Memory {
    Memory::default()
        .with("s/scenario.toml", text)
        .with("s/accounts.toml", ACCOUNTS)
}

/// Reads `s/scenario.toml` with these `--set` and `--gate` texts.
pub(crate) fn read(files: &Memory, set: &[&str], gates: &[&str]) -> Result<Scenario, Problems> {
    let options = Options {
        overrides: set
            .iter()
            .map(|text| parse_override("--set", text).unwrap())
            .collect(),
        gates: gates.iter().map(|text| (*text).to_owned()).collect(),
        metrics: &metrics,
    };
    read_scenario(Path::new("s/scenario.toml"), files, &options)
}

/// What is printed of a scenario that does not read.
pub(crate) fn refused(files: &Memory, set: &[&str], gates: &[&str]) -> String {
    match read(files, set, gates) {
        Ok(_) => "it reads".to_owned(),
        Err(problems) => problems.to_string(),
    }
}
