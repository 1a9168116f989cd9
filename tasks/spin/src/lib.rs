//! Task `spin`: never ends, so that one can watch it being stopped.
//!
//! Input: anything; `{ "rounds": 1000 }` makes it end after that many.
//!
//! Output, if there is any: `{ "rounds": 1000 }`. Fails as `Sandbox.Timedout`, when its fuel or its
//! time is used up.

use std::hint::black_box;

use serde::{Deserialize, Serialize};

/// How long to spin.
#[derive(Debug, Deserialize)]
pub struct Input {
    rounds: Option<u64>,
}

/// How long it was.
#[derive(Debug, Serialize)]
pub struct Output {
    rounds: u64,
}

#[stepwell_task::task]
fn spin(input: Input) -> Output {
    let mut rounds = 0_u64;
    while input.rounds.is_none_or(|last| rounds < last) {
        rounds = black_box(rounds.wrapping_add(1));
    }
    Output { rounds }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_number_of_rounds_ends() {
        assert_eq!(
            test::run(spin, json!({"rounds": 1_000})),
            Ok(json!({"rounds": 1_000}))
        );
    }
}
