//! Structs that may grow. Each begins with its size as the caller was compiled with it, and as much is copied as both
//! sides have: a program that is older than the library leaves out fields, which then count as not given, and one that
//! is newer has some that are passed over, or come back as zeros.

use std::mem::MaybeUninit;
use std::ptr;

use crate::status::{Failure, Outcome, RETRIAGE_BAD_SIZE};
use crate::text::null;

/// A struct that may grow.
///
/// # Safety
/// It is `repr(C)`, its first field is its size as a `usize`, and any bytes are a value of it.
pub(crate) unsafe trait Growing: Copy {
    /// What errors call it.
    const NAME: &'static str;
    /// The size it had in the first version that had it.
    const FIRST: usize;
}

/// Says of a struct that it may grow, and which field was its last at first.
macro_rules! growing {
    ($($name:literal $type:ident up to $last:ident: $of:ty;)*) => {$(
        // SAFETY: the struct is `repr(C)`, begins with `size`, and holds numbers and pointers alone.
        unsafe impl $crate::sized::Growing for $type {
            const NAME: &'static str = $name;
            const FIRST: usize = std::mem::offset_of!($type, $last) + size_of::<$of>();
        }
        const _: () = {
            assert!(std::mem::offset_of!($type, size) == 0);
            // A field that is added later must not fall on what older programs have as padding.
            assert!(<$type as $crate::sized::Growing>::FIRST % align_of::<$type>() == 0);
        };
    )*};
}
pub(crate) use growing;

/// A struct as the library has it.
#[cfg(not(retriage_grown))]
#[repr(C)]
struct Own<T> {
    fields: T,
}

/// The same, grown by a field: what a test builds to see that programs of today will still run.
#[cfg(retriage_grown)]
#[repr(C)]
struct Own<T> {
    fields: T,
    grown: u64,
}

/// Larger than any struct will be: a size past that was never written.
const LARGEST: usize = 4_096;

/// The size that a struct of the caller's begins with, if it can be one.
///
/// # Safety
/// `at` is NULL or points to a struct that begins with its size.
unsafe fn size<T: Growing>(at: *const T) -> Outcome<usize> {
    if at.is_null() {
        return Err(null(T::NAME));
    }
    // SAFETY: not NULL; the caller promises that a size stands there. It need not be aligned.
    let size = unsafe { at.cast::<usize>().read_unaligned() };
    if (T::FIRST..=LARGEST).contains(&size) {
        return Ok(size);
    }
    let what = format!("the size of {0} is {size}; set it to sizeof(retriage_{0}), {1} here", T::NAME, T::FIRST);
    Err(Failure::new(RETRIAGE_BAD_SIZE, what))
}

/// A struct of the caller's; what it hasn't is zero.
///
/// # Safety
/// `at` is NULL, or points to a struct that begins with its size and has so many bytes.
pub(crate) unsafe fn take<T: Growing>(at: *const T) -> Outcome<T> {
    // SAFETY: the caller's promise.
    let size = unsafe { size(at) }?;
    let mut own = MaybeUninit::<Own<T>>::zeroed();
    let length = size.min(size_of::<Own<T>>());
    // SAFETY: `at` has `size` bytes and `own` has room for `length`, which is no more than either; any bytes are a
    // value of `T`, and of the field that a grown one has.
    let own = unsafe {
        ptr::copy_nonoverlapping(at.cast::<u8>(), own.as_mut_ptr().cast::<u8>(), length);
        own.assume_init()
    };
    Ok(own.fields)
}

/// A struct of the caller's, or zeros where there is none.
///
/// # Safety
/// As [`take`].
pub(crate) unsafe fn take_or_zero<T: Growing>(at: *const T) -> Outcome<T> {
    if at.is_null() {
        // SAFETY: any bytes are a value.
        return Ok(unsafe { MaybeUninit::<T>::zeroed().assume_init() });
    }
    // SAFETY: the caller's promise.
    unsafe { take(at) }
}

/// Whether a struct of the caller's can be written to, before anything is done for it.
///
/// # Safety
/// As [`take`].
pub(crate) unsafe fn check<T: Growing>(to: *const T) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe { size(to) }.map(|_| ())
}

/// Writes a struct to the caller's, whose size stays; what it has beyond is zeroed.
///
/// # Safety
/// As [`take`], and it may be written to.
pub(crate) unsafe fn give<T: Growing>(to: *mut T, value: T) -> Outcome {
    // SAFETY: the caller's promise.
    let size = unsafe { size(to) }?;
    let own = Own {
        fields: value,
        #[cfg(retriage_grown)]
        grown: u64::MAX,
    };
    let (head, length) = (size_of::<usize>(), size.min(size_of::<Own<T>>()));
    // SAFETY: `to` has `size` bytes; `length` is no more than that and no more than `own` has; `head` is less than
    // either, and is what stays.
    unsafe {
        let (from, to) = (ptr::from_ref(&own).cast::<u8>(), to.cast::<u8>());
        ptr::copy_nonoverlapping(from.add(head), to.add(head), length - head);
        ptr::write_bytes(to.add(length), 0, size - length);
    }
    Ok(())
}
