//! Randomness as an argument: a deterministic stream from a seed, and java.util.Random for
//! `States.MathRandom` with a seed.

/// A stream of pseudo-random numbers (SplitMix64). The same seed gives the same stream, on every host and
/// in every version: recorded executions rely on it. Not for secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entropy {
    state: u64,
}

impl Entropy {
    /// The stream that belongs to `seed`.
    pub fn from_seed(seed: u64) -> Entropy {
        Entropy { state: seed }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0.0 ..< 1.0`, of 53 random bits.
    pub fn unit_f64(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / 9_007_199_254_740_992.0; // 2^53
        // 53 bits are exact in a double.
        (self.next_u64() >> 11) as f64 * SCALE
    }

    /// A UUID of version 4 (RFC 9562) in lower case with hyphens.
    pub fn uuid_v4(&mut self) -> String {
        let high = (self.next_u64() & 0xffff_ffff_ffff_0fff) | 0x4000;
        let low = (self.next_u64() & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}
