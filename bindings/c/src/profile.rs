//! Profiles: how to retry.

use std::ffi::c_char;
use std::sync::Arc;

use retriage::Profile;
use retriage::vocabulary::ErrorKind;

use crate::handles::{Handle, Kind, Table};
use crate::registry::{
    RETRIAGE_TEXT_ABOUT, RETRIAGE_TEXT_ID, RETRIAGE_TEXT_JSON, RETRIAGE_TEXT_NAME, RETRIAGE_TEXT_WHY,
};
use crate::status::{
    Failure, Outcome, RETRIAGE_ABSENT, RETRIAGE_BAD_WORD, RETRIAGE_FIRST_ERROR, RETRIAGE_OUT_OF_RANGE, guard,
};
use crate::text::{NUL_TERMINATED, null, put, required, write};

/// A profile, built in or made by retriage_profile_parse; 0 is the profile "standard".
pub type ProfileHandle = u64;

/// The profile that 0 stands for.
const STANDARD: &str = "standard";

static PROFILES: Table<Arc<Profile>> = Table::new(Kind::Profile);

/// A profile, built in or parsed.
pub(crate) enum Held {
    BuiltIn(&'static Profile),
    Parsed(Arc<Profile>),
}

impl std::ops::Deref for Held {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        match self {
            Self::BuiltIn(profile) => profile,
            Self::Parsed(profile) => profile,
        }
    }
}

fn unknown() -> Failure {
    let known: Vec<&str> = retriage::profiles().iter().map(|profile| &*profile.id).collect();
    let status = RETRIAGE_FIRST_ERROR + ErrorKind::UnknownProfile as i32;
    Failure::new(status, format!("no such profile; one of {}", known.join(", ")))
}

/// The profile of a handle.
pub(crate) fn profile(handle: ProfileHandle) -> Outcome<Held> {
    if handle == 0 {
        return retriage::profile(STANDARD).map(Held::BuiltIn).ok_or_else(unknown);
    }
    let handle = Handle::parse(handle, Kind::Profile)?;
    if handle.uses == 0 && handle.place == 0 {
        let built_in = retriage::profiles().get(usize::from(handle.inner));
        return built_in.map(Held::BuiltIn).ok_or_else(|| handle.refused());
    }
    PROFILES.get(handle).map(Held::Parsed)
}

fn built_in(place: usize) -> Outcome<ProfileHandle> {
    let place = u16::try_from(place).ok().filter(|place| usize::from(*place) < retriage::profiles().len());
    let place = place.ok_or_else(|| Failure::new(RETRIAGE_OUT_OF_RANGE, "there are no more profiles"))?;
    Ok(Handle::built_in(Kind::Profile, place).number())
}

/// Finds a built-in profile by its id.
///
/// @param id      its id, such as "aws-standard", ending with a NUL
/// @param profile gets the handle; there is nothing to free
/// @return RETRIAGE_OK; RETRIAGE_ERROR_UNKNOWN_PROFILE, with those there are in retriage_last_error;
///         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_profile mirth;
/// retriage_profile_find("mirth", &mirth);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_profile_find(id: *const c_char, profile: *mut ProfileHandle) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        let id = unsafe { required(id, NUL_TERMINATED, "id") }?;
        let place = retriage::profiles().iter().position(|profile| profile.id == id).ok_or_else(unknown)?;
        // SAFETY: the caller keeps the contract.
        unsafe { put(profile, built_in(place)?, "profile") }
    })
}

/// Lists the built-in profiles, in the order of their ids.
///
/// @param index   from 0
/// @param profile gets the handle
/// @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_NULL_POINTER
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_profile profile;
/// for (size_t i = 0; retriage_profile_at(i, &profile) == RETRIAGE_OK; i++)
///   if (retriage_profile_text(profile, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK) puts(text);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_profile_at(index: usize, profile: *mut ProfileHandle) -> i32 {
    // SAFETY: the caller keeps the contract.
    guard(|| unsafe { put(profile, built_in(index)?, "profile") })
}

/// Makes a profile of JSON (codes/profile.schema.json): an object, which may say which built-in one it extends.
///
/// @param json        the profile
/// @param json_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
/// @param profile     gets the handle; free it with retriage_profile_free
/// @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_JSON, RETRIAGE_ERROR_UNKNOWN_FIELD, RETRIAGE_ERROR_BAD_VALUE,
///         RETRIAGE_ERROR_MISSING_FIELD, RETRIAGE_ERROR_UNKNOWN_PROFILE or RETRIAGE_ERROR_CONFLICT, with the place and
///         what would be right in retriage_last_error; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
///         RETRIAGE_TOO_MANY_HANDLES (65,536)
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_profile quick;
/// retriage_profile_parse("{\"extends\":\"standard\",\"attempts\":3}", RETRIAGE_NUL_TERMINATED, &quick);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_profile_parse(
    json: *const c_char,
    json_length: usize,
    profile: *mut ProfileHandle,
) -> i32 {
    guard(|| {
        if profile.is_null() {
            return Err(null("profile"));
        }
        // SAFETY: the caller keeps the contract.
        let json = unsafe { required(json, json_length, "json") }?;
        let parsed = Arc::new(retriage::parse_profile(json)?.into_owned());
        // SAFETY: the caller keeps the contract.
        unsafe { put(profile, PROFILES.add(parsed)?, "profile") }
    })
}

/// Frees a profile that retriage_profile_parse made.
///
/// @param profile what retriage_profile_parse gave
/// @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE (0 and built-in profiles are never freed), RETRIAGE_FREED_HANDLE
///
/// Any thread may call it, also while others use the profile.
///
/// Example:
/// @code
/// retriage_profile_free(quick);
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_profile_free(profile: ProfileHandle) -> i32 {
    guard(|| PROFILES.remove(Handle::parse(profile, Kind::Profile)?))
}

/// A text of a profile: RETRIAGE_TEXT_ID, _NAME, _ABOUT, _WHY or _JSON, which is the whole of it.
///
/// @param profile  a profile; 0 is "standard"
/// @param which    which text
/// @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK; RETRIAGE_ABSENT where it has none; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD,
///         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char about[1024];
/// retriage_profile_text(0, RETRIAGE_TEXT_ABOUT, about, sizeof about, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_profile_text(
    profile: ProfileHandle,
    which: u32,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let profile = self::profile(profile)?;
        let absent = || Failure::new(RETRIAGE_ABSENT, "there is no such text of it");
        let there = |text: &str| if text.is_empty() { Err(absent()) } else { Ok(text.to_owned()) };
        let text = match which {
            RETRIAGE_TEXT_ID => there(&profile.id)?,
            RETRIAGE_TEXT_NAME => there(&profile.name)?,
            RETRIAGE_TEXT_ABOUT => there(&profile.about)?,
            RETRIAGE_TEXT_WHY => there(profile.why.as_deref().unwrap_or_default())?,
            RETRIAGE_TEXT_JSON => serde_json::to_string::<Profile>(&profile).map_err(|_| absent())?,
            _ => {
                let what = format!("there is no text {which} of it; there are ID, NAME, ABOUT, WHY and JSON");
                return Err(Failure::new(RETRIAGE_BAD_WORD, what));
            }
        };
        // SAFETY: the caller keeps the contract.
        unsafe { write(&text, buffer, capacity, needed) }
    })
}
