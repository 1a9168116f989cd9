//! Task `price-line-item`: prices one line item, with a discount for many pieces. Made to run under a
//! Map, one item each.
//!
//! Input: an item and the currency of the order. `priceServiceOutages` makes the first attempts fail
//! as if the price service were down, so that Retry has something to do.
//!
//! ```json
//! { "item": { "sku": "MUG-BLUE", "quantity": 60, "unitPriceCents": 900, "priceServiceOutages": 1 },
//!   "currency": "EUR" }
//! ```
//!
//! Output: what the line costs. From 10 pieces 5 percent are taken off, from 50 10, from 100 15; of a
//! fraction of a cent the customer has the better part.
//!
//! ```json
//! { "sku": "MUG-BLUE", "quantity": 60, "currency": "EUR", "grossCents": 54000,
//!   "discountPercent": 10, "discountCents": 5400, "totalCents": 48600 }
//! ```
//!
//! Fails as `PriceServiceError` (worth a retry) and as `InvalidLineItemError` (not worth one).

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// From how many pieces how many percent are taken off; the last that fits counts.
const DISCOUNTS: [(i64, i64); 3] = [(10, 5), (50, 10), (100, 15)];

/// What to price.
#[derive(Debug, Deserialize)]
pub struct Input {
    item: Item,
    currency: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    sku: String,
    quantity: i64,
    unit_price_cents: i64,
    #[serde(default)]
    price_service_outages: u32,
}

/// What it costs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Priced {
    sku: String,
    quantity: i64,
    currency: String,
    gross_cents: i64,
    discount_percent: i64,
    discount_cents: i64,
    total_cents: i64,
}

/// Why there is no price.
#[derive(Debug, TaskError)]
pub enum PriceError {
    /// The article and the attempt.
    #[task_error(message = "no price for {0} at attempt {1}: the price service is down")]
    PriceServiceError(String, u32),
    /// The article, and what is wrong.
    #[task_error(message = "{0}: {1}")]
    InvalidLineItemError(String, &'static str),
}

#[stepwell_task::task]
fn price_line_item(input: Input, ctx: &Context) -> Result<Priced, PriceError> {
    let Input { item, currency } = input;
    if item.quantity <= 0 || item.unit_price_cents < 0 {
        let why = "there must be pieces, and a price that is not below 0";
        return Err(PriceError::InvalidLineItemError(item.sku, why));
    }
    if item.price_service_outages > 0 && ctx.attempt() < item.price_service_outages {
        return Err(PriceError::PriceServiceError(item.sku, ctx.attempt()));
    }
    let fits = DISCOUNTS
        .iter()
        .rev()
        .find(|(pieces, _)| item.quantity >= *pieces);
    let discount_percent = fits.map_or(0, |(_, percent)| *percent);
    let costs = || {
        let gross_cents = item.unit_price_cents.checked_mul(item.quantity)?;
        let discount_cents = gross_cents.checked_mul(discount_percent)?.checked_add(99)? / 100;
        Some((gross_cents, discount_cents))
    };
    let Some((gross_cents, discount_cents)) = costs() else {
        return Err(PriceError::InvalidLineItemError(
            item.sku,
            "it costs more than can be counted",
        ));
    };
    Ok(Priced {
        sku: item.sku,
        quantity: item.quantity,
        currency,
        gross_cents,
        discount_percent,
        discount_cents,
        total_cents: gross_cents - discount_cents,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use stepwell_task::test;

    use super::*;

    fn input(quantity: i64, unit_price_cents: i64) -> Value {
        let item = json!({
            "sku": "S", "quantity": quantity, "unitPriceCents": unit_price_cents, "priceServiceOutages": 0
        });
        json!({"item": item, "currency": "EUR"})
    }

    #[test]
    fn many_pieces_are_cheaper() {
        for (quantity, percent, total) in [
            (9, 0, 900),
            (10, 5, 950),
            (49, 5, 4_655),
            (50, 10, 4_500),
            (99, 10, 8_910),
            (100, 15, 8_500),
        ] {
            let output = test::run(price_line_item, input(quantity, 100)).unwrap();
            assert_eq!(
                (&output["discountPercent"], &output["totalCents"]),
                (&json!(percent), &json!(total))
            );
        }
    }

    #[test]
    fn of_a_fraction_of_a_cent_the_customer_has_the_better_part() {
        let output = test::run(price_line_item, input(11, 3)).unwrap();
        assert_eq!(
            (&output["grossCents"], &output["discountCents"]),
            (&json!(33), &json!(2))
        );
        assert_eq!(
            test::run(price_line_item, input(1, 3)).unwrap()["totalCents"],
            3
        );
    }

    #[test]
    fn the_first_attempts_fail_while_the_service_is_down() {
        let mut input = input(1, 100);
        input["item"]["priceServiceOutages"] = json!(1);
        let error = test::run(price_line_item, input.clone()).unwrap_err();
        assert_eq!(error.error, "PriceServiceError");
        let second = Context::for_test().attempt(1).build();
        assert!(test::run_with(price_line_item, input, &second).is_ok());
    }

    #[test]
    fn what_cannot_be_priced_is_invalid() {
        for input in [
            input(0, 100),
            input(1, -1),
            input(2, i64::MAX),
            input(100, i64::MAX / 100),
        ] {
            let error = test::run(price_line_item, input).unwrap_err();
            assert_eq!(error.error, "InvalidLineItemError");
        }
    }
}
