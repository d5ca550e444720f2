//! The checked values of the keys of `[population]`.

use std::collections::BTreeMap;

use routing::Nanos;
use routing::hours::WeekHours;

use super::count::Count;
use super::keys::{Key, Odd};
use crate::draws::threshold;
use crate::quantity::Share;
use crate::random_time::RandomTime;

/// A checked value of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A probability.
    Share(Share),
    /// How many.
    Count(Count),
    /// Ring times with their shares.
    Rings(Vec<(Share, Nanos)>),
    /// Hours with their shares.
    Shifts(Vec<(Share, WeekHours)>),
    /// Hours of the week.
    Hours(WeekHours),
    /// A random time.
    Time(RandomTime),
    /// A duration.
    Duration(Nanos),
    /// A whole number.
    Whole(u32),
}

/// The values of all keys of [`super::keys()`], by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values(pub BTreeMap<&'static str, Value>);

/// What is wrong with the values taken together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueFault {
    /// At which key.
    pub key: &'static str,
    /// What was found and what is expected.
    pub message: String,
}

impl ValueFault {
    fn new(key: &'static str, message: &str) -> Self {
        Self {
            key,
            message: message.to_owned(),
        }
    }

    /// Shares that exclude each other and add up to more than 1.
    pub(super) fn above_one(shares: &[Key], first: Odd, others: &[Odd]) -> Self {
        let name = |odd: Odd| shares[odd as usize].name;
        let names: Vec<&str> = others.iter().map(|odd| name(*odd)).collect();
        let names = names.join("` and `");
        Self {
            key: name(first),
            message: format!(
                "together with `{names}` more than 1, and of these only one is true of a number"
            ),
        }
    }
}

macro_rules! getters {
    ($($name:ident: $variant:ident -> $type:ty;)+) => {
        impl Values {
            $(pub(super) fn $name(&self, key: &'static str) -> Result<$type, ValueFault> {
                match self.0.get(key) {
                    Some(Value::$variant(value)) => Ok(value.clone()),
                    _ => Err(ValueFault::new(key, "no value of the right kind")),
                }
            })+
        }
    };
}

getters! {
    share: Share -> Share;
    count: Count -> Count;
    time: Time -> RandomTime;
    duration: Duration -> Nanos;
    whole: Whole -> u32;
}

impl Values {
    /// Ring times with how many of the 2^32 uniforms they have; the last one has the rest.
    pub(super) fn rings(&self, key: &'static str) -> Result<Vec<(u64, Nanos)>, ValueFault> {
        let Some(Value::Rings(rings)) = self.0.get(key) else {
            return Err(ValueFault::new(key, "no value of the right kind"));
        };
        let sum: f64 = rings.iter().map(|(share, _)| share.get()).sum();
        if (sum - 1.0).abs() > 1e-9 {
            let message = format!("the shares add up to {sum}, expected 1");
            return Err(ValueFault { key, message });
        }
        let mut rings: Vec<(u64, Nanos)> = rings
            .iter()
            .map(|(share, ring)| (threshold(share.get()), *ring))
            .collect();
        if let Some(last) = rings.last_mut() {
            last.0 = 1 << 32;
        }
        Ok(rings)
    }

    pub(super) fn shifts(
        &self,
        key: &'static str,
    ) -> Result<Vec<(u64, std::sync::Arc<WeekHours>)>, ValueFault> {
        let Some(Value::Shifts(shifts)) = self.0.get(key) else {
            return Err(ValueFault::new(key, "no value of the right kind"));
        };
        let sum: f64 = shifts.iter().map(|(share, _)| share.get()).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!("the shares add up to {sum}, expected at most 1");
            return Err(ValueFault { key, message });
        }
        let shift = |(share, hours): &(Share, WeekHours)| {
            (threshold(share.get()), std::sync::Arc::new(hours.clone()))
        };
        Ok(shifts.iter().map(shift).collect())
    }

    /// Hours; none where they are always.
    pub(super) fn hours(&self, key: &'static str) -> Result<Option<WeekHours>, ValueFault> {
        match self.0.get(key) {
            Some(Value::Hours(hours)) => Ok(Some(hours.clone())),
            None => Ok(None),
            Some(_) => Err(ValueFault::new(key, "no value of the right kind")),
        }
    }
}
