//! A decision as it is shown and sent: the object of contract.md section 3, in its order, for
//! whatever form a serializer writes. Here because a report and the wire must say the same.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::account::Accounts;
use crate::call::InboundCall;
use crate::decision::{Decision, Leg, RingStage};
use crate::trace::{Fact, Saw, Step, Trace};

/// A decision and what it was about.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Which policy decided.
    pub policy: &'a str,
    /// The call.
    pub call: InboundCall,
    /// What was decided.
    pub decision: &'a Decision,
    /// By which steps.
    pub trace: &'a Trace,
    /// Who the ids stand for.
    pub accounts: &'a Accounts,
}

/// A part of it, and whose the ids in it are.
struct Of<'a, T>(&'a T, &'a Accounts);

/// A list of such parts.
struct All<'a, T>(&'a [T], &'a Accounts);

impl<'a, T> Serialize for All<'a, T>
where
    Of<'a, T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|part| Of(part, self.1)))
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (decision, accounts) = (self.decision, self.accounts);
        let number = accounts.find_number(self.call.to);
        let owner = number.map(|id| accounts.sub_account(accounts.number(id).sub_account));
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("policy", self.policy)?;
        object.serialize_entry("sub_account", &owner.map(|it| &*it.id))?;
        object.serialize_entry("from", &self.call.from.map(|from| from.to_string()))?;
        object.serialize_entry("to", &self.call.to.to_string())?;
        object.serialize_entry("rule", decision.rule.name())?;
        object.serialize_entry("stages", &All(&decision.stages[..], accounts))?;
        object.serialize_entry("finally", decision.finally.name())?;
        if let Some(cause) = decision.finally.cause() {
            object.serialize_entry("cause", cause.name())?;
        }
        if let Some(greeting) = decision.greeting {
            object.serialize_entry("greeting", greeting.name())?;
        }
        if !decision.truncated.is_empty() {
            object.serialize_entry("truncated", &All(&decision.truncated[..], accounts))?;
        }
        object.serialize_entry("trace", &All(self.trace.steps(), accounts))?;
        object.end()
    }
}

impl Serialize for Of<'_, RingStage> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(2))?;
        object.serialize_entry("legs", &All(&self.0.legs[..], self.1))?;
        object.serialize_entry("ring_s", &self.0.ring.as_secs_f64())?;
        object.end()
    }
}

impl Serialize for Of<'_, Leg> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("device", self.0.device().name())?;
        if let Leg::Phone { role, .. } = self.0 {
            object.serialize_entry("role", role.name())?;
        }
        if let Some(user) = self.0.user() {
            object.serialize_entry("user", &*self.1.user(user).id)?;
        }
        if let Some(number) = self.0.number() {
            object.serialize_entry("number", &number.to_string())?;
        }
        object.end()
    }
}

impl Serialize for Of<'_, Step> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(3))?;
        object.serialize_entry("rule", self.0.rule.name())?;
        object.serialize_entry("verdict", self.0.verdict.name())?;
        object.serialize_entry("saw", &Of(&self.0.saw, self.1))?;
        object.end()
    }
}

impl Serialize for Of<'_, Saw> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seen = self.0.iter();
        serializer.collect_map(seen.map(|(name, fact)| (name, Of(fact, self.1))))
    }
}

impl Serialize for Of<'_, Fact> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self.0 {
            Fact::Is(yes) => serializer.serialize_bool(yes),
            Fact::User(user) => serializer.serialize_str(&self.1.user(user).id),
            Fact::Number(number) => serializer.collect_str(&number),
            Fact::Count(count) => serializer.serialize_u32(count),
            Fact::Time(time) => serializer.serialize_f64(time.as_secs_f64()),
            Fact::Word(word) => serializer.serialize_str(word),
            Fact::Nothing => serializer.serialize_none(),
        }
    }
}
