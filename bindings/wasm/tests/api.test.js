// What a user of the package relies on beyond the vectors.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import { load } from "./lib.js";

const retriage = await load();
const { answer, catalog, classify, classifyResponse, evidenceOf, lookup, Queue, Registry, RetriageError } = retriage;

/** That a call is refused: the kind and the place. */
function refused(call, kind, at) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof RetriageError && error instanceof Error, String(error));
    assert.deepEqual([error.name, error.kind, error.at], ["RetriageError", kind, at], error.message);
    assert.ok(error.message.length > 10);
    return true;
  });
}

test("what is wrong is told with its place, in JavaScript's names", () => {
  refused(() => classify("nobody", 404), "unknown_catalog", "/catalog");
  refused(() => classify("http", { status: "404" }), "bad_value", "/status");
  refused(() => classify("http", { status: NaN }), "bad_value", "/status");
  refused(() => classify("http", { code: 1n }), "bad_value", "");
  refused(() => classify("http", { controlId: 1 }), "bad_value", "/controlId");
  refused(() => classify("http", { control_id: "1" }), "unknown_field", "/control_id");
  refused(() => classify("http", { stauts: 404 }), "unknown_field", "/stauts");
  refused(() => classify("http", { profile: "standard" }), "unknown_field", "/profile");
  refused(() => classify("http", 404).decide({ elapsedMs: -1 }), "bad_value", "/elapsedMs");
  refused(() => classify("http", 404).decide({ profile: "nobody" }), "unknown_profile", "/profile");
  refused(() => classify("http", 404).decide({ profile: { attempt: 1 } }), "unknown_field", "/profile/attempt");
  refused(() => retriage.entry("http/nothing"), "unknown_entry", "/entry");
  refused(() => retriage.entries("nobody"), "unknown_catalog", "/catalog");
  refused(() => new Queue({ catalog: "redox", capacity: 0 }), "bad_value", "/capacity");
  refused(() => new Queue({ catalog: "redox" }).step({ event: "enqueued" }), "missing_field", "/events/0/id");
  assert.equal(answer("{").error.kind, "bad_json");
  assert.equal(answer({ stauts: 1 }).error.kind, "unknown_field");
});

test("a verdict is frozen throughout, and its wire form is not part of it", () => {
  const verdict = classify("redox", { status: 400, body: { Meta: { Errors: [{ Text: "bad" }] } } });
  const frozen = (value) => typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  assert.ok(frozen(verdict));
  const wire = verdict.toJSON();
  wire.entry = "changed";
  assert.notEqual(verdict.toJSON().entry, "changed");
  assert.equal(JSON.parse(JSON.stringify(verdict)).as_of, verdict.asOf);
  const decision = verdict.decide();
  assert.ok(frozen(decision));
  assert.equal(JSON.parse(JSON.stringify(decision)).delay_ms, decision.delayMs);
});

test("text of a response is in details and nowhere else, and a log doesn't show the rest", () => {
  const secret = "Jane Doe 1970-01-01";
  const body = JSON.stringify({ responseCode: "no such code", responseMessage: secret });
  const verdict = classify("updox", { status: 200, body });
  assert.ok(inspect(verdict.details).includes(secret));
  const { details, ...rest } = verdict;
  assert.ok(!inspect(rest, { depth: 9, showHidden: true }).includes(secret));
  assert.ok(!inspect(classify("updox", { status: 200, body, details: false }), { depth: 9 }).includes(secret));
});

test("random numbers and the time are the platform's unless they are given", () => {
  const verdict = classify("http", 503);
  const delays = new Set(Array.from({ length: 20 }, () => verdict.decide({ method: "GET" }).delayMs));
  assert.ok(delays.size > 3, "jitter without chance");
  const fixed = Array.from({ length: 5 }, () => verdict.decide({ method: "GET", random: 0.5 }).delayMs);
  assert.deepEqual(new Set(fixed).size, 1);
  const date = new Date(Date.now() + 30_000).toUTCString();
  const dated = classify("http", { status: 503, headers: { "retry-after": date } });
  assert.equal(dated.hint.state, "needs_now");
  const { delayMs, reason } = dated.decide({ method: "GET", random: 0 });
  assert.ok(reason === "hint" && delayMs > 0 && delayMs <= 30_000, `${reason} ${delayMs}`);
  const now = Date.UTC(2026, 10, 21);
  const later = new Date(now + 5_000).toUTCString();
  const known = classify("http", { status: 503, headers: { "retry-after": later }, now: new Date(now) });
  assert.equal(known.hint.delayMs, 5_000);
});

test("answers are given again without the module: the same object", () => {
  const http = catalog("http");
  assert.equal(http.status(404), http.status(404));
  assert.equal(http.status(404), classify("http", 404));
  assert.equal(lookup("updox", 4651), catalog("updox").code(4651));
  assert.equal(catalog("updox").code("4651").entry, "updox/4651");
  assert.equal(lookup("http", "ECONNRESET").entry, "transport/ECONNRESET");
  // A number that is both is the code: 207 of ERR-3 is no Multi-Status.
  assert.equal(lookup("hl7v2", 207).entry, "hl7v2/207");
  assert.equal(lookup("http", 207).entry, "http/207");
  for (const odd of [-1, 1.5, 70_000, 2 ** 40]) {
    assert.equal(lookup("updox", 4651).entry, "updox/4651");
    try {
      assert.equal(catalog("updox").code(odd).match, "unknown");
    } catch (error) {
      assert.ok(error instanceof RetriageError);
    }
  }
});

test("headers and bodies come in every form that JavaScript has", () => {
  const body = '{"responseCode":4651}';
  const bytes = new TextEncoder().encode(`  ${body}`).subarray(2);
  for (const form of [body, JSON.parse(body), bytes, bytes.slice().buffer, Buffer.from(body), new DataView(bytes.slice().buffer)]) {
    assert.equal(classify("updox", { status: 200, body: form }).entry, "updox/4651");
  }
  const pairs = [["Retry-After", "7"]];
  for (const headers of [pairs, Object.fromEntries(pairs), new Headers(pairs), new Map(pairs), { "Retry-After": ["7"] }]) {
    assert.equal(classify("http", { status: 503, headers }).hint.delayMs, 7_000);
  }
  const invalid = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
  const verdict = classify("updox", { status: 200, body: invalid });
  assert.equal(verdict.because[0].found, "invalid_utf8");
  assert.equal(verdict.retry, "verify");
});

test("responses and errors of clients are read as what they are", async () => {
  const entry = async (came, id = "http") => (await classifyResponse(id, came)).entry;
  assert.equal(await entry(new Response(null, { status: 404 })), "http/404");
  assert.equal(await entry({ status: 200, headers: {}, data: { responseCode: 4651 } }, "updox"), "updox/4651");
  assert.equal(await entry({ name: "AxiosError", code: "ERR_BAD_REQUEST", response: { status: 404, headers: {}, data: "" } }), "http/404");
  assert.equal(await entry(Object.assign(new Error("x"), { name: "HTTPError", response: new Response("", { status: 410 }) })), "http/410");
  assert.equal(await entry(new TypeError("Failed to fetch")), "transport/TypeError");
  assert.equal(await entry(new DOMException("", "AbortError")), "transport/AbortError");
  assert.equal(await entry(new DOMException("", "TimeoutError")), "transport/TimeoutError");
  const refusedAll = new AggregateError([Object.assign(new Error(), { code: "ECONNREFUSED" })], "");
  assert.equal(await entry(new TypeError("fetch failed", { cause: refusedAll })), "transport/ECONNREFUSED");
  assert.equal(await entry("ETIMEDOUT"), "transport/ETIMEDOUT");
  for (const odd of [undefined, null, 7, {}, new Error("what")]) assert.equal(await entry(odd), null);
});

test("of a long body no more is read than the core would look at, and the original stays whole", async () => {
  let pulled = 0;
  const stream = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(64 * 1024).fill(32));
      if (pulled === 500) controller.close();
    },
  });
  const response = new Response(stream, { status: 200, headers: { "content-type": "application/json" } });
  const evidence = await evidenceOf("updox", response);
  assert.equal(evidence.body.length, 1_048_577);
  assert.ok(pulled < 40, `${pulled} chunks were pulled`);
  assert.equal(classify("updox", evidence).because[0].found, "too_large");
  assert.equal((await response.arrayBuffer()).byteLength, 500 * 64 * 1024);
});

test("catalogs of one's own, and their problems", () => {
  const file = {
    name: "acme.json",
    text: JSON.stringify({
      id: "acme",
      name: "Acme",
      as_of: "2026-11-21",
      extends: "http",
      sources: { doc: { title: "Errors", publisher: "Acme", date: "2026-11-21" } },
      entries: [{ status: 599, title: "Closed", category: "unavailable", fault: "destination", retry: "backoff", processed: "no", remedy: "Wait.", source: "doc#1" }],
    }),
  };
  const registry = new Registry([file]);
  assert.equal(registry.lookup("acme", 599).entry, "acme/599");
  assert.equal(registry.catalogs().at(-1).id, "acme");
  assert.deepEqual(registry.places("updox"), { codes: ["body:responseCode"], reasons: [] });
  refused(() => classify("acme", 599), "unknown_catalog", "/catalog");
  try {
    new Registry([{ name: "bad.json", text: file.text.replace('"doc#1"', '"dok#1"') }]);
    assert.fail("it was taken");
  } catch (error) {
    assert.equal(error.kind, "bad_file");
    const [problem] = error.problems;
    assert.deepEqual([problem.file, problem.entry, problem.field, problem.line], ["bad.json", "599", "source", 1]);
    assert.ok(error.message.includes("bad.json:1:"));
  }
});

test("languages: English until another is loaded, and the answer says which it is", async () => {
  const asked = { status: 429, locale: ["ar-EG", "en"] };
  assert.equal(classify("http", asked).messages.locale, "en");
  await retriage.loadLocale("ar");
  const { messages } = classify("http", asked);
  assert.deepEqual([messages.locale, messages.english], ["ar", ["operator", "developer"]]);
  assert.match(messages.user, /[\u0600-\u06ff]/);
  assert.equal(retriage.languages().find(({ tag }) => tag === "ar").direction, "rtl");
  await assert.rejects(retriage.loadLocale("xx"), /one of en, ar, de/);
  await assert.rejects(retriage.loadLocale("constructor"), RetriageError);
  // Registries that were there before speak it too.
  assert.equal(new Registry().classify("http", asked).messages.locale, "ar");
});

test("the zone of a profile's alert hours is looked up", () => {
  const queue = new Queue({ catalog: "redox", profile: "redox-delivery" });
  queue.step({ event: "enqueued", id: "a", now: "2026-07-01T10:00:00Z" });
  const acts = queue.step({ event: "answered", id: "a", status: 500, now: "2026-07-01T10:00:01Z" });
  const { steps } = answer({
    ask: "deliver",
    catalog: "redox",
    profile: "redox-delivery",
    queue: JSON.parse(JSON.stringify(new Queue({ catalog: "redox" }))),
    events: [
      { event: "enqueued", id: "a", now: "2026-07-01T10:00:00Z", offset_minutes: -300, random: 0 },
      { event: "answered", id: "a", status: 500, now: "2026-07-01T10:00:01Z", offset_minutes: -300, random: 0 },
    ],
  }).delivery;
  assert.deepEqual(acts.map(({ action }) => action), steps[1].map(({ action }) => action));
  const kept = JSON.parse(JSON.stringify(queue));
  assert.deepEqual(new Queue({ catalog: "redox", profile: "redox-delivery" }, kept).waiting, ["a"]);
});

/** A small generator with a fixed seed: mulberry32. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("no input leaves the module unusable", () => {
  const random = generator(2026);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const odd = [null, true, -1, 0, 1e300, 0.5, "", "\u0000", "\ud800", "😀", "x".repeat(70_000), [], {}, [[]], { a: { b: [] } }, "[".repeat(5_000), '{"a":'.repeat(2_000), "MSH|^~\\&|\rMSA|AE|", "\u202e"];
  const fields = ["ask", "catalog", "status", "code", "failure", "headers", "body", "body_base64", "control_id", "mode", "now", "profile", "method", "attempt", "random", "state", "budget", "locale", "queue", "events", "entry", "intent", "body_limit"];
  for (let round = 0; round < 3_000; round++) {
    const question = {};
    for (let field = 0; field < 5; field++) question[pick(fields)] = pick(odd);
    if (random() < 0.5) question.catalog = pick(["updox", "hl7v2", "grpc", "fhir", "redox"]);
    if (random() < 0.5) question.status = pick([200, 400, 429, 503]);
    const text = JSON.stringify(question);
    const cut = random() < 0.2 ? text.slice(0, Math.floor(random() * text.length)) : text;
    const answered = answer(cut);
    assert.equal(typeof answered, "object");
  }
  refused(() => answer({ body: "x".repeat(2 ** 24) }), "too_large", "");
  for (const body of ["x".repeat(2 ** 26), "\u{1f600}".repeat(2 ** 20), new Uint8Array(2 ** 21).fill(65)]) {
    assert.equal(classify("updox", { status: 200, body }).because[0].found, "too_large");
  }
  assert.equal(classify("updox", { status: 200, body: "{}".padEnd(100), bodyLimit: 99 }).because[0].found, "too_large");
  assert.notEqual(classify("updox", { status: 200, body: "{}".padEnd(99), bodyLimit: 99 }).because[0].found, "too_large");
  assert.equal(classify("http", { status: 200, body: "\ud800" }).entry, "http/200");
  for (const files of [[{ name: "", text: "" }], [{ name: "\ud800", text: "[".repeat(100_000) }], [{ name: 1, text: {} }]]) {
    refused(() => new Registry(files), "bad_file", "");
  }
  assert.equal(classify("http", 404).entry, "http/404");
});

test("nothing stays behind in the memory of the module", async () => {
  const { initSync } = await load("cjs/wasm/retriage.js").then((loaded) => loaded.default ?? loaded);
  // A second call gives the exports of the one instance.
  const { memory } = initSync({ module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) });
  const body = JSON.stringify({ responseCode: 4651, responseMessage: "x".repeat(10_000) });
  const once = () => classify("updox", { status: 200, body }).decide({ method: "GET" });
  for (let round = 0; round < 100; round++) once();
  const before = memory.buffer.byteLength;
  for (let round = 0; round < 5_000; round++) once();
  assert.equal(memory.buffer.byteLength, before);
});
