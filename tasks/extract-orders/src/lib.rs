//! Task `extract-orders`: gathers the orders of a day, by region.
//!
//! The orders are made up, from the date and the region alone: the same day always has the same ones.
//!
//! Input: the day and the regions.
//!
//! ```json
//! { "date": "2026-11-23", "regions": [ "north", "south" ] }
//! ```
//!
//! Output: what a Map over `$.regions` wants.
//!
//! ```json
//! { "date": "2026-11-23", "orderCount": 31,
//!   "regions": [ { "region": "north", "orders": [ { "orderId": "north-001", "totalCents": 8120 } ] } ] }
//! ```
//!
//! Fails as `InvalidBatchError` for a date that is none or regions that are none, too many or twice.

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// Most regions of one batch.
const REGIONS_MAX: usize = 50;

/// What to gather.
#[derive(Debug, Deserialize)]
pub struct Batch {
    date: String,
    regions: Vec<String>,
}

/// What there was.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extract {
    date: String,
    order_count: usize,
    regions: Vec<Region>,
}

#[derive(Debug, Serialize)]
struct Region {
    region: String,
    orders: Vec<Order>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    total_cents: u64,
}

/// Why nothing was gathered.
#[derive(Debug, TaskError)]
pub enum BatchError {
    /// What is wrong.
    #[task_error(message = "{0}")]
    InvalidBatchError(String),
}

#[stepwell_task::task]
fn extract_orders(batch: Batch, ctx: &Context) -> Result<Extract, BatchError> {
    let Batch { date, regions } = batch;
    let invalid = |problem: String| Err(BatchError::InvalidBatchError(problem));
    if !is_date(&date) {
        return invalid(format!("date: `{date}` is not written as 2026-11-23"));
    }
    if regions.is_empty() || regions.len() > REGIONS_MAX {
        return invalid(format!(
            "regions: {} is not in 1..={REGIONS_MAX}",
            regions.len()
        ));
    }
    let mut seen: Vec<&String> = regions.iter().collect();
    seen.sort();
    if let Some([twice, _]) = seen.array_windows().find(|[left, right]| left == right) {
        return invalid(format!("regions: `{twice}` is there twice"));
    }
    let regions: Vec<Region> = regions
        .into_iter()
        .map(|region| Region {
            orders: orders(&date, &region),
            region,
        })
        .collect();
    let order_count = regions.iter().map(|region| region.orders.len()).sum();
    ctx.info(&format!("{order_count} orders on {date}"));
    Ok(Extract {
        date,
        order_count,
        regions,
    })
}

/// Year, month and day in their places; how long a month is, nobody asks here.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| match part.bytes().all(|byte| byte.is_ascii_digit()) {
        true if part.len() == digits => part.parse::<u32>().ok(),
        _ => None,
    };
    let &[year, month, day] = parts.as_slice() else {
        return false;
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}

/// From 8 to 23 orders, from 5.00 to 250.00 each.
fn orders(date: &str, region: &str) -> Vec<Order> {
    let mut dice = Dice::of(date, region);
    let count = 8 + dice.roll(16);
    (1..=count)
        .map(|number| Order {
            order_id: format!("{region}-{number:03}"),
            total_cents: 500 + dice.roll(24_501),
        })
        .collect()
}

/// Numbers that look random and always are the same (splitmix64).
struct Dice(u64);

impl Dice {
    fn of(date: &str, region: &str) -> Dice {
        let text = date.bytes().chain(*b"/").chain(region.bytes());
        Dice(text.fold(0, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(u64::from(byte))
        }))
    }

    /// From 0 to below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_day_always_has_the_same_orders_and_another_day_others() {
        let day = |date: &str| {
            test::run(
                extract_orders,
                json!({"date": date, "regions": ["north", "south"]}),
            )
            .unwrap()
        };
        assert_eq!(day("2026-11-23"), day("2026-11-23"));
        assert_ne!(day("2026-11-23")["regions"], day("2026-11-24")["regions"]);
        let orders = day("2026-11-23")["regions"][0]["orders"]
            .as_array()
            .unwrap()
            .len();
        assert!((8..=23).contains(&orders), "{orders}");
    }

    #[test]
    fn a_batch_that_makes_no_sense_is_refused() {
        for batch in [
            json!({"date": "23.11.2026", "regions": ["north"]}),
            json!({"date": "2026-13-01", "regions": ["north"]}),
            json!({"date": "2026-11-23", "regions": []}),
            json!({"date": "2026-11-23", "regions": vec!["r"; REGIONS_MAX + 1]}),
            json!({"date": "2026-11-23", "regions": ["north", "south", "north"]}),
        ] {
            assert_eq!(
                test::run(extract_orders, batch).unwrap_err().error,
                "InvalidBatchError"
            );
        }
    }
}
