//! `import --fit` tells no estimate without its interval: as JSON, as text and as a scenario.

use std::fmt::Write as _;

use serde_json::Value;

use crate::desk::Desk;

/// What is estimated, by its key; a key that ends so has another with `_ci95` beside it.
const ESTIMATES: [&str; 14] = [
    "median_s",
    "mu",
    "sigma",
    "kaplan_meier_median_s",
    "share",
    "gross",
    "ordinary",
    "calls_a_day",
    "rate",
    "day_cv",
    "period_cv",
    "response_share",
    "delay_median_min",
    "delay_sigma",
];

/// What is counted or given, and what says how well an estimate fits or is known.
const COUNTS: [&str; 10] = [
    "n",
    "left",
    "served",
    "days",
    "short_talks",
    "recipients",
    "distance",
    "response_share_se",
    "held_unanswered_left",
    "held_left_out",
];

/// A number between 0 and 1 for each call and question.
fn even(call: u64, question: u64) -> f64 {
    let mut z = (call * 8 + question + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Four weeks of office hours with a blast on the third Friday at ten; callers wait on hold, or
/// phones ring.
fn log(held: bool) -> String {
    let mut starts: Vec<u64> = Vec::new();
    for day in 0..28 {
        for nth in 0..100 {
            let call = day * 100 + nth;
            // Some days are busier.
            if even(call, 0) < 0.5 + 0.4 * even(day, 6) {
                starts.push((day * 24 + 9) * 60 + (480.0 * even(call, 1)) as u64);
            }
        }
    }
    let blast = (18 * 24 + 10) * 60;
    starts.extend((0..200).map(|nth| blast + (-20.0 * even(nth, 7).max(0.01).ln()) as u64));
    starts.sort_unstable();
    let mut log = String::from("start,from,to,outcome,ring_s,hold_s,talk_s\n");
    for (nth, minute) in (0..).zip(starts) {
        let (day, hour, minute) = (2 + minute / 1440, minute / 60 % 24, minute % 60);
        let from = 100 + (60.0 * even(nth, 2)) as u64;
        let answered = even(nth, 3) < 0.6;
        let seconds = 1 + (240.0 * even(nth, 4)) as u64;
        let talk = 10 + (400.0 * even(nth, 5).powi(3)) as u64;
        let (ring, hold) = if held { (0, seconds) } else { (seconds, 0) };
        let (outcome, talk) = if answered {
            ("answered", talk)
        } else {
            ("abandoned", 0)
        };
        let _ = writeln!(
            log,
            "2026-03-{day:02}T{hour:02}:{minute:02}:00Z,+15555550{from},+15555550199,\
             {outcome},{ring},{hold},{talk}"
        );
    }
    log
}

/// Every number has an interval that holds it, or is none that is estimated; how many have one.
fn each_has_an_interval(of: &Value, place: &str) -> usize {
    match of {
        Value::Object(keys) => keys
            .iter()
            .map(|(key, value)| {
                let place = format!("{place}.{key}");
                let Some(value) = value.as_f64() else {
                    let told = key.ends_with("_ci95") || key == "se";
                    return if told {
                        0
                    } else {
                        each_has_an_interval(value, &place)
                    };
                };
                let ends = &keys.get(&format!("{key}_ci95"));
                if COUNTS.contains(&key.as_str()) {
                    assert!(ends.is_none(), "{place}");
                    return 0;
                }
                assert!(ESTIMATES.contains(&key.as_str()), "{place} is new here");
                let ends = ends.unwrap_or_else(|| panic!("{place} has no interval"));
                let [low, high] = [0, 1].map(|at| ends[at].as_f64());
                assert!(low.is_some_and(|low| low <= value), "{place}: {ends}");
                assert!(high.is_none_or(|high| value <= high), "{place}: {ends}");
                assert!(low < high, "{place}: {ends}");
                1
            })
            .sum(),
        Value::Array(all) => all.iter().map(|it| each_has_an_interval(it, place)).sum(),
        _ => 0,
    }
}

const FIT: [&str; 9] = [
    "import",
    "log.csv",
    "--out",
    "again.csv",
    "--force",
    "--accounts",
    "accounts.toml",
    "--fit",
    "--fit-campaign=2026-03-20T10:00",
];

#[test]
fn as_json_each_estimate_has_its_interval_beside_it() {
    let desk = Desk::empty();
    for (held, missing) in [(true, "answer_delay"), (false, "patience")] {
        desk.write("log.csv", &log(held));
        let more = ["--recipients", "10000", "--format", "json"];
        let report = desk.ends(0, &[&FIT[..], &more].concat()).json();
        let fit = &report["fit"];
        let known = ["talk", "answer_delay", "patience", "redials", "campaign"];
        for key in known {
            assert_eq!(fit[key].is_null(), key == missing, "{key}: {fit:#}");
        }
        // Seven days of the week with 25 numbers each, three of each of three laws (the median of
        // patience is the curve's), three shares, both cv, three of the blast.
        let intervals = each_has_an_interval(fit, "fit");
        assert_eq!(intervals, 7 * 25 + 3 * 3 + 3 + 2 + 3, "{fit:#}");
    }
}

#[test]
fn in_words_and_in_the_scenario_too() {
    let desk = Desk::empty();
    for held in [true, false] {
        desk.write("log.csv", &log(held));
        let done = desk.ends(0, &[&FIT[..], &["--recipients", "10000"]].concat());
        let text = done.stdout() + &done.stderr();
        let told = text.split("Fit, with 95 % intervals\n").nth(1);
        let told = told.unwrap_or_else(|| panic!("{text}"));
        let estimates = told.lines().take_while(|it| it.starts_with("  "));
        let estimates =
            estimates.filter(|it| !it.contains("distance") && !it.contains("time zone"));
        for line in estimates.clone() {
            assert!(line.contains('[') || line.contains('±'), "{line}");
        }
        assert!(estimates.count() >= 14, "{told}");
        let scenario = desk.read("fitted.toml");
        let lines: Vec<&str> = scenario.lines().collect();
        let mut seen = Vec::new();
        for (nth, line) in lines.iter().enumerate() {
            let key = line.split(" =").next().unwrap_or_default();
            // Behind the value, or in the line above it.
            let beside = match key {
                "days" | "# response_share" | "# delay" => line,
                "talk" | "hold_patience" | "answer.web" | "redial" | "]" => lines[nth - 1],
                _ => continue,
            };
            seen.push(key);
            assert!(
                beside.contains('[') || beside.contains('±'),
                "{key}: {beside}"
            );
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{seen:?}: {scenario}");
        assert!(
            scenario.contains("vary beyond chance\n# by 0.")
                && scenario.contains("], hours around their share")
        );
        desk.ends(0, &["check", "fitted.toml"]);
    }
}
