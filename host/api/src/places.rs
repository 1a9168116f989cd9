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

#[cfg(test)]
mod tests {
    use engine::{HistoryLink, Place, Timestamp};
    use expr::Data;

    use super::*;

    const DEFINITION: &str = r#"{
        "StartAt": "All",
        "States": {"All": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "End": true}}},
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
                "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}}}}
        ]}}
    }"#;

    fn machine() -> StateMachine {
        let parsed = asl::parse(DEFINITION, source::Format::Json);
        parsed.machine.unwrap()
    }

    fn id_of(machine: &StateMachine, name: &str) -> StateId {
        let mut states = machine.states.iter();
        states.find(|state| &*state.name == name).unwrap().id
    }

    fn follow(places: &mut Places, frame: u64, kind: EventKind) {
        places.follow(&Event {
            seq: 1,
            at: Timestamp(0),
            history: Some(HistoryLink { id: 1, previous: 0 }),
            frame: FrameId(frame),
            kind,
        });
    }

    fn enter(places: &mut Places, frame: u64, state: StateId) {
        let input = Data::empty_object();
        follow(places, frame, EventKind::StateEntered { state, input });
    }

    fn place(start_at: StateId) -> Place {
        Place {
            scope: asl::ScopeId(0),
            start_at,
        }
    }

    /// The frames are 0: the top level; 1, 2: the branches; 3, 4: two iterations in the second one.
    fn nested(machine: &StateMachine) -> Places {
        let id = |name| id_of(machine, name);
        let mut places = Places::new();
        places.add(None);
        enter(&mut places, 0, id("All"));
        let parallel = EventKind::ParallelStarted {
            input: Data::empty_object(),
            branches: vec![place(id("Left")), place(id("Each"))],
        };
        follow(&mut places, 0, parallel);
        enter(&mut places, 1, id("Left"));
        enter(&mut places, 2, id("Each"));
        for index in 0..2 {
            let iteration = EventKind::IterationStarted {
                index,
                input: Data::empty_object(),
                place: place(id("One")),
            };
            follow(&mut places, 2, iteration);
        }
        enter(&mut places, 4, id("One"));
        places
    }

    #[test]
    fn a_path_names_what_is_around_a_frame_from_the_outside_in() {
        let machine = machine();
        let places = nested(&machine);
        let path = |frame| places.path(FrameId(frame), &machine);
        assert_eq!(path(0), []);
        assert_eq!(path(1), [("All", Child::Branch(0))]);
        let inner = [("All", Child::Branch(1)), ("Each", Child::Iteration(1))];
        assert_eq!(path(4), inner);
        assert_eq!(path(99), []);
    }

    #[test]
    fn a_frame_is_in_the_state_it_entered_last() {
        let machine = machine();
        let places = nested(&machine);
        assert_eq!(places.state(FrameId(4)), Some(id_of(&machine, "One")));
        assert_eq!(places.state(FrameId(3)), None, "not entered yet");
        assert_eq!(places.state(FrameId(99)), None);
    }

    #[test]
    fn frames_that_are_forgotten_do_not_shift_the_numbers_of_later_ones() {
        let machine = machine();
        let mut places = nested(&machine);
        places.forget(FrameId(3));
        let iteration = EventKind::IterationStarted {
            index: 2,
            input: Data::empty_object(),
            place: place(id_of(&machine, "One")),
        };
        follow(&mut places, 2, iteration);
        let parent = places.parent(FrameId(5));
        assert_eq!(parent, Some((FrameId(2), Child::Iteration(2))));
        assert_eq!(places.parent(FrameId(3)), None);
        assert_eq!(Child::Iteration(2).index(), 2);
    }
}
