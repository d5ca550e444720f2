//! One queue, played: its scenario as text, and what `busyhour run` would make of it.

use std::path::Path;
use std::sync::Arc;

use engine::run::Watch;
use measure::{Summary, names};
use model::arrivals::LoggedCall;
use scenario::{FileError, Files, Options, read_scenario};

use super::law::Family;
use super::lengths::{Effort, Lengths, lengths};
use super::model::Model;
use super::question::Question;
use super::table::{Column, Row};
use crate::job::Job;

/// A queue, and the rows that ask about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// A name for its files: its number and its first table.
    pub name: String,
    /// The queue.
    pub model: Model,
    /// How long it is played.
    pub lengths: Lengths,
    /// Where all draws start.
    pub seed: u64,
    /// The metrics that are needed, each once.
    wanted: Vec<String>,
    /// The rows of the table, from 0.
    pub(crate) rows: Vec<usize>,
}

impl Round {
    pub(crate) fn new(
        row: &Row,
        model: &Model,
        effort: Effort,
        seed: u64,
        number: usize,
    ) -> Result<Self, String> {
        let lengths = lengths(model, effort)?;
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let table: String = row
            .get(Column::TableId)
            .chars()
            .map(letter)
            .take(40)
            .collect();
        Ok(Self {
            name: format!("{number:02}-{}", table.trim_matches('-')),
            model: *model,
            lengths,
            // Queues are played with draws of their own, whatever table they stand in.
            seed: seed.wrapping_add(fingerprint(model)) >> 16,
            wanted: Vec::new(),
            rows: Vec::new(),
        })
    }

    pub(crate) fn ask(&mut self, row: usize, question: &Question) {
        self.rows.push(row);
        for name in question.reading.take.names() {
            if !self.wanted.iter().any(|it| it == name) {
                self.wanted.push(name.to_owned());
            }
        }
    }

    /// How many rows ask about it.
    pub fn asked(&self) -> usize {
        self.rows.len()
    }

    /// The scenario file.
    pub fn scenario(&self) -> String {
        let wanted: Vec<&str> = self.wanted.iter().map(String::as_str).collect();
        self.model
            .scenario(&self.name, self.seed, &self.lengths, &wanted)
    }

    /// The accounts file beside it.
    pub fn accounts(&self) -> String {
        self.model.accounts()
    }

    /// What rounds that test the same have in common.
    pub(crate) fn class(&self) -> String {
        let shape = |family: Family| match family {
            Family::Exponential | Family::Any => "M",
            Family::Erlang(_) => "E",
            Family::Lognormal { .. } => "LN",
            Family::Constant => "D",
        };
        let model = &self.model;
        format!(
            "{} {:?} {:?} {:?} {}",
            shape(model.service.0),
            model.patience.map(|(family, _)| shape(family)),
            model.room.map(|room| room > 0),
            model.redial.map(|it| (it.after, it.share >= 1.0)),
            model.day_s.is_some()
        )
    }
}

/// FNV-1a over what the model is, printed: the same on every machine.
fn fingerprint(model: &Model) -> u64 {
    let text = format!("{model:?}");
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The files of a round, which nobody need write.
struct Texts<'a> {
    scenario: &'a str,
    accounts: &'a str,
}

const SCENARIO: &str = "scenario.toml";
const ACCOUNTS: &str = "accounts.toml";

impl Files for Texts<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match path.to_str() {
            Some(SCENARIO) => Ok(self.scenario.as_bytes().to_vec()),
            Some(ACCOUNTS) => Ok(self.accounts.as_bytes().to_vec()),
            _ => Err(FileError::Missing),
        }
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(vec![format!(
            "{}:1:1: there is no such file",
            path.display()
        )])
    }
}

/// Plays a round on so many threads (0: as many as there are cores): the way of `busyhour run`,
/// from the text of its scenario to its summary.
///
/// # Errors
/// What the reader or the engine says, for people.
pub fn play(round: &Round, threads: usize, watch: &Watch) -> Result<Summary, String> {
    let files = Texts {
        scenario: &round.scenario(),
        accounts: &round.accounts(),
    };
    let options = Options {
        overrides: Vec::new(),
        gates: Vec::new(),
        metrics: &|name| match names::check(name) {
            Ok(known) => Ok(known.unit.unwrap_or("share")),
            Err(nearest) => Err(Some(nearest.nearest)),
        },
    };
    let scenario = read_scenario(Path::new(SCENARIO), &files, &options)
        .map_err(|problems| format!("{}: {problems}", round.name))?;
    let of = |why: &dyn std::fmt::Display| format!("{}: {why}", round.name);
    let job = Job::new(scenario).map_err(|why| of(&why))?;
    let ran = crate::run(&job, threads, false, watch).map_err(|why| of(&why))?;
    Ok(ran.summary)
}
