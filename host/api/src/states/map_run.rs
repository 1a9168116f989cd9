//! Map runs: there are none as long as no state starts one.

use super::execution_wire::wrong_kind;
use super::machine_error::{invalid_arn, resource_not_found};
use crate::error::ApiError;

/// `…:mapRun:NAME/LABEL:UUID` (ASL.md §8.5).
///
/// # Errors
/// `InvalidArn`.
pub(super) fn map_run_arn(arn: &str) -> Result<(), ApiError> {
    let parts: Vec<&str> = arn.split(':').collect();
    match parts.as_slice() {
        ["arn", partition, "states", _, _, "mapRun", labelled, run]
            if !partition.is_empty() && labelled.contains('/') && !run.is_empty() =>
        {
            Ok(())
        }
        ["arn", _, "states", _, _, kind, _, ..] if *kind != "mapRun" => Err(wrong_kind(arn)),
        _ => Err(invalid_arn(&format!("Invalid ARN prefix: {arn}"))),
    }
}

pub(super) fn no_such_map_run(arn: &str) -> ApiError {
    resource_not_found(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_map_run_has_a_label_and_a_run() {
        let base = "arn:aws:states:us-east-1:123456789012";
        assert_eq!(map_run_arn(&format!("{base}:mapRun:orders/each:1")), Ok(()));
        for (arn, text) in [
            ("nonsense".to_owned(), "Invalid ARN prefix: nonsense"),
            (
                format!("{base}:execution:orders:one"),
                "Resource type not valid in this context: execution",
            ),
        ] {
            let refused = map_run_arn(&arn).unwrap_err();
            assert_eq!(refused.code, "InvalidArn");
            assert_eq!(refused.message, format!("Invalid Arn: '{text}'"));
        }
    }
}
