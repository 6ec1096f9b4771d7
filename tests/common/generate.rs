//! Questions about decisions, advice and deliveries: the evidence of the vectors, the catalogs and the profiles, each
//! with each other.

use std::collections::BTreeMap;

use retriage::vocabulary::{Environment, EventKind, Intent};
use serde_json::{Value, json};

use super::{answer, cases};

/// Numbers without a pattern, the same at every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // A xorshift that begins at 0 stays there.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % sides
    }

    /// One of them.
    pub(crate) fn pick<'v>(&mut self, values: &'v [Value]) -> &'v Value {
        &values[self.roll(values.len())]
    }
}

/// An object with these members; one that is null is left out.
fn object<const N: usize>(members: [(&str, &Value); N]) -> Value {
    members.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, value.clone())).collect()
}

/// Profiles that between them make the engine say everything it can say.
fn inline_profiles() -> [Value; 4] {
    [
        json!({
            "select": "sets", "rules": [{ "statuses": ["5xx", 429] }, { "failures": ["@any"] }],
            "decisive_header": "x-should-retry", "refusing_header": "x-no-retry",
            "exceptions": [{ "when": [{ "statuses": [503] }], "floor_ms": 5_000, "cost": 10, "scope": "client" }],
            "budget": { "capacity": 10, "cost": 7.5 }, "jitter": { "kind": "decorrelated" },
            "hints": {
                "from": [{ "header": "retry-after", "forms": ["seconds", "date"] }],
                "limit_ms": 20_000, "over": "ignore", "use": "floor", "jitter": { "kind": "none" }
            }
        }),
        json!({
            "environments": ["production"], "modes": ["async"], "repeats_unsafe": true, "attempts": null,
            "jitter": { "kind": "none" },
            "hints": { "limit_ms": 1_000, "over": "cap", "use": "clamp", "clamp_ms": 100, "jitter": { "kind": "none" } }
        }),
        json!({ "budget": { "capacity": 5, "cost": 1, "charge": "failure", "threshold": 2 } }),
        json!({
            "deadline_ms": null, "attempts": null, "hints": { "limit_ms": null },
            "alert": {
                "depth": 2, "after": ["refused", "unanswered"], "opens": "10:00", "closes": "22:00",
                "zone": "America/New_York"
            }
        }),
    ]
}

/// Every built-in profile, by its id, and some inline ones.
pub(crate) fn profiles() -> Vec<Value> {
    retriage::profiles().iter().map(|profile| json!(profile.id)).chain(inline_profiles()).collect()
}

/// What came back, once for each entry that the cases find, the way it was found, and the hint beside it.
fn evidence() -> Vec<Value> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    let names = ["catalog", "status", "code", "failure", "headers", "body", "body_base64", "control_id", "now"];
    for case in cases() {
        let evidence = object(names.map(|name| (name, &case.question[name])));
        let classified = &answer(&evidence)["classification"];
        if case.question["ask"].is_null() && classified.is_object() {
            let hint = &classified["hint"];
            let key = json!([classified["entry"], classified["match"], hint["state"], hint["from"]]);
            found.entry(key.to_string()).or_insert(evidence);
        }
    }
    let headers = [("x-should-retry", "true"), ("x-should-retry", "false"), ("x-no-retry", "1")];
    let decided = headers.map(|(name, value)| json!({ "status": 503, "headers": { name: value } }));
    found.into_values().chain(decided).collect()
}

/// Each evidence with each profile, and how the request was made.
pub(crate) fn decisions() -> Vec<Value> {
    let mut dice = Dice::new(1);
    let mut questions = Vec::new();
    let (evidence, profiles) = (evidence(), profiles());
    assert!(evidence.len() > 400, "only {} pieces of evidence", evidence.len());
    for evidence in &evidence {
        for profile in &profiles {
            let mut question = evidence.clone();
            let mut with = |name: &str, values: &[Value]| {
                let value = dice.pick(values);
                if question[name].is_null() {
                    question[name] = value.clone();
                }
            };
            with("now", &[json!("2026-11-21T12:00:00Z")]);
            with("profile", std::slice::from_ref(profile));
            with("method", &[json!("GET"), json!("POST"), Value::Null]);
            with("idempotent", &[json!(true), json!(false), Value::Null]);
            with("verified", &[json!("processed"), json!("not_processed"), json!("unknown"), Value::Null, Value::Null]);
            with("environment", &[json!("production"), json!("development"), Value::Null]);
            with("mode", &[json!("async"), json!("sync"), Value::Null]);
            with("elapsed_ms", &[json!(0), json!(3_600_000), Value::Null]);
            with("random", &[json!(0), json!(0.5), json!(0.999)]);
            questions.push(question);
        }
    }
    questions
}

/// Each catalog with each intent, reply and environment.
pub(crate) fn advice() -> Vec<Value> {
    let statuses = [200, 201, 302, 400, 404, 409, 500, 503, 600].map(|status| ("status", json!(status)));
    let codes = ["AA", "AE", "AR", "CA", "CE", "CR", "XX"].map(|code| ("code", json!(code)));
    let replies: Vec<(&str, Value)> = statuses.into_iter().chain(codes).chain([("code", Value::Null)]).collect();
    let intents: Vec<Value> = Intent::ALL.iter().map(|intent| json!(intent)).chain([Value::Null]).collect();
    let mut questions = Vec::new();
    for catalog in retriage::catalogs() {
        for intent in &intents {
            for (name, reply) in &replies {
                if intent.is_null() && reply.is_null() {
                    continue;
                }
                for environment in Environment::ALL {
                    let (catalog, environment) = (json!(catalog.id()), json!(environment));
                    questions.push(object([
                        ("ask", &json!("advise")),
                        ("catalog", &catalog),
                        ("intent", intent),
                        (name, reply),
                        ("environment", &environment),
                    ]));
                }
            }
        }
    }
    questions
}

/// A queue to which something happens again and again.
pub(crate) struct Delivery {
    /// The question, without events.
    pub question: Value,
    dice: Dice,
    now_ms: i64,
}

/// Queues of every profile.
pub(crate) fn deliveries() -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    for profile in profiles() {
        for seed in 1..=10 {
            let mut dice = Dice::new(seed);
            let question = object([
                ("ask", &json!("deliver")),
                ("profile", &profile),
                ("catalog", dice.pick(&[json!("redox"), json!("hl7v2"), Value::Null])),
                ("environment", dice.pick(&[json!("production"), json!("development"), Value::Null])),
                ("mode", dice.pick(&[json!("async"), Value::Null])),
                ("capacity", dice.pick(&[json!(2), json!(3)])),
            ]);
            deliveries.push(Delivery { question, dice, now_ms: 1_795_000_000_000 });
        }
    }
    deliveries
}

impl Delivery {
    /// Something that happens to the queue as it is, most often to its first message.
    pub(crate) fn event(&mut self, queue: &Value) -> Value {
        const STEPS_MS: [i64; 6] = [0, 1_000, 60_000, 600_000, 40_000_000, -7_200_000];
        let dice = &mut self.dice;
        self.now_ms += STEPS_MS[dice.roll(STEPS_MS.len())];
        let kind = match dice.roll(3) {
            0 => EventKind::Enqueued,
            1 => [EventKind::Answered, EventKind::Unanswered][dice.roll(2)],
            _ => EventKind::ALL[dice.roll(EventKind::ALL.len())],
        };
        let first = if queue["waiting"][0].is_string() { &queue["waiting"][0] } else { &json!("a") };
        let ids = [first.clone(), first.clone(), json!("a"), json!("b"), json!("c")];
        let id = match kind {
            EventKind::Tick | EventKind::Pause | EventKind::Resume | EventKind::Restarted => &Value::Null,
            _ => dice.pick(&ids),
        };
        let (statuses, waits) = (
            [200, 200, 400, 401, 429, 500, 503].map(|status| json!(status)),
            ["5", "3600", "9007199254740", "soon"].map(|wait| json!({ "retry-after": wait })),
        );
        let (status, headers, failure) = match kind {
            EventKind::Answered => (dice.pick(&statuses), dice.pick(&waits), &Value::Null),
            EventKind::Unanswered => (&Value::Null, &Value::Null, &json!("ECONNRESET")),
            _ => (&Value::Null, &Value::Null, &Value::Null),
        };
        let is_outcome = matches!(kind, EventKind::Answered | EventKind::Unanswered);
        let attempt = if is_outcome && dice.roll(4) == 0 { &json!(1) } else { &Value::Null };
        object([
            ("event", &json!(kind)),
            ("id", id),
            ("attempt", attempt),
            ("now", &json!(self.now_ms)),
            ("offset_minutes", &json!(-300)),
            ("random", dice.pick(&[json!(0), json!(0.5), json!(0.999)])),
            ("status", status),
            ("headers", headers),
            ("failure", failure),
        ])
    }
}
