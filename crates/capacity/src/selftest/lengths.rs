//! How long a model is run: long enough to have forgotten that it began empty, and for an interval
//! that is narrow enough to be a test.

use super::model::Model;

/// How long and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    /// Not counted.
    pub warm_up_s: u64,
    /// The warm-up included.
    pub duration_s: u64,
    /// How often.
    pub replications: u32,
}

/// How much is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Some seconds for all models.
    Quick,
    /// Some minutes for a published table.
    Full,
}

/// The most that one model may take, in calls.
const MOST_CALLS: f64 = 6e7;

/// A window has at least so many relaxation times: the mean over one is then nearly normal, and
/// what is not linear in it (percentiles) nearly free of bias.
const RELAXATIONS: f64 = 150.0;

/// After so many relaxation times less than a ten-thousandth is left of an empty beginning.
const FORGOTTEN: f64 = 12.0;

impl Effort {
    /// Calls of one model over all replications, where nothing asks for more.
    const fn calls(self) -> f64 {
        match self {
            Self::Quick => 2e5,
            Self::Full => 5e6,
        }
    }

    const fn replications(self) -> u32 {
        match self {
            Self::Quick => 24,
            Self::Full => 60,
        }
    }
}

/// How long this model is run.
///
/// # Errors
/// When it would take too long, for people.
pub fn lengths(model: &Model, effort: Effort) -> Result<Lengths, String> {
    let whole = |time_s: f64| time_s.ceil().max(1.0) as u64;
    if let Some(day_s) = model.day_s {
        let days = effort.calls() / (model.rate_per_s * day_s);
        return Ok(Lengths {
            warm_up_s: 0,
            duration_s: whole(day_s),
            replications: (days as u32).clamp(100, 4000),
        });
    }
    let replications = effort.replications();
    let forgets_s = relaxation_s(model);
    let warm_up_s = (FORGOTTEN * forgets_s).max(settles_s(model));
    let window_s = effort.calls() / model.rate_per_s / f64::from(replications);
    let window_s = match effort {
        Effort::Quick => window_s.max(warm_up_s),
        Effort::Full => window_s.max(RELAXATIONS * forgets_s).max(2.0 * warm_up_s),
    };
    let duration_s = warm_up_s + window_s;
    let calls = duration_s * model.rate_per_s * f64::from(replications);
    if calls > MOST_CALLS || duration_s > 1e8 {
        return Err(format!(
            "it forgets its beginning so slowly that a test takes {calls:.0} calls, at most \
             {MOST_CALLS:.0} are played"
        ));
    }
    Ok(Lengths {
        warm_up_s: whole(warm_up_s),
        duration_s: whole(warm_up_s) + whole(window_s),
        replications,
    })
}

/// About how long the queue remembers, in seconds. Without loss it is the relaxation time of
/// M/M/s, 1/(√(sμ) - √λ)², times (1 + SCV)/2 (see Abate and Whitt, 1987, for the first); those who
/// all call again come on top of it. With loss it is as short as a service time or a patience.
fn relaxation_s(model: &Model) -> f64 {
    let (family, service_s) = model.service;
    let spread = f64::midpoint(1.0, family.scv());
    let full = f64::from(model.servers) / service_s;
    let gap = full.sqrt() - model.rate_per_s.sqrt();
    let queue_s = spread / (gap * gap).max(1e-12);
    let own_s = match (model.patience, model.room) {
        (Some((_, patience_s)), _) => patience_s.min(queue_s).max(service_s),
        (None, Some(0)) => service_s * spread,
        // With room for r, the queue cannot be further away than r services.
        (None, Some(room)) => queue_s.min(room_s(model, room)).max(service_s),
        (None, None) => queue_s.max(service_s),
    };
    match model.redial {
        Some(redial) => {
            let kept = redial.share * (model.load() / f64::from(model.servers)).min(1.0);
            own_s + (redial.mean_s + service_s) / (1.0 - kept).max(1e-3)
        }
        None => own_s,
    }
}

/// How long the room takes to drain twice over, squared with its spread.
fn room_s(model: &Model, room: u32) -> f64 {
    let (_, service_s) = model.service;
    let places = f64::from(room) + f64::from(model.servers).sqrt();
    places * places * service_s / f64::from(model.servers)
}

/// How long a warm-up is at least, in seconds: long services (what is left of the longest at the
/// start is the tail) and patience whose hazard is small at first take many of their means.
fn settles_s(model: &Model) -> f64 {
    let (family, service_s) = model.service;
    let service_s = 30.0 * service_s * (1.0 + family.scv());
    let patience_s = model.patience.map_or(0.0, |(family, patience_s)| {
        // Callers who all give up after about the same time fill the line before any of them does.
        let late = if family.scv() < 1.0 { 80.0 } else { 20.0 };
        late * patience_s
    });
    service_s.max(patience_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::law::Family;

    const GMR: Model = Model {
        rate_per_s: 0.8,
        servers: 50,
        room: None,
        service: (Family::Exponential, 60.0),
        patience: None,
        redial: None,
        day_s: None,
    };

    #[test]
    fn a_busy_queue_takes_longer_to_forget() {
        let busy = relaxation_s(&GMR);
        assert!((busy / 60.0 - 48.99).abs() < 0.01, "{busy}");
        let calm = Model {
            rate_per_s: 0.5,
            ..GMR
        };
        assert!(relaxation_s(&calm) < busy / 10.0);
    }

    #[test]
    fn warm_ups_forget_and_windows_remember() {
        let full = lengths(&GMR, Effort::Full).expect("some length");
        assert!(full.warm_up_s as f64 >= 11.9 * relaxation_s(&GMR));
        assert!(full.replications >= 20);
        let quick = lengths(&GMR, Effort::Quick).expect("some length");
        assert!(quick.duration_s < full.duration_s);
    }

    #[test]
    fn a_day_is_a_day() {
        let day = Model {
            day_s: Some(28_800.0),
            ..GMR
        };
        let found = lengths(&day, Effort::Full).expect("some length");
        assert_eq!((found.warm_up_s, found.duration_s), (0, 28_800));
    }

    #[test]
    fn what_takes_forever_is_said() {
        let nearly = Model {
            rate_per_s: 0.833,
            ..GMR
        };
        assert!(lengths(&nearly, Effort::Full).is_err());
    }
}
