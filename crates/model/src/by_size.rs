//! Numbers weighted by the size of their sub-account (`to = "by-size"`).
//!
//! The size of a sub-account is its staff: how many users it has, one at least. Its calls are
//! shared out evenly over its numbers; one without numbers gets none. So a business of thirty gets
//! ten times the calls of one with three, however many numbers each has.

use std::ops::Range;
use std::sync::Arc;

use routing::account::{Accounts, NumberId};

/// The sub-accounts with numbers, by size: drawn in constant time with eight bytes each and a
/// guide of four.
#[derive(Debug, Clone, PartialEq)]
pub struct BySize {
    /// The size of all before, and the first number; a last one closes the list.
    parts: Arc<[(u32, NumberId)]>,
    /// For each equal piece of the whole the part in which it begins (Chen and Asau 1974).
    guide: Arc<[u32]>,
}

impl BySize {
    /// Of all sub-accounts with numbers; none where there is none, or their sizes together are
    /// more than four thousand million.
    pub fn of(accounts: &Accounts) -> Option<Self> {
        let mut parts = Vec::with_capacity(accounts.sub_accounts().len() + 1);
        let mut so_far = 0u32;
        let mut end = NumberId(0);
        for (id, _) in accounts.sub_accounts() {
            let mut numbers = accounts.numbers_of(id);
            if let Some(first) = numbers.next() {
                parts.push((so_far, first));
                let size = u32::try_from(accounts.users_of(id).len()).ok()?.max(1);
                so_far = so_far.checked_add(size)?;
                end = NumberId(first.0 + 1 + numbers.len() as u32);
            }
        }
        let count = parts.len();
        if count == 0 {
            return None;
        }
        parts.push((so_far, end));
        let mut guide = Vec::with_capacity(count);
        let mut part = 0u32;
        for piece in 0..count as u64 {
            let begins = piece * u64::from(so_far) / count as u64;
            while u64::from(parts[part as usize + 1].0) <= begins {
                part += 1;
            }
            guide.push(part);
        }
        Some(Self {
            parts: parts.into(),
            guide: guide.into(),
        })
    }

    /// The number of this uniform: by inversion, so that the next number has the next uniforms.
    #[inline]
    pub fn draw(&self, uniform: u32) -> NumberId {
        let pieces = self.guide.len() as u64;
        let mut part = self.guide[((u64::from(uniform) * pieces) >> 32) as usize] as usize;
        // In 2^-32 of a user: exact, where a float would round.
        let at = u64::from(uniform) * u64::from(self.all());
        while u64::from(self.parts[part + 1].0) << 32 <= at {
            part += 1;
        }
        let (before, first) = self.parts[part];
        let (after, next) = self.parts[part + 1];
        let within = u128::from(at - (u64::from(before) << 32));
        let place = within * u128::from(next.0 - first.0) / (u128::from(after - before) << 32);
        NumberId(first.0 + place as u32)
    }

    /// The size of all sub-accounts together.
    fn all(&self) -> u32 {
        self.parts.last().map_or(0, |it| it.0)
    }

    /// Every sub-account's numbers, and the share of the calls that each of them gets.
    pub fn shares(&self) -> impl Iterator<Item = (Range<u32>, f64)> {
        let all = f64::from(self.all());
        self.parts.windows(2).map(move |two| {
            let ((before, first), (after, next)) = (two[0], two[1]);
            let each = f64::from(after - before) / all / f64::from(next.0 - first.0);
            (first.0..next.0, each)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::PhoneNumber;
    use routing::account::{AccountsBuilder, NewNumber, NewSubAccount, NewUser};

    /// Sub-accounts with so many users and so many numbers.
    fn accounts(sizes: &[(usize, usize)]) -> Accounts {
        let mut builder = AccountsBuilder::new();
        let mut digits = 15_555_550_100;
        for (at, (users, numbers)) in sizes.iter().enumerate() {
            let user = |at| NewUser {
                id: format!("u{at}"),
                ..NewUser::default()
            };
            let mut number = || {
                digits += 1;
                NewNumber::new(PhoneNumber::from_digits(digits).unwrap())
            };
            let declared = NewSubAccount {
                id: format!("s{at}"),
                users: (0..*users).map(user).collect(),
                numbers: (0..*numbers).map(|_| number()).collect(),
                ..NewSubAccount::default()
            };
            builder.push(&declared).unwrap();
        }
        builder.finish()
    }

    #[test]
    fn calls_follow_the_staff_and_are_shared_out_over_the_numbers() {
        let accounts = accounts(&[(0, 1), (6, 2), (5, 0), (3, 3)]);
        let by_size = BySize::of(&accounts).unwrap();
        let mut counts = [0u32; 6];
        for step in 0..60_000u64 {
            let uniform = ((step << 32) / 60_000) as u32;
            counts[by_size.draw(uniform).index()] += 1;
        }
        // Of ten: one has nobody and counts as one, six share two numbers, three share three.
        for (count, expected) in counts
            .into_iter()
            .zip([6000, 18_000, 18_000, 6000, 6000, 6000])
        {
            assert!(count.abs_diff(expected) <= 1, "{counts:?}");
        }
        let shares: f64 = by_size
            .shares()
            .map(|(range, each)| range.len() as f64 * each)
            .sum();
        assert!((shares - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_ends_of_the_uniforms_are_the_ends_of_the_numbers() {
        let accounts = accounts(&[(2, 1), (1, 1), (40, 7)]);
        let by_size = BySize::of(&accounts).unwrap();
        assert_eq!(by_size.draw(0), NumberId(0));
        assert_eq!(by_size.draw(u32::MAX), NumberId(8));
        assert_eq!(BySize::of(&Accounts::default()), None);
    }
}
