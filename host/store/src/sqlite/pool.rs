//! The connections that read. They are opened when they are wanted, up to a limit; whoever comes then waits
//! for one to come back.

use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::Connection;

use super::fault::Outcome;
use super::open::Folder;
use crate::limits;

#[derive(Debug, Default)]
pub(super) struct Pool {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Connection>,
    /// Idle or lent.
    open: usize,
}

impl Pool {
    /// Does a piece of work with one of the connections.
    pub(super) fn with<T>(
        &self,
        folder: &Folder,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Outcome<T> {
        let lent = self.lend(folder)?;
        match &lent.connection {
            Some(connection) => work(connection),
            None => work(&folder.reader()?),
        }
    }

    /// Closes what is idle: at the end, when nobody reads.
    pub(super) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.open -= state.idle.len();
        state.idle.clear();
    }

    fn lend(&self, folder: &Folder) -> Outcome<Lent<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Lent {
                    pool: self,
                    connection: Some(connection),
                });
            }
            if state.open < limits::READERS_MAX {
                state.open += 1;
                break;
            }
            state = match self.returned.wait(state) {
                Ok(state) => state,
                Err(poisoned) => poisoned.into_inner(),
            };
        }
        drop(state);
        let mut lent = Lent {
            pool: self,
            connection: None,
        };
        lent.connection = Some(folder.reader()?);
        Ok(lent)
    }
}

/// A connection that goes back by itself, also when its user panics.
struct Lent<'pool> {
    pool: &'pool Pool,
    /// `None`: it could not be opened.
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self
            .pool
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) => state.idle.push(connection),
            None => state.open -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
