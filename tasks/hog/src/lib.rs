//! Task `hog`: eats memory, so that one can watch it being stopped.
//!
//! Input: anything; `{ "megabytes": 8 }` makes it stop by itself after that much.
//!
//! Output, if there is any: `{ "megabytes": 8 }`. Fails as `Runtime.ExitError`, when it has reached
//! its memory limit.

use std::hint::black_box;

use serde::{Deserialize, Serialize};

/// One megabyte, in bytes.
const MEGABYTE: usize = 1 << 20;

/// How much to eat.
#[derive(Debug, Deserialize)]
pub struct Input {
    megabytes: Option<u64>,
}

/// How much it was.
#[derive(Debug, Serialize)]
pub struct Output {
    megabytes: u64,
}

#[stepwell_task::task]
fn hog(input: Input) -> Output {
    let mut eaten: Vec<Vec<u8>> = Vec::new();
    let mut megabytes = 0_u64;
    while input.megabytes.is_none_or(|last| megabytes < last) {
        // Ones, because fresh memory holds zeroes already and need not be touched for them.
        eaten.push(black_box(vec![1; MEGABYTE]));
        megabytes += 1;
    }
    Output { megabytes }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_number_of_megabytes_is_enough() {
        assert_eq!(
            test::run(hog, json!({"megabytes": 2})),
            Ok(json!({"megabytes": 2}))
        );
    }
}
