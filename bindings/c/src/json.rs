//! The one wire form, for callers that would rather pass text.

use std::ffi::c_char;

use crate::registry::{RegistryHandle, registry};
use crate::status::guard;
use crate::text::{required, write};

/// Answers a question of the wire form: one JSON object in (codes/question.schema.json), one out
/// (codes/answer.schema.json). It does all that the other functions do, and the limits that documents state.
///
/// @param registry        RETRIAGE_BUILT_IN, or a loaded one
/// @param question        the question, in UTF-8
/// @param question_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
/// @param buffer          where the answer and a NUL go; may be NULL if `capacity` is 0
/// @param capacity        how many bytes there are
/// @param needed          gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK, also where the answer is an `error`, which says what is wrong with the question;
///         RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
///         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// The same question gives the same answer, so that a second call with a larger buffer is as good as the first.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char answer[16384];
/// if (retriage_answer_json(RETRIAGE_BUILT_IN, "{\"catalog\":\"redox\",\"status\":503}", RETRIAGE_NUL_TERMINATED,
///                          answer, sizeof answer, NULL) == RETRIAGE_OK)
///   puts(answer);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_answer_json(
    registry: RegistryHandle,
    question: *const c_char,
    question_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let registry = self::registry(registry)?;
        // SAFETY: the caller keeps the contract.
        unsafe {
            let question = required(question, question_length, "question")?;
            write(&registry.answer(question), buffer, capacity, needed)
        }
    })
}
