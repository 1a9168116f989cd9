//! What can be received from a queue, and when: the index in memory, over records that hold the same.
//! It does no I/O and reads no clock.
//!
//! The one idea: a message *stands* somewhere, and while a write about it is under way it stands nowhere
//! anybody else can take it from. So the writes about one message are in order, and what the index says
//! is what the store holds, or will hold once its writer is done.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use engine::Timestamp;

use super::message::Slot;

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is being stored for the first time. Later ones of its group wait for it.
    Arriving,
    /// It can be received.
    Ready,
    /// It can be received from its `visible_at` on, and was never received.
    Delayed,
    /// Somebody received it and has until its `visible_at`.
    InFlight,
    /// A write about it is under way.
    Busy,
}

/// The messages of one queue.
#[derive(Debug, Default)]
pub(super) struct Index {
    fifo: bool,
    messages: BTreeMap<u64, Entry>,
    /// What can be received; of a FIFO queue the first of each group that nobody works on.
    ready: BTreeSet<u64>,
    /// What becomes ready by itself.
    waiting: BTreeSet<(Timestamp, u64)>,
    by_age: BTreeSet<(Timestamp, u64)>,
    groups: HashMap<Arc<str>, Group>,
    counts: Counts,
    bytes: u64,
}

#[derive(Debug)]
struct Entry {
    slot: Slot,
    standing: Standing,
}

/// The messages of a group of a FIFO queue, in order.
#[derive(Debug, Default)]
struct Group {
    members: BTreeSet<u64>,
    /// How many of them somebody works on: the others wait.
    locks: usize,
    head: Option<u64>,
}

/// How many messages stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) visible: usize,
    pub(super) in_flight: usize,
    pub(super) delayed: usize,
}

impl Index {
    pub(super) fn new(fifo: bool) -> Index {
        Index {
            fifo,
            ..Index::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.fifo
    }

    /// The last number that a message has; 0 without messages.
    pub(super) fn last_number(&self) -> u64 {
        self.messages.keys().next_back().copied().unwrap_or(0)
    }

    /// Where the message stands, and what is known of it.
    pub(super) fn get(&self, number: u64) -> Option<(Standing, &Slot)> {
        let entry = self.messages.get(&number)?;
        Some((entry.standing, &entry.slot))
    }

    /// Takes a message in. Its number is a new one.
    pub(super) fn insert(&mut self, number: u64, slot: Slot, standing: Standing) {
        self.bytes = self.bytes.saturating_add(slot.bytes);
        self.by_age.insert((slot.sent_at, number));
        if let Some(name) = self.group_of(&slot) {
            let group = self.groups.entry(name).or_default();
            group.members.insert(number);
        }
        let entry = Entry { slot, standing };
        self.messages.insert(number, entry);
        self.arrive(number);
    }

    /// Lets a message go for good.
    pub(super) fn remove(&mut self, number: u64) -> Option<Slot> {
        self.depart(number);
        let entry = self.messages.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(entry.slot.bytes);
        self.by_age.remove(&(entry.slot.sent_at, number));
        if let Some(name) = self.group_of(&entry.slot)
            && let Some(group) = self.groups.get_mut(&name)
        {
            group.members.remove(&number);
            if group.members.is_empty() {
                self.groups.remove(&name);
            } else {
                self.refresh(&name);
            }
        }
        Some(entry.slot)
    }

    /// Moves a message.
    pub(super) fn stand(&mut self, number: u64, standing: Standing) {
        self.depart(number);
        if let Some(entry) = self.messages.get_mut(&number) {
            entry.standing = standing;
        }
        self.arrive(number);
    }

    /// Moves a message, and says what is now known of it.
    pub(super) fn update(&mut self, number: u64, slot: Slot, standing: Standing) {
        self.depart(number);
        if let Some(entry) = self.messages.get_mut(&number) {
            entry.slot = slot;
            entry.standing = standing;
        }
        self.arrive(number);
    }

    /// Makes ready what is due.
    pub(super) fn wake(&mut self, now: Timestamp) {
        while let Some((at, number)) = self.waiting.first().copied()
            && at <= now
        {
            self.stand(number, Standing::Ready);
        }
    }

    /// When something becomes ready by itself.
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(at, _)| *at)
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Takes up to `max` messages that can be received, in order: they are busy now. Of a FIFO queue as
    /// many as possible of one group before the next.
    pub(super) fn take(&mut self, max: usize) -> Vec<(u64, Slot)> {
        let mut taken = Vec::new();
        while taken.len() < max
            && let Some(head) = self.ready.first().copied()
        {
            for number in self.run_from(head, max - taken.len()) {
                if let Some(entry) = self.messages.get(&number) {
                    taken.push((number, entry.slot.clone()));
                }
                self.stand(number, Standing::Busy);
            }
        }
        taken
    }

    /// Up to `max` messages that were sent before `before`, oldest first, and that no write is under way
    /// about.
    pub(super) fn sent_before(&self, before: Timestamp, max: usize) -> Vec<u64> {
        self.by_age
            .iter()
            .take_while(|(sent_at, _)| *sent_at < before)
            .map(|(_, number)| *number)
            .filter(|number| self.is_settled(*number))
            .take(max)
            .collect()
    }

    /// Up to `max` messages with a number below this, and whether there are others, busy ones, too.
    pub(super) fn below(&self, number: u64, max: usize) -> (Vec<u64>, bool) {
        let mut busy = false;
        let mut found = Vec::new();
        for number in self.messages.range(..number).map(|(number, _)| *number) {
            if found.len() == max {
                break;
            }
            if self.is_settled(number) {
                found.push(number);
            } else {
                busy = true;
            }
        }
        (found, busy)
    }

    fn is_settled(&self, number: u64) -> bool {
        self.messages
            .get(&number)
            .is_some_and(|entry| !matches!(entry.standing, Standing::Busy | Standing::Arriving))
    }

    /// The message and those that follow it at once: of its group, all ready.
    fn run_from(&self, head: u64, max: usize) -> Vec<u64> {
        let group = self
            .messages
            .get(&head)
            .and_then(|entry| self.group_of(&entry.slot));
        let Some(group) = group.and_then(|name| self.groups.get(&name)) else {
            return vec![head];
        };
        let is_ready = |number: &u64| {
            let entry = self.messages.get(number);
            entry.is_some_and(|entry| entry.standing == Standing::Ready)
        };
        let members = group.members.range(head..).copied();
        members.take_while(is_ready).take(max).collect()
    }

    fn group_of(&self, slot: &Slot) -> Option<Arc<str>> {
        slot.group.clone().filter(|_| self.fifo)
    }

    /// Takes the message out of every set that its standing put it in.
    fn depart(&mut self, number: u64) {
        let Some(entry) = self.messages.get(&number) else {
            return;
        };
        let (standing, at) = (entry.standing, entry.slot.visible_at);
        let group = self.group_of(&entry.slot);
        match standing {
            Standing::Arriving => {}
            Standing::Ready => self.counts.visible = self.counts.visible.saturating_sub(1),
            Standing::Delayed => self.counts.delayed = self.counts.delayed.saturating_sub(1),
            Standing::InFlight | Standing::Busy => {
                self.counts.in_flight = self.counts.in_flight.saturating_sub(1);
            }
        }
        self.ready.remove(&number);
        self.waiting.remove(&(at, number));
        if let Some(name) = group
            && let Some(group) = self.groups.get_mut(&name)
            && matches!(standing, Standing::InFlight | Standing::Busy)
        {
            group.locks = group.locks.saturating_sub(1);
        }
    }

    /// The opposite of [`Index::depart`].
    fn arrive(&mut self, number: u64) {
        let Some(entry) = self.messages.get(&number) else {
            return;
        };
        let (standing, at) = (entry.standing, entry.slot.visible_at);
        let group = self.group_of(&entry.slot);
        match standing {
            Standing::Arriving => {}
            Standing::Ready => {
                self.counts.visible += 1;
                if group.is_none() {
                    self.ready.insert(number);
                }
            }
            Standing::Delayed => self.counts.delayed += 1,
            Standing::InFlight | Standing::Busy => self.counts.in_flight += 1,
        }
        if matches!(standing, Standing::Delayed | Standing::InFlight) {
            self.waiting.insert((at, number));
        }
        if let Some(name) = group {
            if let Some(group) = self.groups.get_mut(&name)
                && matches!(standing, Standing::InFlight | Standing::Busy)
            {
                group.locks += 1;
            }
            self.refresh(&name);
        }
    }

    /// Sees whether the first of a group can be received.
    fn refresh(&mut self, name: &Arc<str>) {
        let Some(group) = self.groups.get_mut(name) else {
            return;
        };
        let first = group.members.first().copied();
        let head = first.filter(|number| {
            let entry = self.messages.get(number);
            group.locks == 0 && entry.is_some_and(|entry| entry.standing == Standing::Ready)
        });
        if let Some(before) = std::mem::replace(&mut group.head, head) {
            self.ready.remove(&before);
        }
        if let Some(head) = head {
            self.ready.insert(head);
        }
    }
}
