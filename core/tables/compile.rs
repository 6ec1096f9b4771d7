//! Checked sources become rows. The build script prints the result; nothing here can fail or look anything up.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::rows::*;
use crate::source::{
    At, Catalog, Citation, Code, CodeAt, Condition, Details, Document, Entry, FormatDefinition, IntentAnswer, Key,
    Limit, Literal, Received, Segment, Sources, Str, Test, normal_reason,
};
use crate::vocabulary::{Environment, Match};

/// What loaded catalogs stand on: the built-in ones, whose rows are numbered before theirs.
pub(crate) trait Ground {
    /// How many catalogs, entries and conditions there are.
    fn before(&self) -> Before;
    /// The number of a catalog.
    fn find(&self, id: &str) -> Option<u16>;
    /// The row of a catalog.
    fn row(&self, catalog: u16) -> Option<&CatalogRow>;
    /// The id of a catalog.
    fn id(&self, catalog: u16) -> &str;
    /// The cell of a status.
    fn status(&self, cells: Span, status: usize) -> Cell;
    /// A cell of its pages.
    fn cell(&self, index: &IndexRow, number: usize) -> Cell;
    /// Its numbers beyond the pages.
    fn sparse(&self, index: &IndexRow) -> &[SparseRow];
    /// Its ranges beyond the pages.
    fn wide(&self, index: &IndexRow) -> &[WideRow];
    /// A condition that a catalog names itself.
    fn condition(&self, catalog: u16, name: &str) -> Option<u32>;
    /// The number of a reason text as it is compared.
    fn reason(&self, text: &str) -> Option<u32>;
    /// How many reason texts there are.
    fn reasons(&self) -> usize;
    /// The keys of a catalog's own entries that are found by number, and their entries.
    fn numbers(&self, catalog: u16) -> Vec<(Key<'static>, u32)>;
}

/// The rows of a set of catalogs, owned.
#[derive(Default)]
pub struct Built<'g> {
    ground: Option<&'g dyn Ground>,
    /// Every text.
    pub strings: String,
    /// Texts in lists.
    pub texts: Vec<Span>,
    /// Numbers in lists: rows of conditions, reasons, statuses, places of headers.
    pub numbers: Vec<u32>,
    /// Pages, by their places in the cells.
    pub pages: Vec<u32>,
    /// The cells of all pages, and of the statuses, with the numbers that entries have among all.
    pub cells: Vec<Cell>,
    /// Numbers beyond the pages.
    pub sparse: Vec<SparseRow>,
    /// Ranges beyond the pages.
    pub wide: Vec<WideRow>,
    /// Catalogs, parents first.
    pub catalogs: Vec<CatalogRow>,
    /// Entries.
    pub entries: Vec<EntryRow>,
    /// When variants hold.
    pub whens: Vec<WhenRow>,
    /// Conditions.
    pub conditions: Vec<ConditionRow>,
    /// Tests.
    pub tests: Vec<TestRow>,
    /// Values to compare with.
    pub literals: Vec<LiteralRow>,
    /// Members somebody wants to see.
    pub nodes: Vec<NodeRow>,
    /// What to do with them.
    pub actions: Vec<ActionRow>,
    /// Documents.
    pub documents: Vec<DocumentRow>,
    /// Limits.
    pub limits: Vec<LimitRow>,
    /// Answers.
    pub answers: Vec<AnswerRow>,
    /// What each format wants to see, in the order of the words.
    pub formats: Vec<LayerRow>,
    /// The formats of media types: the type, and the number of the format.
    pub media_types: Vec<(Span, u8)>,
    /// The English texts of each category, by audience.
    pub categories: Vec<[Span; 3]>,
    /// The codes of each catalog that are names, and its failures.
    pub names: Vec<[BTreeMap<String, u32>; 2]>,
    /// Reason texts as they are compared, and their numbers.
    pub reasons: BTreeMap<String, u32>,
    condition_names: Vec<(u16, String)>,
    /// The ids by which each catalog is asked: that of the one it overlays, and its own.
    asked: Vec<[String; 2]>,
    interned: BTreeMap<String, Span>,
    cells_seen: BTreeMap<Vec<u32>, u32>,
}

fn index(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

fn short(of: usize) -> u16 {
    u16::try_from(of).unwrap_or(u16::MAX)
}

/// What a catalog or a format wants to see of a response.
struct Wants<'w, 'a> {
    owner: u16,
    codes: &'w [CodeAt<'a>],
    reasons: &'w [At<'a>],
    conditions: &'w [Condition<'a>],
    details: &'w Details<'a>,
    retry_delay: &'w [At<'a>],
}

/// The numbers of one key space that a catalog has itself.
struct Numbers<'n> {
    exact: &'n BTreeMap<i64, u32>,
    ranges: &'n [(i64, i64, u32)],
    /// Those of its parents that it doesn't want.
    silenced: &'n [i64],
    /// Whether they have classes, as statuses do: an unknown one counts as the x00 of its class (RFC 9110, section 15).
    classes: bool,
}

/// A tree of members, before it is laid out in rows.
#[derive(Default)]
struct Tree {
    members: BTreeMap<String, Tree>,
    items: Option<alloc::boxed::Box<Tree>>,
    actions: Vec<ActionRow>,
}

impl Tree {
    fn at(&mut self, path: &[Segment<'_>]) -> &mut Self {
        let mut node = self;
        for segment in path {
            node = match segment {
                Segment::Member(name) => node.member(name),
                Segment::Items => node.items.get_or_insert_default(),
            };
        }
        node
    }

    fn member(&mut self, name: &str) -> &mut Self {
        self.members.entry(name.to_string()).or_default()
    }

    fn act(&mut self, kind: ActionKind, what: usize, order: usize, list: Span) {
        let action = ActionRow { kind: kind as u8, what: short(what), order: short(order), list };
        if !self.actions.contains(&action) {
            self.actions.push(action);
        }
    }
}

impl<'g> Built<'g> {
    /// Compiles checked sources.
    #[must_use]
    pub fn compile(sources: &Sources<'_>) -> Self {
        let mut built = Self::default();
        // The first page is the empty one, and the first node the one that wants nothing.
        built.place_cells(&[Cell::default(); PAGE]);
        built.nodes.push(NodeRow::default());
        for catalog in &sources.catalogs {
            built.catalog(catalog);
        }
        for definition in &sources.formats {
            built.format(definition);
        }
        for texts in &sources.messages.categories {
            let texts = texts.each_ref().map(|text| built.text(text));
            built.categories.push(texts);
        }
        built
    }

    /// Compiles checked catalogs, to stand on others: parents first, and overlays before what extends what they overlay.
    #[must_use]
    pub(crate) fn compile_on(ground: &'g dyn Ground, catalogs: &[Catalog<'_>]) -> Self {
        let mut built = Self { ground: Some(ground), ..Self::default() };
        built.place_cells(&[Cell::default(); PAGE]);
        built.nodes.push(NodeRow::default());
        // A catalog that extends an overlaid one must find the overlay's entries: it is put up again over it.
        for under in 0..short(ground.before().catalogs) {
            let parent = ground.row(under).map_or(0, |row| row.parent);
            let moved = parent.checked_sub(1).map_or(0, |parent| built.standing(parent) + 1);
            if moved != parent {
                built.stand_in(under, moved);
            }
            for overlay in catalogs.iter().filter(|catalog| catalog.overlaid() == Some(ground.id(under))) {
                built.catalog(overlay);
            }
        }
        let is_over_ground = |catalog: &&Catalog<'_>| catalog.overlaid().is_some_and(|id| ground.find(id).is_some());
        for catalog in catalogs.iter().filter(|catalog| !is_over_ground(catalog)) {
            built.catalog(catalog);
        }
        built
    }

    fn before(&self) -> Before {
        self.ground.map(Ground::before).unwrap_or_default()
    }

    /// The catalog that is asked by this id: the last one that answers to it.
    fn find(&self, id: &str) -> Option<u16> {
        let own = self.asked.iter().rposition(|asked| asked.iter().any(|known| known == id));
        own.map(|at| short(self.before().catalogs + at)).or_else(|| self.ground?.find(id))
    }

    /// The catalog that is asked where the built-in one of this number was.
    fn standing(&self, under: u16) -> u16 {
        self.ground.and_then(|ground| self.find(ground.id(under))).unwrap_or(under)
    }

    /// A built-in catalog once more, over another parent.
    fn stand_in(&mut self, under: u16, parent: u16) {
        let Some(ground) = self.ground else { return };
        let Some(content) = ground.row(under).cloned() else { return };
        let id = ground.id(under).to_string();
        let numbers = ground.numbers(under);
        let bases: Vec<(&Key<'_>, &[Str<'_>], u32)> = numbers.iter().map(|(key, row)| (key, &[][..], *row)).collect();
        let statuses = self.statuses(&bases, &[], parent);
        let codes = self.code_index(&bases, &[], parent);
        let span = self.text(&id);
        let required = content.required || self.parent_row(parent).is_some_and(|row| row.required);
        let spoken = content.formats | self.parent_row(parent).map_or(0, |row| row.spoken);
        // That of the content counts its parents of before; one look too many is the worst that comes of it.
        let silent = content.silent || self.parent_row(parent).is_some_and(|row| row.silent);
        self.catalogs.push(CatalogRow {
            id: span,
            asked: span,
            stands_for: under + 1,
            parent,
            statuses,
            codes,
            required,
            spoken,
            silent,
            ..CatalogRow::NOWHERE
        });
        self.asked.push([id.clone(), id]);
        self.names.push([BTreeMap::new(), BTreeMap::new()]);
    }

    /// The length of the longest reason text, in bytes.
    #[must_use]
    pub fn longest_reason(&self) -> usize {
        self.reasons.keys().map(String::len).max().unwrap_or_default()
    }

    fn text(&mut self, text: &str) -> Span {
        if text.is_empty() {
            return Span::default();
        }
        if let Some(span) = self.interned.get(text) {
            return *span;
        }
        let span = Span { at: index(self.strings.len()), len: index(text.len()) };
        self.strings.push_str(text);
        self.interned.insert(text.to_string(), span);
        span
    }

    fn maybe(&mut self, text: Option<&Str<'_>>) -> Span {
        text.map(|text| self.text(text)).unwrap_or_default()
    }

    fn text_list<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Span {
        let spans: Vec<Span> = texts.into_iter().map(|text| self.text(text)).collect();
        let at = index(self.texts.len());
        self.texts.extend(&spans);
        Span { at, len: index(spans.len()) }
    }

    fn number_list(&mut self, numbers: impl IntoIterator<Item = u32>) -> Span {
        let at = self.numbers.len();
        self.numbers.extend(numbers);
        Span { at: index(at), len: index(self.numbers.len() - at) }
    }

    fn literal_list<'l>(&mut self, literals: impl IntoIterator<Item = &'l Literal<'l>>) -> Span {
        let at = self.literals.len();
        for literal in literals {
            let row = match literal {
                Literal::Text(text) => LiteralRow { kind: 0, text: self.text(text), number: 0 },
                Literal::Integer(number) => LiteralRow { kind: 1, text: Span::default(), number: *number },
                Literal::Bool(truth) => LiteralRow { kind: 2, text: Span::default(), number: i64::from(*truth) },
            };
            self.literals.push(row);
        }
        Span { at: index(at), len: index(self.literals.len() - at) }
    }

    fn catalog(&mut self, catalog: &Catalog<'_>) {
        let before = self.before();
        let own = short(before.catalogs + self.catalogs.len());
        let parent = catalog.parent().and_then(|(parent, _)| self.find(parent)).map_or(0, |at| at + 1);
        let asked = catalog.overlaid().unwrap_or(&catalog.id).to_string();
        let first_document = self.documents.len();
        for document in &catalog.documents {
            let row = self.document(document);
            self.documents.push(row);
        }
        let cite = |built: &mut Self, source: &Citation<'_>| {
            (index(first_document + source.document), built.text(&source.section))
        };
        let layer = self.layer(&Wants {
            owner: own,
            codes: &catalog.evidence.codes,
            reasons: &catalog.evidence.reasons,
            conditions: &catalog.evidence.conditions,
            details: &catalog.evidence.details,
            retry_delay: &[],
        });
        let mut chain = alloc::vec![own];
        let mut next = parent;
        while let Some(link) = self.parent_row(next) {
            let up = link.parent;
            chain.push(next - 1);
            next = up;
        }
        let first_entry = self.entries.len();
        let (mut codes, mut failures) = (BTreeMap::new(), BTreeMap::new());
        let mut conditions = Vec::new();
        let mut bases = Vec::new();
        for entry in &catalog.entries {
            let row = before.entries + index(self.entries.len());
            bases.push((&entry.key, entry.names.as_slice(), row));
            let names = entry.names.iter().map(|name| &**name);
            match &entry.key {
                Key::Code(Code::Name(name)) => {
                    codes.extend(core::iter::once(&**name).chain(names).map(|name| (name.to_string(), row)));
                }
                Key::Code(Code::Number(_)) => codes.extend(names.map(|name| (name.to_string(), row))),
                Key::Failure(name) => {
                    failures.extend(core::iter::once(&**name).chain(names).map(|name| (name.to_string(), row)));
                }
                Key::Condition(_) => conditions.push(row),
                Key::Status(_) | Key::StatusRange(..) | Key::CodeRange(..) => {}
            }
            for version in core::iter::once(entry).chain(&entry.variants) {
                let (document, section) = cite(self, &version.source);
                let row = self.entry(version, &catalog.id, &chain, document, section);
                self.entries.push(row);
            }
        }
        let silenced: Vec<Key<'_>> = catalog.silenced.iter().map(|(key, _)| key.clone()).collect();
        for key in &silenced {
            match key {
                Key::Code(Code::Name(name)) => drop(codes.insert(name.to_string(), NO_ENTRY)),
                Key::Failure(name) => drop(failures.insert(name.to_string(), NO_ENTRY)),
                _ => {}
            }
        }
        let statuses = self.statuses(&bases, &silenced, parent);
        let code_index = self.code_index(&bases, &silenced, parent);
        let limits = self.limits.len();
        for limit in &catalog.limits {
            let (document, section) = cite(self, &limit.source);
            let row = self.limit(limit, document, section);
            self.limits.push(row);
        }
        let intents = self.answers.len();
        for intent in &catalog.intents {
            let (document, section) = cite(self, &intent.source);
            let row = self.intent(intent, document, section);
            self.answers.push(row);
        }
        let received = self.answers.len();
        for answer in &catalog.received {
            let (document, section) = cite(self, &answer.source);
            let row = self.received(answer, document, section);
            self.answers.push(row);
        }
        let since = |from: usize, to: usize| Span { at: index(from), len: index(to - from) };
        let formats = catalog.evidence.formats.iter().fold(0, |bits, format| bits | 1 << *format as u16);
        let row = CatalogRow {
            id: self.text(&catalog.id),
            asked: self.text(&asked),
            stands_for: 0,
            name: self.text(&catalog.name),
            about: self.maybe(catalog.about.as_ref()),
            as_of: self.text(&catalog.as_of),
            parent,
            entries: since(first_entry, self.entries.len()),
            conditions: self.number_list(conditions),
            statuses,
            codes: code_index,
            required: catalog.evidence.required || self.parent_row(parent).is_some_and(|row| row.required),
            formats,
            spoken: formats | self.parent_row(parent).map_or(0, |row| row.spoken),
            silent: catalog.evidence.conditions.iter().any(holds_of_nothing)
                || self.parent_row(parent).is_some_and(|row| row.silent),
            layer,
            documents: since(first_document, self.documents.len()),
            limits: since(limits, self.limits.len()),
            intents: since(intents, received),
            received: since(received, self.answers.len()),
        };
        self.catalogs.push(row);
        self.asked.push([asked, catalog.id.to_string()]);
        self.names.push([codes, failures]);
    }

    fn document(&mut self, document: &Document<'_>) -> DocumentRow {
        DocumentRow {
            title: self.text(&document.title),
            publisher: self.text(&document.publisher),
            date: self.maybe(document.date.as_ref()),
            read: self.maybe(document.read.as_ref()),
        }
    }

    /// The row of an entry, which is to be the next.
    fn entry(&mut self, entry: &Entry<'_>, catalog: &str, chain: &[u16], document: u32, section: Span) -> EntryRow {
        let condition = match &entry.key {
            Key::Condition(name) => self.condition(name, chain),
            _ => 0,
        };
        let mut when = 0;
        // A reason is also what the vendor says, so that it can be searched for.
        let mut vendor_text = entry.vendor_text.as_ref();
        if let Some((_, holds)) = &entry.variant {
            vendor_text = vendor_text.or(holds.reasons.first());
            let reasons: Vec<u32> = holds.reasons.iter().map(|reason| self.reason(reason)).collect();
            let row = WhenRow {
                reasons: self.number_list(reasons),
                condition: holds.condition.as_ref().map_or(0, |name| self.condition(name, chain) + 1),
                header: self.maybe(holds.header.as_ref()),
                hint: holds.hint,
            };
            self.whens.push(row);
            when = index(self.whens.len());
        }
        EntryRow {
            number: self.before().entries + index(self.entries.len()),
            words: PackedWords::pack(entry.words),
            catalog: chain.first().copied().unwrap_or_default(),
            space: match entry.key {
                Key::Status(_) => Space::Status,
                Key::Code(_) => Space::Code,
                Key::Failure(_) => Space::Failure,
                Key::Condition(_) => Space::Condition,
                Key::StatusRange(..) => Space::StatusRange,
                Key::CodeRange(..) => Space::CodeRange,
            } as u8,
            usually: entry.usually,
            variants: short(entry.variants.len()),
            when,
            under: entry.under.classes,
            statuses: self.number_list(entry.under.statuses.iter().map(|status| u32::from(*status))),
            wait_ms: entry.wait_ms.unwrap_or(NO_WAIT),
            id: self.text(&format!("{catalog}/{}", entry.label())),
            title: self.text(&entry.title),
            vendor_text: self.maybe(vendor_text),
            remedy: self.text(&entry.remedy),
            texts: entry.texts.each_ref().map(|text| self.maybe(text.as_ref())),
            why: self.maybe(entry.why.as_ref()),
            document,
            section,
            names: self.text_list(entry.names.iter().map(|name| &**name)),
            condition,
        }
    }

    /// The number of a reason text: one that the ground knows has its number.
    fn reason(&mut self, text: &str) -> u32 {
        let text = normal_reason(text);
        if let Some(known) = self.ground.and_then(|ground| ground.reason(&text)) {
            return known;
        }
        let next = index(self.ground.map_or(0, Ground::reasons) + self.reasons.len());
        *self.reasons.entry(text).or_insert(next)
    }

    /// The number of the nearest condition of that name along the chain.
    fn condition(&self, name: &str, chain: &[u16]) -> u32 {
        let own = |owner: u16| self.condition_names.iter().position(|(of, known)| *of == owner && known == name);
        let found = chain.iter().find_map(|owner| match own(*owner) {
            Some(at) => Some(self.before().conditions + index(at)),
            None => self.ground?.condition(*owner, name),
        });
        found.unwrap_or_default()
    }

    /// What a catalog or a format wants to see, as nodes laid out level by level, so that the members of one
    /// object stand together.
    fn layer(&mut self, wants: &Wants<'_, '_>) -> LayerRow {
        let mut tree = Tree::default();
        let tests = self.tests.len();
        let mut besides = Vec::new();
        for condition in wants.conditions {
            let first = self.tests.len() - tests;
            for test in condition.all.iter().chain(&condition.any).chain(&condition.none) {
                let place = self.tests.len() - tests;
                besides.extend(matches!(test, Test::Besides(_)).then_some(index(place)));
                self.test(test, place, &mut tree);
            }
            let name = self.text(&condition.name);
            self.conditions.push(ConditionRow {
                catalog: wants.owner,
                name,
                first: short(first),
                all: short(condition.all.len()),
                any: short(condition.any.len()),
                none: short(condition.none.len()),
            });
            self.condition_names.push((wants.owner, condition.name.to_string()));
        }
        let mut codes = Vec::new();
        for (place, code) in wants.codes.iter().enumerate() {
            codes.push(self.place(&code.at));
            let At::Body(path) = &code.at else { continue };
            let Some((by, ranks)) = &code.rank else {
                tree.at(path).act(ActionKind::Code, place, 0, Span::default());
                continue;
            };
            let ranks = self.text_list(ranks.iter().map(|rank| &**rank));
            let items = path.iter().rposition(|segment| *segment == Segment::Items).map_or(0, |at| at + 1);
            let (list, _) = path.split_at(items);
            tree.at(list).act(ActionKind::RankedItem, place, 0, Span::default());
            tree.at(path).act(ActionKind::RankedCode, place, 0, Span::default());
            tree.at(list).at(by).act(ActionKind::RankBy, place, 0, ranks);
        }
        let mut reasons = Vec::new();
        for (place, at) in wants.reasons.iter().enumerate() {
            reasons.push(self.place(at));
            if let At::Body(path) = at {
                tree.at(path).act(ActionKind::Reason, place, 0, Span::default());
            }
        }
        let mut header_fields = Vec::new();
        for (order, (field, at)) in wants.details.fields.iter().enumerate() {
            match at {
                At::Body(path) => tree.at(path).act(ActionKind::Field, *field as usize, order, Span::default()),
                At::Header(name) => {
                    header_fields.extend([*field as u32, index(order), self.text_list([&**name]).at]);
                }
                At::Text => {}
            }
        }
        for errors in &wants.details.errors {
            let list = tree.at(&errors.at);
            list.act(ActionKind::ErrorItem, errors.filter.len(), 0, Span::default());
            for (order, (field, path)) in errors.fields.iter().enumerate() {
                list.at(path).act(ActionKind::ItemField, *field as usize, order, Span::default());
            }
            for (path, literal) in &errors.filter {
                let literal = self.literal_list([literal]);
                list.at(path).act(ActionKind::ItemFilter, 0, 0, literal);
            }
        }
        for at in wants.retry_delay {
            if let At::Body(path) = at {
                tree.at(path).act(ActionKind::RetryDelay, 0, 0, Span::default());
            }
        }
        LayerRow {
            root: self.nodes(tree),
            tests: Span { at: index(tests), len: index(self.tests.len() - tests) },
            besides: self.number_list(besides),
            codes: self.number_list(codes),
            reasons: self.number_list(reasons),
            header_fields: self.number_list(header_fields),
        }
    }

    /// How a place of a code or reason is told apart: the body, the text itself, or a header.
    fn place(&mut self, at: &At<'_>) -> u32 {
        match at {
            At::Body(_) => 0,
            At::Text => TEXT_ITSELF,
            At::Header(name) => self.text_list([&**name]).at + 1,
        }
    }

    fn test(&mut self, test: &Test<'_>, place: usize, tree: &mut Tree) {
        let mut row = TestRow::default();
        let at = match test {
            Test::Present(at) => {
                row.kind = TestKind::Present as u8;
                Some(at)
            }
            Test::NonEmpty(at) => {
                row.kind = TestKind::NonEmpty as u8;
                Some(at)
            }
            Test::Some(at, literals) => {
                row.kind = TestKind::Some as u8;
                row.literals = self.literal_list(literals);
                Some(at)
            }
            Test::Every(at, literals) => {
                row.kind = TestKind::Every as u8;
                row.literals = self.literal_list(literals);
                Some(at)
            }
            Test::Besides(names) => {
                row.kind = TestKind::Besides as u8;
                row.literals = self.text_list(names.iter().map(|name| &**name));
                None
            }
            Test::Signal(signal) => {
                row.kind = TestKind::Signal as u8;
                row.signal = *signal as u8;
                None
            }
        };
        if let Some(At::Body(path)) = at {
            if let (Test::Every(..), Some(items)) = (test, path.iter().rposition(|segment| *segment == Segment::Items))
            {
                row.listed = true;
                let (list, _) = path.split_at(items + 1);
                tree.at(list).act(ActionKind::CountItems, place, 0, Span::default());
            }
            tree.at(path).act(ActionKind::Test, place, 0, Span::default());
        }
        self.tests.push(row);
    }

    /// Lays a tree out in rows; returns the place of its root.
    fn nodes(&mut self, tree: Tree) -> u32 {
        let root = self.nodes.len();
        self.nodes.push(NodeRow::default());
        let mut waiting = alloc::collections::VecDeque::from([(root, tree)]);
        while let Some((at, node)) = waiting.pop_front() {
            let first_action = self.actions.len();
            let tells = |action: &ActionRow| ActionKind::from_number(action.kind).tells();
            let (decides, tells) = (!node.actions.iter().all(tells), node.actions.iter().any(tells));
            self.actions.extend(node.actions);
            let first_child = self.nodes.len();
            let children = node.members.len();
            let initials = node.members.keys().fold(0, |bits, name| bits | initial(name));
            for (offset, (name, child)) in node.members.into_iter().enumerate() {
                let key = self.text(&name);
                self.nodes.push(NodeRow { key, beginning: beginning(&name), ..NodeRow::default() });
                waiting.push_back((first_child + offset, child));
            }
            let mut items = 0;
            if let Some(child) = node.items {
                waiting.push_back((self.nodes.len(), *child));
                self.nodes.push(NodeRow::default());
                items = index(self.nodes.len());
            }
            let actions = Span { at: index(first_action), len: index(self.actions.len() - first_action) };
            let children = Span { at: index(first_child), len: index(children) };
            if let Some(row) = self.nodes.get_mut(at) {
                *row = NodeRow { children, initials, items, actions, decides, tells, ..row.clone() };
            }
        }
        index(root)
    }

    fn format(&mut self, definition: &FormatDefinition<'_>) {
        let layer = self.layer(&Wants {
            owner: u16::MAX,
            codes: &definition.codes,
            reasons: &[],
            conditions: &[],
            details: &definition.details,
            retry_delay: &definition.retry_delay,
        });
        self.formats.push(layer);
        for media_type in &definition.media_types {
            let text = self.text(media_type);
            self.media_types.push((text, definition.format as u8));
        }
    }

    /// The place of these cells, shared with all that are like them.
    fn place_cells(&mut self, cells: &[Cell]) -> u32 {
        let key: Vec<u32> = cells.iter().map(|cell| cell.0).collect();
        if let Some(place) = self.cells_seen.get(&key) {
            return *place;
        }
        let place = index(self.cells.len());
        self.cells.extend(cells);
        self.cells_seen.insert(key, place);
        place
    }

    /// The row of a parent, which is one more than its number: here, or in the ground.
    fn parent_row(&self, parent: u16) -> Option<&CatalogRow> {
        let at = parent.checked_sub(1)?;
        match usize::from(at).checked_sub(self.before().catalogs) {
            Some(own) => self.catalogs.get(own),
            None => self.ground?.row(at),
        }
    }

    fn is_own(&self, parent: u16) -> bool {
        usize::from(parent) > self.before().catalogs
    }

    /// The cell of a number in a parent's index.
    fn inherited(&self, parent: u16, index: &IndexRow, number: usize) -> Cell {
        if !self.is_own(parent) {
            return self.ground.map(|ground| ground.cell(index, number)).unwrap_or_default();
        }
        let pages = self.pages.get(index.pages.range()).unwrap_or_default();
        cell(pages, &self.cells, number).unwrap_or_default()
    }

    /// The cell of a status in a parent.
    fn inherited_status(&self, parent: u16, cells: Span, status: usize) -> Cell {
        if !self.is_own(parent) {
            return self.ground.map(|ground| ground.status(cells, status)).unwrap_or_default();
        }
        self.cells.get(cells.range()).and_then(|cells| cells.get(status)).copied().unwrap_or_default()
    }

    /// The cells of all statuses from 0 on, resolved along the chain, to the last that leads anywhere.
    fn statuses(&mut self, bases: &[(&Key<'_>, &[Str<'_>], u32)], silenced: &[Key<'_>], parent: u16) -> Span {
        let inherited = self.parent_row(parent).map(|row| row.statuses);
        let mut exact: BTreeMap<i64, u32> = BTreeMap::new();
        let mut ranges = Vec::new();
        for (key, _, row) in bases {
            match key {
                Key::Status(status) => {
                    exact.insert(i64::from(*status), *row);
                }
                Key::StatusRange(from, to) => ranges.push((i64::from(*from), i64::from(*to), *row)),
                _ => {}
            }
        }
        let silenced: Vec<i64> = silenced
            .iter()
            .filter_map(|key| if let Key::Status(status) = key { Some(i64::from(*status)) } else { None })
            .collect();
        let own = Numbers { exact: &exact, ranges: &ranges, silenced: &silenced, classes: true };
        let of_parent =
            |status: usize| inherited.map(|cells| self.inherited_status(parent, cells, status)).unwrap_or_default();
        let mut cells: Vec<Cell> = (0..STATUSES).map(|status| resolve(&own, &of_parent, status)).collect();
        while cells.pop_if(|cell| *cell == Cell::default()).is_some() {}
        Span { at: self.place_cells(&cells), len: index(cells.len()) }
    }

    fn code_index(&mut self, bases: &[(&Key<'_>, &[Str<'_>], u32)], silenced: &[Key<'_>], parent: u16) -> IndexRow {
        let inherited = self.parent_row(parent).map(|row| (parent, row.codes));
        let mut exact: BTreeMap<i64, u32> = BTreeMap::new();
        let mut ranges = Vec::new();
        for (key, names, row) in bases {
            match key {
                Key::Code(Code::Number(number)) => {
                    exact.insert(*number, *row);
                }
                Key::CodeRange(from, to) => ranges.push((*from, *to, *row)),
                _ => {}
            }
            // A numeric other name counts as the number.
            if let Key::Code(_) = key {
                for name in *names {
                    if let Code::Number(number) = Code::from_text(name.clone()) {
                        exact.insert(number, *row);
                    }
                }
            }
        }
        let silenced: Vec<i64> = silenced
            .iter()
            .filter_map(|key| if let Key::Code(Code::Number(number)) = key { Some(*number) } else { None })
            .collect();
        self.index(&Numbers { exact: &exact, ranges: &ranges, silenced: &silenced, classes: false }, inherited)
    }

    /// Resolves every number up to [`REACH`] along the chain, and lists what lies beyond.
    fn index(&mut self, own: &Numbers<'_>, parent: Option<(u16, IndexRow)>) -> IndexRow {
        let parent_pages = parent.map_or(0, |(_, row)| row.pages.len as usize * PAGE);
        let own_last = own
            .exact
            .keys()
            .copied()
            .chain(own.ranges.iter().map(|(_, to, _)| (*to).min(REACH - 1)))
            .filter(|number| (0..REACH).contains(number))
            .max();
        let last = own_last.and_then(|last| usize::try_from(last + 1).ok()).unwrap_or_default().max(parent_pages);
        let of_parent =
            |number: usize| parent.map(|(parent, index)| self.inherited(parent, &index, number)).unwrap_or_default();
        let pages: Vec<[Cell; PAGE]> = (0..last.div_ceil(PAGE))
            .map(|page| core::array::from_fn(|offset| resolve(own, &of_parent, page * PAGE + offset)))
            .collect();
        let places: Vec<u32> = pages.iter().map(|cells| self.place_cells(cells)).collect();
        let pages = Span { at: index(self.pages.len()), len: index(places.len()) };
        self.pages.extend(places);
        let beyond = |number: i64| !(0..REACH).contains(&number);
        let (inherited_sparse, inherited_wide) = self.beyond(parent);
        let mut sparse: BTreeMap<i64, Cell> = inherited_sparse.into_iter().map(|row| (row.number, row.cell)).collect();
        sparse.extend(
            own.exact
                .iter()
                .filter(|(number, _)| beyond(**number))
                .map(|(number, row)| (*number, Cell::new(*row, Match::Exact))),
        );
        sparse.retain(|number, _| !own.silenced.contains(number));
        let first_sparse = self.sparse.len();
        self.sparse.extend(sparse.into_iter().map(|(number, cell)| SparseRow { number, cell }));
        let first_wide = self.wide.len();
        for (from, to, row) in own.ranges.iter().filter(|(from, to, _)| beyond(*from) || beyond(*to)) {
            self.wide.push(WideRow { from: *from, to: *to, cell: Cell::new(*row, Match::Range) });
        }
        self.wide.extend(inherited_wide);
        IndexRow {
            pages,
            sparse: Span { at: index(first_sparse), len: index(self.sparse.len() - first_sparse) },
            wide: Span { at: index(first_wide), len: index(self.wide.len() - first_wide) },
        }
    }

    /// What a parent's index has beyond its pages.
    fn beyond(&self, parent: Option<(u16, IndexRow)>) -> (Vec<SparseRow>, Vec<WideRow>) {
        let Some((parent, index)) = parent else { return (Vec::new(), Vec::new()) };
        match self.ground {
            Some(ground) if !self.is_own(parent) => (ground.sparse(&index).to_vec(), ground.wide(&index).to_vec()),
            _ => (
                self.sparse.get(index.sparse.range()).unwrap_or_default().to_vec(),
                self.wide.get(index.wide.range()).unwrap_or_default().to_vec(),
            ),
        }
    }

    fn limit(&mut self, limit: &Limit<'_>, document: u32, section: Span) -> LimitRow {
        LimitRow {
            key: self.text(&limit.key),
            title: self.text(&limit.title),
            value: self.maybe(limit.value.as_ref()),
            min: self.maybe(limit.min.as_ref()),
            max: self.maybe(limit.max.as_ref()),
            unit: self.text(&limit.unit),
            per: self.maybe(limit.per.as_ref()),
            window_ms: limit.window_ms,
            rolling: limit.rolling,
            approximate: limit.approximate,
            date: self.text(&limit.date),
            text: self.maybe(limit.text.as_ref()),
            document,
            section,
            why: self.maybe(limit.why.as_ref()),
        }
    }

    fn intent(&mut self, intent: &IntentAnswer<'_>, document: u32, section: Span) -> AnswerRow {
        AnswerRow {
            intent: Some(intent.intent as u8),
            environments: environments(&intent.environments),
            from: intent.status.unwrap_or_default(),
            to: intent.status.unwrap_or_default(),
            code: self.maybe(intent.code.as_ref()),
            error_code: intent.error_code,
            sender: intent.sender as u8,
            title: self.text(&intent.title),
            remedy: self.text(&intent.remedy),
            document,
            section,
            why: self.maybe(intent.why.as_ref()),
        }
    }

    fn received(&mut self, answer: &Received<'_>, document: u32, section: Span) -> AnswerRow {
        let (from, to) = answer.status.unwrap_or_default();
        AnswerRow {
            intent: None,
            environments: environments(&answer.environments),
            from,
            to,
            code: self.maybe(answer.code.as_ref()),
            error_code: None,
            sender: answer.sender as u8,
            title: self.text(&answer.title),
            remedy: Span::default(),
            document,
            section,
            why: self.maybe(answer.why.as_ref()),
        }
    }
}

/// How one number is found: exact here, exact in a parent, in a range here, in a range or by the class of a parent.
fn resolve(own: &Numbers<'_>, of_parent: &impl Fn(usize) -> Cell, number: usize) -> Cell {
    let signed = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let class = (own.classes && (100..600).contains(&number)).then_some(number / 100 * 100);
    let inherited = if own.silenced.contains(&signed(number)) {
        // What is silenced counts as not listed: for a status, the class remains.
        match class.and_then(|class| of_parent(class).get()) {
            Some((row, Match::Exact)) => Cell::new(row, Match::Class),
            _ => Cell::default(),
        }
    } else {
        of_parent(number)
    };
    let range = own.ranges.iter().find(|(from, to, _)| (*from..=*to).contains(&signed(number)));
    match (own.exact.get(&signed(number)), range) {
        (Some(row), _) => Cell::new(*row, Match::Exact),
        (None, _) if inherited.is_exact() => inherited,
        (None, Some((_, _, row))) => Cell::new(*row, Match::Range),
        (None, None) if inherited.get().is_some() => inherited,
        (None, None) => {
            let class = class.and_then(|class| own.exact.get(&signed(class)));
            class.map(|row| Cell::new(*row, Match::Class)).unwrap_or_default()
        }
    }
}

/// The environments as bits; none named means all.
fn environments(named: &[Environment]) -> u8 {
    let named = if named.is_empty() { Environment::ALL } else { named };
    named.iter().fold(0, |bits, environment| bits | 1 << *environment as u8)
}

/// Whether a condition can hold where there is no body.
fn holds_of_nothing(condition: &Condition<'_>) -> bool {
    condition.all.is_empty() && condition.any.is_empty()
}
