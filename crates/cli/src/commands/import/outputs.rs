//! Where an import writes, settled before it reads: nothing that is there is overwritten unasked,
//! no log that is read ever, and no two outputs go to one place. Must not know what is written.

use std::path::{Path, PathBuf};

use super::args::{BadRow, Import};
use crate::args::Format;
use crate::exit::Stop;
use crate::out;

/// The side files, and what the standard output is taken by.
pub(super) struct Outputs {
    /// Rows that were left out; none if they end the import.
    pub(super) skipped: Option<PathBuf>,
    /// Which text became which number; none where it cannot be kept.
    pub(super) keys: Option<PathBuf>,
    /// Who served the one queue.
    pub(super) roster: Option<PathBuf>,
    /// The flag whose output the standard output is.
    pub(super) stdout: Option<&'static str>,
}

/// An output: what it is called, and where it goes.
type Named<'a> = (&'static str, &'a Path);

const SKIPPED: &str = "the skipped rows of --on-bad-row skip";
const KEYS: &str = "the keys of --opaque";
const ROSTER: &str = "the roster of --one-queue";

impl Outputs {
    /// Of this import; `opaque` is whether texts become numbers in it.
    pub(super) fn of(args: &Import, opaque: bool) -> Result<Self, Stop> {
        let mut outputs = Self {
            skipped: (args.reading.on_bad_row == BadRow::Skip).then(|| skipped(args)),
            keys: kept(args.file())
                .filter(|_| !args.redact)
                .map(|it| out::beside(it, "keys.csv")),
            roster: roster(args)?,
            stdout: None,
        };
        let keys = outputs.keys.as_deref().filter(|_| opaque);
        let out = args.out.as_deref().unwrap_or(Path::new("-"));
        let all: Vec<Named<'_>> = [
            ("--out", Some(out)),
            ("--accounts", args.accounts.as_deref()),
            ("--save-dialect", args.save_dialect.as_deref()),
            ("--fit", args.fit.as_deref()),
            (SKIPPED, outputs.skipped.as_deref()),
            (KEYS, keys),
            (ROSTER, outputs.roster.as_deref()),
        ]
        .into_iter()
        .filter_map(|(flag, path)| path.map(|it| (flag, it)))
        .collect();
        let stdout = apart(&all)?;
        for named in &all {
            refuse(*named, args)?;
        }
        if args.format == Format::Json
            && let Some(flag) = stdout
        {
            let what = if flag == "--out" { "the log" } else { flag };
            return Err(Stop::input(format!(
                "--format json prints the report on stdout, where {what} would go: say where that \
                 goes with {flag} FILE"
            )));
        }
        outputs.stdout = stdout;
        Ok(outputs)
    }

    /// Keys that only a dialect of the log itself brings are seen late.
    pub(super) fn late_keys(&self, args: &Import) -> Result<Option<&Path>, Stop> {
        let keys = self.keys.as_deref();
        keys.map_or(Ok(()), |it| refuse((KEYS, it), args))?;
        Ok(keys)
    }
}

/// Refuses two outputs in one place; the one that is the standard output is told.
fn apart(all: &[Named<'_>]) -> Result<Option<&'static str>, Stop> {
    let mut stdout = None;
    for (nth, (flag, path)) in all.iter().enumerate() {
        if out::is_stdout(path) {
            if let Some(before) = stdout.replace(*flag) {
                return Err(Stop::input(format!(
                    "{before} and {flag} both go to the standard output (without --out the log goes \
                     there): name a file for one of them"
                )));
            }
            continue;
        }
        // A device takes what anybody writes.
        if out::is_straight(path) {
            continue;
        }
        let place = place(path);
        let mut before = all[..nth].iter().filter(|it| !out::is_stdout(it.1));
        if let Some((before, _)) = before.find(|it| self::place(it.1) == place) {
            return Err(Stop::input(format!(
                "{before} and {flag} both name {}: give one of them another name",
                path.display()
            )));
        }
    }
    Ok(stdout)
}

/// Refuses to overwrite what is there; a log that is read, even with `--force`.
fn refuse((what, path): Named<'_>, args: &Import) -> Result<(), Stop> {
    if out::is_stdout(path) || out::is_straight(path) {
        return Ok(());
    }
    let place = place(path);
    let logs = args.logs.iter().filter(|it| *it != "-");
    if logs
        .into_iter()
        .any(|it| self::place(Path::new(it)) == place)
    {
        return Err(Stop::input(format!(
            "{}: {what} would overwrite the log that is read\n  help: name another with --out",
            path.display()
        )));
    }
    if args.force && path.is_dir() {
        let why = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(out::cannot(&path.display().to_string(), &why));
    }
    out::refuse_existing(path, args.force)
}

/// The one name of a file that is there, or would be.
fn place(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let folder = match path.parent() {
        Some(it) if !it.as_os_str().is_empty() => it,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// A file that side files may stand beside: neither the standard output nor a device.
fn kept(path: Option<&Path>) -> Option<&Path> {
    out::elsewhere(path).filter(|it| !out::is_straight(it))
}

/// The side file of skipped rows: beside the result, or named after the first log.
fn skipped(args: &Import) -> PathBuf {
    match (kept(args.file()), args.logs.first().map(String::as_str)) {
        (Some(out), _) => out::beside(out, "skipped.csv"),
        (None, None | Some("-")) => "skipped.csv".into(),
        (None, Some(log)) => {
            let name = Path::new(log).file_name().unwrap_or_default();
            out::beside(Path::new(name), "skipped.csv")
        }
    }
}

/// The accounts name the roster, so that they need a place beside them.
fn roster(args: &Import) -> Result<Option<PathBuf>, Stop> {
    let (Some(accounts), Some(_)) = (&args.accounts, &args.one_queue) else {
        return Ok(None);
    };
    match kept(Some(accounts)) {
        Some(it) => Ok(Some(out::beside(it, super::queue::ENDING))),
        None => Err(Stop::input(format!(
            "--one-queue writes its roster beside the accounts, and {} is no file: name one with \
             --accounts FILE",
            accounts.display()
        ))),
    }
}
