//! Task `archive-report`: says under which key a report is archived, and its checksum.
//!
//! It keeps nothing: a task has no place to keep anything unless it is granted one.
//!
//! Input: a report of `build-report`.
//!
//! ```json
//! { "date": "2026-11-23", "text": "Orders of 2026-11-23 …" }
//! ```
//!
//! Output: the key, the length, and a checksum (FNV-1a, 64 bits: against mistakes, not malice).
//!
//! ```json
//! { "archiveKey": "reports/2026/11/23.txt", "bytes": 118, "checksum": "fnv1a:cbf29ce484222325" }
//! ```

use serde::{Deserialize, Serialize};
use stepwell_task::Context;

/// What to archive.
#[derive(Debug, Deserialize)]
pub struct Report {
    date: String,
    text: String,
}

/// Where it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    archive_key: String,
    bytes: usize,
    checksum: String,
}

#[stepwell_task::task]
fn archive_report(report: Report, ctx: &Context) -> Archived {
    // Of a date only digits and dashes come into the key, so that no date leads out of the folder.
    let day: String = report
        .date
        .chars()
        .filter_map(|letter| match letter {
            '-' => Some('/'),
            digit if digit.is_ascii_digit() => Some(digit),
            _ => None,
        })
        .collect();
    let archive_key = format!("reports/{day}.txt");
    ctx.info(&format!("archived as {archive_key}"));
    let checksum = format!("fnv1a:{:016x}", fnv1a(report.text.as_bytes()));
    Archived {
        archive_key,
        bytes: report.text.len(),
        checksum,
    }
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_key_is_made_of_the_date() {
        let output = test::run(archive_report, json!({"date": "2026-11-23", "text": "a"}));
        let expected = json!({
            "archiveKey": "reports/2026/11/23.txt", "bytes": 1, "checksum": "fnv1a:af63dc4c8601ec8c"
        });
        assert_eq!(output, Ok(expected));
    }

    #[test]
    fn no_date_leads_out_of_the_folder() {
        let output = test::run(archive_report, json!({"date": "../../x-1", "text": ""})).unwrap();
        assert_eq!(output["archiveKey"], "reports//1.txt");
    }
}
