//! `--fault`: how bad a router the server plays.

use std::time::Duration;

use routing::decision::{Decision, Role, Terminal};

/// A rule that the server gets wrong on purpose, for `verify` to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongRule {
    /// Extra users are forgotten.
    NoRingMore,
    /// Every stage rings as if nobody had set a time.
    RingTime,
    /// The forwarding number rings for nobody.
    NoForwarding,
    /// Whatever comes when nobody answers is a voicemail.
    AlwaysVoicemail,
}

impl WrongRule {
    /// Every one with its word.
    pub const ALL: [(&'static str, Self); 4] = [
        ("no-ring-more", Self::NoRingMore),
        ("ring-time", Self::RingTime),
        ("no-forwarding", Self::NoForwarding),
        ("always-voicemail", Self::AlwaysVoicemail),
    ];

    /// The decision, made wrong.
    pub(crate) fn spoil(self, decision: &mut Decision) {
        let keep = |keep: &dyn Fn(&routing::decision::Leg) -> bool, decision: &mut Decision| {
            for stage in &mut decision.stages {
                stage.legs.retain(|leg| keep(leg));
            }
            decision.stages.retain(|stage| !stage.legs.is_empty());
        };
        match self {
            Self::NoRingMore => {
                // The extra users stand behind the owner's devices and the phone slot; those with
                // a phone say so, the others are the users of whom only one app rings.
                let owner = decision
                    .legs()
                    .next()
                    .and_then(routing::decision::Leg::user);
                keep(&|leg| leg.user().is_none() || leg.user() == owner, decision);
            }
            Self::RingTime => {
                for stage in &mut decision.stages {
                    stage.ring = routing::policy::DEFAULT_RING;
                }
            }
            Self::NoForwarding => keep(
                &|leg| {
                    !matches!(
                        leg,
                        routing::decision::Leg::Phone {
                            role: Role::Forwarding,
                            ..
                        }
                    )
                },
                decision,
            ),
            Self::AlwaysVoicemail => {
                if !matches!(decision.finally, Terminal::Drop(_) | Terminal::Reject(_)) {
                    decision.finally = Terminal::Voicemail;
                }
            }
        }
    }
}

/// What the server does wrong. `Default` is a good server.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// Every answer takes so long, drawn evenly between the two.
    pub delay: Option<(Duration, Duration)>,
    /// At the end of every period of the second length nothing is answered for the first length.
    pub stall: Option<(Duration, Duration)>,
    /// This share of requests is answered 500.
    pub error: f64,
    /// This share of answers makes no sense.
    pub malformed: f64,
    /// This share of connections is closed instead of an answer.
    pub reset: f64,
    /// A rule that is wrong.
    pub wrong_rule: Option<WrongRule>,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Another word.
    #[error(
        "found {0:?}, expected delay=50ms, delay=10ms..90ms, stall=200ms/2s, error=5%, \
         malformed=1%, reset=1% or wrong-rule=NAME"
    )]
    Unknown(String),
    /// No duration.
    #[error("{0:?} is no duration as 50ms, 200us or 2s")]
    Duration(String),
    /// No share.
    #[error("{0:?} is no share as 5% or 0.05")]
    Share(String),
    /// No rule.
    #[error(
        "{0:?} is no rule that can be wrong: no-ring-more, ring-time, no-forwarding, \
             always-voicemail"
    )]
    Rule(String),
}

/// What happens to one request instead of, or before, an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Answer,
    Error,
    Malformed,
    Reset,
}

impl Faults {
    /// Adds one fault as it is typed.
    ///
    /// # Errors
    /// When it is none.
    pub fn add(&mut self, text: &str) -> Result<(), FaultError> {
        let unknown = || FaultError::Unknown(text.to_owned());
        let (name, value) = text.split_once('=').ok_or_else(unknown)?;
        match name {
            "delay" => {
                let (from, to) = value.split_once("..").unwrap_or((value, value));
                let (from, to) = (duration(from)?, duration(to)?);
                self.delay = Some((from.min(to), from.max(to)));
            }
            "stall" => {
                let (length, period) = value.split_once('/').ok_or_else(unknown)?;
                let (length, period) = (duration(length)?, duration(period)?);
                if length > period {
                    return Err(FaultError::Duration(value.to_owned()));
                }
                self.stall = Some((length, period));
            }
            "error" => self.error = share(value)?,
            "malformed" => self.malformed = share(value)?,
            "reset" => self.reset = share(value)?,
            "wrong-rule" => {
                let found = WrongRule::ALL.iter().find(|(word, _)| *word == value);
                let (_, rule) = found.ok_or_else(|| FaultError::Rule(value.to_owned()))?;
                self.wrong_rule = Some(*rule);
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }

    /// What happens to the request with this number.
    pub(crate) fn fate(&self, n: u64) -> Fate {
        let at = even(n, 1);
        let bounds = [
            (self.error, Fate::Error),
            (self.malformed, Fate::Malformed),
            (self.reset, Fate::Reset),
        ];
        let mut from = 0.0;
        for (share, fate) in bounds {
            if at >= from && at < from + share {
                return fate;
            }
            from += share;
        }
        Fate::Answer
    }

    /// How long the request with this number waits, when it comes so long after the start.
    pub(crate) fn waits(&self, n: u64, since_start: Duration) -> Duration {
        let delayed = self.delay.map_or(Duration::ZERO, |(from, to)| {
            from + to.saturating_sub(from).mul_f64(even(n, 2))
        });
        delayed + self.stalled(since_start + delayed)
    }

    /// Until the stall is over that this moment lies in.
    fn stalled(&self, at: Duration) -> Duration {
        let Some((length, period)) = self.stall.filter(|(_, period)| !period.is_zero()) else {
            return Duration::ZERO;
        };
        let into = Duration::from_nanos((at.as_nanos() % period.as_nanos()) as u64);
        if into >= period.saturating_sub(length) {
            period.saturating_sub(into)
        } else {
            Duration::ZERO
        }
    }
}

/// An even number in [0, 1) for the n-th request: the same in every run (`SplitMix64`).
fn even(n: u64, purpose: u64) -> f64 {
    let mut z = n
        .wrapping_mul(2)
        .wrapping_add(purpose)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn duration(text: &str) -> Result<Duration, FaultError> {
    let wrong = || FaultError::Duration(text.to_owned());
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match &text[digits.len()..] {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "min" => 60.0,
        _ => return Err(wrong()),
    };
    let seconds = digits.parse::<f64>().map_err(|_| wrong())? * scale;
    if (0.0..=3600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(wrong())
    }
}

fn share(text: &str) -> Result<f64, FaultError> {
    let value = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|it| it / 100.0),
        None => text.parse(),
    };
    match value {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(FaultError::Share(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(texts: &[&str]) -> Faults {
        let mut faults = Faults::default();
        for text in texts {
            faults.add(text).unwrap();
        }
        faults
    }

    #[test]
    fn a_share_of_requests_fares_so() {
        let faults = faults(&["error=5%", "malformed=0.1", "reset=2%"]);
        let count = |fate| (0..100_000).filter(|n| faults.fate(*n) == fate).count();
        for (fate, expected) in [
            (Fate::Error, 5_000),
            (Fate::Malformed, 10_000),
            (Fate::Reset, 2_000),
            (Fate::Answer, 83_000),
        ] {
            let found = count(fate);
            assert!(found.abs_diff(expected) < 400, "{fate:?}: {found}");
        }
    }

    #[test]
    fn a_stall_holds_all_back_until_it_is_over() {
        let faults = faults(&["stall=200ms/2s"]);
        let waits = |ms: u64| faults.waits(0, Duration::from_millis(ms)).as_millis();
        assert_eq!(
            [0, 1_799, 1_800, 1_900, 1_999, 2_000, 3_850].map(waits),
            [0, 0, 200, 100, 1, 0, 150]
        );
    }

    #[test]
    fn a_delay_lies_between_its_bounds() {
        let faults = faults(&["delay=10ms..90ms"]);
        let waits: Vec<Duration> = (0..1000).map(|n| faults.waits(n, Duration::ZERO)).collect();
        let (low, high) = (Duration::from_millis(10), Duration::from_millis(90));
        assert!(waits.iter().all(|it| (low..=high).contains(it)));
        let mean = waits.iter().sum::<Duration>() / 1000;
        assert!(mean.abs_diff(Duration::from_millis(50)) < Duration::from_millis(3));
    }

    #[test]
    fn what_is_no_fault_is_told() {
        for text in [
            "",
            "delay",
            "delay=",
            "delay=5",
            "delay=-5ms",
            "delay=2h",
            "stall=2s/1s",
            "stall=1s",
            "error=101%",
            "error=x",
            "reset=NaN",
            "wrong-rule=all",
            "fire=1",
        ] {
            assert!(Faults::default().add(text).is_err(), "{text}");
        }
    }
}
