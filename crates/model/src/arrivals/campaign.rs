//! Replies to an SMS or e-mail blast: each recipient calls with some probability, some time after
//! the message.
//!
//! Each recipient has draws of their own, so that a recipient who calls at 2 % calls at 3 % too, at
//! the same delay, however fast the messages go out. Held are only those who will call and have not
//! called yet.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use routing::Nanos;

use super::factors::Factors;
use super::schedule::{Clock, Schedule};
use super::values::{Pace, Sending};
use super::{
    ArrivalProcess, Counts, Cursor, Due, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values,
};
use crate::calendar::Calendar;
use crate::draws::{BATCH, Batch, Lanes, Purpose, threshold};
use crate::quantity::{Rate, Share};
use crate::random_time::RandomTime;

pub(super) const KIND: Kind = Kind {
    name: "campaign",
    help: "replies to an SMS or e-mail blast: recipients call back the number it came from",
    keys: &[
        Key::optional(
            "at",
            Takes::Moment,
            "when the first message goes out; default the start",
        ),
        Key::required(
            "recipients",
            Takes::Whole(1, 1_000_000_000),
            "people who get the message",
        ),
        Key::optional(
            "response_share",
            Takes::Share,
            "share of them who call; .005 to .04 are usual (assumed: no source found)",
        )
        .or("0.02"),
        Key::optional(
            "delay",
            Takes::Time,
            "from the message to the call; median 20 min, 11 for operational messages, 30 in \
             retail (Dynmark 2013, nearly a billion SMS; sigma assumed)",
        )
        .or("{ lognormal = { median = \"20min\", sigma = 1.63 } }"),
        Key::optional(
            "send",
            Takes::Sending,
            "{ batch, every } (drip) or { rate }, each also with between = \"09:00-17:00\"; \
             default as sends_as says",
        ),
        Key::optional(
            "sends_as",
            Takes::Word(&["60000/h", "6000/h", "at-once"]),
            "how fast the platform sends when `send` gives no pace, an open question of its \
             documents: 60 000 an hour up to 25 000 contacts, 6 000 an hour for 10 000 to 50 000, \
             or all at once",
        )
        .or("\"60000/h\""),
    ],
    counts: Counts::Steadier,
    make,
    ..PLAIN
};

/// The pace of each reading.
fn platform(sends_as: &str) -> Pace {
    let an_hour = |messages: f64| Rate::per_second(messages / 3600.0).map(Pace::Rate);
    match sends_as {
        "6000/h" => an_hour(6000.0),
        "at-once" => None,
        _ => an_hour(60_000.0),
    }
    .unwrap_or(Pace::AtOnce)
}

fn make(values: &Values, setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let recipients = *values
        .whole("recipients")
        .ok_or_else(|| KeyFault::missing("recipients"))?;
    let delay = values
        .time("delay")
        .ok_or_else(|| KeyFault::missing("delay"))?;
    let share = *values
        .share("response_share")
        .ok_or_else(|| KeyFault::missing("response_share"))?;
    let reading = values.word("sends_as").copied().unwrap_or("60000/h");
    let sending = values.sending("send").cloned().unwrap_or(Sending {
        pace: None,
        between: None,
    });
    let pace = sending.pace.unwrap_or_else(|| platform(reading));
    if matches!(pace, Pace::Rate(rate) if rate.get() <= 0.0) {
        let message = "a rate of 0 sends nothing, expected one above 0".to_owned();
        return Err(KeyFault::new("send", message));
    }
    Ok(Box::new(Campaign {
        at: setting.moment(values, "at")?,
        recipients,
        share,
        delay: delay.clone(),
        sending: Sending {
            pace: Some(pace),
            ..sending
        },
        delays: (0..QUANTILES).map(|at| quantile(delay, at)).collect(),
    }))
}

/// Into how many delays of equal probability the delay is divided for what is expected.
const QUANTILES: u64 = 1024;

fn quantile(delay: &RandomTime, at: u64) -> Nanos {
    let step = u64::MAX / QUANTILES;
    delay.draw(at * step + step / 2)
}

struct Campaign {
    at: Nanos,
    recipients: u64,
    share: Share,
    delay: RandomTime,
    sending: Sending,
    /// Delays of equal probability.
    delays: Vec<Nanos>,
}

impl Campaign {
    fn schedule(&self, calendar: &Calendar, until: Nanos) -> Schedule {
        Schedule::new(&self.sending, (self.at, self.recipients), calendar, until)
    }
}

impl ArrivalProcess for Campaign {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        let mut replies = Replies {
            clock: self.schedule(start.calendar, start.until).clock(),
            delay: &self.delay,
            share: self.share.get(),
            recipients: self.recipients,
            hits: threshold(self.share.get()),
            hits_until: Nanos::ZERO,
            factors: (!start.spread.is_none()).then(|| Factors::new(*start)),
            batch: Batch::new(start.draws, start.source),
            next: 0,
            uniforms: [0; TOGETHER],
            replier: None,
            pending: BinaryHeap::new(),
            start: *start,
        };
        replies.replier = replies.next_replier();
        Box::new(replies)
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        let schedule = self.schedule(calendar, until);
        let sent = |delay: &Nanos| {
            let before = until.0.saturating_sub(delay.0);
            schedule.sent_before(Nanos(before)) as f64
        };
        let calls: f64 = self.delays.iter().map(sent).sum();
        calls / self.delays.len() as f64 * self.share.get()
    }

    fn begins(&self) -> Option<(Nanos, &'static str)> {
        Some((self.at, "the first message"))
    }

    fn held_bytes(&self) -> f64 {
        // A heap grows by doubling.
        self.recipients as f64 * self.share.get() * 2.0 * size_of::<Pending>() as f64
    }
}

/// When a recipient calls, and which one.
type Pending = Reverse<(Nanos, u64)>;

/// Of how many recipients it is drawn together whether they reply.
const TOGETHER: usize = 4 * BATCH;

struct Replies<'a> {
    clock: Clock,
    delay: &'a RandomTime,
    share: f64,
    recipients: u64,
    /// How many of the 2^32 uniforms reply, as busy as it is now.
    hits: u64,
    /// Until when that holds.
    hits_until: Nanos,
    /// None where nothing varies.
    factors: Option<Factors<'a>>,
    batch: Batch<1>,
    /// The recipient to be looked at next.
    next: u64,
    /// Of the recipients around it, whether they reply.
    uniforms: [u32; TOGETHER],
    /// The next one who replies: when they get the message, and who.
    replier: Option<(Nanos, u64)>,
    pending: BinaryHeap<Pending>,
    start: Start<'a>,
}

impl Replies<'_> {
    /// The next recipient who replies, in the order of the messages.
    fn next_replier(&mut self) -> Option<(Nanos, u64)> {
        while self.next < self.recipients {
            let n = self.next;
            let within = n as usize % TOGETHER;
            if within == 0 {
                self.fill(n / 4);
            }
            self.next += 1;
            if let Some(factors) = &mut self.factors {
                let at = self.clock.at(n)?;
                if at >= self.hits_until {
                    let (factor, until) = factors.at(at);
                    (self.hits, self.hits_until) = (threshold(self.share * factor), until);
                }
            }
            if u64::from(self.uniforms[within]) < self.hits {
                let at = self.clock.at(n)?;
                return (at < self.start.until).then_some((at, n));
            }
        }
        None
    }

    #[inline(never)]
    fn fill(&mut self, first: u64) {
        let blocks: [u64; BATCH] = std::array::from_fn(|lane| first + lane as u64);
        let (draws, source) = (&self.start.draws, self.start.source);
        let lanes = Lanes::of(draws, source, &blocks, Purpose::Reply);
        for (lane, four) in self.uniforms.chunks_exact_mut(4).enumerate() {
            four.copy_from_slice(&lanes.block(lane));
        }
    }
}

impl Cursor for Replies<'_> {
    fn next(&mut self) -> Option<Due> {
        // Who gets the message later does not call before that.
        while let Some((sent, n)) = self.replier
            && self.pending.peek().is_none_or(|first| first.0.0 >= sent)
        {
            let due = sent + self.delay.draw(self.batch.fresh(n).gap);
            if due < self.start.until {
                self.pending.push(Reverse((due, n)));
            }
            self.replier = self.next_replier();
        }
        let Reverse((at, n)) = self.pending.pop()?;
        Some(Due {
            at,
            n,
            draws: self.batch.fresh(n),
            call: None,
        })
    }
}
