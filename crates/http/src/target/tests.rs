use super::*;

/// What comes of it: `pass`, `pass 50`, `consent 10`, or a word of the refusal.
fn verdict(url: &str, addresses: &[&str], allowed: &[&str]) -> String {
    let url = match Url::parse(url) {
        Ok(url) => url,
        Err(why) => return format!("no url: {why}"),
    };
    let addresses: Vec<IpAddr> = addresses.iter().map(|it| it.parse().unwrap()).collect();
    let allowed: Vec<Allow> = allowed.iter().map(|it| Allow::parse(it).unwrap()).collect();
    match decide(&url, &addresses, &allowed) {
        Ok(passed) => {
            let rate = passed
                .per_s
                .map(|rate| format!(" {rate}"))
                .unwrap_or_default();
            let word = if passed.consent { "consent" } else { "pass" };
            format!("{word}{rate}")
        }
        Err(why) => why.to_string(),
    }
}

type Row = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const THIS_MACHINE: &[Row] = &[
    ("http://127.0.0.1:8080/voice", &["127.0.0.1"], &[], "pass"),
    ("http://127.9.9.9/", &["127.9.9.9"], &[], "pass"),
    ("http://localhost:1/", &["127.0.0.1", "::1"], &[], "pass"),
    ("http://[::1]:8080/", &["::1"], &[], "pass"),
    (
        "https://[::ffff:127.0.0.1]/",
        &["::ffff:127.0.0.1"],
        &[],
        "pass",
    ),
    (
        "http://localhost:1/",
        &["127.0.0.1"],
        &["localhost:1@5/s"],
        "pass 5",
    ),
    // A name that leads here and elsewhere is elsewhere.
    (
        "http://both.invalid/",
        &["127.0.0.1", "8.8.8.8"],
        &[],
        "public address",
    ),
    (
        "http://both.invalid/",
        &["127.0.0.1", "10.0.0.1"],
        &[],
        "private address",
    ),
    ("http://2130706433/", &["127.0.0.1"], &[], "pass"),
    (
        "http://nowhere.invalid/",
        &[],
        &[],
        "resolves to no address",
    ),
    ("http://0.0.0.0:8080/", &["0.0.0.0"], &[], "never"),
    ("http://[::]:8080/", &["::"], &[], "never"),
];

const OTHERS: &[Row] = &[
    (
        "http://10.0.0.5:8080/",
        &["10.0.0.5"],
        &[],
        "--allow-target 10.0.0.5:8080@RATE/s",
    ),
    (
        "http://10.0.0.5:8080/",
        &["10.0.0.5"],
        &["10.0.0.5:8080@50/s"],
        "pass 50",
    ),
    (
        "http://10.0.0.5:8080/",
        &["10.0.0.5"],
        &["10.0.0.5:8080"],
        "pass",
    ),
    (
        "http://10.0.0.5:8081/",
        &["10.0.0.5"],
        &["10.0.0.5:8080"],
        "private address",
    ),
    (
        "http://router.lan:80/",
        &["192.168.1.9"],
        &["ROUTER.lan:80"],
        "pass",
    ),
    (
        "http://router.lan:80/",
        &["192.168.1.9"],
        &["192.168.1.9:80"],
        "private address",
    ),
    (
        "http://172.16.0.1/",
        &["172.16.0.1"],
        &[],
        "private address",
    ),
    ("http://172.32.0.1/", &["172.32.0.1"], &[], "public address"),
    (
        "http://100.64.0.1/",
        &["100.64.0.1"],
        &[],
        "private address",
    ),
    ("http://[fd12::1]/", &["fd12::1"], &[], "private address"),
    (
        "http://[::ffff:10.0.0.5]/",
        &["::ffff:10.0.0.5"],
        &[],
        "private address",
    ),
    ("http://8.8.8.8/", &["8.8.8.8"], &[], "busyhour-consent.txt"),
    (
        "http://8.8.8.8/",
        &["8.8.8.8"],
        &["8.8.8.8:80@10/s"],
        "consent 10",
    ),
    (
        "http://8.8.8.8/",
        &["8.8.8.8"],
        &["8.8.8.8:80"],
        "must say up to how many",
    ),
    (
        "https://shop.example/",
        &["203.0.113.9"],
        &["shop.example:443@2.5/s"],
        "consent 2.5",
    ),
    (
        "http://[2001:db8::1]/",
        &["2001:db8::1"],
        &[],
        "public address",
    ),
    (
        "http://[64:ff9b::8.8.8.8]/",
        &["64:ff9b::8.8.8.8"],
        &[],
        "public address",
    ),
];

const NEVER: &[Row] = &[
    (
        "http://169.254.169.254/latest",
        &["169.254.169.254"],
        &["169.254.169.254:80"],
        "never",
    ),
    (
        "http://[::ffff:169.254.169.254]/",
        &["::ffff:169.254.169.254"],
        &[],
        "never",
    ),
    (
        "http://[fe80::1]/",
        &["fe80::1"],
        &["[fe80::1]:80"],
        "never",
    ),
    (
        "http://[fd00:ec2::254]/",
        &["fd00:ec2::254"],
        &["[fd00:ec2::254]:80"],
        "never",
    ),
    (
        "http://rebind.invalid/",
        &["127.0.0.1", "169.254.169.254"],
        &["rebind.invalid:80"],
        "never",
    ),
    (
        "http://metadata.google.internal/",
        &["127.0.0.1"],
        &[],
        "never",
    ),
    (
        "http://100.100.100.200/",
        &["100.100.100.200"],
        &["100.100.100.200:80"],
        "never",
    ),
    (
        "http://168.63.129.16/",
        &["168.63.129.16"],
        &["168.63.129.16:80@1/s"],
        "never",
    ),
    (
        "https://api.twilio.com/x",
        &["3.3.3.3"],
        &["api.twilio.com:443@1/s"],
        "never",
    ),
    ("https://API.TWILIO.COM./x", &["127.0.0.1"], &[], "never"),
    (
        "https://services.leadconnectorhq.com/",
        &["1.2.3.4"],
        &[],
        "never",
    ),
    (
        "https://nottwilio.com/",
        &["1.2.3.4"],
        &[],
        "public address",
    ),
    (
        "http://239.1.1.1/",
        &["239.1.1.1"],
        &["239.1.1.1:80"],
        "never",
    ),
    (
        "http://255.255.255.255/",
        &["255.255.255.255"],
        &[],
        "never",
    ),
    (
        "http://[64:ff9b::127.0.0.1]/",
        &["64:ff9b::127.0.0.1"],
        &[],
        "never",
    ),
    (
        "http://[2002:a9fe:a9fe::]/",
        &["2002:a9fe:a9fe::"],
        &[],
        "never",
    ),
    (
        "http://127.0.0.1@api.twilio.com/",
        &["3.3.3.3"],
        &[],
        "no url",
    ),
];

#[test]
fn forty_targets_and_more_are_judged() {
    let rows: Vec<&Row> = THIS_MACHINE.iter().chain(OTHERS).chain(NEVER).collect();
    assert!(rows.len() >= 40, "{}", rows.len());
    for (url, addresses, allowed, expected) in rows {
        let found = verdict(url, addresses, allowed);
        let exact = expected.starts_with("pass") || expected.starts_with("consent");
        let agrees = if exact {
            found == *expected
        } else {
            found.contains(expected)
        };
        assert!(agrees, "{url} at {addresses:?} with {allowed:?}: {found}");
    }
}

#[test]
fn an_allowance_is_a_host_a_port_and_perhaps_a_rate() {
    let good = Allow::parse("[fd12::1]:8080@0.5/s").unwrap();
    assert_eq!(
        (&*good.host, good.port, good.per_s),
        ("fd12::1", 8080, Some(0.5))
    );
    for bad in [
        "",
        "host",
        "host:",
        "host:80@",
        "host:80@5",
        "host:80@-1/s",
        "host:80@0/s",
        "host:80@inf/s",
        "host:80@NaN/s",
        "*:80",
        "http://host:80@5/s",
    ] {
        let found = Allow::parse(bad);
        assert!(found.is_err() || bad == "*:80", "{bad}: {found:?}");
    }
    let list = Allow::parse_list(" a:1, b:2@3/s ,").unwrap();
    assert_eq!(list.len(), 2);
    assert!(Allow::parse_list("a:1,b").is_err());
}

#[test]
fn a_wildcard_is_a_name_that_nobody_has() {
    let found = verdict("http://10.0.0.5/", &["10.0.0.5"], &["*:80"]);
    assert!(found.contains("private address"), "{found}");
}

#[test]
fn consent_is_a_line_for_this_target_and_at_least_this_rate() {
    let url = Url::parse("https://shop.example/voice").unwrap();
    let line = consent_line("shop.example", 443, 10.0);
    let served = format!("# ours\r\n  {line}\r\n");
    assert!(agrees(served.as_bytes(), &url, 10.0));
    assert!(agrees(served.as_bytes(), &url, 2.5));
    assert!(!agrees(served.as_bytes(), &url, 10.5));
    let other = Url::parse("https://other.example/voice").unwrap();
    assert!(!agrees(served.as_bytes(), &other, 1.0));
    for served in [
        "",
        "<html>not found</html>",
        "busyhour may send up to NaN requests a second",
    ] {
        assert!(!agrees(served.as_bytes(), &url, 1.0), "{served}");
    }
}
