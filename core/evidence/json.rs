//! One pass over a JSON body: serde_json parses, and only the members on somebody's path are looked at.

use alloc::borrow::Cow;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Candidate, Evidence, Findings, FoundCode, MOST_LAYERS, code_order, field_order};
use crate::details::{Fields, MOST_ERRORS, Value};
use crate::source::MAX_SAFE;
use crate::tables::rows::{ActionKind, ActionRow, LiteralRow, NodeRow, Span, TestKind, initial};
use crate::tables::{Catalog, Tables, built_in};
use crate::vocabulary::{Field, Step, Unreadable};

/// Reads a body that begins as JSON. On an error what was found so far must be forgotten.
pub(super) fn read<'a>(
    findings: &mut Findings<'a>,
    catalog: Catalog<'a>,
    evidence: &Evidence<'a>,
    body: &'a [u8],
) -> Result<(), Unreadable> {
    let mut walk = Walk::new(findings, catalog, evidence.details);
    let outcome = walk.read(body);
    let doubled = walk.doubled;
    match outcome {
        Ok(()) if doubled => {
            // A member that stands twice: the last counts, as in most readers. A tree settles that; the price is
            // paid by such bodies alone.
            findings.forget_body(catalog, evidence);
            let tree: serde_json::Value = serde_json::from_slice(body).map_err(|_| Unreadable::MalformedJson)?;
            let mut walk = Walk::new(findings, catalog, evidence.details);
            let nodes = walk.roots();
            let read = Seed { walk: &mut walk, nodes: &nodes }.deserialize(tree).map_err(|_| Unreadable::MalformedJson);
            walk.finish();
            read
        }
        Ok(()) => Ok(()),
        Err(_) if core::str::from_utf8(body).is_err() => Err(Unreadable::InvalidUtf8),
        Err(error) if error.is_eof() => Err(Unreadable::Truncated),
        Err(_) => Err(Unreadable::MalformedJson),
    }
}

/// The nodes that a value stands at: one for each layer whose path leads there, as few bytes as they can be, because
/// they are handed on at every member.
#[derive(Clone, Copy)]
struct Nodes {
    count: u8,
    /// The layer, and the place of the node in its tables.
    at: [(u8, u32); MOST_LAYERS],
}

impl Nodes {
    const NONE: Self = Self { count: 0, at: [(0, 0); MOST_LAYERS] };

    fn iter(&self) -> impl Iterator<Item = (usize, u32)> {
        self.at.iter().take(usize::from(self.count)).map(|(layer, node)| (usize::from(*layer), *node))
    }

    fn push(&mut self, layer: usize, node: u32) {
        if let (Some(slot), Ok(layer)) = (self.at.get_mut(usize::from(self.count)), u8::try_from(layer)) {
            *slot = (layer, node);
            self.count += 1;
        }
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A value that is neither a list nor an object.
#[derive(Clone, Copy)]
enum Scalar<'s, 'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Borrowed(&'a str),
    Passing(&'s str),
}

impl<'a> Scalar<'_, 'a> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Borrowed(text) => Some(text),
            Self::Passing(text) => Some(text),
            _ => None,
        }
    }

    fn owned_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Borrowed(text) => Some(Cow::Borrowed(text)),
            Self::Passing(text) => Some(Cow::Owned(text.into())),
            _ => None,
        }
    }

    fn value(self) -> Option<Value<'a>> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(truth) => Value::Bool(truth),
            Self::Integer(number) => Value::Integer(number),
            Self::Unsigned(number) => Value::Unsigned(number),
            Self::Float(number) => Value::Float(number),
            Self::Borrowed(_) | Self::Passing(_) => Value::Text(self.owned_text()?),
        })
    }
}

/// An item of a list of errors, while it is being read.
#[derive(Default)]
struct Item<'a> {
    /// Its place in the list of errors, so that an error stands before those within it.
    slot: Option<usize>,
    fields: Fields<'a>,
    filters_needed: u16,
    filters_met: u16,
    code: Option<(u16, FoundCode<'a>)>,
    rank: Option<usize>,
}

struct Walk<'f, 'a> {
    findings: &'f mut Findings<'a>,
    catalog: Catalog<'a>,
    details: bool,
    /// Whether the next object is the body itself.
    at_root: bool,
    /// Whether a member that somebody wants stood twice in an object.
    doubled: bool,
    item: Option<Item<'a>>,
    /// The best ranked code so far: how early its place is asked, its rank, and itself.
    ranked: Option<(u16, usize, FoundCode<'a>)>,
}

impl<'f, 'a> Walk<'f, 'a> {
    fn new(findings: &'f mut Findings<'a>, catalog: Catalog<'a>, details: bool) -> Self {
        Self { findings, catalog, details, at_root: true, doubled: false, item: None, ranked: None }
    }

    fn roots(&self) -> Nodes {
        let mut nodes = Nodes::NONE;
        for (at, layer) in self.findings.layers.iter() {
            // Who wants nothing of a body is not asked at every member of it.
            if layer.tables.node(layer.row.root).is_some_and(NodeRow::wants) {
                nodes.push(at, layer.row.root);
            }
        }
        nodes
    }

    fn read(&mut self, body: &'a [u8]) -> serde_json::Result<()> {
        // Checked as a whole a text is cheaper to read than string by string. One that isn't UTF-8 may be so where
        // nobody looks.
        match core::str::from_utf8(body) {
            Ok(text) => self.read_all(serde_json::Deserializer::from_str(text)),
            Err(_) => self.read_all(serde_json::Deserializer::from_slice(body)),
        }
    }

    fn read_all<R: serde_json::de::Read<'a>>(
        &mut self,
        mut deserializer: serde_json::Deserializer<R>,
    ) -> serde_json::Result<()> {
        let nodes = self.roots();
        Seed { walk: &mut *self, nodes: &nodes }.deserialize(&mut deserializer)?;
        deserializer.end()?;
        self.finish();
        Ok(())
    }

    fn finish(&mut self) {
        if let Some((order, _, code)) = self.ranked.take() {
            self.findings.codes.add(Candidate { order, code, step: Step::CodeInBody });
        }
        self.findings.details.errors.retain(|error| !error.is_empty());
    }

    /// The tables of a layer.
    fn tables(&self, layer: usize) -> &'a Tables {
        self.findings.layers.get(layer).map_or(built_in(), |layer| layer.tables)
    }

    fn actions(&self, layer: usize, node: u32) -> &'a [ActionRow] {
        let tables = self.tables(layer);
        tables.node(node).map_or(&[], |node| tables.actions(node.actions))
    }

    fn is_one_of(&self, layer: usize, literals: Span, scalar: Scalar<'_, 'a>) -> bool {
        let same = |literal: &LiteralRow| match (literal.kind, scalar) {
            (0, _) => scalar.text() == Some(self.tables(layer).text(literal.text)),
            (1, Scalar::Integer(number)) => number == literal.number,
            (1, Scalar::Unsigned(number)) => i64::try_from(number) == Ok(literal.number),
            (2, Scalar::Bool(truth)) => i64::from(truth) == literal.number,
            _ => false,
        };
        self.tables(layer).literals(literals).iter().any(same)
    }

    /// The state of a test and its row.
    fn test(&mut self, layer: usize, what: u16, see: impl FnOnce(&Self, TestKind, Span) -> (bool, bool)) {
        let Some(row) = self.findings.layers.get(layer) else { return };
        let at = usize::from(row.first_test) + usize::from(what);
        let Some(test) = row.tables.tests(row.row.tests).get(usize::from(what)) else { return };
        let (hit, counts) = see(self, TestKind::from_number(test.kind), test.literals);
        let counts = counts && !test.listed;
        if let Some(state) = self.findings.tests.get_mut(at) {
            state.hits += u32::from(hit);
            state.items += u32::from(counts);
        }
    }

    fn scalar(&mut self, nodes: &Nodes, scalar: Scalar<'_, 'a>) {
        for (layer, node) in nodes.iter() {
            for action in self.actions(layer, node) {
                self.act(layer, action, scalar);
            }
        }
    }

    fn code(&self, scalar: Scalar<'_, 'a>) -> Option<FoundCode<'a>> {
        Some(match scalar {
            Scalar::Null => return None,
            Scalar::Integer(number) if (-MAX_SAFE..=MAX_SAFE).contains(&number) => FoundCode::Number(number),
            Scalar::Borrowed(text) if !text.trim().is_empty() => FoundCode::from_text(self.catalog, text),
            Scalar::Passing(text) if !text.trim().is_empty() => FoundCode::from_text(self.catalog, text),
            Scalar::Borrowed(_) | Scalar::Passing(_) => return None,
            _ => FoundCode::Other,
        })
    }

    fn act(&mut self, layer: usize, action: &ActionRow, scalar: Scalar<'_, 'a>) {
        let codes = self.findings.layers.get(layer).is_some_and(|layer| layer.codes);
        match ActionKind::from_number(action.kind) {
            ActionKind::Code if codes => {
                if let Some(code) = self.code(scalar) {
                    let order = code_order(layer, usize::from(action.what));
                    self.findings.codes.add(Candidate { order, code, step: Step::CodeInBody });
                }
            }
            ActionKind::RankedCode if codes => {
                let code = self.code(scalar).map(|code| (code_order(layer, usize::from(action.what)), code));
                if let Some(item) = &mut self.item {
                    item.code = item.code.or(code);
                }
            }
            ActionKind::RankBy if codes => {
                let rank =
                    scalar.text().and_then(|text| self.tables(layer).texts(action.list).position(|rank| rank == text));
                if let Some(item) = &mut self.item {
                    item.rank = item.rank.or(rank);
                }
            }
            ActionKind::Reason => {
                if let Some(text) = scalar.text() {
                    self.findings.reason(text);
                }
            }
            ActionKind::Test => self.test(layer, action.what, |walk, kind, literals| match kind {
                TestKind::Present => (!matches!(scalar, Scalar::Null), false),
                TestKind::NonEmpty => (scalar.text().is_some_and(|text| !text.is_empty()), false),
                TestKind::Some | TestKind::Every => (walk.is_one_of(layer, literals, scalar), true),
                TestKind::Besides | TestKind::Signal => (false, false),
            }),
            ActionKind::Field if self.details => {
                if let (Some(field), Some(value)) = (field(action), scalar.value()) {
                    self.findings.details.fields.set(field, field_order(layer, action.order), value);
                }
            }
            ActionKind::ItemField if self.details => {
                let order = field_order(layer, action.order);
                if let (Some(item), Some(field), Some(value)) = (&mut self.item, field(action), scalar.value()) {
                    item.fields.set(field, order, value);
                }
            }
            ActionKind::ItemFilter => {
                let met = self.is_one_of(layer, action.list, scalar);
                if let Some(item) = &mut self.item {
                    item.filters_met = item.filters_met.saturating_add(u16::from(met));
                }
            }
            ActionKind::RetryDelay => {
                if let (None, Some(text)) = (&self.findings.retry_delay, scalar.owned_text()) {
                    self.findings.retry_delay = Some(text);
                }
            }
            _ => {}
        }
    }

    /// A list or an object, of which only tests want to know anything.
    fn container(&mut self, nodes: &Nodes, filled: bool) {
        for (layer, node) in nodes.iter() {
            for action in self.actions(layer, node) {
                match ActionKind::from_number(action.kind) {
                    ActionKind::Test => self.test(layer, action.what, |_, kind, _| match kind {
                        TestKind::Present => (true, false),
                        TestKind::NonEmpty => (filled, false),
                        TestKind::Every => (false, true),
                        _ => (false, false),
                    }),
                    ActionKind::Code if self.findings.layers.get(layer).is_some_and(|layer| layer.codes) => {
                        let order = code_order(layer, usize::from(action.what));
                        let candidate = Candidate { order, code: FoundCode::Other, step: Step::CodeInBody };
                        self.findings.codes.add(candidate);
                    }
                    _ => {}
                }
            }
        }
    }

    /// An item of a list begins: the item it may be, and the one it stands within.
    fn begin_item(&mut self, nodes: &Nodes) -> Option<Option<Item<'a>>> {
        let mut item: Option<Item<'a>> = None;
        for (layer, node) in nodes.iter() {
            for action in self.actions(layer, node) {
                match ActionKind::from_number(action.kind) {
                    ActionKind::CountItems => {
                        let Some(row) = self.findings.layers.get(layer) else { continue };
                        let at = usize::from(row.first_test) + usize::from(action.what);
                        if let Some(state) = self.findings.tests.get_mut(at) {
                            state.items += 1;
                        }
                    }
                    // The list counts for whichever layer asks least of its items.
                    ActionKind::ErrorItem if self.details => {
                        let needed = item.as_ref().map_or(u16::MAX, |item| item.filters_needed).min(action.what);
                        item.get_or_insert_default().filters_needed = needed;
                    }
                    ActionKind::RankedItem => {
                        item.get_or_insert_with(|| Item { filters_needed: u16::MAX, ..Item::default() });
                    }
                    _ => {}
                }
            }
        }
        let mut item = item?;
        if item.filters_needed < u16::MAX && self.findings.details.errors.len() < MOST_ERRORS {
            item.slot = Some(self.findings.details.errors.len());
            self.findings.details.errors.push(Fields::default());
        }
        Some(self.item.replace(item))
    }

    fn end_item(&mut self, outer: Option<Item<'a>>) {
        let Some(item) = core::mem::replace(&mut self.item, outer) else { return };
        if let (Some((order, code)), Some(rank)) = (item.code, item.rank) {
            let better = |(held, best, _): &(u16, usize, FoundCode<'a>)| (order, rank) < (*held, *best);
            if self.ranked.as_ref().is_none_or(better) {
                self.ranked = Some((order, rank, code));
            }
        }
        let kept = item.filters_met >= item.filters_needed && !item.fields.is_empty();
        let errors = &mut self.findings.details.errors;
        match item.slot {
            Some(slot) if kept => {
                if let Some(slot) = errors.get_mut(slot) {
                    *slot = item.fields;
                }
            }
            // The place of an item that doesn't count goes to the next one, unless an error within it was kept.
            Some(slot) if slot + 1 == errors.len() => errors.truncate(slot),
            None if kept => self.findings.details.omitted += 1,
            _ => {}
        }
    }

    /// A member of the body itself, for those who ask for members besides the ones they know.
    fn besides(&mut self, name: &str) {
        let layers = self.findings.layers;
        for (_, layer) in layers.iter().filter(|(_, layer)| layer.row.besides) {
            for (what, test) in layer.tables.tests(layer.row.tests).iter().enumerate() {
                let is_besides = TestKind::from_number(test.kind) == TestKind::Besides;
                if is_besides
                    && !layer.tables.texts(test.literals).any(|known| known == name)
                    && let Some(state) = self.findings.tests.get_mut(usize::from(layer.first_test) + what)
                {
                    state.hits += 1;
                }
            }
        }
    }
}

fn field(action: &ActionRow) -> Option<Field> {
    u8::try_from(action.what).ok().and_then(Field::from_number)
}

/// A value on somebody's path.
struct Seed<'w, 'f, 'a> {
    walk: &'w mut Walk<'f, 'a>,
    nodes: &'w Nodes,
}

impl<'a> DeserializeSeed<'a> for Seed<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// An item of a list on somebody's path.
struct ItemSeed<'w, 'f, 'a> {
    walk: &'w mut Walk<'f, 'a>,
    nodes: &'w Nodes,
}

impl<'a> DeserializeSeed<'a> for ItemSeed<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        let outer = self.walk.begin_item(self.nodes);
        let read = Seed { walk: &mut *self.walk, nodes: self.nodes }.deserialize(deserializer);
        if let Some(outer) = outer {
            self.walk.end_item(outer);
        }
        read
    }
}

impl<'a> Visitor<'a> for Seed<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Null);
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Bool(truth));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Integer(number));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        let scalar = i64::try_from(number).map_or(Scalar::Unsigned(number), Scalar::Integer);
        self.walk.scalar(self.nodes, scalar);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Float(number));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.walk.scalar(self.nodes, Scalar::Passing(text));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        self.walk.at_root = false;
        let mut items = Nodes::NONE;
        for (layer, node) in self.nodes.iter() {
            let row = self.walk.tables(layer).node(node);
            if let Some(node) = row.and_then(|row| row.items.checked_sub(1)) {
                items.push(layer, node);
            }
        }
        let mut filled = false;
        if items.is_empty() {
            while seq.next_element::<IgnoredAny>()?.is_some() {
                filled = true;
            }
        } else {
            while seq.next_element_seed(ItemSeed { walk: &mut *self.walk, nodes: &items })?.is_some() {
                filled = true;
            }
        }
        self.walk.container(self.nodes, filled);
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let is_root = core::mem::take(&mut self.walk.at_root);
        let mut filled = false;
        // Which members of each node have been seen in this object, to notice one that stands twice.
        let mut seen = [0_u64; MOST_LAYERS];
        let mut children = Nodes::NONE;
        while map
            .next_key_seed(Name {
                walk: &mut *self.walk,
                nodes: self.nodes,
                is_root,
                seen: &mut seen,
                children: &mut children,
            })?
            .is_some()
        {
            filled = true;
            if children.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Seed { walk: &mut *self.walk, nodes: &children })?;
            }
        }
        self.walk.container(self.nodes, filled);
        Ok(())
    }
}

/// The name of a member: the nodes it leads to.
struct Name<'w, 'f, 'a> {
    walk: &'w mut Walk<'f, 'a>,
    nodes: &'w Nodes,
    is_root: bool,
    seen: &'w mut [u64; MOST_LAYERS],
    children: &'w mut Nodes,
}

impl<'a> DeserializeSeed<'a> for Name<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        if self.is_root {
            self.walk.besides(name);
        }
        self.children.count = 0;
        let initial = initial(name);
        for ((layer, node), seen) in self.nodes.iter().zip(self.seen.iter_mut()) {
            let tables = self.walk.tables(layer);
            let Some(members) = tables.node(node).filter(|row| row.initials & initial != 0) else { continue };
            let is_named = |row: &NodeRow| row.key.len as usize == name.len() && tables.text(row.key) == name;
            let rows = tables.nodes(members.children);
            if let Some(at) = rows.iter().position(is_named) {
                let bit = 1_u64.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0);
                self.walk.doubled |= *seen & bit != 0;
                *seen |= bit;
                self.children.push(layer, members.children.at + u32::try_from(at).unwrap_or(0));
            }
        }
        Ok(())
    }
}
