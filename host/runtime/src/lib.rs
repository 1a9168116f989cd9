//! The shells around the shards: threads, timers, integrations.
