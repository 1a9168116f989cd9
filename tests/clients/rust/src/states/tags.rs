//! Tags of state machines and activities.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::list_tags_for_resource::ListTagsForResourceError;
use aws_sdk_sfn::operation::tag_resource::TagResourceError;
use aws_sdk_sfn::operation::untag_resource::UntagResourceError;
use aws_sdk_sfn::types::{StateMachineType, Tag};

use super::{NOWHERE, PASS, machine};
use crate::checks::{Checks, Step, refused, success};

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "tagged", PASS, kind).await?;
    let put = |arn: &str| states.tag_resource().resource_arn(arn);
    let take = |arn: &str| states.untag_resource().resource_arn(arn).tag_keys("team");
    let list = |arn: &str| states.list_tags_for_resource().resource_arn(arn);
    success!(
        checks,
        TagResource,
        put(&arn).tags(tag("team", "a")).tags(tag("stage", "test"))
    );
    success!(checks, UntagResource, take(&arn));
    let left = success!(checks, ListTagsForResource, list(&arn));
    checks.equal(
        "ListTagsForResource",
        "what was left",
        left.tags(),
        [tag("stage", "test")],
    );
    let many = (0..50).map(|number| tag(&format!("k{number}"), ""));
    refused!(
        checks,
        TagResourceError::TooManyTags,
        put(&arn).set_tags(Some(many.collect()))
    );
    let nothing = format!("{NOWHERE}:stateMachine:other");
    refused!(
        checks,
        TagResourceError::ResourceNotFound,
        put(&nothing).tags(tag("a", "b"))
    );
    refused!(
        checks,
        TagResourceError::InvalidArn,
        put("tagged").tags(tag("a", "b"))
    );
    refused!(checks, UntagResourceError::ResourceNotFound, take(&nothing));
    refused!(checks, UntagResourceError::InvalidArn, take("tagged"));
    refused!(
        checks,
        ListTagsForResourceError::ResourceNotFound,
        list(&nothing)
    );
    refused!(checks, ListTagsForResourceError::InvalidArn, list("tagged"));
    Ok(())
}
