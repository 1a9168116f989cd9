//! Lists of executions, newest start first. Each is read along an index; executions that started in the same
//! µs are sorted by ARN, which no index needs to hold.

use rusqlite::{Connection, params};

use super::checksum::hash;
use super::execution::{ExecutionRow, execution_columns, status_number};
use super::fault::Outcome;
use crate::limits;
use crate::store::{Listed, Listing};

/// The filters that every list has, and its order. The index of the list is walked from the cursor on.
macro_rules! page {
    ($which:literal) => {
        concat!(
            "SELECT ",
            execution_columns!(),
            " FROM execution WHERE ",
            $which,
            " AND started_at <= ?2 AND (started_at < ?2 OR arn < ?3)",
            " AND (?4 IS NULL OR status = ?4) AND (?5 IS NULL OR redriven = ?5)"
        )
    };
}

macro_rules! ordered {
    ($sql:expr) => {
        concat!($sql, " ORDER BY started_at DESC, arn DESC")
    };
}

const BY_MACHINE: &str = ordered!(page!("machine = ?1"));

const BY_STATUS: &str = ordered!(page!("machine = ?1 AND status = ?4"));

/// An execution that was started through an alias is found by the version behind it too.
const BY_QUALIFIED: &str = ordered!(concat!(
    page!("version = ?1"),
    " UNION ALL ",
    page!("alias = ?1 AND version IS NOT ?1")
));

pub(super) fn list(connection: &Connection, listing: &Listing) -> Outcome<Vec<Listed>> {
    let max = listing.max.min(limits::READ_ROWS_MAX);
    let (sql, key) = match (&listing.qualified_arn, listing.status) {
        (Some(qualified), _) => (BY_QUALIFIED, hash(qualified)),
        (None, Some(_)) => (BY_STATUS, hash(&listing.machine_arn)),
        (None, None) => (BY_MACHINE, hash(&listing.machine_arn)),
    };
    // Without a cursor: everything is before the end of time.
    let (started_at, arn) = match &listing.after {
        Some(after) => (after.started_at.0, after.execution.as_str()),
        None => (i64::MAX, "\u{10ffff}"),
    };
    let status = listing.status.map(status_number);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![key, started_at, arn, status, listing.redriven])?;
    let mut listed = Vec::new();
    while listed.len() < max
        && let Some(row) = rows.next()?
    {
        let row = ExecutionRow::read(row, 0)?;
        // Two ARNs could have the same hash.
        if listing.wants(&row.index) {
            listed.push(Listed {
                execution: row.arn,
                index: row.index,
            });
        }
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    //! Lists walk along an index: their cost is that of the page, not of the table.

    use rusqlite::Connection;

    use super::{BY_MACHINE, BY_QUALIFIED, BY_STATUS};
    use crate::sqlite::schema;

    #[test]
    fn lists_walk_along_an_index() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(schema::CREATE).unwrap();
        let cases: [(&str, &[&str]); 3] = [
            (
                BY_MACHINE,
                &["execution_by_machine (machine=? AND started_at<?)"],
            ),
            (
                BY_STATUS,
                &["execution_by_status (machine=? AND status=? AND started_at<?)"],
            ),
            (
                BY_QUALIFIED,
                &[
                    "execution_by_version (version=? AND started_at<?)",
                    "execution_by_alias (alias=? AND started_at<?)",
                    "MERGE",
                ],
            ),
        ];
        for (sql, wanted) in cases {
            let mut statement = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            let steps = statement
                .query_map([0, 0, 0, 0, 0], |row| row.get::<_, String>(3))
                .unwrap();
            let plan: Vec<String> = steps.map(Result::unwrap).collect();
            let plan = plan.join("\n");
            for part in wanted {
                assert!(plan.contains(part), "{part} is not in:\n{plan}");
            }
            assert!(
                !plan.contains("FOR ORDER BY") && !plan.contains("SCAN execution"),
                "all rows are sorted:\n{plan}"
            );
        }
    }
}
