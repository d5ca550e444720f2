//! The draws of many fresh calls at once. Nothing but the same function evaluated early: what a
//! batch gives for an address is what [`Draws`] gives for it, only cheaper, because several blocks
//! are made side by side.

use routing::record::FreshId;

use super::{Address, AttemptDraws, Draws, FreshDraws, Purpose, philox};

/// How many fresh calls are drawn together. Below 16 the compiler does not see lanes.
pub const BATCH: usize = 16;

/// `N` blocks of Philox4x32-10, word by word. A plain loop over lanes in a function of its own: of
/// the forms tried, this is the one that becomes vector code.
#[inline(never)]
fn philox_lanes<const N: usize>(words: &[[u32; N]; 4], key: [u32; 2], flip: u32) -> [[u32; N]; 4] {
    let mut blocks = [[0u32; N]; 4];
    for lane in 0..N {
        let block = philox(std::array::from_fn(|word| words[word][lane]), key);
        for word in 0..4 {
            blocks[word][lane] = block[word] ^ flip;
        }
    }
    blocks
}

/// Blocks of addresses that differ in the fresh call only, word by word.
#[derive(Debug, Clone)]
pub(crate) struct Lanes<const N: usize>([[u32; N]; 4]);

impl<const N: usize> Lanes<N> {
    const EMPTY: Self = Self([[0; N]; 4]);

    /// The blocks of this purpose for the first attempts of these fresh calls of one source.
    pub(crate) fn of(draws: &Draws, source: u16, numbers: &[u64; N], purpose: Purpose) -> Self {
        let mut words = [[0u32; N]; 4];
        for lane in 0..N {
            let n = numbers[lane];
            let counter = Address::of(FreshId { source, n }, 1, purpose).counter();
            for word in 0..4 {
                words[word][lane] = counter[word];
            }
        }
        Self(philox_lanes(&words, draws.key, draws.flip))
    }

    #[inline]
    pub(crate) fn block(&self, lane: usize) -> [u32; 4] {
        // Not `map`, which would copy the whole lanes first.
        let [a, b, c, d] = &self.0;
        [a[lane], b[lane], c[lane], d[lane]]
    }
}

/// The draws of the fresh calls of one source, ahead of time, `N` at once. Asked in their order it
/// is cheap; in any order it is right.
#[derive(Debug, Clone)]
pub struct Batch<const N: usize = BATCH> {
    draws: Draws,
    source: u16,
    /// The first one that is filled in, if any is.
    first: Option<u64>,
    lanes: Lanes<N>,
}

impl<const N: usize> Batch<N> {
    /// For the fresh calls of this source.
    pub fn new(draws: Draws, source: u16) -> Self {
        Self {
            draws,
            source,
            first: None,
            lanes: Lanes::EMPTY,
        }
    }

    /// The draws of the `n`-th fresh call: what [`Draws::fresh`] gives.
    #[inline]
    pub fn fresh(&mut self, n: u64) -> FreshDraws {
        if let Some(first) = self.first {
            let lane = n.wrapping_sub(first);
            if lane < N as u64 {
                return self.lanes.block(lane as usize).into();
            }
        }
        self.fill(n);
        self.lanes.block(0).into()
    }

    #[inline(never)]
    fn fill(&mut self, n: u64) {
        self.first = Some(n);
        let numbers = std::array::from_fn(|lane| n.wrapping_add(lane as u64));
        self.lanes = Lanes::of(&self.draws, self.source, &numbers, Purpose::Fresh);
    }
}

impl Lanes<BATCH> {
    /// The lives of the first attempts of these fresh calls of one source.
    pub(crate) fn lives(draws: &Draws, source: u16, numbers: &[u64; BATCH]) -> Self {
        Self::of(draws, source, numbers, Purpose::Life)
    }

    /// What [`Draws::attempt`] gives for the fresh call of this lane.
    #[inline]
    pub(crate) fn attempt(&self, lane: usize) -> AttemptDraws {
        self.block(lane).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_any_order<const N: usize>() {
        let draws = Draws::paired(5, 1);
        let mut batch: Batch<N> = Batch::new(draws, 3);
        let far = [1 << 32, (1 << 32) - 1, 7, 6, 100_000, 99_999, 100_001];
        for n in (0..100).chain(far) {
            let single = draws.fresh(FreshId { source: 3, n });
            assert_eq!(batch.fresh(n), single, "call {n} in batches of {N}");
        }
    }

    #[test]
    fn a_batch_of_any_size_gives_what_single_draws_give() {
        in_any_order::<1>();
        in_any_order::<2>();
        in_any_order::<7>();
        in_any_order::<16>();
        in_any_order::<33>();
    }

    #[test]
    fn lives_in_lanes_are_those_of_single_draws() {
        let draws = Draws::new(5, 0);
        let numbers = std::array::from_fn(|lane| (lane as u64) << (3 * lane));
        let lanes = Lanes::lives(&draws, 9, &numbers);
        for (lane, n) in numbers.into_iter().enumerate() {
            let fresh = FreshId { source: 9, n };
            assert_eq!(lanes.attempt(lane), draws.attempt(fresh, 1));
        }
    }
}
