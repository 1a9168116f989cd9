//! Task `refund-payment`: gives back what an order was charged, all of it and once.
//!
//! Input: the order with the receipt of `process-payment` at `payment_result`, if there is one. When
//! the charge itself failed there is none, and nothing to give back; that is no error, so that one
//! compensation serves both cases.
//!
//! ```json
//! { "orderId": "ORD-1001", "payment_result": { "chargeId": "ch_1", "amountCents": 8100, "currency": "EUR" } }
//! ```
//!
//! Output: what was given back. `refundId` is the same on every attempt.
//!
//! ```json
//! { "refunded": true, "refundId": "re_…", "chargeId": "ch_1", "amountCents": 8100, "currency": "EUR" }
//! { "refunded": false, "reason": "nothing was charged" }
//! ```
//!
//! Fails as `RefundFailedError` for a receipt that cannot be right.

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// What is read of the order.
#[derive(Debug, Deserialize)]
pub struct Order {
    payment_result: Option<Receipt>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    charge_id: String,
    amount_cents: i64,
    currency: String,
}

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Refund {
    /// Money was given back.
    Made {
        /// Always true.
        refunded: bool,
        /// The refund, the same on every attempt.
        refund_id: String,
        /// The charge that it undoes.
        charge_id: String,
        /// How much.
        amount_cents: i64,
        /// Of which currency.
        currency: String,
    },
    /// There was nothing to give back.
    Needless {
        /// Always false.
        refunded: bool,
        /// Why.
        reason: &'static str,
    },
}

/// Why nothing was given back.
#[derive(Debug, TaskError)]
pub enum RefundError {
    /// What is wrong with the receipt.
    #[task_error(message = "charge `{0}` of {1} cents cannot be given back")]
    RefundFailedError(String, i64),
}

#[stepwell_task::task]
fn refund_payment(order: Order, ctx: &Context) -> Result<Refund, RefundError> {
    let Some(receipt) = order.payment_result else {
        return Ok(Refund::Needless {
            refunded: false,
            reason: "nothing was charged",
        });
    };
    if receipt.charge_id.is_empty() || receipt.amount_cents <= 0 {
        return Err(RefundError::RefundFailedError(
            receipt.charge_id,
            receipt.amount_cents,
        ));
    }
    ctx.info(&format!(
        "{} cents of {} given back",
        receipt.amount_cents, receipt.charge_id
    ));
    Ok(Refund::Made {
        refunded: true,
        refund_id: format!("re_{}", ctx.idempotency_key()),
        charge_id: receipt.charge_id,
        amount_cents: receipt.amount_cents,
        currency: receipt.currency,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_charge_is_given_back_whole() {
        let receipt =
            json!({"chargeId": "ch_1", "amountCents": 8_100, "currency": "EUR", "last4": "4242"});
        let output = test::run(
            refund_payment,
            json!({"orderId": "O", "payment_result": receipt}),
        );
        let expected = json!({
            "refunded": true, "refundId": "re_test-idempotency-key",
            "chargeId": "ch_1", "amountCents": 8_100, "currency": "EUR"
        });
        assert_eq!(output, Ok(expected));
    }

    #[test]
    fn without_a_charge_there_is_nothing_to_give_back() {
        let output = test::run(
            refund_payment,
            json!({"Error": "PaymentFailedError", "Cause": "…"}),
        );
        assert_eq!(
            output,
            Ok(json!({"refunded": false, "reason": "nothing was charged"}))
        );
    }

    #[test]
    fn a_receipt_over_nothing_is_refused() {
        let receipt = json!({"chargeId": "ch_1", "amountCents": 0, "currency": "EUR"});
        let error = test::run(refund_payment, json!({"payment_result": receipt})).unwrap_err();
        assert_eq!(error.error, "RefundFailedError");
    }
}
