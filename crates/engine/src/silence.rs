//! Which counters of the limits need not be kept, because the plan proves that they stay silent.

use model::callers::Callers;
use routing::limit::LimitClass;

use crate::partition::dialled;
use crate::plan::Plan;

/// So many tables of unique callers have made-up numbers that never meet.
const TABLES_APART: usize = 10;

/// Whether no caller can make more attempts in all than a from limit allows in a minute: every
/// fresh call is another person's, who redials a few times at most, and no leg calls one of our
/// own numbers, which would be an attempt too. Holds for back ends that ring nobody but whom the
/// accounts name.
pub(crate) fn of_callers(plan: &Plan) -> bool {
    let people = &plan.people;
    let redials = match &people.redial {
        Some(redial) => redial.max,
        None => Some(0),
    };
    let limits = [LimitClass::Regular, LimitClass::VoiceAi];
    let least = limits.map(|class| plan.limits.of(class).from_per_minute);
    let unique = plan
        .sources
        .iter()
        .all(|source| source.targets.is_some() && source.callers == Callers::Unique);
    unique
        && plan.sources.len() <= TABLES_APART
        && people.text_back.is_none()
        && redials.is_some_and(|redials| least.iter().all(|limit| redials < *limit))
        && !calls_itself(plan)
}

/// Whether a leg may call one of our own numbers.
fn calls_itself(plan: &Plan) -> bool {
    let mut own = false;
    dialled(plan, &mut |_, to| {
        own |= plan.accounts.find_number(to).is_some();
    });
    own
}
