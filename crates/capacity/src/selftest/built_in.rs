//! Rows of our own for whoever has no table at hand: queues whose answers are computed here, from
//! formulas that share nothing with the simulator.

use super::table::{Column, Row};
use crate::erlang::{Delay, Patience, Retrial, blocking, single, transient};

/// The columns of a queue: lambda, servers, room, service, patience.
type Queue = [&'static str; 5];

/// Every row.
pub fn built_in() -> Vec<Row> {
    let parts = [
        loss(),
        delay(),
        one_server(),
        patience(),
        retrial(),
        leavers(),
        day(),
    ];
    parts.concat()
}

/// One row for each measure.
fn rows(table: &str, model: &str, queue: Queue, measures: &[(&str, f64)]) -> Vec<Row> {
    let [lambda, servers, room, service, patience] = queue;
    let row = |(metric, value): &(&str, f64)| {
        Row::default()
            .with(Column::TableId, table)
            .with(Column::Model, model)
            .with(Column::Lambda, lambda)
            .with(Column::Servers, servers)
            .with(Column::Room, room)
            .with(Column::Service, service)
            .with(Column::Patience, patience)
            .with(Column::Metric, *metric)
            .with(Column::Value, format!("{value:.8}"))
            .with(Column::Kind, "exact (formula)")
    };
    measures.iter().map(row).collect()
}

/// Erlang B holds for any service time.
fn loss() -> Vec<Row> {
    let cases: [(f64, u32, Queue); 5] = [
        (3.0, 5, ["3", "5", "0", "M mean 1", "none"]),
        (5.0, 10, ["5", "10", "0", "D = 1", "none"]),
        (8.0, 10, ["8", "10", "0", "E2 mean 1 SCV .5", "none"]),
        (40.0, 50, ["40", "50", "0", "LN(1,2) mean 1 SCV 2", "none"]),
        (90.0, 100, ["90", "100", "0", "any mean 1", "none"]),
    ];
    let of = |(load, servers, queue): (f64, u32, Queue)| {
        let blocked = blocking(servers, load);
        let measures = [
            ("blocking", blocked),
            ("busy servers", load * (1.0 - blocked)),
        ];
        rows("Erlang B", "M/G/s/s", queue, &measures)
    };
    cases.into_iter().flat_map(of).collect()
}

fn delay() -> Vec<Row> {
    let cases: [(f64, f64, u32, Queue); 3] = [
        (0.03, 100.0, 5, ["3", "5", "inf", "M mean 1", "none"]),
        (
            0.75,
            60.0,
            50,
            ["45/min", "50", "inf", "M mean 1 min", "none"],
        ),
        (
            100.0 / 1800.0,
            180.0,
            14,
            ["100 per 30 min", "14", "inf", "M mean 3 min", "none"],
        ),
    ];
    let of = |(rate, service_s, servers, queue): (f64, f64, u32, Queue)| {
        let Some(delay) = Delay::new(rate, service_s, servers) else {
            return Vec::new();
        };
        let measures = [
            ("P(wait)", delay.waiting),
            ("ASA s", delay.mean_wait_s()),
            ("average queue", delay.queue()),
            ("service level 20 s", delay.within(20.0)),
            ("95th pct wait s", delay.quantile_s(0.95)),
            ("utilisation", rate * service_s / f64::from(servers)),
        ];
        rows("Erlang C", "M/M/s (Erlang-C)", queue, &measures)
    };
    cases.into_iter().flat_map(of).collect()
}

fn one_server() -> Vec<Row> {
    let cases = [
        (0.0, "M/D/1", "D = 1"),
        (0.25, "M/E4/1", "E4 mean 1 SCV .25"),
        (2.0, "M/LN/1", "LN(1,2)"),
    ];
    let of = |(scv, model, service): (f64, &'static str, &'static str)| {
        let wait = single::mean_wait_s(0.7, 1.0, scv).unwrap_or(f64::NAN);
        let measures = [
            ("E[W]", wait),
            ("P(wait)", 0.7),
            ("E[N]", 0.7 * (wait + 1.0)),
        ];
        let queue = ["0.7", "1", "inf", service, "none"];
        rows("Pollaczek-Khinchine", model, queue, &measures)
    };
    cases.into_iter().flat_map(of).collect()
}

/// The chance that a lognormal time of this mean and squared coefficient of variation is longer.
fn lognormal_survival(mean: f64, scv: f64) -> impl Fn(f64) -> f64 {
    let variance = (1.0 + scv).ln();
    let middle = mean.ln() - variance / 2.0;
    move |t: f64| {
        if t <= 0.0 {
            1.0
        } else {
            0.5 * libm::erfc((t.ln() - middle) / (2.0 * variance).sqrt())
        }
    }
}

fn patience() -> Vec<Row> {
    const SHORT: f64 = 0.1;
    let exponential = Patience::new(102.0, 1.0, 100, |t: f64| (-t).exp(), SHORT);
    let erlang = Patience::new(
        102.0,
        1.0,
        100,
        |t: f64| (1.0 + 2.0 * t) * (-2.0 * t).exp(),
        SHORT,
    );
    let lognormal = Patience::new(20.0, 1.0, 20, lognormal_survival(1.0, 1.0), SHORT);
    let all = |patience| ["102", "100", "inf", "M mean 1", patience];
    let cases: [(&str, Option<Patience>, Queue); 3] = [
        ("M/M/s+M (Erlang-A)", exponential, all("M mean 1")),
        ("M/M/s+E2", erlang, all("E2 mean 1 SCV .5")),
        (
            "M/M/s+LN",
            lognormal,
            ["20", "20", "inf", "M mean 1", "LN(1,1) mean 1 SCV 1"],
        ),
    ];
    let of = |(model, found, queue): (&'static str, Option<Patience>, Queue)| {
        let Some(it) = found else {
            return Vec::new();
        };
        let measures = [
            ("P(W=0)", 1.0 - it.waiting),
            ("P(A)", it.abandoned),
            ("E[Q]", it.queue),
            ("E[W|S]", it.mean_wait_served_s),
            ("Var(W|S)", it.variance_wait_served_s2),
            ("E[W|A]", it.mean_wait_abandoned_s),
            ("Var(W|A)", it.variance_wait_abandoned_s2),
            ("P(W<=0.1|S)", it.served_within),
            ("P(W<=0.1|A)", it.abandoned_within),
        ];
        rows("Patience", model, queue, &measures)
    };
    cases.into_iter().flat_map(of).collect()
}

fn retrial() -> Vec<Row> {
    let cases = [
        (0.5, 1, 1.0, 1.0, 200, "0.5", "1", "1", "1"),
        (8.0, 10, 0.7, 0.5, 60, "8", "10", "0.7", "0.5"),
    ];
    let mut all = Vec::new();
    for (rate, servers, share, again_rate, most, lambda, agents, p, r) in cases {
        let chain = Retrial {
            rate,
            service_rate: 1.0,
            servers,
            room: 0,
            leave_rate: 0.0,
            again_blocked: share,
            again_left: 0.0,
            again_rate,
        };
        let found = chain.steady(most);
        let model = format!(
            "blocked caller redials w.p. {p} after Exp(rate {r}); every redial may be blocked again"
        );
        let measures = [
            ("mean orbit size", found.orbit),
            ("blocking per attempt (fresh+redial)", found.blocked),
            ("attempts per unit time", found.attempts),
            ("busy servers", found.busy),
        ];
        let queue = [lambda, agents, "0", "M mean 1", "none"];
        all.extend(rows("Retrial", &model, queue, &measures));
    }
    all
}

fn leavers() -> Vec<Row> {
    let chain = Retrial {
        rate: 10.0,
        service_rate: 1.0,
        servers: 10,
        room: 50,
        leave_rate: 0.5,
        again_blocked: 0.0,
        again_left: 0.5,
        again_rate: 0.2,
    };
    let found = chain.steady(40);
    let measures = [
        ("mean orbit size", found.orbit),
        ("abandon fraction per attempt", found.left),
        ("attempts per unit time", found.attempts),
        ("mean queue", found.queue),
        ("busy servers", found.busy),
    ];
    let model = "abandoner redials w.p. 0.5 after Exp(rate 0.2)";
    let queue = ["10", "10", "50", "M mean 1", "M mean 2"];
    rows("Leavers call again", model, queue, &measures)
}

/// A day that starts empty, with so many lines for so many agents.
fn day() -> Vec<Row> {
    let found = transient::from_empty(4.0 / 60.0, 120.0, 8, 2, 3600.0);
    let measures = [
        ("arrived per day", 240.0),
        ("blocked per day", found.blocked),
        ("occupancy until close", found.occupancy),
    ];
    let model = "terminating 60-min day, starts empty, FIFO";
    let queue = ["4/min", "8", "10 trunks", "M mean 2 min", "none"];
    rows("Short day", model, queue, &measures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::question;

    #[test]
    fn every_row_of_ours_can_be_asked() {
        let rows = built_in();
        assert!(rows.len() > 50, "{}", rows.len());
        for row in &rows {
            if let Err(why) = question(row, &rows) {
                panic!("{row:?}: {why}");
            }
        }
    }

    #[test]
    fn lognormal_times_survive_their_median_by_half() {
        let survival = lognormal_survival(1.0, 1.0);
        let median = (-0.5 * 2f64.ln()).exp();
        assert!((survival(median) - 0.5).abs() < 1e-9);
        assert_eq!(survival(0.0), 1.0);
    }
}
