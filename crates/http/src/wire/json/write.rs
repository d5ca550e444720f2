//! A decision as JSON.

use routing::Shown;
use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::Decision;
use routing::trace::Trace;
use serde_json::Value;

/// The object of contract.md section 3.
pub fn decision(
    policy: &str,
    call: &InboundCall,
    decision: &Decision,
    trace: &Trace,
    accounts: &Accounts,
) -> Value {
    let shown = Shown {
        policy,
        call: *call,
        decision,
        trace,
        accounts,
    };
    // Its keys are words and its numbers finite: every such object can be made.
    serde_json::to_value(shown).unwrap_or_default()
}
