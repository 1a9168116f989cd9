//! From what is stored back to the state of an execution (D1, I1).

use engine::{Execution, ExecutionArn};

use crate::error::Error;
use crate::limits;
use crate::store::Store;

/// The durable state of an execution: its last snapshot and the events since. `None`: there is no such
/// execution.
///
/// # Errors
/// [`Error::Damaged`] when the events do not follow from each other; [`Error::Dead`].
pub fn recover(store: &dyn Store, execution: &ExecutionArn) -> Result<Option<Execution>, Error> {
    let mut state = match store.snapshot(execution)? {
        Some(snapshot) => (*snapshot).clone(),
        None => Execution::new(),
    };
    loop {
        let events = store.events(execution, state.seq(), limits::READ_ROWS_MAX)?;
        if events.is_empty() {
            break;
        }
        for event in &events {
            state.apply(event).map_err(|illegal| Error::Damaged {
                execution: execution.clone(),
                illegal,
            })?;
        }
    }
    Ok((state.seq() > 0).then_some(state))
}
