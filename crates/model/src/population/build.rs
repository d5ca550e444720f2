//! All sub-accounts of a population into tables, on the threads that there are.

use rayon::prelude::*;
use routing::account::{Accounts, AccountsBuilder, NumberId, TableSizes, UserId};

use super::{MOST_NUMBERS, Made, NumberOf, Population};
use crate::ivr::{Connect, Workflow};

/// Sub-accounts that are made in one piece.
const PIECE: u32 = 2048;

/// Pieces a thread that are made before they are put together: what is there twice meanwhile.
const PIECES_A_THREAD: usize = 4;

/// The most users of a population.
const MOST_USERS: u64 = 50_000_000;

/// The most contacts.
const MOST_CONTACTS: u64 = 1_000_000_000;

/// A population, made.
#[derive(Debug)]
pub struct Built {
    /// The tables.
    pub accounts: Accounts,
    /// What the IVRs do.
    pub workflows: Vec<(NumberId, Workflow)>,
}

/// A population that has more of something than fits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the population has {found} {what}, expected at most {most}")]
pub struct TooLarge {
    /// Numbers, users or contacts: also the key that says how many there are.
    pub what: &'static str,
    /// How many.
    pub found: u64,
    /// How many there may be.
    pub most: u64,
}

impl Population {
    /// How many there are of everything.
    ///
    /// # Errors
    /// More numbers than [`MOST_NUMBERS`], fifty million users, or a thousand million contacts.
    pub fn size(&self) -> Result<TableSizes, TooLarge> {
        let add = |a: TableSizes, b: TableSizes| TableSizes {
            sub_accounts: a.sub_accounts + b.sub_accounts,
            users: a.users + b.users,
            numbers: a.numbers + b.numbers,
            contacts: a.contacts + b.contacts,
        };
        let all = (0..self.sub_accounts())
            .into_par_iter()
            .map(|at| self.sizes(at))
            .reduce(TableSizes::default, add);
        for (what, found, most) in [
            ("numbers", all.numbers as u64, MOST_NUMBERS),
            ("staff", all.users as u64, MOST_USERS),
            ("contacts", all.contacts as u64, MOST_CONTACTS),
        ] {
            if found > most {
                return Err(TooLarge { what, found, most });
            }
        }
        Ok(all)
    }

    /// Makes all of it, on the threads of the current pool. What comes out does not depend on
    /// their number.
    ///
    /// # Errors
    /// See [`Population::size`].
    pub fn build(&self) -> Result<Built, TooLarge> {
        let sizes = self.size()?;
        let mut builder = AccountsBuilder::of_blocks(NumberOf::BLOCKS, sizes);
        let mut workflows = Vec::new();
        // A piece that has more than on average grows; most do not have to.
        let room = |all: usize| {
            let mean = all as f64 / f64::from(self.sub_accounts().max(1));
            (mean * f64::from(PIECE) * 1.1) as usize
        };
        let room = TableSizes {
            sub_accounts: PIECE as usize,
            users: room(sizes.users),
            numbers: room(sizes.numbers),
            contacts: room(sizes.contacts),
        };
        let pieces: Vec<u32> = (0..self.sub_accounts()).step_by(PIECE as usize).collect();
        for at_once in pieces.chunks(PIECES_A_THREAD * rayon::current_num_threads()) {
            let made: Vec<_> = at_once
                .par_iter()
                .map(|from| self.piece(*from, room))
                .collect();
            for (part, part_flows) in made {
                let (user, number) = builder.append(part);
                let moved = part_flows.into_iter().map(|(at, workflow)| {
                    let at = NumberId(at.0 + number.0);
                    (at, moved(workflow, user))
                });
                workflows.extend(moved);
            }
        }
        Ok(Built {
            accounts: builder.finish(),
            workflows,
        })
    }

    fn piece(&self, from: u32, room: TableSizes) -> (AccountsBuilder, Vec<(NumberId, Workflow)>) {
        let until = (from + PIECE).min(self.sub_accounts());
        let mut builder = AccountsBuilder::of_blocks(NumberOf::BLOCKS, room);
        let (mut made, mut workflows) = (Made::default(), Vec::new());
        for at in from..until {
            self.make(at, &mut made);
            let (user, number) = builder.add(&mut made.resolved);
            for (place, workflow) in made.workflows.drain(..) {
                workflows.push((NumberId(number.0 + place), moved(workflow, user)));
            }
        }
        (builder, workflows)
    }
}

/// A workflow whose users begin at this id.
fn moved(mut workflow: Workflow, first: UserId) -> Workflow {
    for branch in &mut workflow.branches {
        for connect in &mut branch.connect {
            if let Connect::User(user) = connect {
                user.0 += first.0;
            }
        }
    }
    workflow
}
