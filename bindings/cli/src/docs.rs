//! `retriage docs`: a catalog as a reference page in Markdown.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::Args;
use retriage::vocabulary::{Audience, Environment};
use retriage::{Answer, Catalog, Entry, Holds, Source};

use crate::values::CatalogParser;
use crate::{Failure, Verdict, limits, print};

/// Print a catalog as a reference page in Markdown, with an anchor for each entry.
#[derive(Debug, Args)]
#[command(after_help = "\
The anchor of an entry is what follows the slash of its id, and stays as long as the id does, which is never renamed. \
A character that has no place in a link stands there as ~ and its number: Read timed out is Read~20timed~20out.

Examples:
  retriage docs redox > redox.md
  retriage --catalog acme.json docs acme > acme.md")]
pub(crate) struct Docs {
    /// The catalog
    #[arg(value_parser = CatalogParser)]
    catalog: Catalog<'static>,
}

impl Docs {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        io::stdout().lock().write_all(page(self.catalog).as_bytes())?;
        Ok(Verdict::Fine)
    }
}

/// A page as it grows. Blocks have an empty line between them.
#[derive(Default)]
struct Page(String);

impl Page {
    fn block(&mut self, block: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(block);
        self.0.push('\n');
    }

    fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let lines: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !lines.is_empty() {
            self.block(&lines.join("\n"));
        }
    }
}

fn page(catalog: Catalog<'_>) -> String {
    let mut page = Page::default();
    page.block(&format!("# {}", text(catalog.name())));
    let mut head = format!("Catalog {}, as of {}", code(catalog.id()), catalog.as_of());
    if catalog.asked() != catalog.id() {
        let _ = write!(head, ", an overlay of {}", code(catalog.asked()));
    } else if let Some(parent) = catalog.parent() {
        let _ = write!(head, ". What it doesn't list is looked up in {}", code(parent.id()));
    }
    page.block(&(head + "."));
    if let Some(about) = catalog.about() {
        page.block(&text(about));
    }
    page.block("## Sources");
    page.list(catalog.documents().map(document));
    evidence(&mut page, catalog);
    if catalog.limits().next().is_some() {
        page.block("## Limits");
        page.list(catalog.limits().map(|limit| {
            let more = [limit.text(), limit.why()].into_iter().flatten().map(|more| format!(" {}", text(more)));
            let amount = text(&limits::amount(limit));
            format!(
                "**{}** ({}): {amount}.{} Source: {}.",
                text(limit.title()),
                code(limit.key()),
                more.collect::<String>(),
                text(&limit.source().to_string())
            )
        }));
    }
    if catalog.intents().next().is_some() {
        page.block("## What to answer");
        page.list(catalog.intents().map(answer));
    }
    if catalog.received().next().is_some() {
        page.block("## What is made of an answer");
        page.list(catalog.received().map(answer));
    }
    page.block("## Entries");
    let mut table = String::from("| Entry | Title | Category | Fault | Retry | Processed |\n|---|---|---|---|---|---|");
    for entry in catalog.entries() {
        let words = entry.words();
        let _ = write!(
            table,
            "\n| {} | {} | {} | {} | {} | {} |",
            link(entry),
            text(entry.title()),
            text(words.category.as_str()),
            text(words.fault.as_str()),
            text(words.retry.as_str()),
            text(words.processed.as_str())
        );
    }
    page.block(&table);
    catalog.entries().for_each(|entry| section(&mut page, entry));
    page.0
}

fn document(source: Source<'_>) -> String {
    let date = match (source.date(), source.read()) {
        (Some(date), _) => format!(" ({date})"),
        (None, Some(read)) => format!(" (read {read})"),
        (None, None) => String::new(),
    };
    format!("{}, *{}*{date}", text(source.publisher()), text(source.title()))
}

/// Where it looks for what, itself; what it extends is looked through as well.
fn evidence(page: &mut Page, catalog: Catalog<'_>) {
    let places = |places: Vec<String>| places.iter().map(|place| code(place)).collect::<Vec<_>>().join(", then ");
    let mut items = Vec::new();
    let (codes, reasons) = (catalog.code_places(), catalog.reason_places());
    if !codes.is_empty() {
        items.push(format!("Codes: {}", places(codes)));
    }
    if !reasons.is_empty() {
        items.push(format!("Reason texts: {}", places(reasons)));
    }
    let formats: Vec<String> = catalog.formats().map(|format| code(format.as_str())).collect();
    if !formats.is_empty() {
        items.push(format!("Standard bodies: {}", formats.join(", ")));
    }
    if catalog.requires_evidence() {
        items.push("A 2xx alone proves nothing: without evidence in the body the outcome is unknown".to_owned());
    }
    if !items.is_empty() {
        page.block("## How evidence is found");
        page.list(items);
    }
}

fn answer(answer: Answer<'_>) -> String {
    let mut item = String::new();
    if let Some(intent) = answer.intent() {
        let _ = write!(item, "{}: ", code(intent.as_str()));
    }
    let what = match (answer.statuses(), answer.code()) {
        (Some((from, to)), _) if from == to => from.to_string(),
        (Some((from, to)), _) => format!("{from} to {to}"),
        (None, Some(name)) => code(name),
        (None, None) => String::new(),
    };
    item += &what;
    if let Some(error_code) = answer.error_code() {
        let _ = write!(item, " with the error code {error_code}");
    }
    let holds: Vec<String> = Environment::ALL
        .iter()
        .filter(|environment| answer.holds_in(**environment))
        .map(|environment| code(environment.as_str()))
        .collect();
    if holds.len() < Environment::ALL.len() {
        let _ = write!(item, " in {}", holds.join(", "));
    }
    let _ = write!(item, " – {}; sender: {}.", text(answer.title()), code(answer.sender().as_str()));
    for more in [answer.remedy(), answer.why()].into_iter().flatten() {
        let _ = write!(item, " {}", text(more));
    }
    let _ = write!(item, " Source: {}.", text(&answer.source().to_string()));
    item
}

fn section(page: &mut Page, entry: Entry<'_>) {
    let level = if entry.is_variant() { "####" } else { "###" };
    let anchor = anchor(entry.label());
    page.block(&format!("<a id=\"{anchor}\"></a>\n\n{level} {}: {}", text(entry.label()), text(entry.title())));
    let mut what = if entry.is_range() {
        format!("Every {} of this range that isn't listed", entry.key_kind())
    } else {
        format!("A {}", entry.key_kind())
    };
    if entry.is_usual() {
        what += ", as the document says of most";
    }
    if let Some(holds) = entry.holds() {
        let of = entry.base().map(|base| format!(" of {}", link(base)));
        what = format!("A variant{}: {}", of.unwrap_or_default(), conditions(holds).join(", and "));
    }
    let _ = write!(what, ". Id {}", code(entry.id()));
    let names: Vec<String> = entry.names().map(code).collect();
    if !names.is_empty() {
        let _ = write!(what, "; also {}", names.join(", "));
    }
    page.block(&(what + "."));
    let variants: Vec<String> = entry.variants().map(link).collect();
    if !variants.is_empty() {
        page.block(&format!("Variants, in the order in which they are tried: {}.", variants.join(", ")));
    }
    if let Some(vendor) = entry.vendor_text() {
        page.block(&format!("> {}", text(vendor)));
    }
    let words = entry.words();
    let row = |label: &str, word: &str, meaning: &str| format!("{label}: {} – {}", code(word), text(meaning));
    let mut rows = vec![
        row("What it is", words.category.as_str(), words.category.meaning()),
        row("Whose fault", words.fault.as_str(), words.fault.meaning()),
        row("Took effect", words.processed.as_str(), words.processed.meaning()),
        row("Trying again", words.retry.as_str(), words.retry.meaning()),
        row("How final", words.finality.as_str(), words.finality.meaning()),
        row("Severity", words.severity.as_str(), words.severity.meaning()),
        row("A delay holds", words.scope.as_str(), words.scope.meaning()),
        row("gRPC code", words.canonical.as_str(), words.canonical.meaning()),
    ];
    if let Some(wait) = entry.wait_ms() {
        rows.push(format!("Where the server gives no hint, wait {}", print::span(wait)));
    }
    page.list(rows);
    page.block(&format!("**What to do.** {}", text(entry.remedy())));
    page.list(Audience::ALL.iter().map(|audience| format!("**{audience}**: {}", text(entry.message(*audience)))));
    page.block(&format!("Source: {}.", text(&entry.source().to_string())));
    if let Some(why) = entry.why() {
        page.block(&format!("A judgement: {}", text(why)));
    }
}

fn conditions(holds: Holds<'_>) -> Vec<String> {
    let reasons: Vec<String> = holds.reasons.iter().map(|reason| code(reason)).collect();
    let reason = (!reasons.is_empty()).then(|| format!("the reason text is {}", reasons.join(" or ")));
    let condition = holds.condition.map(|name| format!("the body meets the condition {}", code(name)));
    let header = holds.header.map(|name| format!("the header {} is there", code(name)));
    let hint = holds.hint.then(|| "the server says when to try again".to_owned());
    [reason, condition, header, hint].into_iter().flatten().collect()
}

fn link(entry: Entry<'_>) -> String {
    format!("[{}](#{})", text(entry.label()), anchor(entry.label()))
}

/// What follows the `#` of a link to an entry: of one label only.
fn anchor(label: &str) -> String {
    let mut anchor = String::new();
    for byte in label.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            anchor.push(char::from(byte));
        } else {
            let _ = write!(anchor, "~{byte:02x}");
        }
    }
    anchor
}

/// A text on one line of Markdown that is read as it stands.
fn text(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let one_line = print::harmless(&one_line);
    let mut escaped = String::with_capacity(one_line.len() + 8);
    // What makes a list, a heading or a line of an underlined one only at the start of a line.
    let digits = one_line.bytes().take_while(u8::is_ascii_digit).count();
    let is_numbered = one_line.get(digits + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
    for (at, letter) in one_line.char_indices() {
        let starts = (at == 0 && matches!(letter, '+' | '-' | '='))
            || (at == digits && is_numbered && matches!(letter, '.' | ')'));
        if starts || "\\`*_{}[]<>#|~&!$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A text as code: its fence is longer than any run of backticks in it.
fn code(text: &str) -> String {
    let text = print::harmless(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{anchor, code, text};

    #[test]
    fn nothing_in_a_text_is_markdown() {
        assert_eq!(text("a_b *c* [d](e) <b> `f` |"), r"a\_b \*c\* \[d\](e) \<b\> \`f\` \|");
        assert_eq!(text("# no heading"), r"\# no heading");
        assert_eq!(text("1. no list"), r"1\. no list");
        assert_eq!(text("- no list\n- either"), r"\- no list - either");
        assert_eq!(text("In 2.5 s, 3)"), "In 2.5 s, 3)");
        assert_eq!(text("401.expired"), "401.expired");
        assert_eq!(text("\u{202e}x"), r"\\u\{202e\}x");
    }

    #[test]
    fn code_ends_where_its_text_does() {
        assert_eq!(code("body:a.b"), "`body:a.b`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn every_label_has_an_anchor_of_its_own() {
        assert_eq!(anchor("401.source_not_found"), "401.source_not_found");
        assert_eq!(anchor("Read timed out"), "Read~20timed~20out");
        assert_ne!(anchor("a b"), anchor("a~20b"));
    }
}
