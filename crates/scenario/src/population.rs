//! `[population]`: its keys from the table that the model keeps, and its values.

mod values;

use std::path::Path;

use model::population::{Key, MIXES, OTHERS, Population, SHARES, Takes as Wants, Values};
use routing::account::Accounts;

use crate::accounts::{AccountsText, AccountsWriter};
use crate::files::Files;
use crate::overrides::Setting;
use crate::problem::Problems;
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::Override;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::{random_time, top};

const MIX: KeySpec = key(
    "mix",
    Takes::Words(mixes),
    "what the sub-accounts are like: the default of every other key",
)
.default("\"small-business\"");

const SUB_ACCOUNTS: KeySpec = key(
    "sub_accounts",
    Takes::Whole(1, model::population::MOST_SUB_ACCOUNTS as u64),
    "how many there are",
)
.default("1000");

const SEED: KeySpec = key(
    "seed",
    Takes::Whole(0, u64::MAX),
    "of the population; default the scenario's",
);

const COUNT: usize = 3 + OTHERS.len() + SHARES.len();

static SPECS: [[KeySpec; COUNT]; MIXES.len()] = [specs(0), specs(1), specs(2)];

/// The keys with the defaults of the first mix.
pub(crate) const KEYS: &[KeySpec] = &SPECS[0];

fn mixes() -> Vec<&'static str> {
    MIXES.iter().map(|(name, _)| *name).collect()
}

const fn specs(mix: usize) -> [KeySpec; COUNT] {
    let mut all = [MIX; COUNT];
    all[1] = SUB_ACCOUNTS;
    all[2] = SEED;
    let mut at = 0;
    while at < OTHERS.len() {
        all[3 + at] = spec(&OTHERS[at], mix);
        at += 1;
    }
    let mut at = 0;
    while at < SHARES.len() {
        all[3 + OTHERS.len() + at] = spec(&SHARES[at], mix);
        at += 1;
    }
    all
}

const fn spec(of: &'static Key, mix: usize) -> KeySpec {
    let takes = match of.takes {
        Wants::Share => Takes::Share,
        Wants::Count => Takes::Other(values::COUNT, values::count_schema),
        Wants::Rings => Takes::Other(values::RINGS, values::rings_schema),
        Wants::Shifts => Takes::Other(values::SHIFTS, values::shifts_schema),
        Wants::Hours => Takes::Hours,
        Wants::Time => Takes::Time(false),
        Wants::Duration => Takes::Duration(false),
        Wants::Whole(most) => Takes::Whole(0, most as u64),
    };
    key(of.name, takes, of.help).default(of.defaults[mix])
}

/// A population that is not made yet, and who writes it.
pub struct PopulationFile {
    /// Its keys, checked.
    pub population: Population,
    /// Writes its sub-accounts.
    pub writer: AccountsWriter,
}

/// The population that a scenario has instead of accounts, made; none where it has none, or where
/// something of it cannot be read.
pub(crate) fn read(
    table: &Table<'_>,
    seed: u64,
    settings: &[&Setting],
) -> Option<(Population, AccountsText)> {
    let r = table.reading;
    let (population, table) = keys(table, seed, settings)?;
    if r.failed() {
        // Nothing would come of it, and it may be large.
        return None;
    }
    let built = population.build().map_err(|why| {
        let help = "fewer `sub_accounts`, or fewer of these in each";
        table.error(why.what, Fault::new(why.to_string()).help(help));
    });
    let built = built.ok()?;
    let accounts = text(built.accounts, built.workflows);
    Some((population, accounts))
}

/// The keys of a population, and their table.
fn keys<'r>(
    table: &Table<'r>,
    seed: u64,
    settings: &[&Setting],
) -> Option<(Population, Table<'r>)> {
    let r = table.reading;
    let node = table.given("population")?;
    if table.given("accounts").is_some() {
        let fault = Fault::new("`accounts` and `[population]`, where a scenario has one of them");
        table.error("population", fault);
    }
    for setting in settings {
        let message = "the accounts are made from [population]: there is no file to reach into";
        let help = "set a key of it, as in population.own_phone=0.2; or write the accounts with \
                    `busyhour generate accounts` and run from the file";
        r.error(setting.span, Fault::new(message).help(help));
    }
    let mix = mix_of(r, node);
    let table = Table::open(r, node, &SPECS[mix], Some("population.".to_owned()))?;
    table.word("mix");
    let sub_accounts = table.whole("sub_accounts");
    let seed = table.whole("seed").unwrap_or(seed);
    let mut values = Values::default();
    let mut whole = true;
    for key in model::population::keys() {
        match values::value(&table, key) {
            Some(value) => _ = values.0.insert(key.name, value),
            None => whole = false,
        }
    }
    if !whole {
        return None;
    }
    let made = Population::new(sub_accounts? as u32, seed, &values);
    let population = made.map_err(|fault| table.error(fault.key, Fault::new(fault.message)));
    Some((population.ok()?, table))
}

/// Reads the population of a scenario and makes nothing of it yet: to be written, one sub-account
/// after the other.
///
/// # Errors
/// Every error of the scenario's top and of its population, each with its place.
pub fn read_population(
    path: &Path,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<PopulationFile, Problems> {
    let reading = Reading::new(files);
    let r = &reading;
    let read = (|| {
        let root = crate::read::root(r, path, overrides)?;
        let table = Table::open(r, &root.0, top::KEYS, Some(String::new()))?;
        if table.given("population").is_none() {
            let help = "[population] says how many sub-accounts there are, and what they are like";
            crate::read::missing(&table, "population", help);
        }
        let seed = table.whole("seed").unwrap_or(1);
        let inner: Vec<&Setting> = root.1.iter().collect();
        let (population, table) = keys(&table, seed, &inner)?;
        let menu = table.take("ivr_menu", |r, node| {
            if node.get("empirical").is_some() {
                let message = "a time from a file cannot be written into accounts";
                r.error(node.span, Fault::new(message));
            }
            Some((
                crate::schema::as_json(node),
                random_time::read(r, node, false)?,
            ))
        });
        let (menu, time) = menu?;
        let writer = AccountsWriter::new(menu, time);
        Some(PopulationFile { population, writer })
    })();
    reading.finish()?;
    read.ok_or_else(|| Problems::unexplained(path))
}

/// Which mix is named; the first where it cannot be read, which is told as it is.
fn mix_of(r: &Reading<'_>, node: &crate::node::Node) -> usize {
    let named = node.get("mix").and_then(|node| r.text_of(node));
    let found = MIXES
        .iter()
        .position(|(name, _)| Some(*name) == named.as_deref());
    found.unwrap_or(0)
}

fn text(
    accounts: Accounts,
    workflows: Vec<(routing::account::NumberId, model::ivr::Workflow)>,
) -> AccountsText {
    AccountsText {
        accounts,
        workflows,
        rosters: Vec::new(),
        declared: std::collections::BTreeSet::new(),
        whole: true,
        sha256: String::new(),
    }
}

/// What the manual and the schema say of a key beside its help: where its default comes from, and
/// what it is in the other mixes.
pub(crate) fn more_help(name: &str) -> Option<String> {
    let key = model::population::keys().find(|key| key.name == name)?;
    let others = MIXES.iter().zip(key.defaults).skip(1);
    let others: Vec<String> = others
        .filter(|(_, default)| *default != key.defaults[0])
        .map(|((mix, _), default)| format!("{mix}: {default}"))
        .collect();
    let source = format!("{}; source: {}", key.help, key.source);
    Some(if others.is_empty() {
        source
    } else {
        format!("{source}; {}", others.join(", "))
    })
}
