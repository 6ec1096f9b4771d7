//! User texts in other languages.
//!
//! English stands in the catalogs. A locale has a user text for every category and for every entry that has its own
//! in English; operator and developer texts are English everywhere.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::source::Translation;
use crate::tables::rows::Span;
use crate::tables::{Entry, Tables, category_text};
use crate::vocabulary::{Audience, Category};

/// The tag of the language of the catalogs.
pub const ENGLISH: &str = "en";

/// A language other than English.
#[derive(Clone, Debug)]
pub struct Locale {
    pub(crate) tag: Cow<'static, str>,
    pub(crate) name: Cow<'static, str>,
    pub(crate) right_to_left: bool,
    pub(crate) strings: Cow<'static, str>,
    /// For each category in the order of the words.
    pub(crate) categories: Cow<'static, [Span]>,
    /// For entries that have a text of their own, by their numbers, sorted.
    pub(crate) entries: Cow<'static, [(u32, Span)]>,
}

impl Locale {
    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Its name in itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        self.right_to_left
    }

    fn text(&self, span: Span) -> &str {
        self.strings.get(span.range()).unwrap_or_default()
    }

    /// The user text of a category.
    #[must_use]
    pub fn category(&self, category: Category) -> &str {
        self.categories.get(category as usize).map(|span| self.text(*span)).unwrap_or_default()
    }

    /// The user text of an entry; `None` where it has its own in English and none here.
    fn entry(&self, entry: Entry<'_>) -> Option<&str> {
        let own = |entry: Entry<'_>| {
            let at = self.entries.binary_search_by_key(&entry.number(), |(number, _)| *number).ok()?;
            self.entries.get(at).map(|(_, span)| self.text(*span))
        };
        let Some(english) = entry.own_message(Audience::User) else {
            return Some(self.category(entry.words().category));
        };
        // A variant may have its entry's text.
        own(entry).or_else(|| {
            let base = entry.base()?;
            own(base).filter(|_| base.own_message(Audience::User) == Some(english))
        })
    }

    /// A locale of checked texts, for the entries of some tables.
    pub(crate) fn load(translation: &Translation<'_>, tables: &Tables) -> Self {
        let mut strings = alloc::string::String::new();
        let mut keep = |text: &str| {
            let at = u32::try_from(strings.len()).unwrap_or(u32::MAX);
            strings.push_str(text);
            Span { at, len: u32::try_from(text.len()).unwrap_or(0) }
        };
        let categories: Vec<Span> = translation.categories.iter().map(|text| keep(text)).collect();
        let find = |id: &str| tables.catalogs().flat_map(|catalog| catalog.entries()).find(|entry| entry.id() == id);
        let mut entries: Vec<(u32, Span)> = translation
            .entries
            .iter()
            .filter_map(|(id, text, _)| find(id).map(|entry| (entry.number(), keep(text))))
            .collect();
        entries.sort_unstable();
        Self {
            tag: Cow::Owned(translation.locale.clone().into_owned()),
            name: Cow::Owned(translation.name.clone().into_owned()),
            right_to_left: translation.right_to_left,
            strings: Cow::Owned(strings),
            categories: Cow::Owned(categories),
            entries: Cow::Owned(entries),
        }
    }
}

/// The locale that serves a list of wishes best, the first wish first: by RFC 4647, section 3.4, each is shortened
/// from its end until it is one of them. No tag ends in a single letter, so that those need no rule. `None` is English,
/// asked for or left over.
pub(crate) fn negotiate<'l>(locales: impl Iterator<Item = &'l Locale> + Clone, wishes: &[&str]) -> Option<&'l Locale> {
    for wish in wishes {
        let mut range = wish.trim();
        while !range.is_empty() && range != "*" {
            if range.eq_ignore_ascii_case(ENGLISH) {
                return None;
            }
            if let Some(found) = locales.clone().find(|locale| locale.tag.eq_ignore_ascii_case(range)) {
                return Some(found);
            }
            range = range.rfind('-').and_then(|at| range.get(..at)).unwrap_or_default();
        }
    }
    None
}

/// The texts for every audience, and the language they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Messages<'a> {
    texts: [&'a str; 3],
    /// The language that was found for the wishes.
    locale: &'a str,
    /// Which of the texts are English all the same.
    english: [bool; 3],
}

impl<'a> Messages<'a> {
    /// The texts of an entry, or of a category where there is none; without a locale in English.
    #[must_use]
    pub fn new(entry: Option<Entry<'a>>, category: Category, locale: Option<&'a Locale>) -> Self {
        let english =
            |audience| entry.map_or_else(|| category_text(category, audience), |entry| entry.message(audience));
        let texts = [Audience::User, Audience::Operator, Audience::Developer].map(english);
        let Some(locale) = locale else { return Self { texts, locale: ENGLISH, english: [false; 3] } };
        let user = entry.map_or_else(|| Some(locale.category(category)), |entry| locale.entry(entry));
        let [english_user, operator, developer] = texts;
        Self {
            texts: [user.unwrap_or(english_user), operator, developer],
            locale: locale.tag(),
            english: [user.is_none(), true, true],
        }
    }

    /// The text for an audience.
    #[must_use]
    pub fn get(&self, audience: Audience) -> &'a str {
        let [user, operator, developer] = self.texts;
        match audience {
            Audience::User => user,
            Audience::Operator => operator,
            Audience::Developer => developer,
        }
    }

    /// The BCP 47 tag of the language that was found for the wishes.
    #[must_use]
    pub fn locale(&self) -> &'a str {
        self.locale
    }

    /// Whether the text for an audience is English for want of one in the language.
    #[must_use]
    pub fn is_fallback(&self, audience: Audience) -> bool {
        self.english.get(audience as usize).copied().unwrap_or_default()
    }
}

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for audience in Audience::ALL {
            map.serialize_entry(audience.as_str(), self.get(*audience))?;
        }
        map.serialize_entry("locale", self.locale)?;
        let fallback: Vec<Audience> =
            Audience::ALL.iter().copied().filter(|audience| self.is_fallback(*audience)).collect();
        if !fallback.is_empty() {
            map.serialize_entry("english", &fallback)?;
        }
        map.end()
    }
}
