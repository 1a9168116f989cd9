//! Records: a batch is checked as a whole before its first change is made, like a transition.

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::fault::{Fault, Outcome};
use super::reads::limit;
use super::rows::{self, record_sum};
use super::write::Counters;
use crate::record::{Batch, Change, Expect, Record, Scan, Stale};

pub(super) fn write(
    connection: &Connection,
    counters: &mut Counters,
    group: Vec<Batch>,
) -> Outcome<Vec<Result<(), Stale>>> {
    let before = counters.revision;
    let mut answers = Vec::with_capacity(group.len());
    for batch in group {
        let stale = check(connection, &batch)?;
        if stale.is_none() {
            for change in &batch {
                make(connection, counters, change)?;
            }
        }
        answers.push(stale.map_or(Ok(()), Err));
    }
    if counters.revision != before {
        rows::set_meta(connection, "revision", counters.revision)?;
    }
    Ok(answers)
}

/// The first record that is not what the writer believed.
fn check(connection: &Connection, batch: &Batch) -> Outcome<Option<Stale>> {
    for change in batch {
        let (space, key, expect) = match change {
            Change::Put {
                space, key, expect, ..
            }
            | Change::Delete { space, key, expect } => (*space, key, *expect),
            Change::DeletePrefix { .. } => continue,
        };
        let holds = match expect {
            Expect::Anything => true,
            Expect::Absent => is_at(connection, space, key, None)?,
            Expect::Revision(wanted) => is_at(connection, space, key, Some(wanted))?,
        };
        if !holds {
            let key = key.clone();
            return Ok(Some(Stale { space, key }));
        }
    }
    Ok(None)
}

/// The revision at which a record stands. A damaged one stands at none that a writer could name.
fn is_at(connection: &Connection, space: &str, key: &str, wanted: Option<u64>) -> Outcome<bool> {
    match find(connection, space, key) {
        Ok(found) => Ok(found.map(|record| record.revision) == wanted),
        Err(Fault::Damaged(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn make(connection: &Connection, counters: &mut Counters, change: &Change) -> Outcome<()> {
    match change {
        Change::Put {
            space, key, value, ..
        } => {
            counters.revision += 1;
            let sum = record_sum(space, key, counters.revision, value);
            connection
                .prepare_cached(
                    "INSERT INTO record (space, key, revision, value, sum) \
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (space, key) \
                     DO UPDATE SET revision = ?3, value = ?4, sum = ?5",
                )?
                .execute(params![space, &**key, counters.revision, &**value, sum])?;
        }
        Change::Delete { space, key, .. } => {
            connection
                .prepare_cached("DELETE FROM record WHERE space = ?1 AND key = ?2")?
                .execute([space, &**key])?;
        }
        Change::DeletePrefix { space, prefix } => {
            connection
                .prepare_cached("DELETE FROM record WHERE space = ?1 AND key >= ?2 AND key < ?3")?
                .execute(params![space, &**prefix, end_of(prefix)])?;
        }
    }
    Ok(())
}

pub(super) fn find(connection: &Connection, space: &str, key: &str) -> Outcome<Option<Record>> {
    let mut statement = connection.prepare_cached(
        "SELECT key, revision, value, sum FROM record WHERE space = ?1 AND key = ?2",
    )?;
    let mut rows = statement.query([space, key])?;
    match rows.next()? {
        Some(row) => rows::record(space, row).map(Some),
        None => Ok(None),
    }
}

const FORWARDS: &str = "SELECT key, revision, value, sum FROM record \
     WHERE space = ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4";

const BACKWARDS: &str = "SELECT key, revision, value, sum FROM record \
     WHERE space = ?1 AND key >= ?2 AND key < ?3 ORDER BY key DESC LIMIT ?4";

pub(super) fn scan(connection: &Connection, scan: &Scan) -> Outcome<Vec<Record>> {
    let (mut from, mut until) = (scan.prefix.to_string(), end_of(&scan.prefix));
    match &scan.after {
        Some(after) if scan.backwards => {
            if !matches!(&until, Value::Text(until) if until.as_str() < &**after) {
                until = Value::Text(after.to_string());
            }
        }
        // Nothing lies between a text and the same with a zero byte behind it.
        Some(after) if *after >= scan.prefix => from = format!("{after}\0"),
        Some(_) | None => {}
    }
    let sql = if scan.backwards { BACKWARDS } else { FORWARDS };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![scan.space, from, until, limit(scan.max)])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(rows::record(scan.space, row)?);
    }
    Ok(records)
}

/// What every key with this prefix is less than, and no key beyond them: the prefix with its last character
/// raised by one. Without one that can be raised: a blob, which SQLite sorts after every text.
fn end_of(prefix: &str) -> Value {
    let mut end = prefix.to_string();
    while let Some(last) = end.pop() {
        // The next character, over the gap of the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Value::Text(end);
        }
    }
    Value::Blob(Vec::new())
}
