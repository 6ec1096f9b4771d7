//! Where a catalog looks for evidence and when its variants hold, told in the words of its file, for reference pages.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::rows::{ActionKind, NodeRow, Span, TEXT_ITSELF};
use super::{Catalog, Entry};
use crate::vocabulary::Format;

/// When a variant holds: all of what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds<'a> {
    /// The reason text is one of these, if there are any; as they are compared, in lower case and without a final full
    /// stop.
    pub reasons: Vec<&'a str>,
    /// The body meets the condition of this name.
    pub condition: Option<&'a str>,
    /// This header is there, in lower case.
    pub header: Option<&'a str>,
    /// The server gave a valid hint of when to try again.
    pub hint: bool,
}

impl<'a> Catalog<'a> {
    /// The standard bodies it speaks itself, besides those of what it extends.
    pub fn formats(self) -> impl Iterator<Item = Format> {
        Format::ALL.iter().copied().filter(move |format| self.content.row.formats & 1 << *format as u16 != 0)
    }

    /// Where it looks for codes itself, in the order in which they are tried, as its file writes them:
    /// `body:error.code`, `header:x-error-code`.
    #[must_use]
    pub fn code_places(self) -> Vec<String> {
        self.places(self.content.row.layer.codes, &[ActionKind::Code, ActionKind::RankedCode])
    }

    /// Where it looks for reason texts itself, likewise; `text` is a whole plain-text body.
    #[must_use]
    pub fn reason_places(self) -> Vec<String> {
        self.places(self.content.row.layer.reasons, &[ActionKind::Reason])
    }

    fn places(self, list: Span, kinds: &[ActionKind]) -> Vec<String> {
        let mut in_body = Vec::new();
        if let Some(root) = self.content.tables.node(self.content.row.layer.root) {
            self.walk(root, "", kinds, &mut in_body);
        }
        let place = |(number, place): (usize, &u32)| match *place {
            TEXT_ITSELF => Some("text".to_string()),
            0 => in_body.iter().find(|(of, _)| usize::from(*of) == number).map(|(_, path)| match path.as_str() {
                "" => "body".to_string(),
                path => format!("body:{path}"),
            }),
            header => Some(format!("header:{}", self.content.tables.text_at(header - 1))),
        };
        self.content.tables.numbers(list).iter().enumerate().filter_map(place).collect()
    }

    /// The paths of the values of which one of these is made, each with the number of its place. A tree is as deep
    /// as the longest path, which its file limits.
    fn walk(self, node: &NodeRow, path: &str, kinds: &[ActionKind], found: &mut Vec<(u16, String)>) {
        for action in self.content.tables.actions(node.actions) {
            if kinds.iter().any(|kind| *kind as u8 == action.kind) {
                found.push((action.what, path.to_string()));
            }
        }
        for child in self.content.tables.nodes(node.children) {
            let key = self.content.tables.text(child.key);
            let below = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            self.walk(child, &below, kinds, found);
        }
        if let Some(items) = node.items.checked_sub(1).and_then(|at| self.content.tables.node(at)) {
            self.walk(items, &format!("{path}[]"), kinds, found);
        }
    }
}

impl<'a> Entry<'a> {
    /// For a variant: when it holds.
    #[must_use]
    pub fn holds(&self) -> Option<Holds<'a>> {
        let when = self.when()?;
        let condition = when.condition.checked_sub(1).and_then(|at| self.tables.condition_name(at));
        Some(Holds {
            reasons: self
                .tables
                .numbers(when.reasons)
                .iter()
                .filter_map(|number| self.tables.reason_of(*number))
                .collect(),
            condition,
            header: self.tables.text_or_none(when.header),
            hint: when.hint,
        })
    }
}
