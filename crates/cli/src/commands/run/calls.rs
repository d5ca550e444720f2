//! `calls.csv`: each call as a row of the canonical log, under pseudonyms.

use calllog::{CanonicalCall, CanonicalWriter, Direction};
use jiff::{SignedDuration, Timestamp};
use routing::Nanos;
use routing::record::{CallRecord, Cause};

use super::Finished;
use crate::exit::Stop;

/// The columns behind those of the canonical log.
const EXTRA: [&str; 5] = ["call", "replication", "attempt", "cause", "rule"];

pub(super) fn csv(finished: &Finished) -> Result<Vec<u8>, Stop> {
    let failed = |why: std::io::Error| Stop::cannot_write(format!("cannot write calls.csv: {why}"));
    let mut writer =
        CanonicalWriter::new(Vec::new(), finished.zone.clone(), &EXTRA).map_err(failed)?;
    let told = &finished.told;
    for (replication, call) in &finished.ran.calls {
        let cause = if call.cause == Cause::None {
            ""
        } else {
            call.cause.name()
        };
        let row = CanonicalCall {
            from: call.from.map(|from| told.number(from)),
            to: Some(told.number(call.to)),
            direction: Direction::Inbound,
            outcome: Some(call.outcome),
            ring: ring(call),
            hold: call.held.map(|(from, until)| until - from),
            talk: call.answered.map(|answered| call.ended - answered),
            wrap: call.answered.map(|_| call.wrap_up),
            total: Some(call.ended - call.arrived),
            user: call.user.map(|user| told.users[user.index()].clone()),
            ..CanonicalCall::at(instant(finished.start, call.arrived))
        };
        let extra = [
            format!("c-{:03}-{:09}", call.fresh.source, call.fresh.n),
            replication.to_string(),
            call.attempt.to_string(),
            cause.to_owned(),
            call.rule
                .map_or("", routing::trace::RuleId::name)
                .to_owned(),
        ];
        writer
            .write(&row, &extra.each_ref().map(String::as_str))
            .map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

fn instant(start: Timestamp, at: Nanos) -> Timestamp {
    let since = SignedDuration::from_nanos(i64::try_from(at.0).unwrap_or(i64::MAX));
    start.saturating_add(since).unwrap_or(Timestamp::MAX)
}

/// From the first ring to whatever ended the ringing.
fn ring(call: &CallRecord) -> Option<Nanos> {
    let rang = call.rang?;
    let held = call.held.map(|(from, _)| from);
    let until = [call.answered, held, call.taken, Some(call.ended)]
        .into_iter()
        .flatten()
        .min()?;
    Some(until - rang)
}
