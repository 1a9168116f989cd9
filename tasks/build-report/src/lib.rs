//! Task `build-report`: makes the report of a day from the summaries of its regions.
//!
//! Input: the day, and what `summarize-region` gave for each region.
//!
//! ```json
//! { "date": "2026-11-23", "summaries": [ { "region": "north", "orderCount": 1, "totalCents": 8120 } ] }
//! ```
//!
//! Output: the sums, and a text for people with the regions by their turnover.
//!
//! ```json
//! { "date": "2026-11-23", "orderCount": 1, "totalCents": 8120, "bestRegion": "north",
//!   "text": "Orders of 2026-11-23\n\nnorth             1 orders         81.20\n…" }
//! ```
//!
//! Fails as `EmptyReportError` when there is no region to report of.

use std::cmp::Reverse;
use std::fmt::Write;

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// What to report of.
#[derive(Debug, Deserialize)]
pub struct Input {
    date: String,
    summaries: Vec<Summary>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    region: String,
    order_count: u64,
    total_cents: u64,
}

/// The report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    date: String,
    order_count: u64,
    total_cents: u64,
    best_region: String,
    text: String,
}

/// Why there is none.
#[derive(Debug, TaskError)]
pub enum ReportError {
    /// The day.
    #[task_error(message = "there is no region to report of on {0}")]
    EmptyReportError(String),
}

#[stepwell_task::task]
fn build_report(input: Input, ctx: &Context) -> Result<Report, ReportError> {
    let Input {
        date,
        mut summaries,
    } = input;
    summaries.sort_by_key(|one| (Reverse(one.total_cents), one.region.clone()));
    let Some(best) = summaries.first() else {
        return Err(ReportError::EmptyReportError(date));
    };
    let best_region = best.region.clone();
    let sum = |of: fn(&Summary) -> u64| summaries.iter().map(of).fold(0, u64::saturating_add);
    let (order_count, total_cents) = (sum(|one| one.order_count), sum(|one| one.total_cents));
    let mut text = format!("Orders of {date}\n\n");
    for one in &summaries {
        line(&mut text, &one.region, one.order_count, one.total_cents);
    }
    line(&mut text, "all regions", order_count, total_cents);
    ctx.info(&format!("{} regions reported", summaries.len()));
    Ok(Report {
        date,
        order_count,
        total_cents,
        best_region,
        text,
    })
}

fn line(text: &mut String, region: &str, orders: u64, cents: u64) {
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{region:<12} {orders:>6} orders {amount:>13}");
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_regions_are_reported_by_their_turnover() {
        let input = json!({"date": "2026-11-23", "summaries": [
            {"region": "north", "orderCount": 2, "totalCents": 105},
            {"region": "south", "orderCount": 1, "totalCents": 20_000}
        ]});
        let output = test::run(build_report, input).unwrap();
        assert_eq!(
            (&output["orderCount"], &output["totalCents"]),
            (&json!(3), &json!(20_105))
        );
        assert_eq!(output["bestRegion"], "south");
        let text = "Orders of 2026-11-23\n\n\
            south             1 orders        200.00\n\
            north             2 orders          1.05\n\
            all regions       3 orders        201.05\n";
        assert_eq!(output["text"], text);
    }

    #[test]
    fn without_a_region_there_is_no_report() {
        let error =
            test::run(build_report, json!({"date": "2026-11-23", "summaries": []})).unwrap_err();
        assert_eq!(error.error, "EmptyReportError");
    }
}
