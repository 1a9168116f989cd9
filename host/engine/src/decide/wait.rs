//! Wait (ASL.md §1.2): evaluates once until when, and then only a timer is left of it.

use asl::{Wait, WaitUntil};
use expr::ReferencePath;
use expr::jsonata::Jsonata;
use serde_json::Value;

use super::flow::Broken;
use super::query::Subject;
use super::{Decider, Here, Step};
use crate::effect::{Effect, TimerKey};
use crate::event::EventKind;
use crate::ids::{AttemptId, FrameId, Timestamp};
use crate::limits;

impl Decider<'_> {
    pub(super) fn begin_wait(&mut self, here: &Here<'_>, wait: &Wait) -> Step {
        match self.wait_until(here, wait) {
            Ok(until) => {
                let attempt = AttemptId(self.execution.next_attempt);
                self.emit(here.id, EventKind::WaitArmed { attempt, until })?;
                if until <= self.now {
                    return self.end_wait(here.id);
                }
                self.decision
                    .effects
                    .push(Effect::Arm(TimerKey::Wait(attempt), until));
                Ok(())
            }
            Err(broken) => self.break_plain(here, broken),
        }
    }

    /// The time is up.
    pub(super) fn end_wait(&mut self, id: FrameId) -> Step {
        let here = self.here(id)?;
        let asl::StateKind::Wait(wait) = &here.state.kind else {
            return Err(self.defect("a state of this type does not wait"));
        };
        let made = match here.is_jsonata() {
            true => self.queried_exit(&here),
            false => self.effective_input(&here).and_then(|input| {
                let assign = here.state.assign.as_ref();
                let assigned = self.assigned(&here, "Assign", assign, &input, Subject::Entry)?;
                Ok((self.output(&here, &input)?, assigned))
            }),
        };
        match made {
            Ok((output, assigned)) => self.leave(&here, output, assigned, wait.transition),
            Err(broken) => self.break_plain(&here, broken),
        }
    }

    fn wait_until(&mut self, here: &Here<'_>, wait: &Wait) -> Result<Timestamp, Broken> {
        let until = match &wait.until {
            WaitUntil::Seconds(seconds) => self.now.plus_seconds(*seconds),
            WaitUntil::Timestamp(micros) => Timestamp(*micros),
            WaitUntil::SecondsPath(path) => self.now.plus_seconds(self.wait_seconds(here, path)?),
            WaitUntil::TimestampPath(path) => self.wait_timestamp(here, path)?,
            WaitUntil::SecondsJsonata(expression) => {
                let seconds = self.queried_integer(here, "Seconds", expression, 0)?;
                self.now.plus_seconds(seconds)
            }
            WaitUntil::TimestampJsonata(expression) => self.queried_moment(here, expression)?,
        };
        let longest = self.now.plus_seconds(limits::DELAY_SECONDS_MAX);
        if until > longest {
            return Err(here.runtime_error("Wait state delay is too long."));
        }
        Ok(until)
    }

    fn queried_moment(
        &mut self,
        here: &Here<'_>,
        expression: &Jsonata,
    ) -> Result<Timestamp, Broken> {
        let value = self.queried(here, "Timestamp", expression)?;
        let Some(text) = value.as_str() else {
            return Err(here.unexpected_type("Timestamp", expression, "string", &value));
        };
        match asl::timestamp::parse(text) {
            Some(micros) => Ok(Timestamp(micros)),
            None => {
                let cause = format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time \
                     format string: {text}"
                );
                Err(here.query_error(Some("Timestamp"), &cause))
            }
        }
    }

    fn wait_seconds(&self, here: &Here<'_>, path: &ReferencePath) -> Result<u64, Broken> {
        let input = self.effective_input(here)?;
        let text = path.text();
        let seconds = self.reference(here, path, &input, |value| match value.as_i64() {
            Some(seconds) => u64::try_from(seconds).map_err(|_| {
                format!("The SecondsPath parameter references a negative value: {text} == {value}")
            }),
            None => Err(format!(
                "The SecondsPath parameter cannot be parsed as a long value: {text} == {}",
                plain(value)
            )),
        });
        match seconds {
            Some(Ok(seconds)) => Ok(seconds),
            Some(Err(cause)) => Err(here.runtime_error(&cause)),
            None => Err(here.runtime_error(&format!(
                "The SecondsPath parameter does not reference an input value: {text}"
            ))),
        }
    }

    fn wait_timestamp(&self, here: &Here<'_>, path: &ReferencePath) -> Result<Timestamp, Broken> {
        let input = self.effective_input(here)?;
        let text = path.text();
        let found = self.reference(here, path, &input, |value| {
            match value.as_str().and_then(asl::timestamp::parse) {
                Some(micros) => Ok(Timestamp(micros)),
                None => Err(format!(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended \
                     offset date-time format string: {text} == {}",
                    plain(value)
                )),
            }
        });
        match found {
            Some(Ok(until)) => Ok(until),
            Some(Err(cause)) => Err(here.runtime_error(&cause)),
            None => Err(here.runtime_error(&format!(
                "The TimestampPath parameter does not reference an input value: {text}"
            ))),
        }
    }
}

/// Strings without their quotes, everything else as JSON.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
