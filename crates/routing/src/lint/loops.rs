//! Redirect loops: the directed graph from our numbers over phone legs to our numbers (domain.md
//! 3.3, H8).
//!
//! Knows no callers: an edge is there when any call can take it, so a loop may need different
//! callers at each hop.

use std::collections::VecDeque;

use super::cases::Seen;
use crate::account::{Accounts, NumberId};

/// A shortest loop through each number that lies on one, each loop once, from its first number. A
/// number on a loop that was found already starts none of its own.
pub(super) fn find(accounts: &Accounts, seen: &[Seen]) -> Vec<Vec<NumberId>> {
    let edges: Vec<Vec<NumberId>> = seen
        .iter()
        .map(|seen| {
            seen.phones
                .iter()
                .filter_map(|to| accounts.find_number(*to))
                .collect()
        })
        .collect();
    let mut on_loop = vec![false; edges.len()];
    // Who looked at a number last, and from where it was reached: one buffer for all searches.
    let mut reached = vec![None; edges.len()];
    let mut loops = Vec::new();
    for start in 0..edges.len() {
        if on_loop[start] || edges[start].is_empty() {
            continue;
        }
        let start = NumberId(start as u32);
        if let Some(mut path) = shortest(start, &edges, &mut reached) {
            for number in &path {
                on_loop[number.index()] = true;
            }
            let first = (0..path.len()).min_by_key(|at| path[*at]).unwrap_or(0);
            path.rotate_left(first);
            loops.push(path);
        }
    }
    loops.sort();
    loops.dedup();
    loops
}

/// The shortest way from a number back to itself, by breadth.
fn shortest(
    start: NumberId,
    edges: &[Vec<NumberId>],
    reached: &mut [Option<(NumberId, NumberId)>],
) -> Option<Vec<NumberId>> {
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &to in &edges[at.index()] {
            if to == start {
                return Some(way_back(start, at, reached));
            }
            let new = reached[to.index()].is_none_or(|(by, _)| by != start);
            if new {
                reached[to.index()] = Some((start, at));
                queue.push_back(to);
            }
        }
    }
    None
}

fn way_back(
    start: NumberId,
    last: NumberId,
    reached: &[Option<(NumberId, NumberId)>],
) -> Vec<NumberId> {
    let mut path = vec![last];
    let mut at = last;
    while at != start {
        let Some((_, from)) = reached[at.index()] else {
            break;
        };
        at = from;
        path.push(at);
    }
    path.reverse();
    path
}
