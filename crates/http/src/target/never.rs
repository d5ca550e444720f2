//! Which addresses are whose, and who is never loaded.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Place;

/// Domains of providers whose routers are in production: they and everything below them.
const PROVIDERS: [&str; 23] = [
    "twilio.com",
    "twil.io",
    "gohighlevel.com",
    "highlevel.com",
    "leadconnectorhq.com",
    "leadconnector.com",
    "msgsndr.com",
    "plivo.com",
    "vonage.com",
    "nexmo.com",
    "telnyx.com",
    "signalwire.com",
    "bandwidth.com",
    "sinch.com",
    "messagebird.com",
    "bird.com",
    "ringcentral.com",
    "3cx.com",
    "aircall.io",
    "dialpad.com",
    "vapi.ai",
    "retellai.com",
    "infobip.com",
];

/// Names under which clouds serve the keys of a machine.
const METADATA: [&str; 4] = [
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
];

const A_PROVIDER: &str = "a host of a telephony provider";
const A_METADATA: &str = "a metadata service";
const LINK_LOCAL: &str = "a link-local address, as metadata services have";
const NO_HOST: &str = "no address of one host";

/// Why this name is never loaded, whatever it resolves to.
pub(super) fn host(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('.');
    let below = |domain: &&str| {
        name.strip_suffix(*domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if PROVIDERS.iter().any(below) {
        return Some(A_PROVIDER);
    }
    METADATA.contains(&name).then_some(A_METADATA)
}

/// What kind of place an address is; an IPv4 address comes as one.
pub(super) fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> Place {
    let [a, b, c, d] = address.octets();
    match (a, b, c, d) {
        (127, ..) => Place::Loopback,
        (169, 254, ..) => Place::Never(LINK_LOCAL),
        // Alibaba, Azure and Oracle serve metadata outside of the link-local network.
        (100, 100, 100, 200) | (168, 63, 129, 16) | (192, 0, 0, 192) => Place::Never(A_METADATA),
        (0 | 224..=255, ..) => Place::Never(NO_HOST),
        (10, ..) | (192, 168, ..) | (172, 16..=31, ..) | (100, 64..=127, ..) => Place::Private,
        _ => Place::Public,
    }
}

fn v6(address: Ipv6Addr) -> Place {
    let first = address.segments()[0];
    if address.is_loopback() {
        Place::Loopback
    } else if address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254) {
        Place::Never(A_METADATA)
    } else if first & 0xffc0 == 0xfe80 {
        Place::Never(LINK_LOCAL)
    } else if address.is_unspecified() || first & 0xff00 == 0xff00 {
        Place::Never(NO_HOST)
    } else if let Some(inner) = translated(address) {
        // A way to an IPv4 address through a gateway is as the address itself, but never this
        // machine.
        match v4(inner) {
            Place::Loopback => Place::Never(NO_HOST),
            other => other,
        }
    } else if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0 {
        Place::Private
    } else {
        Place::Public
    }
}

/// The IPv4 address that NAT64 (`64:ff9b::/96`), 6to4 (`2002::/16`) or the old compatible form
/// lead to.
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let ([0x64, 0xff9b, 0, 0, 0, 0, high, low]
    | [0, 0, 0, 0, 0, 0, high, low]
    | [0x2002, high, low, ..]) = segments
    else {
        return None;
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}
