//! Many statuses at once, where all that counts is their class.

/// The class of each status (RFC 9110, section 15), 1 to 5, or 0 of a number that has none. As many are filled in as
/// there are of both.
///
/// It reads and writes as fast as memory does, and so is what to count a column by; an entry of a catalog says more, and
/// [`Catalog::find_status`](crate::Catalog::find_status) finds it.
///
/// ```
/// let mut classes = [0; 4];
/// retriage::classes(&[204, 429, 503, 999], &mut classes);
/// assert_eq!(classes, [2, 4, 5, 0]);
/// ```
pub fn classes(statuses: &[u16], into: &mut [u8]) {
    for (class, status) in into.iter_mut().zip(statuses) {
        // Without a branch, so that the compiler makes whole vectors of it.
        let hundreds = status / 100;
        *class = if hundreds <= 5 { hundreds as u8 } else { 0 };
    }
}
