//! Choices drawn from a tape of numbers: what a property test shrinks. An empty tape gives the simplest
//! of everything, so that the shortest tape that fails is also the simplest case.

use proptest::prelude::*;

/// Reads a tape; 0 for ever once it is used up.
pub(crate) struct Draw<'a> {
    tape: &'a [u32],
}

impl<'a> Draw<'a> {
    pub(crate) fn new(tape: &'a [u32]) -> Draw<'a> {
        Draw { tape }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.tape.is_empty()
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        match self.tape.split_first() {
            Some((first, rest)) => {
                self.tape = rest;
                first % bound.max(1)
            }
            None => 0,
        }
    }

    /// `true` once in `n` times.
    pub(crate) fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == n - 1
    }

    /// An element of a slice that is not empty.
    pub(crate) fn pick<'v, T>(&mut self, from: &'v [T]) -> &'v T {
        let index = self.below(u32::try_from(from.len()).unwrap());
        &from[index as usize]
    }
}

/// Tapes of up to `length` numbers.
pub(crate) fn tapes(length: usize) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 0..length)
}

/// How many cases each property is tried on: `STEPWELL_PROPTEST_CASES`, or `default`. A case that fails is
/// printed as its tape.
pub(crate) fn config(default: u32) -> ProptestConfig {
    let cases = std::env::var("STEPWELL_PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        failure_persistence: None,
        max_shrink_iters: 5_000,
        ..ProptestConfig::default()
    }
}
