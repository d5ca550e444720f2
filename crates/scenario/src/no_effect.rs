//! What was set and changes nothing.

use std::path::Path;

use crate::overrides::Setting;
use crate::reading::Reading;
use crate::scenario::{AccountsFile, Scenario};

pub(crate) fn report(_r: &Reading<'_>, _s: &Scenario, _path: Option<&Path>, _set: &[Setting]) {}

pub(crate) fn report_accounts(_r: &Reading<'_>, _f: &AccountsFile, _p: &Path, _set: &[Setting]) {}
