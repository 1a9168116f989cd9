//! What one evaluation has taken: the sums behind the limits of [`crate::limits`] that the evaluator does not
//! know, and the time and randomness that it is given.

use std::cell::{Cell, RefCell, RefMut};

use jsonata_core::evaluator::EvaluatorError;
use jsonata_core::value::JValue;

use super::functions::Answer;
use super::message;
use crate::{entropy::Entropy, limits};

/// What one evaluation has taken, and where its time and randomness come from.
#[derive(Debug)]
pub(super) struct Meter {
    entropy: RefCell<Entropy>,
    now_ms: i64,
    made_bytes: Cell<u64>,
    walked: Cell<u64>,
    /// Sizes of arguments that a guard of a later argument asks for.
    kept: RefCell<Vec<f64>>,
}

impl Meter {
    pub(super) fn new(entropy: Entropy, now_ms: i64) -> Meter {
        Meter {
            entropy: RefCell::new(entropy),
            now_ms,
            made_bytes: Cell::new(0),
            walked: Cell::new(0),
            kept: RefCell::default(),
        }
    }

    /// The stream, as far as it has been drawn from.
    pub(super) fn entropy(&self) -> Entropy {
        self.entropy.borrow().clone()
    }

    pub(super) fn draw(&self) -> RefMut<'_, Entropy> {
        self.entropy.borrow_mut()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of a calendar are far below 2^53"
    )]
    pub(super) fn now_ms(&self) -> f64 {
        self.now_ms as f64
    }

    /// Charges for something that was made.
    pub(super) fn charge(&self, bytes: u64) -> Result<(), EvaluatorError> {
        let made = self.made_bytes.get().saturating_add(bytes);
        self.made_bytes.set(made);
        match made > limits::JSONATA_MADE_BYTES_MAX {
            true => Err(memory_error()),
            false => Ok(()),
        }
    }

    pub(super) fn charge_f64(&self, bytes: f64) -> Result<(), EvaluatorError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "float to integer casts saturate"
        )]
        self.charge(bytes as u64)
    }

    /// Charges for a text of so many bytes.
    pub(super) fn charge_text(&self, bytes: usize) -> Result<(), EvaluatorError> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        match bytes > limits::JSONATA_STRING_BYTES_MAX {
            true => Err(memory_error()),
            false => self.charge(bytes),
        }
    }

    pub(super) fn made(&self, value: &JValue) -> Result<(), EvaluatorError> {
        match value {
            JValue::String(text) => self.charge_text(text.len()),
            JValue::Array(items) => self.charge(items.len() as u64 * limits::JSONATA_ITEM_BYTES),
            JValue::Object(members) => {
                self.charge(members.len() as u64 * 4 * limits::JSONATA_ITEM_BYTES)
            }
            _ => Ok(()),
        }
    }

    /// Charges for the text that a value is written as.
    pub(super) fn print(&self, value: &JValue) -> Result<(), EvaluatorError> {
        match value {
            JValue::String(text) => self.charge_text(text.len()),
            JValue::Array(_) | JValue::Object(_) => {
                let bytes = self.walk(value)?;
                self.charge_text(usize::try_from(bytes).unwrap_or(usize::MAX))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn compare(&self, value: &JValue) -> Result<(), EvaluatorError> {
        match value {
            JValue::Array(_) | JValue::Object(_) => self.walk(value).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// The length of a value as text, indented; counts the values in it. Does not recurse.
    fn walk(&self, value: &JValue) -> Result<u64, EvaluatorError> {
        let mut open = vec![(value, 0_u64)];
        let mut bytes = 0_u64;
        while let Some((value, level)) = open.pop() {
            self.walked.set(self.walked.get() + 1);
            if self.walked.get() > limits::JSONATA_VALUES_WALKED_MAX
                || open.len() as u64 > limits::JSONATA_VALUES_WALKED_MAX
                || bytes > limits::JSONATA_STRING_BYTES_MAX
            {
                return Err(memory_error());
            }
            bytes += 2 * level + 2;
            match value {
                JValue::String(text) => bytes += text.len() as u64,
                JValue::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
                JValue::Object(members) => {
                    for (name, member) in members.iter() {
                        bytes += name.len() as u64 + 4;
                        open.push((member, level + 1));
                    }
                }
                _ => bytes += 8,
            }
        }
        Ok(bytes)
    }

    /// Keeps the size of an argument for the guard of a later one: a text's length, a number itself.
    pub(super) fn remember(&self, value: &JValue) -> Answer {
        let size = match value {
            JValue::String(text) => size(text),
            JValue::Number(number) => *number,
            _ => 0.0,
        };
        self.kept.borrow_mut().push(size);
        Ok(value.clone())
    }

    pub(super) fn recall(&self) -> f64 {
        self.kept.borrow_mut().pop().unwrap_or_default()
    }
}

/// An evaluation that takes too much memory.
pub(super) fn memory_error() -> EvaluatorError {
    EvaluatorError::EvaluationError(message::MEMORY.to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "texts are far below 2^53 bytes")]
pub(super) fn size(text: &str) -> f64 {
    text.len() as f64
}
