//! Known answers through the whole program: rows of published tables against scenarios of ours.
//!
//! A row says a queue in the words of [`mod@question`]; rows of the same queue share one run. The
//! run is a scenario as text that goes the way of `busyhour run`: read, wired, played, summed up;
//! its numbers are taken from the summary by their names. Rows in other words are not guessed at.
//! Knows no file: whoever has a table hands over its text.

mod built_in;
mod discipline;
mod law;
#[cfg(test)]
mod laws;
pub mod lengths;
pub mod metric;
pub mod model;
mod play;
pub mod question;
pub mod table;
pub mod verdict;
mod words;

pub use built_in::built_in;
pub use discipline::Lost;
pub use law::Family;
pub use lengths::{Effort, Lengths};
pub use play::{Round, play};
pub use question::{Question, question};
pub use table::{Column, Row, TableFault, read};
pub use verdict::{Measured, Verdict};

use measure::Summary;

/// The rows of a table, and what is played for them.
pub struct Selftest {
    rows: Vec<(Row, Result<Question, String>)>,
    /// One a queue, in the order of the table.
    pub rounds: Vec<Round>,
    /// Rows that could be played and are not, to be quick.
    pub left_out: usize,
    /// Rows that nobody asked for.
    hidden: Vec<bool>,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The row's table.
    pub table_id: String,
    /// The row's model in its own words, with its columns.
    pub model: String,
    /// The row's metric.
    pub metric: String,
    /// The scenario that was played; none where nothing was.
    pub scenario: Option<String>,
    /// The number that is known.
    pub expected: Option<f64>,
    /// Ours, in the same unit.
    pub measured: Option<Measured>,
    /// Whether they agree.
    pub verdict: Verdict,
    /// How far they are apart, or why nothing was played.
    pub reason: String,
}

impl Selftest {
    /// Reads the rows and lays out what is played.
    pub fn new(rows: Vec<Row>, effort: Effort, seed: u64) -> Self {
        let mut asked = Vec::with_capacity(rows.len());
        let mut rounds: Vec<Round> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let mut found = question(row, &rows);
            if let Ok(question) = &found {
                let round = rounds.iter_mut().find(|it| it.model == question.model);
                let round = match round {
                    Some(round) => Ok(round),
                    None => Round::new(row, &question.model, effort, seed, rounds.len() + 1)
                        .map(|round| rounds.push_mut(round)),
                };
                match round {
                    Ok(round) => round.ask(at, question),
                    Err(why) => found = Err(why),
                }
            }
            asked.push(found);
        }
        let mut selftest = Self {
            rows: rows.into_iter().zip(asked).collect(),
            rounds,
            left_out: 0,
            hidden: Vec::new(),
        };
        if effort == Effort::Quick {
            selftest.thin_out();
        }
        selftest
    }

    /// Keeps the first round of each class.
    fn thin_out(&mut self) {
        let mut seen = Vec::new();
        self.rounds.retain(|round| {
            let class = round.class();
            let new = !seen.contains(&class);
            seen.push(class);
            if !new {
                self.left_out += round.rows.len();
            }
            new
        });
    }

    /// Keeps the rows of this table alone; tells whether there are any. Others may still be what
    /// its models rest on.
    pub fn keep_table(&mut self, table_id: &str) -> bool {
        let own: Vec<bool> = self
            .rows
            .iter()
            .map(|(row, _)| row.get(Column::TableId) == table_id)
            .collect();
        for round in &mut self.rounds {
            round.rows.retain(|at| own[*at]);
        }
        self.rounds.retain(|round| !round.rows.is_empty());
        self.hidden = own.iter().map(|own| !own).collect();
        own.contains(&true)
    }

    /// How many virtual seconds are played in all.
    pub fn total_s(&self) -> u64 {
        let of = |round: &Round| {
            round
                .lengths
                .duration_s
                .saturating_mul(u64::from(round.lengths.replications))
        };
        self.rounds.iter().map(of).fold(0, u64::saturating_add)
    }

    /// The answers to all rows, in the order of the table, from the summaries of the first rounds.
    /// Rows whose round was not played are left out.
    pub fn answers(&self, summaries: &[Summary]) -> Vec<Answer> {
        let mut answers: Vec<(usize, Answer)> = Vec::new();
        for (at, (row, asked)) in self.rows.iter().enumerate() {
            let hidden = self.hidden.get(at).copied().unwrap_or(false);
            if let Err(why) = asked
                && !hidden
            {
                answers.push((at, not_expressed(row, why.clone())));
            }
        }
        for (round, summary) in self.rounds.iter().zip(summaries) {
            for at in &round.rows {
                let (row, asked) = &self.rows[*at];
                if let Ok(question) = asked {
                    answers.push((*at, answer(row, question, round, summary)));
                }
            }
        }
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

/// The model's words with the columns, for people.
fn described(row: &Row) -> String {
    let of = |column| row.get(column);
    let columns = [
        ("lambda ", Column::Lambda),
        ("servers ", Column::Servers),
        ("room ", Column::Room),
        ("service ", Column::Service),
        ("patience ", Column::Patience),
    ];
    let mut text = of(Column::Model).to_owned();
    for (name, column) in columns.into_iter().filter(|it| !of(it.1).is_empty()) {
        text.push_str(", ");
        text.push_str(name);
        text.push_str(of(column));
    }
    text
}

fn not_expressed(row: &Row, reason: String) -> Answer {
    Answer {
        table_id: row.get(Column::TableId).to_owned(),
        model: described(row),
        metric: row.get(Column::Metric).to_owned(),
        scenario: None,
        expected: question::expected(row).map(|(number, _)| number),
        measured: None,
        verdict: Verdict::NotExpressed,
        reason,
    }
}

fn answer(row: &Row, question: &Question, round: &Round, summary: &Summary) -> Answer {
    let empty = not_expressed(row, String::new());
    let scenario = Some(round.name.clone());
    match verdict::measured(question, summary, &round.lengths) {
        Err(reason) => Answer {
            scenario,
            reason,
            ..empty
        },
        Ok(measured) => {
            let (verdict, reason) = verdict::judged(question, &measured);
            Answer {
                scenario,
                expected: Some(question.expected),
                measured: Some(measured),
                verdict,
                reason,
                ..empty
            }
        }
    }
}
