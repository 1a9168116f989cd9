//! `Resource` of a Task: which ARNs there are and what they say (ASL.md §7.2).
//!
//! A function is found by its name, so region and account of its ARN may be anything, also the short
//! made-up account ids of examples. Whether the service behind an integration exists here is not
//! asked: that is known only where the machine runs.

use std::sync::Arc;

use crate::{Pattern, Resource};

/// Services with an integration of their own, and the patterns each has beside request-response.
const SERVICES: [(&str, &[Pattern]); 23] = [
    ("apigateway", &[Pattern::WaitForTaskToken]),
    ("athena", &[Pattern::Sync]),
    ("batch", &[Pattern::Sync]),
    ("bedrock", &[Pattern::Sync, Pattern::WaitForTaskToken]),
    ("bedrock-agentcore", &[]),
    ("codebuild", &[Pattern::Sync]),
    ("databrew", &[Pattern::Sync]),
    ("dynamodb", &[]),
    ("ecs", &[Pattern::Sync, Pattern::WaitForTaskToken]),
    ("eks", &[Pattern::Sync, Pattern::WaitForTaskToken]),
    ("elasticmapreduce", &[Pattern::Sync]),
    ("emr-containers", &[Pattern::Sync]),
    ("emr-serverless", &[Pattern::Sync]),
    ("events", &[Pattern::WaitForTaskToken]),
    ("glue", &[Pattern::Sync]),
    ("http", &[]),
    ("lambda", &[Pattern::WaitForTaskToken]),
    ("mediaconvert", &[Pattern::Sync]),
    ("s3", &[]),
    ("sagemaker", &[Pattern::Sync]),
    ("sns", &[Pattern::WaitForTaskToken]),
    ("sqs", &[Pattern::WaitForTaskToken]),
    (
        "states",
        &[Pattern::Sync, Pattern::Sync2, Pattern::WaitForTaskToken],
    ),
];

/// Why a text is no resource of a Task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArnError {
    /// It is no ARN at all.
    #[error("Value is not a valid resource ARN")]
    NotAnArn {
        /// What is missing.
        reason: &'static str,
    },
    /// It is an ARN, and of nothing that a Task can call.
    #[error("The resource provided {arn} is not recognized")]
    NotRecognized {
        /// The ARN.
        arn: String,
        /// Why not.
        reason: String,
        /// A service of a similar name.
        suggestion: Option<&'static str>,
    },
}

/// Reads a `Resource`.
///
/// # Errors
/// The service's message, with a reason of ours.
pub fn parse(text: &str) -> Result<Resource, ArnError> {
    if !text.starts_with("arn:") {
        return Err(ArnError::NotAnArn {
            reason: "an ARN begins with `arn:`",
        });
    }
    let mut parts = text.splitn(6, ':').skip(1);
    let (Some(partition), Some(service), Some(_region), Some(account), Some(resource)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return Err(ArnError::NotAnArn {
            reason: "an ARN has six parts: arn:partition:service:region:account:resource",
        });
    };
    if !is_word(partition) {
        return Err(ArnError::NotAnArn {
            reason: "the partition, as in arn:aws:, is missing",
        });
    }
    // The service takes any word for the account of a function (recorded: `your-account-id`); whose
    // function it is shows when it is called.
    let is_account = match service {
        "lambda" => account.is_empty() || is_word(account),
        _ => account.bytes().all(|byte| byte.is_ascii_digit()),
    };
    if !is_account {
        return Err(ArnError::NotAnArn {
            reason: "the account id is made of digits",
        });
    }
    match service {
        "lambda" => function(text, resource),
        "states" => match resource.strip_prefix("activity:") {
            Some(name) => activity(text, name),
            None => integration(text, resource),
        },
        _ => Err(unrecognized(
            text,
            format!(
                "a Task calls functions (lambda), integrations and activities (states), not `{service}`"
            ),
        )),
    }
}

fn function(arn: &str, resource: &str) -> Result<Resource, ArnError> {
    let Some(name) = resource.strip_prefix("function:") else {
        return Err(unrecognized(
            arn,
            "a function's ARN goes on with `function:` and its name",
        ));
    };
    let (name, qualifier) = match name.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (name, None),
    };
    if !is_word(name) {
        return Err(unrecognized(
            arn,
            "a function's name is letters, digits, `-` and `_`",
        ));
    }
    if qualifier.is_some_and(|qualifier| !is_word(qualifier.trim_start_matches('$'))) {
        return Err(unrecognized(
            arn,
            "a qualifier is a version, an alias or $LATEST",
        ));
    }
    Ok(Resource::Function {
        arn: Arc::from(arn),
        name: Arc::from(name),
        qualifier: qualifier.map(Arc::from),
    })
}

fn activity(arn: &str, name: &str) -> Result<Resource, ArnError> {
    if name.is_empty() {
        return Err(unrecognized(arn, "the activity has no name"));
    }
    Ok(Resource::Activity {
        arn: Arc::from(arn),
        name: Arc::from(name),
    })
}

fn integration(arn: &str, resource: &str) -> Result<Resource, ArnError> {
    let (path, pattern) = split_pattern(resource)?;
    let Some((service, action)) = path.rsplit_once(':') else {
        return Err(unrecognized(
            arn,
            "an integration is written SERVICE:ACTION, as in lambda:invoke",
        ));
    };
    if !is_word(action) {
        return Err(unrecognized(
            arn,
            "after the action comes nothing, or .sync, .sync:2 or .waitForTaskToken",
        ));
    }
    let patterns = match service.strip_prefix("aws-sdk:") {
        Some(sdk) if is_word(sdk) => &[Pattern::WaitForTaskToken],
        Some(_) => return Err(unrecognized(arn, "aws-sdk: is followed by SERVICE:ACTION")),
        None => match SERVICES.iter().find(|(name, _)| *name == service) {
            Some((_, patterns)) => *patterns,
            None => return Err(unknown_service(arn, service)),
        },
    };
    let fits = match pattern {
        Pattern::RequestResponse => true,
        Pattern::Sync | Pattern::Sync2 | Pattern::WaitForTaskToken => patterns.contains(&pattern),
    };
    if !fits {
        return Err(unrecognized(
            arn,
            format!("`{service}` has no {} pattern", pattern.suffix()),
        ));
    }
    Ok(Resource::Integration {
        arn: Arc::from(arn),
        service: Arc::from(service),
        action: Arc::from(action),
        pattern,
    })
}

/// The resource without its pattern, and the pattern.
fn split_pattern(resource: &str) -> Result<(&str, Pattern), ArnError> {
    for pattern in [Pattern::WaitForTaskToken, Pattern::Sync2, Pattern::Sync] {
        if let Some(path) = resource.strip_suffix(pattern.suffix()) {
            return Ok((path, pattern));
        }
    }
    Ok((resource, Pattern::RequestResponse))
}

fn unknown_service(arn: &str, service: &str) -> ArnError {
    let names = SERVICES.iter().map(|(name, _)| *name);
    let suggestion = crate::suggest::closest(service, names);
    ArnError::NotRecognized {
        arn: arn.to_owned(),
        reason: format!("there is no integration with `{service}`"),
        suggestion,
    }
}

fn unrecognized(arn: &str, reason: impl Into<String>) -> ArnError {
    ArnError::NotRecognized {
        arn: arn.to_owned(),
        reason: reason.into(),
        suggestion: None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_its_name_whatever_the_account() {
        for arn in [
            "arn:aws:lambda:us-east-1:123456789012:function:validate-order",
            "arn:aws:lambda:us-east-1:123:function:validate-order",
            "arn:aws:lambda:::function:validate-order",
            "arn:aws-cn:lambda:cn-north-1:1:function:validate-order",
        ] {
            let Ok(Resource::Function {
                arn: kept,
                name,
                qualifier,
            }) = parse(arn)
            else {
                panic!("{arn}");
            };
            assert_eq!((&*kept, &*name, qualifier), (arn, "validate-order", None));
        }
        let qualified = parse("arn:aws:lambda:us-east-1:1:function:f:$LATEST").unwrap();
        assert!(
            matches!(qualified, Resource::Function { qualifier: Some(q), .. } if &*q == "$LATEST")
        );
    }

    #[test]
    fn an_integration_has_service_action_and_pattern() {
        let check = |arn: &str, service: &str, action: &str, pattern: Pattern| {
            let Ok(Resource::Integration {
                service: s,
                action: a,
                pattern: p,
                ..
            }) = parse(arn)
            else {
                panic!("{arn}: {:?}", parse(arn));
            };
            assert_eq!((&*s, &*a, p), (service, action, pattern));
        };
        check(
            "arn:aws:states:::lambda:invoke",
            "lambda",
            "invoke",
            Pattern::RequestResponse,
        );
        check(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "sqs",
            "sendMessage",
            Pattern::WaitForTaskToken,
        );
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            "states",
            "startExecution",
            Pattern::Sync2,
        );
        check(
            "arn:aws:states:::ecs:runTask.sync",
            "ecs",
            "runTask",
            Pattern::Sync,
        );
        check(
            "arn:aws:states:::aws-sdk:dynamodb:putItem",
            "aws-sdk:dynamodb",
            "putItem",
            Pattern::RequestResponse,
        );
    }

    #[test]
    fn an_activity_has_a_name() {
        let arn = "arn:aws:states:us-east-1:123456789012:activity:approve";
        assert_eq!(
            parse(arn),
            Ok(Resource::Activity {
                arn: arn.into(),
                name: "approve".into()
            })
        );
    }

    #[test]
    fn what_a_task_cannot_call_is_refused_with_a_reason() {
        let message = |arn: &str| parse(arn).unwrap_err().to_string();
        for text in [
            "",
            "validate-order",
            "${FunctionArn}",
            "$.arn",
            "arn:aws:lambda",
            "arn::lambda:a:1:function:f",
        ] {
            assert_eq!(message(text), "Value is not a valid resource ARN", "{text}");
        }
        for arn in [
            "arn:aws:s3:::bucket",
            "arn:aws:lambda:us-east-1:1:layer:x",
            "arn:aws:lambda:us-east-1:1:function:",
            "arn:aws:lambda:us-east-1:1:function:a:b:c",
            "arn:aws:states:::lambda",
            "arn:aws:states:::lambda:invoke.sync",
            "arn:aws:states:::lambda:invoke.later",
            "arn:aws:states:::ecs:runTask.sync:2",
            "arn:aws:states:us-east-1:1:activity:",
        ] {
            assert_eq!(
                message(arn),
                format!("The resource provided {arn} is not recognized")
            );
        }
        let Err(ArnError::NotRecognized { suggestion, .. }) =
            parse("arn:aws:states:::lamda:invoke")
        else {
            panic!("refused");
        };
        assert_eq!(suggestion, Some("lambda"));
    }
}
