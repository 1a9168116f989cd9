//! One page of a history. Events come in one by one, from the first on; what is on the page is made into
//! AWS's shape, the rest is only followed.

use std::collections::VecDeque;

use asl::StateMachine;
use engine::Event;
use serde_json::Value;

use crate::history::History;
use crate::limits::HISTORY_PAGE_BYTES_MAX;

/// Which page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Newest first.
    pub(super) reverse: bool,
    /// The id of the last event of the page before; `None`: the first page.
    pub(super) after: Option<u64>,
    /// So many events at the most.
    pub(super) max: usize,
    /// Whether with inputs and outputs.
    pub(super) with_data: bool,
}

/// A page in the making.
pub(super) struct Page<'a> {
    window: Window,
    history: History<'a>,
    events: VecDeque<(u64, Value, usize)>,
    bytes: usize,
    has_more: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(window: Window, machine: &'a StateMachine) -> Page<'a> {
        Page {
            window,
            history: History::new(machine),
            events: VecDeque::new(),
            bytes: 0,
            has_more: false,
        }
    }

    /// Takes the next event; `false`: the page is complete.
    pub(super) fn take(&mut self, event: &Event) -> bool {
        let Some(id) = event.history.map(|link| link.id) else {
            self.history.pass(event);
            return true;
        };
        let Window { reverse, after, .. } = self.window;
        match after {
            Some(after) if !reverse && id <= after => {
                self.history.pass(event);
                return true;
            }
            Some(after) if reverse && id >= after => return false,
            _ => {}
        }
        if !reverse && self.is_full() {
            self.has_more = true;
            return false;
        }
        let Some(mut wire) = self.history.event(event) else {
            return true;
        };
        if !self.window.with_data {
            without_data(&mut wire);
        }
        let bytes = text_bytes(&wire);
        self.bytes += bytes;
        self.events.push_back((id, wire, bytes));
        // From the end backwards, what came first is on a later page.
        while reverse && self.is_over() {
            if let Some((_, _, bytes)) = self.events.pop_front() {
                self.bytes -= bytes;
                self.has_more = true;
            }
        }
        true
    }

    /// The events, and the id to go on after if there are more.
    pub(super) fn finish(self) -> (Vec<Value>, Option<u64>) {
        let reverse = self.window.reverse;
        let last = match reverse {
            true => self.events.front(),
            false => self.events.back(),
        };
        let next = last.map(|(id, ..)| *id).filter(|_| self.has_more);
        let mut events: Vec<Value> = self.events.into_iter().map(|(_, wire, _)| wire).collect();
        if reverse {
            events.reverse();
        }
        (events, next)
    }

    /// A page has one event at least, however large.
    fn is_full(&self) -> bool {
        self.events.len() >= self.window.max || self.bytes >= HISTORY_PAGE_BYTES_MAX
    }

    fn is_over(&self) -> bool {
        self.events.len() > self.window.max
            || (self.events.len() > 1 && self.bytes > HISTORY_PAGE_BYTES_MAX)
    }
}

/// Leaves out what an execution was given and what it gave; names, errors and causes stay.
fn without_data(wire: &mut Value) {
    let Value::Object(members) = wire else {
        return;
    };
    for details in members.values_mut() {
        if let Value::Object(details) = details {
            for name in ["input", "output", "parameters", "assignedVariables"] {
                details.remove(name);
            }
        }
    }
}

/// Bytes of text in a value: nearly all of what an event takes on the wire.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_bytes).sum(),
        Value::Object(members) => members.values().map(text_bytes).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests;
