//! The executions of one shard, sans-I/O.
