//! The bound on one evaluation: steps and bytes, charged as they are spent, so that no expression stalls
//! the host or fills its memory.

use crate::{error::EvalError, limits};

/// What an evaluation may still spend. One budget serves all expressions of one transition.
#[derive(Debug, Clone)]
pub struct Budget {
    steps: u64,
    bytes: u64,
}

impl Budget {
    /// A budget of `steps` visited or produced items and `bytes` of produced text.
    pub fn new(steps: u64, bytes: u64) -> Budget {
        Budget { steps, bytes }
    }

    /// Spends `steps`.
    ///
    /// # Errors
    /// `States.Runtime` when fewer are left; the rest is then gone too.
    #[inline]
    pub fn charge(&mut self, steps: u64) -> Result<(), EvalError> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(EvalError::runtime(
                    "The expression takes more steps than the limit allows.",
                ))
            }
        }
    }

    /// Spends `bytes` of produced text, or as many bytes of a value's size in memory.
    ///
    /// # Errors
    /// `States.Runtime` when fewer are left; the rest is then gone too.
    #[inline]
    pub fn charge_bytes(&mut self, bytes: usize) -> Result<(), EvalError> {
        match u64::try_from(bytes)
            .ok()
            .and_then(|bytes| self.bytes.checked_sub(bytes))
        {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => {
                self.bytes = 0;
                Err(EvalError::runtime(
                    "The expression produces more data than the limit allows.",
                ))
            }
        }
    }

    /// Steps left.
    pub fn steps_left(&self) -> u64 {
        self.steps
    }

    /// Bytes left.
    pub fn bytes_left(&self) -> u64 {
        self.bytes
    }
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::new(limits::EVALUATION_STEPS_MAX, limits::EVALUATION_BYTES_MAX)
    }
}
