//! What reading a production log costs, in bytes a second on one core.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io;

use calllog::{Calls, CanonicalCall, CanonicalWriter, Importer, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::tz::TimeZone;

const ROWS: u32 = 200_000;

/// Counts calls.
struct Counted(u64);

impl Calls for Counted {
    fn call(&mut self, call: &CanonicalCall) -> io::Result<()> {
        self.0 += u64::from(black_box(call).from.is_some());
        Ok(())
    }
}

/// Writes calls to nowhere.
struct Written(CanonicalWriter<io::Sink>);

impl Calls for Written {
    fn call(&mut self, call: &CanonicalCall) -> io::Result<()> {
        self.0.write(call, &[])
    }
}

/// Four calls a second, all columns.
fn plain() -> String {
    let mut text = String::from(
        "start,from,to,direction,outcome,ring_s,hold_s,talk_s,wrap_s,total_s,user,source_row\n",
    );
    for nth in 0..ROWS {
        let _ = writeln!(
            text,
            "2026-03-02T{}-05:00,+15555550{:03},+15555550199,inbound,{},{},0,{},30,{},agent-{},{nth}",
            clock(nth),
            100 + nth % 100,
            if nth % 5 == 0 {
                "abandoned"
            } else {
                "answered"
            },
            nth % 30,
            nth % 400,
            nth % 500,
            nth % 50,
        );
    }
    text
}

/// Every text in quotes, local times, no header.
fn asterisk() -> String {
    let mut text = String::new();
    for nth in 0..ROWS {
        let at = format!("\"2026-03-02 {}\"", clock(nth));
        let _ = writeln!(
            text,
            "\"\",\"+15555550{:03}\",\"+15555550199\",\"from-trunk\",\"\"\"A\"\" <1>\",\"PJSIP/trunk-{nth:08x}\",\
             \"PJSIP/201-{nth:08x}\",\"Dial\",\"PJSIP/201&PJSIP/202,20\",{at},{at},{at},125,116,\"ANSWERED\",\
             \"DOCUMENTATION\"",
            100 + nth % 100,
        );
    }
    text
}

fn clock(nth: u32) -> String {
    let second = nth / 4;
    format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

fn import(text: &str, calls: &mut dyn Calls) {
    let zone = TimeZone::get("America/New_York").expect("a zone");
    let options = Options {
        zone: Some(zone),
        ..Options::default()
    };
    let mut importer = Importer::new(options);
    importer.read(text.as_bytes(), "log", calls).expect("a log");
    importer.finish(calls).expect("a log");
}

fn logs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("calllog");
    group.sample_size(20);
    for (name, text) in [("plain", plain()), ("asterisk", asterisk())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("{name}/read"), |bench| {
            bench.iter(|| import(&text, &mut Counted(0)));
        });
        group.bench_function(format!("{name}/import"), |bench| {
            bench.iter(|| {
                let writer = CanonicalWriter::new(io::sink(), TimeZone::UTC, &[]);
                import(&text, &mut Written(writer.expect("a header")));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, logs);
criterion_main!(benches);
