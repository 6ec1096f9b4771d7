// What a look-up and a retry cost, beside the packages that do a part of it. `cargo xtask bench npm`; by itself, after
// `cargo xtask pack-npm --out target/npm` and `node tests/install.js`, `npm run bench`.
import { cpus } from "node:os";
import { getReasonPhrase } from "http-status-codes";
import statuses from "statuses";
import axios from "axios";
import axiosRetry, { exponentialDelay, isNetworkOrIdempotentRequestError } from "axios-retry";
import ky from "ky";
import { load, serve } from "../tests/lib.js";

const retriage = await load();
const codes = await load("esm/codes/index.js");
const { createFetch } = await load("node/fetch.js");
const { retrying } = await load("node/ky.js");
const { attach } = await load("node/axios.js");

const http = retriage.catalog("http");
const updox = retriage.catalog("updox");
const phrases = [];
for (const status of statuses.codes) phrases[status] = getReasonPhraseOr(status);

function getReasonPhraseOr(status) {
  try {
    return getReasonPhrase(status);
  } catch {
    return statuses.message[status];
  }
}

/** Keys in an order that no branch can learn: the multiples of a prime. */
function shuffled(keys) {
  return Int32Array.from({ length: 1024 }, (_, at) => keys[(at * 7919) % keys.length]);
}

// Those that both peers know.
const registered = statuses.codes.filter((status) => {
  try {
    return getReasonPhrase(status) !== undefined;
  } catch {
    return false;
  }
});

/** A loop of its own for each peer: of the same text, engines make the same code, which then knows no type. */
function looper(name, body, values) {
  const names = Object.keys(values);
  const source = `// ${name}\nreturn (keys, times) => {
    let sum = 0;
    for (let round = 0; round < times; round++) {
      for (let at = 0; at < 1024; at++) {
        const key = keys[at];
        ${body}
      }
    }
    return sum;
  };`;
  return new Function(...names, source)(...Object.values(values));
}

/** The middle one of several times. */
function median(times) {
  return times.sort((one, other) => one - other)[times.length >> 1];
}

/** The median time of one look-up in nanoseconds, of rounds in which the peers take turns. */
function compare(keys, peers) {
  const loops = peers.map(([name, body, values, times = 2_000]) => ({ name, loop: looper(name, body, values), times, took: [] }));
  for (const { loop, times } of loops) loop(keys, times);
  for (let round = 0; round < 15; round++) {
    for (const peer of loops) {
      const began = performance.now();
      peer.loop(keys, peer.times);
      peer.took.push(((performance.now() - began) * 1e6) / (peer.times * 1024));
    }
  }
  return loops.map(({ name, took }) => ({ name, took: median(took) }));
}

function table(title, rows) {
  const first = rows[0].took;
  for (const [at, { name, took }] of rows.entries()) {
    const shown = took >= 100 ? took.toFixed(0) : took.toFixed(1);
    console.log(`| ${at === 0 ? title : ""} | ${name} | ${shown} | ${(took / first).toFixed(2)} |`);
  }
}

const lookups = [
  ["retriage, catalog.status", "sum += http.status(key).title.length;", { http }],
  ["retriage, lookup", 'sum += lookup("http", key).title.length;', { lookup: retriage.lookup }],
  ["retriage/codes, http.status", "sum += http.status(key).title.length;", { http: codes.http }],
  ["a bare array of names", "sum += phrases[key].length;", { phrases }],
  ["statuses.message", "sum += message[key].length;", { message: statuses.message }],
  ["statuses()", "sum += statuses(key).length;", { statuses }, 200],
  ["http-status-codes, getReasonPhrase", "sum += getReasonPhrase(key).length;", { getReasonPhrase }, 200],
];

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}\n`);
console.log("| keys | by | ns a look-up | times the first |\n|---|---|---:|---:|");
table("status 404", compare(shuffled([404]), lookups));
table("status, registered", compare(shuffled(registered), lookups));
const caught = (call) => `try { sum += ${call}.length; } catch { sum++; }`;
table(
  "status 599, which nobody registered",
  compare(shuffled([599]), [
    ["retriage, catalog.status", "sum += http.status(key).title.length;", { http }],
    ["retriage, lookup", 'sum += lookup("http", key).title.length;', { lookup: retriage.lookup }],
    ["retriage/codes, http.status", "sum += http.status(key).title.length;", { http: codes.http }],
    ["a bare array of names", "sum += phrases[key] === undefined ? 1 : 0;", { phrases }],
    ["statuses(), which throws", caught("statuses(key)"), { statuses }, 2],
    ["http-status-codes, which throws", caught("getReasonPhrase(key)"), { getReasonPhrase }, 2],
  ]),
);
table(
  "code 4651",
  compare(shuffled([4651]), [
    ["retriage, catalog.code", "sum += updox.code(key).title.length;", { updox }],
    ["retriage, lookup", 'sum += lookup("updox", key).title.length;', { lookup: retriage.lookup }],
    ["retriage/codes, updox.code", "sum += updox.code(key).title.length;", { updox: codes.updox }],
  ]),
);

const body = '{"responseCode":4651,"responseMessage":"send failed"}';
const verdict = http.status(503);
const error = Object.assign(new Error("x"), { config: { method: "get" }, code: "ECONNABORTED", response: { status: 503 } });
console.log("\n| what | by | ns | times the first |\n|---|---|---:|---:|");
table(
  "an answer classified",
  compare(shuffled([200]), [
    ["retriage, a status alone", 'sum += classify("updox", { status: key }).title === null ? 1 : 0;', { classify: retriage.classify }, 2],
    ["retriage, with a JSON body", 'sum += classify("updox", { status: key, body }).title.length;', { classify: retriage.classify, body }, 2],
    ["JSON.parse of that body alone", "sum += JSON.parse(body).responseCode;", { body }, 20],
  ]),
);
table(
  "a decision",
  compare(shuffled([1]), [
    ["retriage, verdict.decide", "sum += verdict.decide({ method: \"GET\", attempt: key }).delayMs;", { verdict }, 2],
    ["axios-retry, its condition and its delay", "sum += isIdempotent(error) ? delay(key) : 0;", { isIdempotent: isNetworkOrIdempotentRequestError, delay: exponentialDelay, error }, 200],
  ]),
);

// Whole requests against a server on this machine: one that works, and one that works the second time.
let fails = false;
let odd = false;
const server = await serve((request, response) => {
  odd = !odd;
  const status = fails && odd ? 503 : 200;
  response.writeHead(status, { "content-type": "application/json" }).end('{"ok":true}');
});
const profile = { extends: "standard", backoff: { growth: "constant", base_ms: 0 }, jitter: { kind: "none" } };
const plain = axios.create();
const withRetry = axios.create();
axiosRetry(withRetry, { retryDelay: () => 0, retryCondition: isNetworkOrIdempotentRequestError });
const attached = attach(axios.create(), "http", { profile });
const kyPlain = ky.create({ retry: { limit: 2, delay: () => 0 } });
const kyRetriage = ky.create(retrying("http", { profile }));
const ours = createFetch("http", { profile });
const clients = [
  ["fetch", async () => (await fetch(server.url)).json(), true],
  ["retriage/fetch", async () => (await ours(server.url)).json()],
  ["ky", async () => kyPlain.get(server.url).json()],
  ["ky with retriage/ky", async () => kyRetriage.get(server.url).json()],
  ["axios", async () => (await plain.get(server.url)).data, true],
  ["axios-retry", async () => (await withRetry.get(server.url)).data],
  ["axios with retriage/axios", async () => (await attached.get(server.url)).data],
];
console.log("\n| request | by | microseconds |\n|---|---|---:|");
for (fails of [false, true]) {
  const peers = clients.filter(([, , isPlain]) => !fails || !isPlain).map(([name, send]) => ({ name, send, took: [] }));
  for (let round = 0; round < 8; round++) {
    for (const peer of peers) {
      odd = false;
      const began = performance.now();
      for (let count = 0; count < 100; count++) await peer.send();
      peer.took.push((performance.now() - began) * 10);
    }
  }
  for (const [at, { name, took }] of peers.entries()) {
    const what = fails ? "a 503 first, then a 200" : "a 200";
    console.log(`| ${at === 0 ? what : ""} | ${name} | ${median(took).toFixed(0)} |`);
  }
}
await server.close();
