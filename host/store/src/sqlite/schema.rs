//! The tables. Every key of something that belongs to an execution begins with its shard, and no row
//! belongs to two executions, so that the same tables work when shards live in different databases (D13).
//!
//! `machine`, `version` and `alias` are hashes of ARNs: an index over a million executions holds eight
//! bytes for each instead of seventy. `facts`, `events` and `state` are encoded by [`crate::codec`]; `sum`
//! is the checksum of everything else in the row ([`super::checksum`]).
//!
//! `outbox` is for what one execution has to tell another (a child its parent, a parent its child): a row is
//! written by the transition that decides it and settled when the receiver's own transition is durable, so
//! that no commit ever has to hold two executions. Nothing writes it yet.

/// The version of the tables. One that is larger was written by a newer program.
pub(super) const FORMAT: i64 = 1;

/// Marks the file as ours, for `file(1)` and for [`super::open`]: "STPW".
pub(super) const APPLICATION_ID: i32 = 0x5354_5057;

/// Makes the tables.
pub(super) const CREATE: &str = "
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL,
    sum INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE shard (
    shard INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    sum INTEGER NOT NULL
);

CREATE TABLE execution (
    id INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    arn TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    machine INTEGER NOT NULL,
    version INTEGER,
    alias INTEGER,
    status INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    stopped_at INTEGER,
    redriven INTEGER NOT NULL,
    facts BLOB NOT NULL,
    sum INTEGER NOT NULL
);
CREATE INDEX execution_by_machine ON execution (machine, started_at);
CREATE INDEX execution_by_status ON execution (machine, status, started_at);
CREATE INDEX execution_by_version ON execution (version, started_at) WHERE version IS NOT NULL;
CREATE INDEX execution_by_alias ON execution (alias, started_at) WHERE alias IS NOT NULL;
CREATE INDEX execution_running ON execution (shard, arn) WHERE status = 0;
CREATE INDEX execution_ended ON execution (stopped_at) WHERE status <> 0;

CREATE TABLE batch (
    shard INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    events BLOB NOT NULL,
    sum INTEGER NOT NULL
);
CREATE UNIQUE INDEX batch_key ON batch (shard, execution, first_seq);

CREATE TABLE snapshot (
    shard INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    state BLOB NOT NULL,
    sum INTEGER NOT NULL
);
CREATE UNIQUE INDEX snapshot_key ON snapshot (shard, execution);

CREATE TABLE timer (
    shard INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (shard, execution, kind, attempt)
) WITHOUT ROWID;
CREATE INDEX timer_due ON timer (shard, due_at);

CREATE TABLE outbox (
    shard INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    target TEXT NOT NULL,
    message BLOB NOT NULL,
    sum INTEGER NOT NULL
);
CREATE UNIQUE INDEX outbox_key ON outbox (shard, execution, number);

CREATE TABLE record (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    value BLOB NOT NULL,
    sum INTEGER NOT NULL
);
CREATE UNIQUE INDEX record_key ON record (space, key);
";
