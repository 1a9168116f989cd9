//! Which functions a definition calls, and where it says so.

use asl::{Resource, arn};
use source::{Node, Span};

/// One Task that calls a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The function's name, without version or alias; `None`: it is computed while the state runs.
    pub(crate) function: Option<String>,
    /// Where the name is written, or how it is computed.
    pub(crate) span: Span,
    /// The place in the definition, as diagnostics give it.
    pub(crate) location: String,
}

/// The calls of all scopes, in the order of the text. The tree is one that the parser of definitions
/// accepted, which bounds its depth.
pub(super) fn find(root: &Node) -> Vec<Call> {
    let mut calls = Vec::new();
    scope(root, "", &mut calls);
    calls.sort_by_key(|call| call.span.start);
    calls
}

fn scope(node: &Node, location: &str, calls: &mut Vec<Call>) {
    let states = node.get("States").and_then(|states| states.value.members());
    for member in states.unwrap_or_default() {
        state(
            &member.value,
            &format!("{location}/States/{}", member.key),
            calls,
        );
    }
}

fn state(node: &Node, location: &str, calls: &mut Vec<Call>) {
    match node.get("Type").and_then(|kind| kind.value.as_str()) {
        Some("Task") => calls.extend(call(node, location)),
        Some("Parallel") => {
            let branches = node
                .get("Branches")
                .and_then(|branches| branches.value.items());
            for (index, branch) in branches.unwrap_or_default().iter().enumerate() {
                scope(branch, &format!("{location}/Branches[{index}]"), calls);
            }
        }
        Some("Map") => {
            for field in ["ItemProcessor", "Iterator"] {
                if let Some(member) = node.get(field) {
                    scope(&member.value, &format!("{location}/{field}"), calls);
                }
            }
        }
        _ => {}
    }
}

fn call(task: &Node, location: &str) -> Option<Call> {
    let resource = &task.get("Resource")?.value;
    match arn::parse(resource.as_str()?).ok()? {
        Resource::Function { name, .. } => Some(Call {
            function: Some(name.to_string()),
            span: resource.span,
            location: format!("{location}/Resource"),
        }),
        Resource::Integration {
            service, action, ..
        } if &*service == "lambda" && &*action == "invoke" => {
            let parameters = &task.get("Parameters")?.value;
            let (field, function) = match parameters.get("FunctionName") {
                Some(member) => (member, Some(name_of(member.value.as_str()?).to_owned())),
                None => (parameters.get("FunctionName.$")?, None),
            };
            Some(Call {
                function,
                span: field.value.span,
                location: format!("{location}/Parameters/{}", field.key),
            })
        }
        Resource::Integration { .. } | Resource::Activity { .. } => None,
    }
}

/// The name in a `FunctionName`: a name or a whole or partial ARN, maybe with a qualifier.
fn name_of(text: &str) -> &str {
    let text = text
        .rsplit_once(":function:")
        .map_or(text, |(_, name)| name);
    text.split(':').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123:function:one:PROD", "Next": "B"},
  "B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {
    "C": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
          "Parameters": {"FunctionName": "arn:aws:lambda:us-east-1:1:function:two:3"}}}}]},
  "M": {"Type": "Map", "Iterator": {"StartAt": "D", "States": {
    "D": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "Parameters": {"FunctionName.$": "$.name"}}}}},
  "S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"},
  "P": {"Type": "Pass", "Result": {"States": {"Type": "Task"}}}
}}"#;

    #[test]
    fn calls_are_found_in_all_scopes_and_both_styles() {
        let calls = find(&source::parse(DEFINITION, source::Format::Json).unwrap());
        let names: Vec<Option<&str>> = calls.iter().map(|call| call.function.as_deref()).collect();
        assert_eq!(names, [Some("one"), Some("two"), None]);
        let places: Vec<&str> = calls.iter().map(|call| call.location.as_str()).collect();
        assert_eq!(
            places,
            [
                "/States/A/Resource",
                "/States/B/Branches[0]/States/C/Parameters/FunctionName",
                "/States/M/Iterator/States/D/Parameters/FunctionName.$",
            ]
        );
        assert_eq!(calls[2].span.of(DEFINITION), "\"$.name\"");
    }

    #[test]
    fn a_function_is_named_by_name_or_arn() {
        for text in [
            "f",
            "f:PROD",
            "123:function:f",
            "arn:aws:lambda:eu-west-1:1:function:f:$LATEST",
        ] {
            assert_eq!(name_of(text), "f", "{text}");
        }
    }
}
