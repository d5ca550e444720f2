//! How requests went, as files: an `HdrHistogram` log of one interval with a tag each, and the
//! percentile tables that its plotters read.

use std::fmt::Write as _;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use http::latency::{Fared, Measure};

use super::gauged::{GROUPS, Gauged, every};
use crate::exit::Stop;
use crate::folder::Folder;

/// `latency.hlog`, and a `.hgrm` of the responses of each group.
pub(super) fn write(folder: &Folder, gauged: &Gauged) -> Result<(), Stop> {
    folder.write("latency.hlog", &log(gauged)?)?;
    for (group, fared, kind) in GROUPS {
        if let Some(found) = gauged.latency.of(fared, kind, Measure::Response) {
            let name = format!("{group}response.hgrm");
            folder.write(&name, percentiles(&found).as_bytes())?;
        }
    }
    Ok(())
}

fn log(gauged: &Gauged) -> Result<Vec<u8>, Stop> {
    let failed = |why: &dyn std::fmt::Display| Stop::bug(format!("latency.hlog: {why}"));
    let mut bytes = Vec::new();
    let mut serializer = V2DeflateSerializer::new();
    let mut writer = IntervalLogWriterBuilder::new()
        .add_comment("requests to the router, in nanoseconds: a tag each kind and measure")
        .begin_log_with(&mut bytes, &mut serializer)
        .map_err(|why| failed(&why))?;
    let mut add = |name: &str, found: &Histogram<u64>| {
        let tag = Tag::new(name).ok_or_else(|| failed(&"a tag that is none"))?;
        writer
            .write_histogram(found, std::time::Duration::ZERO, gauged.took, Some(tag))
            .map_err(|why| failed(&format!("{why:?}")))
    };
    for (group, fared, kind) in GROUPS {
        for measure in Measure::ALL {
            let whole = group.is_empty() && fared == Fared::Answered;
            let found = match measure {
                Measure::Lag | Measure::Queue if whole => every(&gauged.latency, measure),
                _ => gauged.latency.of(fared, kind, measure),
            };
            if let Some(found) = found {
                add(&format!("{group}{}_ns", measure.name()), &found)?;
            }
        }
    }
    Ok(bytes)
}

/// The percentile table of `HdrHistogram`, in milliseconds, five steps a halving.
fn percentiles(found: &Histogram<u64>) -> String {
    const MS: f64 = 1e6;
    let mut text = String::from("       Value     Percentile TotalCount 1/(1-Percentile)\n\n");
    // Writing to a string cannot fail.
    for at in found.iter_quantiles(5) {
        let value = at.value_iterated_to() as f64 / MS;
        let quantile = at.quantile_iterated_to();
        let count = found.count_between(0, at.value_iterated_to());
        let _ = if quantile < 1.0 {
            let odds = 1.0 / (1.0 - quantile);
            writeln!(text, "{value:12.6} {quantile:2.12} {count:10} {odds:14.2}")
        } else {
            writeln!(text, "{value:12.6} {quantile:2.12} {count:10}")
        };
    }
    let _ = writeln!(
        text,
        "#[Mean    = {:12.6}, StdDeviation   = {:12.6}]",
        found.mean() / MS,
        found.stdev() / MS
    );
    let _ = writeln!(
        text,
        "#[Max     = {:12.6}, Total count    = {:12}]",
        found.max() as f64 / MS,
        found.len()
    );
    let _ = writeln!(
        text,
        "#[Buckets = {:12}, SubBuckets     = {:12}]",
        found.buckets(),
        2048
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_table_ends_with_all_and_counts_them() {
        let mut found = Histogram::<u64>::new_with_bounds(1_000, 100_000_000_000, 3).unwrap();
        for ms in 1..=100 {
            found.record(ms * 1_000_000).unwrap();
        }
        let table = percentiles(&found);
        let rows: Vec<&str> = table.lines().filter(|it| !it.starts_with('#')).collect();
        assert!(rows[0].contains("Percentile TotalCount"));
        let last: Vec<&str> = rows.last().unwrap().split_whitespace().collect();
        assert_eq!(&last[1..], ["1.000000000000", "100"], "{table}");
        assert!(table.contains("Total count    =          100"), "{table}");
    }
}
