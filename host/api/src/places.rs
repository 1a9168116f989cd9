//! Where each frame of an execution stands, followed event by event: which state it is in, and whose
//! branch or iteration it is.
//!
//! The engine's own state knows this and does not tell, because it is about what is next, not about
//! what a reader of the history wants to know. Frames are numbered in the order in which they begin,
//! so that a reader of the events can count along.

use std::collections::BTreeMap;

use asl::{StateId, StateMachine};
use engine::{Event, EventKind, FrameId};

/// The frames of one execution.
#[derive(Clone, Debug, Default)]
pub struct Places {
    frames: BTreeMap<FrameId, Place>,
    next_frame: u64,
}

#[derive(Clone, Debug, Default)]
struct Place {
    state: Option<StateId>,
    parent: Option<(FrameId, Child)>,
}

/// How a frame belongs to the Parallel or Map around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// A branch of a Parallel, by its number from 0.
    Branch(u64),
    /// An iteration of a Map, by its number from 0.
    Iteration(u64),
}

impl Child {
    /// Its number, from 0.
    pub fn index(self) -> u64 {
        match self {
            Child::Branch(index) | Child::Iteration(index) => index,
        }
    }
}

impl Places {
    /// No frames: nothing has happened yet.
    pub fn new() -> Places {
        Places::default()
    }

    /// Takes the next event. The events of an execution must come in order, from its first one.
    pub fn follow(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ExecutionStarted { .. } => self.add(None),
            EventKind::StateEntered { state, .. } => {
                if let Some(place) = self.frames.get_mut(&event.frame) {
                    place.state = Some(*state);
                }
            }
            EventKind::ParallelStarted { branches, .. } => {
                for (index, _) in (0..).zip(branches) {
                    self.add(Some((event.frame, Child::Branch(index))));
                }
            }
            EventKind::IterationStarted { index, .. } => {
                self.add(Some((event.frame, Child::Iteration(*index))));
            }
            _ => {}
        }
    }

    /// Forgets a frame that has joined its parent, once nobody asks for it any more.
    pub fn forget(&mut self, frame: FrameId) {
        self.frames.remove(&frame);
    }

    /// The state that the frame is in, or was in last.
    pub fn state(&self, frame: FrameId) -> Option<StateId> {
        self.frames.get(&frame)?.state
    }

    /// The frame around this one, and how this one belongs to it; `None` for the top level.
    pub fn parent(&self, frame: FrameId) -> Option<(FrameId, Child)> {
        self.frames.get(&frame)?.parent
    }

    /// The Parallels and Maps around a frame, from the outside in: name and number of the branch or
    /// iteration. Empty for the top level.
    pub fn path<'a>(&self, frame: FrameId, machine: &'a StateMachine) -> Vec<(&'a str, Child)> {
        let mut path = Vec::new();
        let mut at = frame;
        while let Some((parent, child)) = self.parent(at) {
            let state = self.state(parent).and_then(|id| machine.state(id));
            path.push((state.map_or("?", |state| &*state.name), child));
            at = parent;
        }
        path.reverse();
        path
    }

    fn add(&mut self, parent: Option<(FrameId, Child)>) {
        let place = Place {
            state: None,
            parent,
        };
        self.frames.insert(FrameId(self.next_frame), place);
        self.next_frame += 1;
    }
}
