//! What goes into a run folder.

use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use report::pictures;
use report::plot::{self, Chart, Size};

use super::{Finished, latency};
use crate::exit::Stop;
use crate::folder::Folder;

/// Everything.
pub(super) fn all(folder: &Folder, finished: &Finished, with_calls: bool) -> Result<(), Stop> {
    for form in report::REPORTS {
        if let Some(file) = form.file {
            folder.write(file, &(form.make)().render(&finished.document))?;
        }
    }
    if with_calls {
        folder.write("calls.csv", &super::calls::csv(finished)?)?;
    }
    match &finished.gauged {
        Some(gauged) if gauged.is_live() => latency::write(folder, gauged)?,
        _ => folder.write("latency.hlog", &latency_hlog(finished)?)?,
    }
    picture(folder, "outcomes", &pictures::outcomes(&finished.document))?;
    picture(
        folder,
        "violations",
        &pictures::violations(&finished.document),
    )
}

fn picture(folder: &Folder, name: &str, chart: &Chart) -> Result<(), Stop> {
    folder.write(
        &format!("plots/{name}.svg"),
        plot::svg(chart, Size::REPORT).as_bytes(),
    )?;
    let png = plot::png(chart, Size::REPORT).map_err(|why| Stop::bug(why.to_string()))?;
    folder.write(&format!("plots/{name}.png"), &png)
}

/// Decision times in nanoseconds, every 16th, as an `HdrHistogram` interval log of one interval.
fn latency_hlog(finished: &Finished) -> Result<Vec<u8>, Stop> {
    let failed = |why: &dyn std::fmt::Display| Stop::bug(format!("latency.hlog: {why}"));
    let mut bytes = Vec::new();
    let mut serializer = V2DeflateSerializer::new();
    let mut writer = IntervalLogWriterBuilder::new()
        .add_comment("decision times in nanoseconds, every 16th decision, in process")
        .begin_log_with(&mut bytes, &mut serializer)
        .map_err(|why| failed(&why))?;
    let tag = Tag::new("decision_ns").ok_or_else(|| failed(&"a tag that is none"))?;
    writer
        .write_histogram(
            &finished.ran.decision_ns,
            std::time::Duration::ZERO,
            finished.ran.took,
            Some(tag),
        )
        .map_err(|why| failed(&format!("{why:?}")))?;
    Ok(bytes)
}
