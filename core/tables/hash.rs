//! Names by a perfect hash, the one of the phf family: a name's bucket says how its hash is displaced, and that gives
//! the only place where the name can stand. The name at that place is compared, so that a name that isn't there finds
//! nothing, at the same price.
//!
//! `phf_generator` finds the displacements when the tables are printed, and the build looks every name up once, by what
//! stands here. The hash is our own: that of phf, a SipHash of 128 bits, is what its look-ups cost. It needs no strength
//! against chosen names, because built-in names are chosen by nobody; those of loaded catalogs are sorted by it.

/// Names and the rows they lead to, each at the place that its hash gives.
#[derive(Debug)]
pub(crate) struct Hashed {
    /// What the hash begins with.
    key: u64,
    buckets: Divisor,
    places: Divisor,
    /// How each bucket is displaced.
    displacements: &'static [(u32, u32)],
    /// The names.
    pub(crate) names: &'static [(&'static str, u32)],
}

impl Hashed {
    /// Names at their places.
    pub(crate) const fn new(
        key: u64,
        displacements: &'static [(u32, u32)],
        names: &'static [(&'static str, u32)],
    ) -> Self {
        let (buckets, places) = (Divisor::new(displacements.len()), Divisor::new(names.len()));
        Self { key, buckets, places, displacements, names }
    }

    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        // Most catalogs have no names of a kind.
        if self.names.is_empty() {
            return None;
        }
        let [bucket, first, second] = hash(name, self.key);
        let displacement = *self.displacements.get(self.buckets.remainder(bucket))?;
        let (known, row) = self.names.get(self.places.remainder(displaced(first, second, displacement)))?;
        (*known == name).then_some(*row)
    }
}

/// What two numbers of a hash come to by the displacement of its bucket; the remainder of that is the place.
#[inline]
pub(crate) const fn displaced(first: u32, second: u32, (scale, shift): (u32, u32)) -> u32 {
    shift.wrapping_add(first.wrapping_mul(scale)).wrapping_add(second)
}

/// A number to divide by, with what makes the remainder two multiplications in place of a division (Lemire, Kaser and
/// Kurz, Faster remainder by direct computation, 2019).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Divisor {
    by: u32,
    /// 2^64 divided by it, rounded up.
    inverse: u64,
}

impl Divisor {
    /// A number of things; there are never as many as 2^32.
    pub(crate) const fn new(by: usize) -> Self {
        let inverse = match u64::MAX.checked_div(by as u64) {
            Some(floor) => floor.wrapping_add(1),
            None => 0,
        };
        Self { by: by as u32, inverse }
    }

    /// The remainder of a number; 0 by none.
    #[inline]
    pub(crate) const fn remainder(self, number: u32) -> usize {
        let fraction = self.inverse.wrapping_mul(number as u64);
        ((fraction as u128 * self.by as u128) >> 64) as usize
    }
}

/// The hash of a name: its bucket, and the two numbers that are displaced.
#[inline]
pub(crate) fn hash(name: &str, key: u64) -> [u32; 3] {
    let state = whole(name, key);
    [(state >> 32) as u32, state as u32, (state.wrapping_mul(SCALE) >> 32) as u32]
}

/// The hash of a name as one number. It is the same on every platform.
///
/// Sixteen bytes go in by one multiplication, as in wyhash, so that there are few steps that wait for each other and few
/// lengths that are told apart.
#[inline]
pub(crate) fn whole(name: &str, key: u64) -> u64 {
    let bytes = name.as_bytes();
    // The length is spread over all bits: in those of a letter, it could make up for another letter, whatever the key.
    let mut state = key ^ SCALE.wrapping_mul(bytes.len() as u64);
    let mut rest = bytes;
    while let Some((words, after)) = rest.split_first_chunk::<16>().filter(|(_, after)| !after.is_empty()) {
        state = fold(word(words.first_chunk()) ^ SCALE, word(words.last_chunk()) ^ state);
        rest = after;
    }
    // The last words overlap those before, so that nothing is read byte by byte but a short name.
    let (first, last) = if let Some(words) = bytes.last_chunk::<16>() {
        (word(words.first_chunk()), word(words.last_chunk()))
    } else if bytes.len() >= 8 {
        (word(bytes.first_chunk()), word(bytes.last_chunk()))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
    } else {
        (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0)
    };
    fold(first ^ SCALE, last ^ state)
}

/// 2^64 divided by the golden ratio.
const SCALE: u64 = 0x9E37_79B9_7F4A_7C15;

#[inline]
fn word(bytes: Option<&[u8; 8]>) -> u64 {
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Both halves of a product: every bit of the numbers reaches every bit of it.
#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    product as u64 ^ (product >> 64) as u64
}
