// The vectors in Node, through every face of the package that can say them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binding, difference, load, vectors } from "./lib.js";

const retriage = await load();
const cases = vectors();

test("every case gives its answer", async () => {
  // Texts in other languages are among them.
  await Promise.all(retriage.LOCALES.map((tag) => retriage.loadLocale(tag)));
  let count = 0;
  for (const { name, text, answer } of cases) {
    assert.equal(difference("", answer, retriage.answer(text)), undefined, name);
    count++;
  }
  assert.equal(count, cases.length);
  assert.ok(count > 5000, `only ${count} cases`);
});

/** What isn't evidence in a question that asks for a decision. */
const REQUEST = ["profile", "method", "idempotent", "verified", "environment", "attempt", "elapsed_ms", "random", "state", "budget"];
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** A question in camelCase, as the functions take it. */
function spoken(value, name) {
  if (typeof value !== "object" || value === null || ["body", "headers", "profile"].includes(name)) return value;
  if (Array.isArray(value)) return value.map((item) => spoken(item));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [camel(key), spoken(member, key)]));
}

test("classify and decide say the same as answer", () => {
  let classified = 0;
  let decided = 0;
  for (const { name, text, answer } of cases) {
    if (answer.error || !answer.classification && !answer.decision) continue;
    const question = JSON.parse(text);
    if (question.body_base64 !== undefined) continue;
    const { ask, catalog = "http", ...given } = question;
    const request = Object.fromEntries(REQUEST.filter((field) => field in given).map((field) => [field, given[field]]));
    for (const field of REQUEST) delete given[field];
    const verdict = retriage.classify(catalog, { locale: "en", ...spoken(given) });
    const wire = retriage.answer(text);
    assert.deepEqual(verdict.toJSON(), wire.classification, name);
    classified++;
    if (!wire.decision) continue;
    // Where the question has none, the core was given none, and the platform's would be another.
    if (request.random === undefined || given.now === undefined) continue;
    assert.deepEqual(verdict.decide(spoken(request)).toJSON(), wire.decision, name);
    decided++;
  }
  assert.ok(classified > 3000, `only ${classified} cases`);
  assert.ok(decided > 10, `only ${decided} cases`);
});

test("a queue says the same as answer", () => {
  let count = 0;
  for (const { name, text, answer } of cases) {
    if (!answer.delivery) continue;
    const { catalog = "http", profile, environment, mode, capacity, queue: kept, events } = JSON.parse(text);
    if (events.some((event) => event.body_base64 !== undefined)) continue;
    const queue = new retriage.Queue({ catalog, profile, environment, mode, capacity }, kept ?? undefined);
    const wire = retriage.answer(text).delivery;
    const steps = events.map((event) => queue.step(spoken(event)));
    assert.deepEqual(steps.map(snakeAll), wire.steps, name);
    assert.deepEqual(queue.toJSON(), wire.queue, name);
    count++;
  }
  assert.ok(count > 20, `only ${count} cases`);
});

function snakeAll(acts) {
  const snake = (key) => key.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
  return acts.map((act) => Object.fromEntries(Object.entries(act).map(([key, value]) => [snake(key), value])));
}

const codes = await load("esm/codes/index.js");

/** A verdict's members that a code has. */
function reduced(verdict) {
  const members = {};
  for (const name of Object.keys(codes.http.status(200))) {
    members[name] = name === "user" ? verdict.messages.user : verdict[name];
  }
  return members;
}

test("the tables of codes say the same for every number, name and failure", () => {
  const names = new Set(["", "*", "constructor", "UNLISTED", "12-15"]);
  for (const { id } of retriage.catalogs()) {
    for (const entry of retriage.entries(id)) {
      for (const name of [entry.id.split("/")[1], ...entry.names]) names.add(name);
    }
  }
  let count = 0;
  for (const { id } of retriage.catalogs()) {
    const table = Object.values(codes).find((exported) => exported.id === id);
    const catalog = retriage.catalog(id);
    const registry = new retriage.Registry();
    for (const number of [...Array(7000).keys(), 65534, 65535, 70000, -1, 2 ** 40]) {
      if (number >= 0 && number < 1100) {
        assert.deepEqual(table.status(number), reduced(registry.classify(id, { status: number, locale: "en" })));
      }
      assert.deepEqual(table.code(number), reduced(catalog.code(number)), `${id}: ${number}`);
      count++;
    }
    for (const name of names) {
      assert.deepEqual(table.code(name), reduced(catalog.code(name)), `${id}: ${name}`);
      assert.deepEqual(codes.lookup(id, name), { ...reduced(retriage.lookup(id, name)) }, `${id}: ${name}`);
      count += 2;
    }
  }
  for (const name of names) {
    assert.deepEqual(codes.transport.failure(name), reduced(retriage.catalog("transport").failure(name)), name);
  }
  assert.ok(count > 70_000, `only ${count} keys`);
});

test("the tables of codes agree with the vectors", () => {
  let count = 0;
  for (const { name, text, answer } of cases) {
    if (!answer.classification) continue;
    const { catalog = "http", ask, ...key } = JSON.parse(text);
    const table = Object.values(codes).find((exported) => exported.id === catalog);
    const [[kind, value] = [], ...more] = Object.entries(key);
    if (more.length > 0 || (kind !== "status" && kind !== "code") || value === null) continue;
    const code = table[kind](value);
    const shared = Object.entries(answer.classification).filter(([member]) => member in code);
    assert.equal(difference("", Object.fromEntries(shared), code), undefined, name);
    count++;
  }
  assert.ok(count > 100, `only ${count} cases`);
});

test("the words are those of the schema, with what they mean", async () => {
  const words = await load("esm/words.js");
  const schema = JSON.parse(readFileSync(join(binding, "../../codes/answer.schema.json"), "utf8"));
  for (const set of ["category", "canonical", "fault", "retry", "processed", "finality", "severity", "scope", "cause"]) {
    assert.deepEqual(Object.keys(words[set]), schema.$defs[set].enum, set);
    assert.ok(Object.values(words[set]).every((meaning) => meaning.length > 3), set);
  }
});
