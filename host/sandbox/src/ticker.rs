//! The thread that moves the epoch of the engines on, so that running guests
//! look up. One per sandbox; it ends when the sandbox does.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// The running ticker. Dropping it stops the thread and waits for it.
pub(crate) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts to tick the engines every `tick_ms` milliseconds, at least 1.
    pub(crate) fn start(engines: Vec<Engine>, tick_ms: u64) -> io::Result<Ticker> {
        let tick = Duration::from_millis(tick_ms.max(1));
        let (stop, stopped) = sync_channel::<()>(0);
        let thread = Builder::new()
            .name("stepwell-epoch".to_owned())
            .spawn(move || {
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(tick) {
                    for engine in &engines {
                        engine.increment_epoch();
                    }
                }
            })?;
        Ok(Ticker {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was printed by it; there is nothing to add.
            let _ = thread.join();
        }
    }
}
