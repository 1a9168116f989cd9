//! The timer thread: wakes the shard when it asked to be woken. With a skipping clock it jumps there
//! as soon as nothing else is going on.

use std::sync::{Arc, Condvar, Mutex, Weak};
use std::time::Duration;

use engine::Timestamp;

use crate::clock::Clock;
use crate::lock::locked;
use crate::shell::Shell;

/// When to wake the shard.
#[derive(Default)]
pub(crate) struct Alarm {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    wake_at: Option<Timestamp>,
    closed: bool,
}

impl Alarm {
    pub(crate) fn set(&self, wake_at: Option<Timestamp>) {
        let mut state = locked(&self.state);
        let sooner = wake_at.is_some_and(|at| state.wake_at.is_none_or(|before| at < before));
        state.wake_at = wake_at;
        // A later time needs no wake-up: the thread looks again when the earlier one has come.
        if sooner {
            self.changed.notify_one();
        }
    }

    /// Something that a skipping clock waited for has come to its end.
    pub(crate) fn nudge(&self) {
        drop(locked(&self.state));
        self.changed.notify_one();
    }

    pub(crate) fn close(&self) {
        locked(&self.state).closed = true;
        self.changed.notify_one();
    }

    /// Waits until the time has come; `false` once closed.
    fn wait(&self, clock: &Clock, is_idle: impl Fn() -> bool) -> bool {
        let mut state = locked(&self.state);
        loop {
            if state.closed {
                return false;
            }
            let Some(at) = state.wake_at else {
                state = match self.changed.wait(state) {
                    Ok(state) => state,
                    Err(poisoned) => poisoned.into_inner(),
                };
                continue;
            };
            if clock.skips() && is_idle() {
                clock.skip_to(at);
            }
            let left = at.micros_since(clock.now());
            if left == 0 {
                state.wake_at = None;
                return true;
            }
            state = match self
                .changed
                .wait_timeout(state, Duration::from_micros(left))
            {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

/// Starts the thread. It ends when the alarm is closed.
pub(crate) fn start(
    alarm: Arc<Alarm>,
    clock: Clock,
    shell: Weak<Shell>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new()
        .name(String::from("timer"))
        .spawn(move || {
            let is_idle = || shell.upgrade().is_none_or(|shell| shell.is_idle());
            while alarm.wait(&clock, is_idle) {
                let Some(shell) = shell.upgrade() else { return };
                shell.input(shard::Input::Wake);
            }
        })
}
