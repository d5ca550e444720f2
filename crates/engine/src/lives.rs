//! The draws of the lives of calls that arrived lately. Patience is asked for when a call begins to
//! ring, talk when somebody answers: one block of random bits serves both, and is kept in between
//! while there is room. What was lost is drawn again: it follows from its address.

use model::Draws;
use model::draws::AttemptDraws;
use routing::record::FreshId;

use crate::call::{Call, PackedFresh};

/// So many attempts are kept. A power of two; small, so that it stays in the nearest cache.
const KEPT: usize = 256;

/// One attempt's.
#[derive(Debug, Clone, Copy)]
struct Life {
    fresh: PackedFresh,
    /// 0 is nobody's.
    attempt: u16,
    draws: AttemptDraws,
}

/// The lives of attempts that arrived lately.
#[derive(Debug)]
pub(crate) struct Lives(Box<[Life; KEPT]>);

impl Lives {
    /// Nobody's yet.
    pub(crate) fn none() -> Self {
        let nobody = Life {
            fresh: FreshId { source: 0, n: 0 }.into(),
            attempt: 0,
            draws: AttemptDraws::default(),
        };
        Self(Box::new([nobody; KEPT]))
    }

    #[inline]
    fn place(fresh: PackedFresh) -> usize {
        FreshId::from(fresh).n as usize % KEPT
    }

    /// Keeps the draws of this call's attempt.
    #[inline]
    pub(crate) fn keep(&mut self, call: &Call, draws: AttemptDraws) {
        self.0[Self::place(call.packed_fresh())] = Life {
            fresh: call.packed_fresh(),
            attempt: call.attempt,
            draws,
        };
    }

    /// The draws of this call's attempt: what [`Draws::attempt`] gives.
    #[inline]
    pub(crate) fn of(&self, call: &Call, draws: &Draws) -> AttemptDraws {
        let kept = &self.0[Self::place(call.packed_fresh())];
        if kept.fresh == call.packed_fresh() && kept.attempt == call.attempt {
            kept.draws
        } else {
            draws.attempt(call.fresh(), u32::from(call.attempt))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::PhoneNumber;

    #[test]
    fn what_is_kept_is_what_would_be_drawn_and_nobody_gets_anothers() {
        let draws = Draws::new(7, 1);
        let to: PhoneNumber = "+15555550100".parse().unwrap();
        let mut lives = Lives::none();
        let of = |source, n| Call::new(FreshId { source, n }, None, to);
        let own = |call: &Call| draws.attempt(call.fresh(), u32::from(call.attempt));
        // Two of each three share a place; redials share that of their fresh call.
        let calls: Vec<Call> = (0..600)
            .flat_map(|n| [of(0, n), of(1, n), of(0, n).again()])
            .collect();
        for call in &calls {
            assert_eq!(lives.of(call, &draws), own(call), "before");
            lives.keep(call, own(call));
            assert_eq!(lives.of(call, &draws), own(call), "kept");
        }
        for call in &calls {
            assert_eq!(lives.of(call, &draws), own(call), "kept or lost");
        }
    }
}
