//! The law of feedback: when a lost call is tried again with chance p and calls are lost with
//! chance l, a fresh call makes 1 / (1 - p l) attempts. With a chance that falls by `keep` from
//! attempt to attempt the geometric series becomes a sum of products.

use routing::record::Outcome;

use crate::world::{Told, World};

/// What a redial needs to be certain not to reach beyond the end of the run: nothing in hundreds
/// of hours.
const DELAY: &str = "exponential = \"20s\"";

/// Ten agents without a waiting room: a loss system. About a call every 7.5 s of 80 s each, 10.7
/// erlangs before anybody calls again.
fn loss_system(redial: &str) -> World {
    let accounts = "[[sub_account]]\nid = \"loss\"\n[[sub_account.number]]\n\
         number = \"+15555550199\"\nbackup = \"hold\"\nhold_staff = 10\nhold_room = 0\n";
    let scenario = format!(
        "duration = \"100h\"\n[[arrivals]]\nkind = \"poisson\"\nrate = \"8/min\"\n\
         to = [\"+15555550199\"]\n[limits]\npreset = \"none\"\n[people]\n\
         talk = {{ exponential = \"80s\" }}\n{redial}\n"
    );
    World::new(&scenario, accounts)
}

/// Somebody outside who is reached by three calls in five, whatever else happens: the loss of an
/// attempt is a coin that is thrown anew.
fn coin(redial: &str) -> World {
    let accounts = "[[sub_account]]\nid = \"coin\"\n[[sub_account.number]]\n\
         number = \"+15555550199\"\nforward_to = \"+15555550123\"\nbackup = \"none\"\n";
    let scenario = format!(
        "duration = \"200h\"\n[[arrivals]]\nkind = \"poisson\"\nrate = \"4/min\"\n\
         to = [\"+15555550199\"]\n[limits]\npreset = \"none\"\n[people]\n\
         patience = \"infinite\"\ntalk = {{ constant = \"10s\" }}\n\
         answer.phone = {{ reach = 0.6, delay = {{ constant = \"4s\" }}, \
         carrier_voicemail = \"infinite\" }}\n{redial}\n"
    );
    World::new(&scenario, accounts)
}

fn redial(share: f64, keep: f64, max: &str) -> String {
    format!("redial = {{ share = {share}, delay = {{ {DELAY} }}, keep = {keep}, max = {max} }}")
}

/// Calls by attempt: (made, lost), the first attempt first.
fn by_attempt(told: &Told) -> Vec<(f64, f64)> {
    let mut counts: Vec<(f64, f64)> = Vec::new();
    for (_, call) in &told.calls {
        let at = call.attempt as usize - 1;
        counts.resize(counts.len().max(at + 1), (0.0, 0.0));
        counts[at].0 += 1.0;
        counts[at].1 += f64::from(u8::from(call.outcome != Outcome::Answered));
    }
    counts
}

#[test]
fn attempts_are_fresh_calls_over_one_less_the_share_that_comes_back() {
    let mut lost_before = 0.0;
    for share in [0.0, 0.2, 0.5, 0.8] {
        let told = loss_system(&redial(share, 1.0, "\"infinite\"")).run();
        let (offered, fresh) = (told.value("calls.offered"), told.value("calls.fresh"));
        let lost = told.value("calls.busy");
        assert_eq!(offered, lost + told.value("calls.answered"));
        let loss = lost / offered;
        // Whoever comes back makes more lose.
        assert!(loss > lost_before, "{loss} of {share}");
        lost_before = loss;
        let expected = 1.0 / (1.0 - share * loss);
        // What is left to chance is how many of those who lost came back: that is binomial.
        let back = (lost * share * (1.0 - share)).sqrt();
        let error = offered * back / (fresh * (offered - share * lost));
        let found = offered / fresh;
        assert!(error < 0.01, "the run is too short to tell");
        assert!(
            (found - expected).abs() <= 4.0 * error,
            "share {share}: {found} attempts a call, expected {expected} ± {error}"
        );
    }
}

#[test]
fn every_attempt_is_made_by_its_share_of_those_who_lost_the_one_before() {
    for (share, keep) in [(0.8, 1.0), (0.9, 0.7), (0.6, 0.9)] {
        let told = loss_system(&redial(share, keep, "\"infinite\"")).run();
        let counts = by_attempt(&told);
        assert!(counts.len() > 3);
        let mut chance = share;
        for (at, pair) in counts.windows(2).enumerate() {
            let (lost, again) = (pair[0].1, pair[1].0);
            let error = (lost * chance * (1.0 - chance)).sqrt();
            assert!(
                (again - lost * chance).abs() <= 4.0 * error.max(1.0),
                "share {share}, keep {keep}: {again} of {lost} made attempt {}, chance {chance}",
                at + 2
            );
            chance *= keep;
        }
    }
}

/// The attempts of a fresh call, when each is lost with this chance: the sum over the attempts of
/// the chance that they are made.
fn attempts(loss: f64, share: f64, keep: f64, most: u32) -> f64 {
    let (mut sum, mut made, mut chance) = (1.0, 1.0, share);
    for _ in 0..most.min(200) {
        made *= loss * chance;
        sum += made;
        chance *= keep;
    }
    sum
}

#[test]
fn where_every_attempt_is_lost_alike_the_attempts_are_the_geometric_sum() {
    for (share, keep, max) in [
        (0.0, 1.0, None),
        (0.5, 1.0, None),
        (0.9, 1.0, None),
        (0.9, 0.8, None),
        (0.7, 0.5, None),
        (0.9, 1.0, Some(2)),
        (0.9, 0.8, Some(1)),
    ] {
        let most = max.map_or("\"infinite\"".to_owned(), |max: u32| max.to_string());
        let told = coin(&redial(share, keep, &most)).run();
        let expected = attempts(0.4, share, keep, max.unwrap_or(u32::MAX));
        if keep == 1.0 && max.is_none() {
            assert!((expected - 1.0 / (1.0 - 0.4 * share)).abs() < 1e-12);
        }
        let counts = by_attempt(&told);
        let fresh = counts[0].0;
        assert!(fresh > 40_000.0);
        let found = told.value("calls.offered") / told.value("calls.fresh");
        // A call with k attempts or more counts 2 k - 1 in the mean of squares.
        let squares: f64 = counts
            .iter()
            .zip(1u32..)
            .map(|(it, k)| f64::from(2 * k - 1) * it.0)
            .sum();
        let error = ((squares / fresh - found * found) / fresh).sqrt();
        assert!(
            (found - expected).abs() <= 4.0 * error,
            "share {share}, keep {keep}, max {max:?}: {found}, expected {expected} ± {error}"
        );
        assert!(max.is_none_or(|max| counts.len() <= max as usize + 1));
    }
}
