//! Task `summarize-region`: adds up the orders of one region.
//!
//! Input: one of the `regions` that `extract-orders` gives.
//!
//! ```json
//! { "region": "north", "orders": [ { "orderId": "north-001", "totalCents": 8120 } ] }
//! ```
//!
//! Output: the sums; the average is rounded down.
//!
//! ```json
//! { "region": "north", "orderCount": 1, "totalCents": 8120, "averageCents": 8120,
//!   "largest": { "orderId": "north-001", "totalCents": 8120 } }
//! ```
//!
//! Fails as `RegionOverflowError` when the sum is no number of 64 bits.

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// A region and its orders.
#[derive(Debug, Deserialize)]
pub struct Region {
    region: String,
    orders: Vec<Order>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    total_cents: u64,
}

/// What they add up to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    region: String,
    order_count: u64,
    total_cents: u64,
    average_cents: u64,
    largest: Option<Order>,
}

/// Why there is no sum.
#[derive(Debug, TaskError)]
pub enum SummaryError {
    /// The region.
    #[task_error(message = "the orders of {0} add up to more than can be counted")]
    RegionOverflowError(String),
}

#[stepwell_task::task]
fn summarize_region(region: Region, ctx: &Context) -> Result<Summary, SummaryError> {
    let mut largest: Option<&Order> = None;
    let (mut order_count, mut total_cents) = (0_u64, 0_u64);
    for order in &region.orders {
        let Some(sum) = total_cents.checked_add(order.total_cents) else {
            return Err(SummaryError::RegionOverflowError(region.region));
        };
        total_cents = sum;
        order_count += 1;
        if largest.is_none_or(|largest| largest.total_cents < order.total_cents) {
            largest = Some(order);
        }
    }
    ctx.info(&format!("{order_count} orders in {}", region.region));
    Ok(Summary {
        order_count,
        total_cents,
        average_cents: total_cents.checked_div(order_count).unwrap_or(0),
        largest: largest.cloned(),
        region: region.region,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use stepwell_task::test;

    use super::*;

    fn order(total_cents: u64) -> Value {
        json!({"orderId": format!("o-{total_cents}"), "totalCents": total_cents})
    }

    #[test]
    fn the_orders_are_added_up_and_the_largest_is_named() {
        let input = json!({"region": "north", "orders": [order(100), order(301), order(200)]});
        let expected = json!({
            "region": "north", "orderCount": 3, "totalCents": 601, "averageCents": 200, "largest": order(301)
        });
        assert_eq!(test::run(summarize_region, input), Ok(expected));
    }

    #[test]
    fn a_region_without_orders_adds_up_to_nothing() {
        let output = test::run(summarize_region, json!({"region": "west", "orders": []})).unwrap();
        assert_eq!(
            (&output["averageCents"], &output["largest"]),
            (&json!(0), &json!(null))
        );
    }

    #[test]
    fn a_sum_that_overflows_is_an_error() {
        let input = json!({"region": "rich", "orders": [order(u64::MAX), order(1)]});
        assert_eq!(
            test::run(summarize_region, input).unwrap_err().error,
            "RegionOverflowError"
        );
    }
}
