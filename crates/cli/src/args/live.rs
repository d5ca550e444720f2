//! What can be typed about live routers.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::{Format, policies};

/// Which targets may be loaded.
#[derive(Debug, Clone, Args)]
pub(crate) struct Targets {
    /// Allow a target that is not this machine, up to so many requests a second; also from
    /// `BUSYHOUR_ALLOW_TARGET`, several between commas
    #[arg(long = "allow-target", value_name = "HOST:PORT[@RATE/s]")]
    pub allow: Vec<String>,

    /// Wait so long until the router answers at all
    #[arg(long, value_name = "TIME")]
    pub wait_for: Option<String>,

    /// Trust the certificates in this file (PEM) beside those of the web, for a router with one of
    /// your own
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Accounts file (TOML, JSON or JSON Lines), or a folder with an accounts.toml
    #[arg(long, value_name = "FILE")]
    pub accounts: PathBuf,

    /// Where to listen; port 0 takes a free one, which is printed
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Routing policy
    #[arg(long, value_name = "NAME", long_help = policies("[default: stages-2026]"))]
    pub policy: Option<String>,

    /// Zone in which hours are meant, as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,

    /// Set a key by its path
    #[arg(
        long = "set",
        value_name = "KEY=VALUE",
        help = "Set a key by its path, as in routing.max_legs=4"
    )]
    pub set: Vec<String>,

    /// Be a bad router: delay=50ms, delay=10ms..90ms, stall=200ms/2s, error=5%, malformed=1%,
    /// reset=1%, wrong-rule=no-ring-more|ring-time|no-forwarding|always-voicemail
    #[arg(long = "fault", value_name = "FAULT")]
    pub faults: Vec<String>,

    /// Check signatures with the token in this environment variable
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,

    /// The address that is signed, where a proxy hides the real one
    #[arg(long, value_name = "URL")]
    pub signed_as: Option<String>,

    /// Requests of one sub-account; more are told 429 with Retry-After [default: no bound]
    #[arg(long, value_name = "RATE/s")]
    pub rate_per_account: Option<String>,

    /// Connections at once; more are told 503 with Retry-After
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8192,
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    pub max_connections: u32,

    /// Requests at once; more are told 503 with Retry-After
    #[arg(
        long,
        value_name = "N",
        default_value_t = 16384,
        value_parser = value_parser!(u32).range(1..=1_000_000)
    )]
    pub max_requests: u32,

    /// How long what is under way may take when the server is told to stop
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub drain: String,

    /// Threads to serve on
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = value_parser!(u16).range(1..=1024)
    )]
    pub threads: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Where the router listens
    #[arg(help = "Where the router listens, as http://127.0.0.1:8080/voice")]
    pub url: String,

    /// The accounts that the router knows as well: see `busyhour new every-rule`
    #[arg(long, value_name = "FILE")]
    pub accounts: PathBuf,

    /// The policy that the router should follow
    #[arg(long, value_name = "NAME", long_help = policies("[default: stages-2026]"))]
    pub policy: Option<String>,

    /// Set a key by its path
    #[arg(
        long = "set",
        value_name = "KEY=VALUE",
        help = "Set a key by its path, as in routing.max_legs=4"
    )]
    pub set: Vec<String>,

    /// Which wire [default: json for a path that ends in /route, else twilio]
    #[arg(long, value_name = "json|twilio")]
    pub backend_protocol: Option<String>,

    /// Sign requests with the token in this environment variable
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,

    /// The URL that is signed, where a proxy hides the real one
    #[arg(long, value_name = "URL")]
    pub signed_as: Option<String>,

    /// Ask about one call alone: who calls, or private
    #[arg(
        long,
        value_name = "NUM|private",
        allow_hyphen_values = true,
        requires = "to"
    )]
    pub from: Option<String>,

    /// Ask about one call alone: the number that is called
    #[arg(long, value_name = "NUM", requires = "from")]
    pub to: Option<String>,

    /// The most calls that are asked about
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10_000,
        value_parser = value_parser!(u32).range(1..=10_000_000)
    )]
    pub cases: u32,

    #[command(flatten)]
    pub targets: Targets,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}
