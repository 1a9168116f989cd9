//! The store that keeps everything in memory: for `run`, for Express executions and for tests. What
//! is committed is as durable as the process. Assumes that the executions that run fit into memory;
//! those that are over are forgotten, the oldest first, within [`crate::limits`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use engine::{
    Event, Execution, ExecutionArn, Index, Status, TimerChange, TimerKey, Timestamp, Transition,
};

use crate::check::is_whole;
use crate::error::Error;
use crate::limits;
use crate::record::{Batch, Change, Expect, Record, Scan, Space, Stale};
use crate::store::{Committed, Conflict, ConflictKind, Cursor, DueTimer, Listed, Listing, Store};

/// Executions in memory. Durable at once.
#[derive(Debug)]
pub struct MemoryStore {
    tables: RwLock<Tables>,
    ended_max: usize,
    ended_bytes_max: usize,
}

#[derive(Debug, Default)]
struct Tables {
    rows: BTreeMap<ExecutionArn, Row>,
    /// Owner's epoch by shard.
    epochs: BTreeMap<u32, u64>,
    timers: BTreeSet<(u32, Timestamp, ExecutionArn, TimerKey)>,
    running: BTreeSet<(u32, ExecutionArn)>,
    /// By machine and start.
    by_machine: BTreeMap<Arc<str>, BTreeSet<Cursor>>,
    /// Executions that are over, the first to end in front.
    ended: VecDeque<ExecutionArn>,
    ended_bytes: usize,
    records: BTreeMap<Space, BTreeMap<Arc<str>, Record>>,
    /// The last revision that a record was given.
    revision: u64,
}

/// What is kept of one execution.
#[derive(Debug)]
struct Row {
    shard: u32,
    seq: u64,
    /// One entry for each transition: its first sequence number is the key.
    batches: BTreeMap<u64, Arc<[Event]>>,
    snapshot: Option<Arc<Execution>>,
    timers: BTreeMap<TimerKey, Timestamp>,
    index: Index,
    bytes: usize,
}

impl MemoryStore {
    /// An empty store with the limits of [`crate::limits`].
    pub fn new() -> MemoryStore {
        MemoryStore::with_limits(limits::ENDED_EXECUTIONS_MAX, limits::ENDED_BYTES_MAX)
    }

    /// An empty store that keeps at most so many ended executions, and so many bytes of them. The
    /// execution that ended last is always kept, so that whoever waited for it can read it.
    pub fn with_limits(ended_max: usize, ended_bytes_max: usize) -> MemoryStore {
        MemoryStore {
            tables: RwLock::default(),
            ended_max,
            ended_bytes_max,
        }
    }

    // A thread that panicked while it held the lock has written whole transitions or none: each is
    // checked before the first of its changes, and the changes cannot fail.
    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_lock(&self) -> RwLockWriteGuard<'_, Tables> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> MemoryStore {
        MemoryStore::new()
    }
}

impl Store for MemoryStore {
    fn is_immediate(&self) -> bool {
        true
    }

    fn commit(&self, group: Vec<Transition>) -> Result<Vec<Result<Committed, Conflict>>, Error> {
        let mut tables = self.write_lock();
        let answers = group.into_iter().map(|one| tables.commit(one)).collect();
        tables.forget_ended(self.ended_max, self.ended_bytes_max);
        Ok(answers)
    }

    fn claim_shard(&self, shard: u32) -> Result<u64, Error> {
        let mut tables = self.write_lock();
        let epoch = tables.epochs.entry(shard).or_insert(0);
        *epoch += 1;
        Ok(*epoch)
    }

    fn events(
        &self,
        execution: &ExecutionArn,
        after_seq: u64,
        max: usize,
    ) -> Result<Vec<Event>, Error> {
        let tables = self.read();
        let Some(row) = tables.rows.get(execution) else {
            return Ok(Vec::new());
        };
        let first = row
            .batches
            .range(..=after_seq.saturating_add(1))
            .next_back()
            .map_or(0, |(first, _)| *first);
        Ok(row
            .batches
            .range(first..)
            .flat_map(|(_, events)| events.iter())
            .filter(|event| event.seq > after_seq)
            .take(max.min(limits::READ_ROWS_MAX))
            .cloned()
            .collect())
    }

    fn snapshot(&self, execution: &ExecutionArn) -> Result<Option<Arc<Execution>>, Error> {
        let tables = self.read();
        Ok(tables
            .rows
            .get(execution)
            .and_then(|row| row.snapshot.clone()))
    }

    fn index(&self, execution: &ExecutionArn) -> Result<Option<Index>, Error> {
        let tables = self.read();
        Ok(tables.rows.get(execution).map(|row| row.index.clone()))
    }

    fn timers_due(&self, shard: u32, until: Timestamp, max: usize) -> Result<Vec<DueTimer>, Error> {
        let tables = self.read();
        let first = (
            shard,
            Timestamp(i64::MIN),
            ExecutionArn("".into()),
            TimerKey::Execution,
        );
        Ok(tables
            .timers
            .range(first..)
            .take_while(|(of, at, ..)| *of == shard && *at <= until)
            .take(max.min(limits::READ_ROWS_MAX))
            .map(|(_, at, execution, key)| DueTimer {
                execution: execution.clone(),
                key: *key,
                at: *at,
            })
            .collect())
    }

    fn running(
        &self,
        shard: u32,
        after: Option<&ExecutionArn>,
        max: usize,
    ) -> Result<Vec<ExecutionArn>, Error> {
        let tables = self.read();
        let from = match after {
            Some(after) => Bound::Excluded((shard, after.clone())),
            None => Bound::Included((shard, ExecutionArn("".into()))),
        };
        Ok(tables
            .running
            .range((from, Bound::Unbounded))
            .take_while(|(of, _)| *of == shard)
            .take(max.min(limits::READ_ROWS_MAX))
            .map(|(_, execution)| execution.clone())
            .collect())
    }

    fn list(&self, listing: &Listing) -> Result<Vec<Listed>, Error> {
        let tables = self.read();
        let Some(places) = tables.by_machine.get(&listing.machine_arn) else {
            return Ok(Vec::new());
        };
        let until = match &listing.after {
            Some(after) => Bound::Excluded(after.clone()),
            None => Bound::Unbounded,
        };
        Ok(places
            .range((Bound::Unbounded, until))
            .rev()
            .filter_map(|place| {
                let row = tables.rows.get(&place.execution)?;
                let wanted = listing.wants(&row.index);
                wanted.then(|| Listed {
                    execution: place.execution.clone(),
                    index: row.index.clone(),
                })
            })
            .take(listing.max.min(limits::READ_ROWS_MAX))
            .collect())
    }

    fn forget_ended(&self, before: Timestamp, max: usize) -> Result<usize, Error> {
        Ok(self.write_lock().forget_before(before, max))
    }

    fn write(&self, group: Vec<Batch>) -> Result<Vec<Result<(), Stale>>, Error> {
        let mut tables = self.write_lock();
        Ok(group.into_iter().map(|batch| tables.write(batch)).collect())
    }

    fn record(&self, space: Space, key: &str) -> Result<Option<Record>, Error> {
        let tables = self.read();
        Ok(tables
            .records
            .get(space)
            .and_then(|records| records.get(key).cloned()))
    }

    fn records(&self, scan: &Scan) -> Result<Vec<Record>, Error> {
        let tables = self.read();
        let Some(records) = tables.records.get(scan.space) else {
            return Ok(Vec::new());
        };
        let begins = |record: &&Record| record.key.starts_with(&*scan.prefix);
        let max = scan.max.min(limits::READ_ROWS_MAX);
        if scan.backwards {
            let until = match &scan.after {
                Some(after) => Bound::Excluded(after.clone()),
                None => Bound::Unbounded,
            };
            let from = Bound::Included(scan.prefix.clone());
            if scan
                .after
                .as_ref()
                .is_some_and(|after| *after < scan.prefix)
            {
                return Ok(Vec::new());
            }
            let found = records.range((from, until)).rev();
            return Ok(found
                .map(|(_, record)| record)
                .skip_while(|record| !begins(record))
                .take_while(begins)
                .take(max)
                .cloned()
                .collect());
        }
        let from = match &scan.after {
            Some(after) if *after >= scan.prefix => Bound::Excluded(after.clone()),
            _ => Bound::Included(scan.prefix.clone()),
        };
        Ok(records
            .range((from, Bound::Unbounded))
            .map(|(_, record)| record)
            .take_while(begins)
            .take(max)
            .cloned()
            .collect())
    }
}

impl Tables {
    fn commit(&mut self, transition: Transition) -> Result<Committed, Conflict> {
        if let Err(kind) = self.check(&transition) {
            return Err(Conflict {
                execution: transition.execution,
                kind,
            });
        }
        self.epochs.insert(transition.shard, transition.epoch);
        let seq = transition.last_seq();
        let execution = transition.execution.clone();
        let bytes = bytes_of(&transition.events);
        if transition.expect_seq == 0 {
            self.add(&transition);
        } else {
            self.wake(&execution);
        }
        let Some(row) = self.rows.get_mut(&execution) else {
            return Ok(Committed { execution, seq });
        };
        row.seq = seq;
        row.bytes += bytes;
        row.batches
            .insert(transition.expect_seq + 1, transition.events);
        if let Some(snapshot) = transition.snapshot {
            row.snapshot = Some(snapshot);
        }
        row.index = transition.index;
        for change in transition.timers {
            let (key, at) = match change {
                TimerChange::Arm(key, at) => (key, Some(at)),
                TimerChange::Disarm(key) => (key, None),
            };
            let before = match at {
                Some(at) => row.timers.insert(key, at),
                None => row.timers.remove(&key),
            };
            if let Some(before) = before {
                self.timers
                    .remove(&(row.shard, before, execution.clone(), key));
            }
            if let Some(at) = at {
                self.timers.insert((row.shard, at, execution.clone(), key));
            }
        }
        if row.index.status != Status::Running {
            self.end(&execution);
        }
        Ok(Committed { execution, seq })
    }

    /// Whether the transition may be written; changes nothing.
    fn check(&self, transition: &Transition) -> Result<(), ConflictKind> {
        let epoch = self.epochs.get(&transition.shard).copied().unwrap_or(0);
        if transition.epoch < epoch {
            return Err(ConflictKind::Fenced);
        }
        match self.rows.get(&transition.execution) {
            Some(_) if transition.expect_seq == 0 => return Err(ConflictKind::NameTaken),
            Some(row) if row.seq != transition.expect_seq || row.shard != transition.shard => {
                return Err(ConflictKind::Fenced);
            }
            None if transition.expect_seq != 0 => return Err(ConflictKind::Fenced),
            Some(_) | None => {}
        }
        if is_whole(transition) {
            Ok(())
        } else {
            Err(ConflictKind::Fenced)
        }
    }

    /// An execution that was over goes on: it was redriven.
    fn wake(&mut self, execution: &ExecutionArn) {
        let Some(row) = self.rows.get(execution) else {
            return;
        };
        if self.running.insert((row.shard, execution.clone())) {
            self.ended.retain(|ended| ended != execution);
            self.ended_bytes = self.ended_bytes.saturating_sub(row.bytes);
        }
    }

    fn add(&mut self, transition: &Transition) {
        let execution = &transition.execution;
        self.running.insert((transition.shard, execution.clone()));
        self.by_machine
            .entry(transition.index.machine_arn.clone())
            .or_default()
            .insert(Cursor {
                started_at: transition.index.started_at,
                execution: execution.clone(),
            });
        self.rows.insert(
            execution.clone(),
            Row {
                shard: transition.shard,
                seq: 0,
                batches: BTreeMap::new(),
                snapshot: None,
                timers: BTreeMap::new(),
                index: transition.index.clone(),
                bytes: 0,
            },
        );
    }

    /// An execution is over: it has no timers any more, and its place may be wanted.
    fn end(&mut self, execution: &ExecutionArn) {
        let Some(row) = self.rows.get_mut(execution) else {
            return;
        };
        for (key, at) in std::mem::take(&mut row.timers) {
            self.timers.remove(&(row.shard, at, execution.clone(), key));
        }
        if self.running.remove(&(row.shard, execution.clone())) {
            self.ended.push_back(execution.clone());
            self.ended_bytes += row.bytes;
        }
    }

    fn forget_ended(&mut self, ended_max: usize, ended_bytes_max: usize) {
        while self.ended.len() > 1
            && (self.ended.len() > ended_max || self.ended_bytes > ended_bytes_max)
        {
            self.forget_oldest();
        }
    }

    /// The clock may have gone backwards, so that the first to end need not be the first by time.
    fn forget_before(&mut self, before: Timestamp, max: usize) -> usize {
        let stopped_at = |arn: &ExecutionArn| self.rows.get(arn)?.index.stopped_at;
        let mut old: Vec<(Timestamp, ExecutionArn)> = self
            .ended
            .iter()
            .filter_map(|arn| Some((stopped_at(arn)?, arn.clone())))
            .filter(|(at, _)| *at < before)
            .collect();
        old.sort();
        old.truncate(max);
        let old: BTreeSet<ExecutionArn> = old.into_iter().map(|(_, arn)| arn).collect();
        self.ended.retain(|arn| !old.contains(arn));
        for execution in &old {
            self.forget(execution);
        }
        old.len()
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.ended.pop_front() {
            self.forget(&oldest);
        }
    }

    /// Forgets what is not in `ended` any more.
    fn forget(&mut self, execution: &ExecutionArn) {
        let Some(row) = self.rows.remove(execution) else {
            return;
        };
        self.ended_bytes = self.ended_bytes.saturating_sub(row.bytes);
        if let Some(places) = self.by_machine.get_mut(&row.index.machine_arn) {
            places.remove(&Cursor {
                started_at: row.index.started_at,
                execution: execution.clone(),
            });
            if places.is_empty() {
                self.by_machine.remove(&row.index.machine_arn);
            }
        }
    }

    fn write(&mut self, batch: Batch) -> Result<(), Stale> {
        for change in &batch {
            let (space, key, expect) = match change {
                Change::Put {
                    space, key, expect, ..
                }
                | Change::Delete { space, key, expect } => (*space, key, *expect),
                Change::DeletePrefix { .. } => continue,
            };
            let found = self.records.get(space).and_then(|records| records.get(key));
            let holds = match expect {
                Expect::Anything => true,
                Expect::Absent => found.is_none(),
                Expect::Revision(revision) => found.is_some_and(|it| it.revision == revision),
            };
            if !holds {
                let key = key.clone();
                return Err(Stale { space, key });
            }
        }
        for change in batch {
            match change {
                Change::Put {
                    space, key, value, ..
                } => {
                    self.revision += 1;
                    let record = Record {
                        key: key.clone(),
                        revision: self.revision,
                        value,
                    };
                    self.records.entry(space).or_default().insert(key, record);
                }
                Change::Delete { space, key, .. } => {
                    if let Some(records) = self.records.get_mut(space) {
                        records.remove(&key);
                    }
                }
                Change::DeletePrefix { space, prefix } => {
                    if let Some(records) = self.records.get_mut(space) {
                        records.retain(|key, _| !key.starts_with(&*prefix));
                    }
                }
            }
        }
        Ok(())
    }
}

fn bytes_of(events: &[Event]) -> usize {
    events
        .iter()
        .map(|event| limits::EVENT_BYTES + event.kind.payload_bytes())
        .sum()
}
