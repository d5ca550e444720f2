//! What a comparison says as a whole: whether B may take the place of A.
//!
//! Gates say what matters. Where there are none, the share of callers reached does.

use measure::difference::{Difference, Shown};
use measure::{GateResult, Verdict as Held};

/// The metric that decides without gates.
pub const HEADLINE: &str = "callers.reached.share";

/// Whether B keeps what A keeps. The order is that of exit codes: the later decides when several
/// hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is lost.
    Pass,
    /// More replications would tell.
    Inconclusive,
    /// A gate that A keeps fails on B; without gates, fewer callers are reached.
    Regression,
    /// A gate's metric has no value on one of the sides.
    NotMeasured,
}

impl Verdict {
    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Regression => "regression",
            Self::NotMeasured => "not-measured",
        }
    }
}

/// How one gate stands on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// On A.
    pub a: Held,
    /// On B.
    pub b: Held,
}

impl Standing {
    /// What that means. A gate that fails on A as well is not lost by B.
    pub const fn verdict(self) -> Verdict {
        match (self.a, self.b) {
            (Held::NotMeasured | Held::Invalid, _) | (_, Held::NotMeasured | Held::Invalid) => {
                Verdict::NotMeasured
            }
            (Held::Fail, _) | (_, Held::Pass) => Verdict::Pass,
            (_, Held::Fail) => Verdict::Regression,
            (_, Held::Inconclusive) => Verdict::Inconclusive,
        }
    }
}

/// Of all gates, or of the headline.
pub(super) fn of(a: &[GateResult], b: &[GateResult], differences: &[Difference]) -> Verdict {
    let standing = a.iter().zip(b).map(|(a, b)| Standing {
        a: a.verdict,
        b: b.verdict,
    });
    let worst = standing.map(Standing::verdict).max();
    worst.unwrap_or_else(|| {
        let headline = differences.iter().find(|it| it.name == HEADLINE);
        match headline.and_then(|it| it.shown) {
            Some(Shown::Worse) => Verdict::Regression,
            Some(Shown::Inconclusive) => Verdict::Inconclusive,
            _ => Verdict::Pass,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_keeps_can_be_lost() {
        use Held::{Fail, Inconclusive, NotMeasured, Pass};
        for (a, b, expected) in [
            (Pass, Pass, Verdict::Pass),
            (Pass, Fail, Verdict::Regression),
            (Inconclusive, Fail, Verdict::Regression),
            (Fail, Fail, Verdict::Pass),
            (Fail, Pass, Verdict::Pass),
            (Fail, Inconclusive, Verdict::Pass),
            (Pass, Inconclusive, Verdict::Inconclusive),
            (Pass, NotMeasured, Verdict::NotMeasured),
            (NotMeasured, Pass, Verdict::NotMeasured),
        ] {
            assert_eq!(Standing { a, b }.verdict(), expected, "{a:?} {b:?}");
        }
    }
}
