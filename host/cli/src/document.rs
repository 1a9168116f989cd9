//! The result of a run as one JSON document, for programs.

use engine::{ErrorOutput, Outcome, Status};
use runtime::Started;
use serde_json::{Map, Value, json};

use crate::trail::Figures;

/// `DescribeExecution`'s words, and the figures of the trail's last line.
pub(crate) fn document(
    started: &Started,
    status: Status,
    outcome: &Outcome,
    figures: &Figures,
    history: Option<Vec<Value>>,
) -> Value {
    let mut document = Map::new();
    document.insert("executionArn".into(), started.execution.as_str().into());
    document.insert("status".into(), status.as_str().into());
    match outcome {
        Outcome::Output(output) => {
            document.insert("output".into(), output.value().clone());
        }
        Outcome::Error(ErrorOutput { error, cause }) => {
            for (name, text) in [("error", error), ("cause", cause)] {
                if let Some(text) = text {
                    document.insert(name.into(), (&**text).into());
                }
            }
        }
    }
    document.insert(
        "figures".into(),
        json!({
            "states": figures.states,
            "transitions": figures.transitions,
            "durationMicroseconds": figures.duration_us,
            "overheadMicrosecondsPerState": figures.overhead_us_per_state,
            "fuel": figures.fuel,
            "standardDollars": figures.standard_usd,
            "expressDollars": figures.express_usd,
        }),
    );
    if let Some(events) = history {
        document.insert("events".into(), events.into());
    }
    Value::Object(document)
}
