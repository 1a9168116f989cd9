//! Task `alert-team`: writes an alert for the people who look after the shop.
//!
//! Input: an order with the error of a `Catch` at `error` and, if there was one, the outcome of
//! `refund-payment` at `refund`; or an error alone. Everything is optional.
//!
//! ```json
//! { "orderId": "ORD-1001", "error": { "Error": "Sandbox.Timedout", "Cause": "…" },
//!   "refund": { "refunded": false } }
//! ```
//!
//! Output: the alert. `alertId` is the same on every attempt. It is `critical` when a task did not
//! end by itself (a timeout, a crash) or a refund failed, else a `warning`: a declined card wakes
//! nobody.
//!
//! ```json
//! { "alertId": "alert_…", "severity": "critical", "channel": "#orders-oncall",
//!   "summary": "order ORD-1001: Sandbox.Timedout, nothing refunded" }
//! ```

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stepwell_task::{Context, log::Level};

/// Errors after which nobody can say what the task did.
const CRITICAL: [&str; 6] = [
    "States.Timeout",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Lambda.ServiceException",
    "Lambda.Unknown",
    "RefundFailedError",
];

/// What went wrong.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    order_id: Option<String>,
    error: Option<ErrorOutput>,
    refund: Option<Refund>,
    #[serde(flatten)]
    itself: ErrorOutput,
}

/// The error output of a state, whose names the language gives.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorOutput {
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refund {
    #[serde(default)]
    refunded: bool,
    amount_cents: Option<u64>,
}

/// An alert, ready to go.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    alert_id: String,
    severity: &'static str,
    channel: &'static str,
    summary: String,
}

#[stepwell_task::task]
fn alert_team(incident: Incident, ctx: &Context) -> Alert {
    let error = incident.error.unwrap_or(incident.itself).error;
    let error = error.as_deref().unwrap_or("UnknownError");
    let order = incident.order_id.as_deref().unwrap_or("unknown");
    let refund = match incident.refund {
        Some(Refund {
            refunded: true,
            amount_cents: Some(cents),
        }) => format!(", {cents} cents refunded"),
        Some(Refund {
            refunded: true,
            amount_cents: None,
        }) => ", refunded".to_owned(),
        Some(Refund {
            refunded: false, ..
        }) => ", nothing refunded".to_owned(),
        None => String::new(),
    };
    let (severity, channel) = match CRITICAL.contains(&error) {
        true => ("critical", "#orders-oncall"),
        false => ("warning", "#orders"),
    };
    let summary = format!("order {order}: {error}{refund}");
    let fields = Map::from_iter([("severity".to_owned(), Value::from(severity))]);
    ctx.log(Level::Warn, &summary, &fields);
    Alert {
        alert_id: format!("alert_{}", ctx.idempotency_key()),
        severity,
        channel,
        summary,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_task_that_did_not_end_is_critical() {
        let input = json!({
            "orderId": "ORD-1", "error": {"Error": "Sandbox.Timedout", "Cause": "…"},
            "refund": {"refunded": false, "reason": "nothing was charged"}
        });
        let expected = json!({
            "alertId": "alert_test-idempotency-key", "severity": "critical", "channel": "#orders-oncall",
            "summary": "order ORD-1: Sandbox.Timedout, nothing refunded"
        });
        assert_eq!(test::run(alert_team, input), Ok(expected));
    }

    #[test]
    fn a_declined_card_wakes_nobody() {
        let output = test::run(alert_team, json!({"Error": "PaymentFailedError"})).unwrap();
        assert_eq!(
            (&output["severity"], &output["summary"]),
            (
                &json!("warning"),
                &json!("order unknown: PaymentFailedError")
            )
        );
    }

    #[test]
    fn the_log_has_the_severity_as_a_field() {
        let context = Context::for_test().build();
        test::run_with(alert_team, json!({}), &context).unwrap();
        assert_eq!(context.logged()[0].fields, r#"{"severity":"warning"}"#);
    }
}
