//! One pass over a JSON body: serde_json parses, and only the members on somebody's path are looked at.

use alloc::borrow::Cow;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Candidate, Evidence, Findings, FoundCode, Layer, Layers, MOST_LAYERS, code_order, field_order};
use crate::details::{Fields, MOST_ERRORS, Value};
use crate::tables::Catalog;
use crate::tables::rows::{ActionKind, ActionRow, LiteralRow, NodeRow, Span, TestKind, TestRow, initial};
use crate::vocabulary::{Field, Step, Unreadable};

/// Reads a body that begins as JSON. On an error what was found so far must be forgotten.
pub(super) fn read<'a>(
    findings: &mut Findings<'_, 'a>,
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

/// A node of one layer.
#[derive(Clone, Copy)]
struct Spot<'l, 'a> {
    of: &'l Layer<'a>,
    row: &'a NodeRow,
}

/// The nodes that a value stands at: one for each layer whose path leads there.
struct Nodes<'l, 'a> {
    count: usize,
    /// Whether anything is to be done with the value itself.
    acts: bool,
    at: [Option<Spot<'l, 'a>>; MOST_LAYERS],
}

impl<'l, 'a> Nodes<'l, 'a> {
    const NONE: Self = Self { count: 0, acts: false, at: [None; MOST_LAYERS] };

    #[inline]
    fn iter(&self) -> impl Iterator<Item = Spot<'l, 'a>> {
        self.at.iter().take(self.count).flatten().copied()
    }

    #[inline]
    fn get(&self, at: usize) -> Option<Spot<'l, 'a>> {
        *self.at.get(at)?
    }

    #[inline]
    fn push(&mut self, of: &'l Layer<'a>, row: &'a NodeRow, acts: bool) {
        if let Some(slot) = self.at.get_mut(self.count) {
            *slot = Some(Spot { of, row });
            self.count += 1;
            self.acts |= acts;
        }
    }

    #[inline]
    fn clear(&mut self) {
        (self.count, self.acts) = (0, false);
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A value that is neither a list nor an object. `null` is none: it counts as a member that isn't there.
#[derive(Clone, Copy)]
enum Scalar<'s, 'a> {
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

    fn value(self) -> Value<'a> {
        match self {
            Self::Bool(truth) => Value::Bool(truth),
            Self::Integer(number) => Value::Integer(number),
            Self::Unsigned(number) => Value::Unsigned(number),
            Self::Float(number) => Value::Float(number),
            Self::Borrowed(text) => Value::Text(Cow::Borrowed(text)),
            Self::Passing(text) => Value::Text(Cow::Owned(text.into())),
        }
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

struct Walk<'f, 'l, 'a> {
    layers: &'l Layers<'a>,
    findings: &'f mut Findings<'l, 'a>,
    catalog: Catalog<'a>,
    details: bool,
    /// Whether the next object is the body itself, and somebody asks for members besides those it knows.
    at_root: bool,
    /// Whether a member that somebody wants stood twice in an object.
    doubled: bool,
    item: Option<Item<'a>>,
    /// The best ranked code so far: how early its place is asked, its rank, and itself.
    ranked: Option<(u16, usize, FoundCode<'a>)>,
}

impl<'f, 'l, 'a> Walk<'f, 'l, 'a> {
    fn new(findings: &'f mut Findings<'l, 'a>, catalog: Catalog<'a>, details: bool) -> Self {
        let layers = findings.layers;
        let at_root = layers.iter().any(|layer| layer.row.besides.len > 0);
        Self { layers, findings, catalog, details, at_root, doubled: false, item: None, ranked: None }
    }

    fn roots(&self) -> Nodes<'l, 'a> {
        let mut nodes = Nodes::NONE;
        for layer in self.layers.iter() {
            // Who wants nothing of a body is not asked at every member of it.
            if let Some(row) = layer.node(layer.row.root).filter(|row| row.wants()) {
                nodes.push(layer, row, self.acts(row));
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

    /// Whether anything is to be done with a value at a node.
    #[inline]
    fn acts(&self, row: &NodeRow) -> bool {
        row.decides || row.tells && self.details
    }

    fn is_one_of(of: &Layer<'a>, literals: Span, scalar: Scalar<'_, 'a>) -> bool {
        let same = |literal: &LiteralRow| match (literal.kind, scalar) {
            (0, _) => scalar.text().is_some_and(|text| of.is_text(literal.text, text)),
            (1, Scalar::Integer(number)) => number == literal.number,
            (2, Scalar::Bool(truth)) => i64::from(truth) == literal.number,
            _ => false,
        };
        of.tables.literals(literals).iter().any(same)
    }

    /// Shows a test a value: whether it hits, and whether it counts among the items.
    fn test(&mut self, of: &Layer<'a>, what: u16, see: impl FnOnce(TestKind, Span) -> (bool, bool)) {
        let Some(test) = of.tables.tests(of.row.tests).get(usize::from(what)) else { return };
        let (hit, counts) = see(TestKind::from_number(test.kind), test.literals);
        let counts = counts && !test.listed;
        if let Some(state) = self.findings.tests.get_mut(usize::from(of.first_test + what)) {
            state.hits += u32::from(hit);
            state.items += u32::from(counts);
        }
    }

    #[inline]
    fn scalar(&mut self, nodes: &Nodes<'l, 'a>, scalar: Scalar<'_, 'a>) {
        if nodes.acts {
            self.act_on(nodes, scalar);
        }
    }

    fn act_on(&mut self, nodes: &Nodes<'l, 'a>, scalar: Scalar<'_, 'a>) {
        for Spot { of, row } in nodes.iter() {
            for action in of.actions(row) {
                self.act(of, action, scalar);
            }
        }
    }

    fn code(&self, scalar: Scalar<'_, 'a>) -> Option<FoundCode<'a>> {
        Some(match scalar {
            Scalar::Integer(number) => FoundCode::Number(number),
            Scalar::Borrowed(text) if !text.trim().is_empty() => FoundCode::from_text(self.catalog, text),
            Scalar::Passing(text) if !text.trim().is_empty() => FoundCode::from_text(self.catalog, text),
            Scalar::Borrowed(_) | Scalar::Passing(_) => return None,
            _ => FoundCode::Other,
        })
    }

    fn act(&mut self, of: &Layer<'a>, action: &ActionRow, scalar: Scalar<'_, 'a>) {
        let codes = of.codes;
        match ActionKind::from_number(action.kind) {
            ActionKind::Code if codes => {
                if let Some(code) = self.code(scalar) {
                    let order = code_order(of, usize::from(action.what));
                    self.findings.codes.add(Candidate { order, code, step: Step::CodeInBody });
                }
            }
            ActionKind::RankedCode if codes => {
                let code = self.code(scalar).map(|code| (code_order(of, usize::from(action.what)), code));
                if let Some(item) = &mut self.item {
                    item.code = item.code.or(code);
                }
            }
            ActionKind::RankBy if codes => {
                let rank = scalar.text().and_then(|text| of.tables.texts(action.list).position(|rank| rank == text));
                if let Some(item) = &mut self.item {
                    item.rank = item.rank.or(rank);
                }
            }
            ActionKind::Reason => {
                if let Some(text) = scalar.text() {
                    self.findings.reason(text);
                }
            }
            ActionKind::Test => self.test(of, action.what, |kind, literals| match kind {
                TestKind::Present => (true, false),
                TestKind::NonEmpty => (scalar.text().is_some_and(|text| !text.is_empty()), false),
                TestKind::Some | TestKind::Every => (Self::is_one_of(of, literals, scalar), true),
                TestKind::Besides | TestKind::Signal => (false, false),
            }),
            ActionKind::Field if self.details => {
                if let Some(field) = field(action) {
                    self.findings.details.fields.set(field, field_order(of, action.order), scalar.value());
                }
            }
            ActionKind::ItemField if self.details => {
                let order = field_order(of, action.order);
                if let (Some(item), Some(field)) = (&mut self.item, field(action)) {
                    item.fields.set(field, order, scalar.value());
                }
            }
            ActionKind::ItemFilter => {
                let met = Self::is_one_of(of, action.list, scalar);
                if let Some(item) = &mut self.item {
                    item.filters_met = item.filters_met.saturating_add(u16::from(met));
                }
            }
            ActionKind::RetryDelay => {
                if let (None, Value::Text(text)) = (&self.findings.retry_delay, scalar.value()) {
                    self.findings.retry_delay = Some(text);
                }
            }
            _ => {}
        }
    }

    /// A list or an object, of which only tests want to know anything.
    #[inline]
    fn container(&mut self, nodes: &Nodes<'l, 'a>, filled: bool) {
        if nodes.acts {
            self.act_on_container(nodes, filled);
        }
    }

    fn act_on_container(&mut self, nodes: &Nodes<'l, 'a>, filled: bool) {
        for Spot { of, row } in nodes.iter() {
            for action in of.actions(row) {
                match ActionKind::from_number(action.kind) {
                    ActionKind::Test => self.test(of, action.what, |kind, _| match kind {
                        TestKind::Present => (true, false),
                        TestKind::NonEmpty => (filled, false),
                        _ => (false, false),
                    }),
                    ActionKind::Code if of.codes => {
                        let order = code_order(of, usize::from(action.what));
                        let candidate = Candidate { order, code: FoundCode::Other, step: Step::CodeInBody };
                        self.findings.codes.add(candidate);
                    }
                    _ => {}
                }
            }
        }
    }

    /// An item of a list begins: the item it may be, and the one it stands within.
    fn begin_item(&mut self, nodes: &Nodes<'l, 'a>) -> Option<Option<Item<'a>>> {
        if !nodes.acts {
            return None;
        }
        let mut item: Option<Item<'a>> = None;
        for Spot { of, row } in nodes.iter() {
            for action in of.actions(row) {
                match ActionKind::from_number(action.kind) {
                    ActionKind::CountItems => {
                        if let Some(state) = self.findings.tests.get_mut(usize::from(of.first_test + action.what)) {
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
        for layer in self.layers.iter() {
            let tests = layer.tables.tests(layer.row.tests);
            for what in layer.tables.numbers(layer.row.besides).iter().map(|what| *what as usize) {
                let is_known = |test: &TestRow| layer.tables.texts(test.literals).any(|known| known == name);
                if tests.get(what).is_some_and(|test| !is_known(test))
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
struct Seed<'w, 'f, 'l, 'a> {
    walk: &'w mut Walk<'f, 'l, 'a>,
    nodes: &'w Nodes<'l, 'a>,
}

impl<'a> DeserializeSeed<'a> for Seed<'_, '_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// An item of a list on somebody's path.
struct ItemSeed<'w, 'f, 'l, 'a> {
    walk: &'w mut Walk<'f, 'l, 'a>,
    nodes: &'w Nodes<'l, 'a>,
}

impl<'a> DeserializeSeed<'a> for ItemSeed<'_, '_, '_, 'a> {
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

impl<'a> Visitor<'a> for Seed<'_, '_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
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
        for Spot { of, row } in self.nodes.iter() {
            if let Some(row) = row.items.checked_sub(1).and_then(|items| of.node(items)) {
                items.push(of, row, self.walk.acts(row));
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
        let mut object =
            Object { walk: self.walk, nodes: self.nodes, is_root, seen: [0; MOST_LAYERS], children: Nodes::NONE };
        let mut filled = false;
        while map.next_key_seed(&mut object)?.is_some() {
            filled = true;
            if object.children.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Seed { walk: &mut *object.walk, nodes: &object.children })?;
            }
        }
        object.walk.container(self.nodes, filled);
        Ok(())
    }
}

/// An object on somebody's path, which takes the names of its members.
struct Object<'w, 'f, 'l, 'a> {
    walk: &'w mut Walk<'f, 'l, 'a>,
    nodes: &'w Nodes<'l, 'a>,
    is_root: bool,
    /// Which members of each node have been seen, to notice one that stands twice.
    seen: [u64; MOST_LAYERS],
    /// The nodes that the member of the last name leads to.
    children: Nodes<'l, 'a>,
}

impl<'a> DeserializeSeed<'a> for &mut Object<'_, '_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for &mut Object<'_, '_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        if self.is_root {
            self.walk.besides(name);
        }
        self.children.clear();
        let initial = initial(name);
        for at in 0..self.nodes.count {
            if let Some(spot) = self.nodes.get(at)
                && spot.row.initials & initial != 0
            {
                self.descend(at, spot, name);
            }
        }
        Ok(())
    }
}

impl<'l, 'a> Object<'_, '_, 'l, 'a> {
    /// A member whose name begins as that of one that a layer wants. Most don't, and must not pay for those that do.
    #[inline(never)]
    fn descend(&mut self, at: usize, Spot { of, row }: Spot<'l, 'a>, name: &str) {
        let Some((place, child)) = of.member(row, name) else { return };
        let bit = u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0);
        if let Some(seen) = self.seen.get_mut(at) {
            self.walk.doubled |= *seen & bit != 0;
            *seen |= bit;
        }
        self.children.push(of, child, self.walk.acts(child));
    }
}
