//! What every store asks of a transition before it looks at what is stored.

use engine::Transition;

/// Whether the transition is whole: it has events, without a gap after `expect_seq`, and its snapshot is
/// of the moment after the last of them.
pub(crate) fn is_whole(transition: &Transition) -> bool {
    let follows = (transition.expect_seq.saturating_add(1)..)
        .zip(transition.events.iter())
        .all(|(seq, event)| seq == event.seq);
    let fits = transition
        .snapshot
        .as_ref()
        .is_none_or(|snapshot| snapshot.seq() == transition.last_seq());
    follows && fits && !transition.events.is_empty()
}
