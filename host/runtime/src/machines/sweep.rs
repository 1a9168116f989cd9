//! Clearing up: machines whose last execution is over, and revisions that nobody can name any more.
//!
//! A revision is *retired* when no new execution can get it: it is neither current nor a version. The
//! executions that have it were started before that. So it may be forgotten as soon as the lists show no
//! execution of the machine that was started before: lists keep an execution as long as it can be
//! described or redriven.

use std::sync::Arc;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Change, Expect, Scan};

use super::{MachineError, Machines, spaces};
use crate::limits::{RETIRED_PER_SWEEP, RETIRED_REVISION_KEPT_US};
use crate::records::{self, Stored};

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Machines.
    pub machines: usize,
    /// Revisions.
    pub revisions: usize,
}

#[derive(Serialize, Deserialize)]
struct Retired {
    machine_arn: Arc<str>,
    revision_id: Arc<str>,
    at: Timestamp,
}

/// The change that says that no new execution can get a revision from now on.
pub(super) fn retire(machine_arn: &str, revision_id: &str, now: Timestamp) -> Change {
    let key = format!("{:020}:{machine_arn}:{revision_id}", now.0);
    let retired = Retired {
        machine_arn: machine_arn.into(),
        revision_id: revision_id.into(),
        at: now,
    };
    records::put(spaces::RETIRED, key, &retired, Expect::Anything)
}

impl Machines {
    /// Ends deletions whose executions are over and forgets revisions that nobody can name any more.
    /// To be called now and then, by one caller; nothing is wrong for a client if it is not.
    ///
    /// # Errors
    /// [`MachineError::Store`].
    pub async fn sweep(&self) -> Result<Swept, MachineError> {
        let mut swept = Swept {
            machines: self.end_deletions().await?,
            revisions: 0,
        };
        let mut after = None;
        loop {
            let mut scan = Scan::of(spaces::RETIRED, "");
            scan.after = after;
            scan.max = RETIRED_PER_SWEEP;
            let page: Vec<Stored<Retired>> = self.records.scan(&scan)?;
            let Some(last) = page.last() else {
                return Ok(swept);
            };
            after = Some(last.key.clone());
            swept.revisions += self.forget_unnamed(&page).await?;
            tokio::task::yield_now().await;
        }
    }

    /// Ends deletions whose executions are over and tells how many. Cheap where there are none, so that who
    /// waits for a machine to be gone need not wait for a sweep.
    ///
    /// # Errors
    /// [`MachineError::Store`].
    pub async fn end_deletions(&self) -> Result<usize, MachineError> {
        let deleting: Vec<Stored<String>> = self.records.scan(&Scan::of(spaces::DELETING, ""))?;
        let mut ended = 0;
        for machine in deleting {
            ended += usize::from(self.purge(&machine.key).await?);
        }
        Ok(ended)
    }

    async fn forget_unnamed(&self, page: &[Stored<Retired>]) -> Result<usize, MachineError> {
        let now = self.clock.now();
        let mut batch = Vec::new();
        let mut forgotten = 0;
        for entry in page {
            let retired = &entry.value;
            let until = retired.at.plus_micros(RETIRED_REVISION_KEPT_US);
            if until > now || self.has_execution(&retired.machine_arn, None, Some(until))? {
                continue;
            }
            let key = spaces::revision_key(&retired.machine_arn, &retired.revision_id);
            batch.push(records::delete(spaces::REVISION, key, Expect::Anything));
            batch.push(records::delete(
                spaces::RETIRED,
                entry.key.clone(),
                Expect::Anything,
            ));
            forgotten += 1;
        }
        if !batch.is_empty() {
            self.records.write(batch).await?;
        }
        Ok(forgotten)
    }
}
