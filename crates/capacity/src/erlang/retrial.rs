//! Queues whose lost callers call again after an exponential time: a Markov chain of the calls in
//! the system and the callers who will call again, cut where almost nothing is left.
//!
//! By levels of the second, from the top: each level's probabilities are those of the level below
//! times a matrix (Latouche and Ramaswami 1999, chapter 12; level-dependent).

/// What happens to the lost, and the queue's rates; any unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retrial {
    /// Fresh calls.
    pub rate: f64,
    /// Calls that one server ends.
    pub service_rate: f64,
    /// Servers, at least one.
    pub servers: usize,
    /// How many may wait.
    pub room: usize,
    /// How fast each of those who wait leaves; 0 for never.
    pub leave_rate: f64,
    /// The chance that one who found no room calls again.
    pub again_blocked: f64,
    /// The chance that one who left calls again.
    pub again_left: f64,
    /// How fast each of those who call again does.
    pub again_rate: f64,
}

/// The chain in steady state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Callers who will call again, on average.
    pub orbit: f64,
    /// Attempts per unit of time, fresh and again.
    pub attempts: f64,
    /// The share of attempts that find no room.
    pub blocked: f64,
    /// The share of attempts whose caller leaves.
    pub left: f64,
    /// How many wait, on average.
    pub queue: f64,
    /// How many servers work, on average.
    pub busy: f64,
}

type Matrix = Vec<Vec<f64>>;

impl Retrial {
    /// In steady state, cut at so many callers who will call again: take so many that more would
    /// change nothing.
    pub fn steady(&self, most: usize) -> Steady {
        let size = self.servers + self.room + 1;
        // Each level's probabilities over those of the level below.
        let mut ratios: Vec<Matrix> = Vec::with_capacity(most);
        let mut inner = self.inner(most, most);
        for level in (1..=most).rev() {
            let up = self.up(level - 1, most);
            let ratio = divided(
                up.iter().map(|row| row.iter().map(|it| -it).collect()),
                &inner,
            );
            inner = self.inner(level - 1, most);
            let down = self.down(level);
            for (from, row) in ratio.iter().enumerate() {
                for (through, weight) in row.iter().enumerate() {
                    for to in 0..size {
                        inner[from][to] += weight * down[through][to];
                    }
                }
            }
            ratios.push(ratio);
        }
        let mut level = null_row(&inner);
        let mut sums = Sums::default();
        sums.add(self, 0, &level);
        for (at, ratio) in ratios.iter().rev().enumerate() {
            level = times(&level, ratio);
            sums.add(self, at + 1, &level);
        }
        sums.steady(self)
    }

    fn leaving(&self, calls: usize) -> f64 {
        self.leave_rate * calls.saturating_sub(self.servers) as f64
    }

    /// Rates from a level to the next.
    fn up(&self, level: usize, most: usize) -> Matrix {
        let last = self.servers + self.room;
        let mut up = vec![vec![0.0; last + 1]; last + 1];
        if level < most {
            up[last][last] += self.rate * self.again_blocked;
            for calls in self.servers + 1..=last {
                up[calls][calls - 1] += self.leaving(calls) * self.again_left;
            }
        }
        up
    }

    /// Rates from a level to the one below.
    fn down(&self, level: usize) -> Matrix {
        let last = self.servers + self.room;
        let again = self.again_rate * level as f64;
        let mut down = vec![vec![0.0; last + 1]; last + 1];
        for calls in 0..last {
            down[calls][calls + 1] += again;
        }
        down[last][last] += again * (1.0 - self.again_blocked);
        down
    }

    /// Rates within a level, those out of each state on the diagonal. At the top the lost are lost.
    fn inner(&self, level: usize, most: usize) -> Matrix {
        let last = self.servers + self.room;
        let mut inner = vec![vec![0.0; last + 1]; last + 1];
        for calls in 0..=last {
            if calls < last {
                inner[calls][calls + 1] += self.rate;
            }
            if calls > 0 {
                let lost = if level < most {
                    1.0 - self.again_left
                } else {
                    1.0
                };
                inner[calls][calls - 1] +=
                    self.service_rate * calls.min(self.servers) as f64 + self.leaving(calls) * lost;
            }
        }
        let (up, down) = (self.up(level, most), self.down(level));
        for calls in 0..=last {
            let mut out: f64 = inner[calls].iter().sum::<f64>() + up[calls].iter().sum::<f64>();
            if level > 0 {
                out += down[calls].iter().sum::<f64>();
            }
            inner[calls][calls] -= out;
        }
        inner
    }
}

/// Sums of probabilities.
#[derive(Default)]
struct Sums {
    all: f64,
    orbit: f64,
    full: f64,
    full_again: f64,
    queue: f64,
    busy: f64,
}

impl Sums {
    fn add(&mut self, chain: &Retrial, level: usize, probabilities: &[f64]) {
        let last = probabilities.len() - 1;
        for (calls, chance) in probabilities.iter().enumerate() {
            self.all += chance;
            self.orbit += chance * level as f64;
            self.busy += chance * calls.min(chain.servers) as f64;
            self.queue += chance * calls.saturating_sub(chain.servers) as f64;
        }
        self.full += probabilities[last];
        self.full_again += probabilities[last] * level as f64;
    }

    fn steady(&self, chain: &Retrial) -> Steady {
        let attempts = chain.rate + chain.again_rate * self.orbit / self.all;
        let blocked = (chain.rate * self.full + chain.again_rate * self.full_again) / self.all;
        Steady {
            orbit: self.orbit / self.all,
            attempts,
            blocked: blocked / attempts,
            left: chain.leave_rate * self.queue / self.all / attempts,
            queue: self.queue / self.all,
            busy: self.busy / self.all,
        }
    }
}

fn times(row: &[f64], matrix: &Matrix) -> Vec<f64> {
    let mut product = vec![0.0; row.len()];
    for (weight, from) in row.iter().zip(matrix) {
        for (sum, it) in product.iter_mut().zip(from) {
            *sum += weight * it;
        }
    }
    product
}

/// X with X·M = rows, by elimination on columns. M is a generator's block: its diagonal leads, so
/// no row need be exchanged.
fn divided(rows: impl Iterator<Item = Vec<f64>>, matrix: &Matrix) -> Matrix {
    let size = matrix.len();
    let (mut left, mut right) = (matrix.clone(), rows.collect::<Matrix>());
    for at in 0..size {
        for column in (0..size).filter(|column| *column != at) {
            let factor = left[at][column] / left[at][at];
            if factor == 0.0 {
                continue;
            }
            for row in left.iter_mut().chain(&mut right) {
                row[column] -= factor * row[at];
            }
        }
    }
    for row in &mut right {
        for (at, value) in row.iter_mut().enumerate() {
            *value /= left[at][at];
        }
    }
    right
}

/// x with x·M = 0 and its first part 1.
fn null_row(matrix: &Matrix) -> Vec<f64> {
    let size = matrix.len();
    let rest: Matrix = matrix[1..].iter().map(|row| row[1..].to_vec()).collect();
    let first: Vec<f64> = matrix[0][1..].iter().map(|it| -it).collect();
    let solved = divided(std::iter::once(first), &rest);
    let mut row = Vec::with_capacity(size);
    row.push(1.0);
    row.extend_from_slice(&solved[0]);
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::erlang::blocking;

    const LOSS: Retrial = Retrial {
        rate: 8.0,
        service_rate: 1.0,
        servers: 10,
        room: 0,
        leave_rate: 0.0,
        again_blocked: 0.0,
        again_left: 0.0,
        again_rate: 1.0,
    };

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn without_redials_it_is_erlang_b() {
        let found = LOSS.steady(3);
        near(found.blocked, blocking(10, 8.0));
        near(found.attempts, 8.0);
        near(found.busy, 8.0 * (1.0 - found.blocked));
        assert!(found.orbit.abs() < 1e-12);
    }

    #[test]
    fn one_server_is_as_the_closed_form() {
        // Falin and Templeton (1997), 1.1: ρλ/(ν(1 - ρ)) + ρ²/(1 - ρ).
        let (rate, again_rate) = (0.5, 1.0);
        let chain = Retrial {
            rate,
            servers: 1,
            again_blocked: 1.0,
            again_rate,
            ..LOSS
        };
        let found = chain.steady(200);
        near(
            found.orbit,
            rate * rate / (again_rate * (1.0 - rate)) + rate * rate / (1.0 - rate),
        );
        near(found.busy, 0.5);
        // Who is blocked comes again: attempts/fresh = 1/(1 - loss).
        near(found.attempts / rate, 1.0 / (1.0 - found.blocked));
    }

    #[test]
    fn what_leaves_and_what_comes_again_balance() {
        let chain = Retrial {
            rate: 12.0,
            room: 40,
            leave_rate: 0.5,
            again_left: 0.5,
            again_rate: 0.2,
            ..LOSS
        };
        let found = chain.steady(120);
        near(found.attempts / 12.0, 1.0 / (1.0 - 0.5 * found.left));
        near(found.orbit * 0.2, found.attempts * found.left * 0.5);
        near(
            found.busy,
            found.attempts * (1.0 - found.left - found.blocked),
        );
    }
}
