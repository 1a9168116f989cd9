//! Queues, their attributes and their tags.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::create_queue::CreateQueueError;
use aws_sdk_sqs::operation::delete_queue::DeleteQueueError;
use aws_sdk_sqs::operation::get_queue_attributes::GetQueueAttributesError;
use aws_sdk_sqs::operation::get_queue_url::GetQueueUrlError;
use aws_sdk_sqs::operation::list_dead_letter_source_queues::ListDeadLetterSourceQueuesError;
use aws_sdk_sqs::operation::list_queue_tags::ListQueueTagsError;
use aws_sdk_sqs::operation::purge_queue::PurgeQueueError;
use aws_sdk_sqs::operation::set_queue_attributes::SetQueueAttributesError;
use aws_sdk_sqs::operation::tag_queue::TagQueueError;
use aws_sdk_sqs::operation::untag_queue::UntagQueueError;
use aws_sdk_sqs::types::QueueAttributeName;

use super::{nowhere, queue};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(sqs: &Client, checks: &Checks) -> Step {
    let url = created(sqs, checks).await?;
    set(sqs, checks, &url).await?;
    listed(sqs, checks).await?;
    dead_letters(sqs, checks).await?;
    tagged(sqs, checks, &url).await?;
    purged(sqs, checks, &url).await?;
    deleted(sqs, checks).await
}

async fn created(sqs: &Client, checks: &Checks) -> Step<String> {
    let create = || {
        sqs.create_queue()
            .queue_name("jobs")
            .attributes(QueueAttributeName::VisibilityTimeout, "5")
            .tags("team", "a")
    };
    let first = success!(checks, CreateQueue, create());
    let again = success!(checks, CreateQueue, create());
    checks.equal(
        "CreateQueue",
        "the same again is the same queue",
        &again.queue_url,
        &first.queue_url,
    );
    refused!(
        checks,
        CreateQueueError::QueueNameExists,
        create().attributes(QueueAttributeName::VisibilityTimeout, "6")
    );
    refused!(
        checks,
        CreateQueueError::InvalidAttributeName,
        create().attributes(QueueAttributeName::from("Colour"), "red")
    );
    refused!(
        checks,
        CreateQueueError::InvalidAttributeValue,
        create().attributes(QueueAttributeName::DelaySeconds, "901")
    );
    let long = create().queue_name("q".repeat(81)).send().await;
    checks.code("CreateQueue", "InvalidParameterValue", long);
    let get = |name: &str| sqs.get_queue_url().queue_name(name);
    let found = success!(checks, GetQueueUrl, get("jobs"));
    checks.equal(
        "GetQueueUrl",
        "gives the URL",
        &found.queue_url,
        &first.queue_url,
    );
    refused!(checks, GetQueueUrlError::QueueDoesNotExist, get("nowhere"));
    Ok(first.queue_url.unwrap_or_default())
}

async fn set(sqs: &Client, checks: &Checks, url: &str) -> Step {
    let set = |url: &str, name: QueueAttributeName, value: &str| {
        sqs.set_queue_attributes()
            .queue_url(url)
            .attributes(name, value)
    };
    let retention = QueueAttributeName::MessageRetentionPeriod;
    success!(
        checks,
        SetQueueAttributes,
        set(url, retention.clone(), "600")
    );
    refused!(
        checks,
        SetQueueAttributesError::QueueDoesNotExist,
        set(&nowhere(url), retention.clone(), "600")
    );
    refused!(
        checks,
        SetQueueAttributesError::InvalidAttributeName,
        set(url, QueueAttributeName::from("Colour"), "red")
    );
    refused!(
        checks,
        SetQueueAttributesError::InvalidAttributeValue,
        set(url, retention.clone(), "59")
    );
    let get = |url: &str, name: QueueAttributeName| {
        sqs.get_queue_attributes()
            .queue_url(url)
            .attribute_names(name)
    };
    let all = success!(
        checks,
        GetQueueAttributes,
        get(url, QueueAttributeName::All)
    );
    let all = all.attributes.unwrap_or_default();
    let value = |name: &QueueAttributeName| all.get(name).map(String::as_str);
    checks.equal(
        "GetQueueAttributes",
        "shows what was set",
        (
            value(&retention),
            value(&QueueAttributeName::VisibilityTimeout),
        ),
        (Some("600"), Some("5")),
    );
    refused!(
        checks,
        GetQueueAttributesError::QueueDoesNotExist,
        get(&nowhere(url), QueueAttributeName::All)
    );
    refused!(
        checks,
        GetQueueAttributesError::InvalidAttributeName,
        get(url, QueueAttributeName::from("Colour"))
    );
    Ok(())
}

async fn listed(sqs: &Client, checks: &Checks) -> Step {
    let mut urls = Vec::new();
    for name in ["listed-1", "listed-2", "listed-3"] {
        urls.push(queue(sqs, checks, name).await?);
    }
    let list = || sqs.list_queues().queue_name_prefix("listed-");
    success!(checks, ListQueues, list());
    let pages = list().into_paginator().page_size(2).items().send();
    let listed: Result<Vec<_>, _> = pages.collect().await;
    let listed = checks.done("ListQueues", "all pages", listed)?;
    checks.equal("ListQueues", "each once", listed, urls);
    let token = list().max_results(1).next_token("%").send().await;
    checks.code("ListQueues", "InvalidParameterValue", token);
    Ok(())
}

async fn dead_letters(sqs: &Client, checks: &Checks) -> Step {
    let dead = queue(sqs, checks, "dead").await?;
    let attributes = success!(
        checks,
        GetQueueAttributes,
        sqs.get_queue_attributes()
            .queue_url(&dead)
            .attribute_names(QueueAttributeName::QueueArn)
    );
    let attributes = attributes.attributes.unwrap_or_default();
    let arn = attributes.get(&QueueAttributeName::QueueArn);
    let policy = format!(
        r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":"1"}}"#,
        arn.map_or("", String::as_str)
    );
    let mut urls = Vec::new();
    for name in ["source-1", "source-2"] {
        let created = success!(
            checks,
            CreateQueue,
            sqs.create_queue()
                .queue_name(name)
                .attributes(QueueAttributeName::RedrivePolicy, &policy)
                .attributes(QueueAttributeName::VisibilityTimeout, "0")
        );
        urls.push(created.queue_url.unwrap_or_default());
    }
    let list = |url: &str| sqs.list_dead_letter_source_queues().queue_url(url);
    success!(checks, ListDeadLetterSourceQueues, list(&dead));
    let pages = list(&dead).into_paginator().page_size(1).items().send();
    let listed: Result<Vec<_>, _> = pages.collect().await;
    let listed = checks.done("ListDeadLetterSourceQueues", "all pages", listed)?;
    checks.equal("ListDeadLetterSourceQueues", "each once", &listed, &urls);
    refused!(
        checks,
        ListDeadLetterSourceQueuesError::QueueDoesNotExist,
        list(&nowhere(&dead))
    );
    let source = &urls[0];
    success!(
        checks,
        SendMessage,
        sqs.send_message().queue_url(source).message_body("poison")
    );
    for _ in 0..2 {
        success!(
            checks,
            ReceiveMessage,
            sqs.receive_message().queue_url(source)
        );
    }
    let moved = success!(
        checks,
        ReceiveMessage,
        sqs.receive_message().queue_url(&dead).wait_time_seconds(5)
    );
    let moved = moved.messages().first().and_then(|message| message.body());
    checks.equal(
        "ReceiveMessage",
        "what nobody can take goes to the dead letters",
        moved,
        Some("poison"),
    );
    Ok(())
}

async fn tagged(sqs: &Client, checks: &Checks, url: &str) -> Step {
    let put = |url: &str| sqs.tag_queue().queue_url(url).tags("stage", "test");
    let take = |url: &str| sqs.untag_queue().queue_url(url).tag_keys("team");
    let list = |url: &str| sqs.list_queue_tags().queue_url(url);
    success!(checks, TagQueue, put(url));
    success!(checks, UntagQueue, take(url));
    let left = success!(checks, ListQueueTags, list(url));
    let left: Vec<_> = left.tags.unwrap_or_default().into_iter().collect();
    checks.equal(
        "ListQueueTags",
        "what was left",
        left,
        [("stage".to_owned(), "test".to_owned())],
    );
    let nowhere = nowhere(url);
    refused!(checks, TagQueueError::QueueDoesNotExist, put(&nowhere));
    refused!(checks, UntagQueueError::QueueDoesNotExist, take(&nowhere));
    refused!(
        checks,
        ListQueueTagsError::QueueDoesNotExist,
        list(&nowhere)
    );
    Ok(())
}

async fn purged(sqs: &Client, checks: &Checks, url: &str) -> Step {
    success!(
        checks,
        SendMessage,
        sqs.send_message().queue_url(url).message_body("old")
    );
    let purge = |url: &str| sqs.purge_queue().queue_url(url);
    success!(checks, PurgeQueue, purge(url));
    let left = success!(checks, ReceiveMessage, sqs.receive_message().queue_url(url));
    checks.equal("PurgeQueue", "nothing is left", left.messages().len(), 0);
    refused!(checks, PurgeQueueError::PurgeQueueInProgress, purge(url));
    refused!(
        checks,
        PurgeQueueError::QueueDoesNotExist,
        purge(&nowhere(url))
    );
    Ok(())
}

async fn deleted(sqs: &Client, checks: &Checks) -> Step {
    let url = queue(sqs, checks, "gone").await?;
    let delete = || sqs.delete_queue().queue_url(&url);
    success!(checks, DeleteQueue, delete());
    refused!(checks, DeleteQueueError::QueueDoesNotExist, delete());
    Ok(())
}
