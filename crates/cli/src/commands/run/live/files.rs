//! Latencies of a live back end as files: an `HdrHistogram` interval log, and percentile tables.

use std::fmt::Write as _;
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use http::latency::{Fared, Latency, Measure};

use crate::exit::Stop;
use crate::folder::Folder;

/// All that was measured; answered requests under the plain name, the others under theirs.
const FARED: [(&str, Fared); 3] = [
    ("", Fared::Answered),
    ("refused_", Fared::Refused),
    ("failed_", Fared::Failed),
];

/// Writes `latency.hlog` and a `.hgrm` for each.
pub(in crate::commands::run) fn write(
    folder: &Folder,
    latency: &Latency,
    took: Duration,
) -> Result<(), Stop> {
    let failed = |why: &dyn std::fmt::Display| Stop::bug(format!("latency.hlog: {why}"));
    let mut bytes = Vec::new();
    let mut serializer = V2DeflateSerializer::new();
    let mut writer = IntervalLogWriterBuilder::new()
        .add_comment("requests to the back end, in nanoseconds: response = due to reply, service")
        .add_comment("= sent to reply, lag = due to ready, queue = ready to sent")
        .begin_log_with(&mut bytes, &mut serializer)
        .map_err(|why| failed(&why))?;
    let mut tables = Vec::new();
    for (word, fared) in FARED {
        for measure in Measure::ALL {
            let Some(histogram) = latency.of(fared, None, measure) else {
                continue;
            };
            let name = format!("{word}{}", measure.name());
            let tag = Tag::new(&name).ok_or_else(|| failed(&"a tag that is none"))?;
            writer
                .write_histogram(&histogram, Duration::ZERO, took, Some(tag))
                .map_err(|why| failed(&format!("{why:?}")))?;
            tables.push((name, table(&histogram)));
        }
    }
    drop(writer);
    folder.write("latency.hlog", &bytes)?;
    for (name, text) in tables {
        folder.write(&format!("{name}.hgrm"), text.as_bytes())?;
    }
    Ok(())
}

/// The percentile table that HDR plotters read, in microseconds.
fn table(histogram: &Histogram<u64>) -> String {
    let mut text = String::from("       Value     Percentile TotalCount 1/(1-Percentile)\n\n");
    let mut below = 0;
    for step in histogram.iter_quantiles(5) {
        below += step.count_since_last_iteration();
        let quantile = step.quantile_iterated_to();
        let us = step.value_iterated_to() as f64 / 1e3;
        let _ = write!(text, "{us:>12.3} {quantile:>14.12} {below:>10}");
        if quantile < 1.0 {
            let _ = write!(text, " {:>14.2}", 1.0 / (1.0 - quantile));
        }
        text.push('\n');
    }
    let _ = write!(
        text,
        "#[Mean    = {:>12.3}, StdDeviation   = {:>12.3}]\n\
         #[Max     = {:>12.3}, Total count    = {:>12}]\n\
         #[Buckets = {:>12}, SubBuckets     = {:>12}]\n",
        histogram.mean() / 1e3,
        histogram.stdev() / 1e3,
        histogram.max() as f64 / 1e3,
        histogram.len(),
        histogram.buckets(),
        2048,
    );
    text
}
