//! Task `check-inventory`: reserves what an order wants, if all of it is in stock.
//!
//! Input: an order; only its `items` are read.
//!
//! ```json
//! { "orderId": "ORD-1001", "items": [ { "sku": "KETTLE-01", "quantity": 2 } ] }
//! ```
//!
//! Output: one reservation per article, in the order of the articles' names; `level` is the stock
//! before the reservation.
//!
//! ```json
//! { "available": true, "reservations": [ { "sku": "KETTLE-01", "quantity": 2, "level": 40 } ] }
//! ```
//!
//! Fails as `OutOfStockError`, whose cause names every article that is short and its level. An
//! article that the shop does not have has level 0.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// What is on the shelves, by article. `MUG-RED` is sold out, `ESPRESSO-X` is rare.
const STOCK: [(&str, u64); 9] = [
    ("BEANS-1KG", 500),
    ("ESPRESSO-X", 2),
    ("FILTER-100", 1000),
    ("GRINDER-07", 12),
    ("KETTLE-01", 40),
    ("MUG-BLUE", 200),
    ("MUG-RED", 0),
    ("SCALE-03", 25),
    ("TEAPOT-02", 15),
];

/// What is read of an order.
#[derive(Debug, Deserialize)]
pub struct Order {
    /// The line items; the same article may be in several.
    pub items: Vec<Item>,
}

/// A line item.
#[derive(Debug, Deserialize)]
pub struct Item {
    /// The article.
    pub sku: String,
    /// How many pieces are wanted.
    pub quantity: u64,
}

/// Everything is there.
#[derive(Debug, Serialize)]
pub struct Reserved {
    /// Always true: an order that is short fails.
    pub available: bool,
    /// One for each article.
    pub reservations: Vec<Reservation>,
}

/// Pieces set aside.
#[derive(Debug, Serialize)]
pub struct Reservation {
    /// The article.
    pub sku: String,
    /// How many pieces.
    pub quantity: u64,
    /// How many there were.
    pub level: u64,
}

/// Why nothing was reserved.
#[derive(Debug, TaskError)]
pub enum InventoryError {
    /// Articles that are short, and their levels.
    #[task_error(message = "out of stock: {0}")]
    OutOfStockError(String),
}

#[stepwell_task::task]
fn check_inventory(order: Order, ctx: &Context) -> Result<Reserved, InventoryError> {
    let mut wanted: BTreeMap<String, u64> = BTreeMap::new();
    for item in order.items {
        let pieces = wanted.entry(item.sku).or_default();
        *pieces = pieces.saturating_add(item.quantity);
    }
    let reservations: Vec<Reservation> = wanted
        .into_iter()
        .map(|(sku, quantity)| Reservation {
            level: level(&sku),
            sku,
            quantity,
        })
        .collect();
    let short: Vec<String> = reservations
        .iter()
        .filter(|one| one.quantity > one.level)
        .map(|one| {
            format!(
                "{} ({} wanted, {} in stock)",
                one.sku, one.quantity, one.level
            )
        })
        .collect();
    if !short.is_empty() {
        return Err(InventoryError::OutOfStockError(short.join(", ")));
    }
    ctx.info(&format!("{} articles reserved", reservations.len()));
    Ok(Reserved {
        available: true,
        reservations,
    })
}

fn level(sku: &str) -> u64 {
    STOCK
        .iter()
        .find(|(name, _)| *name == sku)
        .map_or(0, |(_, level)| *level)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_last_piece_can_be_had_and_no_more() {
        let order = |quantity: u64| json!({"items": [{"sku": "ESPRESSO-X", "quantity": quantity}]});
        let output = test::run(check_inventory, order(2)).unwrap();
        assert_eq!(
            output["reservations"],
            json!([{"sku": "ESPRESSO-X", "quantity": 2, "level": 2}])
        );
        let error = test::run(check_inventory, order(3)).unwrap_err();
        assert_eq!(error.error, "OutOfStockError");
        assert_eq!(
            error.cause,
            "out of stock: ESPRESSO-X (3 wanted, 2 in stock)"
        );
    }

    #[test]
    fn line_items_of_one_article_count_together() {
        let order = json!({"items": [
            {"sku": "TEAPOT-02", "quantity": 8},
            {"sku": "MUG-BLUE", "quantity": 1},
            {"sku": "TEAPOT-02", "quantity": 8}
        ]});
        let error = test::run(check_inventory, order).unwrap_err();
        assert_eq!(
            error.cause,
            "out of stock: TEAPOT-02 (16 wanted, 15 in stock)"
        );
    }

    #[test]
    fn every_article_that_is_short_is_named() {
        let order = json!({"items": [{"sku": "MUG-RED", "quantity": 1}, {"sku": "UNICORN", "quantity": 1}]});
        let error = test::run(check_inventory, order).unwrap_err();
        assert!(
            error.cause.contains("MUG-RED") && error.cause.contains("UNICORN"),
            "{}",
            error.cause
        );
    }
}
