//! Without a host: a test says what the context answers and sees what the task told it.

use std::cell::RefCell;

use crate::Context;
use crate::context::Info;
use crate::log::Level;

/// A line that a task wrote through its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: Level,
    /// The text.
    pub message: String,
    /// The text of a JSON object, or nothing.
    pub fields: String,
}

/// What a context in a test answers, and what it was told.
#[derive(Debug, Default)]
pub(crate) struct Host {
    settings: TestContext,
    lines: RefCell<Vec<LogLine>>,
    beats: RefCell<Vec<Option<String>>>,
}

impl Host {
    pub(crate) fn info(&self) -> Info {
        self.settings.info.clone()
    }

    pub(crate) fn remaining_ms(&self) -> u64 {
        self.settings.remaining_ms
    }

    pub(crate) fn remaining_fuel(&self) -> u64 {
        self.settings.remaining_fuel
    }

    pub(crate) fn beat(&self, details: Option<&str>) -> bool {
        let mut beats = self.beats.borrow_mut();
        beats.push(details.map(str::to_owned));
        self.settings
            .cancelled_after
            .is_none_or(|proceeding| beats.len() <= proceeding)
    }

    pub(crate) fn log(&self, level: Level, message: &str, fields: &str) {
        log(level, message, fields);
        let (message, fields) = (message.to_owned(), fields.to_owned());
        self.lines.borrow_mut().push(LogLine {
            level,
            message,
            fields,
        });
    }
}

/// A line goes to standard error, where the test harness shows it when the test fails.
#[expect(
    clippy::print_stderr,
    reason = "only print macros are captured by the test harness"
)]
pub(crate) fn log(level: Level, message: &str, fields: &str) {
    eprintln!("{level:?} {message} {fields}");
}

impl Context {
    /// Begins a context for a test: first attempt, names of no real execution, a minute and a lot of
    /// fuel left.
    #[must_use]
    pub fn for_test() -> TestContext {
        TestContext::default()
    }

    /// In a test: the lines written through this context so far. Those of the macros are not here.
    #[must_use]
    pub fn logged(&self) -> Vec<LogLine> {
        self.host().lines.borrow().clone()
    }

    /// In a test: the details of the heartbeats so far.
    #[must_use]
    pub fn beats(&self) -> Vec<Option<String>> {
        self.host().beats.borrow().clone()
    }
}

/// Builds a context for a test: `Context::for_test().attempt(2).build()`.
#[derive(Debug, Clone)]
pub struct TestContext {
    info: Info,
    remaining_ms: u64,
    remaining_fuel: u64,
    cancelled_after: Option<usize>,
}

impl Default for TestContext {
    fn default() -> TestContext {
        let arn = "arn:aws:states:us-east-1:123456789012";
        let info = Info {
            execution_arn: format!("{arn}:execution:machine:execution"),
            execution_name: "execution".to_owned(),
            state_machine_arn: format!("{arn}:stateMachine:machine"),
            state_name: "State".to_owned(),
            task_arn: "arn:aws:lambda:us-east-1:123456789012:function:task:1".to_owned(),
            attempt: 0,
            idempotency_key: "test-idempotency-key".to_owned(),
            task_token: None,
            started_at_ms: 1_700_000_000_000,
            deadline_ms: 1_700_000_060_000,
            trace_parent: None,
        };
        TestContext {
            info,
            remaining_ms: 60_000,
            remaining_fuel: u64::MAX,
            cancelled_after: None,
        }
    }
}

impl TestContext {
    /// How many tries went before.
    #[must_use]
    pub fn attempt(mut self, attempt: u32) -> TestContext {
        self.info.attempt = attempt;
        self
    }

    /// The idempotency key.
    #[must_use]
    pub fn idempotency_key(mut self, key: &str) -> TestContext {
        key.clone_into(&mut self.info.idempotency_key);
        self
    }

    /// The name of the execution.
    #[must_use]
    pub fn execution_name(mut self, name: &str) -> TestContext {
        name.clone_into(&mut self.info.execution_name);
        self
    }

    /// The name of the state.
    #[must_use]
    pub fn state_name(mut self, name: &str) -> TestContext {
        name.clone_into(&mut self.info.state_name);
        self
    }

    /// The token to answer with.
    #[must_use]
    pub fn task_token(mut self, token: &str) -> TestContext {
        self.info.task_token = Some(token.to_owned());
        self
    }

    /// When the attempt started, in milliseconds since 1970; the deadline moves along.
    #[must_use]
    pub fn started_at_ms(mut self, at_ms: u64) -> TestContext {
        self.info.started_at_ms = at_ms;
        self.info.deadline_ms = at_ms.saturating_add(self.remaining_ms);
        self
    }

    /// Milliseconds left, at every question; the deadline moves along.
    #[must_use]
    pub fn remaining_ms(mut self, ms: u64) -> TestContext {
        self.remaining_ms = ms;
        self.info.deadline_ms = self.info.started_at_ms.saturating_add(ms);
        self
    }

    /// Fuel left, at every question.
    #[must_use]
    pub fn remaining_fuel(mut self, fuel: u64) -> TestContext {
        self.remaining_fuel = fuel;
        self
    }

    /// Lets this many heartbeats pass and answers `Cancelled` from then on.
    #[must_use]
    pub fn cancelled_after(mut self, heartbeats: usize) -> TestContext {
        self.cancelled_after = Some(heartbeats);
        self
    }

    /// The context.
    #[must_use]
    pub fn build(self) -> Context {
        Context::new(Host {
            settings: self,
            ..Host::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cancelled;

    #[test]
    fn a_test_sees_what_the_task_told_its_context() {
        let context = Context::for_test().attempt(2).cancelled_after(1).build();
        assert_eq!(context.attempt(), 2);
        context.warn("careful");
        assert_eq!(context.heartbeat("half"), Ok(()));
        assert_eq!(context.heartbeat(None), Err(Cancelled));
        assert_eq!(context.logged().len(), 1);
        assert_eq!(context.beats(), [Some("half".to_owned()), None]);
    }

    #[test]
    fn the_deadline_is_what_remains_after_the_start() {
        let context = Context::for_test()
            .started_at_ms(1_000)
            .remaining_ms(500)
            .build();
        assert_eq!(
            (context.started_at_ms(), context.deadline_ms()),
            (1_000, 1_500)
        );
    }
}
