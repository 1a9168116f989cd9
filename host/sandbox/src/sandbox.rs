//! The public face: make a sandbox, compile a component, invoke it.

use std::sync::Arc;

use wasmtime::component::Linker;

use crate::cache::Cache;
use crate::compile::{Compiler, Function};
use crate::profile::Profile;
use crate::state::State;
use crate::ticker::Ticker;
use crate::{Call, CompileError, Config, Error, Grants, Report, hostcalls, invoke, wasi};

/// A sandbox. Cheap to clone; all clones are the same one. Its thread and its
/// pools go away when the last clone and the last function it compiled are gone.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    config: Config,
    small: Linker<State>,
    large: Linker<State>,
    cache: Cache,
    ticker: Arc<Ticker>,
}

impl Sandbox {
    /// Reserves the pools and starts the epoch thread. Takes a few milliseconds.
    ///
    /// # Errors
    /// When the address space or the thread cannot be had.
    pub fn new(config: Config) -> Result<Sandbox, Error> {
        let small = Profile::Small.engine(config.small_slots)?;
        let large = Profile::Large.engine(config.large_slots)?;
        let ticker = Ticker::start(vec![small.clone(), large.clone()], config.epoch_tick_ms)?;
        Ok(Sandbox(Arc::new(Inner {
            config,
            small: linker(&small)?,
            large: linker(&large)?,
            cache: Cache::new(config.compiled_bytes),
            ticker: Arc::new(ticker),
        })))
    }

    /// Compiles and checks a component. Blocks for milliseconds (a small Rust
    /// task) to seconds (an interpreter), unless the same bytes were compiled
    /// before. `name` is for messages.
    ///
    /// # Errors
    /// Each refusal names the import or export that is wrong and what to do.
    pub fn compile(
        &self,
        name: &str,
        bytes: &[u8],
        grants: &Grants,
    ) -> Result<Function, CompileError> {
        let inner = &*self.0;
        Compiler {
            limit_bytes: inner.config.component_bytes,
            cache: &inner.cache,
            ticker: &inner.ticker,
            linker: &|profile| match profile {
                Profile::Small => &inner.small,
                Profile::Large => &inner.large,
            },
        }
        .compile(name, bytes, grants)
    }

    /// Runs one invocation to its end in a fresh instance, on the engine that
    /// compiled the function.
    ///
    /// Never fails: what goes wrong is in the report. The future yields at each
    /// epoch tick, so that many spinning guests share a thread; dropping it ends
    /// the guest. Needs a tokio runtime with its timer enabled, because a guest
    /// may wait on a clock.
    pub async fn invoke(&self, function: &Function, call: Call) -> Report {
        invoke::invoke(function, call).await
    }
}

fn linker(engine: &wasmtime::Engine) -> Result<Linker<State>, Error> {
    let mut linker = Linker::new(engine);
    hostcalls::add_to_linker(&mut linker)
        .and_then(|()| wasi::add_to_linker(&mut linker))
        .map_err(|error| Error::Engine {
            message: format!("{error:#}"),
        })?;
    Ok(linker)
}
