//! Names by a perfect hash, the one of the phf family: a name's bucket says how its hash is displaced, and that gives
//! the only place where the name can stand. The name at that place is compared, so that a name that isn't there finds
//! nothing, at the same price.
//!
//! `phf_generator` finds the displacements when the tables are printed, and the build looks every name up once, by what
//! stands here. The hash is our own: that of phf, a SipHash of 128 bits, is what its look-ups cost. It needs no strength
//! against chosen names, because built-in names are chosen by nobody; those of loaded catalogs are sorted instead.

/// A name and the row it leads to, each at the place that its hash gives.
#[derive(Debug)]
pub(crate) struct Hashed {
    /// What the hash begins with.
    pub(crate) key: u64,
    /// How each bucket is displaced.
    pub(crate) displacements: &'static [(u32, u32)],
    /// The names.
    pub(crate) names: &'static [(&'static str, u32)],
}

impl Hashed {
    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        let place = place(hash(name, self.key), self.displacements, self.names.len())?;
        let (known, row) = self.names.get(place)?;
        (*known == name).then_some(*row)
    }
}

/// Where a name of this hash stands among so many.
#[inline]
pub(crate) fn place([bucket, first, second]: [u32; 3], displacements: &[(u32, u32)], names: usize) -> Option<usize> {
    let buckets = u32::try_from(displacements.len()).ok()?;
    let (scale, shift) = displacements.get(bucket.checked_rem(buckets)? as usize)?;
    let displaced = shift.wrapping_add(first.wrapping_mul(*scale)).wrapping_add(second);
    Some(displaced.checked_rem(u32::try_from(names).ok()?)? as usize)
}

/// The hash of a name: its bucket, and the two numbers that are displaced. It is the same on every platform.
#[inline]
pub(crate) fn hash(name: &str, key: u64) -> [u32; 3] {
    let bytes = name.as_bytes();
    let mut state = key ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = fold(state ^ u64::from_le_bytes(*word));
    }
    // The last word overlaps the one before, so that nothing is read byte by byte but a short name.
    let last = match (bytes.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let state = fold(state ^ last);
    [(state >> 32) as u32, state as u32, fold(state) as u32]
}

/// Both halves of a product: every bit of the number reaches every bit of it.
#[inline]
fn fold(number: u64) -> u64 {
    // 2^64 divided by the golden ratio.
    let product = u128::from(number) * 0x9E37_79B9_7F4A_7C15;
    product as u64 ^ (product >> 64) as u64
}
