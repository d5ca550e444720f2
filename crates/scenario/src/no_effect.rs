//! What was set and changes no decision and no draw.
//!
//! A key written in a file is named when it acts on something that is not there and differs from
//! its default; a value of the command line also when it was already there or decides nothing.

mod probe;
mod rules;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use routing::account::{Accounts, NumberId};
use routing::params::{AvailabilityGate, RoutingParams};
use routing::policy::{RingLevel, ring_time};

use crate::accounts;
use crate::node::{Node, Value};
use crate::overrides::Setting;
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::scenario::{AccountsFile, Scenario};
use crate::source::Span;
use crate::table::Table;
use crate::{routing_keys, top};
use probe::Setup;
use world::World;

/// Keys of the accounts that act on decisions alone.
const DECIDING: [&str; 11] = [
    "incoming_timeout",
    "prefer",
    "business_phone",
    "forward_to_business_phone",
    "forward_to",
    "allow_private_calls",
    "ring_more_device",
    "available",
    "web_app",
    "mobile_app",
    "desk_phone",
];

/// Keys of `[routing]` that act on decisions alone.
const ROUTING: [&str; 7] = [
    "owner_fallthrough",
    "empty_targets",
    "ring_more_max",
    "max_legs",
    "ai_rank",
    "contact_first",
    "ring_timeout",
];

/// Keys of the accounts that are shown or sent, and no more.
const SHOWN: [&str; 4] = ["name", "extension", "client", "sip"];

/// Warns of what has no effect in a scenario. `before` is its tree without the command line's
/// values.
pub(crate) fn report(
    r: &Reading<'_>,
    scenario: &Scenario,
    before: &Node,
    accounts_path: Option<&Path>,
    settings: &[Setting],
) {
    let world = World::of_scenario(scenario);
    let defaults = defaults();
    let values: BTreeMap<String, String> = r.parameters().into_iter().collect();
    let mut idle: Vec<(&str, Span, Vec<String>)> = Vec::new();
    for (path, span) in r.given() {
        let is_set = r.sources.borrow().is_argument(span.source);
        let same = values
            .get(&path)
            .is_some_and(|value| defaults.get(&path) == Some(value));
        if is_set || same {
            continue;
        }
        if let Some(reason) = rules::reason(&path, scenario, &world) {
            let path = format!("`{path}`");
            match idle.iter_mut().find(|(known, ..)| *known == reason) {
                Some((_, _, paths)) => paths.push(path),
                None => idle.push((reason, span, vec![path])),
            }
        }
    }
    for (reason, span, paths) in idle {
        let have = if paths.len() == 1 { "has" } else { "have" };
        let message = format!("{} {have} no effect: {reason}", paths.join(", "));
        r.warn(span, Fault::new(message));
    }
    let core = Core {
        accounts: &scenario.accounts,
        routing: &scenario.routing,
        policy: scenario.policy,
        world: &world,
        scenario: Some(scenario),
    };
    for setting in settings {
        let reason = if setting.is_of_accounts() {
            accounts_path.and_then(|path| core.of_accounts(r, path, setting, settings))
        } else {
            core.of_scenario(r, scenario, before, setting, settings)
        };
        warn(r, setting, reason);
    }
}

/// Warns of values of the command line that have no effect on an accounts file on its own.
pub(crate) fn report_accounts(
    r: &Reading<'_>,
    file: &AccountsFile,
    path: &Path,
    settings: &[Setting],
) {
    let world = World::of(&file.accounts, &file.workflows);
    let core = Core {
        accounts: &file.accounts,
        routing: &file.routing,
        policy: file.policy,
        world: &world,
        scenario: None,
    };
    for setting in settings.iter().filter(|it| it.is_of_accounts()) {
        warn(r, setting, core.of_accounts(r, path, setting, settings));
    }
}

fn warn(r: &Reading<'_>, setting: &Setting, reason: Option<String>) {
    if let Some(reason) = reason {
        let message = format!("`{}` had no effect: {reason}", setting.path_text());
        r.warn(setting.span, Fault::new(message));
    }
}

/// The parameters of a scenario that leaves everything out.
fn defaults() -> BTreeMap<String, String> {
    struct Nothing;
    impl crate::Files for Nothing {
        fn read(&self, _: &Path) -> Result<Vec<u8>, crate::FileError> {
            Err(crate::FileError::Missing)
        }
        fn call_log(
            &self,
            _: &Path,
        ) -> Result<std::sync::Arc<[model::arrivals::LoggedCall]>, Vec<String>> {
            Err(Vec::new())
        }
    }
    let reading = Reading::new(&Nothing);
    let root = Node {
        span: Span::default(),
        value: Value::Table(Vec::new()),
    };
    if let Some(table) = Table::open(&reading, &root, top::KEYS, Some(String::new())) {
        crate::people::read(&table.section("people"));
        routing_keys::read(&table.section("routing"));
        crate::limits::read(&table.section("limits"));
        crate::backend::read(&table.section("backend"));
    }
    reading.parameters().into_iter().collect()
}

/// What was read, as far as decisions depend on it.
struct Core<'a> {
    accounts: &'a Accounts,
    routing: &'a RoutingParams,
    policy: &'a str,
    world: &'a World,
    scenario: Option<&'a Scenario>,
}

/// "it already had this value", of a value that changed nothing. Only `--set` is told: a flag such
/// as
/// `--seed 1`, or one value of a grid, may well say what holds anyway.
fn already(setting: &Setting) -> Option<String> {
    let same = setting.same.get();
    (setting.from.flag == "--set").then(|| match same {
        1 => "it already had this value".to_owned(),
        _ => format!("{same} of {same} already had this value"),
    })
}

impl Core<'_> {
    fn setup(&self) -> Setup<'_> {
        Setup {
            accounts: self.accounts,
            params: self.routing,
            policy: self.policy,
        }
    }

    /// Why a value in the scenario does nothing.
    fn of_scenario(
        &self,
        r: &Reading<'_>,
        scenario: &Scenario,
        before: &Node,
        setting: &Setting,
        settings: &[Setting],
    ) -> Option<String> {
        if setting.changed.get() == 0 {
            return already(setting);
        }
        let path = setting.path_text();
        if let Some(reason) = rules::reason(&path, scenario, self.world) {
            return Some(reason.to_owned());
        }
        let key = path
            .strip_prefix("routing.")
            .filter(|key| ROUTING.contains(key))?;
        let mut root = before.clone();
        let quiet = Reading::new(r.files);
        for other in settings.iter().filter(|it| !it.is_of_accounts()) {
            if !std::ptr::eq(other, setting) {
                Setting::new(&quiet, &other.from)?.apply(&mut root, top::KEYS);
            }
        }
        let table = Table::open(&quiet, &root, top::KEYS, None)?;
        let params = routing_keys::read(&table.section("routing"));
        let without = Setup {
            params: &params,
            ..self.setup()
        };
        let alike = probe::alike(self.setup(), without)?;
        alike.then(|| format!("with {key} or without, {} decides alike", self.policy))
    }

    /// Why a value in the accounts does nothing.
    fn of_accounts(
        &self,
        r: &Reading<'_>,
        path: &Path,
        setting: &Setting,
        settings: &[Setting],
    ) -> Option<String> {
        if setting.changed.get() == 0 {
            return already(setting);
        }
        let key = setting.key();
        if let Some(reason) = self.idle(key) {
            return Some(reason.to_owned());
        }
        if !DECIDING.contains(&key) || !self.decides_alone(key) {
            return None;
        }
        if self.accounts.numbers().len() > probe::MOST_NUMBERS {
            return None;
        }
        let quiet = Reading::new(r.files);
        let others: Vec<Setting> = settings
            .iter()
            .filter(|it| it.is_of_accounts() && !std::ptr::eq(*it, setting))
            .filter_map(|it| Setting::new(&quiet, &it.from))
            .collect();
        let others: Vec<&Setting> = others.iter().collect();
        let without = accounts::read(&quiet, Span::default(), path, &others)?;
        if quiet.failed() {
            return None;
        }
        let without = Setup {
            accounts: &without.accounts,
            ..self.setup()
        };
        if !probe::alike(self.setup(), without)? {
            return None;
        }
        Some(match key {
            "incoming_timeout" => self.ring_times(setting),
            _ => format!("{} decides alike with and without it", self.policy),
        })
    }

    /// Why a key of the accounts acts on nothing, whatever its value.
    fn idle(&self, key: &str) -> Option<&'static str> {
        let world = self.world;
        let no_private = self.scenario.is_some() && !world.private_callers;
        match key {
            key if SHOWN.contains(&key) => Some("it is shown or sent, and decides nothing"),
            "hold_staff" | "hold_room" if !world.hold => Some("no number has backup = \"hold\""),
            "voice_ai_hours" if !world.voice_ai => Some("no number has a Voice AI"),
            "ivr_device" if !world.ivr_users => Some("no IVR connects users"),
            "allow_private_calls" if no_private => Some("no caller is private"),
            "incoming_timeout" if self.routing.ring_timeout.is_some() => {
                Some("[routing] ring_timeout overrides the lookup")
            }
            _ => None,
        }
    }

    /// Whether this key acts on decisions alone, with these accounts.
    fn decides_alone(&self, key: &str) -> bool {
        let live = self.routing.availability_gate == AvailabilityGate::Live;
        match key {
            "available" => live && !self.world.named_staff && !self.world.ivr_users,
            "web_app" | "mobile_app" | "desk_phone" => !self.world.ivr_users,
            _ => true,
        }
    }

    /// Who has a ring time of their own, of those that a value reaches.
    fn ring_times(&self, setting: &Setting) -> String {
        let meant = &setting.path.get(1).map_or("*", |step| step.name.as_str());
        let within = |id: NumberId| {
            let account = self.accounts.number(id).sub_account;
            *meant == "*" || &*self.accounts.sub_account(account).id == *meant
        };
        let (mut owners, mut own, mut numbers, mut kept) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
        for (id, number) in self.accounts.numbers().filter(|(id, _)| within(*id)) {
            numbers += 1;
            owners.extend(number.assigned_to);
            let level = ring_time(self.accounts, id, self.routing).1;
            kept += u64::from(matches!(level, RingLevel::User | RingLevel::Number));
            if level == RingLevel::User {
                own.extend(number.assigned_to);
            }
        }
        match setting.path.get(2).map(|step| step.name.as_str()) {
            Some("user") => "no number whose calls ring is assigned to them".to_owned(),
            _ if !owners.is_empty() && own == owners => {
                format!("{} of {} users set their own", own.len(), owners.len())
            }
            _ if kept < numbers => {
                format!("{kept} of {numbers} numbers have another, the rest decide alike")
            }
            _ => format!("{kept} of {numbers} numbers have one of their own or of their owner"),
        }
    }
}
