//! Many statuses at once, by class alone.

/// The class of each status (RFC 9110, section 15), 1 to 5, or 0 where it has none. Fills as many as both have.
pub fn classes(statuses: &[u16], into: &mut [u8]) {
    for (class, status) in into.iter_mut().zip(statuses) {
        // The shift divides: 5243 / 2^19 is a little over 1/100, and exact below 43,699.
        let hundreds = (u32::from(*status) * 5_243) >> 19;
        *class = if *status < 600 { hundreds as u8 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::classes;

    #[test]
    fn every_status_has_the_class_of_its_hundreds() {
        for status in 0..=u16::MAX {
            let mut class = [9];
            classes(&[status], &mut class);
            let expected = if (100..600).contains(&status) { status / 100 } else { 0 };
            assert_eq!(u16::from(class[0]), expected, "{status}");
        }
    }
}
