//! Redrives that were asked for with a client token: the same token again is the same redrive
//! (ASL.md §8.6). `eligible.rs` says what can be redriven at all.
//!
//! The one idea: the token is written down before the redrive, with how often the execution had been
//! redriven by then. Whoever comes back with it after a crash can see from the execution itself whether
//! that redrive happened.

mod eligible;

use std::future::Future;
use std::sync::Arc;

use engine::{ExecutionArn, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Expect, Scan, Space};

use crate::limits;
use crate::records::{RecordError, Records, Stored, delete, put};

pub use eligible::NotRedrivable;

/// The tokens of an execution, by its ARN.
const TOKENS: Space = "states.redrive";

/// When tokens may be forgotten: `TIME:ARN`.
const EXPIRY: Space = "states.redrive_expiry";

/// Whoever runs the executions.
pub trait Redriver: Sync {
    /// Why a redrive is refused.
    type Error: From<RecordError>;

    /// How often an execution was redriven, and when it was the last time; `None`: there is none.
    ///
    /// # Errors
    /// What the store says.
    fn redrives(
        &self,
        execution: &ExecutionArn,
    ) -> Result<Option<(u32, Option<Timestamp>)>, Self::Error>;

    /// Redrives an execution, and says when that was.
    fn redrive(
        &self,
        execution: &ExecutionArn,
    ) -> impl Future<Output = Result<Timestamp, Self::Error>> + Send;
}

/// A token that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    token: String,
    at: Timestamp,
    /// How often the execution had been redriven before.
    before: u32,
    /// When this redrive was, once that is known.
    redriven_at: Option<Timestamp>,
}

/// RedriveExecution with a client token.
///
/// # Errors
/// What the redriver says.
pub(crate) async fn redrive_once<R: Redriver>(
    records: &Records,
    redriver: &R,
    execution: &ExecutionArn,
    token: &str,
    now: Timestamp,
) -> Result<Timestamp, R::Error> {
    let Some((before, _)) = redriver.redrives(execution)? else {
        // There is nothing to keep a token for.
        return redriver.redrive(execution).await;
    };
    if let Some(used) = claim(records, execution, token, before, now).await?
        && let Some(at) = redriven(records, redriver, execution, &used)?
    {
        return Ok(at);
    }
    match redriver.redrive(execution).await {
        Ok(at) => {
            note(records, execution, token, at).await?;
            Ok(at)
        }
        Err(error) => {
            // The same request may have been here at the same time.
            let known = find(records, execution, token)?;
            let at = match known {
                Some(used) => redriven(records, redriver, execution, &used)?,
                None => None,
            };
            at.ok_or(error)
        }
    }
}

/// When the redrive of a token was, if it was. One that is not noted, because its host ended before, is
/// seen from the execution, unless it is known to be the redrive of another token.
fn redriven<R: Redriver>(
    records: &Records,
    redriver: &R,
    execution: &ExecutionArn,
    used: &Used,
) -> Result<Option<Timestamp>, R::Error> {
    if used.redriven_at.is_some() {
        return Ok(used.redriven_at);
    }
    let at = match redriver.redrives(execution)? {
        Some((count, Some(at))) if count > used.before => at,
        _ => return Ok(None),
    };
    let (tokens, _) = read(records, execution)?;
    let is_of_another = tokens.iter().any(|other| other.redriven_at == Some(at));
    Ok((!is_of_another).then_some(at))
}

/// Writes the token down; gives what is known of it if it was used before.
async fn claim(
    records: &Records,
    execution: &ExecutionArn,
    token: &str,
    before: u32,
    now: Timestamp,
) -> Result<Option<Used>, RecordError> {
    for _ in 0..limits::CHANGE_ATTEMPTS_MAX {
        let (mut tokens, expect) = read(records, execution)?;
        tokens.retain(|used| is_valid(used, now));
        if let Some(known) = tokens.iter().find(|used| used.token == token) {
            return Ok(Some(known.clone()));
        }
        make_room(&mut tokens);
        tokens.push(Used {
            token: token.to_owned(),
            at: now,
            before,
            redriven_at: None,
        });
        let mut batch = expired(records, execution, now)?;
        batch.push(put(TOKENS, execution.0.clone(), &tokens, expect));
        let due = format!("{:020}:{execution}", now.0.max(0));
        batch.push(put(EXPIRY, due, &(), Expect::Anything));
        match records.write(batch).await {
            Ok(()) => return Ok(None),
            Err(RecordError::Stale(_)) => tokio::task::yield_now().await,
            Err(error) => return Err(error),
        }
    }
    // Only other redrives of this execution write here, and it bears one at a time.
    Ok(None)
}

/// For one more: the oldest goes, and before it one that was refused as far as is known.
fn make_room(tokens: &mut Vec<Used>) {
    while tokens.len() >= limits::REDRIVE_TOKENS_MAX {
        let refused = tokens.iter().position(|used| used.redriven_at.is_none());
        tokens.remove(refused.unwrap_or(0));
    }
}

/// Notes when the redrive of a token was.
async fn note(
    records: &Records,
    execution: &ExecutionArn,
    token: &str,
    at: Timestamp,
) -> Result<(), RecordError> {
    for _ in 0..limits::CHANGE_ATTEMPTS_MAX {
        let (mut tokens, expect) = read(records, execution)?;
        let Some(used) = tokens.iter_mut().find(|used| used.token == token) else {
            return Ok(());
        };
        used.redriven_at = Some(at);
        let batch = vec![put(TOKENS, execution.0.clone(), &tokens, expect)];
        match records.write(batch).await {
            Ok(()) => return Ok(()),
            Err(RecordError::Stale(_)) => tokio::task::yield_now().await,
            Err(error) => return Err(error),
        }
    }
    // What is not noted can be seen from the execution.
    Ok(())
}

fn find(
    records: &Records,
    execution: &ExecutionArn,
    token: &str,
) -> Result<Option<Used>, RecordError> {
    let (tokens, _) = read(records, execution)?;
    Ok(tokens.into_iter().find(|used| used.token == token))
}

fn read(records: &Records, execution: &ExecutionArn) -> Result<(Vec<Used>, Expect), RecordError> {
    let stored: Option<Stored<Vec<Used>>> = records.get(TOKENS, execution.as_str())?;
    Ok(match stored {
        Some(stored) => {
            let expect = stored.unchanged();
            (stored.value, expect)
        }
        None => (Vec::new(), Expect::Absent),
    })
}

fn is_valid(used: &Used, now: Timestamp) -> bool {
    now <= used.at.plus_seconds(limits::REDRIVE_TOKEN_SECONDS_MAX)
}

/// The changes that forget some tokens of other executions whose time is up.
fn expired(
    records: &Records,
    current: &ExecutionArn,
    now: Timestamp,
) -> Result<Batch, RecordError> {
    let scan = Scan {
        max: limits::REDRIVES_FORGOTTEN_AT_ONCE,
        ..Scan::of(EXPIRY, "")
    };
    let mut batch = Batch::new();
    for due in records.scan::<()>(&scan)? {
        let Some((at, arn)) = due.key.split_once(':') else {
            continue;
        };
        let at = Timestamp(at.parse().unwrap_or(0));
        if now <= at.plus_seconds(limits::REDRIVE_TOKEN_SECONDS_MAX) {
            break;
        }
        batch.push(delete(EXPIRY, due.key.clone(), Expect::Anything));
        let execution = ExecutionArn(Arc::from(arn));
        let (tokens, expect) = read(records, &execution)?;
        if execution != *current && !tokens.iter().any(|used| is_valid(used, now)) {
            batch.push(delete(TOKENS, execution.0, expect));
        }
    }
    Ok(batch)
}

#[cfg(test)]
mod tests;
