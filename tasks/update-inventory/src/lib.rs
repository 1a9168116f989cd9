//! Task `update-inventory`: takes reserved pieces out of the stock.
//!
//! Input: the reservations that `check-inventory` made.
//!
//! ```json
//! { "orderId": "ORD-1001", "reservations": [ { "sku": "GRINDER-07", "quantity": 3, "level": 12 } ] }
//! ```
//!
//! Output: the new levels, and which articles should be ordered anew (fewer than 10 left).
//!
//! ```json
//! { "levels": [ { "sku": "GRINDER-07", "before": 12, "after": 9 } ], "reorder": [ "GRINDER-07" ] }
//! ```
//!
//! Fails as `InventoryUpdateError` when a reservation is larger than the stock it was made of.

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// Below this level an article is ordered anew.
const REORDER_BELOW: u64 = 10;

/// What is to be taken.
#[derive(Debug, Deserialize)]
pub struct Input {
    reservations: Vec<Reservation>,
}

#[derive(Debug, Deserialize)]
struct Reservation {
    sku: String,
    quantity: u64,
    level: u64,
}

/// What is left.
#[derive(Debug, Serialize)]
pub struct Updated {
    levels: Vec<Level>,
    reorder: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Level {
    sku: String,
    before: u64,
    after: u64,
}

/// Why nothing was taken.
#[derive(Debug, TaskError)]
pub enum UpdateError {
    /// The article, how many were reserved, and of how many.
    #[task_error(message = "{0}: {1} reserved of {2}")]
    InventoryUpdateError(String, u64, u64),
}

#[stepwell_task::task]
fn update_inventory(input: Input, ctx: &Context) -> Result<Updated, UpdateError> {
    let mut updated = Updated {
        levels: Vec::new(),
        reorder: Vec::new(),
    };
    for Reservation {
        sku,
        quantity,
        level,
    } in input.reservations
    {
        let Some(after) = level.checked_sub(quantity) else {
            return Err(UpdateError::InventoryUpdateError(sku, quantity, level));
        };
        if after < REORDER_BELOW {
            ctx.warn(&format!("{sku}: {after} left"));
            updated.reorder.push(sku.clone());
        }
        updated.levels.push(Level {
            sku,
            before: level,
            after,
        });
    }
    Ok(updated)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn pieces_leave_the_stock_and_low_articles_are_told() {
        let input = json!({"reservations": [
            {"sku": "MUG-BLUE", "quantity": 190, "level": 200},
            {"sku": "GRINDER-07", "quantity": 3, "level": 12}
        ]});
        let expected = json!({
            "levels": [
                {"sku": "MUG-BLUE", "before": 200, "after": 10},
                {"sku": "GRINDER-07", "before": 12, "after": 9}
            ],
            "reorder": ["GRINDER-07"]
        });
        assert_eq!(test::run(update_inventory, input), Ok(expected));
    }

    #[test]
    fn a_stock_does_not_go_below_nothing() {
        let input = json!({"reservations": [{"sku": "MUG-RED", "quantity": 1, "level": 0}]});
        let error = test::run(update_inventory, input).unwrap_err();
        assert_eq!(
            (error.error.as_str(), error.cause.as_str()),
            ("InventoryUpdateError", "MUG-RED: 1 reserved of 0")
        );
    }
}
