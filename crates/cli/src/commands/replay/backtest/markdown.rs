//! The report of a backtest as a page: the chart first, then what it means.

use std::fmt::Write as _;

use capacity::backtest::What;
use report::markdown::escaped;

use super::{Page, WORST, shown};

/// The page, for the folder in which the chart lies beside it.
pub(super) fn page(page: &Page<'_>) -> String {
    let name = escaped(&page.ready.told.text(&page.ready.name));
    let (sign, verdict) = match page.verdict() {
        "agrees" => ("✓", "agrees with what was recorded"),
        "differs" => ("✗", "differs from what was recorded"),
        _ => ("?", "has nothing to be compared with"),
    };
    let mut text = format!(
        "![{name}: calls answered, recorded and simulated](validation.svg)\n\n\
         # {sign} {name}: the simulation {verdict}\n\n\
         Recorded against the 95 % band of {} replications, per {}.\n\n\
         | | intervals | inside the band | share |\n|---|--:|--:|--:|\n",
        page.replications,
        escaped(page.per)
    );
    for what in What::ALL {
        let (all, inside) = page.backtest.inside(what);
        let share = if all == 0 {
            format!("not compared: {}", page.why(what))
        } else {
            format!("{:.0} %", 100.0 * inside as f64 / all as f64)
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} | {all} | {inside} | {share} |", what.name());
    }
    text.push_str("\n## Worst intervals\n\n| | interval | |\n|---|---|---|\n");
    for what in What::ALL {
        for (interval, held) in page.backtest.worst(what, WORST) {
            let _ = writeln!(
                text,
                "| {} | {} | {} |",
                what.name(),
                escaped(&page.at(interval)),
                shown(what, &held)
            );
        }
    }
    for warning in &page.warnings {
        let sentence = warning.lines().next().unwrap_or_default();
        let _ = write!(text, "\n> **Warning:** {}\n", escaped(sentence));
    }
    text.push_str("\nEvery interval: [intervals.csv](intervals.csv).\n");
    text
}
