//! Registries, and the catalogs, entries and texts in them.

use std::ffi::c_char;

use retriage::source::{File, Problem};
use retriage::vocabulary::{Audience, Category, ErrorKind, Match, Words};
use retriage::{Catalog, Code, Entry, Locale, Messages};

use crate::given::word;
use crate::handles::{Handle, Kind, Table};
use crate::packed;
use crate::sized::{check, give, growing};
use crate::status::{
    Failure, Outcome, RETRIAGE_ABSENT, RETRIAGE_BAD_FILE, RETRIAGE_BAD_WORD, RETRIAGE_FIRST_ERROR,
    RETRIAGE_OUT_OF_RANGE, guard, guard_value,
};
use crate::text::{NUL_TERMINATED, elements, null, put, required, text, write};

/// A set of catalogs and languages: RETRIAGE_BUILT_IN, or one that retriage_registry_load made.
pub type RegistryHandle = u64;

/// A catalog of a registry. It is good for as long as the registry is, and 0 is none.
pub type CatalogHandle = u64;

/// An entry of a registry: counted from 1 through all of its catalogs, 0 is none. Another registry, and another
/// version of the library, count differently: what to store is its id (RETRIAGE_TEXT_ID).
pub type EntryNumber = u32;

/// An answer in 64 bits: see RETRIAGE_CATEGORY_OF and its like.
pub type PackedAnswer = u64;

/// The registry of the built-in catalogs and languages.
pub const RETRIAGE_BUILT_IN: u64 = 0;

/// Keys that are HTTP statuses.
pub const RETRIAGE_SPACE_STATUS: u32 = 1;
/// Keys that are a vendor's codes, numbers or names.
pub const RETRIAGE_SPACE_CODE: u32 = 2;
/// Keys that are names of failures, such as ECONNRESET or curl:28.
pub const RETRIAGE_SPACE_FAILURE: u32 = 3;
/// Conditions of the body. Nothing is looked up by them.
pub const RETRIAGE_SPACE_CONDITION: u32 = 4;

/// The id: of an entry `catalog/key` or `catalog/key.variant`.
pub const RETRIAGE_TEXT_ID: u32 = 1;
/// The name of a catalog or profile, the title of an entry.
pub const RETRIAGE_TEXT_NAME: u32 = 2;
/// What it covers.
pub const RETRIAGE_TEXT_ABOUT: u32 = 3;
/// The date of a catalog's newest document, such as 2026-11-21.
pub const RETRIAGE_TEXT_AS_OF: u32 = 4;
/// What to do, in one line.
pub const RETRIAGE_TEXT_REMEDY: u32 = 5;
/// The vendor's own short text.
pub const RETRIAGE_TEXT_VENDOR: u32 = 6;
/// Why it is as it is, where that is a judgement.
pub const RETRIAGE_TEXT_WHY: u32 = 7;
/// The document and section that say so.
pub const RETRIAGE_TEXT_SOURCE: u32 = 8;
/// Other names of the same code or failure, one a line.
pub const RETRIAGE_TEXT_NAMES: u32 = 9;
/// The whole as JSON.
pub const RETRIAGE_TEXT_JSON: u32 = 10;

/// The entry stands for every number between two bounds that has none of its own.
pub const RETRIAGE_ENTRY_IS_RANGE: u32 = 1;
/// The entry is a variant of the one before it that isn't: its key with a reason text, a condition or a header.
pub const RETRIAGE_ENTRY_IS_VARIANT: u32 = 2;
/// The document says "usually".
pub const RETRIAGE_ENTRY_IS_USUAL: u32 = 4;
/// `wait_ms` is given.
pub const RETRIAGE_ENTRY_HAS_WAIT: u32 = 8;

static REGISTRIES: Table<retriage::Registry> = Table::new(Kind::Registry);

/// A file: its name for messages, and its text. Both are read during the call alone.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SourceFile {
    /// Its name, which ends with a NUL.
    pub name: *const c_char,
    /// Its text, in UTF-8.
    pub text: *const c_char,
    /// How many bytes the text has, or RETRIAGE_NUL_TERMINATED.
    pub text_length: usize,
}

/// What a catalog is. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CatalogInfo {
    /// sizeof(retriage_catalog_info).
    pub size: usize,
    /// The catalog it extends; 0 for none.
    pub parent: CatalogHandle,
    /// Its first entry. Its entries are numbered one after the other, each with its variants after it.
    pub first_entry: EntryNumber,
    /// How many entries it has of its own, ranges and variants included.
    pub entries: u32,
    /// Whether a 2xx alone means nothing to it, because the outcome stands in the body: 1 or 0.
    pub requires_evidence: u32,
    /// Unused.
    pub reserved: u32,
}

/// What an entry is. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct EntryInfo {
    /// sizeof(retriage_entry_info).
    pub size: usize,
    /// The catalog that owns it.
    pub catalog: CatalogHandle,
    /// How long to wait where the server doesn't say, in milliseconds, with RETRIAGE_ENTRY_HAS_WAIT.
    pub wait_ms: u64,
    /// RETRIAGE_ENTRY_IS_RANGE and the others that hold.
    pub flags: u32,
    /// The kind of its key: RETRIAGE_SPACE_STATUS and so on.
    pub space: u32,
    /// How many variants follow it.
    pub variants: u32,
    /// Unused.
    pub reserved: u32,
    /// RETRIAGE_CATEGORY_*.
    pub category: u8,
    /// RETRIAGE_CANONICAL_*.
    pub canonical: u8,
    /// RETRIAGE_FAULT_*.
    pub fault: u8,
    /// RETRIAGE_RETRY_*.
    pub retry: u8,
    /// RETRIAGE_PROCESSED_*.
    pub processed: u8,
    /// RETRIAGE_FINALITY_*.
    pub finality: u8,
    /// RETRIAGE_SEVERITY_*.
    pub severity: u8,
    /// RETRIAGE_SCOPE_*.
    pub scope: u8,
}

/// The longest language tag, with its NUL.
pub const RETRIAGE_TAG_CAPACITY: usize = 64;

/// Which language a message is in. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MessageInfo {
    /// sizeof(retriage_message_info).
    pub size: usize,
    /// The tag of the language that was found for the wishes, such as es; it ends with a NUL.
    pub locale: [c_char; RETRIAGE_TAG_CAPACITY],
    /// Whether the text is English all the same, for want of one in that language: 1 or 0.
    pub is_english: u32,
    /// Whether the language is written from right to left: 1 or 0.
    pub is_right_to_left: u32,
}

growing! {
    "catalog_info" CatalogInfo up to reserved: u32;
    "entry_info" EntryInfo up to scope: u8;
    "message_info" MessageInfo up to is_right_to_left: u32;
}

/// The registry of a handle. A loaded one is cheap to clone, and stays good however soon it is freed.
pub(crate) fn registry(handle: RegistryHandle) -> Outcome<retriage::Registry> {
    if handle == RETRIAGE_BUILT_IN {
        return Ok(retriage::Registry::BUILT_IN);
    }
    REGISTRIES.get(Handle::parse(handle, Kind::Registry)?)
}

/// The handle of a catalog of a registry, whose own handle is good.
fn catalog_handle(registry: RegistryHandle, catalog: Catalog<'_>) -> CatalogHandle {
    let inner = u16::try_from(catalog.place()).unwrap_or(u16::MAX);
    Handle { kind: Kind::Catalog, inner, ..Handle::of(registry, Kind::Registry) }.number()
}

/// Does something with the catalog of a handle; it gets the registry's handle as well.
pub(crate) fn with_catalog<T>(
    handle: CatalogHandle,
    with: impl FnOnce(Catalog<'_>, &retriage::Registry, RegistryHandle) -> Outcome<T>,
) -> Outcome<T> {
    let parsed = Handle::parse(handle, Kind::Catalog)?;
    let owner = Handle { kind: Kind::Registry, inner: 0, ..parsed };
    let (registry, owner) = if parsed.uses == 0 && parsed.place == 0 {
        (retriage::Registry::BUILT_IN, RETRIAGE_BUILT_IN)
    } else {
        (REGISTRIES.get(owner)?, owner.number())
    };
    let catalog = registry.catalog_at(usize::from(parsed.inner)).ok_or_else(|| parsed.refused())?;
    with(catalog, &registry, owner)
}

/// The entry of a number in a registry.
fn entry(registry: &retriage::Registry, number: EntryNumber) -> Outcome<Entry<'_>> {
    number.checked_sub(1).and_then(|number| registry.entry(number)).ok_or_else(|| {
        Failure::new(RETRIAGE_OUT_OF_RANGE, format!("the registry has no entry {number}; they are counted from 1"))
    })
}

/// The number of an entry in C; 0 for none.
pub(crate) fn entry_number(entry: Option<Entry<'_>>) -> EntryNumber {
    entry.map_or(0, |entry| entry.number() + 1)
}

/// What there is at a place of a list.
fn at<T>(mut list: impl Iterator<Item = T>, index: usize) -> Outcome<T> {
    list.nth(index).ok_or_else(|| Failure::new(RETRIAGE_OUT_OF_RANGE, format!("there is no number {index} of them")))
}

/// A text that may not be there.
fn there<T>(text: Option<T>) -> Outcome<T> {
    text.ok_or_else(|| Failure::new(RETRIAGE_ABSENT, "there is no such text of it"))
}

fn not_a_text(which: u32, known: &str) -> Failure {
    Failure::new(RETRIAGE_BAD_WORD, format!("there is no text {which} of it; there are {known}"))
}

/// Makes a registry of the built-in catalogs and those of these files, which may extend and overlay each other and
/// the built-in ones, and of the built-in languages and those of these files. All files pass the checks that the
/// built-in ones passed. It never changes afterwards; to load something else, make another.
///
/// @param catalogs       files of catalogs (codes/catalog.schema.json); NULL for none
/// @param catalog_count  how many
/// @param languages      files of languages (codes/messages.schema.json); NULL for none
/// @param language_count how many
/// @param registry       gets the handle; free it with retriage_registry_free
/// @return RETRIAGE_OK; RETRIAGE_BAD_FILE, with each mistake and its place a line of retriage_last_error;
///         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_TOO_MANY_HANDLES (65,536)
///
/// Any thread may call it. The files are read during the call and not kept.
///
/// Example:
/// @code
/// retriage_file file = { "acme.json", acme_json, RETRIAGE_NUL_TERMINATED };
/// retriage_registry registry;
/// if (retriage_registry_load(&file, 1, NULL, 0, &registry) == RETRIAGE_OK) {
///   retriage_catalog acme;
///   retriage_catalog_find(registry, "acme", &acme);
/// }
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_registry_load(
    catalogs: *const SourceFile,
    catalog_count: usize,
    languages: *const SourceFile,
    language_count: usize,
    registry: *mut RegistryHandle,
) -> i32 {
    guard(|| {
        if registry.is_null() {
            return Err(null("registry"));
        }
        // SAFETY: the caller keeps the contract.
        let (catalogs, languages) =
            unsafe { (files(catalogs, catalog_count, "catalogs")?, files(languages, language_count, "languages")?) };
        let told = |problems: Vec<Problem>| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Failure::new(RETRIAGE_BAD_FILE, lines.join("\n"))
        };
        let mut made = match catalogs.is_empty() {
            true => retriage::Registry::BUILT_IN,
            false => retriage::Registry::load(&catalogs).map_err(told)?,
        };
        if !languages.is_empty() {
            made = made.with_locales(&languages).map_err(told)?;
        }
        // SAFETY: the caller keeps the contract.
        unsafe { put(registry, REGISTRIES.add(made)?, "registry") }
    })
}

/// The files of a list.
///
/// # Safety
/// The list and what it points to are as the header says.
unsafe fn files<'a>(list: *const SourceFile, count: usize, name: &str) -> Outcome<Vec<File<'a>>> {
    // SAFETY: the caller's promise.
    let list = unsafe { elements(list, count, name) }?.unwrap_or_default();
    list.iter()
        .map(|file| {
            // SAFETY: the caller's promise.
            let (name, text) = unsafe {
                (
                    required(file.name, NUL_TERMINATED, "a file's name")?,
                    required(file.text, file.text_length, "a file's text")?,
                )
            };
            Ok(File { name, text })
        })
        .collect()
}

/// Frees a registry. Its catalogs and entries go with it; queues, profiles and calls that are under way do not need it
/// any more.
///
/// @param registry what retriage_registry_load gave
/// @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE (RETRIAGE_BUILT_IN is never freed), RETRIAGE_FREED_HANDLE
///
/// Any thread may call it, also while others use the registry: their calls under way end well, and later ones return
/// RETRIAGE_FREED_HANDLE.
///
/// Example:
/// @code
/// retriage_registry_free(registry);
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_registry_free(registry: RegistryHandle) -> i32 {
    guard(|| REGISTRIES.remove(Handle::parse(registry, Kind::Registry)?))
}

/// Finds a catalog by its id. One that overlays another is found by both ids.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param id       its id, such as "redox", ending with a NUL
/// @param catalog  gets the handle; there is nothing to free
/// @return RETRIAGE_OK; RETRIAGE_ERROR_UNKNOWN_CATALOG, with those there are in retriage_last_error;
///         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it. Look a catalog up once and keep the handle.
///
/// Example:
/// @code
/// retriage_catalog redox;
/// if (retriage_catalog_find(RETRIAGE_BUILT_IN, "redox", &redox) != RETRIAGE_OK) abort();
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_catalog_find(
    registry: RegistryHandle,
    id: *const c_char,
    catalog: *mut CatalogHandle,
) -> i32 {
    guard(|| {
        let found = self::registry(registry)?;
        // SAFETY: the caller keeps the contract.
        let id = unsafe { required(id, NUL_TERMINATED, "id") }?;
        let handle = catalog_handle(registry, found.named(id, "id")?);
        // SAFETY: the caller keeps the contract.
        unsafe { put(catalog, handle, "catalog") }
    })
}

/// Lists the catalogs, those that are extended before those that extend them. One that is overlaid is left out.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param index    from 0
/// @param catalog  gets the handle
/// @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE,
///         RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_catalog catalog;
/// for (size_t i = 0; retriage_catalog_at(RETRIAGE_BUILT_IN, i, &catalog) == RETRIAGE_OK; i++)
///   if (retriage_catalog_text(catalog, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK) puts(text);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_catalog_at(
    registry: RegistryHandle,
    index: usize,
    catalog: *mut CatalogHandle,
) -> i32 {
    guard(|| {
        let found = self::registry(registry)?;
        let handle = catalog_handle(registry, at(found.catalogs(), index)?);
        // SAFETY: the caller keeps the contract.
        unsafe { put(catalog, handle, "catalog") }
    })
}

/// Says what a catalog is, and which entries it has.
///
/// @param catalog a catalog
/// @param info    is filled; set its `size` first
/// @return RETRIAGE_OK, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_catalog_info info = RETRIAGE_INIT(retriage_catalog_info);
/// retriage_catalog_describe(redox, &info);
/// for (retriage_entry e = info.first_entry; e < info.first_entry + info.entries; e++)
///   if (retriage_entry_text(RETRIAGE_BUILT_IN, e, RETRIAGE_TEXT_ID, text, sizeof text, NULL) == RETRIAGE_OK)
///     puts(text);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_catalog_describe(catalog: CatalogHandle, info: *mut CatalogInfo) -> i32 {
    guard(|| {
        with_catalog(catalog, |catalog, _, registry| {
            let told = CatalogInfo {
                size: 0,
                parent: catalog.parent().map_or(0, |parent| catalog_handle(registry, parent)),
                first_entry: entry_number(catalog.entries().next()),
                entries: u32::try_from(catalog.entries().count()).unwrap_or(u32::MAX),
                requires_evidence: u32::from(catalog.requires_evidence()),
                reserved: 0,
            };
            // SAFETY: the caller keeps the contract.
            unsafe { give(info, told) }
        })
    })
}

/// A text of a catalog: RETRIAGE_TEXT_ID, _NAME, _ABOUT or _AS_OF.
///
/// @param catalog  a catalog
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
/// char date[16];
/// retriage_catalog_text(redox, RETRIAGE_TEXT_AS_OF, date, sizeof date, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_catalog_text(
    catalog: CatalogHandle,
    which: u32,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        with_catalog(catalog, |catalog, _, _| {
            let text = match which {
                RETRIAGE_TEXT_ID => catalog.id(),
                RETRIAGE_TEXT_NAME => catalog.name(),
                RETRIAGE_TEXT_ABOUT => there(catalog.about())?,
                RETRIAGE_TEXT_AS_OF => catalog.as_of(),
                _ => return Err(not_a_text(which, "ID, NAME, ABOUT and AS_OF")),
            };
            // SAFETY: the caller keeps the contract.
            unsafe { write(text, buffer, capacity, needed) }
        })
    })
}

/// Finds an entry by its id, which is what to store of an entry: ids are never renamed.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param id       `catalog/key` or `catalog/key.variant`, ending with a NUL
/// @param entry    gets its number
/// @return RETRIAGE_OK, RETRIAGE_ERROR_UNKNOWN_ENTRY, RETRIAGE_ERROR_UNKNOWN_CATALOG, RETRIAGE_NULL_POINTER,
///         RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_entry entry;
/// retriage_entry_find(RETRIAGE_BUILT_IN, "updox/4651", &entry);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_entry_find(
    registry: RegistryHandle,
    id: *const c_char,
    entry: *mut EntryNumber,
) -> i32 {
    guard(|| {
        let registry = self::registry(registry)?;
        // SAFETY: the caller keeps the contract.
        let id = unsafe { required(id, NUL_TERMINATED, "id") }?;
        let catalog = registry.named(id.split('/').next().unwrap_or_default(), "id")?;
        let found = catalog.chain().flat_map(Catalog::entries).find(|entry| entry.id() == id).ok_or_else(|| {
            let status = RETRIAGE_FIRST_ERROR + ErrorKind::UnknownEntry as i32;
            Failure::new(status, format!("the catalog {} has no such entry", catalog.id()))
        })?;
        // SAFETY: the caller keeps the contract.
        unsafe { put(entry, entry_number(Some(found)), "entry") }
    })
}

/// Says what an entry is.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param entry    an entry of it
/// @param info     is filled; set its `size` first
/// @return RETRIAGE_OK, RETRIAGE_OUT_OF_RANGE (no such entry), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE,
///         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_entry_info info = RETRIAGE_INIT(retriage_entry_info);
/// retriage_entry_describe(RETRIAGE_BUILT_IN, entry, &info);
/// if (info.flags & RETRIAGE_ENTRY_HAS_WAIT) sleep_ms(info.wait_ms);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_entry_describe(
    registry: RegistryHandle,
    entry: EntryNumber,
    info: *mut EntryInfo,
) -> i32 {
    guard(|| {
        let found = self::registry(registry)?;
        let entry = self::entry(&found, entry)?;
        let words = entry.words();
        let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
        let told = EntryInfo {
            size: 0,
            catalog: catalog_handle(registry, entry.catalog()),
            wait_ms: entry.wait_ms().unwrap_or_default(),
            flags: flag(entry.is_range(), RETRIAGE_ENTRY_IS_RANGE)
                | flag(entry.is_variant(), RETRIAGE_ENTRY_IS_VARIANT)
                | flag(entry.is_usual(), RETRIAGE_ENTRY_IS_USUAL)
                | flag(entry.wait_ms().is_some(), RETRIAGE_ENTRY_HAS_WAIT),
            space: match entry.key_kind() {
                "status" => RETRIAGE_SPACE_STATUS,
                "code" => RETRIAGE_SPACE_CODE,
                "failure" => RETRIAGE_SPACE_FAILURE,
                _ => RETRIAGE_SPACE_CONDITION,
            },
            variants: u32::try_from(entry.variants().count()).unwrap_or(u32::MAX),
            reserved: 0,
            category: words.category as u8,
            canonical: words.canonical as u8,
            fault: words.fault as u8,
            retry: words.retry as u8,
            processed: words.processed as u8,
            finality: words.finality as u8,
            severity: words.severity as u8,
            scope: words.scope as u8,
        };
        // SAFETY: the caller keeps the contract.
        unsafe { give(info, told) }
    })
}

/// A text of an entry, in English: RETRIAGE_TEXT_ID, _NAME, _REMEDY, _VENDOR, _WHY, _SOURCE or _NAMES. Texts for a
/// person, and in other languages, come from retriage_message.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param entry    an entry of it
/// @param which    which text
/// @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK; RETRIAGE_ABSENT where it has none; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD,
///         RETRIAGE_OUT_OF_RANGE (no such entry), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char id[256];
/// retriage_entry_text(RETRIAGE_BUILT_IN, RETRIAGE_ENTRY_OF(answer), RETRIAGE_TEXT_ID, id, sizeof id, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_entry_text(
    registry: RegistryHandle,
    entry: EntryNumber,
    which: u32,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let registry = self::registry(registry)?;
        let entry = self::entry(&registry, entry)?;
        let (source, names);
        let text = match which {
            RETRIAGE_TEXT_ID => entry.id(),
            RETRIAGE_TEXT_NAME => entry.title(),
            RETRIAGE_TEXT_REMEDY => entry.remedy(),
            RETRIAGE_TEXT_VENDOR => there(entry.vendor_text())?,
            RETRIAGE_TEXT_WHY => there(entry.why())?,
            RETRIAGE_TEXT_SOURCE => {
                source = entry.source().to_string();
                &source
            }
            RETRIAGE_TEXT_NAMES => {
                names = entry.names().collect::<Vec<_>>().join("\n");
                there(Some(names.as_str()).filter(|names| !names.is_empty()))?
            }
            _ => return Err(not_a_text(which, "ID, NAME, REMEDY, VENDOR, WHY, SOURCE and NAMES")),
        };
        // SAFETY: the caller keeps the contract.
        unsafe { write(text, buffer, capacity, needed) }
    })
}

/// The text for a person: the entry's own or, where it has none, that of a category.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param entry    an entry of it, or 0 for the text of the category
/// @param category RETRIAGE_CATEGORY_*; counts only where `entry` is 0
/// @param audience RETRIAGE_AUDIENCE_*; operator and developer texts are English everywhere
/// @param locales  the languages that are wished for, the first wish first, with commas between: "es-MX, fr"; NULL
///                 for English. "es-MX" finds "es" (RFC 4647, section 3.4)
/// @param info     is filled with the language that was found, if it isn't NULL; set its `size` first
/// @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE (no such entry),
///         RETRIAGE_BAD_UTF8, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char text[1024];
/// retriage_message(RETRIAGE_BUILT_IN, classification.entry, classification.category, RETRIAGE_AUDIENCE_USER,
///                  "es-MX", NULL, text, sizeof text, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_message(
    registry: RegistryHandle,
    entry: EntryNumber,
    category: u32,
    audience: u32,
    locales: *const c_char,
    info: *mut MessageInfo,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let registry = self::registry(registry)?;
        let audience = word(audience, "audience", Audience::from_number)?;
        let (entry, category) = match entry {
            0 => (None, word(category, "category", Category::from_number)?),
            number => {
                let entry = self::entry(&registry, number)?;
                (Some(entry), entry.words().category)
            }
        };
        // SAFETY: the caller keeps the contract.
        let locale = unsafe { wished(&registry, locales) }?;
        let messages = Messages::new(entry, category, locale);
        // SAFETY: the caller keeps the contract.
        unsafe {
            if !info.is_null() {
                check(info)?;
            }
            write(messages.get(audience), buffer, capacity, needed)?;
            if !info.is_null() {
                give(
                    info,
                    MessageInfo {
                        size: 0,
                        locale: tag(messages.locale()),
                        is_english: u32::from(messages.is_fallback(audience)),
                        is_right_to_left: u32::from(locale.is_some_and(Locale::is_right_to_left)),
                    },
                )?;
            }
        }
        Ok(())
    })
}

/// A language tag in its place of a struct; one that is longer than any is cut.
fn tag(tag: &str) -> [c_char; RETRIAGE_TAG_CAPACITY] {
    let mut place = [0; RETRIAGE_TAG_CAPACITY];
    for (place, byte) in place.iter_mut().zip(tag.bytes().take(RETRIAGE_TAG_CAPACITY - 1)) {
        *place = byte.cast_signed() as c_char;
    }
    place
}

/// The language that serves a list of wishes.
///
/// # Safety
/// `wishes` is NULL or ends with a NUL.
pub(crate) unsafe fn wished(registry: &retriage::Registry, wishes: *const c_char) -> Outcome<Option<&Locale>> {
    if wishes.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let wishes = unsafe { text(wishes, NUL_TERMINATED, "locales") }?.unwrap_or_default();
    Ok(registry.locale(&wishes.split(',').map(str::trim).collect::<Vec<_>>()))
}

/// Lists the tags of the languages there are besides English.
///
/// @param registry RETRIAGE_BUILT_IN, or a loaded one
/// @param index    from 0
/// @param buffer   where the tag and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are; RETRIAGE_TAG_CAPACITY is enough
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER,
///         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char tag[RETRIAGE_TAG_CAPACITY];
/// for (size_t i = 0; retriage_locale_at(RETRIAGE_BUILT_IN, i, tag, sizeof tag, NULL) == RETRIAGE_OK; i++) puts(tag);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_locale_at(
    registry: RegistryHandle,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let registry = self::registry(registry)?;
        let tag = at(registry.locales().map(Locale::tag), index)?;
        // SAFETY: the caller keeps the contract.
        unsafe { write(tag, buffer, capacity, needed) }
    })
}

// PAGE, how many answers a page holds; REACH, past the last number that has one; for the statuses and then the codes of
// each built-in catalog PAGES, and in CELLS the answers on each page.
include!(concat!(env!("OUT_DIR"), "/answers.rs"));

/// The answer of a built-in catalog, out of the table that the build script printed; `None` where it isn't in there.
#[inline]
fn printed(catalog: CatalogHandle, space: u32, number: i64) -> Option<PackedAnswer> {
    let place = usize::try_from(catalog ^ Handle::built_in(Kind::Catalog, 0).number()).ok()?;
    let space = space.wrapping_sub(RETRIAGE_SPACE_STATUS) as usize;
    let number = usize::try_from(number).ok()?;
    if space > 1 || place >= PAGES.len() || number >= REACH {
        return None;
    }
    let page = PAGES.get((place * 2 + space) * (REACH / PAGE) + number / PAGE)?;
    CELLS.get(usize::from(*page) * PAGE + number % PAGE).copied()
}

/// Finds the entry of a status or of a numeric code, without a response. It allocates nothing and, of a built-in
/// catalog, costs little more than the call.
///
/// A response can say more: variants are told apart, and codes in a body found, by retriage_classify.
///
/// @param catalog a catalog
/// @param space   RETRIAGE_SPACE_STATUS or RETRIAGE_SPACE_CODE
/// @param number  the status or code
/// @return the answer, of which RETRIAGE_CATEGORY_OF and the other macros, or retriage_answer_word, give the parts.
///         Where nothing is found, RETRIAGE_ENTRY_OF is 0, the category unknown, the retry verify, and the match
///         RETRIAGE_MATCH_UNKNOWN. Where the catalog is no good handle or the space is another, all that is so as
///         well, but the match is 0 (RETRIAGE_IS_ERROR), and retriage_last_error says what is wrong. So an answer
///         that nobody looks into never reads as a success.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_answer answer = retriage_find(updox, RETRIAGE_SPACE_CODE, 4651);
/// if (RETRIAGE_RETRY_OF(answer) == RETRIAGE_RETRY_BACKOFF) retry_later();
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_find(catalog: CatalogHandle, space: u32, number: i64) -> PackedAnswer {
    match printed(catalog, space, number) {
        Some(answer) => answer,
        None => looked_up(catalog, space, number),
    }
}

/// The answer where the question was wrong.
const NO_ANSWER: PackedAnswer = packed::words(Words::UNKNOWN);

/// An `extern` function can't unwind, so that to go there is a jump and `retriage_find` needs no frame.
#[cold]
#[inline(never)]
extern "C" fn looked_up(catalog: CatalogHandle, space: u32, number: i64) -> PackedAnswer {
    guard_value(NO_ANSWER, || {
        with_catalog(catalog, |catalog, _, _| match space {
            RETRIAGE_SPACE_STATUS => {
                Ok(packed::answer(u16::try_from(number).ok().and_then(|status| catalog.find_status(status))))
            }
            RETRIAGE_SPACE_CODE => Ok(packed::answer(catalog.find_number(number))),
            _ => Err(Failure::new(
                RETRIAGE_BAD_WORD,
                format!("numbers are looked up in RETRIAGE_SPACE_STATUS and RETRIAGE_SPACE_CODE, not in {space}"),
            )),
        })
    })
}

/// Finds the entry of a code that is a name, or of a failure. It allocates nothing.
///
/// @param catalog     a catalog
/// @param space       RETRIAGE_SPACE_CODE or RETRIAGE_SPACE_FAILURE; failures are looked up in the catalog transport
///                    as well
/// @param name        the name, such as "ECONNRESET"; letter case counts. A code of digits counts as the number
/// @param name_length how many bytes it has, or RETRIAGE_NUL_TERMINATED
/// @return the answer, as of retriage_find
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_answer answer =
///     retriage_find_name(http, RETRIAGE_SPACE_FAILURE, "curl:28", RETRIAGE_NUL_TERMINATED);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_find_name(
    catalog: CatalogHandle,
    space: u32,
    name: *const c_char,
    name_length: usize,
) -> PackedAnswer {
    guard_value(NO_ANSWER, || {
        // SAFETY: the caller keeps the contract.
        let name = unsafe { required(name, name_length, "name") }?;
        with_catalog(catalog, |catalog, _, _| {
            let exact = |entry: Entry<'_>| packed::answer(Some((entry, Match::Exact)));
            match space {
                RETRIAGE_SPACE_CODE => Ok(match Code::of(name) {
                    Code::Number(number) => packed::answer(catalog.find_number(number)),
                    Code::Name(name) => catalog.find_name(name).map_or(packed::UNKNOWN, exact),
                }),
                RETRIAGE_SPACE_FAILURE => Ok(catalog.find_failure(name.trim()).map_or(packed::UNKNOWN, exact)),
                _ => Err(Failure::new(
                    RETRIAGE_BAD_WORD,
                    format!("names are looked up in RETRIAGE_SPACE_CODE and RETRIAGE_SPACE_FAILURE, not in {space}"),
                )),
            }
        })
    })
}
