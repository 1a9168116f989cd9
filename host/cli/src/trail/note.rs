//! What went wrong, in one line: the error's name and the gist of its cause.
//!
//! Names and causes are a guest's or a client's words. They are shortened here and made fit for a
//! terminal by [`super::line`].

use engine::ErrorOutput;
use serde_json::Value;

/// Why a try failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    error: ErrorOutput,
    /// Said where the error has no cause of its own.
    hint: Option<&'static str>,
}

impl Failure {
    pub(super) fn new(error: &ErrorOutput) -> Failure {
        Failure {
            error: error.clone(),
            hint: None,
        }
    }

    /// A task's time was up. AWS gives no cause for it.
    pub(super) fn timeout(is_heartbeat: bool) -> Failure {
        Failure {
            error: ErrorOutput {
                error: Some(engine::limits::TIMEOUT.into()),
                cause: None,
            },
            hint: Some(if is_heartbeat {
                "no heartbeat came within HeartbeatSeconds"
            } else {
                "TimeoutSeconds ran out"
            }),
        }
    }

    /// Whether it is this error.
    pub(super) fn is_of(&self, error: &ErrorOutput) -> bool {
        self.error == *error
    }

    /// `Name: gist`, in one line.
    pub(super) fn note(&self) -> String {
        let gist = self.error.cause.as_deref().map(gist);
        let gist = gist.or(self.hint.map(str::to_owned));
        let gist = gist.filter(|gist| !gist.is_empty());
        let name = self.error.error.as_deref().map(first_line);
        match (name.filter(|name| !name.is_empty()), gist) {
            (Some(name), Some(gist)) => format!("{name}: {gist}"),
            (Some(name), None) => name.to_owned(),
            (None, Some(gist)) => gist,
            (None, None) => "no error name and no cause".to_owned(),
        }
    }
}

/// `Name: gist` of an error.
pub(super) fn of(error: &ErrorOutput) -> String {
    Failure::new(error).note()
}

/// The part of a cause that says something: the message of Lambda's error JSON without the id of the
/// request, or what the service says without naming the state, which stands in the line already.
fn gist(cause: &str) -> String {
    let message = message_of(cause);
    let text = first_line(message.as_deref().unwrap_or(cause));
    let text = after(text, "RequestId: ", " Error: ").unwrap_or(text);
    after_state(text).unwrap_or(text).trim().to_owned()
}

fn after_state(text: &str) -> Option<&str> {
    let begin = "An error occurred while executing the state '";
    after(text, begin, "' (entered at the event id #")?
        .split_once("). ")
        .map(|(_, rest)| rest)
}

fn message_of(cause: &str) -> Option<String> {
    if !cause.trim_start().starts_with('{') {
        return None;
    }
    match serde_json::from_str(cause) {
        Ok(Value::Object(members)) => match members.get("errorMessage")? {
            Value::String(message) => Some(message.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn first_line(text: &str) -> &str {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| !line.is_empty()).unwrap_or_default()
}

fn after<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.strip_prefix(begin)?.split_once(end)?;
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str, cause: &str) -> String {
        of(&ErrorOutput::new(name, cause))
    }

    #[test]
    fn of_lambdas_error_json_only_the_message_is_shown() {
        let cause = r#"{"errorMessage":"card declined\nmore","errorType":"E","stackTrace":[]}"#;
        assert_eq!(note("E", cause), "E: card declined");
        let cause = r#"{"errorMessage":"RequestId: 12-ab Error: out of fuel"}"#;
        assert_eq!(note("E", cause), "E: out of fuel");
    }

    #[test]
    fn json_that_is_not_lambdas_stays_as_it_is() {
        let causes = [
            r#"{"errorMessage":5}"#,
            r#"{"message":"x"}"#,
            r#"{"errorMessage":"#,
            "[1]",
        ];
        for cause in causes {
            assert_eq!(note("E", cause), format!("E: {cause}"));
        }
    }

    #[test]
    fn the_state_is_not_named_twice() {
        let cause = "An error occurred while executing the state 'A (b). c' (entered at the event id \
                     #2). The path is wrong";
        assert_eq!(note("E", cause), "E: The path is wrong");
    }

    #[test]
    fn the_first_line_that_says_something_is_the_gist() {
        assert_eq!(note("E", "\n  \n one \n two"), "E: one");
        assert_eq!(note("E", "\n"), "E");
        assert_eq!(note("", ""), "no error name and no cause");
        assert_eq!(of(&ErrorOutput::default()), "no error name and no cause");
    }

    #[test]
    fn a_timeout_says_which_time_was_up() {
        let note = Failure::timeout(true).note();
        assert_eq!(
            note,
            "States.Timeout: no heartbeat came within HeartbeatSeconds"
        );
        let note = Failure::timeout(false).note();
        assert_eq!(note, "States.Timeout: TimeoutSeconds ran out");
    }
}
