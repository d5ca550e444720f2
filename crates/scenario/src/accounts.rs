//! Accounts files: TOML, JSON, or JSON Lines streamed one sub-account at a time.

pub(crate) mod faults;
pub(crate) mod ivr;
pub(crate) mod keys;
pub(crate) mod roster;
pub(crate) mod sub_account;
mod write;

use std::collections::BTreeSet;
use std::io::{BufRead, Read as _};
use std::path::Path;
use std::rc::Rc;

use model::ivr::Workflow;
use routing::PhoneNumber;
use routing::account::{Accounts, AccountsBuilder, NumberId, UserId};
use sha2::{Digest, Sha256};

use crate::node::{Node, Value};
use crate::overrides::Setting;
use crate::quantity::Fault;
use crate::reading::{Reading, hex};
use crate::source::Span;
use crate::table::Table;
use crate::values;
use crate::{json_text, toml_text};
use roster::RosterText;
pub use write::{AccountsWriter, WrittenAs};

/// The largest accounts file that is held in memory at once.
pub const LARGEST: u64 = 64 << 20;

/// The longest line of a JSON Lines file.
pub const LONGEST_LINE: u64 = 1 << 20;

/// Accounts as they were read. Faults are reported; what is faulty is left out.
pub(crate) struct AccountsText {
    pub(crate) accounts: Accounts,
    pub(crate) workflows: Vec<(NumberId, Workflow)>,
    pub(crate) rosters: Vec<RosterText>,
    /// Every number that some sub-account declares, faulty ones too.
    pub(crate) declared: BTreeSet<PhoneNumber>,
    /// False when parts of the file could not be read at all: then more may be declared.
    pub(crate) whole: bool,
    /// Of the canonical form, in hex.
    pub(crate) sha256: String,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Json,
    JsonLines,
}

/// The format by the file's name, or by its first bytes where the name does not tell.
pub(crate) fn format(path: &Path, head: &[u8]) -> Format {
    let name = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "toml" => return Format::Toml,
        "json" => return Format::Json,
        "jsonl" | "ndjson" => return Format::JsonLines,
        _ => {}
    }
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if !text.starts_with(b"{") {
        return Format::Toml;
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    let one = std::str::from_utf8(line)
        .ok()
        .and_then(|line| json_text::file(0, line).0);
    match one {
        Some(node) if node.get("sub_account").is_none() => Format::JsonLines,
        _ => Format::Json,
    }
}

/// Reads an accounts file. `named_at` is where its path is written.
pub(crate) fn read(
    r: &Reading<'_>,
    named_at: Span,
    path: &Path,
    settings: &[&Setting],
) -> Option<AccountsText> {
    let mut stream = r.open(named_at, path)?;
    let head = match stream.fill_buf() {
        Ok(head) => head.to_vec(),
        Err(error) => {
            let message = format!("`{}` cannot be read: {error}", path.display());
            r.error(named_at, Fault::new(message));
            return None;
        }
    };
    let mut taken = Taking::new(settings);
    let done = match format(path, &head) {
        Format::JsonLines => lines(r, path, stream, &mut taken),
        format => whole(r, named_at, path, stream, format, &mut taken),
    };
    if done.is_none() {
        taken.whole = false;
    }
    if taken.count == 0 && taken.whole {
        let message = format!("`{}` holds no sub-account", path.display());
        r.error(named_at, Fault::new(message));
    }
    for setting in settings.iter().filter(|_| taken.whole) {
        setting.check_reached(r);
    }
    Some(taken.finish())
}

/// A file that is held in memory.
fn whole(
    r: &Reading<'_>,
    named_at: Span,
    path: &Path,
    stream: Box<dyn BufRead + '_>,
    format: Format,
    taken: &mut Taking<'_>,
) -> Option<()> {
    let mut bytes = Vec::new();
    if let Err(error) = stream.take(LARGEST + 1).read_to_end(&mut bytes) {
        let message = format!("`{}` cannot be read: {error}", path.display());
        r.error(named_at, Fault::new(message));
        return None;
    }
    if bytes.len() as u64 > LARGEST {
        let message = format!("`{}` is larger than {} MiB", path.display(), LARGEST >> 20);
        let help = "write it as JSON Lines (.jsonl), one sub-account a line: those are streamed";
        r.error(named_at, Fault::new(message).help(help));
        return None;
    }
    let (source, text) = add_text(r, path, bytes)?;
    let (root, faults) = match format {
        Format::Toml => {
            let (root, faults) = toml_text::file(source, &text);
            (Some(root), faults)
        }
        _ => json_text::file(source, &text),
    };
    let broken = !faults.is_empty();
    for (range, message) in faults {
        r.error(Span::new(source, &range), Fault::new(message));
        r.mark_broken(source);
    }
    let mut root = root?;
    Table::open(r, &root, keys::TOP, None)?;
    let Value::Table(entries) = &mut root.value else {
        return None;
    };
    let list = entries
        .iter_mut()
        .find(|(key, _)| key.name == "sub_account");
    match list.map(|(_, node)| node) {
        Some(Node {
            value: Value::List(list),
            ..
        }) => {
            for node in list {
                taken.sub_account(r, node);
            }
        }
        Some(node) => r.error(node.span, values::mismatch(node, "a list of tables")),
        None => return None,
    }
    (!broken).then_some(())
}

/// The text of a file as a source; reported and none where it is not UTF-8.
pub(crate) fn add_text(r: &Reading<'_>, path: &Path, bytes: Vec<u8>) -> Option<(u32, Rc<str>)> {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text: Rc<str> = text.into();
            let source = r.sources.borrow_mut().add_file(path, Rc::clone(&text));
            Some((source, text))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text: Rc<str> = String::from_utf8_lossy(error.as_bytes()).into();
            let source = r.sources.borrow_mut().add_file(path, text);
            let span = Span::new(source, &(at..at + 3));
            r.error(span, Fault::new("the text is not UTF-8 from here on"));
            None
        }
    }
}

/// A file that is read line by line.
fn lines(
    r: &Reading<'_>,
    path: &Path,
    mut stream: Box<dyn BufRead + '_>,
    taken: &mut Taking<'_>,
) -> Option<()> {
    let source = r.sources.borrow_mut().add_file(path, "".into());
    let mut buffer = Vec::new();
    let mut line = 0u32;
    loop {
        buffer.clear();
        line += 1;
        let read = (&mut stream)
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut buffer);
        let span = Span::new(source, &(0..1));
        match read {
            Ok(0) => return Some(()),
            Ok(_) => {}
            Err(error) => {
                r.sources.borrow_mut().move_to(source, line, "".into());
                r.error(span, Fault::new(format!("cannot be read: {error}")));
                return None;
            }
        }
        if buffer.len() as u64 > LONGEST_LINE {
            r.sources.borrow_mut().move_to(source, line, "".into());
            let message = "the line is longer than 1 MiB, expected one sub-account a line";
            r.error(span, Fault::new(message));
            return None;
        }
        let text: Rc<str> = String::from_utf8_lossy(&buffer)
            .trim_end_matches(['\n', '\r'])
            .into();
        if text.trim().is_empty() {
            continue;
        }
        r.sources
            .borrow_mut()
            .move_to(source, line, Rc::clone(&text));
        if std::str::from_utf8(&buffer).is_err() {
            r.error(span, Fault::new("the line is not UTF-8"));
            taken.whole = false;
            continue;
        }
        let (node, faults) = json_text::file(source, &text);
        for (range, message) in faults {
            r.error(Span::new(source, &range), Fault::new(message));
            taken.whole = false;
        }
        if let Some(mut node) = node {
            taken.sub_account(r, &mut node);
        }
        r.forget_hashes(source);
    }
}

/// The sub-accounts so far.
struct Taking<'s> {
    settings: &'s [&'s Setting],
    builder: AccountsBuilder,
    workflows: Vec<(NumberId, Workflow)>,
    rosters: Vec<RosterText>,
    declared: BTreeSet<PhoneNumber>,
    hash: Sha256,
    whole: bool,
    count: u64,
    users: u32,
    numbers: u32,
}

impl<'s> Taking<'s> {
    fn new(settings: &'s [&'s Setting]) -> Self {
        Self {
            settings,
            builder: AccountsBuilder::new(),
            workflows: Vec::new(),
            rosters: Vec::new(),
            declared: BTreeSet::new(),
            hash: Sha256::new(),
            whole: true,
            count: 0,
            users: 0,
            numbers: 0,
        }
    }

    fn sub_account(&mut self, r: &Reading<'_>, node: &mut Node) {
        self.count += 1;
        for setting in self.settings {
            setting.apply_to_sub_account(node, keys::SUB_ACCOUNT);
        }
        let Some(declared) = sub_account::read(r, node, &mut self.rosters) else {
            return;
        };
        let numbers = declared.new.numbers.iter().map(|it| it.number);
        self.declared.extend(numbers);
        let pushed = self.builder.push(&declared.new);
        if let Err(found) = &pushed {
            for fault in found {
                faults::report(r, &declared, fault);
            }
        }
        for (at, workflow) in declared.workflows {
            let number = NumberId(self.numbers + at as u32);
            let workflow = workflow.resolve(r, &declared.new.users, UserId(self.users));
            self.workflows
                .extend(workflow.map(|workflow| (number, workflow)));
        }
        if pushed.is_ok() {
            self.users += declared.new.users.len() as u32;
            self.numbers += declared.new.numbers.len() as u32;
        }
        let canonical = node.canonical(&|span| r.hash_at(span));
        self.hash.update(canonical.as_bytes());
        self.hash.update(b"\n");
    }

    fn finish(self) -> AccountsText {
        AccountsText {
            accounts: self.builder.finish(),
            workflows: self.workflows,
            rosters: self.rosters,
            declared: self.declared,
            whole: self.whole,
            sha256: hex(&self.hash.finalize()),
        }
    }
}
