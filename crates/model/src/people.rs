//! `[people]`: how callers and staff behave.
//!
//! Each default carries its source: `planning.md` section 4 of the research that this project
//! rests on, \[D\] where it was measured on the Anonymous Bank's calls of 1999, \[A\] where no
//! source was found.

use routing::Nanos;
use routing::account::Device;
use routing::record::Outcome;

use crate::draws::threshold;
use crate::quantity::Share;
use crate::random_time::RandomTime;

/// How one kind of device is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answering {
    /// Share of legs that somebody would pick up.
    pub reach: Share,
    /// From the start of the stage to the pick-up.
    pub delay: RandomTime,
    /// Share of the reached legs that decline instead.
    pub decline: Share,
    /// Share of legs in do-not-disturb: a phone's carrier voicemail at once, an app's leg ends at
    /// once.
    pub dnd: Share,
    /// Share of legs that die after one ring (a sleeping tab, a killed app).
    pub sleep: Share,
    /// When the phone company's machine picks up; infinite for apps and for phones without one.
    pub carrier_voicemail: RandomTime,
}

impl Answering {
    /// Whether its device has a state of its own: only then are [`crate::draws::DeviceDraws`] of
    /// use.
    #[inline]
    pub const fn has_moods(&self) -> bool {
        !(self.dnd.is_never() && self.sleep.is_never() && self.decline.is_never())
    }
}

/// Messages on our voicemail.
#[derive(Debug, Clone, PartialEq)]
pub struct Messages {
    /// Share of the callers who leave one.
    pub message: Share,
    /// Its length.
    pub length: RandomTime,
}

/// Who calls again after a failed attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Redial {
    /// Probability after the first attempt.
    pub share: Share,
    /// From the end of the failed attempt.
    pub delay: RandomTime,
    /// Factor on the probability from attempt to attempt.
    pub keep: Share,
    /// The most redials of one caller; none is infinite.
    pub max: Option<u32>,
    /// The outcomes after which callers try again.
    pub after: OutcomeSet,
}

impl Redial {
    /// Whether the caller tries again after this attempt (from 1) has failed, by this uniform
    /// ([`crate::draws::AfterDraws::redial`]).
    #[inline]
    pub fn tries(&self, attempt: u32, uniform: u32) -> bool {
        if self.max.is_some_and(|max| attempt > max) {
            return false;
        }
        if self.keep == Share::ALWAYS || attempt <= 1 {
            return self.share.hit_32(uniform);
        }
        // A power by repeated multiplication: the same bits on every machine.
        let keep = self.keep.get();
        let kept = (1..attempt.min(4096)).fold(1.0, |product, _| product * keep);
        u64::from(uniform) < threshold(self.share.get() * kept)
    }
}

/// A missed caller gets a text and may call again.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBack {
    /// Share of the missed callers who do.
    pub share: Share,
    /// From the end of the missed call.
    pub delay: RandomTime,
}

/// A set of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutcomeSet(u16);

impl OutcomeSet {
    /// Whether this outcome is in the set.
    pub const fn contains(self, outcome: Outcome) -> bool {
        self.0 & (1 << outcome as u8) != 0
    }
}

impl FromIterator<Outcome> for OutcomeSet {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        Self(
            outcomes
                .into_iter()
                .fold(0, |set, outcome| set | 1 << outcome as u8),
        )
    }
}

/// The outcomes after which callers try again unless the scenario says otherwise (contract.md
/// section 4).
pub const AFTER: [Outcome; 6] = [
    Outcome::Abandoned,
    Outcome::NoAnswer,
    Outcome::Busy,
    Outcome::Blocked,
    Outcome::Dropped,
    Outcome::Failed,
];

/// The outcomes that count as missed for the text-back: nobody talked and the phone system saw
/// the call to its end (domain.md H23; blocked, dropped and failed calls send no text, nor do
/// calls that a phone company's machine took, which look completed).
pub const MISSED: [Outcome; 4] = [
    Outcome::Abandoned,
    Outcome::NoAnswer,
    Outcome::Busy,
    Outcome::Voicemail,
];

/// The `[people]` table. `Default` gives its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    answer: [Answering; 4],
    /// Talk time.
    pub talk: RandomTime,
    /// Busy after the call.
    pub wrap_up: RandomTime,
    /// While ringing: one clock from the first ring over all stages.
    pub patience: RandomTime,
    /// On hold, starting anew there.
    pub hold_patience: RandomTime,
    /// Call Connect: until the key is pressed.
    pub connect_prompt: RandomTime,
    /// Messages on our voicemail.
    pub voicemail: Messages,
    /// Talk time of the Voice AI.
    pub ai_talk: RandomTime,
    /// Text-back of missed calls.
    pub text_back: Option<TextBack>,
    /// Whether the legs of a busy person ring on.
    pub call_waiting: bool,
    /// Added to every ring time.
    pub dial_buffer: Nanos,
    /// Redials.
    pub redial: Option<Redial>,
}

impl People {
    /// How this device is answered.
    pub fn answer(&self, device: Device) -> &Answering {
        &self.answer[device as usize]
    }

    /// The same, to be changed.
    pub fn answer_mut(&mut self, device: Device) -> &mut Answering {
        &mut self.answer[device as usize]
    }
}

fn lognormal(median_s: f64, sigma: f64) -> RandomTime {
    RandomTime::lognormal(Nanos::from_secs_f64(median_s), sigma)
        .unwrap_or(RandomTime::constant(Nanos::from_secs_f64(median_s)))
}

fn answering(reach: f64, delay: RandomTime, carrier_voicemail: RandomTime) -> Answering {
    Answering {
        reach: Share::new(reach).unwrap_or_default(),
        delay,
        decline: Share::NEVER,
        dnd: Share::NEVER,
        sleep: Share::NEVER,
        carrier_voicemail,
    }
}

impl Default for People {
    fn default() -> Self {
        let seconds = Nanos::from_secs;
        let console = || answering(0.85, lognormal(4.3, 0.94), RandomTime::infinite());
        let carrier = RandomTime::uniform(seconds(20), seconds(30));
        let length = RandomTime::lognormal_mean(seconds(25), 0.66);
        Self {
            answer: [
                console(),
                answering(0.80, lognormal(10.0, 0.5), RandomTime::infinite()),
                console(),
                answering(
                    0.86,
                    lognormal(12.0, 0.4),
                    carrier.unwrap_or(RandomTime::infinite()),
                ),
            ],
            talk: lognormal(120.0, 0.93),
            wrap_up: RandomTime::constant(Nanos::ZERO),
            patience: lognormal(30.0, 0.5),
            hold_patience: lognormal(348.0, 1.85),
            connect_prompt: RandomTime::constant(seconds(5)),
            voicemail: Messages {
                message: Share::new(0.1).unwrap_or_default(),
                length: length.unwrap_or(RandomTime::constant(seconds(25))),
            },
            ai_talk: lognormal(90.0, 0.8),
            text_back: None,
            call_waiting: false,
            dial_buffer: seconds(5),
            redial: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_contract() {
        let people = People::default();
        assert_eq!(people.answer(Device::Web), people.answer(Device::Desk));
        assert_eq!(people.answer(Device::Mobile).reach.get(), 0.80);
        assert_eq!(people.answer(Device::Phone).delay, lognormal(12.0, 0.4));
        assert!(people.answer(Device::Web).carrier_voicemail.is_infinite());
        assert_eq!(
            people.answer(Device::Phone).carrier_voicemail,
            RandomTime::uniform(Nanos::from_secs(20), Nanos::from_secs(30)).unwrap()
        );
        assert_eq!(people.dial_buffer, Nanos::from_secs(5));
        assert!(people.redial.is_none());
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: OutcomeSet = AFTER.into_iter().collect();
        for outcome in Outcome::ALL {
            assert_eq!(
                set.contains(*outcome),
                AFTER.contains(outcome),
                "{}",
                outcome.name()
            );
        }
    }
}
