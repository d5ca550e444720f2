//! How many unnamed agents there are at what time.

use routing::Nanos;

/// A roster: from each time on so many agents, in order of time; before the first there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster(Vec<(Nanos, u32)>);

impl Roster {
    /// This roster, sorted by time; of several entries for one time the last holds.
    pub fn new(mut steps: Vec<(Nanos, u32)>) -> Self {
        steps.sort_by_key(|(from, _)| *from);
        let mut kept: Vec<(Nanos, u32)> = Vec::with_capacity(steps.len());
        for step in steps {
            match kept.last_mut() {
                Some(last) if last.0 == step.0 => *last = step,
                _ => kept.push(step),
            }
        }
        Self(kept)
    }

    /// Its steps: from this time on so many agents.
    pub fn steps(&self) -> &[(Nanos, u32)] {
        &self.0
    }
}
