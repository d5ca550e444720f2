//! Load to a public address, over real sockets: in a network of the test's own, where such an
//! address is this machine, and nothing gets out.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::desk::Desk;

/// Public, and within the test's own network only.
const ADDRESS: &str = "1.2.3.4";

/// Tells the test that it is inside.
const INSIDE: &str = "BUSYHOUR_TEST_INSIDE";

const CONSENT: &str = "/.well-known/busyhour-consent.txt";

const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme"
[[sub_account.number]]
number = "+15555550150"
"#;

const SCENARIO: &str = r#"
name = "public"
clock = "wall"
duration = "3s"
accounts = "accounts.toml"
limits.preset = "none"
backend.max_lag = "10s"
[[arrivals]]
kind = "poisson"
rate = "60/s"
to = "all"
"#;

/// What a router has heard, and what it agrees to.
#[derive(Default)]
struct Heard {
    connections: usize,
    requests: Vec<String>,
    consent: Option<String>,
}

#[derive(Clone)]
struct Router(Arc<Mutex<Heard>>, SocketAddr);

impl Router {
    fn start() -> Self {
        let listener = TcpListener::bind((ADDRESS, 0)).expect("the address is ours here");
        let address = listener.local_addr().expect("an address");
        let router = Self(Arc::default(), address);
        let accepting = router.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                accepting.look(|it| it.connections += 1);
                let serving = accepting.clone();
                thread::spawn(move || serving.serve(stream));
            }
        });
        router
    }

    fn look<T>(&self, at: impl FnOnce(&mut Heard) -> T) -> T {
        at(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every request of the JSON wire comes in one piece here.
    fn serve(&self, mut stream: TcpStream) {
        let mut request = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut request) {
            let text = String::from_utf8_lossy(&request[..read]);
            let asked: String = text.split(" HTTP/").next().unwrap_or_default().into();
            let consent = self.look(|it| {
                it.requests.push(asked.clone());
                it.consent.clone()
            });
            let (status, body) = match consent {
                _ if asked.starts_with("POST /route") => {
                    (200, r#"{"stages":[],"finally":"voicemail"}"#.to_owned())
                }
                Some(line) if asked.ends_with(CONSENT) => (200, line),
                _ => (404, String::new()),
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n");
            let kind = "content-type: application/json\r\n\r\n";
            if stream
                .write_all(format!("{head}{kind}{body}").as_bytes())
                .is_err()
            {
                return;
            }
        }
    }

    /// Forgets what it heard: connections, requests.
    fn heard(&self) -> (usize, Vec<String>) {
        self.look(|it| {
            (
                std::mem::take(&mut it.connections),
                std::mem::take(&mut it.requests),
            )
        })
    }
}

/// What is behind the last line break of a refusal: the line that is to be served.
fn named(stderr: &str) -> String {
    let line = stderr.lines().find(|it| it.contains("busyhour may send"));
    line.expect("the refusal names it").trim().to_owned()
}

#[test]
fn a_public_target_is_loaded_when_it_agrees_and_no_faster() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let own = std::env::current_exe().expect("the test's own program");
    let name = "public_target::a_public_target_is_loaded_when_it_agrees_and_no_faster";
    let network = format!("ip link set lo up && ip addr add {ADDRESS}/32 dev lo");
    let possible = |flags: &'static str| {
        let tried = Command::new("unshare")
            .args([flags, "sh", "-c", &network])
            .output();
        tried.is_ok_and(|it| it.status.success())
    };
    let Some(flags) = ["-n", "-rn"].into_iter().find(|it| possible(it)) else {
        println!("skipped: no network of one's own can be made here (unshare, ip)");
        return;
    };
    let done = Command::new("unshare")
        .args([
            flags,
            "sh",
            "-c",
            &format!("{network} && exec \"$@\""),
            "sh",
        ])
        .arg(own)
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    let why = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}\n{why}");
    assert!(said.contains("1 passed"), "{said}");
}

fn inside() {
    let router = Router::start();
    let (at, url) = (router.1, format!("http://{}/route", router.1));
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    desk.write("scenario.toml", SCENARIO);
    let run = |exit: i32, allowed: Option<&str>| {
        let mut args = vec![
            "run",
            "scenario.toml",
            "--backend",
            &url,
            "--format",
            "json",
        ];
        args.extend(
            allowed
                .map(|it| ["--allow-target", it])
                .into_iter()
                .flatten(),
        );
        desk.ends(exit, &args)
    };
    // Nobody is allowed: not a single connection.
    let refused = run(6, None);
    assert!(named(&refused.stderr()).contains(&at.to_string()));
    assert_eq!(router.heard().0, 0);
    // Neither where no rate is said.
    run(6, Some(&at.to_string()));
    assert_eq!(router.heard().0, 0);
    // Allowed by whoever loads it, but not by the router: it is asked for that and no more.
    let allowed = format!("{at}@20/s");
    let line = named(&run(6, Some(&allowed)).stderr());
    let (_, requests) = router.heard();
    assert_eq!(requests, [format!("GET {CONSENT}")]);
    // Another rate is another consent.
    router.look(|it| it.consent = Some(line.replace("20", "19")));
    run(6, Some(&allowed));
    router.heard();
    router.look(|it| it.consent = Some(format!("{line}\n")));
    let said = run(0, Some(&allowed)).json();
    let (_, requests) = router.heard();
    let posts = requests.iter().filter(|it| it.starts_with("POST /route"));
    let posts = posts.count() as u64;
    // Three seconds' worth of calls, and one more where they leave late. That no second has more
    // than that is tested without a clock, where it is decided.
    assert!((40..=80).contains(&posts), "{posts} requests");
    let count = |name: &str| said["measured"][name]["value"].as_u64();
    assert_eq!(count("backend.sent"), Some(posts));
    let due = count("backend.requests").expect("requests");
    assert_eq!(due, posts + count("backend.not_sent").expect("some"));
    assert!(due > 120, "{due} of about 180");
}
