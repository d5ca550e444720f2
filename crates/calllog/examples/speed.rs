use std::io::Write;
struct Null(u64);
impl calllog::Calls for Null {
    fn call(&mut self, _: &calllog::CanonicalCall) -> std::io::Result<()> {
        self.0 += 1;
        Ok(())
    }
}
struct W(calllog::CanonicalWriter<std::io::Sink>);
impl calllog::Calls for W {
    fn call(&mut self, c: &calllog::CanonicalCall) -> std::io::Result<()> {
        self.0.write(c, &[])
    }
}
fn main() {
    let mut text = Vec::new();
    writeln!(
        text,
        "start,from,to,direction,outcome,ring_s,hold_s,talk_s,wrap_s,total_s,user,source_row"
    )
    .unwrap();
    for n in 0..1_500_000u64 {
        let s = n / 4;
        writeln!(text,"2026-03-{:02}T{:02}:{:02}:{:02}-05:00,+15555550{:03},+15555550199,inbound,{},{},0,{},30,{},agent-{},{}",2+s/86400,s/3600%24,s/60%60,s%60,100+n%100,if n%5==0{"abandoned"}else{"answered"},n%30,n%400,n%500,n%50,n).unwrap();
    }
    let mut quoted = Vec::new();
    for n in 0..700_000u64 {
        let s = n / 4;
        writeln!(quoted,"\"\",\"+15555550{:03}\",\"+15555550199\",\"from-trunk\",\"\"\"Caller A\"\" <5555550100>\",\"PJSIP/trunk-{:08x}\",\"PJSIP/201-{:08x}\",\"Dial\",\"PJSIP/201&PJSIP/202,20\",\"2026-03-{:02} {:02}:{:02}:{:02}\",\"2026-03-{:02} {:02}:{:02}:{:02}\",\"2026-03-{:02} {:02}:{:02}:{:02}\",125,116,\"ANSWERED\",\"DOCUMENTATION\"",100+n%100,n,n,2+s/86400,s/3600%24,s/60%60,s%60,2+s/86400,s/3600%24,s/60%60,s%60,2+s/86400,s/3600%24,s/60%60,s%60).unwrap();
    }
    for (name, t) in [("plain", &text), ("asterisk", &quoted)] {
        for write in [false, true] {
            for _ in 0..3 {
                let o = calllog::Options {
                    zone: Some(jiff::tz::TimeZone::get("America/New_York").unwrap()),
                    ..Default::default()
                };
                let mut i = calllog::Importer::new(o);
                let at = cpu();
                if write {
                    let mut w = W(calllog::CanonicalWriter::new(
                        std::io::sink(),
                        jiff::tz::TimeZone::get("America/New_York").unwrap(),
                        &[],
                    )
                    .unwrap());
                    i.read(t.as_slice(), "x", &mut w).unwrap();
                    i.finish(&mut w).unwrap();
                } else {
                    let mut w = Null(0);
                    i.read(t.as_slice(), "x", &mut w).unwrap();
                    i.finish(&mut w).unwrap();
                }
                let d = (cpu() - at) as f64 / 1e9;
                println!("{name} write {write}: {:.0} MB/s", t.len() as f64 / d / 1e6);
            }
        }
    }
}

fn cpu() -> u64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .unwrap()
        .split(" ")
        .next()
        .unwrap()
        .parse()
        .unwrap()
}
