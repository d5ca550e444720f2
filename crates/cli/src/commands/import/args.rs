//! What can be typed behind `import`, and what it means to the reader of logs.

use std::path::{Path, PathBuf};

use calllog::dialect::{self, Is};
use calllog::{Column, Dialect, Encoding, OnBadRow, Options, TimeFormat};
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use routing::record::Outcome;

use crate::args::Format;
use crate::exit::Stop;

/// How a log is to be read; shared by whoever reads one.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// How the log is written: a built-in dialect, or a dialect file [default: found out]
    #[arg(long, value_name = "NAME|FILE", long_help = dialects())]
    pub dialect: Option<String>,

    /// Which column is what, as in --map start=arrived --map from=customer
    #[arg(long, value_name = "OURS=THEIRS")]
    pub map: Vec<String>,

    /// What a word for the outcome means, as in HANG=abandoned or PHANTOM=skip
    #[arg(long, value_name = "RAW=OUTCOME")]
    pub outcome: Vec<String>,

    /// Time zone (IANA name) of times that name none
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,

    /// How times are written: iso, rfc2822, unix, unix-ms, or a pattern as "%d.%m.%Y %H:%M"
    #[arg(long, value_name = "FORMAT")]
    pub time_format: Option<String>,

    /// Country code of numbers that have none, as in 1
    #[arg(long, value_name = "CODE")]
    pub country_code: Option<String>,

    /// Between fields: , ; tab or | [default: found out]
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,

    /// How bytes are text [default: UTF-8, and Latin-1 where it is not]
    #[arg(long, value_enum, value_name = "NAME")]
    pub encoding: Option<EncodingName>,

    /// This column holds no phone numbers: its texts get stable fictional ones
    #[arg(long, value_enum, value_name = "from|to")]
    pub opaque: Vec<OpaqueColumn>,

    /// Who calls where the caller is empty: one withheld number, or somebody else each time
    #[arg(long, value_enum, default_value_t = EmptyFrom::Private, value_name = "private|distinct")]
    pub empty_from: EmptyFrom,

    /// What becomes of a malformed row: it ends the import, or is left out and counted
    #[arg(long, value_enum, default_value_t = BadRow::Stop, value_name = "stop|skip")]
    pub on_bad_row: BadRow,

    /// Take answered calls with a shorter talk than this, or with a ring of 20 s and more, for ones
    /// that a phone company's voicemail answered, as in 10s; logs call them completed
    #[arg(long, value_name = "TIME")]
    pub suspect_voicemail: Option<String>,

    /// So many calls are held back to be sorted by time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub order_window: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Logs, in the order of time, plain or gzip; - is stdin
    #[arg(required = true, value_name = "LOG")]
    pub logs: Vec<String>,

    #[command(flatten)]
    pub reading: Reading,

    /// Where the canonical log goes [default: stdout, as -]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Overwrite files that exist
    #[arg(long)]
    pub force: bool,

    /// Write how the log was read as a dialect file
    #[arg(long, value_name = "FILE")]
    pub save_dialect: Option<PathBuf>,

    /// Write what the log shows of numbers and users as an accounts file, every guess marked as one
    #[arg(long, value_name = "FILE")]
    pub accounts: Option<PathBuf>,

    /// All called numbers of the log lead into one hold queue: give it this number, and write beside
    /// the accounts a roster of how many served it
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "accounts",
        conflicts_with = "sub_account_from"
    )]
    pub one_queue: Option<String>,

    /// In the accounts file: a sub-account a log, named after it
    #[arg(long, value_enum, value_name = "filename", requires = "accounts")]
    pub sub_account_from: Option<SubAccountFrom>,

    /// Write a scenario fitted to the calls: when they come, talk, patience, redials
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "fitted.toml"
    )]
    pub fit: Option<PathBuf>,

    /// What an earlier blast of messages brought, by its local time, as 2026-02-06T10:00
    #[arg(long, value_name = "TIME", requires = "recipients")]
    pub fit_campaign: Option<String>,

    /// How many got the messages of --fit-campaign
    #[arg(long, value_name = "N", requires = "fit_campaign")]
    pub recipients: Option<u64>,

    /// Pseudonyms for numbers and names, under the key `BUSYHOUR_KEY` or one that is forgotten
    #[arg(long)]
    pub redact: bool,

    /// What is told of the data: for people, or JSON on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OpaqueColumn {
    From,
    To,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EmptyFrom {
    Private,
    Distinct,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BadRow {
    Stop,
    Skip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SubAccountFrom {
    Filename,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EncodingName {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "latin-1")]
    Latin1,
}

/// Long help of `--dialect`: every dialect there is.
fn dialects() -> String {
    let line = |it: &dialect::BuiltIn| format!("\n- {}: {}", it.name, it.dialect().help);
    let lines: String = dialect::BUILT_IN.iter().map(line).collect();
    format!(
        "How the log is written: a dialect file, or a built-in dialect [default: found out]{lines}\n- \
         generic: {}",
        Dialect::generic().help
    )
}

impl Import {
    /// The file that the canonical log goes to; none is stdout.
    pub(super) fn file(&self) -> Option<&Path> {
        crate::out::elsewhere(self.out.as_deref())
    }
}

impl Reading {
    /// What it means.
    ///
    /// # Errors
    /// A value that makes no sense.
    pub(crate) fn options(&self) -> Result<Options, Stop> {
        let fault =
            |flag: &str, text: &str, why: &str| Stop::input(format!("{flag} {text}: {why}"));
        let mut options = Options {
            opaque_from: self.opaque.contains(&OpaqueColumn::From),
            opaque_to: self.opaque.contains(&OpaqueColumn::To),
            empty_from_distinct: self.empty_from == EmptyFrom::Distinct,
            ..Options::default()
        };
        if self.on_bad_row == BadRow::Skip {
            options.on_bad_row = OnBadRow::Skip;
        }
        if let Some(window) = self.order_window {
            options.order_window = window as usize;
        }
        let short = self.suspect_voicemail.as_deref();
        let short = short.map(|it| crate::commands::live::duration("--suspect-voicemail", it));
        let ns = |it: std::time::Duration| u64::try_from(it.as_nanos()).unwrap_or(u64::MAX);
        options.suspect_voicemail = short.transpose()?.map(|it| routing::Nanos(ns(it)));
        options.dialect = self.dialect.as_deref().map(named).transpose()?;
        for text in &self.map {
            options
                .map
                .push(mapped(text).map_err(|why| fault("--map", text, &why))?);
        }
        for text in &self.outcome {
            let word = outcome(text).map_err(|why| fault("--outcome", text, &why))?;
            options.outcomes.push(word);
        }
        if let Some(name) = &self.tz {
            let zone = TimeZone::get(name);
            let zone = zone.map_err(|_| fault("--tz", name, "there is no such time zone"))?;
            options.zone = Some(zone);
            options.zone_name = Some(name.clone());
        }
        if let Some(text) = &self.time_format {
            let format = TimeFormat::new(text);
            options.time_format = Some(format.map_err(|why| fault("--time-format", text, &why))?);
        }
        if let Some(text) = &self.country_code {
            options.country_code = Some(country_code(text)?);
        }
        if let Some(text) = &self.delimiter {
            options.delimiter = Some(delimiter(text)?);
        }
        options.encoding = self.encoding.map(|it| match it {
            EncodingName::Utf8 => Encoding::Utf8,
            EncodingName::Latin1 => Encoding::Latin1,
        });
        Ok(options)
    }
}

/// A built-in dialect, or the file of one.
pub(crate) fn named(name: &str) -> Result<Dialect, Stop> {
    if let Some(dialect) = dialect::find(name) {
        return Ok(dialect);
    }
    let path = Path::new(name);
    if !path.exists() {
        let known: Vec<&str> = dialect::BUILT_IN.iter().map(|it| it.name).collect();
        return Err(Stop::input(format!(
            "--dialect {name}: there is no such file, and no dialect of this name\n  help: there are \
             {}, generic",
            known.join(", ")
        )));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|why| Stop::input(format!("--dialect {name}: cannot be read: {why}")))?;
    Dialect::read(&text, name).map_err(|why| Stop::input(why.to_string()))
}

fn mapped(text: &str) -> Result<(Column, String), String> {
    let (ours, theirs) = text
        .split_once('=')
        .ok_or("expected OURS=THEIRS, as in start=arrived")?;
    let column = Column::from_header(ours).filter(|it| *it != Column::SourceRow);
    let column = column.ok_or_else(|| {
        let names = Column::ALL.iter().filter(|it| **it != Column::SourceRow);
        let names: Vec<&str> = names.map(|it| it.name()).collect();
        format!("no column `{ours}`; ours are {}", names.join(", "))
    })?;
    Ok((column, theirs.trim().to_owned()))
}

fn outcome(text: &str) -> Result<(String, Is<Outcome>), String> {
    let (word, is) = text
        .rsplit_once('=')
        .ok_or("expected RAW=OUTCOME, as in HANG=abandoned")?;
    let is = match is.trim() {
        "skip" => Is::Skip,
        "unknown" => Is::Unknown,
        name => Is::Word(Outcome::from_name(name).ok_or_else(|| {
            let names: Vec<&str> = Outcome::ALL.iter().map(|it| it.name()).collect();
            format!(
                "no outcome `{name}`; expected one of {}, unknown, skip",
                names.join(", ")
            )
        })?),
    };
    Ok((word.trim().to_owned(), is))
}

fn country_code(text: &str) -> Result<String, Stop> {
    let digits = text.trim_start_matches('+');
    let valid = (1..=3).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit())
        && !digits.starts_with('0');
    if valid {
        Ok(digits.to_owned())
    } else {
        let message = format!("--country-code {text}: expected one to three digits, as in 1");
        Err(Stop::input(message))
    }
}

fn delimiter(text: &str) -> Result<u8, Stop> {
    match text {
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        "," | ";" | "|" => Ok(text.as_bytes()[0]),
        _ => Err(Stop::input(format!(
            "--delimiter {text}: expected one of , ; tab |"
        ))),
    }
}
