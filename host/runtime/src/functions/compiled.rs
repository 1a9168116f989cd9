//! Machine code of uploaded components, by digest, bounded in bytes. Compiled once however many ask at
//! the same time; after a restart, when it is first needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use sandbox::{Function, Grants};
use tokio::sync::{OnceCell, Semaphore};

use super::Functions;
use super::error::FunctionError;
use crate::limits::{COMPILATIONS_MAX, COMPILED_BYTES_MAX};
use crate::lock::locked;

pub(super) struct Compiled {
    state: Mutex<State>,
    limit_bytes: u64,
    /// Compilations that may go on at once.
    compilers: Arc<Semaphore>,
}

#[derive(Default)]
struct State {
    slots: HashMap<Arc<str>, Slot>,
    clock: u64,
}

struct Slot {
    function: Arc<OnceCell<Function>>,
    used: u64,
}

impl Default for Compiled {
    fn default() -> Compiled {
        Compiled {
            state: Mutex::default(),
            limit_bytes: COMPILED_BYTES_MAX,
            compilers: Arc::new(Semaphore::new(COMPILATIONS_MAX)),
        }
    }
}

impl Compiled {
    /// The slot of a component; it may be empty.
    fn slot(&self, digest: &str) -> Arc<OnceCell<Function>> {
        let mut state = locked(&self.state);
        state.clock += 1;
        let used = state.clock;
        if let Some(slot) = state.slots.get_mut(digest) {
            slot.used = used;
            return slot.function.clone();
        }
        let function = Arc::new(OnceCell::new());
        let slot = Slot {
            function: function.clone(),
            used,
        };
        state.slots.insert(digest.into(), slot);
        function
    }

    /// Lets the least recently used ones go until the rest fits. What runs keeps its code.
    fn fit(&self) {
        let mut state = locked(&self.state);
        let bytes_of = |slot: &Slot| slot.function.get().map_or(0, Function::code_bytes);
        let mut bytes: u64 = state.slots.values().map(bytes_of).sum();
        while bytes > self.limit_bytes && state.slots.len() > 1 {
            let oldest = state.slots.iter().min_by_key(|(_, slot)| slot.used);
            let Some(digest) = oldest.map(|(digest, _)| digest.clone()) else {
                return;
            };
            if let Some(slot) = state.slots.remove(&digest) {
                bytes = bytes.saturating_sub(bytes_of(&slot));
            }
        }
    }

    /// A component that was refused, or whose compilation was given up, leaves no slot behind.
    fn drop_empty(&self, digest: &str) {
        let mut state = locked(&self.state);
        if let Some(slot) = state.slots.get(digest)
            && slot.function.get().is_none()
            && Arc::strong_count(&slot.function) <= 2
        {
            state.slots.remove(digest);
        }
    }
}

impl Functions {
    /// The machine code of a stored component.
    pub(super) async fn compiled(
        &self,
        name: &str,
        digest: &str,
    ) -> Result<Function, FunctionError> {
        self.compile_with(name, digest, || {
            let component = self.0.shelf.component(digest)?;
            component.ok_or_else(|| {
                FunctionError::Internal(format!("the component {digest} is not stored"))
            })
        })
        .await
    }

    /// Compiles and checks a component that was uploaded.
    ///
    /// # Errors
    /// [`FunctionError::Invalid`] names what is wrong with it.
    pub(super) async fn compile(
        &self,
        name: &str,
        digest: &str,
        component: &Arc<[u8]>,
    ) -> Result<Function, FunctionError> {
        self.compile_with(name, digest, || Ok(component.clone()))
            .await
    }

    async fn compile_with(
        &self,
        name: &str,
        digest: &str,
        component: impl FnOnce() -> Result<Arc<[u8]>, FunctionError>,
    ) -> Result<Function, FunctionError> {
        let slot = self.0.compiled.slot(digest);
        if let Some(function) = slot.get() {
            return Ok(function.clone());
        }
        let compiling = slot.get_or_try_init(|| async {
            let compilers = self.0.compiled.compilers.clone();
            let permit = compilers.acquire_owned().await;
            let component = component()?;
            let (sandbox, name) = (self.0.sandbox.clone(), name.to_owned());
            let compiled = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                sandbox.compile(&name, &component, &Grants::default())
            });
            match compiled.await {
                Ok(compiled) => compiled.map_err(|error| FunctionError::Invalid(error.to_string())),
                Err(_) => Err(FunctionError::Internal("the compiler stopped".to_owned())),
            }
        });
        let compiled = compiling.await.cloned();
        match &compiled {
            Ok(_) => self.0.compiled.fit(),
            Err(_) => self.0.compiled.drop_empty(digest),
        }
        compiled
    }
}
