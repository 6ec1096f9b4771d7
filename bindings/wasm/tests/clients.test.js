// retriage/fetch, retriage/ky and retriage/axios with the real clients, against a server that fails on purpose.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import axios from "axios";
import ky from "ky";
import { load, serve } from "./lib.js";

const { createFetch, RetriageError, SharedBudget, verdictOf } = await load("node/fetch.js");
const { retrying } = await load("node/ky.js");
const { attach } = await load("node/axios.js");

/** What the server is asked, and what it answers, one after the other; a function may do as it likes. */
let asked;
let script;
let server;

before(async () => {
  server = await serve(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const next = script.shift() ?? [200, {}, "end of the script"];
    if (typeof next === "function") return next(request, response);
    const [status, headers = {}, body = ""] = next;
    response.writeHead(status, headers).end(body);
  });
});
after(() => server.close());
beforeEach(() => {
  asked = [];
  script = [];
});

/** A profile that waits no longer than a test should. */
const profile = { extends: "standard", backoff: { growth: "constant", base_ms: 1 }, jitter: { kind: "none" } };
const drop = (request) => request.socket.destroy();

test("a failure that passes is passed over, and every decision is told", async () => {
  script = [[503, { "retry-after": "0" }], drop, [200, {}, "at last"]];
  const events = [];
  const send = createFetch("http", { profile, onDecision: (event) => events.push(event) });
  const response = await send(`${server.url}/things`);
  assert.equal(await response.text(), "at last");
  assert.deepEqual(
    events.map(({ attempt, verdict, decision }) => [attempt, verdict.category, decision.action, decision.reason]),
    [
      [1, "unavailable", "retry", "hint"],
      [2, "network", "retry", "backoff"],
      [3, "success", "done", "success"],
    ],
  );
  assert.equal(events[1].verdict.entry, "transport/UND_ERR_SOCKET");
  assert.equal(verdictOf(response).category, "success");
});

test("what the server asks for is waited for, and never less", async () => {
  script = [[429, { "retry-after": "1" }], [200]];
  const began = performance.now();
  let delayMs;
  const send = createFetch("http", { onDecision: ({ decision }) => (delayMs ??= decision.delayMs) });
  assert.equal((await send(server.url)).status, 200);
  assert.ok(delayMs >= 1_000 && performance.now() - began >= delayMs);
});

test("what may have taken effect is not repeated, unless that is safe", async () => {
  script = [drop];
  const send = createFetch("http", { profile });
  await assert.rejects(send(server.url, { method: "POST", body: "pay" }), TypeError);
  assert.equal(asked.length, 1);
  script = [drop, [201]];
  const safe = createFetch("http", { profile, idempotent: (request) => request.headers.has("idempotency-key") });
  const headers = { "idempotency-key": "1" };
  assert.equal((await safe(server.url, { method: "POST", body: "pay", headers })).status, 201);
  assert.deepEqual(asked.slice(1).map(({ body }) => body), ["pay", "pay"]);
});

test("a failure that comes under a 200 is seen, and the body is left to the caller", async () => {
  const failed = [200, { "content-type": "application/json" }, '{"responseCode":4651}'];
  script = [failed];
  const send = createFetch("updox", { profile });
  const response = await send(server.url, { method: "POST", body: "{}" });
  assert.equal(await response.text(), failed[2]);
  assert.equal(verdictOf(response).entry, "updox/4651");
});

test("the last answer is given when the attempts are used up, the last failure thrown", async () => {
  script = [[502], [502], [502, {}, "third"], [502]];
  const send = createFetch("http", { profile: { ...profile, attempts: 3 } });
  assert.equal(await (await send(server.url)).text(), "third");
  assert.equal(asked.length, 3);
  script = [drop, drop];
  const twice = createFetch("http", { profile: { ...profile, attempts: 2 } });
  await assert.rejects(twice(server.url), (error) => verdictOf(error).category === "network");
});

test("a wait that would pass the deadline isn't begun", async () => {
  script = [[503, { "retry-after": "60" }]];
  const events = [];
  const send = createFetch("http", { deadlineMs: 500, onDecision: (event) => events.push(event.decision) });
  assert.equal((await send(server.url)).status, 503);
  assert.equal(events[0].reason, "deadline");
  assert.ok(events[0].notBeforeMs >= 60_000);
});

test("an attempt that takes too long is a timeout, and is tried again", async () => {
  script = [() => {}, ...Array.from({ length: 4 }, () => [200, {}, "quick"])];
  const events = [];
  const send = createFetch("http", { profile, timeoutMs: 1_000, onDecision: (event) => events.push(event.verdict) });
  assert.equal(await (await send(server.url)).text(), "quick");
  assert.equal(events[0].category, "timeout");
});

test("a caller who gives up is obeyed at once: before, during and between attempts", async () => {
  const reason = new Error("changed my mind");
  const send = createFetch("http");
  await assert.rejects(send(server.url, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  assert.equal(asked.length, 0);
  for (const answer of [() => {}, [503, { "retry-after": "20" }]]) {
    const controller = new AbortController();
    script = [
      (request, response) => {
        if (typeof answer !== "function") response.writeHead(answer[0], answer[1]).end();
        setTimeout(() => controller.abort(reason), 50);
      },
    ];
    await assert.rejects(send(server.url, { signal: controller.signal }), (error) => error === reason);
  }
  assert.equal(asked.length, 2);
});

test("bodies that can be replayed are, and a stream says that it can't", async () => {
  const form = new FormData();
  form.set("name", "value");
  const bodies = [
    ["text", "text"],
    [new TextEncoder().encode("bytes"), "bytes"],
    [new Blob(["blob"]), "blob"],
    [new URLSearchParams({ a: "1" }), "a=1"],
    [form, undefined],
  ];
  const send = createFetch("http", { profile, idempotent: true });
  for (const [body, text] of bodies) {
    asked = [];
    script = [[503], [200]];
    assert.equal((await send(server.url, { method: "POST", body })).status, 200);
    assert.equal(asked.length, 2);
    if (text !== undefined) assert.deepEqual(asked.map((one) => one.body), [text, text]);
    else assert.ok(asked.every((one) => one.body.includes("value")));
  }
  asked = [];
  script = [[503], [200]];
  const request = new Request(server.url, { method: "PUT", body: "of a request" });
  assert.equal((await send(request)).status, 200);
  assert.deepEqual(asked.map((one) => one.body), ["of a request", "of a request"]);

  const stream = () => new Response("streamed").body;
  script = [[503], [200]];
  await assert.rejects(send(server.url, { method: "POST", body: stream(), duplex: "half" }), (error) => {
    return error instanceof RetriageError && error.kind === "not_replayable" && error.cause.status === 503;
  });
  script = [[200, {}, "once is enough"]];
  const once = await send(server.url, { method: "POST", body: stream(), duplex: "half" });
  assert.equal(await once.text(), "once is enough");
});

test("clients that share a budget share it", async () => {
  const limited = { ...profile, attempts: 10, budget: { capacity: 3, cost: 1, charge: "retry", threshold: 0, refund: 0, idle_refund: 0 } };
  const budget = new SharedBudget();
  const one = createFetch("http", { profile: limited, budget });
  const other = createFetch("http", { profile: limited, budget });
  script = Array.from({ length: 20 }, () => [502]);
  await one(server.url);
  const spent = asked.length;
  await other(server.url);
  assert.deepEqual([spent, asked.length], [4, 5]);
  assert.equal(budget.value.tokens, 0);
});

test("fresh credentials are fetched once, and sent", async () => {
  script = [[401, { "www-authenticate": "Bearer" }], [200, {}, "welcome"]];
  const send = createFetch("http", { profile, credentials: async () => ({ authorization: "Bearer new" }) });
  const response = await send(server.url, { headers: { authorization: "Bearer old", accept: "text/plain" } });
  assert.equal(response.status, 200);
  assert.deepEqual(asked.map(({ headers }) => headers.authorization), ["Bearer old", "Bearer new"]);
  assert.equal(asked[1].headers.accept, "text/plain");
  script = [[401], [401], [200]];
  assert.equal((await send(server.url)).status, 401);
});

test("whoever can find out whether it took effect is asked", async () => {
  for (const [found, requests] of [["not_processed", 2], ["processed", 1], ["unknown", 1]]) {
    asked = [];
    script = [drop, [200]];
    const send = createFetch("http", { profile, verify: () => found });
    const sent = send(server.url, { method: "POST", body: "x" });
    if (requests === 2) assert.equal((await sent).status, 200);
    else await assert.rejects(sent, TypeError);
    assert.equal(asked.length, requests, found);
  }
});

test("a stream without an end is not waited for", async () => {
  script = [(request, response) => response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n")];
  const response = await createFetch("http")(server.url);
  assert.equal(response.status, 200);
  await response.body.cancel();
});

test("ky: retries by decision, a failure under a 200 too, and gives up as ky does", async () => {
  const api = ky.extend(retrying("http", { profile }));
  script = [[503], drop, [200, { "content-type": "application/json" }, '{"ok":true}']];
  assert.deepEqual(await api.get(server.url).json(), { ok: true });
  assert.equal(asked.length, 3);
  script = [[500], [400]];
  await assert.rejects(api.get(server.url), (error) => error.name === "HTTPError" && error.response.status === 400);
  script = [[200, {}, '{"responseCode":5000}'], [200, {}, '{"successful":true,"responseCode":2000}']];
  asked = [];
  const updox = ky.extend(retrying("updox", { profile, idempotent: true }));
  assert.equal((await updox.post(server.url, { json: { a: 1 } }).json()).responseCode, 2000);
  assert.deepEqual(asked.map(({ body }) => body), ['{"a":1}', '{"a":1}']);
});

test("axios: retries by decision, a failure under a 200 too, and gives up as axios does", async () => {
  const events = [];
  const api = attach(axios.create({ baseURL: server.url }), "http", { profile, onDecision: (event) => events.push(event) });
  script = [[503], drop, [200, { "content-type": "application/json" }, '{"ok":true}']];
  assert.deepEqual((await api.get("/")).data, { ok: true });
  assert.deepEqual(events.map(({ verdict }) => verdict.category), ["unavailable", "network", "success"]);
  script = [[400, { "content-type": "application/json" }, '{"why":"no"}']];
  await assert.rejects(api.get("/"), (error) => {
    return error.name === "AxiosError" && error.response.data.why === "no" && verdictOf(error).category === "invalid_request";
  });
  asked = [];
  script = [[200, {}, '{"responseCode":5000}'], [200, {}, '{"successful":true,"responseCode":2000}']];
  const updox = attach(axios.create({ baseURL: server.url }), "updox", { profile, idempotent: true });
  assert.equal((await updox.post("/", { a: 1 })).data.responseCode, 2000);
  assert.deepEqual(asked.map(({ body }) => body), ['{"a":1}', '{"a":1}']);
  script = [[503, { "retry-after": "20" }]];
  const controller = new AbortController();
  const cancelled = api.get("/", { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(cancelled, (error) => axios.isCancel(error));
});

test("axios: the browser's name for a timeout is one", async () => {
  const events = [];
  const api = attach(axios.create({ timeout: 100 }), "http", {
    profile: { ...profile, attempts: 1 },
    onDecision: ({ verdict }) => events.push(verdict.entry),
  });
  script = [() => {}];
  await assert.rejects(api.get(server.url));
  assert.deepEqual(events, ["transport/ECONNABORTED"]);
});
