//! Where executions are kept (DESIGN D6): the [`Store`] trait and its implementations.
//!
//! The one idea: there is one way to write, [`Store::commit`], which takes whole transitions and makes
//! each of them durable or refuses it; everything else reads what is durable. A store knows nothing of
//! what events mean.
//!
//! Begin at [`Store`], then [`MemoryStore`] and [`SqliteStore`]. [`recover`] gives the state of an execution back.

mod check;
mod codec;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod faulty;
pub mod limits;
mod memory;
mod record;
mod recover;
mod sqlite;
mod store;

pub use error::Error;
pub use faulty::{Fault, FaultyStore};
pub use memory::MemoryStore;
pub use record::{Batch, Change, Expect, Record, Scan, Space, Stale};
pub use recover::recover;
pub use sqlite::{OpenError, SqliteStore};
pub use store::{Committed, Conflict, ConflictKind, Cursor, DueTimer, Listed, Listing, Store};
