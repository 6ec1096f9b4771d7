//! What is easier to see from within: the table of `retriage_find`, and the code that follows the caller's pointers,
//! which Miri runs (`cargo xtask test c_miri`).

use std::ffi::{CStr, c_char};
use std::mem::{MaybeUninit, offset_of};
use std::ptr;

use crate::evidence::*;
use crate::handles::{Handle, Kind, Table};
use crate::packed;
use crate::profile::*;
use crate::queue::*;
use crate::registry::*;
use crate::status::*;
use crate::word::*;

const NUL_TERMINATED: usize = usize::MAX;

fn catalog(id: &CStr) -> CatalogHandle {
    let mut handle = 0;
    // SAFETY: the text ends with a NUL and the handle has room.
    assert_eq!(unsafe { retriage_catalog_find(RETRIAGE_BUILT_IN, id.as_ptr(), &raw mut handle) }, RETRIAGE_OK);
    handle
}

/// A struct of zeros that knows its size.
fn sized<T>() -> T {
    let mut it = MaybeUninit::<T>::zeroed();
    // SAFETY: what the tests make holds numbers and pointers alone, and begins with its size.
    unsafe {
        it.as_mut_ptr().cast::<usize>().write(size_of::<T>());
        it.assume_init()
    }
}

fn last_error() -> String {
    let mut text = [0 as c_char; 512];
    // SAFETY: the buffer has so many bytes.
    unsafe {
        assert_eq!(retriage_last_error(text.as_mut_ptr(), text.len(), ptr::null_mut()), RETRIAGE_OK);
        CStr::from_ptr(text.as_ptr()).to_str().expect("an error is UTF-8").to_owned()
    }
}

#[test]
fn the_printed_answers_are_those_of_the_core() {
    // Miri takes a thousand times as long.
    let step = if cfg!(miri) { 997 } else { 1 };
    for found in retriage::catalogs() {
        let handle = Handle { inner: found.place() as u16, ..Handle::built_in(Kind::Catalog, 0) }.number();
        for number in (-40..70_000_i64).step_by(step).chain([i64::MIN, i64::MAX]) {
            let status = u16::try_from(number).ok().and_then(|status| found.find_status(status));
            assert_eq!(retriage_find(handle, RETRIAGE_SPACE_STATUS, number), packed::answer(status), "{number}");
            let code = found.find_number(number);
            assert_eq!(retriage_find(handle, RETRIAGE_SPACE_CODE, number), packed::answer(code), "{number}");
        }
    }
}

#[test]
fn a_part_of_an_answer_has_room_for_every_word() {
    for (name, (shift, bits)) in packed::PARTS {
        let set = crate::words::SETS.iter().find(|set| set.name == name).expect("a part is a set");
        for word in set.words {
            let answer = u64::from(word.number) << shift;
            assert_eq!(retriage_answer_word(answer, set.kind), u32::from(word.number), "{name}");
            assert!(u64::from(word.number) < 1 << bits, "{name}");
        }
    }
}

#[test]
fn structs_may_be_anywhere_and_end_where_they_say() {
    let http = catalog(c"http");
    let mut evidence: Evidence = sized();
    evidence.flags = RETRIAGE_HAS_STATUS;
    evidence.status = 503;
    // One byte off, with nothing behind it.
    let mut from = vec![0_u8; size_of::<Evidence>() + 1];
    let mut to = vec![0xAA_u8; size_of::<Classification>() + 1];
    // SAFETY: both have room for what is copied to them, and it need not be aligned.
    unsafe {
        let from = from.as_mut_ptr().add(1).cast::<Evidence>();
        let to = to.as_mut_ptr().add(1).cast::<Classification>();
        from.write_unaligned(evidence);
        to.cast::<usize>().write_unaligned(size_of::<Classification>());
        assert_eq!(retriage_classify(http, from, to), RETRIAGE_OK);
        let meaning = to.read_unaligned();
        assert_eq!(meaning.category, retriage::vocabulary::Category::Unavailable as u8);
        assert_eq!(meaning.size, size_of::<Classification>());
        // Too short for any version, and nothing behind it is touched.
        from.cast::<usize>().write_unaligned(offset_of!(Evidence, mode));
        assert_eq!(retriage_classify(http, from, to), RETRIAGE_BAD_SIZE);
    }
    assert!(last_error().contains("sizeof(retriage_evidence)"), "{}", last_error());
}

#[test]
fn headers_and_bodies_are_read_where_they_are() {
    let updox = catalog(c"updox");
    let body = Box::<[u8]>::from(br#"{"responseCode":4651}"# as &[u8]);
    let name = Box::<[u8]>::from(b"Retry-After" as &[u8]);
    let header = Header {
        name: name.as_ptr().cast(),
        name_length: name.len(),
        value: c"7".as_ptr(),
        value_length: NUL_TERMINATED,
    };
    let mut evidence: Evidence = sized();
    evidence.flags = RETRIAGE_HAS_STATUS;
    evidence.status = 200;
    evidence.headers = &raw const header;
    evidence.header_count = 1;
    evidence.body = body.as_ptr().cast();
    evidence.body_length = body.len();
    let mut meaning: Classification = sized();
    // SAFETY: everything that the evidence points to is here.
    unsafe { assert_eq!(retriage_classify(updox, &raw const evidence, &raw mut meaning), RETRIAGE_OK) };
    assert_eq!(meaning.category, retriage::vocabulary::Category::Undelivered as u8);
    assert_eq!((meaning.flags, meaning.hint_delay_ms), (RETRIAGE_HAS_HINT | RETRIAGE_HAS_HINT_DELAY_MS, 7_000));
}

#[test]
fn a_decision_changes_the_state_it_was_given() {
    let http = catalog(c"http");
    let mut profile = 0;
    let json = c"{\"extends\":\"aws-standard\",\"jitter\":{\"kind\":\"decorrelated\"}}";
    let mut evidence: Evidence = sized();
    evidence.flags = RETRIAGE_HAS_STATUS;
    evidence.status = 503;
    let (mut state, mut budget): (State, Budget) = (sized(), sized());
    let mut attempt: Attempt = sized();
    attempt.number = 1;
    attempt.method = c"GET".as_ptr();
    attempt.method_length = NUL_TERMINATED;
    attempt.flags = RETRIAGE_HAS_RANDOM;
    attempt.random = 0.5;
    attempt.state = &raw mut state;
    attempt.budget = &raw mut budget;
    let mut decision: Decision = sized();
    // SAFETY: everything is here, and the text ends with a NUL.
    unsafe {
        assert_eq!(retriage_profile_parse(json.as_ptr(), NUL_TERMINATED, &raw mut profile), RETRIAGE_OK);
        let status =
            retriage_decide(http, &raw const evidence, &raw const attempt, profile, ptr::null_mut(), &raw mut decision);
        assert_eq!(status, RETRIAGE_OK, "{}", last_error());
    }
    assert_eq!(retriage_profile_free(profile), RETRIAGE_OK);
    assert_eq!(decision.flags & RETRIAGE_HAS_DELAY_MS, RETRIAGE_HAS_DELAY_MS);
    assert_eq!(state.previous_ms, decision.delay_ms);
    assert_eq!(budget.flags, RETRIAGE_HAS_THOUSANDTHS);
}

#[test]
fn a_queue_gives_its_acts_and_is_kept_as_text() {
    let mut queue = 0;
    let mut setting: Setting = sized();
    setting.catalog = catalog(c"http");
    let mut event: Event = sized();
    event.kind = retriage::vocabulary::EventKind::Enqueued as u32;
    event.id = c"a".as_ptr();
    event.now_ms = 5;
    let (mut acts, mut act): (usize, ActToDo) = (0, sized());
    let (mut needed, mut text) = (0, vec![0 as c_char; 256]);
    // SAFETY: everything is here, the id ends with a NUL, and the buffer has so many bytes.
    unsafe {
        assert_eq!(retriage_queue_new(ptr::null(), 0, &raw mut queue), RETRIAGE_OK);
        assert_eq!(retriage_queue_step(queue, &raw const setting, &raw const event, &raw mut acts), RETRIAGE_OK);
        assert_eq!(acts, 1);
        assert_eq!(retriage_queue_act(queue, 0, &raw mut act), RETRIAGE_OK);
        assert_eq!(retriage_queue_act(queue, 1, &raw mut act), RETRIAGE_OUT_OF_RANGE);
        assert_eq!(CStr::from_ptr(act.id.as_ptr()), c"a");
        assert_eq!(retriage_queue_save(queue, ptr::null_mut(), 0, &raw mut needed), RETRIAGE_BUFFER_TOO_SMALL);
        text.truncate(needed);
        assert_eq!(retriage_queue_save(queue, text.as_mut_ptr(), needed, ptr::null_mut()), RETRIAGE_OK);
        assert!(CStr::from_ptr(text.as_ptr()).to_bytes().starts_with(br#"{"waiting":["a"]"#));
    }
    assert_eq!(retriage_queue_free(queue), RETRIAGE_OK);
    assert_eq!(retriage_queue_free(queue), RETRIAGE_FREED_HANDLE);
}

#[test]
fn a_panic_is_a_status_and_its_text_goes_nowhere() {
    assert_eq!(guard(|| panic!("with a text of its own")), RETRIAGE_BUG);
    assert!(!last_error().contains("of its own"), "{}", last_error());
}

#[test]
fn a_place_that_was_used_up_is_not_used_again() {
    let table = Table::new(Kind::Profile);
    let first = table.add(1).expect("there is room");
    assert_eq!(table.get(Handle::parse(first, Kind::Profile).expect("a handle")).expect("it is held"), 1);
    assert!(Handle::parse(first, Kind::Queue).is_err());
    let mut handle = first;
    for round in 2..50 {
        table.remove(Handle::parse(handle, Kind::Profile).expect("a handle")).expect("it is held");
        let next = table.add(round).expect("there is room");
        assert_ne!(next, handle);
        let old = table.get(Handle::parse(handle, Kind::Profile).expect("a handle"));
        assert_eq!(old.expect_err("it was freed").status, RETRIAGE_FREED_HANDLE);
        handle = next;
    }
    let forged = Handle { place: 9, ..Handle::parse(handle, Kind::Profile).expect("a handle") };
    assert_eq!(table.get(forged).expect_err("there is no such place").status, RETRIAGE_BAD_HANDLE);
}

#[test]
fn the_core_error_statuses_are_told_apart_from_our_own() {
    for kind in retriage::vocabulary::ErrorKind::ALL {
        let text = retriage_status_text(RETRIAGE_FIRST_ERROR + *kind as i32);
        // SAFETY: the text is static and ends with a NUL.
        assert_eq!(unsafe { CStr::from_ptr(text) }.to_str(), Ok(kind.as_str()));
    }
}
