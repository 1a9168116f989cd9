//! What is checked and what came of it.

use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sfn::operation::RequestId;

/// A step has failed that the rest of its story stands on.
#[derive(Debug)]
pub struct Stopped;

/// What a story needs to go on.
pub type Step<T = ()> = Result<T, Stopped>;

/// All checks.
#[derive(Default)]
pub struct Report(Arc<Mutex<Counted>>);

#[derive(Default)]
struct Counted {
    passed: usize,
    failed: Vec<String>,
}

/// The checks of one service.
#[derive(Clone)]
pub struct Checks {
    service: &'static str,
    counted: Arc<Mutex<Counted>>,
}

impl Report {
    pub fn of(&self, service: &'static str) -> Checks {
        Checks {
            service,
            counted: self.0.clone(),
        }
    }

    /// Says what came of them.
    pub fn end(&self) -> ExitCode {
        let counted = self.0.lock().unwrap();
        println!("{} passed, {} failed", counted.passed, counted.failed.len());
        for line in &counted.failed {
            println!("{line}");
        }
        match counted.failed.len() {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

impl Checks {
    /// Something is as it should be.
    pub fn holds(&self, operation: &str, what: &str, holds: bool) {
        let result = if holds { Ok(()) } else { Err("it is not so") };
        self.tell(operation, what, result);
    }

    /// Two things are the same.
    pub fn equal<T: PartialEq<U> + Debug, U: Debug>(
        &self,
        operation: &str,
        what: &str,
        found: T,
        wanted: U,
    ) {
        let result = if found == wanted {
            Ok(())
        } else {
            Err(format!("{found:?} instead of {wanted:?}"))
        };
        self.tell(operation, what, result);
    }

    /// A call has succeeded, and its answer has an id.
    pub fn success<T: RequestId, E: Debug>(
        &self,
        operation: &str,
        result: Result<T, SdkError<E>>,
    ) -> Step<T> {
        let result = result.map_err(|error| format!("{error:?}"));
        let told = match &result {
            Ok(answer) if answer.request_id().is_none() => Err("no request id"),
            Ok(_) => Ok(()),
            Err(text) => Err(text.as_str()),
        };
        self.tell(operation, "success", told);
        result.map_err(|_| Stopped)
    }

    /// A call, or the pages or the waiter over it, has succeeded.
    pub fn done<T, E: Debug>(&self, operation: &str, what: &str, result: Result<T, E>) -> Step<T> {
        let result = result.map_err(|error| format!("{error:?}"));
        self.tell(operation, what, result.as_ref().map(|_| ()));
        result.map_err(|_| Stopped)
    }

    /// A call was refused with this type of error, which has a text and an id. `error` is the name of the enum of
    /// the operation's errors.
    pub fn refused<T: Debug, E>(
        &self,
        error: &str,
        variant: &str,
        result: Result<T, SdkError<E>>,
        is_it: impl Fn(&E) -> bool,
    ) where
        E: ProvideErrorMetadata + Debug,
    {
        let operation = error.strip_suffix("Error").unwrap_or(error);
        let told = match &result {
            Err(refusal) if refusal.as_service_error().is_some_and(is_it) => described(refusal),
            other => Err(format!("{other:?}")),
        };
        self.tell(operation, variant, told);
    }

    /// A call was refused with a code that the model of the operation has no type for.
    pub fn code<T: Debug, E>(&self, operation: &str, code: &str, result: Result<T, SdkError<E>>)
    where
        E: ProvideErrorMetadata + Debug,
    {
        let told = match &result {
            Err(refusal) if refusal.code() == Some(code) => described(refusal),
            other => Err(format!("{other:?}")),
        };
        self.tell(operation, code, told);
    }

    fn tell<E: AsRef<str>>(&self, operation: &str, what: &str, result: Result<(), E>) {
        let service = self.service;
        let mut counted = self.counted.lock().unwrap();
        match result {
            Ok(()) => {
                println!("ok {service} {operation} {what}");
                counted.passed += 1;
            }
            Err(why) => {
                let line = format!("FAILED {service} {operation} {what}: {}", why.as_ref());
                println!("{line}");
                counted.failed.push(line);
            }
        }
    }
}

fn described<E: ProvideErrorMetadata>(refusal: &SdkError<E>) -> Result<(), String> {
    if refusal.message().is_none_or(str::is_empty) {
        return Err("no message".to_owned());
    }
    if refusal.request_id().is_none() {
        return Err("no request id".to_owned());
    }
    Ok(())
}

/// The call is refused with this variant of its operation's errors.
macro_rules! refused {
    ($checks:expr, $error:ident :: $variant:ident, $call:expr) => {
        $checks.refused(
            stringify!($error),
            stringify!($variant),
            $call.send().await,
            |error| matches!(error, $error::$variant(_)),
        )
    };
}

/// The call succeeds.
macro_rules! success {
    ($checks:expr, $operation:ident, $call:expr) => {
        $checks.success(stringify!($operation), $call.send().await)?
    };
}

pub(crate) use {refused, success};
