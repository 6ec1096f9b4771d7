//! Random numbers for jitter: drawn from the platform, or from a generator with a seed.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

/// The stream of PCG32 that the numbers come from; with the seed it settles them for good.
const STREAM: u64 = 0;

/// The least and the most that chance can be.
pub(crate) const ENDS: [f64; 2] = [0.0, 1.0_f64.next_down()];

/// A seed from the platform: short enough to be typed again.
///
/// # Errors
/// The platform has none to give.
pub(crate) fn seed() -> Result<u64, getrandom::Error> {
    getrandom::u32().map(u64::from)
}

/// A number in [0, 1) from the platform, in millionths: short enough to be typed again.
///
/// # Errors
/// The platform has none to give.
pub(crate) fn number() -> Result<f64, getrandom::Error> {
    Ok(f64::from(getrandom::u32()? % 1_000_000) / 1_000_000.0)
}

/// Numbers in [0, 1) by a seed, the same on every machine and in every version: the outputs of PCG32 (XSH RR 64/32)
/// with this seed on stream 0, each over 2^32.
#[derive(Debug)]
pub(crate) struct Seeded(Pcg32);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg32::new(seed, STREAM))
    }
}

impl Iterator for Seeded {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        Some(f64::from(self.0.next_u32()) / 4_294_967_296.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDS, Seeded, number};

    #[test]
    fn every_number_is_at_least_0_and_less_than_1() {
        let drawn = std::iter::repeat_with(|| number().expect("the platform has some")).take(100);
        for number in Seeded::new(1).take(10_000).chain(drawn).chain(ENDS) {
            assert!((0.0..1.0).contains(&number), "{number}");
        }
    }
}
