//! The sliding minute, exactly: a call at t counts while now - t < 60 s.

use std::collections::VecDeque;

use super::{Moment, Window};
use crate::time::Nanos;

/// The times that still count, at most the last `limit` of them: an attempt is over iff `limit`
/// earlier ones are less than 60 s old. One time is kept inline, and room for more only while
/// there are more.
///
/// With `count_blocked` a caller who never pauses stays blocked; without it, `limit` calls of each
/// 60 s get through.
#[derive(Debug, Clone, Default)]
pub(in super::super) enum SlidingLog {
    #[default]
    Empty,
    One(Nanos),
    #[expect(
        clippy::box_collection,
        reason = "most entries hold one time: they stay at 16 bytes"
    )]
    Many(Box<VecDeque<Nanos>>),
}

fn counts(at: Moment, t: Nanos) -> bool {
    at.now.since(t) < Nanos::MINUTE
}

impl Window for SlidingLog {
    type Spare = SpareLogs;

    #[inline]
    fn count(&mut self, at: Moment, _limit: u32) -> u32 {
        match self {
            Self::Empty => 1,
            Self::One(t) => 1 + u32::from(counts(at, *t)),
            Self::Many(times) => {
                while times.front().is_some_and(|t| !counts(at, *t)) {
                    times.pop_front();
                }
                1 + times.len() as u32
            }
        }
    }

    #[inline]
    fn enter(&mut self, at: Moment, limit: u32, spare: &mut SpareLogs) {
        match self {
            _ if limit == 0 => {}
            Self::Empty => *self = Self::One(at.now),
            Self::One(t) if limit == 1 || !counts(at, *t) => *t = at.now,
            Self::One(t) => {
                let mut times = spare.0.pop().unwrap_or_default();
                times.extend([*t, at.now]);
                *self = Self::Many(times);
            }
            Self::Many(times) if times.is_empty() => {
                std::mem::replace(self, Self::One(at.now)).leave(spare);
            }
            Self::Many(times) => {
                if times.len() >= limit as usize {
                    times.pop_front();
                }
                times.push_back(at.now);
            }
        }
    }

    fn leave(self, spare: &mut SpareLogs) {
        if let Self::Many(mut times) = self {
            times.clear();
            spare.0.push(times);
        }
    }
}

/// Logs that are empty now.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::vec_box,
    reason = "they are passed on as they are: a box is what an entry holds"
)]
pub(in super::super) struct SpareLogs(Vec<Box<VecDeque<Nanos>>>);
