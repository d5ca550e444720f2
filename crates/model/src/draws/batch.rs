//! The draws of many fresh calls at once. Nothing but the same function evaluated early: what a
//! batch gives for an address is what [`Draws`] gives for it, only cheaper, because the rounds of
//! several blocks run side by side.

use routing::record::FreshId;

use super::{Address, AttemptDraws, Draws, FreshDraws, MULTIPLIERS, Purpose, WEYL};

/// How many fresh calls are drawn together.
pub const BATCH: usize = 16;

/// `N` blocks of Philox4x32-10 side by side: word by word, so that the compiler sees lanes.
#[inline]
fn philox_lanes<const N: usize>(mut words: [[u32; N]; 4], mut key: [u32; 2]) -> [[u32; N]; 4] {
    for _ in 0..10 {
        let mut next = [[0u32; N]; 4];
        for lane in 0..N {
            let a = u64::from(MULTIPLIERS[0]) * u64::from(words[0][lane]);
            let b = u64::from(MULTIPLIERS[1]) * u64::from(words[2][lane]);
            next[0][lane] = (b >> 32) as u32 ^ words[1][lane] ^ key[0];
            next[1][lane] = b as u32;
            next[2][lane] = (a >> 32) as u32 ^ words[3][lane] ^ key[1];
            next[3][lane] = a as u32;
        }
        words = next;
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    words
}

impl Draws {
    /// The blocks of this purpose for the first attempts of these fresh calls of one source.
    #[inline]
    fn blocks<const N: usize>(
        &self,
        source: u16,
        numbers: [u64; N],
        purpose: Purpose,
    ) -> [[u32; 4]; N] {
        let mut words = [[0u32; N]; 4];
        for lane in 0..N {
            let n = numbers[lane];
            let counter = Address::of(FreshId { source, n }, 1, purpose).counter();
            for word in 0..4 {
                words[word][lane] = counter[word];
            }
        }
        let words = philox_lanes(words, self.key);
        std::array::from_fn(|lane| words.map(|word| word[lane] ^ self.flip))
    }
}

/// The lives of the first attempts of these fresh calls of one source: what [`Draws::attempt`]
/// gives for each.
#[inline]
pub(crate) fn lives<const N: usize>(
    draws: &Draws,
    source: u16,
    numbers: [u64; N],
) -> [AttemptDraws; N] {
    draws
        .blocks(source, numbers, Purpose::Life)
        .map(AttemptDraws::from)
}

/// The draws of the fresh calls of one source, ahead of time, `N` at once. Asked in their order it
/// is cheap; in any order it is right.
#[derive(Debug, Clone)]
pub struct Batch<const N: usize = BATCH> {
    draws: Draws,
    source: u16,
    /// The first one that is filled in, if any is.
    first: Option<u64>,
    fresh: [FreshDraws; N],
}

impl<const N: usize> Batch<N> {
    /// For the fresh calls of this source.
    pub fn new(draws: Draws, source: u16) -> Self {
        Self {
            draws,
            source,
            first: None,
            fresh: [FreshDraws::default(); N],
        }
    }

    /// The draws of the `n`-th fresh call: what [`Draws::fresh`] gives.
    #[inline]
    pub fn fresh(&mut self, n: u64) -> FreshDraws {
        if let Some(first) = self.first
            && let Some(draws) = self.fresh.get(n.wrapping_sub(first) as usize)
        {
            return *draws;
        }
        self.fill(n);
        self.fresh[0]
    }

    #[cold]
    #[inline(never)]
    fn fill(&mut self, n: u64) {
        self.first = Some(n);
        let numbers = std::array::from_fn(|lane| n.wrapping_add(lane as u64));
        let blocks: [_; N] = self.draws.blocks(self.source, numbers, Purpose::Fresh);
        self.fresh = blocks.map(FreshDraws::from);
    }
}
