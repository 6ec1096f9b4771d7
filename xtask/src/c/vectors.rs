//! The cases of `tests/vectors`, and every entry, as tables in C: what is asked and what the core answers, so that a
//! test in C needs no reader of JSON.

use std::fmt::Write as _;
use std::path::Path;

use retriage::vocabulary::*;
use retriage::{Catalog, Code, Evidence, Question, Registry};
use serde_json::{Map, Value};

use crate::project::cases;

/// The tables, and how many cases each has.
pub(crate) struct Tables {
    /// The source in C.
    pub(crate) text: String,
    /// The name of each table, and how many cases it has.
    pub(crate) counts: Vec<(&'static str, usize)>,
}

/// Reads every case and asks the core.
pub(crate) fn generate(root: &Path) -> Result<Tables, String> {
    let mut writer = Writer::default();
    for (file, case) in cases(root)? {
        writer.case(&file, &case).ok_or_else(|| format!("{file}: {}: not as a case is", case["name"]))?;
    }
    writer.entries().ok_or("an entry is not as an entry is")?;
    Ok(writer.finish())
}

#[derive(Default)]
struct Writer {
    /// Headers, bodies and events, which the tables point to.
    parts: String,
    answers: Vec<String>,
    meanings: Vec<String>,
    deliveries: Vec<String>,
    advices: Vec<String>,
    entries: Vec<String>,
    /// How many parts there are.
    count: usize,
}

impl Writer {
    /// One case; `None` where it isn't as a case is.
    fn case(&mut self, file: &str, case: &Value) -> Option<()> {
        let name = text(&format!("{file}: {}", case["name"].as_str()?));
        let question = case["text"].as_str().map_or_else(|| case["question"].to_string(), str::to_owned);
        let raw = retriage::answer(&question);
        self.answers.push(format!("{{{name}, {}, {}, {}}}", text(&question), question.len(), text(&raw)));
        let answer: Value = serde_json::from_str(&raw).ok()?;
        let Some(asked) = case["question"].as_object() else { return Some(()) };
        let asked = &said(asked);
        let error = answer["error"]["kind"].as_str();
        // What else is wrong with a question can't be said in C.
        if error.is_some_and(|kind| !matches!(kind, "needs_random" | "needs_now")) {
            return Some(());
        }
        match asked.get("ask").and_then(Value::as_str) {
            None | Some("classify") => self.meaning(&name, asked, &question, &answer),
            Some("deliver") if error.is_none() => self.delivery(&name, asked, &raw, &answer),
            Some("advise") if error.is_none() => self.advice(&name, asked, &raw, &answer),
            _ => Some(()),
        }
    }

    fn meaning(&mut self, name: &str, asked: &Map<String, Value>, question: &str, answer: &Value) -> Option<()> {
        let parsed = Question::parse(question).ok()?;
        let headers = parsed.headers();
        let evidence = parsed.evidence(&headers);
        // An empty text has to be left out in C, where it would be one whose length was forgotten.
        if [evidence.failure, evidence.control_id].contains(&Some("")) || evidence.code == Some(Code::Name("")) {
            return Some(());
        }
        let evidence = self.evidence(&evidence);
        let mut fields = vec![
            format!(".name = {name}"),
            format!(".catalog = {}", text(parsed.catalog().asked())),
            format!(".evidence = {evidence}"),
            format!(".answer = {}", self.answers.len() - 1),
            format!(".locales = {}", locales(asked)),
        ];
        let wants_decision = asked.contains_key("profile") || asked.contains_key("attempt");
        if wants_decision {
            fields.push(format!(".profile = {}", profile(asked)));
            fields.push(attempt(asked)?);
        }
        match answer["error"]["kind"].as_str() {
            Some(kind) => fields.push(format!(".status = {}", 100 + i32::from(number::<ErrorKind>(kind)?))),
            None => {
                fields.push(classified(&answer["classification"])?);
                if wants_decision {
                    fields.push(decided(&answer["decision"])?);
                }
            }
        }
        self.meanings.push(format!("{{{}}}", fields.join(", ")));
        Some(())
    }

    fn evidence(&mut self, evidence: &Evidence<'_>) -> String {
        let mut flags = Vec::new();
        let mut fields = Vec::new();
        let mut number = |flag: &'static str, field: &str, value: Option<String>| {
            if let Some(value) = value {
                flags.push(flag);
                fields.push(format!(".{field} = {value}"));
            }
        };
        number("RETRIAGE_HAS_STATUS", "status", evidence.status.map(|status| status.to_string()));
        number("RETRIAGE_HAS_MODE", "mode", evidence.mode.map(|mode| (mode as u8).to_string()));
        number("RETRIAGE_HAS_NOW_MS", "now_ms", evidence.now_ms.map(whole));
        let limit = (evidence.body_limit != retriage::BODY_LIMIT).then(|| format!("{}u", evidence.body_limit));
        number("RETRIAGE_HAS_BODY_LIMIT", "body_limit", limit);
        match evidence.code {
            Some(Code::Number(code)) => number("RETRIAGE_HAS_CODE_NUMBER", "code_number", Some(whole(code))),
            Some(Code::Name(code)) => fields.push(measured("code", code.as_bytes())),
            None => {}
        }
        for (field, value) in [("failure", evidence.failure), ("control_id", evidence.control_id)] {
            fields.extend(value.map(|value| measured(field, value.as_bytes())));
        }
        fields.extend(evidence.body.map(|body| measured("body", body)));
        if !evidence.details {
            flags.push("RETRIAGE_WITHOUT_DETAILS");
        }
        if !evidence.headers.is_empty() {
            let list: Vec<String> = evidence
                .headers
                .iter()
                .map(|(name, value)| format!("{{{}, {}}}", sized(name.as_bytes()), sized(value.as_bytes())))
                .collect();
            let part = self.part("retriage_header", &list);
            fields.push(format!(".headers = {part}, .header_count = {}", list.len()));
        }
        fields.insert(0, format!(".size = sizeof(retriage_evidence), .flags = {}", bits(&flags)));
        format!("{{{}}}", fields.join(", "))
    }

    /// A list that a table points to.
    fn part(&mut self, kind: &str, items: &[String]) -> String {
        let name = format!("part_{}", self.count);
        self.count += 1;
        let _ = writeln!(self.parts, "static const {kind} {name}[] = {{{}}};", items.join(", "));
        name
    }

    fn delivery(&mut self, name: &str, asked: &Map<String, Value>, raw: &str, answer: &Value) -> Option<()> {
        let catalog = asked.get("catalog").and_then(Value::as_str).unwrap_or("http");
        let mut events = Vec::new();
        for (event, step) in asked["events"].as_array()?.iter().zip(answer["delivery"]["steps"].as_array()?) {
            events.push(self.event(catalog, &said(event.as_object()?), step.as_array()?)?);
        }
        if events.is_empty() {
            return Some(());
        }
        let count = events.len();
        let events = self.part("struct happened", &events);
        // As the core writes it; parsed and written again it would be in another order.
        let queue = raw.rfind(",\"queue\":").and_then(|at| raw.get(at + 9..raw.len() - 2))?;
        let word = |field: &str| asked.get(field).and_then(Value::as_str);
        let mode = word("mode").map(number::<Mode>).map_or(Some(None), |mode| mode.map(Some))?;
        let environment = word("environment").map_or(Some(0), number::<Environment>)?;
        let before = asked.get("queue").map_or_else(|| "NULL".to_owned(), |queue| text(&queue.to_string()));
        self.deliveries.push(format!(
            "{{.name = {name}, .catalog = {}, .profile = {}, .before = {before}, .after = {}, .events = {events}, \
             .event_count = {count}, .capacity = {}u, .has_mode = {}, .mode = {}, .environment = {environment}}}",
            text(catalog),
            profile(asked),
            text(queue),
            asked.get("capacity").and_then(Value::as_u64).unwrap_or(0),
            u8::from(mode.is_some()),
            mode.unwrap_or(0),
        ));
        Some(())
    }

    fn event(&mut self, catalog: &str, event: &Map<String, Value>, acts: &[Value]) -> Option<String> {
        let kind: u8 = number::<EventKind>(event["event"].as_str()?)?;
        let mut flags = Vec::new();
        let mut fields = vec![format!(".kind = {kind}")];
        let now = match &event["now"] {
            Value::String(text) => retriage::parse_time(text).ok()?,
            number => number.as_i64()?,
        };
        fields.push(format!(".now_ms = {}", whole(now)));
        if let Some(id) = event.get("id").and_then(Value::as_str) {
            fields.push(format!(".id = {}", text(id)));
        }
        for (flag, field) in [("RETRIAGE_HAS_ATTEMPT", "attempt"), ("RETRIAGE_HAS_OFFSET_MINUTES", "offset_minutes")] {
            if let Some(value) = event.get(field).and_then(Value::as_i64) {
                flags.push(flag);
                fields.push(format!(".{field} = {value}"));
            }
        }
        if let Some(random) = event.get("random").and_then(Value::as_f64) {
            flags.push("RETRIAGE_HAS_RANDOM");
            fields.push(format!(".random = {random:?}"));
        }
        if kind == EventKind::Unanswered as u8 {
            fields.extend(
                event.get("failure").and_then(Value::as_str).map(|failure| measured("failure", failure.as_bytes())),
            );
        }
        let mut evidence = "{.size = sizeof(retriage_evidence)}".to_owned();
        if kind == EventKind::Answered as u8 {
            let mut question = event.clone();
            question.retain(|name, _| {
                ["status", "code", "failure", "headers", "body", "body_base64", "control_id"].contains(&name.as_str())
            });
            question.insert("catalog".to_owned(), catalog.into());
            let question = Value::Object(question).to_string();
            let parsed = Question::parse(&question).ok()?;
            evidence = self.evidence(&parsed.evidence(&parsed.headers()));
        }
        fields.insert(0, format!(".size = sizeof(retriage_event), .flags = {}", bits(&flags)));
        let acts: Vec<String> = acts.iter().map(act).collect::<Option<_>>()?;
        let (list, count) = match acts.len() {
            0 => ("NULL".to_owned(), 0),
            count => (self.part("retriage_act", &acts), count),
        };
        Some(format!(
            "{{.event = {{{}}}, .evidence = {evidence}, .acts = {list}, .act_count = {count}}}",
            fields.join(", ")
        ))
    }

    fn advice(&mut self, name: &str, asked: &Map<String, Value>, raw: &str, answer: &Value) -> Option<()> {
        let mut flags = Vec::new();
        let mut fields = Vec::new();
        if let Some(intent) = asked.get("intent").and_then(Value::as_str) {
            flags.push("RETRIAGE_HAS_INTENT");
            fields.push(format!(".intent = {}", number::<Intent>(intent)?));
        }
        if let Some(status) = asked.get("status").and_then(Value::as_u64) {
            flags.push("RETRIAGE_HAS_STATUS");
            fields.push(format!(".status = {status}"));
        }
        if let Some(code) = asked.get("code") {
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            fields.push(measured("code", code.as_bytes()));
        }
        if let Some(environment) = asked.get("environment").and_then(Value::as_str) {
            fields.push(format!(".environment = {}", number::<Environment>(environment)?));
        }
        fields.insert(0, format!(".size = sizeof(retriage_wish), .flags = {}", bits(&flags)));
        let advice = &answer["advice"];
        let mut flags = Vec::new();
        let mut told = Vec::new();
        for (part, flag, field) in
            [("advised", "RETRIAGE_HAS_ADVISED", "sender"), ("received", "RETRIAGE_HAS_RECEIVED", "received")]
        {
            if let Some(sender) = advice[part]["sender"].as_str() {
                flags.push(flag);
                told.push(format!(".{field} = {}", number::<Sender>(sender)?));
            }
        }
        for (flag, field) in [("RETRIAGE_HAS_STATUS", "status"), ("RETRIAGE_HAS_ERROR_CODE", "error_code")] {
            if let Some(value) = advice["advised"][field].as_i64() {
                flags.push(flag);
                told.push(format!(".{field} = {}", whole(value)));
            }
        }
        let mut warnings = 0;
        for warning in advice["warnings"].as_array()? {
            warnings |= 1 << number::<Warning>(warning.as_str()?)?;
        }
        let catalog = asked.get("catalog").and_then(Value::as_str).unwrap_or("http");
        self.advices.push(format!(
            "{{.name = {name}, .catalog = {}, .wish = {{{}}}, .json = {}, .advice = {{.size = sizeof(retriage_advice), \
             .flags = {}, .warnings = {warnings}{}}}}}",
            text(catalog),
            fields.join(", "),
            text(raw),
            bits(&flags),
            told.iter().fold(String::new(), |text, field| text + ", " + field),
        ));
        Some(())
    }

    /// Every entry of every catalog, with a text in another language.
    fn entries(&mut self) -> Option<()> {
        let registry = Registry::BUILT_IN;
        let german = registry.locale(&["de-CH"])?;
        for catalog in registry.catalogs() {
            for entry in Catalog::entries(catalog) {
                let words = entry.words();
                let space = match entry.key_kind() {
                    "status" => "RETRIAGE_SPACE_STATUS",
                    "code" => "RETRIAGE_SPACE_CODE",
                    "failure" => "RETRIAGE_SPACE_FAILURE",
                    _ => "RETRIAGE_SPACE_CONDITION",
                };
                let message = retriage::Messages::new(Some(entry), words.category, Some(german));
                let mut flags = Vec::new();
                for (holds, flag) in [
                    (entry.is_range(), "RETRIAGE_ENTRY_IS_RANGE"),
                    (entry.is_variant(), "RETRIAGE_ENTRY_IS_VARIANT"),
                    (entry.is_usual(), "RETRIAGE_ENTRY_IS_USUAL"),
                    (entry.wait_ms().is_some(), "RETRIAGE_ENTRY_HAS_WAIT"),
                ] {
                    flags.extend(holds.then_some(flag));
                }
                self.entries.push(format!(
                    "{{.catalog = {}, .id = {}, .key = {}, .title = {}, .source = {}, .german = {}, .why = {}, \
                     .info = {{.size = sizeof(retriage_entry_info), .wait_ms = {}u, .flags = {}, .space = {space}, \
                     .variants = {}, {}}}}}",
                    text(catalog.id()),
                    text(entry.id()),
                    text(entry.label()),
                    text(entry.title()),
                    text(&entry.source().to_string()),
                    text(message.get(Audience::User)),
                    entry.why().map_or_else(|| "NULL".to_owned(), text),
                    entry.wait_ms().unwrap_or(0),
                    bits(&flags),
                    entry.variants().count(),
                    words_of(words),
                ));
            }
        }
        Some(())
    }

    fn finish(self) -> Tables {
        let mut text = String::from("/* Made by `cargo xtask` of tests/vectors and of what the core answers. */\n");
        text += "#include \"vectors.h\"\n\n";
        text += &self.parts;
        let mut counts = Vec::new();
        for (kind, name, rows) in [
            ("answer_case", "answers", self.answers),
            ("meaning_case", "meanings", self.meanings),
            ("delivery_case", "deliveries", self.deliveries),
            ("advice_case", "advices", self.advices),
            ("entry_case", "entries", self.entries),
        ] {
            counts.push((name, rows.len()));
            let _ = writeln!(text, "\nconst struct {kind} {name}[] = {{\n{}\n}};", rows.join(",\n"));
            let _ = writeln!(text, "const size_t {name}_count = {};", rows.len());
        }
        Tables { text, counts }
    }
}

/// The members that aren't null, which counts as absent.
fn said(members: &Map<String, Value>) -> Map<String, Value> {
    members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The number of a word.
fn number<T: Numbered>(word: &str) -> Option<u8> {
    T::number(word)
}

/// A closed set whose words have numbers.
trait Numbered {
    fn number(word: &str) -> Option<u8>;
}

macro_rules! numbered {
    ($($set:ident)*) => {
        $(impl Numbered for $set {
            fn number(word: &str) -> Option<u8> {
                Self::from_word(word).map(|word| word as u8)
            }
        })*
    };
}

numbered! {
    Action Canonical Category Cause DeliveryAction DeliveryReason Environment ErrorKind EventKind Fault Finality
    HintSource HintState Intent Match Mode Processed Retry Scope Sender Severity Verified Warning
}

/// The profile of a question: an id, or JSON.
fn profile(asked: &Map<String, Value>) -> String {
    match asked.get("profile") {
        Some(Value::String(id)) => text(id),
        Some(object) => text(&object.to_string()),
        None => text("standard"),
    }
}

/// The languages that a question wishes for, as C says them.
fn locales(asked: &Map<String, Value>) -> String {
    let wishes = match asked.get("locale") {
        Some(Value::Array(wishes)) => wishes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(Value::String(wish)) => wish.clone(),
        _ => String::new(),
    };
    if wishes.is_empty() { "NULL".to_owned() } else { text(&wishes) }
}

fn attempt(asked: &Map<String, Value>) -> Option<String> {
    let mut flags = Vec::new();
    let mut fields = Vec::new();
    if let Some(idempotent) = asked.get("idempotent").and_then(Value::as_bool) {
        flags.push("RETRIAGE_HAS_IDEMPOTENT");
        fields.push(format!(".idempotent = {}", u8::from(idempotent)));
    }
    if let Some(verified) = asked.get("verified").and_then(Value::as_str) {
        flags.push("RETRIAGE_HAS_VERIFIED");
        fields.push(format!(".verified = {}", number::<Verified>(verified)?));
    }
    if let Some(random) = asked.get("random").and_then(Value::as_f64) {
        flags.push("RETRIAGE_HAS_RANDOM");
        fields.push(format!(".random = {random:?}"));
    }
    if let Some(environment) = asked.get("environment").and_then(Value::as_str) {
        fields.push(format!(".environment = {}", number::<Environment>(environment)?));
    }
    fields.extend(asked.get("method").and_then(Value::as_str).map(|method| measured("method", method.as_bytes())));
    let count = |name: &str, otherwise: u64| asked.get(name).and_then(Value::as_u64).unwrap_or(otherwise);
    fields.push(format!(".number = {}u, .elapsed_ms = {}u", count("attempt", 1), count("elapsed_ms", 0)));
    let state = asked.get("state").map(|state| retriage::parse_state(&state.to_string())).transpose().ok()?;
    let budget = asked.get("budget").map(|budget| retriage::parse_budget(&budget.to_string())).transpose().ok()?;
    Some(format!(
        ".attempt = {{.size = sizeof(retriage_attempt), .flags = {}, {}}}, .state = {}, .budget = {}",
        bits(&flags),
        fields.join(", "),
        state_of(state.unwrap_or_default()),
        budget_of(budget),
    ))
}

fn state_of(state: retriage::State) -> String {
    let mut flags = Vec::new();
    flags.extend(state.reauthenticated.then_some("RETRIAGE_REAUTHENTICATED"));
    flags.extend(state.previous_ms.map(|_| "RETRIAGE_HAS_PREVIOUS_MS"));
    flags.extend(state.cost.map(|_| "RETRIAGE_HAS_COST"));
    format!(
        "{{.size = sizeof(retriage_state), .flags = {}, .restarted = {}, .previous_ms = {}u, .cost = {}u}}",
        bits(&flags),
        state.restarted,
        state.previous_ms.unwrap_or(0),
        state.cost.unwrap_or(0)
    )
}

fn budget_of(budget: Option<retriage::Budget>) -> String {
    let thousandths = budget.map_or(0, |budget| budget.thousandths);
    let flags = if budget.is_some() { "RETRIAGE_HAS_THOUSANDTHS" } else { "0" };
    format!("{{.size = sizeof(retriage_budget), .flags = {flags}, .thousandths = {thousandths}u}}")
}

fn words_of(words: Words) -> String {
    format!(
        ".category = {}, .canonical = {}, .fault = {}, .retry = {}, .processed = {}, .finality = {}, .severity = {}, \
         .scope = {}",
        words.category as u8,
        words.canonical as u8,
        words.fault as u8,
        words.retry as u8,
        words.processed as u8,
        words.finality as u8,
        words.severity as u8,
        words.scope as u8,
    )
}

/// A classification of the wire form, in numbers.
fn classified(found: &Value) -> Option<String> {
    let word = |name: &str| found[name].as_str();
    let mut fields = vec![format!(
        ".category = {}, .canonical = {}, .fault = {}, .retry = {}, .processed = {}, .finality = {}, .severity = {}, \
         .scope = {}, .matched = {}",
        number::<Category>(word("category")?)?,
        number::<Canonical>(word("canonical")?)?,
        number::<Fault>(word("fault")?)?,
        number::<Retry>(word("retry")?)?,
        number::<Processed>(word("processed")?)?,
        number::<Finality>(word("finality")?)?,
        number::<Severity>(word("severity")?)?,
        number::<Scope>(word("scope")?)?,
        number::<Match>(word("match")?)?,
    )];
    let mut flags = Vec::new();
    if let Some(state) = found["hint"]["state"].as_str() {
        flags.push("RETRIAGE_HAS_HINT");
        let from = number::<HintSource>(found["hint"]["from"].as_str()?)?;
        fields.push(format!(".hint = {}, .hint_from = {from}", number::<HintState>(state)?));
        if let Some(delay) = found["hint"]["delay_ms"].as_u64() {
            flags.push("RETRIAGE_HAS_HINT_DELAY_MS");
            fields.push(format!(".hint_delay_ms = {delay}u"));
        }
    }
    Some(format!(
        ".entry = {}, .meaning = {{.size = sizeof(retriage_classification), .flags = {}, {}}}",
        word("entry").map_or_else(|| "NULL".to_owned(), text),
        bits(&flags),
        fields.join(", ")
    ))
}

/// A decision of the wire form, in numbers.
fn decided(made: &Value) -> Option<String> {
    let mut flags = Vec::new();
    let mut fields = vec![format!(
        ".action = {}, .scope = {}, .cause = {}",
        number::<Action>(made["action"].as_str()?)?,
        number::<Scope>(made["scope"].as_str()?)?,
        number::<Cause>(made["reason"].as_str()?)?,
    )];
    for (flag, field) in [("RETRIAGE_HAS_DELAY_MS", "delay_ms"), ("RETRIAGE_HAS_NOT_BEFORE_MS", "not_before_ms")] {
        if let Some(delay) = made[field].as_u64() {
            flags.push(flag);
            fields.push(format!(".{field} = {delay}u"));
        }
    }
    let state = retriage::parse_state(&made["state"].to_string()).ok()?;
    let budget = match &made["budget"] {
        Value::Null => None,
        budget => Some(retriage::parse_budget(&budget.to_string()).ok()?),
    };
    Some(format!(
        ".decision = {{.size = sizeof(retriage_decision), .flags = {}, {}}}, .state_after = {}, .budget_after = {}",
        bits(&flags),
        fields.join(", "),
        state_of(state),
        budget_of(budget)
    ))
}

/// An act of the wire form, in numbers.
fn act(found: &Value) -> Option<String> {
    let mut flags = Vec::new();
    let mut fields = vec![format!(".action = {}", number::<DeliveryAction>(found["action"].as_str()?)?)];
    if let Some(id) = found["id"].as_str() {
        fields.push(format!(".id = {}, .id_length = {}", text(id), id.len()));
    }
    if let Some(attempt) = found["attempt"].as_u64() {
        flags.push("RETRIAGE_HAS_ATTEMPT");
        fields.push(format!(".attempt = {attempt}u"));
    }
    if let Some(until) = found["until_ms"].as_i64() {
        flags.push("RETRIAGE_HAS_UNTIL_MS");
        fields.push(format!(".until_ms = {}", whole(until)));
    }
    if let Some(reason) = found["reason"].as_str() {
        flags.push("RETRIAGE_HAS_REASON");
        fields.push(format!(".reason = {}", number::<DeliveryReason>(reason)?));
    }
    if let Some(cause) = found["cause"].as_str() {
        flags.push("RETRIAGE_HAS_CAUSE");
        fields.push(format!(".cause = {}", number::<Cause>(cause)?));
    }
    Some(format!("{{.size = sizeof(retriage_act), .flags = {}, {}}}", bits(&flags), fields.join(", ")))
}

fn bits(flags: &[&str]) -> String {
    if flags.is_empty() { "0".to_owned() } else { flags.join(" | ") }
}

fn whole(number: i64) -> String {
    // C has no literal of the least one.
    if number == i64::MIN { "INT64_MIN".to_owned() } else { format!("INT64_C({number})") }
}

/// A text and its length, as two fields.
fn measured(field: &str, bytes: &[u8]) -> String {
    format!(".{field} = {}, .{field}_length = {}", literal(bytes), bytes.len())
}

/// A text and its length.
fn sized(bytes: &[u8]) -> String {
    format!("{}, {}", literal(bytes), bytes.len())
}

fn text(text: &str) -> String {
    literal(text.as_bytes())
}

/// A text as C writes it. Bytes that aren't printable have three octal digits, so that what follows is never one more.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in bytes {
        match byte {
            b'"' | b'\\' | b'?' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => {
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    text
}
