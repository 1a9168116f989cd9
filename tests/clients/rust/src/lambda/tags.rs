//! Tags of functions.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::list_tags::ListTagsError;
use aws_sdk_lambda::operation::tag_resource::TagResourceError;
use aws_sdk_lambda::operation::untag_resource::UntagResourceError;

use super::{Components, function};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    let arn = function(lambda, checks, "tagged", &components.echo).await?;
    let put = |arn: &str| lambda.tag_resource().resource(arn).tags("team", "a b/ä");
    let take = |arn: &str| lambda.untag_resource().resource(arn).tag_keys("stage");
    let list = |arn: &str| lambda.list_tags().resource(arn);
    success!(
        checks,
        TagResource,
        put(&arn).tags("stage", "test").tags("size", "s")
    );
    success!(checks, UntagResource, take(&arn).tag_keys("size"));
    let left = success!(checks, ListTags, list(&arn));
    let left: Vec<_> = left.tags.unwrap_or_default().into_iter().collect();
    checks.equal(
        "ListTags",
        "what was left",
        left,
        [("team".to_owned(), "a b/ä".to_owned())],
    );
    let nobody = arn.replace("tagged", "nobody");
    let version = format!("{arn}:1");
    refused!(
        checks,
        TagResourceError::ResourceNotFoundException,
        put(&nobody)
    );
    refused!(
        checks,
        TagResourceError::InvalidParameterValueException,
        put(&version)
    );
    refused!(
        checks,
        UntagResourceError::ResourceNotFoundException,
        take(&nobody)
    );
    refused!(
        checks,
        UntagResourceError::InvalidParameterValueException,
        take(&version)
    );
    refused!(
        checks,
        ListTagsError::ResourceNotFoundException,
        list(&nobody)
    );
    refused!(
        checks,
        ListTagsError::InvalidParameterValueException,
        list(&version)
    );
    Ok(())
}
