//! The suite that every store has to pass: [`check`]. Each function is one promise of the trait; it
//! panics with the promise that was broken, as a test does.
//!
//! Histories are written out as data: a store knows nothing of what events mean, and neither has its
//! suite to.

mod data;
mod ends;
mod reads;
mod records;
mod writes;

use crate::store::Store;

/// Runs the whole suite. `fresh` opens an empty store each time it is called.
///
/// # Panics
/// When the store breaks a promise.
pub fn check<S: Store>(mut fresh: impl FnMut() -> S) {
    writes::committed_events_are_read_back_in_order(&fresh());
    writes::a_range_of_events_is_read_across_commits(&fresh());
    writes::a_commit_that_expects_another_sequence_number_is_fenced(&fresh());
    writes::events_that_leave_a_gap_are_refused(&fresh());
    writes::a_name_is_claimed_once(&fresh());
    writes::a_refused_transition_leaves_its_neighbours_alone(&fresh());
    writes::two_transitions_of_one_execution_follow_each_other_in_a_group(&fresh());
    writes::an_older_epoch_writes_nothing(&fresh());
    writes::another_shard_cannot_write_the_execution(&fresh());
    reads::the_snapshot_and_the_events_after_it_give_the_fold(&fresh());
    reads::timers_are_set_replaced_removed_and_read_by_time(&fresh());
    reads::an_ended_execution_has_no_timers_and_does_not_run(&fresh());
    reads::running_executions_are_paged_by_shard(&fresh());
    reads::executions_are_listed_newest_first(&fresh());
    reads::what_was_never_written_is_not_there(&fresh());
    ends::executions_that_ended_before_a_moment_are_forgotten(&fresh());
    ends::nothing_is_left_of_what_was_forgotten(&fresh());
    ends::an_execution_that_is_redriven_runs_again(&fresh());
    ends::an_execution_may_be_redriven_and_end_in_one_transition(&fresh());
    ends::lists_show_what_is_asked_for(&fresh());
    ends::a_cursor_outlives_its_execution(&fresh());
    records::a_record_is_read_as_it_was_written(&fresh());
    records::a_record_is_written_only_over_what_its_writer_believes(&fresh());
    records::a_revision_is_never_used_again(&fresh());
    records::a_batch_is_written_whole_or_not_at_all(&fresh());
    records::a_refused_batch_leaves_its_neighbours_alone(&fresh());
    records::scans_read_records_in_the_order_of_their_keys(&fresh());
    records::records_are_removed_by_prefix(&fresh());
}
