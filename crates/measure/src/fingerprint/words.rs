//! A keyed 128-bit hash of a few words, for records that are made by the million: it takes the words
//! where they are, in registers, where a hash of bytes would have them written and read again.
//!
//! NH (Black, Halevi, Krawczyk, Krovetz and Rogaway, "UMAC: fast and secure message
//! authentication", CRYPTO 1999): the sum of (w + k)(w' + k') over pairs of words, by which two
//! records collide with a chance of 2^-64. The sum alone is linear: over many records it would miss
//! a field that two of them exchange. So its halves go through keyed multiplications that are
//! folded; nothing is proved of this step, and the tests hold it to its purpose.

/// The first digits of the fraction of pi, as everybody's numbers with nothing up their sleeve.
const KEYS: [u64; 12] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6c,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
    0x9216_d5d9_8979_fb1b,
    0xd131_0ba6_98df_b5ac,
    0x2ffd_72db_d01a_dfb7,
    0xb8e1_afed_6a26_7e96,
];

/// The hash of an even number of words, at most eight, for this layer.
#[inline]
pub(super) fn hash<const N: usize>(record: [u64; N], layer: u64) -> u128 {
    const { assert!(N.is_multiple_of(2) && N <= 8) };
    let (pairs, _) = record.as_chunks::<2>();
    let (keys, _) = KEYS.as_chunks::<2>();
    let product = |([a, b], [k, l]): (&[u64; 2], &[u64; 2])| {
        u128::from(a.wrapping_add(*k)) * u128::from(b.wrapping_add(*l ^ layer))
    };
    let sum = pairs
        .iter()
        .zip(keys)
        .map(product)
        .fold(0u128, u128::wrapping_add);
    let (low, high) = (sum as u64, (sum >> 64) as u64);
    let one = fold(low ^ KEYS[8] ^ layer, high ^ KEYS[9]);
    let other = fold(low ^ KEYS[10], high.wrapping_add(one) ^ KEYS[11]);
    u128::from(one) << 64 | u128::from(other)
}

/// Both halves of the product, laid over each other.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: [u64; 8] = [3, 1 << 47, 7, 5_000_000_000, u64::MAX, u64::MAX, 0, 9];

    #[test]
    fn every_bit_of_a_record_moves_about_half_of_its_hash() {
        let before = hash(RECORD, 1);
        let mut flips = 0;
        for bit in 0..512 {
            let mut other = RECORD;
            other[bit / 64] ^= 1 << (bit % 64);
            let moved = (before ^ hash(other, 1)).count_ones();
            assert!((30..=98).contains(&moved), "bit {bit} moves {moved}");
            flips += moved;
        }
        let mean = f64::from(flips) / 512.0;
        assert!((mean - 64.0).abs() < 1.5, "{mean}");
    }

    #[test]
    fn records_that_exchange_a_word_are_seen() {
        for at in 0..8 {
            let (mut a, mut b) = (RECORD, RECORD);
            (a[(at + 1) % 8], b[(at + 1) % 8]) = (11, 12);
            (a[at], b[at]) = (21, 22);
            let sum = |a, b| hash(a, 1).wrapping_add(hash(b, 1));
            let before = sum(a, b);
            (a[at], b[at]) = (b[at], a[at]);
            assert_ne!(sum(a, b), before, "word {at}");
        }
    }

    #[test]
    fn small_records_do_not_collide() {
        let mut seen: Vec<u128> = (0..40_000)
            .map(|n: u64| hash([n % 200, n / 200, 0, 0, 0, 0], 5))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 40_000);
        assert_ne!(
            hash(RECORD, 1),
            hash(RECORD, 2),
            "layers have keys of their own"
        );
    }
}
