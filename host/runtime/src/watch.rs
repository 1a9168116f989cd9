//! The durable progress of one execution, for whoever waits for it. What happened is read from the
//! store; here is only how far it got, so that a slow reader loses nothing. The end has a line of its
//! own: who waits only for that is not woken by everything before it.

use engine::{Outcome, Status};
use tokio::sync::watch;

/// How far an execution is, durably.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Sequence number of the last durable event.
    pub seq: u64,
    /// How it ended, once it has.
    pub ended: Option<(Status, Outcome)>,
}

/// Watches one execution.
#[derive(Clone, Debug)]
pub struct Watch {
    seq: watch::Receiver<u64>,
    ended: watch::Receiver<Option<(Status, Outcome)>>,
}

impl Watch {
    /// The progress as of now.
    pub fn progress(&mut self) -> Progress {
        // The end is read first: it is told after the last number, so that an end which is seen
        // comes with the number of its event.
        let ended = self.ended.borrow().clone();
        let seq = *self.seq.borrow_and_update();
        Progress { seq, ended }
    }

    /// Waits until there is progress that [`Watch::progress`] has not shown. `false`: there will be
    /// none any more, the execution is over or its runtime is gone.
    pub async fn changed(&mut self) -> bool {
        self.seq.changed().await.is_ok()
    }

    /// Waits for the end. `None`: the runtime was shut down first.
    pub async fn ended(&mut self) -> Option<(Status, Outcome)> {
        // An error says that nobody tells any more; the last word may still be the end.
        let _ = self.ended.wait_for(Option::is_some).await;
        self.ended.borrow().clone()
    }
}

/// The side that tells.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    seq: watch::Sender<u64>,
    ended: watch::Sender<Option<(Status, Outcome)>>,
}

impl Reports {
    pub(crate) fn subscribe(&self) -> Watch {
        Watch {
            seq: self.seq.subscribe(),
            ended: self.ended.subscribe(),
        }
    }

    pub(crate) fn reached(&self, seq: u64) {
        self.seq.send_replace(seq);
    }

    /// The last thing that is told.
    pub(crate) fn end(self, status: Status, outcome: Outcome) {
        self.ended.send_replace(Some((status, outcome)));
    }

    /// Nobody listens, and there was nothing to hear.
    pub(crate) fn is_unused(&self) -> bool {
        self.seq.receiver_count() == 0 && *self.seq.borrow() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_that_is_seen_comes_with_its_number() {
        let reports = Reports::default();
        let mut watch = reports.subscribe();
        assert_eq!(watch.progress(), Progress::default());
        reports.reached(5);
        assert!(watch.changed().await);
        assert_eq!(watch.progress().seq, 5);
        reports.reached(9);
        reports.end(Status::Aborted, Outcome::Output(expr::Data::empty_object()));
        assert_eq!(
            watch.ended().await.map(|(status, _)| status),
            Some(Status::Aborted)
        );
        assert_eq!(watch.progress().seq, 9);
        assert!(!watch.changed().await);
    }

    #[tokio::test]
    async fn a_runtime_that_goes_away_ends_the_waiting() {
        let reports = Reports::default();
        let mut watch = reports.subscribe();
        drop(reports);
        assert_eq!(watch.ended().await, None);
        assert!(!watch.changed().await);
    }
}
