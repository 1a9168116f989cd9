//! Task `validate-order`: checks an order, tidies it and adds up what it costs.
//!
//! Input: an order. `couponCode`, `totalCents`, `shippingAddress`, an item's `name` and all members
//! not shown here are optional; a stated `totalCents` must be the true one.
//!
//! ```json
//! {
//!   "orderId": "ORD-1001",
//!   "customer": { "id": "C-7", "name": "Ada Byron", "email": "ada@example.com", "ordersLastHour": 0 },
//!   "items": [ { "sku": "KETTLE-01", "name": "Kettle", "quantity": 2, "unitPriceCents": 4500 } ],
//!   "currency": "EUR",
//!   "shippingAddress": { "line1": "1 Mill Lane", "city": "Bath", "postalCode": "BA1", "country": "GB" },
//!   "payment": { "cardNumber": "4242 4242 4242 4242", "cardCountry": "GB" },
//!   "couponCode": "WELCOME10",
//!   "totalCents": 8100
//! }
//! ```
//!
//! Output: the whole order, with `itemCount`, `subtotalCents`, `discountCents` and `totalCents`, the
//! currency in capitals and the customer's address in small letters.
//!
//! Fails as `InvalidOrderError`, whose cause lists every problem with its path.

mod order;

use stepwell_task::{Context, TaskError};

pub use crate::order::{Customer, Item, Order, Payment};

/// Why an order is refused.
#[derive(Debug, PartialEq, Eq, TaskError)]
pub enum OrderError {
    /// The order and all that is wrong with it.
    #[task_error(message = "order `{0}` is invalid: {1}")]
    InvalidOrderError(String, String),
}

#[stepwell_task::task]
fn validate_order(mut order: Order, ctx: &Context) -> Result<Order, OrderError> {
    let mut problems = order.problems();
    match order.totals() {
        None => problems.push("items: the order costs more than can be counted".to_owned()),
        Some(totals) => {
            if let Some(stated) = order.total_cents
                && stated != totals.total_cents
            {
                let counted = totals.total_cents;
                problems.push(format!("totalCents: {stated} stated, {counted} counted"));
            }
            order.take(totals);
        }
    }
    if !problems.is_empty() {
        return Err(OrderError::InvalidOrderError(
            order.order_id,
            problems.join("; "),
        ));
    }
    ctx.info(&format!("order {} is valid", order.order_id));
    Ok(order)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use stepwell_task::test;

    use super::*;

    fn order() -> Value {
        json!({
            "orderId": "ORD-1001",
            "customer": { "id": "C-7", "name": "Ada", "email": " Ada@Example.com ", "tier": "gold" },
            "items": [
                { "sku": "KETTLE-01", "quantity": 2, "unitPriceCents": 4500 },
                { "sku": "MUG-BLUE", "quantity": 3, "unitPriceCents": 900, "gift": true }
            ],
            "currency": "eur",
            "payment": { "cardNumber": "4242 4242 4242 4242" },
            "note": "ring twice"
        })
    }

    fn cause(change: impl FnOnce(&mut Value)) -> String {
        let mut order = order();
        change(&mut order);
        let error = test::run(validate_order, order).unwrap_err();
        assert_eq!(error.error, "InvalidOrderError");
        error.cause
    }

    #[test]
    fn a_valid_order_goes_on_whole_with_its_totals() {
        let output = test::run(validate_order, order()).unwrap();
        assert_eq!(output["totalCents"], 11_700);
        assert_eq!(output["itemCount"], 5);
        assert_eq!(output["currency"], "EUR");
        assert_eq!(output["customer"]["email"], "ada@example.com");
        assert_eq!(output["customer"]["tier"], "gold");
        assert_eq!(output["items"][1]["gift"], true);
        assert_eq!(output["note"], "ring twice");
        assert_eq!(test::run(validate_order, output.clone()), Ok(output));
    }

    #[test]
    fn a_coupon_takes_its_part_off() {
        let mut order = order();
        order["couponCode"] = json!("WELCOME10");
        order["totalCents"] = json!(10_530);
        let output = test::run(validate_order, order).unwrap();
        assert_eq!(
            (&output["subtotalCents"], &output["discountCents"]),
            (&json!(11_700), &json!(1_170))
        );
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let cause = cause(|order| {
            order["items"][0]["quantity"] = json!(0);
            order["items"][1]["unitPriceCents"] = json!(-1);
            order["customer"]["email"] = json!("nobody");
            order["currency"] = json!("XXX");
            order["couponCode"] = json!("FREE");
        });
        for path in [
            "items[0].quantity",
            "items[1].unitPriceCents",
            "customer.email",
            "currency",
            "couponCode",
        ] {
            assert!(cause.contains(path), "{path}: {cause}");
        }
    }

    #[test]
    fn an_empty_order_is_invalid_and_not_unreadable() {
        let error = test::run(validate_order, json!({})).unwrap_err();
        assert_eq!(error.error, "InvalidOrderError");
    }

    #[test]
    fn a_stated_total_must_be_true() {
        assert!(cause(|order| order["totalCents"] = json!(1)).contains("1 stated, 11700 counted"));
    }

    #[test]
    fn totals_that_overflow_are_a_problem() {
        let cause = cause(|order| {
            order["items"][0]["unitPriceCents"] = json!(i64::MAX);
        });
        assert!(cause.contains("costs more than can be counted"), "{cause}");
    }
}
