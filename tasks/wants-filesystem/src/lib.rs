//! Task `wants-filesystem`: reads a file and so imports `wasi:filesystem`. A sandbox that does not
//! grant files refuses it before it runs.
//!
//! Input: `{ "path": "/etc/hostname" }`. Output: `{ "bytes": 12 }`.

use std::fs;

use serde::{Deserialize, Serialize};

/// Which file to read.
#[derive(Debug, Deserialize)]
pub struct Input {
    path: String,
}

/// How long it is.
#[derive(Debug, Serialize)]
pub struct Output {
    bytes: usize,
}

#[stepwell_task::task]
fn wants_filesystem(input: Input) -> stepwell_task::Result<Output> {
    Ok(Output {
        bytes: fs::read(input.path)?.len(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_file_that_is_not_there_fails_as_an_error_of_io() {
        let error = test::run(wants_filesystem, json!({"path": "absent/file"})).unwrap_err();
        assert_eq!(error.error, "io.Error");
    }
}
