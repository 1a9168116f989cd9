//! Promises of the runtime around the shard: branches overlap, answers and stops arrive, a skipping
//! clock loses no time, and what nobody waits for is told to end.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use engine::{ErrorOutput, Status};
use runtime::{CallbackError, Clock, StartError};
use serde_json::json;
use stepwell_tests::{Mailbox, Scripted, machine, request, runtime, told};
use tokio::sync::{Barrier, Notify};

fn task(function: &str) -> serde_json::Value {
    json!({
        "Type": "Task",
        "Resource": format!("arn:aws:lambda:us-east-1:123456789012:function:{function}"),
        "End": true,
    })
}

/// A function that ends only when `count` calls are inside at the same time; in a run in which they
/// never are it fails instead of hanging.
fn all_together(count: usize) -> Scripted {
    let meet = Arc::new(Barrier::new(count));
    Scripted::default().with("meet", move |invocation| {
        let meet = meet.clone();
        async move {
            let together = tokio::time::timeout(Duration::from_secs(10), meet.wait()).await;
            together.map_err(|_| ErrorOutput::new("Alone", "the others never came"))?;
            Ok(invocation.input)
        }
    })
}

#[tokio::test]
async fn the_branches_of_a_parallel_overlap() {
    let host = all_together(2);
    let machine = machine(&json!({
        "StartAt": "Both",
        "States": { "Both": {
            "Type": "Parallel",
            "Branches": [
                { "StartAt": "Left", "States": { "Left": task("meet") } },
                { "StartAt": "Right", "States": { "Right": task("meet") } },
            ],
            "End": true,
        } },
    }));
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let mut started = runtime
        .start(request(&machine, "one", json!(7)))
        .await
        .unwrap();
    assert_eq!(
        told(started.watch.ended().await),
        (Status::Succeeded, json!([7, 7]))
    );
}

#[tokio::test]
async fn the_iterations_of_a_map_overlap() {
    let host = all_together(5);
    let machine = machine(&json!({
        "StartAt": "Each",
        "States": { "Each": {
            "Type": "Map",
            "ItemProcessor": { "StartAt": "One", "States": { "One": task("meet") } },
            "End": true,
        } },
    }));
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let items = json!([1, 2, 3, 4, 5]);
    let mut started = runtime
        .start(request(&machine, "one", items.clone()))
        .await
        .unwrap();
    assert_eq!(
        told(started.watch.ended().await),
        (Status::Succeeded, items)
    );
}

#[tokio::test]
async fn a_day_of_waiting_takes_no_time_with_a_skipping_clock() {
    let machine = machine(&json!({
        "StartAt": "Sleep",
        "States": { "Sleep": { "Type": "Wait", "Seconds": 86_400, "End": true } },
    }));
    let clock = Clock::skipping();
    let before = clock.now();
    let runtime = runtime(Arc::new(Scripted::default()), clock.clone(), Arc::default());
    let mut started = runtime
        .start(request(&machine, "one", json!({})))
        .await
        .unwrap();
    assert_eq!(told(started.watch.ended().await).0, Status::Succeeded);
    assert!(clock.now().micros_since(before) >= 86_400_000_000);
}

#[tokio::test]
async fn a_name_is_taken_while_its_execution_runs_and_after_it() {
    let gate = Arc::new(Notify::new());
    let opened = gate.clone();
    let host = Scripted::default().with("wait", move |invocation| {
        let opened = opened.clone();
        async move {
            opened.notified().await;
            Ok(invocation.input)
        }
    });
    let machine = machine(&json!({ "StartAt": "T", "States": { "T": task("wait") } }));
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let mut first = runtime
        .start(request(&machine, "same", json!(1)))
        .await
        .unwrap();
    let running = runtime.start(request(&machine, "same", json!(2))).await;
    assert_eq!(
        running.unwrap_err(),
        StartError::AlreadyExists(first.execution.clone())
    );
    gate.notify_one();
    assert_eq!(
        told(first.watch.ended().await),
        (Status::Succeeded, json!(1))
    );
    let closed = runtime.start(request(&machine, "same", json!(3))).await;
    assert_eq!(
        closed.unwrap_err(),
        StartError::AlreadyExists(first.execution)
    );
}

fn approval() -> serde_json::Value {
    json!({
        "StartAt": "Ask",
        "States": { "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {
                "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/approvals",
                "MessageBody": { "token.$": "$$.Task.Token", "order.$": "$.order" },
            },
            "End": true,
        } },
    })
}

#[tokio::test]
async fn a_callback_is_answered_once() {
    let mailbox = Arc::new(Mailbox::default());
    let runtime = runtime(
        Arc::new(Scripted::default()),
        Clock::real(),
        mailbox.clone(),
    );
    let request = request(&machine(&approval()), "one", json!({ "order": "o-1" }));
    let mut started = runtime.start(request).await.unwrap();
    let message = mailbox.next().await;
    let token = message.token.unwrap();
    let body: serde_json::Value = serde_json::from_str(&message.body).unwrap();
    assert_eq!(body, json!({ "token": &*token, "order": "o-1" }));

    runtime.send_task_heartbeat(&token).await.unwrap();
    runtime
        .send_task_success(&token, json!({ "approved": true }).into())
        .await
        .unwrap();
    assert_eq!(
        told(started.watch.ended().await),
        (Status::Succeeded, json!({ "approved": true }))
    );
    // A token that is used up is told from one whose execution is not there (ASL.md §7.5).
    let again = runtime.send_task_success(&token, json!({}).into()).await;
    assert_eq!(again, Err(CallbackError::TaskTimedOut));
    let garbage = runtime.send_task_success("AAAA", json!({}).into()).await;
    assert_eq!(garbage, Err(CallbackError::InvalidToken));
}

#[tokio::test]
async fn a_rejected_callback_fails_with_the_error_it_was_given() {
    let mailbox = Arc::new(Mailbox::default());
    let runtime = runtime(
        Arc::new(Scripted::default()),
        Clock::real(),
        mailbox.clone(),
    );
    let request = request(&machine(&approval()), "one", json!({ "order": "o-1" }));
    let mut started = runtime.start(request).await.unwrap();
    let token = mailbox.next().await.token.unwrap();
    runtime
        .send_task_failure(&token, ErrorOutput::new("Rejected", "too dear"))
        .await
        .unwrap();
    assert_eq!(
        told(started.watch.ended().await),
        (Status::Failed, json!("Rejected"))
    );
}

#[tokio::test]
async fn stopping_ends_the_execution_and_tells_its_guest() {
    let inside = Arc::new(Notify::new());
    let told_to_end = Arc::new(AtomicBool::new(false));
    let (entered, cancelled) = (inside.clone(), told_to_end.clone());
    let gone = Arc::new(Notify::new());
    let left = gone.clone();
    let host = Scripted::default().with("spin", move |invocation| {
        let (entered, cancelled, left) = (entered.clone(), cancelled.clone(), left.clone());
        async move {
            entered.notify_one();
            while !invocation.monitor.is_cancelled() {
                tokio::task::yield_now().await;
            }
            cancelled.store(true, Ordering::Release);
            left.notify_one();
            Ok(invocation.input)
        }
    });
    let machine = machine(&json!({ "StartAt": "T", "States": { "T": task("spin") } }));
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let mut started = runtime
        .start(request(&machine, "one", json!(1)))
        .await
        .unwrap();
    inside.notified().await;
    runtime
        .stop(&started.execution, ErrorOutput::new("Enough", "by hand"))
        .await
        .unwrap();
    assert_eq!(
        told(started.watch.ended().await),
        (Status::Aborted, json!("Enough"))
    );
    gone.notified().await;
    assert!(told_to_end.load(Ordering::Acquire));
    let again = runtime
        .stop(&started.execution, ErrorOutput::default())
        .await;
    assert_eq!(again, Err(runtime::StopError::NoSuchExecution));
}

#[tokio::test]
async fn a_function_that_is_not_there_has_lambdas_name_for_it() {
    let machine = machine(&json!({ "StartAt": "T", "States": { "T": task("nowhere") } }));
    let runtime = runtime(Arc::new(Scripted::default()), Clock::real(), Arc::default());
    let mut started = runtime
        .start(request(&machine, "one", json!(1)))
        .await
        .unwrap();
    let ended = told(started.watch.ended().await);
    assert_eq!(
        ended,
        (Status::Failed, json!("Lambda.ResourceNotFoundException"))
    );
}

#[tokio::test]
async fn an_input_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let machine = machine(&json!({ "StartAt": "P", "States": { "P": { "Type": "Succeed" } } }));
    let runtime = runtime(Arc::new(Scripted::default()), Clock::real(), Arc::default());
    let at_limit = json!("x".repeat(262_142));
    let mut started = runtime
        .start(request(&machine, "fits", at_limit))
        .await
        .unwrap();
    assert_eq!(told(started.watch.ended().await).0, Status::Succeeded);
    let over = runtime
        .start(request(&machine, "over", json!("x".repeat(262_143))))
        .await;
    assert_eq!(
        over.unwrap_err(),
        StartError::InputTooLarge {
            bytes: 262_145,
            limit_bytes: 262_144
        }
    );
}

#[tokio::test]
async fn a_long_loop_neither_starves_others_nor_loses_count() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let host = Scripted::default().with("count", move |invocation| {
        let count = counted.fetch_add(1, Ordering::AcqRel) + 1;
        async move {
            let _ = invocation.input;
            Ok(json!({ "count": count }).into())
        }
    });
    let machine = machine(&json!({
        "StartAt": "Count",
        "States": {
            "Count": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:count",
                "Next": "Enough",
            },
            "Enough": {
                "Type": "Choice",
                "Choices": [
                    { "Variable": "$.count", "NumericGreaterThanEquals": 1_500, "Next": "Done" }
                ],
                "Default": "Count",
            },
            "Done": { "Type": "Succeed" },
        },
    }));
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let mut started = runtime
        .start(request(&machine, "one", json!({})))
        .await
        .unwrap();
    let ended = told(started.watch.ended().await);
    assert_eq!(ended, (Status::Succeeded, json!({ "count": 1_500 })));
    assert_eq!(calls.load(Ordering::Acquire), 1_500);
}

/// A function that waits until it is inside twice, as a guest computes: without giving its thread
/// away. One that stays alone fails.
fn meeting() -> Scripted {
    let inside = Arc::new((Mutex::new(0_u32), Condvar::new()));
    Scripted::default()
        .with("pass", |invocation| async move { Ok(invocation.input) })
        .with("meet", move |invocation| {
            let inside = inside.clone();
            async move {
                let (count, arrived) = &*inside;
                let mut count = count.lock().unwrap();
                *count += 1;
                arrived.notify_all();
                let (_count, waited) = arrived
                    .wait_timeout_while(count, Duration::from_secs(10), |n| *n < 2)
                    .unwrap();
                if waited.timed_out() {
                    return Err(ErrorOutput::new("Alone", "the other one never came"));
                }
                Ok(invocation.input)
            }
        })
}

async fn ends_after_a_task(both: serde_json::Value) -> (Status, serde_json::Value) {
    let mut first = task("pass");
    first["Next"] = json!("Both");
    first.as_object_mut().unwrap().remove("End");
    let machine = machine(&json!({
        "StartAt": "First",
        "States": { "First": first, "Both": both },
    }));
    let runtime = runtime(Arc::new(meeting()), Clock::real(), Arc::default());
    let request = request(&machine, "one", json!([7, 7]));
    let mut started = runtime.start(request).await.unwrap();
    told(started.watch.ended().await)
}

#[tokio::test]
async fn branches_that_never_yield_overlap_after_a_task_too() {
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: task("meet") } });
    let both = json!({ "Type": "Parallel", "Branches": [branch("L"), branch("R")], "End": true });
    let ended = ends_after_a_task(both).await;
    assert_eq!(ended, (Status::Succeeded, json!([[7, 7], [7, 7]])));
}

#[tokio::test]
async fn iterations_that_never_yield_overlap_after_a_task_too() {
    let both = json!({
        "Type": "Map",
        "ItemProcessor": { "StartAt": "One", "States": { "One": task("meet") } },
        "End": true,
    });
    assert_eq!(
        ends_after_a_task(both).await,
        (Status::Succeeded, json!([7, 7]))
    );
}

#[tokio::test]
async fn results_that_are_too_much_together_fail_the_parallel_before_they_are_put_together() {
    let branch = |n: usize| {
        let name = format!("B{n}");
        json!({ "StartAt": name, "States": { name.clone(): { "Type": "Pass", "End": true } } })
    };
    let ends = |branches: usize| async move {
        let machine = machine(&json!({
            "StartAt": "P",
            "States": { "P": {
                "Type": "Parallel",
                "Branches": (0..branches).map(branch).collect::<Vec<_>>(),
                "ResultSelector": { "kept": 1 },
                "End": true,
            } },
        }));
        let runtime = runtime(Arc::new(Scripted::default()), Clock::real(), Arc::default());
        let input = json!("x".repeat(200_000));
        let mut started = runtime
            .start(request(&machine, "one", input))
            .await
            .unwrap();
        told(started.watch.ended().await)
    };
    assert_eq!(ends(5).await, (Status::Succeeded, json!({ "kept": 1 })));
    assert_eq!(
        ends(6).await,
        (Status::Failed, json!("States.DataLimitExceeded"))
    );
}

#[tokio::test]
async fn what_a_callback_task_submits_is_held_to_the_payload_limit() {
    for (bytes, expected) in [(200_000, None), (262_145, Some("States.DataLimitExceeded"))] {
        let host = Scripted::default().with("big", move |_| async move {
            Ok(json!("x".repeat(bytes)).into())
        });
        let machine = machine(&json!({
            "StartAt": "Ask",
            "States": { "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters": { "FunctionName": "big", "Payload": { "t.$": "$$.Task.Token" } },
                "End": true,
            } },
        }));
        let mailbox = Arc::new(Mailbox::default());
        let runtime = runtime(Arc::new(host), Clock::real(), mailbox.clone());
        let mut started = runtime
            .start(request(&machine, "one", json!({})))
            .await
            .unwrap();
        let token = mailbox.next().await.token.unwrap();
        let answered = runtime.send_task_success(&token, json!(1).into()).await;
        let ended = told(started.watch.ended().await);
        match expected {
            None => assert_eq!((answered, ended), (Ok(()), (Status::Succeeded, json!(1)))),
            Some(error) => assert_eq!(ended, (Status::Failed, json!(error))),
        }
    }
}

#[tokio::test]
async fn a_skipping_clock_does_not_jump_before_a_message_is_out() {
    let mut definition = approval();
    definition["States"]["Ask"]["TimeoutSeconds"] = json!(60);
    let machine = machine(&definition);
    for round in 0..200 {
        let mailbox = Arc::new(Mailbox::default());
        let host = Arc::new(Scripted::default());
        let runtime = runtime(host, Clock::skipping(), mailbox.clone());
        let request = request(&machine, "one", json!({ "order": round }));
        let mut started = runtime.start(request).await.unwrap();
        let message = mailbox.next().await;
        let token = message.token.clone().unwrap();
        runtime
            .send_task_success(&token, json!(round).into())
            .await
            .unwrap();
        assert_eq!(
            told(started.watch.ended().await),
            (Status::Succeeded, json!(round))
        );
    }
}

#[tokio::test]
async fn after_a_shutdown_requests_are_refused_and_nobody_waits_for_ever() {
    let mailbox = Arc::new(Mailbox::default());
    let runtime = runtime(
        Arc::new(Scripted::default()),
        Clock::real(),
        mailbox.clone(),
    );
    let machine = machine(&approval());
    let first = request(&machine, "one", json!({ "order": 1 }));
    let mut started = runtime.start(first).await.unwrap();
    let token = mailbox.next().await.token.unwrap();
    runtime.shutdown();
    assert_eq!(started.watch.ended().await, None);
    let late = runtime.send_task_success(&token, json!({}).into()).await;
    assert_eq!(late, Err(CallbackError::ShutDown));
    let again = request(&machine, "two", json!({ "order": 2 }));
    assert!(matches!(
        runtime.start(again).await,
        Err(StartError::Internal(_))
    ));
}
