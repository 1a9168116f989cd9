//! Who may run now: a bound on guests, on their memory together, and on those of one function. Whoever
//! may not, waits, bounded in number and time, and is throttled then.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::error::{FunctionError, Throttle};
use crate::limits;
use crate::lock::locked;

/// The door.
pub(super) struct Admission {
    guests: Arc<Semaphore>,
    /// One permit for each megabyte of `MemorySize`.
    memory: Arc<Semaphore>,
    memory_megabytes: u32,
    waiting: AtomicUsize,
    waiting_max: usize,
    wait: Duration,
    running: Arc<Mutex<HashMap<Arc<str>, u32>>>,
}

/// The right to run, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    _guest: OwnedSemaphorePermit,
    _memory: OwnedSemaphorePermit,
    _counted: Counted,
}

/// One of those that run of a function.
#[derive(Debug)]
struct Counted {
    name: Arc<str>,
    running: Arc<Mutex<HashMap<Arc<str>, u32>>>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut running = locked(&self.running);
        if let Some(count) = running.get_mut(&self.name) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(&self.name);
            }
        }
    }
}

/// One of those that wait.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Admission {
    pub(super) fn new(guests: u32, memory_megabytes: u32) -> Admission {
        Admission {
            guests: semaphore(guests),
            memory: semaphore(memory_megabytes),
            memory_megabytes,
            waiting: AtomicUsize::new(0),
            waiting_max: limits::INVOCATIONS_WAITING_MAX,
            wait: Duration::from_millis(limits::INVOCATION_WAIT_MS),
            running: Arc::default(),
        }
    }

    /// Lets one in. `reserved` is the function's own bound, which does not wait: as on AWS.
    ///
    /// # Errors
    /// [`FunctionError::Throttled`]; [`FunctionError::Cancelled`] when `is_cancelled` says so meanwhile.
    pub(super) async fn enter(
        &self,
        name: &Arc<str>,
        reserved: Option<u32>,
        memory_megabytes: u32,
        is_cancelled: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Permit, FunctionError> {
        let counted = self.count(name, reserved)?;
        // One that wants more than there is runs alone.
        let megabytes = memory_megabytes.min(self.memory_megabytes);
        if let Ok(guest) = self.guests.clone().try_acquire_owned()
            && let Ok(memory) = self.memory.clone().try_acquire_many_owned(megabytes)
        {
            return Ok(permit(guest, memory, counted));
        }
        let _waiting = self.queue_up()?;
        let entered = async {
            let guest = self.guests.clone().acquire_owned().await?;
            let memory = self.memory.clone().acquire_many_owned(megabytes).await?;
            Ok::<_, AcquireError>((guest, memory))
        };
        let mut entered = pin!(entered);
        let check = Duration::from_millis(limits::INVOCATION_WAIT_CHECK_MS);
        let watched = async {
            loop {
                match tokio::time::timeout(check, &mut entered).await {
                    Ok(done) => return done.map_err(|_| FunctionError::Cancelled),
                    Err(_) if is_cancelled() => return Err(FunctionError::Cancelled),
                    Err(_) => {}
                }
            }
        };
        match tokio::time::timeout(self.wait, watched).await {
            Ok(done) => done.map(|(guest, memory)| permit(guest, memory, counted)),
            Err(_) => Err(FunctionError::Throttled(Throttle::Concurrent)),
        }
    }

    fn count(&self, name: &Arc<str>, reserved: Option<u32>) -> Result<Counted, FunctionError> {
        let mut running = locked(&self.running);
        let count = running.get(name).copied().unwrap_or(0);
        if reserved.is_some_and(|reserved| count >= reserved) {
            return Err(FunctionError::Throttled(Throttle::Reserved));
        }
        running.insert(name.clone(), count.saturating_add(1));
        Ok(Counted {
            name: name.clone(),
            running: self.running.clone(),
        })
    }

    fn queue_up(&self) -> Result<Waiting<'_>, FunctionError> {
        let waiting = Waiting(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= self.waiting_max {
            return Err(FunctionError::Throttled(Throttle::Concurrent));
        }
        Ok(waiting)
    }
}

fn permit(guest: OwnedSemaphorePermit, memory: OwnedSemaphorePermit, counted: Counted) -> Permit {
    Permit {
        _guest: guest,
        _memory: memory,
        _counted: counted,
    }
}

fn semaphore(permits: u32) -> Arc<Semaphore> {
    let permits = usize::try_from(permits).unwrap_or(Semaphore::MAX_PERMITS);
    Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no() -> bool {
        false
    }

    fn small(waiting_max: usize, wait_ms: u64) -> Admission {
        Admission {
            waiting_max,
            wait: Duration::from_millis(wait_ms),
            ..Admission::new(2, 256)
        }
    }

    async fn enter(
        door: &Admission,
        reserved: Option<u32>,
        megabytes: u32,
    ) -> Result<Permit, FunctionError> {
        door.enter(&"pay".into(), reserved, megabytes, &no).await
    }

    const CONCURRENT: FunctionError = FunctionError::Throttled(Throttle::Concurrent);

    #[tokio::test]
    async fn guests_are_let_in_up_to_their_number() {
        let door = small(10, 1);
        let first = enter(&door, None, 1).await.unwrap();
        let _second = enter(&door, None, 1).await.unwrap();
        assert_eq!(enter(&door, None, 1).await.unwrap_err(), CONCURRENT);
        drop(first);
        assert!(enter(&door, None, 1).await.is_ok());
    }

    #[tokio::test]
    async fn guests_are_let_in_up_to_their_memory_and_a_large_one_alone() {
        let door = small(10, 1);
        let first = enter(&door, None, 128).await.unwrap();
        assert!(enter(&door, None, 128).await.is_ok());
        assert_eq!(enter(&door, None, 129).await.unwrap_err(), CONCURRENT);
        drop(first);
        assert!(enter(&door, None, 10_240).await.is_ok());
    }

    #[tokio::test]
    async fn a_function_is_held_to_its_reserved_concurrency_at_once() {
        let door = small(10, 60_000);
        let reserved = FunctionError::Throttled(Throttle::Reserved);
        assert_eq!(enter(&door, Some(0), 1).await.unwrap_err(), reserved);
        let first = enter(&door, Some(1), 1).await.unwrap();
        assert_eq!(enter(&door, Some(1), 1).await.unwrap_err(), reserved);
        assert!(enter(&door, None, 1).await.is_ok());
        drop(first);
        assert!(enter(&door, Some(1), 1).await.is_ok());
    }

    #[tokio::test]
    async fn one_that_waits_is_let_in_when_another_has_ended() {
        let door = Arc::new(small(1, 60_000));
        let held = enter(&door, None, 256).await.unwrap();
        let waiting = tokio::spawn({
            let door = door.clone();
            async move { enter(&door, None, 1).await.is_ok() }
        });
        while door.waiting.load(Ordering::Acquire) == 0 {
            tokio::task::yield_now().await;
        }
        // A second one finds the queue full.
        assert_eq!(enter(&door, None, 1).await.unwrap_err(), CONCURRENT);
        drop(held);
        assert!(waiting.await.unwrap());
        assert_eq!(door.waiting.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn one_that_is_cancelled_while_it_waits_goes_away() {
        let door = small(1, 60_000);
        let _held = enter(&door, None, 256).await.unwrap();
        let waiting = door.enter(&"pay".into(), None, 1, &|| true).await;
        assert_eq!(waiting.unwrap_err(), FunctionError::Cancelled);
        assert!(
            locked(&door.running)
                .get("pay")
                .is_some_and(|count| *count == 1)
        );
    }

    #[tokio::test]
    async fn a_dropped_invocation_gives_back_what_it_had() {
        let door = small(10, 60_000);
        let held = enter(&door, None, 256).await.unwrap();
        let waiting = enter(&door, None, 1);
        assert!(tokio::time::timeout(Duration::ZERO, waiting).await.is_err());
        drop(held);
        assert!(locked(&door.running).is_empty());
        assert!(enter(&door, None, 256).await.is_ok());
    }
}
